"""Stop the book's commands at random moments, and check that nothing is lost and that the next run succeeds.

    python scripts/quality/interruptions.py [--times 20] [--seed N] [html] [notebooks] [test]

It works on a copy of the book as it stands, in a temporary folder, with the environment it runs in. Each command is
stopped by the signals in turn, sent to make alone or to all that it started, and once by a disk that is full. After
each stop every file of the book must be as it was, nothing may be left that git would add, and no process may go on;
then the command must succeed, leave every file as it was too, and make the same pages as if nothing had happened.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]

# With these, make runs what it runs in .venv in the environment of this process, as it stands.
OLD = ("readers", "tests", "maintainers", ".venv/made-from")
IN_THIS_ENVIRONMENT = [f"BIN={Path(sys.executable).parent}", *(f"--old-file={name}" for name in OLD)]

STOPS = [  # the signal, and whether all get it, as from a terminal, or make alone, as from a supervisor
    (signal.SIGINT, True),
    (signal.SIGTERM, True),
    (signal.SIGKILL, True),
    (signal.SIGTERM, False),
    (signal.SIGKILL, False),
]
PATIENCE = 30  # seconds for what was stopped to end
SMALL_DISK = ["unshare", "--map-root-user", "--mount", "sh", "-c", 'mount -t tmpfs -o size=1g tmpfs "$0" && exec "$@"']
DISK_FULL = "No space left on device"


def copy_book(book):
    """Copy the book, as it stands, to the new folder `book`, and let git know its files there."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in filter(None, subprocess.check_output(listed, cwd=ROOT, text=True).split("\0")):
        if (ROOT / name).is_file():
            (book / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, book / name)
    subprocess.run("git init --quiet && git add --all", shell=True, cwd=book, check=True)


def files_of(book):
    """Every file of the book with its bytes, and also what git would add to them."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.check_output(listed, cwd=book, text=True).split("\0")
    return {name: (book / name).read_bytes() if (book / name).is_file() else None for name in filter(None, names)}


def pages_of(book):
    """Every file of the rendered book, without what depends on the pages that were made in one go."""
    html = book / "_build" / "html"
    return {
        path.relative_to(html): re.sub(rb"\?v=\w+", b"", path.read_bytes())
        for path in html.rglob("*")
        if path.is_file() and path.name != "searchindex.js"  # the book has its own
    }


def log_of(book):
    """Where the command's output goes: beside the disk that the book is on, which may be full."""
    return book.parent.with_suffix(".log")


def start(book, command):
    with open(log_of(book), "w") as log:
        return subprocess.Popen(
            ["make", *IN_THIS_ENVIRONMENT, command],
            cwd=book,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(book), "INTERRUPTED_BOOK": str(book)},
        )


def output(book):
    return log_of(book).read_text(errors="replace")


