"""Make what can be read without a browser from the pages in _build/html.

    python scripts/build_paper.py _build/pdf/NAME.pdf
    python scripts/build_paper.py _build/epub/NAME.epub

It also goes beside the pages; if it's the first of its kind there, they are written anew, since their menus offer it.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from _ext.paper.book import Book  # noqa: E402
from _ext.paper.epub import write_epub  # noqa: E402
from _ext.paper.pdf import print_book  # noqa: E402

from build_book import STAMP, alone, build  # noqa: E402
from chromium import chromium  # noqa: E402

MAKERS = {".pdf": print_book, ".epub": write_epub}


def main(path):
    path.parent.mkdir(exist_ok=True)
    draft, copy = path.with_stem("draft"), STAMP.with_name(path.name)
    with chromium() as browser:
        MAKERS[path.suffix](Book(STAMP.parent), browser, draft)
    os.replace(draft, path)
    is_new = not copy.exists()
    shutil.copy(path, copy)
    if is_new:
        since = STAMP.stat().st_mtime
        alone()
        build(anew=False)
        os.utime(STAMP, (since, since))  # the text is as old as it was, and the other file as good


if __name__ == "__main__":
    main(Path(sys.argv[1]))
