#!/bin/sh
# Installs, upgrades or removes tierxl for the current user of a Mac or a Linux computer.
#
#   sh install.sh                 install or upgrade: from the folder "wheels" beside this script, else from the copy
#                                 of the project that this script stands in, else from PyPI
#   sh install.sh --from SOURCE   from another copy of the project, or from whatever else pip understands
#   sh install.sh --uninstall     remove everything that was installed
#
# All of it goes into one folder of the user's; no administrator is needed.
set -eu

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

from=''
uninstall=''
while [ $# -gt 0 ]; do
    case $1 in
        --from)
            [ $# -gt 1 ] || stop 'Say after --from where tierxl is to be installed from.'
            from=$2
            shift
            ;;
        --uninstall) uninstall=yes ;;
        *) stop "There is no option $1: use --from SOURCE or --uninstall, or none." ;;
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

# Whether a Python can be used: 3.11 or newer, or just the one that the wheels fit. Sets "seen" to what it is.
fits() {
    seen=$("$1" -I -c 'import platform, sys
print("%d.%d %s-%s" % (sys.version_info[0], sys.version_info[1], sys.platform, platform.machine().lower()))
sys.exit(sys.version_info < (3, 11))' 2>/dev/null) && { [ ! "$needed" ] || [ "$seen" = "$needed" ]; }
}

unfinished=''
tidy() {
    [ ! "$unfinished" ] || rm -rf "$environment"
    rmdir "$data" 2>/dev/null || :
}
trap tidy EXIT
trap 'exit 130' HUP INT TERM

if ! fits "$python" || ! "$python" -I -m pip --version >/dev/null 2>&1; then
    found=''
    others=''
    candidates="${needed:+python${needed%% *} }python3 python python3.14 python3.13 python3.12 python3.11"
    [ "$system" != Darwin ] || candidates="$candidates /Library/Frameworks/Python.framework/Versions/Current/bin/python3 \
/opt/homebrew/bin/python3 /usr/local/bin/python3"
    for candidate in $candidates; do
        path=$(command -v "$candidate") || continue
        # Where macOS has no developer tools, this one only offers to install them.
        [ "$system $path" != 'Darwin /usr/bin/python3' ] || continue
        if fits "$path"; then
            found=$path
            break
        fi
        others="${others:+$others, }$seen"
    done
    if [ ! "$found" ] && [ "$needed" ]; then
        stop "This bundle is for Python ${needed%% *} on ${needed#* }, which was not found here (found: \
${others:-no Python}). Install that Python, or ask for a bundle that was made with yours."
    elif [ ! "$found" ]; then
        stop "tierxl needs Python 3.11 or newer, which was not found here (found: ${others:-no Python}). Get it from \
https://www.python.org/downloads/, on Linux from the system's packages, then run this script again."
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
pip() {
    "$python" -I -m pip "$@" --quiet --disable-pip-version-check --no-cache-dir
}
if [ "$needed" ]; then
    pip --isolated install --no-index "$here"/wheels/*.whl ||
        stop "The wheels of the bundle could not be installed, for the reason above. Unpack the bundle again, and run \
the script there."
else
    pip install --upgrade "${from:-tierxl}" ||
        stop "tierxl could not be installed, for the reason above. Check the internet connection and run this script \
again, or ask for a bundle, which needs no internet."
fi
unfinished=''

"$python" -I -m tierxl.cli install ${needed:+--bundle "$here"}
