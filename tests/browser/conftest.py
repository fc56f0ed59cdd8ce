"""What the tests that open pages share: a browser, and the book on a server and as a folder."""

import asyncio
import contextlib
import threading

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

from chromium import chromium


def pytest_itemcollected(item):
    item.add_marker("browser")


@pytest.fixture(scope="session")
def server(html):
    """The address of the book on a server that does nothing but hand out files, compressed."""
    files = Application([("/(.*)", StaticFileHandler, {"path": html})], compress_response=True)
    (listener,) = bind_sockets(0, "127.0.0.1")

    async def serve():
        HTTPServer(files).add_socket(listener)
        await asyncio.Event().wait()

    threading.Thread(target=asyncio.run, args=[serve()], daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module", params=["served", "from disk"])
def address(request, html, server):
    """The address of the book, on a server and as a folder."""
    return server if request.param == "served" else html.as_uri()


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, one for all tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def new_page(browser):
    """Opens a page with options of its own, and closes it when the test is over."""
    with contextlib.ExitStack() as pages:
        yield lambda **options: pages.enter_context(browser.new_page(**options))
