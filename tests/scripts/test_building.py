"""Promises of make html: it makes what changed, and never takes for complete what was stopped or failed."""

import os
import shutil
import subprocess

import pytest

import build_book
from common import IN_THIS_ENVIRONMENT, ROOT

INNERMOST = "_ext/room/templates/static/macros.html"


@pytest.fixture
def book(tmp_path):
    """A book that the Makefile takes for this one, and in place of what builds it a note of how it was called."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    names = "_config.yml _toc.yml references.bib chapters/chapter.ipynb scripts/build_book.py scripts/pack.py"
    for name in [*names.split(), INNERMOST]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(
        "#!/bin/sh\n[ $1 = scripts/build_book.py ] || exec touch $2\n"
        'shift\nmkdir -p _build/html\necho "built $*"\ntouch _build/html/.complete\n'
    )
    python.chmod(0o755)
    return tmp_path


def make_html(book):
    command = ["make", "--silent", *IN_THIS_ENVIRONMENT, "BIN=bin", "html"]
    return subprocess.run(command, cwd=book, check=True, capture_output=True, text=True).stdout


def test_what_changed_is_made_anew_and_the_whole_book_if_the_pages_share_it(book):
    assert "built --anew\n" in make_html(book)
    assert "built" not in make_html(book)
    later = (book / "_build" / "html" / ".complete").stat().st_mtime + 1
    os.utime(book / "chapters" / "chapter.ipynb", (later, later))
    assert "built \n" in make_html(book)
    for shared in ("_config.yml", INNERMOST):
        later += 1
        os.utime(book / shared, (later, later))
        assert "built --anew\n" in make_html(book)
        os.utime(book / "_build" / "html" / ".complete", (later, later))
    (book / "_build" / "html" / ".complete").unlink()
    assert "built --anew\n" in make_html(book)


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError("a warning"), OSError("No space left on device")])
@pytest.mark.parametrize("anew", [False, True], ids=["changes", "anew"])
def test_a_build_that_was_stopped_or_failed_is_begun_anew(tmp_path, monkeypatch, end, anew):
    page = tmp_path / "_build" / "html" / "page.html"
    stamp = page.with_name(".complete")
    monkeypatch.setattr(build_book, "ROOT", tmp_path)
    monkeypatch.setattr(build_book, "STAMP", stamp)
    monkeypatch.setattr(build_book, "DRAFT", page.with_name(".incomplete"))

    def build(anew=False, then=None):
        def write(*_, **__):
            page.write_text(f"{page.exists()}")
            if then:
                raise then

        monkeypatch.setattr(build_book, "jupyter_book", write)
        build_book.build(anew)

    build()
    assert stamp.exists()
    with pytest.raises((KeyboardInterrupt, SystemExit, OSError)):
        build(anew, then=end)
    assert not stamp.exists()
    build()
    assert stamp.exists() and page.read_text() == "False"
    build()
    assert page.read_text() == "True"
