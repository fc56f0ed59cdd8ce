"""Make what can be read without a browser from the pages in _build/html: _build/pdf/….pdf or _build/epub/….epub.

    python scripts/build_paper.py pdf|epub

It also goes beside the pages; if it's the first of its kind there, they are written anew, since their menus offer it.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from _ext.paper import NAME  # noqa: E402
from _ext.paper.book import Book  # noqa: E402
from _ext.paper.epub import write_epub  # noqa: E402
from _ext.paper.pdf import print_book  # noqa: E402

from build_book import STAMP, alone, build  # noqa: E402
from common import CHROMIUM  # noqa: E402

MAKERS = {"pdf": print_book, "epub": write_epub}


def offer(path):
    copy = HTML / path.name
    is_new = not copy.exists()
    shutil.copy(path, copy)
    if is_new:
        since = STAMP.stat().st_mtime
        with alone():
            build(anew=False)
        os.utime(STAMP, (since, since))  # the text is as old as it was, and the other file as good


def main(kind):
    if not CHROMIUM:
        sys.exit("This needs a Chromium on the PATH (Debian, Ubuntu: apt-get install chromium)")
    path = ROOT / "_build" / kind / f"{NAME}.{kind}"
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f"draft.{kind}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        MAKERS[kind](Book(HTML), browser, draft)
        browser.close()
    os.replace(draft, path)
    offer(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
