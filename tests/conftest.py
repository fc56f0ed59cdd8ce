"""What several tests share: the folder of the book, its notebooks, the rendered pages, and a JupyterLab."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request

import matplotlib
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from common import IN_THIS_ENVIRONMENT, NOTEBOOKS, ROOT, parsed_in, read

matplotlib.use("agg")  # figures are looked at through their data here, not in a window


def pytest_ignore_collect(collection_path, config):
    """Leaves tests/browser, whose packages may not be here, to whoever names it, or asks for `-m browser`."""
    return True if collection_path.name == "browser" and config.option.markexpr != "browser" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Puts all in an order that takes little time.

    The first file has the book built. Those that need the book, too, come when it is there, and quick ones at the end.
    """
    of_pages = [item.path for item in items if "html" in getattr(item, "fixturenames", ())]
    items.sort(key=lambda i: (i.path not in of_pages[:1], i.path.parent.name == "gluonbook", i.path in of_pages))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    """Each chapter's notebook in turn."""
    return read(request.param)


@pytest.fixture(scope="session")
def make(tmp_path_factory):
    """Runs make for what is named, one process that runs tests at a time."""
    shared = tmp_path_factory.getbasetemp().parent

    def make(target):
        with open(shared / "book.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            subprocess.run(["make", "--silent", *IN_THIS_ENVIRONMENT, *target.split()], cwd=ROOT, check=True)

    return make


@pytest.fixture(scope="session")
def html(make):
    """The folder of the rendered book, brought up to date by `make html`."""
    make("html")
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def parsed(html):
    """Every page, parsed, by its path in the book; for reading only."""
    return parsed_in(html)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """What a JupyterLab that `make lab` started in a copy of the book, where it may save what it likes, says of itself."""
    home = tmp_path_factory.mktemp("home")
    book = home / "我的 书"
    for folder in ("_ext", "chapters", "gluonbook", "jupyter", "scripts"):
        shutil.copytree(ROOT / folder, book / folder)
    shutil.copy(ROOT / "_toc.yml", book)
    (book / "playground").mkdir()
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), book / "playground" / "stranger.ipynb")
    folders = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    folders["JUPYTERLAB_SETTINGS_DIR"] = str(home / "settings")
    settings = home / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')  # all cells on the page, not only those in sight
    command = ["make", "--silent", f"--file={ROOT / 'Makefile'}", *IN_THIS_ENVIRONMENT, "lab"]
    variables = {**os.environ, **folders, "LANG": "C.UTF-8", "BROWSER": "true"}
    with open(home / "log", "w") as log:
        how = {"cwd": book, "env": variables, "stdout": log, "stderr": log, "start_new_session": True}
        server = subprocess.Popen(command, **how)
    try:
        told = what_is_told(home, server)
        yield {**told, "log": (home / "log").read_text(), "home": home, "folder": book / "playground"}
    finally:
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself, and said why
            os.killpg(server.pid, signal.SIGKILL)


def what_is_told(home, server):
    for _ in range(600):
        with contextlib.suppress(StopIteration, ValueError, OSError):  # until it says where it is, and answers
            told = json.loads(next((home / "RUNTIME").glob("jpserver-*.json")).read_text())
            urllib.request.urlopen(f"{told['url']}api/status?token={told['token']}", timeout=5)
            return told
        assert server.poll() is None, (home / "log").read_text()
        time.sleep(0.1)
    raise TimeoutError((home / "log").read_text())
