"""Promises of scripts/playground.py: readers get a copy of their own, and nothing that they change is lost."""

import subprocess

import nbformat
import pytest
import translate
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import playground
from common import ROOT

RAN = new_output("stream", text="ran")


def write(path, source, *outputs):
    title = new_markdown_cell("# A title", id="title")
    nbformat.write(new_notebook(cells=[title, new_code_cell(source, id="cell", outputs=[*outputs])]), path)


def source_of(path):
    return nbformat.read(path, as_version=4).cells[1].source


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book with a chapter and its data, and a copy of both."""
    (tmp_path / "chapters").mkdir()
    write(tmp_path / "chapters" / "chapter.ipynb", "lr = 0.1")
    (tmp_path / "chapters" / "data.csv").write_text("1,2\n")
    contents = "parts:\n- caption: One\n  numbered: 1\n  chapters:\n  - file: chapters/chapter\n"
    (tmp_path / "_toc.yml").write_text(contents)
    monkeypatch.setattr(playground, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["playground.py"])
    playground.main()
    return tmp_path


def test_a_copy_has_the_chapters_and_their_data_and_follows_the_book(book):
    assert source_of(book / "playground" / "chapter.ipynb") == "lr = 0.1"
    assert (book / "playground" / "data.csv").read_text() == "1,2\n"
    assert (book / "playground" / "目录.md").read_text().endswith("## One\n\n1. [A title](chapter.ipynb)\n")
    write(book / "chapters" / "chapter.ipynb", "lr = 0.2")
    playground.main()
    assert source_of(book / "playground" / "chapter.ipynb") == "lr = 0.2"


@pytest.mark.parametrize("source, outputs, after", [("lr = 5", [], "lr = 5"), ("lr = 0.1", [RAN], "lr = 0.2")])
def test_what_a_reader_changed_stays_when_the_book_changes_and_to_run_a_copy_is_no_change(
    book, capsys, source, outputs, after
):
    write(book / "playground" / "chapter.ipynb", source, *outputs)
    write(book / "chapters" / "chapter.ipynb", "lr = 0.2")
    playground.main()
    assert source_of(book / "playground" / "chapter.ipynb") == after
    said = capsys.readouterr().out
    assert "make fresh CHAPTER=chapter" in said if after == "lr = 5" else said == ""


def test_the_original_comes_back_and_the_readers_version_is_kept_unless_it_was_only_run(book, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["playground.py", "--fresh", "chapter"])
    for number in (1, 2):
        write(book / "playground" / "chapter.ipynb", f"lr = {number}")
        playground.main()
        assert source_of(book / "playground" / "chapter.ipynb") == "lr = 0.1"
        assert source_of(book / "playground" / f"chapter-{number}.ipynb") == f"lr = {number}"
    assert "playground/chapter-2.ipynb" in capsys.readouterr().out
    write(book / "playground" / "chapter.ipynb", "lr = 0.1", RAN)
    playground.main()
    assert capsys.readouterr().out == "playground/chapter.ipynb is as the book has it\n"
    assert len(list((book / "playground").glob("*.ipynb"))) == 3
    assert "ran" not in (book / "playground" / "chapter.ipynb").read_text()


def make(folder, *arguments):
    command = ["make", "--no-print-directory", f"--file={ROOT / 'Makefile'}", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    "arguments", [["lab", "CHAPTER=momentum"], ["lab", "CHAPTER=chapter momentum"], ["fresh", "CHAPTER=own"], ["fresh"]]
)
def test_a_chapter_that_is_not_there_is_refused_at_once_with_the_names_of_those_that_are(book, arguments):
    write(book / "playground" / "own.ipynb", "lr = 5")
    refused = make(book, *arguments)
    assert refused.returncode != 0 and refused.stdout == ""
    assert f"CHAPTER must be one of chapter, got {arguments[-1].partition('=')[2] or 'nothing'}" in refused.stderr


@pytest.mark.parametrize("chapter", ["chapter", "chapter.ipynb", "chapters/chapter.ipynb", "playground/own.ipynb"])
def test_a_chapter_may_be_named_as_a_shell_completes_it_and_readers_open_what_is_theirs(book, chapter):
    write(book / "playground" / "own.ipynb", "lr = 5")
    opened = make(book, "--dry-run", "lab", f"CHAPTER={chapter}").stdout
    assert f"/lab/tree/{'own' if 'own' in chapter else 'chapter'}.ipynb" in opened


def test_in_english_the_copy_is_another_and_a_chapter_that_is_not_translated_is_the_chinese_one(
    book, monkeypatch, capsys
):
    source = book / "_build" / "en"
    (source / "chapters").mkdir(parents=True)
    (source / "_toc.yml").write_text((book / "_toc.yml").read_text())
    write(source / "chapters" / "chapter.ipynb", "lr = 0.1  # in English")
    write(book / "chapters" / "other.ipynb", "lr = 0.3")
    monkeypatch.setattr(playground, "EDITION", "en")
    monkeypatch.setattr(translate, "write_source", lambda edition: None)  # it is written above
    playground.main()
    copy = book / "playground" / "en"
    assert source_of(copy / "chapter.ipynb") == "lr = 0.1  # in English"
    assert source_of(copy / "other.ipynb") == "lr = 0.3"
    write(copy / "chapter.ipynb", "lr = 5")
    playground.main()
    said = "playground/en/chapter.ipynb stays as you changed it; make fresh EDITION=en CHAPTER=chapter brings"
    assert said in capsys.readouterr().out
