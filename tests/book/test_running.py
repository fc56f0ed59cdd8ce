"""Promises to readers who want to run what they read: one file with the whole book, and notebooks that say what they need."""

import json
import re
import subprocess
import sys
import types
import zipfile

import nbformat
import pytest

from _ext.paper import NAME
from _ext.running import launchers

from common import NOTEBOOKS, ROOT, small_book
from pack import pack, tracked

ARCHIVE = ROOT / "_build" / "html" / f"{NAME}.zip"


def test_every_page_offers_the_whole_book(parsed, html):
    for name, page in parsed.items():
        link = page.find("a", string="下载全书")
        assert (html / name).parent.joinpath(link["href"]).resolve() == ARCHIVE


def test_the_archive_holds_the_tracked_files_as_they_are_and_nothing_else(html):
    with zipfile.ZipFile(ARCHIVE) as archive:
        held = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
        assert {name.partition("/")[0] for name in archive.namelist()} == {NAME}
        assert archive.getinfo(f"{NAME}/environment/setup.sh").external_attr >> 16 & 0o111
    assert held == {name: (ROOT / name).read_bytes() for name in tracked(ROOT)}
    assert {"Makefile", "README.md", "index.md", "chapters/diabetes.csv", ".gitignore"} <= held.keys()
    assert not [name for name in held if name.startswith((".venv", "_build", ".git/"))]


@pytest.fixture
def unpacked(html, tmp_path):
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)  # which loses who may run what
    return tmp_path / NAME


def test_what_was_unpacked_and_used_gives_the_same_archive_to_the_byte(unpacked):
    with zipfile.ZipFile(ARCHIVE) as archive:
        for info in archive.infolist():
            (unpacked.parent / info.filename).chmod(info.external_attr >> 16 & 0o777)
    waste = "_build/html/index.html .venv/made-from gluonbook/__pycache__/a.pyc chapters/a.tmp x/.ipynb_checkpoints/b"
    for name in waste.split():
        (unpacked / name).parent.mkdir(parents=True, exist_ok=True)
        (unpacked / name).write_text("waste")
    again = unpacked.parent / ARCHIVE.name
    pack(unpacked, again)
    assert again.read_bytes() == ARCHIVE.read_bytes()


def test_the_commands_are_found_in_the_archive_by_make_that_knows_no_git(unpacked):
    plan = ["make", "--dry-run", "html", "test"]
    printed = subprocess.run(plan, cwd=unpacked, capture_output=True, text=True, check=True)
    assert "sh environment/setup.sh readers" in printed.stdout and "build_book.py" in printed.stdout
    assert printed.stderr == ""


def data_of(path):
    return sorted(set(re.findall(r"[\w-]+\.csv", path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("chapter", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_offers_the_command_that_opens_it_its_notebook_and_its_data(parsed, html, chapter):
    box = parsed[f"chapters/{chapter.stem}.html"].select_one(".open-in-jupyterlab")
    assert box.code.get_text() == f"make lab CHAPTER={chapter.stem}"
    whole, *files = [(html / "chapters" / link["href"]).resolve() for link in box.select("a.download")]
    assert whole == ARCHIVE
    assert [file.name for file in files] == [chapter.name, *data_of(chapter)]
    for file in files[1:]:
        assert file.read_bytes() == chapter.with_name(file.name).read_bytes()


@pytest.mark.parametrize("chapter", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_on_offer_is_the_stored_one_with_a_cell_before_its_code_that_says_what_it_needs(
    html, chapter, monkeypatch, tmp_path
):
    stored = json.loads(chapter.read_text(encoding="utf-8"))
    text = (html / "_sources" / "chapters" / chapter.name).read_text(encoding="utf-8")
    nbformat.validate(nbformat.reads(text, as_version=4))
    offered = json.loads(text)
    first = next(number for number, cell in enumerate(offered["cells"]) if cell["cell_type"] == "code")
    check = "".join(offered["cells"].pop(first)["source"])
    assert offered == stored

    monkeypatch.chdir(chapter.parent)
    exec(check, {})  # with all that it needs, it is silent
    monkeypatch.chdir(tmp_path)
    if data_of(chapter):
        with pytest.raises(ImportError, match=data_of(chapter)[0]):
            exec(check, {})
    for other in (None, types.ModuleType("gluonbook")):  # none, or another package of the name, such as PyPI's
        monkeypatch.setitem(sys.modules, "gluonbook", other)
        with pytest.raises(ImportError) as error:
            exec(check, {})
        (line,) = error.value._render_traceback_()  # all that Jupyter shows of it
        assert "下载全书" in line and f"make lab CHAPTER={chapter.stem}" in line


def test_where_the_repository_is_known_the_book_can_be_launched_and_its_source_is_named(tmp_path, monkeypatch):
    repository = "https://github.com/someone/book"
    source = {"index": "# A book\n\n```{get-the-book}\n```\n"}

    def links(folder):
        folder.mkdir()
        page = small_book(folder, source, "myst_parser", "_ext.published", "_ext.running")["index"]
        return {link.get_text(): link["href"] for link in page.select(".get-the-book a")}

    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    assert links(tmp_path / "unknown") == {"下载全书": ARCHIVE.name}
    monkeypatch.setenv("BOOK_REPOSITORY", repository)
    assert links(tmp_path / "known") == {
        "下载全书": ARCHIVE.name,
        "在 Binder 里打开": "https://mybinder.org/v2/gh/someone/book/HEAD?urlpath=lab",
        "在 Codespaces 里打开": "https://codespaces.new/someone/book",
        "源代码": repository,
    }
    monkeypatch.setenv("BOOK_REPOSITORY", "https://git.example.org/someone/book")
    assert list(links(tmp_path / "elsewhere")) == ["下载全书", "源代码"]


def test_a_chapter_is_launched_in_the_copy_that_readers_change():
    address = launchers("https://github.com/someone/book", "momentum-gluon")["Binder"]
    assert address.endswith("/HEAD?urlpath=lab/tree/playground/momentum-gluon.ipynb")
