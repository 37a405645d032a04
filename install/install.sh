#!/bin/sh
# Installs, upgrades or removes tierxl for the current user of a Mac or a Linux computer.
#
#   sh install.sh                 install or upgrade: from the folder "wheels" beside this script, else from the copy
#                                 of the project that this script stands in, else from PyPI
#   sh install.sh --from SOURCE   from another copy of the project, or from whatever else pip understands
#   sh install.sh --get-python    where there is no Python that fits: fetch one for tierxl alone, without asking
#   sh install.sh --uninstall     remove everything that was installed
#
# All of it goes into one folder of the user's; no administrator is needed.
set -eu

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

from=''
get_python=''
uninstall=''
while [ $# -gt 0 ]; do
    case $1 in
        --from)
            [ $# -gt 1 ] || stop 'Say after --from where tierxl is to be installed from.'
            from=$2
            shift
            ;;
        --get-python) get_python=yes ;;
        --uninstall) uninstall=yes ;;
        *) stop "There is no option $1: use --from SOURCE, --get-python or --uninstall, or none." ;;
    esac
    shift
done

here=$(cd "$(dirname "$0")" && pwd)
system=$(uname -s)
# tierxl/deployment/places.py knows these folders as well, and why the Mac's has no space in it.
case $system in
    Darwin) data=$HOME/Library/tierxl ;;
    *)
        case ${XDG_DATA_HOME:-} in
            /*) data=$XDG_DATA_HOME/tierxl ;;
            *) data=$HOME/.local/share/tierxl ;;
        esac
        ;;
esac
environment=$data/env
python=$environment/bin/python

# Excel keeps the add-in open, and the Python of the environment.
if [ "$system" = Darwin ] && pgrep -x -u "${USER:-$(id -un)}" 'Microsoft Excel' >/dev/null 2>&1; then
    stop 'Excel is open: save your workbooks, close Excel, then run this script again. Nothing was changed.'
fi

if [ "$uninstall" ]; then
    [ -e "$environment" ] || stop "tierxl is not installed: there is no $environment."
    "$python" -I -m tierxl.cli uninstall ||
        stop "tierxl could not be removed, for the reason above. If it does not start any more, run this script \
without --uninstall, which mends it, and then with it."
    exit 0
fi

# The Python and the platform that the wheels fit; nothing without wheels.
needed=''
if [ ! "$from" ] && [ -d "$here/wheels" ]; then
    needed=$(cat "$here/wheels/made-for.txt") || stop "The folder $here/wheels is not whole: unpack the bundle again."
fi

# Without wheels: the copy of the project whose folder "install" this is.
project=$(cd "$here/.." && pwd)
if [ ! "$from" ] && [ -f "$project/pyproject.toml" ] && [ -d "$project/tierxl" ]; then
    from=$project
fi

# Whether a Python can be used: 3.11 or newer, of 64 bits, or just the one that the wheels fit. Sets "seen" to it.
fits() {
    seen=$("$1" -I -c 'import platform, struct, sys
few = "" if struct.calcsize("P") == 8 else " 32-bit"
version = "%d.%d" % (sys.version_info[0], sys.version_info[1])
print("%s %s-%s%s" % (version, sys.platform, platform.machine().lower(), few))
sys.exit(bool(sys.version_info < (3, 11) or few))' 2>/dev/null) && { [ ! "$needed" ] || [ "$seen" = "$needed" ]; }
}

own_python=$data/python
errors=$data/errors.txt
unfinished=''
unfinished_python=''
tidy() {
    [ ! "$unfinished" ] || rm -rf "$environment"
    [ ! "$unfinished_python" ] || rm -rf "$own_python"
    rm -rf "$data/uv" "$errors"
    rmdir "$data" 2>/dev/null || :
}

# uv, where it is not there yet: https://docs.astral.sh/uv/. Sets "uv" to its program.
fetch_uv() {
    uv=$(command -v uv) && return
    uv=$data/uv/uv
    mkdir -p "$data/uv"
    { curl -LsSf https://astral.sh/uv/install.sh || wget -qO- https://astral.sh/uv/install.sh; } \
        >"$data/uv/install.sh" 2>"$errors" || return
    UV_UNMANAGED_INSTALL=$data/uv sh "$data/uv/install.sh" >"$errors" 2>&1
}

# A Python in tierxl's own folder. Sets "found" to its program.
fetch_python() {
    version=${needed%% *}
    version=${version:-3.13}
    by_hand="Get Python $version from https://www.python.org/downloads/, then run this script again."
    [ -e "$own_python" ] || unfinished_python=yes
    fetch_uv || {
        cat "$errors" >&2
        stop "uv could not be fetched from https://astral.sh and GitHub, for the reason above. $by_hand"
    }
    "$uv" python install --no-config --no-cache --no-bin --install-dir "$own_python" "$version" ||
        stop "uv could not fetch Python $version, for the reason above. $by_hand"
    for found in "$own_python/cpython-$version"*/bin/python3; do :; done
}

