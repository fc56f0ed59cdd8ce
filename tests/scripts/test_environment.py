"""Promises of environment/setup.sh to a newcomer: the right Python, or one line that says what is needed."""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from importlib.metadata import distribution, distributions
from sysconfig import get_path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from common import ROOT

NOWHERE = "http://127.0.0.1:9"  # where nothing answers
READERS = ["hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers"]
READERS += ["tomli"] if sys.version_info < (3, 11) else []


STAND_IN = {
    "mxnet/__init__.py": "from unittest.mock import MagicMock\nnd = MagicMock()\n",  # it can be asked for a product
    "numpy.py": "__version__ = '1.26.4'\n",  # which is looked at when mxnet is imported
    "mxnet-1.9.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: mxnet\nVersion: 1.9.1\n",
    "mxnet-1.9.1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "mxnet-1.9.1.dist-info/RECORD": "",
}


def wheel(wheelhouse, name, version, files):
    """Make a wheel of these files; give its line of the lock."""
    path = wheelhouse / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def again(wheelhouse, name):
    """The same of what is installed."""
    found = distribution(name)
    files = [file for file in found.files if ".." not in file.parts and file.suffix != ".pyc"]
    return wheel(wheelhouse, name, found.version, {str(file): file.locate().read_bytes() for file in files})


@pytest.fixture
def clone(tmp_path):
    """A book that takes few packages and has them in its wheelhouse, and a PATH with a Python that isn't its python3."""
    book = tmp_path / "我的 书"
    shutil.copytree(ROOT / "environment", book / "environment")
    shutil.copy(ROOT / "pyproject.toml", book)
    for folder in ("gluonbook", "wheelhouse", ".uv", "bin"):
        (book / folder).mkdir()
    (book / "gluonbook" / "__init__.py").write_text("__version__ = '1.0'\n")
    wheels = book / "wheelhouse"
    readers = wheel(wheels, "mxnet", "1.9.1", STAND_IN) + "".join(again(wheels, name) for name in READERS)
    tests = again(wheels, "iniconfig")
    (book / "environment" / "lock.txt").write_text(f"# Part: readers\n{readers}# Part: tests\n{tests}")
    for path in (ROOT / ".uv").glob("*"):
        (book / ".uv" / path.name).symlink_to(path)
    for tool in ("sh", "cat", "cut", "dirname", "grep", "head", "ln", "ls", "rm", "sed", "tail", "uname"):
        (book / "bin" / tool).symlink_to(shutil.which(tool))
    put_on_path(book, "python3", "exit 127")
    put_on_path(book, "python3.12", f'exec "{sys._base_executable}" "$@"')
    return book


def put_on_path(clone, name, body):
    path = clone / "bin" / name
    path.unlink(missing_ok=True)  # it may be a link to the system's own
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def start(clone, part="readers", **variables):
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    how["env"] = {"PATH": str(clone / "bin"), "UV_HTTP_RETRIES": "0", **variables}
    return subprocess.Popen([clone / "environment" / "setup.sh", part], **how)


def run(*args, **variables):
    process = start(*args, **variables)
    return *process.communicate(), process.returncode


def test_without_any_python_one_line_says_what_is_needed_and_how_to_get_it_here(clone):
    (clone / "bin" / "python3.12").unlink()
    for tool, advice in [("dnf", "dnf install python3.14"), ("apt-get", "apt-get install python3 python3-venv")]:
        put_on_path(clone, tool, "exit 1")
        _, said, code = run(clone, UV_PYTHON_INSTALL_MIRROR=NOWHERE)
        assert code != 0 and said.count("\n") == 1 and "Python from 3.10 to 3.14" in said and advice in said
        assert "uv could not fetch one: Connection refused" in said
    assert not (clone / ".venv").exists()


OTHER_PYTHONS = {"is not there": None, "does not run": "exit 127", "is 3.9.25": "3, 9, 25", "is 3.15.0": "3, 15, 0"}


@pytest.mark.parametrize("reason, mine", OTHER_PYTHONS.items(), ids=OTHER_PYTHONS)
def test_a_python_that_is_named_and_does_not_fit_is_refused_for_its_reason(clone, reason, mine):
    if reason.startswith("is 3"):  # this one only says so
        told = f"import sys; sys.version = {reason[3:]!r}; sys.version_info = ({mine}); exec(sys.argv.pop(1))"
        mine = f'shift; exec "{sys.executable}" -c "{told}" "$@"'
    if mine:
        put_on_path(clone, "mine", mine)
    _, said, code = run(clone, PYTHON="mine")
    assert code != 0 and said.count("\n") == 1 and f"PYTHON=mine {reason}" in said


