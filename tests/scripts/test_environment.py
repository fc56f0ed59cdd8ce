"""Promises of environment/setup.sh to a newcomer: the right Python, or one line that says what is needed."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import distributions
from sysconfig import get_path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from common import ROOT


@pytest.fixture
def clone(tmp_path):
    """A folder with just what the script reads, and an empty folder to be the PATH."""
    shutil.copytree(ROOT / "environment", tmp_path / "environment")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "cat", "cut", "dirname", "grep", "head", "ln", "ls", "rm", "sed", "tail", "uname"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def put_on_path(clone, name, body):
    path = clone / "bin" / name
    path.unlink(missing_ok=True)  # it may be a link to the system's own
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(clone, part="readers", **variables):
    return subprocess.run(
        [clone / "environment" / "setup.sh", part],
        cwd=clone,
        capture_output=True,
        text=True,
        env={"PATH": str(clone / "bin"), **variables},
    )


def put_python_on_path(clone, name, version, pip="true", pip_config=""):
    """A Python that can make .venv but not .uv, and installs nothing. It writes down what it is asked to do, finds a
    library missing while there is a file of that name, and an instruction forbidden while there is one of this name.
    """
    put_on_path(
        clone,
        name,
        f'case "$*" in *flock*) exec {sys.executable} "$@";; *"import gluonbook"*)\n'
        " [ ! -e forbidden ] || kill -ILL $$\n"
        ' [ ! -e missing ] || { echo "OSError: $(cat missing)" >&2; exit 1; };; *.uv) exit 1;; esac\n'
        f'case "$1" in -c) echo "$0 {version}";; -m) shift; echo "$*" >>calls;\n'
        f' [ "$1" = venv ] && {shutil.which("mkdir")} -p .venv/bin && {shutil.which("cp")} "$0" .venv/bin/python\n'
        f' if [ "$1 $2" = "pip install" ]; then {pip}; fi\n'
        f' [ "$*" != "pip config list" ] || echo "{pip_config}";; esac; true',
    )


def test_without_any_python_one_line_says_what_is_needed_and_how_to_get_it_here(clone):
    put_on_path(clone, "dnf", "exit 1")
    result = run(clone)
    assert result.returncode != 0
    assert result.stderr.count("\n") == 1
    assert "Python from 3.10 to 3.14" in result.stderr and "dnf install python3.14" in result.stderr
    put_on_path(clone, "apt-get", "exit 1")
    assert "apt-get install python3 python3-venv" in run(clone).stderr
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("version", ["3.9.25", "3.15.0"])
def test_a_python_that_does_not_fit_is_named_and_refused(clone, version):
    answer = f"import sys; sys.version_info = ({version.replace('.', ', ')}); exec(sys.argv[1])"
    put_on_path(clone, "mine", f'shift; exec {sys.executable} -c "{answer}" "$@"')
    result = run(clone, PYTHON="mine")
    assert result.returncode != 0
    assert "PYTHON=mine is not one" in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize("version", ["3.10.13", "3.14.0"])
def test_the_systems_own_python_is_taken_if_the_book_runs_on_it(clone, version):
    put_python_on_path(clone, "python3", version)
    put_python_on_path(clone, "python3.12", "3.12.1")
    assert f"Making .venv with Python {version} " in run(clone).stdout


def test_another_python_is_taken_where_the_systems_own_is_too_new_or_does_not_work(clone):
    put_on_path(clone, "python3", "exit 127")
    put_python_on_path(clone, "python3.12", "3.12.1")
    assert "Making .venv with Python 3.12.1 " in run(clone).stdout


def test_a_python_that_is_named_goes_before_those_on_the_path(clone):
    put_python_on_path(clone, "python3", "3.11.7")
    put_python_on_path(clone, "mine", "3.10.1")
    assert "Making .venv with Python 3.10.1 " in run(clone, PYTHON="mine").stdout


UV = """case "$1 $2" in
"python install") [ ! -e offline ] || { echo "error: no network" >&2; exit 1; }
    MKDIR -p .uv/python/3.13/bin && CP GIVEN .uv/python/3.13/bin/python3;;
