"""Firefox and WebKit (WebKitGTK, the engine of Safari), driven by their own protocols: Playwright drives neither of Debian's."""

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

# A WebKit within a window that is shown nowhere.
MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"


def need(program, package):
    if not shutil.which(program):
        pytest.fail(f"this needs {program} on the PATH (Debian: apt-get install {package})", pytrace=False)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def patiently(attempt):
    """What `attempt` returns once it doesn't fail any more, for half a minute."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            return attempt()
        time.sleep(0.3)
    return attempt()


@contextlib.contextmanager
def firefox(folder):
    """A function that opens an address in a Firefox, and returns what a script says there; by WebDriver BiDi."""
    from websocket import create_connection

    need("firefox-esr", "firefox-esr")
    port = free_port()
    command = ["firefox-esr", "--headless", "--no-remote", "--profile", folder, f"--remote-debugging-port={port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"ws://127.0.0.1:{port}/session"
        connection = patiently(lambda: create_connection(address, suppress_origin=True, timeout=60))
        numbers = itertools.count(1)

        def ask(method, **parameters):
            number = next(numbers)
            connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
            while (answer := json.loads(connection.recv())).get("id") != number:
                pass
            return answer["result"]

        ask("session.new", capabilities={})
        window = ask("browsingContext.getTree")["contexts"][0]["context"]

        def visit(url, script):
            ask("browsingContext.navigate", context=window, url=url, wait="complete")
            text = f"(async () => JSON.stringify(await ({script})()))()"
            answer = ask("script.evaluate", expression=text, target={"context": window}, awaitPromise=True)
            return json.loads(answer["result"]["value"])

        yield visit
        connection.close()
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def webkit(folder):
    """The same in a WebKit, by WebDriver."""
    need("WebKitWebDriver", "webkit2gtk-driver")
    need("Xvfb", "xvfb")
    port, display = free_port(), f":{free_port()}"
    environment = {**os.environ, "DISPLAY": display, "HOME": str(folder)}
    environment.update(WEBKIT_DISABLE_COMPOSITING_MODE="1", WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS="1")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    screen = subprocess.Popen(["Xvfb", display, "-screen", "0", "1280x1024x24"], **quiet)
    time.sleep(1)
    driver = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env=environment, **quiet)

    def ask(path, **body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/session{path}", data=data)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    try:
        binary = next(str(path) for path in Path("/").glob(MINI_BROWSERS[1:]))
        options = {"webkitgtk:browserOptions": {"binary": binary, "args": ["--automation"]}}
        session = patiently(lambda: ask("", capabilities={"alwaysMatch": options}))["sessionId"]

        def visit(url, script):
            ask(f"/{session}/url", url=url)
            call = f"const done = arguments[0]; ({script})().then(done)"
            return ask(f"/{session}/execute/async", script=call, args=[])

        yield visit
    finally:
        driver.terminate()
        driver.wait()
        screen.terminate()
        screen.wait()


@contextlib.contextmanager
def chromium(browser):
    """The same in the Chromium of the other tests."""
    with browser.new_context() as context:
        page = context.new_page()

        def visit(url, script):
            page.goto(url)
            return page.evaluate(f"({script})()")

        yield visit


ENGINES = {"Firefox": firefox, "WebKit": webkit}
