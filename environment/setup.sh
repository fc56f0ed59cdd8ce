#!/bin/sh
# Makes .venv, or brings it up to date:  setup.sh readers|tests|maintainers  with what these need, and those before.
# Silent if nothing is to do.  setup.sh uv  makes .uv, the tool that installs, and no more.
# PYTHON names the interpreter; without it, python3 if the book runs on it, another on the PATH, or one from uv.
set -eu
cd "$(dirname "$0")/.."

PART=${1:-readers}
UV_VERSION=0.13.9
NEWEST=3.14
NEEDED="This book needs a Python from 3.10 to $NEWEST"

fail() {
    echo "$*" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# How to get what $1 names for Debian, $2 for Fedora and $3 for Homebrew, on the system at hand.
advice() {
    if has apt-get; then echo "apt-get install $1"
    elif has dnf; then echo "dnf install $2"
    elif has brew; then echo "brew install $3"
    else echo "see https://www.python.org/downloads/"
    fi
}

# Says where the interpreter is and its version, and whether the book runs on it. Asked from inside .venv, it names the
# interpreter that .venv was made from. The words are those of Python 2, too.
usable() {
    "$1" -c 'import sys
print("%s %s" % (getattr(sys, "_base_executable", ""), sys.version.split()[0]))
sys.exit(not (3, 10) <= sys.version_info[:2] <= tuple(map(int, sys.argv[1].split("."))))' "$NEWEST" 2>/dev/null
}

# Runs a command that ends when this script is told to end, not when it is done.
stoppable() {
    "$@" &
    wait $!
}
trap 'kill $! 2>/dev/null; wait; exit 130' HUP INT TERM

# What `make wheelhouse` kept is all that is needed; without it, packages come from where pip takes them.
if [ -d wheelhouse ]; then
    from_wheelhouse() { "$@" --no-index --find-links wheelhouse; }
else
    from_wheelhouse() { "$@"; }
fi

# What pip or uv said in .uv.log, if they failed for want of a network.
unreachable() {
    grep -E "connection broken|Failed to fetch|error sending request" .uv.log
}
UNREACHABLE="The packages can't be reached: is there a network? A mirror is set by pip config set global.index-url ADDRESS,\
 or by PIP_INDEX_URL=ADDRESS before make. Without a network, run make wheelhouse on another machine of this kind, and copy\
 its folder wheelhouse here."

# Sets UV to a uv: the one in .uv, which may be made by any Python that can, or one on the PATH. What went wrong is in
# .uv.log. Where a network is missing, pip's usual five retries, for one Python after the other, would take minutes.
find_uv() {
    UV=.uv/bin/uv
    if [ "$("$UV" --version 2>/dev/null | cut -d " " -f 2)" = "$UV_VERSION" ]; then
        return
    fi
    for helper in "${PYTHON:-python3}" python3 python; do
        if stoppable "$helper" -m venv --clear .uv >.uv.log 2>&1 && from_wheelhouse stoppable .uv/bin/python -m pip \
            install --quiet --disable-pip-version-check --retries 1 "uv==$UV_VERSION" >>.uv.log 2>&1; then
            return
        fi
        ! unreachable >/dev/null || break
    done
    UV=$(command -v uv)
}

# uv doesn't read pip's settings, where the packages come from and whom to trust, nor what the system trusts.
settings_of_pip() {
    if [ "$(uname)" = Darwin ] || [ -n "$(ls /etc/ssl/certs 2>/dev/null)" ]; then
        export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
    fi
    settings=$(.uv/bin/python -m pip config list 2>/dev/null || "$PYTHON" -m pip config list 2>/dev/null || true)
    setting() {
        echo "$settings" | sed -En "s/^(global|install|:env:)\.$1='(.*)'\$/\2/p" | tail -n 1
    }
    UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$(setting index-url)}
    UV_INSECURE_HOST=${UV_INSECURE_HOST:-$(setting trusted-host)}
    SSL_CERT_FILE=${SSL_CERT_FILE:-$(setting cert)}
    [ -z "$UV_DEFAULT_INDEX" ] || export UV_DEFAULT_INDEX
    [ -z "$UV_INSECURE_HOST" ] || export UV_INSECURE_HOST
    [ -z "$SSL_CERT_FILE" ] || export SSL_CERT_FILE
}

if [ "$PART" = uv ]; then
    find_uv || fail "uv could not be installed: $(tail -n 1 .uv.log)"
    exit 0
fi

if [ -n "${PYTHON:-}" ]; then
    has "$PYTHON" || fail "PYTHON=$PYTHON is not there: it takes the name of a command or the path of an interpreter"
    found=$(usable "$PYTHON") ||
        fail "$NEEDED, and PYTHON=$PYTHON $([ -n "$found" ] && echo "is ${found##* }" || echo "does not run as one")"
else
    found=
    # What uv provided before is used again without asking it.
    for python in python3 python3.13 python3.12 python3.14 python3.11 python3.10 .uv/python/*/bin/python3; do
        found=$(usable "$python") && break || found=
    done
    if [ -z "$found" ]; then
        echo "No Python from 3.10 to $NEWEST on the PATH: asking uv for one ..."
        find_uv || fail "$NEEDED, and there is neither one nor uv to fetch it:" \
            "$(advice "python3 python3-venv" "python$NEWEST" "python@$NEWEST")"
        export UV_PYTHON_INSTALL_DIR="$PWD/.uv/python"
        "$UV" python install --no-bin 3.13 2>.uv.log && found=$(usable .uv/python/*/bin/python3) ||
            fail "$NEEDED, and uv could not fetch one: $(tail -n 1 .uv.log | sed "s/^ *cause: //"). Install one" \
                "($(advice "python3 python3-venv" "python$NEWEST" "python@$NEWEST")), or name it: make PYTHON=/path/to/python3"
    fi
