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
    powershell -ExecutionPolicy Bypass -File install.ps1 -GetPython     where there is no Python that fits: fetch one
                                                                        for tierxl alone, without asking
    powershell -ExecutionPolicy Bypass -File install.ps1 -Uninstall     remove everything that was installed

Where a policy forbids scripts, GUIDE.md says which commands to type instead.
#>
param(
    [string] $From = '',
    [switch] $GetPython,
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
$ownPython = Join-Path $data 'python'

function Remove-Folder([string] $Folder) {
    Remove-Item -LiteralPath $Folder -Recurse -Force -ErrorAction SilentlyContinue
    if (Test-Path -LiteralPath $Folder) {
        Stop-Here "The folder $Folder cannot be removed: close Excel and all Python programs, then try again."
    }
    if ((Test-Path -LiteralPath $data) -and -not (Get-ChildItem -LiteralPath $data -Force)) {
        Remove-Item -LiteralPath $data
    }
}

# Excel keeps the libraries of the environment open, and writes its settings when it ends.
$session = (Get-Process -Id $PID).SessionId
if (Get-Process -Name 'EXCEL' -ErrorAction SilentlyContinue | Where-Object { $_.SessionId -eq $session }) {
    Stop-Here 'Excel is open: save your workbooks, close Excel, then run this script again. Nothing was changed.'
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
    Remove-Folder $environment
    Remove-Folder $ownPython
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

# What a Python is, such as "3.11 win32-amd64", if it can be used: 3.11 or newer, or just the one that the wheels fit;
# of 64 bits, and of x64 where the processor is ARM: pyarrow has nothing ready made for the others, and Excel for ARM
# loads libraries of x64. Nothing from the Microsoft Store: Windows hides what such a Python writes from Excel.
$question = 'import struct, sys, sysconfig; ' +
    "few = '' if struct.calcsize('P') == 8 else ' 32-bit'; machine = sysconfig.get_platform().split('-')[-1]; " +
    "print('{0[0]}.{0[1]} {1}-{2}{3}'.format(sys.version_info, sys.platform, machine, few)); " +
    "sys.exit(sys.version_info < (3, 11) or bool(few) or machine == 'arm64' or 'WindowsApps' in sys.base_prefix)"
$others = @()

function Test-Fit([string] $Program, [string[]] $Arguments) {
    if (-not (Get-Command $Program -CommandType Application -ErrorAction SilentlyContinue)) {
        return $false
    }
    $answer = & $Program @Arguments -I -c $question 2>$null
    $fits = $LASTEXITCODE -eq 0 -and (-not $needed -or $answer -eq $needed)
    if ($answer -and -not $fits) {
        $script:others += $answer
    }
    return $fits
}

function Test-Environment {
    if (-not (Test-Fit $python @())) {
        return $false
    }
    & $python -I -m pip --version 2>$null | Out-Null
    return $LASTEXITCODE -eq 0
}

# The first Python that can be used, as a program and its arguments: one that a terminal starts, else one of those that
# are noted in the registry, where an x64 Python stands beside one for ARM.
function Find-Python {
    $launcher = if ($needed) { '-' + $needed.Split(' ')[0] } else { '-3' }
    $inRegistry = Get-ChildItem -ErrorAction SilentlyContinue -Path 'HKCU:\Software\Python\PythonCore',
        'HKLM:\Software\Python\PythonCore' | ForEach-Object {
            (Get-ItemProperty -LiteralPath "$($_.PSPath)\InstallPath" -ErrorAction SilentlyContinue).ExecutablePath
        }
    $own = Get-ChildItem -Path "$ownPython\cpython-*\python.exe" -ErrorAction SilentlyContinue
    if (Test-Fit 'py' @($launcher)) {
        return 'py', $launcher
    }
    foreach ($program in @('python') + @($inRegistry) + @($own | ForEach-Object { $_.FullName })) {
        if ($program -and (Test-Fit $program @())) {
            return @($program)
        }
    }
}

# Whether the user wants a Python of tierxl's own; nobody is asked where nobody can answer.
function Test-Wanted([string] $Why) {
    if ($GetPython) {
        return $true
    }
    if (-not [Environment]::UserInteractive -or [Console]::IsInputRedirected) {
        return $false
    }
    Write-Host $Why
    Write-Host ('uv, a program of the firm Astral, can fetch a Python that only tierxl uses, some 100 MB into ' +
        "$ownPython. No administrator is needed, nothing else on this computer changes, uv itself does not stay, " +
        'and -Uninstall removes it all.')
    return (Read-Host 'Fetch it? [y/N]') -match '^y'
}

# A Python in tierxl's own folder, which uv fetches: https://docs.astral.sh/uv/. On ARM as well it is one of x64.
function Get-OwnPython {
    $version = if ($needed) { $needed.Split(' ')[0] } else { '3.13' }
    $byHand = "Get Python $version from https://www.python.org/downloads/, then run this script again."
    $uv = 'uv'
    $uvFolder = Join-Path $data 'uv'
    if (-not (Get-Command 'uv' -CommandType Application -ErrorAction SilentlyContinue)) {
        $env:UV_UNMANAGED_INSTALL = $uvFolder
        $uv = Join-Path $uvFolder 'uv.exe'
        powershell -ExecutionPolicy Bypass -Command 'irm https://astral.sh/uv/install.ps1 | iex' | Out-Host
        if (-not (Test-Path -LiteralPath $uv)) {
            Remove-Folder $uvFolder
            Stop-Here "uv could not be fetched from https://astral.sh and GitHub, for the reason above. $byHand"
        }
    }
    & $uv python install --no-config --no-cache --no-bin --no-registry --install-dir $ownPython `
        "cpython-$version-windows-x86_64-none" | Out-Host
    $status = $LASTEXITCODE
    Remove-Folder $uvFolder
    if ($status -ne 0) {
        Remove-Folder $ownPython
        Stop-Here "uv could not fetch Python $version, for the reason above. $byHand"
    }
}

$isNew = -not (Test-Environment)
$isOwn = $false
if ($isNew) {
    $others = @()
    $interpreter = @(Find-Python)
    if (-not $interpreter) {
        $there = if ($others) { ($others | Select-Object -Unique) -join ', ' } else { 'no Python' }
        if ($needed) {
            $why = "This bundle is for Python $($needed.Split(' ')[0]) on $($needed.Split(' ')[1]), which was not " +
                "found here (found: $there)."
            $cure = 'Install that Python from https://www.python.org/downloads/, not from the Microsoft Store, or ' +
                'ask for a bundle that was made with yours.'
        } else {
            $why = "tierxl needs Python 3.11 or newer, 64-bit, which was not found here (found: $there)."
            $cure = 'Get the "Windows installer (64-bit)" from https://www.python.org/downloads/windows/, on a ' +
                'computer with an ARM processor too: neither the one for ARM64 nor that of the Microsoft Store. It ' +
                'serves a 32-bit Excel as well. Then run this script again. Or run it with -GetPython: it fetches a Python ' +
                'for tierxl alone.'
        }
        if (-not (Test-Wanted $why)) {
            Stop-Here "$why $cure"
        }
        $isOwn = -not (Test-Path -LiteralPath $ownPython)
        Get-OwnPython
        $interpreter = @(Find-Python)
        if (-not $interpreter) {
            Remove-Folder $ownPython
            Stop-Here "$why The one that uv has fetched does not do either. $cure"
        }
    }
    if (Test-Path -LiteralPath $environment) {
        Write-Output 'The environment that is there does not work with this version any more: it is made anew.'
        Remove-Folder $environment
    }
    $program = $interpreter[0]
    $arguments = @($interpreter | Select-Object -Skip 1)
    & $program @arguments -I -m venv $environment
    if ($LASTEXITCODE -ne 0 -or -not (Test-Path -LiteralPath $python)) {
        Remove-Folder $environment
        Stop-Here "Python could not make an environment in $environment, for the reason above."
    }
}

# The cure for what pip has written. install.sh has the same list.
function Get-Cure([string] $Errors) {
    switch -Regex ($Errors) {
        'no space left|not enough space|disk quota' {
            return 'The disk is full: make 600 MB free, then run this script again.'
        }
        'proxyerror|tunnel connection failed|proxy authentication' {
            return "The firm's proxy is in the way: ask IT for its address, set HTTPS_PROXY to it, and run this " +
                'script again. Or ask for a bundle, which needs no internet.'
        }
        'certificate_verify_failed|sslerror' {
            return "The certificate of the connection is not trusted: ask IT for the firm's certificate, set " +
                'PIP_CERT to its file, and run this script again. Or ask for a bundle, which needs no internet.'
        }
        'newconnectionerror|nameresolutionerror|getaddrinfo failed|timed out|connection refused|unreachable' {
            return 'There is no way to PyPI: check the internet connection and run this script again, or ask for a ' +
                'bundle, which needs no internet.'
        }
        'permission denied|access is denied|winerror (5|32)' {
            return 'A file is in use or may not be written: close Excel and all Python programs, then run this ' +
                'script again.'
        }
        'no matching distribution|is not a supported wheel' {
            return 'There is nothing ready made for this Python: install Python 3.13, 64-bit, from ' +
                'https://www.python.org/downloads/, and run this script again.'
        }
    }
    if ($needed) {
        return 'Unpack the bundle again, and run the script there.'
    }
    return 'Run this script again, or ask for a bundle, which needs no internet.'
}

Write-Output 'Installing tierxl and what it needs; this takes a minute or more.'
# No compiler is ever started: what there is no wheel for fails at once.
$quiet = '--only-binary', ':all:', '--quiet', '--disable-pip-version-check', '--no-cache-dir'
if ($needed) {
    $files = @(Get-ChildItem -LiteralPath $wheels -Filter '*.whl' | ForEach-Object { $_.FullName })
    $output = & $python -I -m pip --isolated install --no-index @quiet @files 2>&1 | ForEach-Object { "$_" }
} else {
    $source = if ($From) { $From } else { 'tierxl' }
    $output = & $python -I -m pip install --upgrade @quiet $source 2>&1 | ForEach-Object { "$_" }
}
$status = $LASTEXITCODE
Write-Output $output
if ($status -ne 0) {
    if ($isNew) {
        Remove-Folder $environment
    }
    if ($isOwn) {
        Remove-Folder $ownPython
    }
    Stop-Here "tierxl could not be installed, for the reason above. $(Get-Cure ($output -join "`n"))"
}

$bundle = @()
if ($needed) {
    $bundle = '--bundle', $PSScriptRoot
}
& $python -I -m tierxl.cli install @bundle
exit $LASTEXITCODE
