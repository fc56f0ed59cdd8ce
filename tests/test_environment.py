"""Promises of scripts/environment.sh to a newcomer: the right Python, or one line that says what is needed."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from conftest import ROOT


@pytest.fixture
def clone(tmp_path):
    """A folder with just what the script reads, and an empty folder to be the PATH."""
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/environment.sh", "requirements.txt", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "cat", "dirname", "head", "tail", "rm"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def put_on_path(clone, name, body):
    path = clone / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(clone, **variables):
    return subprocess.run(
        [clone / "scripts" / "environment.sh"], cwd=clone, capture_output=True, text=True,
        env={"PATH": str(clone / "bin"), **variables},
    )


def pretend_python(version):
    """A Python that answers what the script asks of it, and stops at making an environment."""
    return (
        f'case "$1" in -c) echo "$0 {version}";;\n'
        f' -m) echo "$0 $*" >&2; exit 1;; esac'
    )


def test_without_any_python_one_line_says_what_is_needed_and_how_to_get_it(clone):
    result = run(clone)
    assert result.returncode != 0
    assert result.stderr.count("\n") == 1
    assert "Python 3.10 or 3.11" in result.stderr and "apt-get install" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert not (clone / ".venv").exists()


def test_a_python_that_does_not_fit_is_named_and_refused(clone):
    put_on_path(clone, "python3.9", "exit 1")
    result = run(clone, PYTHON="python3.9")
    assert result.returncode != 0
    assert "PYTHON=python3.9 is not one" in result.stderr and result.stderr.count("\n") == 1


def test_python3_11_is_preferred_to_python3_10(clone):
    put_on_path(clone, "python3.10", pretend_python("3.10.13"))
    put_on_path(clone, "python3.11", pretend_python("3.11.7"))
    assert "Making .venv with Python 3.11.7" in run(clone).stdout


def test_python3_10_is_used_where_python3_11_does_not_work(clone):
    put_on_path(clone, "python3.11", "exit 127")
    put_on_path(clone, "python3.10", pretend_python("3.10.13"))
    assert "Making .venv with Python 3.10.13" in run(clone).stdout


def test_a_python_that_is_named_goes_before_those_on_the_path(clone):
    put_on_path(clone, "python3.11", pretend_python("3.11.7"))
    put_on_path(clone, "mine", pretend_python("3.10.1"))
    assert "Making .venv with Python 3.10.1 " in run(clone, PYTHON="mine").stdout


def test_uv_provides_python_where_the_path_has_only_a_newer_one(clone):
    put_on_path(clone, "given", pretend_python("3.11.9"))
    uv = f'[ "$1 $2" = "python find" ] && echo {clone}/bin/given || true'
    put_on_path(
        clone, "python3",
        f'[ "$1 $2" = "-m venv" ] || exit 1\nPATH={os.environ["PATH"]}\nmkdir -p .uv/bin\n'
        f"printf '#!/bin/sh\\n' >.uv/bin/python\n"
        f"cat >.uv/bin/uv <<'END'\n#!/bin/sh\n{uv}\nEND\nchmod +x .uv/bin/*",
    )
    result = run(clone)
    assert "asking uv" in result.stdout and "Making .venv with Python 3.11.9" in result.stdout


def put_python_that_installs_nothing_on_path(clone, pip="true"):
    """It writes down what it is asked to do, and finds a library missing while there is a file of that name."""
    put_on_path(
        clone, "python3.11",
        f'case "$*" in *flock*) exec {sys.executable} "$@";; *"import gluonbook"*)\n'
        ' [ ! -e missing ] || { echo "OSError: $(cat missing)" >&2; exit 1; };; esac\n'
        'case "$1" in -c) echo "$0 3.11.7";; -m) shift; echo "$*" >>calls;\n'
        f' [ "$1" = venv ] && {shutil.which("mkdir")} -p .venv/bin && {shutil.which("cp")} "$0" .venv/bin/python\n'
        f' if [ "$1" = pip ]; then {pip}; fi;; esac; true',
    )


def test_a_missing_library_is_named_in_one_line_and_once_it_is_there_the_next_attempt_goes_on(clone):
    put_python_that_installs_nothing_on_path(clone)
    (clone / "missing").write_text("libgomp.so.1: cannot open shared object file: No such file or directory\n")
    first = run(clone)
    assert first.returncode != 0 and first.stderr.count("\n") == 1
    assert "libgomp.so.1" in first.stderr and "apt-get install libgomp1 libquadmath0" in first.stderr
    (clone / "missing").unlink()
    assert run(clone).returncode == 0
    assert (clone / "calls").read_text().count("venv --clear .venv") == 1


def test_an_environment_that_is_up_to_date_is_left_alone_in_silence(clone):
    put_python_that_installs_nothing_on_path(clone)
    first = run(clone)
    assert first.returncode == 0, first.stderr
    second = run(clone)
    assert second.returncode == 0 and second.stdout == second.stderr == ""
    assert (clone / "calls").read_text().count("venv --clear .venv") == 1

    (clone / "constraints.txt").write_text("# changed\n")
    assert "Updating .venv" in run(clone).stdout
    assert (clone / "calls").read_text().count("venv --clear .venv") == 1


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_an_installation_that_was_stopped_is_begun_anew_when_nothing_of_it_runs_any_more(clone, signum):
    put_python_that_installs_nothing_on_path(clone, pip=f"echo >installing; exec {shutil.which('sleep')} 1")
    with subprocess.Popen([clone / "scripts" / "environment.sh"], cwd=clone, env={"PATH": str(clone / "bin")}) as process:
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

    put_python_that_installs_nothing_on_path(clone)
    assert "Making .venv" in run(clone).stdout
    assert (clone / ".venv" / "made-from").exists()


def test_the_tests_run_in_an_environment_that_has_the_locked_versions():
    locked = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if "==" in line and ";" not in line:
            name, version = line.split("==")
            locked[name] = version.strip()
    freeze = subprocess.run([sys.executable, "-m", "pip", "list", "--format", "freeze"], capture_output=True, text=True)
    installed = dict(line.lower().replace("_", "-").split("==") for line in freeze.stdout.splitlines())
    different = {name: installed[name] for name, version in locked.items() if installed.get(name, version) != version}
    assert len(locked) > 100 and not different
