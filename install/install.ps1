<#
.SYNOPSIS
Installs, upgrades or removes tierxl for the current user of a Windows computer. No administrator is needed.

.DESCRIPTION
    powershell -ExecutionPolicy Bypass -File install.ps1                install or upgrade: from the folder "wheels"
                                                                        beside this script, else from the copy of
                                                                        the project that this script stands in, else
                                                                        from PyPI
    powershell -ExecutionPolicy Bypass -File install.ps1 -From SOURCE   from another copy of the project, or from
                                                                        whatever else pip understands
    powershell -ExecutionPolicy Bypass -File install.ps1 -Uninstall     remove everything that was installed
#>
param(
    [string] $From = '',
    [switch] $Uninstall
)

# The exit status of each program is looked at; where one writes to its error stream, that alone is no failure.
$ErrorActionPreference = 'Continue'
$PSNativeCommandUseErrorActionPreference = $false

function Stop-Here([string] $Sentence) {
    Write-Warning $Sentence
    exit 1
}

# tierxl/deployment/places.py knows these folders as well.
$data = Join-Path $env:LOCALAPPDATA 'tierxl'
$environment = Join-Path $data 'env'
$python = Join-Path $environment 'Scripts\python.exe'

function Remove-Environment {
    Remove-Item -LiteralPath $environment -Recurse -Force -ErrorAction SilentlyContinue
    if (Test-Path -LiteralPath $environment) {
        Stop-Here "The folder $environment cannot be removed: close Excel and all Python programs, then try again."
    }
    if ((Test-Path -LiteralPath $data) -and -not (Get-ChildItem -LiteralPath $data -Force)) {
        Remove-Item -LiteralPath $data
    }
}

if ($Uninstall) {
    if (-not (Test-Path -LiteralPath $environment)) {
        Stop-Here "tierxl is not installed: there is no $environment."
    }
    if (Test-Path -LiteralPath $python) {
        & $python -I -m tierxl.cli uninstall
    }
    if (-not (Test-Path -LiteralPath $python) -or $LASTEXITCODE -ne 0) {
        Stop-Here ('tierxl could not be removed, for the reason above. If it does not start any more, run this ' +
            'script without -Uninstall, which mends it, and then with it.')
    }
    Remove-Environment
    Write-Output 'tierxl is removed.'
    exit 0
}

# The Python and the platform that the wheels fit; nothing without wheels.
$needed = ''
$wheels = Join-Path $PSScriptRoot 'wheels'
if (-not $From -and (Test-Path -LiteralPath $wheels)) {
    $needed = [string] (Get-Content -LiteralPath (Join-Path $wheels 'made-for.txt') -ErrorAction SilentlyContinue)
    if (-not $needed) {
        Stop-Here "The folder $wheels is not whole: unpack the bundle again."
    }
}

# Without wheels: the copy of the project whose folder "install" this is.
$project = Split-Path -Parent $PSScriptRoot
if (-not $From -and $project -and (Test-Path -LiteralPath (Join-Path $project 'pyproject.toml')) -and
    (Test-Path -LiteralPath (Join-Path $project 'tierxl'))) {
    $From = $project
}

# What a Python is, such as "3.11 win32-amd64", if it can be used: 3.11 or newer, or just the one that the wheels fit.
# Nothing from the Microsoft Store: Windows hides what such a Python writes below %LOCALAPPDATA% from Excel.
$question = 'import platform, sys; ' +
    "print('{0[0]}.{0[1]} {1}-{2}'.format(sys.version_info, sys.platform, platform.machine().lower())); " +
    "sys.exit(sys.version_info < (3, 11) or 'WindowsApps' in sys.base_prefix)"

function Test-Fit([string] $Program, [string[]] $Arguments) {
    if (-not (Get-Command $Program -CommandType Application -ErrorAction SilentlyContinue)) {
        return $false
    }
    $answer = & $Program @Arguments -I -c $question 2>$null
    return $LASTEXITCODE -eq 0 -and (-not $needed -or $answer -eq $needed)
}

function Test-Environment {
    if (-not (Test-Fit $python @())) {
        return $false
    }
    & $python -I -m pip --version 2>$null | Out-Null
    return $LASTEXITCODE -eq 0
}

$isNew = -not (Test-Environment)
if ($isNew) {
    $launcher = if ($needed) { '-' + $needed.Split(' ')[0] } else { '-3' }
    if (Test-Fit 'py' @($launcher)) {
        $program = 'py'
        $arguments = @($launcher)
    } elseif (Test-Fit 'python' @()) {
        $program = 'python'
        $arguments = @()
    } elseif ($needed) {
        Stop-Here ("This bundle is for Python $($needed.Split(' ')[0]) on $($needed.Split(' ')[1]), which was not " +
            'found here. Install that Python from https://www.python.org/downloads/, not from the Microsoft Store, ' +
            'or ask for a bundle that was made with yours.')
    } else {
        Stop-Here ('tierxl needs Python 3.11 or newer, which was not found here. Get it from ' +
            'https://www.python.org/downloads/, not from the Microsoft Store, then run this script again.')
    }
    if (Test-Path -LiteralPath $environment) {
        Write-Output 'The environment that is there does not work with this version any more: it is made anew.'
        Remove-Environment
    }
    & $program @arguments -I -m venv $environment
    if ($LASTEXITCODE -ne 0 -or -not (Test-Path -LiteralPath $python)) {
        Remove-Environment
        Stop-Here "Python could not make an environment in $environment, for the reason above."
    }
}

Write-Output 'Installing tierxl and what it needs; this takes a minute or more.'
$quiet = '--quiet', '--disable-pip-version-check', '--no-cache-dir'
if ($needed) {
    $files = @(Get-ChildItem -LiteralPath $wheels -Filter '*.whl' | ForEach-Object { $_.FullName })
    & $python -I -m pip --isolated install --no-index @quiet @files
    $cure = 'Close Excel, unpack the bundle again, and run the script there.'
} else {
    $source = if ($From) { $From } else { 'tierxl' }
    & $python -I -m pip install --upgrade @quiet $source
    $cure = 'Close Excel, check the internet connection and try again, or ask for a bundle, which needs no internet.'
}
if ($LASTEXITCODE -ne 0) {
    if ($isNew) {
        Remove-Environment
    }
    Stop-Here "tierxl could not be installed, for the reason above. $cure"
}

$bundle = @()
if ($needed) {
    $bundle = '--bundle', $PSScriptRoot
}
& $python -I -m tierxl.cli install @bundle
exit $LASTEXITCODE