def test_a_python_that_works_is_found_and_what_is_installed_is_left_alone_in_silence_or_added_to(clone):
    told, said, code = run(clone)
    assert "Making .venv with Python" in told and code == 0, said
    assert run(clone) == ("", "", 0)
    assert run(clone, "tests") == ("Installing the packages for tests ...\n", "", 0)
    assert run(clone, "tests") == run(clone) == ("", "", 0)
    with open(clone / "environment" / "lock.txt", "a") as file:  # in the part for tests
        file.write("# changed\n")
    assert run(clone) == ("", "", 0)
    assert run(clone, "tests") == ("Installing the packages for tests ...\n", "", 0)


@pytest.mark.parametrize("uv", [True, False])
def test_where_the_packages_cannot_be_reached_it_says_so_and_what_is_to_be_done(clone, uv):
    shutil.rmtree(clone / "wheelhouse")
    if not uv:
        shutil.rmtree(clone / ".uv")
    _, said, code = run(clone, PIP_INDEX_URL=f"{NOWHERE}/simple")  # pip's settings hold for uv, too
    assert code != 0 and "refused" in said and "MXNet" not in said
    assert "The packages can't be reached" in said and "pip config" in said and "make wheelhouse" in said


def test_a_missing_library_and_a_processor_without_avx_are_told_and_once_they_are_there_the_next_attempt_goes_on(clone):
    package = clone / "gluonbook" / "__init__.py"
    works, missing = package.read_text(), "raise OSError('libgomp.so.1: cannot open shared object file')\n"
    put_on_path(clone, "apt-get", "exit 1")
    for problem, words in (
        (missing, ["libgomp.so.1", "apt-get install libgomp1"]),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n", ["AVX"]),
    ):
        package.write_text(works + problem)
        _, said, code = run(clone)
        assert code != 0 and said.count("\n") == 1 and [word for word in words if word not in said] == []
    package.write_text(works)
    told, said, code = run(clone)
    assert "Making .venv" not in told and code == 0, said


def test_on_arm_the_wheel_finds_its_libraries_in_those_of_the_system_and_one_that_is_missing_is_named(clone):
    put_on_path(clone, "uname", "echo Linux aarch64")
    put_on_path(clone, "apt-get", "exit 1")
    put_on_path(clone, "ldconfig", f"cat '{clone}/libraries'")
    known = "".join(f"\t{name} (libc6,AArch64) => /lib/{name}\n" for name in ("libm.so.6", "libopenblas.so.0"))
    (clone / "libraries").write_text(known)
    _, said, code = run(clone)
    assert code != 0 and said.count("\n") == 1
    assert "liblapacke.so.3" in said and "apt-get install libgomp1 libopenblas0-pthread liblapacke" in said
    (clone / "libraries").write_text(known + "\tliblapacke.so.3 (libc6,AArch64) => /lib/liblapacke.so.3\n")
    _, said, code = run(clone)
    assert code == 0, said
    (mxnet,) = clone.glob(".venv/lib/python3*/site-packages/mxnet")
    assert {link.name: str(link.readlink()) for link in mxnet.glob("*.so")} == {
        "libarmpl_lp64_mp.so": "/lib/libopenblas.so.0",
        "libamath.so": "/lib/liblapacke.so.3",
        "libastring.so": "/lib/libm.so.6",
    }


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_an_installation_that_was_stopped_is_begun_anew_when_nothing_of_it_runs_any_more(clone, signum):
    (clone / "wheelhouse").rename(clone / "later")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = start(clone, PIP_INDEX_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/simple")
        connection, _ = silent.accept()  # kept, or what installs would fail at once
        process.send_signal(signum)
        assert process.wait() != 0 and not (clone / ".venv" / "made-from").exists()
        folder = os.open(clone, os.O_RDONLY)
        if signum == signal.SIGTERM:  # it ended first what installs
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:  # what installs goes on, and the next run would wait for it
            with pytest.raises(BlockingIOError):
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.killpg(process.pid, signal.SIGKILL)
        os.close(folder)
    (clone / "later").rename(clone / "wheelhouse")
    told, said, code = run(clone)
    assert "Making .venv" in told and code == 0, said


def lines_of(name):
    return [line for line in (ROOT / "environment" / name).read_text().splitlines() if re.match(r"\w", line)]


def test_every_locked_version_has_its_hashes_and_the_constraints_are_the_same_versions():
    locked = [line.removesuffix(" \\") for line in lines_of("lock.txt")]
    assert len(locked) > 100 and all(line.endswith("\\") for line in lines_of("lock.txt"))
    assert sorted(locked) == sorted(lines_of("constraints.txt"))


def test_the_tests_run_in_an_environment_that_has_the_locked_versions():
    installed = {canonicalize_name(found.name): found.version for found in distributions(path=[get_path("purelib")])}
    lines = map(Requirement, lines_of("constraints.txt"))
    locked = [line for line in lines if not line.marker or line.marker.evaluate()]
    wrong = [line for line in locked if line.name in installed and installed[line.name] not in line.specifier]
    assert len(installed) > 100 and not wrong
