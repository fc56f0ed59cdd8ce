"""Promises to readers who work through the notebooks in JupyterLab, as `make lab` opens it."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request

import pytest

from conftest import IN_THIS_ENVIRONMENT, ROOT

CHAPTER = "weight-decay-scratch"  # has a box, numbered formulas and all else that a text cell may hold

@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that `make lab` started in a copy of the book, where it may save what it likes."""
    book = tmp_path_factory.mktemp("book")
    for folder in ("chapters", "gluonbook"):
        shutil.copytree(ROOT / folder, book / folder)
    folders = {f"JUPYTER_{name}_DIR": str(book / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    folders["JUPYTERLAB_SETTINGS_DIR"] = str(book / "settings")
    settings = {
        book / "CONFIG" / "jupyter_server_config.json": {"ServerApp": {"open_browser": False}},
        # All cells on the page, not only those in sight.
        book / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings": {"windowingMode": "none"},
    }
    for path, setting in settings.items():
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(setting))
    with open(book / "log", "w") as log:
        server = subprocess.Popen(
            ["make", "--silent", f"--file={ROOT / 'Makefile'}", *IN_THIS_ENVIRONMENT, "lab", f"CHAPTER={CHAPTER}"],
            cwd=book, env={**os.environ, **folders, "LANG": "C.UTF-8"}, stdout=log, stderr=log, start_new_session=True,
        )
    try:
        yield address(book, server)
    finally:
        os.killpg(server.pid, signal.SIGKILL)


def address(book, server):
    for _ in range(600):
        for path in (book / "RUNTIME").glob("jpserver-*.json"):
            told = json.loads(path.read_text() or "{}")
            if told and answers(f"{told['url']}api/status?token={told['token']}"):
                return f"{told['url']}lab/tree/{CHAPTER}.ipynb?token={told['token']}&reset"
        assert server.poll() is None, (book / "log").read_text()
        time.sleep(0.1)
    raise TimeoutError((book / "log").read_text())


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def page(lab, browser):
    """The chapter, opened in JupyterLab."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(lab)
    page.wait_for_selector(".jp-MarkdownCell:last-child .myst a", state="attached")  # 延伸阅读, the last cell
    page.wait_for_timeout(1000)  # for the references
    yield page
    page.close()


def test_the_text_is_shown_without_its_markup(page):
    text = "\n".join(page.locator(".jp-MarkdownCell .myst").all_text_contents())
    assert "学完本章，你将能够" in text
    assert not re.findall(r":::|```|\{[a-z:-]+\}`|\(fig-|\(ex-|\]\(|\*\*|%s", text)
    assert page.locator(".myst .katex").count() > 50
    assert page.locator(".myst .katex-error, .myst [title$='Not Found']").count() == 0
    links = page.locator(".myst a[href^='#']").evaluate_all("links => links.map(link => link.getAttribute('href').slice(1))")
    assert links and not [label for label in links if not label or not page.locator(f"[id='{label}']").count()]
    assert page.locator("[role=dialog], .Toastify__toast").count() == 0


def test_every_figure_is_drawn_with_its_caption_below(page):
    figures = page.locator(".jp-OutputArea img[src^='data:image/svg+xml'], .jp-RenderedSVG img, .jp-RenderedSVG svg")
    captions = page.locator(".jp-MarkdownCell .myst strong").filter(has_text=re.compile(r"^图 \d"))
    assert figures.count() == captions.count() > 0
    assert "Figure:" not in "".join(page.locator(".jp-OutputArea").all_text_contents())


def test_every_solution_is_folded_until_it_is_asked_for(page):
    solutions = page.locator(".jp-MarkdownCell", has=page.locator("h4", has_text="解答"))
    assert solutions.count() >= 3
    for number in range(solutions.count()):
        solution = solutions.nth(number)
        behind = solution.locator("xpath=following-sibling::*[1]")
        assert not behind.is_visible()
        solution.locator(".jp-showHiddenCellsButton").click()
        assert behind.is_visible()


def test_a_chapter_runs_to_its_end_without_an_error(page):
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    stored = prompts.all_text_contents()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    waiting = "[...document.querySelectorAll('.jp-InputPrompt')].some(prompt => prompt.innerText == '[*]:')"
    page.wait_for_function(waiting)
    page.wait_for_function(f"!{waiting}", timeout=300_000)
    assert prompts.all_text_contents() == stored
    assert page.locator("[data-mime-type='application/vnd.jupyter.error'], [data-mime-type$='stderr']").count() == 0
