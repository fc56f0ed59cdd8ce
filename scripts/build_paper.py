"""Make what can be read without a browser from the pages in _build/html: _build/pdf/….pdf or _build/epub/….epub.

    python scripts/build_paper.py pdf|epub

It also goes beside the pages; if it's the first of its kind there, they are written anew, since their menus offer it.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
sys.path.insert(0, str(ROOT / "_ext"))

from build_book import STAMP, alone, build  # noqa: E402
from chromium import chromium  # noqa: E402
from paper import NAME  # noqa: E402
from paper.book import Book  # noqa: E402
from paper.epub import write_epub  # noqa: E402
from paper.pdf import print_book  # noqa: E402

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
    path = ROOT / "_build" / kind / f"{NAME}.{kind}"
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f"draft.{kind}")
    with chromium() as browser:
        MAKERS[kind](Book(HTML), browser, draft)
    os.replace(draft, path)
    offer(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
