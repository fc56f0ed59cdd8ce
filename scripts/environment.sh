#!/bin/sh
# Makes .venv, or brings it up to date, with everything in requirements.txt. Silent if nothing is to do.
# PYTHON names the interpreter; without it, python3.11, python3.10 or one that uv provides.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
NEEDED="This book needs Python 3.10 or 3.11 with its venv module"
ADVICE="install one (Debian, Ubuntu: apt-get install python3.11-venv; others: https://www.python.org/downloads/) \
or name it: make PYTHON=/path/to/python3.11"

fail() {
    echo "$*" >&2
    exit 1
}

# Says where the interpreter is and its version, if the book runs on it and it can make a virtual environment.
# Asked from inside .venv, it names the interpreter that .venv was made from.
usable() {
    "$1" -c 'import sys, venv, ensurepip
if sys.version_info[:2] not in [(3, 10), (3, 11)]: sys.exit(1)
print(sys._base_executable, sys.version.split()[0])' 2>/dev/null
}

# Lets uv, in an environment of its own, provide a Python 3.11; says nothing if it can't.
python_from_uv() {
    for helper in python3 python; do
        "$helper" -m venv .uv >/dev/null 2>&1 &&
            .uv/bin/python -m pip install --quiet "uv==$UV_VERSION" >/dev/null 2>&1 && break
    done
    export UV_PYTHON_INSTALL_DIR="$PWD/.uv/python"
    .uv/bin/uv python install --quiet --no-bin 3.11 >/dev/null 2>&1 || true
    .uv/bin/uv python find --managed-python 3.11 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then
    found=$(usable "$PYTHON") || fail "$NEEDED, and PYTHON=$PYTHON is not one: $ADVICE"
else
    found=$(usable python3.11 || usable python3.10) || found=
    # What uv provided before is used again without asking it.
    if [ -z "$found" ] && [ -x .venv/bin/python ] && [ -d .uv/python ]; then
        found=$(usable .uv/python/*/bin/python3.11) || found=
    fi
    if [ -z "$found" ]; then
        echo "No Python 3.10 or 3.11 on the PATH: asking uv for one ..."
        PYTHON=$(python_from_uv) && found=$(usable "$PYTHON") || fail "$NEEDED, and uv could not provide one: $ADVICE"
    fi
fi
PYTHON=${found% *}

# What .venv was made from: if none of it has changed, .venv is up to date.
interpreter="$PWD $found"
state=$(echo "$interpreter" && cat requirements.txt constraints.txt pyproject.toml)
up_to_date() {
    [ "$(cat .venv/made-from 2>/dev/null)" = "$state" ]
}
if up_to_date; then
    exit 0
fi

# One at a time, also if what another started goes on because only that one was stopped.
exec 9<.
"$PYTHON" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' >/dev/null
if up_to_date; then
    exit 0
fi

# Runs a command that ends when this script is told to end, not when it is done.
stoppable() {
    "$@" &
    wait $!
}
trap 'kill $! 2>/dev/null; wait; exit 130' HUP INT TERM

made_with=$(head -n 1 .venv/made-from 2>/dev/null) || made_with=
rm -f .venv/made-from  # from here on .venv is not complete
if [ "$made_with" = "$interpreter" ]; then
    echo "Updating .venv ..."
else
    echo "Making .venv with Python ${found##* } ..."
    stoppable "$PYTHON" -m venv --clear .venv ||
        fail "The virtual environment could not be made; what Python said is above."
fi
echo "Installing the packages (a minute or two) ..."
stoppable .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt ||
    fail "The packages could not be installed; what pip said is above." \
        "MXNet 1.9.1 exists for Linux (x86-64 and ARM) and for macOS on Intel."
# From here on, the next attempt need not install them again.
echo "$interpreter" >.venv/made-from
if ! problem=$(.venv/bin/python -c 'import gluonbook' 2>&1); then
    problem=$(echo "$problem" | tail -n 1)
    case "$problem" in
        *"cannot open shared object file"*) advice="; Debian, Ubuntu: apt-get install libgomp1 libquadmath0" ;;
        *) advice= ;;
    esac
    fail "MXNet could not be loaded: $problem$advice"
fi
# JupyterLab would ask each reader whether it may fetch news.
.venv/bin/python -m jupyterlab.labextensions disable @jupyterlab/apputils-extension:announcements >/dev/null 2>&1 ||
    fail "JupyterLab could not be set up."
echo "$state" >.venv/made-from
