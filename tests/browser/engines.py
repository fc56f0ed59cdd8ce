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
from websocket import create_connection

PACKAGES = {"firefox-esr": "firefox-esr", "WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}
# A WebKit within a window that is shown nowhere.
MINI_BROWSERS = "usr/lib/*/webkit2gtk-4.*/MiniBrowser"


@contextlib.contextmanager
def running(program, *arguments, **environment):
    """Runs a program meanwhile."""
    if not shutil.which(program):
        pytest.fail(f"this needs {program} on the PATH (Debian: apt-get install {PACKAGES[program]})", pytrace=False)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([program, *arguments], env={**os.environ, **environment}, **quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


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
    port = free_port()
    address = f"ws://127.0.0.1:{port}/session"
    options = ("--headless", "--no-remote", "--profile", folder, f"--remote-debugging-port={port}")
    with (
        running("firefox-esr", *options),
        contextlib.closing(
            patiently(lambda: create_connection(address, suppress_origin=True, timeout=60))
        ) as connection,
    ):
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


@contextlib.contextmanager
def webkit(folder):
    """The same in a WebKit, by WebDriver."""
    port, display = free_port(), f":{free_port()}"

    def ask(path, **body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/session{path}", data=data)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    where = {"DISPLAY": display, "HOME": str(folder)}
    how = {"WEBKIT_DISABLE_COMPOSITING_MODE": "1", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    with running("Xvfb", display, "-screen", "0", "1280x1024x24"):
        time.sleep(1)
        with running("WebKitWebDriver", f"--port={port}", **where, **how):
            options = {"binary": str(next(Path("/").glob(MINI_BROWSERS))), "args": ["--automation"]}
            capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            session = patiently(lambda: ask("", capabilities=capabilities))["sessionId"]

            def visit(url, script):
                ask(f"/{session}/url", url=url)
                call = f"const done = arguments[0]; ({script})().then(done)"
                return ask(f"/{session}/execute/async", script=call, args=[])

            yield visit


ENGINES = {"Firefox": firefox, "WebKit": webkit}
