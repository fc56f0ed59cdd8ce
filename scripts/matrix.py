"""Run the whole test suite where its results could come out otherwise, and print a table.

    python scripts/matrix.py

Each supported Python gets a clone of what is committed, in .matrix, with an environment of its own. There `make test`
runs with one thread and with two, and with settings of MXNet and of the libraries under it that stand in for other
machines. What each run printed is in .matrix/*.log. The command fails if one run does.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".matrix"
PYTHONS = ["python3.10", "python3.11"]
SETTINGS = {
    "one thread": {"OMP_NUM_THREADS": "1"},
    "two threads": {"OMP_NUM_THREADS": "2"},
    "no oneDNN": {"MXNET_MKLDNN_ENABLED": "0"},
    "oneDNN without AVX": {"DNNL_MAX_CPU_ISA": "SSE41"},
    "OpenBLAS of an old CPU": {"OPENBLAS_CORETYPE": "Nehalem"},
    "operators in order": {"MXNET_ENGINE_TYPE": "NaiveEngine"},
}


def clone(python):
    """Make a clone of the last commit, or bring it there, and its environment."""
    book = FOLDER / python
    if not (book / ".git").exists():
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", ROOT, book], check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    subprocess.run(["git", "fetch", "--quiet", "origin", commit.strip()], cwd=book, check=True)
    subprocess.run(["git", "checkout", "--quiet", "--force", "--detach", commit.strip()], cwd=book, check=True)
    subprocess.run(["make", "--silent", "environment", f"PYTHON={python}"], cwd=book, check=True)


def run(python, setting):
    """Run `make test`; say whether it passed, and what pytest counted and how long it took."""
    start = time.time()
    process = subprocess.run(
        ["make", "test", f"PYTHON={python}"], cwd=FOLDER / python, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **SETTINGS[setting]}, encoding="utf-8", errors="replace",
    )
    (FOLDER / f"{python}, {setting}.log").write_text(process.stdout, encoding="utf-8")
    counts = re.findall(r"\d+ (?:passed|failed|errors?|skipped)", process.stdout.rsplit("\n==", 1)[-1])
    return process.returncode == 0, f"{', '.join(counts) or 'failed'}, {time.time() - start:.0f} s"


def main():
    for python in PYTHONS:
        clone(python)
    passed = True
    print(f"{'':24}" + "".join(f"{python:28}" for python in PYTHONS), flush=True)
    for setting in SETTINGS:
        print(f"{setting:24}", end="", flush=True)
        for python in PYTHONS:
            ok, text = run(python, setting)
            passed &= ok
            print(f"{text:28}", end="", flush=True)
        print(flush=True)
    print("; ".join(f"{setting}: {name}={value}" for setting, values in SETTINGS.items() for name, value in values.items()))
    sys.exit(0 if passed else f"not all passed: see {FOLDER.name}/*.log")


if __name__ == "__main__":
    main()
