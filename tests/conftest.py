"""What several tests share: the folder of the book, its notebooks, and the rendered pages."""

import subprocess
import sys
from pathlib import Path

import matplotlib
import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))

matplotlib.use("agg")  # figures are looked at through their data here, not in a window


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    """Each chapter's notebook in turn."""
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """The folder of the rendered book, built as `make html` builds it."""
    output = tmp_path_factory.mktemp("book")
    subprocess.run(
        [
            Path(sys.executable).with_name("jupyter-book"), "build", "--quiet",
            "--warningiserror", "--nitpick", "--keep-going", "--path-output", output, ROOT,
        ],
        check=True,
    )
    return output / "_build" / "html"
