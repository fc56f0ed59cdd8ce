"""What several tests share: the folder of the book, its notebooks, the rendered pages, and a browser."""

import contextlib
import fcntl
import functools
import gzip
import http.server
import os
import subprocess
import threading
from pathlib import Path

import matplotlib
import nbformat
import pytest
from bs4 import BeautifulSoup

from chromium import chromium
from common import IN_THIS_ENVIRONMENT, NOTEBOOKS, ROOT, pages_of

matplotlib.use("agg")  # figures are looked at through their data here, not in a window


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Marks what needs a browser, which `make test` leaves to `make pages`, and puts all in an order that takes little time.

    The first file has the book built. Those that need the book, too, come when it is there, and quick ones at the end.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    of_pages = [item.path for item in items if "html" in getattr(item, "fixturenames", ())]
    items.sort(key=lambda i: (i.path not in of_pages[:1], i.path.parent.name == "gluonbook", i.path in of_pages))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    """Each chapter's notebook in turn."""
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(scope="session")
def make(tmp_path_factory):
    """Runs make for what is named, one process that runs tests at a time."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def make(target):
        with open(shared / "book.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            subprocess.run(["make", "--silent", *IN_THIS_ENVIRONMENT, target], cwd=ROOT, check=True)

    return make


@pytest.fixture(scope="session")
def html(make):
    """The folder of the rendered book, brought up to date by `make html`."""
    make("html")
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def parsed(html):
    """Every page, parsed, by its path in the book; for reading only."""
    return {
        path.relative_to(html).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in pages_of(html)
    }


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class ZippingHandler(QuietHandler):
    """Hands out files compressed."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        data = gzip.compress(path.read_bytes(), 6) if path.is_file() else None
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", len(data))
        self.end_headers()
        self.wfile.write(data)


@contextlib.contextmanager
def serving(folder, handler):
    """The address at which a server hands out the files of a folder."""
    handler = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def server(html):
    """The address of the book on a server that does nothing but hand out files."""
    with serving(html, QuietHandler) as address:
        yield address


@pytest.fixture(scope="session")
def zipping_server(html):
    """The address of the book on a server that compresses."""
    with serving(html, ZippingHandler) as address:
        yield address


@pytest.fixture(scope="module", params=["served", "from disk"])
def address(request, html, server):
    """The address of the book, on a server and as a folder."""
    return server if request.param == "served" else html.as_uri()


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, one for all tests."""
    with chromium() as browser:
        yield browser