fi
PYTHON=${found% *}

# The part of .venv that $1 names is up to date if none of this has changed since.
interpreter="$PWD $found"
lock() {
    sed -n "/^# Part: $1\$/,/^# Part:/p" environment/lock.txt
}
state() {
    echo "$interpreter"
    lock "$1"
    [ "$1" != readers ] || cat pyproject.toml environment/mxnet_hook.py
}
stamp() {
    echo ".venv/made-from$([ "$1" = readers ] || echo "-$1")"
}
up_to_date() {
    [ "$(cat "$(stamp "$1")" 2>/dev/null)" = "$(state "$1")" ]
}

make_venv() {
    echo "Making .venv with Python ${found##* } ..."
    rm -f .venv/made-from*
    if [ -n "$UV" ]; then
        stoppable "$UV" venv --quiet --clear --no-project --python "$PYTHON" .venv
    else
        stoppable "$PYTHON" -m venv --clear .venv
    fi || fail "The virtual environment could not be made; why is said above." \
        "It takes: $(advice python3-venv "python$NEWEST" "python@$NEWEST")"
}

install() {
    if [ -n "$UV" ]; then
        from_wheelhouse stoppable "$UV" pip install --quiet --python .venv "$@"
    else
        from_wheelhouse stoppable .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
    fi 2>.uv.log || {
        cat .uv.log >&2
        ! unreachable >/dev/null || fail "$UNREACHABLE"
        ! grep -Eiq "mxnet.*platform|distribution found for mxnet" .uv.log ||
            fail "MXNet 1.9.1 exists for Linux (x86-64 and ARM) and for macOS on Intel; elsewhere, see the Dockerfile."
        fail "The packages could not be installed; why is said above."
    }
}

# What MXNet takes from the system. The names of Fedora on ARM are from its package sources, not tried.
on_arm() {
    [ "$(uname -sm)" = "Linux aarch64" ]
}
libraries() {
    if on_arm; then advice "libgomp1 libopenblas0-pthread liblapacke" "libgomp openblas-serial lapack"
    else advice "libgomp1 libquadmath0" "libgomp libquadmath" libomp
    fi
}

# On ARM the wheel asks for three libraries that hardly anybody has, Arm Performance Libraries. All that it takes from
# them is in OpenBLAS, LAPACKE and the C library, too, and what lies beside it under their names is what it loads.
link_libraries() {
    mxnet=$(echo .venv/lib/python3*/site-packages/mxnet)
    for pair in armpl_lp64_mp:openblas.so.0 amath:lapacke.so.3 astring:m.so.6; do
        library=lib${pair#*:}
        file=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | sed -n "s/^[[:space:]]*$library (.*AArch64.* => //p" | head -n 1)
        [ -n "$file" ] || fail "MXNet needs $library on ARM: $(libraries)"
        ln -sf "$file" "$mxnet/lib${pair%:*}.so"
    done
}

# Without AVX nothing fails before the first product, and that kills the process.
load_gluonbook() {
    ! on_arm || link_libraries
    trial='import gluonbook; from mxnet import nd; nd.dot(nd.ones((2, 2)), nd.ones((2, 2))).asnumpy()'
    problem=$({ .venv/bin/python -c "$trial"; } 2>&1) && return
    [ $? != 132 ] || fail "MXNet ended with an illegal instruction: on x86-64 it needs a processor with AVX. In a" \
        "virtual machine, let it have the processor of the host; on ARM, use a container for ARM, not for amd64"
    problem=$(echo "$problem" | tail -n 1)
    case "$problem" in
        *"cannot open shared object file"*) problem="$problem; $(libraries)" ;;
    esac
    fail "MXNet could not be loaded: $problem"
}

for part in readers tests maintainers; do
    if ! up_to_date "$part"; then
        # One at a time, also if what another started goes on because only that one was stopped.
        exec 9<.
        "$PYTHON" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' >/dev/null
    fi
    if ! up_to_date "$part"; then
        find_uv || UV=
        [ -n "$UV" ] || ! unreachable >&2 || fail "$UNREACHABLE"
        [ -z "$UV" ] || settings_of_pip
        made_with=$(head -n 1 .venv/made-from 2>/dev/null) || made_with=
        [ "$made_with" = "$interpreter" ] || make_venv
        rm -f "$(stamp "$part")"  # from here on it is not complete
        echo "Installing the packages for $part ..."
        lock "$part" >.venv/lock.txt
        install --no-deps --require-hashes --only-binary :all: -r .venv/lock.txt
        if [ "$part" = readers ]; then
            install --no-deps --no-build-isolation --editable .
            echo "$interpreter" >.venv/made-from  # the next attempt need not make it anew
            load_gluonbook
        fi
        state "$part" >"$(stamp "$part")"
    fi
    [ "$part" != "$PART" ] || exit 0
done
fail "setup.sh takes readers, tests, maintainers or uv, got $PART"
