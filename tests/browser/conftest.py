"""What the tests that open pages share: a browser, and the book on a server and as a folder."""

import contextlib
import functools
import gzip
import http.server
import threading
from pathlib import Path

import pytest

from chromium import chromium


def pytest_itemcollected(item):
    item.add_marker("browser")


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