"pip install") echo "${UV_DEFAULT_INDEX:-}" >>indexes;;
venv*) MKDIR -p .venv/bin && CP GIVEN .venv/bin/python;;
esac"""


def put_uv_on_path(clone):
    """A uv that is on the PATH, where no Python can make .uv."""
    put_python_on_path(clone, "given", "3.13.9")
    names = {"MKDIR": shutil.which("mkdir"), "CP": shutil.which("cp"), "GIVEN": str(clone / "bin" / "given")}
    put_on_path(clone, "uv", re.sub("MKDIR|CP|GIVEN", lambda found: names[found[0]], UV))


def test_uv_provides_python_where_there_is_none_that_fits(clone):
    put_uv_on_path(clone)
    result = run(clone)
    assert "asking uv" in result.stdout and "Making .venv with Python 3.13.9" in result.stdout
    assert result.returncode == 0, result.stderr


def test_where_uv_cannot_fetch_a_python_its_own_reason_is_given(clone):
    put_uv_on_path(clone)
    (clone / "offline").touch()
    result = run(clone)
    assert result.returncode != 0 and result.stderr.count("\n") == 1
    assert "error: no network" in result.stderr


def test_packages_come_from_the_mirror_that_pip_is_told_to_use(clone):
    put_uv_on_path(clone)
    put_python_on_path(clone, "python3", "3.13.9", pip_config="global.index-url='https://mirror'")
    result = run(clone)
    assert result.returncode == 0, result.stderr
    assert set((clone / "indexes").read_text().split()) == {"https://mirror"}


def test_a_missing_library_is_named_in_one_line_and_once_it_is_there_the_next_attempt_goes_on(clone):
    put_python_on_path(clone, "python3", "3.11.7")
    put_on_path(clone, "apt-get", "exit 1")
    (clone / "missing").write_text("libgomp.so.1: cannot open shared object file: No such file or directory\n")
    first = run(clone)
    assert first.returncode != 0 and first.stderr.count("\n") == 1
    assert "libgomp.so.1" in first.stderr and "apt-get install libgomp1 libquadmath0" in first.stderr
    (clone / "missing").unlink()
    assert run(clone).returncode == 0
    assert (clone / "calls").read_text().count("venv --clear .venv") == 1


def test_on_arm_the_wheel_finds_its_libraries_in_those_of_the_system_and_one_that_is_missing_is_named(clone):
    mxnet = clone / ".venv" / "lib" / "python3.11" / "site-packages" / "mxnet"
    put_python_on_path(clone, "python3", "3.11.7", pip=f"{shutil.which('mkdir')} -p {mxnet}")
    put_on_path(clone, "uname", "echo Linux aarch64")
    put_on_path(clone, "apt-get", "exit 1")
    put_on_path(clone, "ldconfig", "cat libraries")
    known = "".join(f"\t{name} (libc6,AArch64) => /lib/{name}\n" for name in ("libm.so.6", "libopenblas.so.0"))
    (clone / "libraries").write_text(known)
    first = run(clone)
    assert first.returncode != 0 and first.stderr.count("\n") == 1
    assert "liblapacke.so.3" in first.stderr and "apt-get install libgomp1 libopenblas0-pthread" in first.stderr

    (clone / "libraries").write_text(known + "\tliblapacke.so.3 (libc6,AArch64) => /lib/liblapacke.so.3\n")
    second = run(clone)
    assert second.returncode == 0, second.stderr
    links = {link.name: str(link.readlink()) for link in mxnet.iterdir()}
    assert links == {
        "libarmpl_lp64_mp.so": "/lib/libopenblas.so.0",
        "libamath.so": "/lib/liblapacke.so.3",
        "libastring.so": "/lib/libm.so.6",
    }


def test_a_processor_on_which_mxnet_dies_is_told_from_a_missing_library(clone):
    put_python_on_path(clone, "python3", "3.11.7")
    (clone / "forbidden").touch()
    result = run(clone)
    assert result.returncode != 0 and result.stderr.count("\n") == 1
    assert "AVX" in result.stderr


def test_an_environment_that_is_up_to_date_is_left_alone_in_silence_and_one_for_tests_only_added_to(clone):
    put_python_on_path(clone, "python3", "3.11.7")
    first = run(clone)
    assert first.returncode == 0, first.stderr
    second = run(clone)
    assert second.returncode == 0 and second.stdout == second.stderr == ""
    assert run(clone, "tests").stdout == "Installing the packages for tests ...\n"
    assert run(clone, "tests").stdout == run(clone, "readers").stdout == ""

    with open(clone / "environment" / "lock.txt", "r+") as lock:
        text = lock.read().replace("# Part: tests\n", "# Part: tests\n# changed\n")
        lock.seek(0)
        lock.write(text)
    assert run(clone, "readers").stdout == ""
    assert "Installing the packages for tests" in run(clone, "tests").stdout
    assert (clone / "calls").read_text().count("venv --clear .venv") == 1


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_an_installation_that_was_stopped_is_begun_anew_when_nothing_of_it_runs_any_more(clone, signum):
    put_python_on_path(clone, "python3", "3.11.7", pip=f"echo >installing; exec {shutil.which('sleep')} 1")
    with subprocess.Popen([clone / "environment" / "setup.sh"], cwd=clone, env={"PATH": str(clone / "bin")}) as process:
        while not (clone / "installing").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signum)
    assert process.returncode != 0 and not (clone / ".venv" / "made-from").exists()
    lock = os.open(clone, os.O_RDONLY)
    if signum == signal.SIGTERM:  # it ended pip first
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:  # pip goes on, and the next run waits for it
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(lock)

    put_python_on_path(clone, "python3", "3.11.7")
    assert "Making .venv" in run(clone).stdout
    assert (clone / ".venv" / "made-from").exists()


def lines_of(name):
    return [line for line in (ROOT / "environment" / name).read_text().splitlines() if re.match(r"\w", line)]


def test_every_locked_version_has_its_hashes_and_the_constraints_are_the_same_versions():
    locked = [line.removesuffix(" \\") for line in lines_of("lock.txt")]
    assert len(locked) > 100 and all(line.endswith("\\") for line in lines_of("lock.txt"))
    assert sorted(locked) == sorted(lines_of("constraints.txt"))


def test_the_tests_run_in_an_environment_that_has_the_locked_versions():
    installed = {canonicalize_name(found.name): found.version for found in distributions(path=[get_path("purelib")])}
    locked = [
        line for line in map(Requirement, lines_of("constraints.txt")) if not line.marker or line.marker.evaluate()
    ]
    wrong = [line for line in locked if line.name in installed and installed[line.name] not in line.specifier]
    assert len(installed) > 100 and not wrong
