"""Run the chapters with all claims taken out, and compare every other output: none may depend on a claim.

python scripts/quality/without_claims.py [CHAPTER ...]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from copies import copy_checks
from play import is_claim

ROOT = Path(__file__).resolve().parents[2]


def main(chapters):
    with tempfile.TemporaryDirectory(prefix="without-claims-") as folder:
        book = Path(folder)
        copy_checks(ROOT, book)
        for path in (book / "chapters").glob("*.ipynb"):
            notebook = nbformat.read(path, as_version=4)
            kept = [cell for cell in notebook.cells if not is_claim(cell)]
            print(f"{path.stem:26} {len(notebook.cells) - len(kept):3} cells of claims taken out", flush=True)
            notebook.cells = kept
            nbformat.write(notebook, path)
        names = [f"chapters/{name}.ipynb" for name in chapters] or ["chapters"]
        return subprocess.call(
            [sys.executable, "-m", "pytest", "-q", "--numprocesses=auto", *names],
            cwd=book,
            env={**os.environ, "PYTHONPATH": folder, "OMP_NUM_THREADS": "1"},
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
