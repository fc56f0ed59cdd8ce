"""What several tests share: the folder of the book, its notebooks, the rendered pages, and a browser."""

import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import matplotlib
import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="needs a chromium on the PATH (apt-get install chromium)")

matplotlib.use("agg")  # figures are looked at through their data here, not in a window


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    """Each chapter's notebook in turn."""
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """The folder of the rendered book, built as `make html` builds it, once for all processes that run tests."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    output = shared / "book"
    with open(shared / "book.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            build(output)
    return output / "_build" / "html"


def build(output):
    try:
        subprocess.run(
            [
                Path(sys.executable).with_name("jupyter-book"), "build", "--quiet",
                "--warningiserror", "--nitpick", "--keep-going", "--path-output", output, ROOT,
            ],
            check=True,
        )
    except subprocess.CalledProcessError:
        shutil.rmtree(output, ignore_errors=True)
        raise


def pages_of(html):
    """Every page of the rendered book, those for search and the index too."""
    return sorted([*html.glob("*.html"), *html.glob("chapters/*.html")])


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def server(html):
    """The address of the book on a server that does nothing but hand out files."""
    handler = functools.partial(QuietHandler, directory=html)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module", params=["served", "from disk"])
def address(request, html, server):
    """The address of the book, on a server and as a folder."""
    return server if request.param == "served" else html.as_uri()


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, one for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
