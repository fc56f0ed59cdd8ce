#!/bin/sh
# Runs chapters on a 64-bit ARM Linux, Debian 13, emulated:  make arm CHAPTERS="momentum-gluon linear-regression-gluon"
# It takes root, qemu-user-static and debootstrap; half an hour for the system and the set-up, which stay in .arm, and
# then 2 to 20 minutes a chapter. Pages are of the size of the machine it runs on.
set -eu
cd "$(dirname "$0")/.."
SYSTEM=.arm/system
NOTEBOOKS=
for chapter; do NOTEBOOKS="$NOTEBOOKS chapters/$chapter.ipynb"; done
EMULATOR=/usr/bin/qemu-aarch64-static
BINFMT=/proc/sys/fs/binfmt_misc

if [ "$(id -u)" != 0 ] || [ ! -x $EMULATOR ] || ! command -v debootstrap >/dev/null; then
    echo "make arm takes root, and: apt-get install qemu-user-static debootstrap" >&2
    exit 1
fi

# The kernel gives ARM's programs to the emulator, which it keeps open: in the new system there is none.
if [ "$(uname -m)" != aarch64 ] && [ ! -e $BINFMT/qemu-aarch64 ]; then
    [ -e $BINFMT/register ] || mount -t binfmt_misc binfmt_misc $BINFMT
    sed "s|:[^:]*:[^:]*\$|:$EMULATOR:OCF|" /usr/lib/binfmt.d/qemu-aarch64.conf >$BINFMT/register
fi

if [ ! -e .arm/complete ]; then
    echo "Making Debian 13 for ARM in $SYSTEM ..."
    rm -rf $SYSTEM
    mkdir -p $SYSTEM
    needed=ca-certificates,git,make,python3,python3-venv,libgomp1,libopenblas0-pthread,liblapacke
    debootstrap --arch=arm64 --variant=minbase --include=$needed trixie $SYSTEM ${MIRROR:-} >.arm/debootstrap.log
    touch .arm/complete
fi

# What is tracked, as it is now, and how this machine reaches the network; settings of pip come in PIP_INDEX_URL and the like.
mkdir -p $SYSTEM/book
git ls-files -z | tar -c --null --files-from=- | tar -x -C $SYSTEM/book
cp /etc/resolv.conf /etc/hosts $SYSTEM/etc/
cp /etc/ssl/certs/ca-certificates.crt $SYSTEM/etc/ssl/certs/

# Mounted where nobody else sees it, so there is nothing to take away.
export HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHON= OMP_NUM_THREADS=1 SYSTEM NOTEBOOKS
unshare --mount sh -euc '
    mount -t proc proc $SYSTEM/proc
    mount --rbind /dev $SYSTEM/dev
    exec chroot $SYSTEM sh -euc "
        cd /book
        environment/setup.sh tests
        ${NOTEBOOKS:+.venv/bin/python -m pytest -p no:cacheprovider} $NOTEBOOKS"'
