"""Build the book in _build/html: what changed since it was last complete or, with --anew, all of it.

    python scripts/build_book.py [--anew]

Of another edition, which EDITION names, the source and the pages are in _build/en: see translate.py.
Where the pages will stand, and where their source is, BOOK_ADDRESS and BOOK_REPOSITORY say, if they are set: see _ext/published.

A warning is an error. Until the last page is finished there is no stamp, and where there is none the next build starts
anew: after one that failed or was stopped, it neither takes half a page for a whole one nor passes over warnings.
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path

from jupyter_book.cli.main import main as jupyter_book
from sphinx.ext.autodoc.mock import mock

ROOT = Path(__file__).resolve().parents[1]
EDITION = os.environ.get("EDITION") or "zh"
SOURCE = ROOT if EDITION == "zh" else ROOT / "_build" / EDITION
STAMP = SOURCE / "_build" / "html" / ".complete"
DRAFT = STAMP.with_name(".incomplete")


def alone():
    """Wait until no other process builds, for as long as this one runs; one may go on although its make was stopped."""
    fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_EX)


def build(anew):
    if STAMP.exists() and not anew:
        os.replace(STAMP, DRAFT)
    else:
        STAMP.unlink(missing_ok=True)  # before the rest, since this may be stopped as well
        shutil.rmtree(STAMP.parents[1], ignore_errors=True)
        STAMP.parent.mkdir(parents=True)
    DRAFT.touch()  # as old as the start: what is edited while the book is built is newer
    try:
        options = ["--quiet", "--warningiserror", "--nitpick", "--keep-going"]
        with mock(["mxnet"]):  # to describe the helper and draw its figures takes no MXNet, whose import takes long
            jupyter_book(["build", *options, str(SOURCE)], standalone_mode=False)
    except RuntimeError as error:
        sys.exit(str(error))
    os.replace(DRAFT, STAMP)


if __name__ == "__main__":
    alone()
    if EDITION != "zh":
        from translate import write_source

        write_source(EDITION)
        sys.path.insert(0, str(SOURCE))  # whose rooms read what lies beside them
    build(anew="--anew" in sys.argv[1:])