def still_running(book):
    """The processes that a command started; those that rename themselves lose their variables, but work in the book."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = process.environ().get("INTERRUPTED_BOOK") == str(book) or Path(process.cwd()).is_relative_to(book)
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            pass
    return found


def wait_until_all_ended(book):
    """Return what is wrong: which processes went on, which are then ended."""
    deadline = time.monotonic() + PATIENCE
    while (left := still_running(book)) and time.monotonic() < deadline:
        time.sleep(0.2)
    problems = [f"{PATIENCE} s later there still was {' '.join(process.cmdline())}" for process in left]
    for process in left:
        process.kill()
    psutil.wait_procs(left)
    return problems


def prepare(book, draw):
    """Leave the command to make everything, one page, all pages, or nothing."""
    match draw.choice(["everything", "page", "pages", "nothing"]):
        case "everything":
            shutil.rmtree(book / "_build", ignore_errors=True)
        case "page":
            os.utime(book / "chapters" / "momentum-gluon.ipynb")
        case "pages":
            os.utime(book / "_config.yml")


def must_succeed(book, command, files, pages=None):
    """Return what is wrong after running the command to its end."""
    problems = []
    if start(book, command).wait():
        problems.append(f"the next run failed:\n{output(book)[-3000:]}")
    problems += differences("after the next run, ", files, files_of(book))
    if pages:
        problems += differences("in the pages, ", pages, pages_of(book))
    return problems


def differences(where, before, after):
    return [f"{where}{name} changed" for name in {**before, **after} if before.get(name) != after.get(name)]


def stop(book, command, signum, everyone, moment):
    """Stop the command at that moment, in seconds; return whether it was still running, and what is wrong."""
    process = start(book, command)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        (os.killpg if everyone else os.kill)(process.pid, signum)
    stopped = process.wait(10 * PATIENCE) != 0
    if signum == signal.SIGKILL and not everyone:
        return stopped, []  # what make started can't know: the next run has to get along with it
    return stopped, wait_until_all_ended(book)


def name_of(signum, everyone):
    return f"{signum.name}{'' if everyone else ' to make'}"


def check(book, small_disk, command, times, draw):
    """Stop the command so many times; return the row of the table on it."""
    failures = 0

    def report(what, problems):
        nonlocal failures
        failures += bool(problems)
        print(f"{command}, {what}: {'; '.join(problems) or 'fine'}", flush=True)

    files = files_of(book)
    begin = time.monotonic()
    problems = must_succeed(book, command, files)
    duration = time.monotonic() - begin
    report(f"undisturbed, {duration:.0f} s", problems)
    pages = pages_of(book) if command == "html" else None

    stops = Counter()
    while stops.total() < times:
        signum, everyone = way = STOPS[stops.total() % len(STOPS)]
        prepare(book, draw)
        moment = draw.uniform(0, duration)
        stopped, problems = stop(book, command, signum, everyone, moment)
        if not stopped:  # it had less to do this time, or was just ready: draw another moment
            continue
        problems += differences("", files, files_of(book)) + must_succeed(book, command, files, pages)
        stops[name_of(*way)] += 1
        report(f"{name_of(*way)} after {moment:.2f} s", problems + wait_until_all_ended(book))

    full_disk = "left out"
    if shutil.which("unshare") and not subprocess.run([*SMALL_DISK, small_disk, "true"]).returncode:
        full_disk = 1
        again = [sys.executable, __file__, "--small-disk", small_disk, "--seed", str(draw.randrange(10**6)), command]
        result = subprocess.run([*SMALL_DISK, small_disk, *again], stderr=subprocess.PIPE, text=True)
        report("full disk", [result.stderr] if result.returncode else [])
    return command, stops, full_disk, failures


def on_small_disk(book, command, draw):
    """Run the command on a copy with less room than it needs, then with enough; return what is wrong."""
    copy_book(book)
    files = files_of(book)
    room = draw.uniform(0, 10e6)  # half of what the rendered book takes
    if command == "notebooks":  # nothing is written unless there is something to store
        for path in book.glob("chapters/*.ipynb"):
            path.write_text(path.read_text().replace('"execution_count": 1,', '"execution_count": 99,'))
        room = draw.uniform(0, min(path.stat().st_size for path in book.glob("chapters/*.ipynb")))
    before = files_of(book)
    ballast = book / "ballast.tmp"
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, int(shutil.disk_usage(book).free - room))
    problems = []
    if start(book, command).wait() == 0:
        problems.append("it succeeds on a full disk")
    elif DISK_FULL not in output(book):
        problems.append(f"it doesn't say that the disk is full:\n{output(book)[-3000:]}")
    problems += wait_until_all_ended(book) + differences("on a full disk, ", before, files_of(book))
    ballast.unlink()
    return problems + must_succeed(book, command, files)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commands", nargs="*", default=["html", "notebooks", "test"])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--small-disk", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # or in the background all would ignore it
    if arguments.small_disk:
        sys.exit("\n".join(on_small_disk(arguments.small_disk / "book", *arguments.commands, draw)) or 0)

    print(f"Seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        book, small_disk = Path(folder, "large-disk", "book").resolve(), Path(folder, "small-disk").resolve()
        copy_book(book)
        small_disk.mkdir()
        try:
            rows = [check(book, small_disk, command, arguments.times, draw) for command in arguments.commands]
        finally:
            for process in still_running(book):
                process.kill()
    names = [name_of(*way) for way in STOPS]
    print("", "  ".join([f"{'command':10}", *names, "full disk", "failures"]), sep="\n")
    for command, stops, full_disk, failures in rows:
        counts = [f"{stops[name]:{len(name)}}" for name in names]
        print("  ".join([f"{command:10}", *counts, f"{full_disk:>9}", f"{failures:8}"]))
    if "left out" in [full_disk for _, _, full_disk, _ in rows]:
        print("LEFT OUT: the full disk. It takes a system where `unshare --map-root-user --mount` may mount one.")
    sys.exit(any(failures for *_, failures in rows))


if __name__ == "__main__":
    main()
