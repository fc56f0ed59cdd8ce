"""Run the whole test suite where its results could come out otherwise, and print a table.

    python scripts/quality/matrix.py [PYTHON ...]

Each Python, all from 3.10 to 3.14 that are here unless some are named, gets a clone of what is committed, in .matrix, with
an environment of its own. There `make test` runs with one thread and with two, and with settings of MXNet and of the
libraries under it that stand in for other machines. What each run printed is in .matrix/*.log. The command fails if
one run does.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".matrix"
SETTINGS = {
    "one thread": {"OMP_NUM_THREADS": "1"},
    "two threads": {"OMP_NUM_THREADS": "2"},
    "no oneDNN": {"MXNET_MKLDNN_ENABLED": "0"},
    "oneDNN without AVX": {"DNNL_MAX_CPU_ISA": "SSE41"},
    "OpenBLAS of an old CPU": {"OPENBLAS_CORETYPE": "Nehalem"},
    "operators in order": {"MXNET_ENGINE_TYPE": "NaiveEngine"},
}


def pythons():
    """The Pythons on the PATH and those that pyenv or uv keep which the book runs on, one of each version."""
    found = {}
    places = [".pyenv/versions/3.*/bin/python3", ".local/share/uv/python/cpython-3.*/bin/python3"]
    kept = [path for place in places for path in Path.home().glob(place)]
    for name in [*(shutil.which(f"python3.{minor}") for minor in range(10, 15)), *sorted(kept)]:
        version = name and subprocess.run([name, "--version"], capture_output=True, text=True).stdout
        if version and (minor := re.match(r"Python (3\.1[0-4])\.", version)):
            found.setdefault(minor[1], str(name))
    return [found[minor] for minor in sorted(found)]


def clone(python):
    """Make a clone of the last commit, or bring it there, and its environment; return its folder."""
    book = FOLDER / python.strip("/").replace("/", "-")
    if not (book / ".git").exists():
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", ROOT, book], check=True)
    subprocess.run(["git", "fetch", "--quiet", "origin", "HEAD"], cwd=book, check=True)
    subprocess.run(["git", "checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"], cwd=book, check=True)
    subprocess.run(["make", "--silent", "tests", f"PYTHON={python}"], cwd=book, check=True)
    return book


def run(python, book, setting):
    """Run `make test`; say whether it passed, and what pytest counted and how long it took."""
    start = time.time()
    process = subprocess.run(
        ["make", "test", f"PYTHON={python}"],
        cwd=book,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **SETTINGS[setting]},
        encoding="utf-8",
        errors="replace",
    )
    Path(f"{book}, {setting}.log").write_text(process.stdout, encoding="utf-8")
    counts = re.findall(r"\d+ (?:passed|failed|errors?|skipped)", process.stdout.rsplit("\n==", 1)[-1])
    return process.returncode == 0, f"{', '.join(counts) or 'failed'}, {time.time() - start:.0f} s"


def main():
    books = {python: clone(python) for python in sys.argv[1:] or pythons()}
    passed = True
    for python, book in books.items():
        print(python, flush=True)
        for setting, variables in SETTINGS.items():
            ok, text = run(python, book, setting)
            passed &= ok
            print(f"    {setting:24}{text:28}", *(f"{name}={value}" for name, value in variables.items()), flush=True)
    sys.exit(0 if passed else f"Not all passed: see {FOLDER.name}/*.log")


if __name__ == "__main__":
    main()
