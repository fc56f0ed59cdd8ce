"""Promises of scripts/playground.py: readers get a copy of their own, and nothing that they change is lost."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import playground


def write(path, source, *outputs):
    nbformat.write(new_notebook(cells=[new_code_cell(source, id="cell", outputs=[*outputs])]), path)


def source_of(path):
    return nbformat.read(path, as_version=4).cells[0].source


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book with a chapter and its data, and a copy of both."""
    (tmp_path / "chapters").mkdir()
    write(tmp_path / "chapters" / "chapter.ipynb", "lr = 0.1")
    (tmp_path / "chapters" / "data.csv").write_text("1,2\n")
    monkeypatch.setattr(playground, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["playground.py"])
    playground.main()
    return tmp_path


def test_a_copy_has_the_chapters_and_their_data_and_follows_the_book(book):
    assert source_of(book / "playground" / "chapter.ipynb") == "lr = 0.1"
    assert (book / "playground" / "data.csv").read_text() == "1,2\n"
    write(book / "chapters" / "chapter.ipynb", "lr = 0.2")
    playground.main()
    assert source_of(book / "playground" / "chapter.ipynb") == "lr = 0.2"


def test_what_a_reader_changed_stays_when_the_book_changes(book, capsys):
    write(book / "playground" / "chapter.ipynb", "lr = 5")
    write(book / "chapters" / "chapter.ipynb", "lr = 0.2")
    playground.main()
    assert source_of(book / "playground" / "chapter.ipynb") == "lr = 5"
    assert "make fresh CHAPTER=chapter" in capsys.readouterr().out


def test_to_run_and_save_a_copy_is_no_change(book, capsys):
    write(book / "playground" / "chapter.ipynb", "lr = 0.1", new_output("stream", text="ran"))
    playground.main()
    assert capsys.readouterr().out == ""
    write(book / "chapters" / "chapter.ipynb", "lr = 0.2")
    playground.main()
    assert source_of(book / "playground" / "chapter.ipynb") == "lr = 0.2"


def test_the_original_comes_back_and_the_readers_version_is_kept(book, monkeypatch, capsys):
    for number in (1, 2):
        write(book / "playground" / "chapter.ipynb", f"lr = {number}")
        monkeypatch.setattr("sys.argv", ["playground.py", "--fresh", "chapter"])
        playground.main()
        assert source_of(book / "playground" / "chapter.ipynb") == "lr = 0.1"
        assert source_of(book / "playground" / f"chapter-{number}.ipynb") == f"lr = {number}"
    assert "playground/chapter-2.ipynb" in capsys.readouterr().out


def test_a_chapter_that_is_not_there_is_refused_with_the_names_of_those_that_are(book, monkeypatch):
    monkeypatch.setattr("sys.argv", ["playground.py", "--fresh", "momentum"])
    with pytest.raises(SystemExit, match="must be one of chapter, got momentum"):
        playground.main()