# Whether the user wants such a Python; nobody is asked where nobody can answer.
wants_python() {
    [ ! "$get_python" ] || return 0
    [ -t 0 ] || return 1
    printf '%s\n' "$1" "uv, a program of the firm Astral, can fetch a Python that only tierxl uses, some 100 MB into $own_python. \
No administrator is needed, nothing else on this computer changes, uv itself does not stay, and --uninstall removes it all."
    printf 'Fetch it? [y/N] '
    read -r answer || :
    case ${answer:-} in [yY]*) ;; *) return 1 ;; esac
}
trap tidy EXIT
trap 'exit 130' HUP INT TERM

if ! fits "$python" || ! "$python" -I -m pip --version >/dev/null 2>&1; then
    found=''
    others=''
    candidates="${needed:+python${needed%% *} }python3 python python3.14 python3.13 python3.12 python3.11"
    [ "$system" != Darwin ] || candidates="$candidates /Library/Frameworks/Python.framework/Versions/Current/bin/python3 \
/opt/homebrew/bin/python3 /usr/local/bin/python3"
    for candidate in $candidates "$own_python"/*/bin/python3; do
        path=$(command -v "$candidate") || continue
        # Where macOS has no developer tools, this one only offers to install them.
        [ "$system $path" != 'Darwin /usr/bin/python3' ] || continue
        if fits "$path"; then
            found=$path
            break
        fi
        others="${others:+$others, }$seen"
    done
    if [ ! "$found" ]; then
        others=${others:-no Python}
        if [ "$needed" ]; then
            why="This bundle is for Python ${needed%% *} on ${needed#* }, which was not found here (found: $others)."
            cure='Install that Python, or ask for a bundle that was made with yours.'
        else
            why="tierxl needs Python 3.11 or newer, 64-bit, which was not found here (found: $others)."
            cure="Get it from https://www.python.org/downloads/, on Linux from the system's packages, then run this script \
again. Or run it with --get-python: it fetches a Python for tierxl alone."
        fi
        wants_python "$why" || stop "$why $cure"
        fetch_python
        fits "$found" || stop "$why uv fetched $seen, which does not do either. $cure"
    fi
    if [ -e "$environment" ]; then
        echo 'The environment that is there does not work with this version any more: it is made anew.'
        rm -rf "$environment"
    fi
    unfinished=yes
    "$found" -I -m venv "$environment" ||
        stop "Python could not make an environment in $environment, for the reason above. On Debian and Ubuntu: \
sudo apt install python3-venv. Then run this script again."
fi

echo 'Installing tierxl and what it needs; this takes a minute or more.'
# No compiler is ever started: what there is no wheel for fails at once.
pip() {
    "$python" -I -m pip "$@" --only-binary :all: --quiet --disable-pip-version-check --no-cache-dir 2>"$errors" ||
        { cat "$errors" >&2; stop "tierxl could not be installed, for the reason above. $(cure)"; }
    cat "$errors" >&2
}
# The cure for what pip has written. install.ps1 has the same list.
says() {
    grep -qiE "$1" "$errors"
}
cure() {
    if says 'no space left|not enough space|disk quota'; then
        echo 'The disk is full: make 600 MB free, then run this script again.'
    elif says 'proxyerror|tunnel connection failed|proxy authentication'; then
        echo "The firm's proxy is in the way: ask IT for its address, set HTTPS_PROXY to it, and run this script again. Or ask \
for a bundle, which needs no internet."
    elif says 'certificate_verify_failed|sslerror'; then
        echo "The certificate of the connection is not trusted: ask IT for the firm's certificate, set PIP_CERT to its file, \
and run this script again. Or ask for a bundle, which needs no internet."
    elif says 'newconnectionerror|nameresolutionerror|getaddrinfo failed|timed out|connection refused|unreachable'; then
        echo 'There is no way to PyPI: check the internet connection and run this script again, or ask for a bundle, which \
needs no internet.'
    elif says 'permission denied|access is denied|winerror (5|32)'; then
        echo 'A file is in use or may not be written: close Excel and all Python programs, then run this script again.'
    elif says 'no matching distribution|is not a supported wheel'; then
        echo 'There is nothing ready made for this Python: install Python 3.13, 64-bit, from https://www.python.org/downloads/, \
and run this script again.'
    elif [ "$needed" ]; then
        echo 'Unpack the bundle again, and run the script there.'
    else
        echo 'Run this script again, or ask for a bundle, which needs no internet.'
    fi
}
if [ "$needed" ]; then
    pip --isolated install --no-index "$here"/wheels/*.whl
else
    pip install --upgrade "${from:-tierxl}"
fi
unfinished=''
unfinished_python=''

"$python" -I -m tierxl.cli install ${needed:+--bundle "$here"}
