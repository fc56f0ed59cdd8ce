"""Promises to authors who rearrange the book: what is typed follows the table of contents, and nothing gets lost."""

import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from common import ROOT
from renumber import changes

TOC = {
    "parts": [{"caption": "Part", "numbered": 1, "chapters": [{"file": f"chapters/{name}"} for name in ("new", "old")]}]
}
OLD = ["# Old\n\n**约 90 分钟**　需要[第 2 章](new.ipynb)。", "**图 1.1**　A curve.", "### 练习 1　One", "字" * 2400]
NEW = ["# New", "**图 2.7**　B.", "**图 1.3**　C.", "图 1.1，图 2.7、图 1.3。", "### 练习 5　Two", "### 练习 2　Three"]


def book(folder, **chapters):
    (folder / "chapters").mkdir()
    (folder / "_toc.yml").write_text(yaml.safe_dump(TOC))
    (folder / "index.md").write_text(
        "- [第 7 章](chapters/old.ipynb)　Name（约 1 分钟）\n- [Go](chapters/new.ipynb#place)"
    )
    for name, cells in chapters.items():
        notebook = new_notebook(cells=[new_markdown_cell(cell, id=f"c{i}") for i, cell in enumerate(cells)])
        notebook.cells.append(new_code_cell("'图 1.1'", id="code"))
        (folder / "chapters" / f"{name}.ipynb").write_text(writes(notebook) + "\n")
    return folder


def test_the_numbers_that_are_typed_are_those_of_the_table_of_contents():
    assert [path.name for path in changes(ROOT)] == []


def test_what_moved_gets_the_number_of_its_place_wherever_it_is_named(tmp_path):
    book(tmp_path, old=[*OLD, "[第 1 章](new.ipynb)的练习 2、练习 1。"], new=NEW)
    new = {path.stem: text for path, text in changes(tmp_path).items()}
    assert new["index"] == "- [第 2 章](chapters/old.ipynb)　Old（约 10 分钟）\n- [Go](chapters/new.ipynb#place)"
    for text in ("**约 10 分钟**　需要[第 1 章]", "**图 2.1**　A", "[第 1 章](new.ipynb)的练习 2、练习 1", "'图 1.1'"):
        assert text in new["old"]
    for text in ("**图 1.1**　B.", "**图 1.2**　C.", "图 2.1，图 1.1、图 1.2。", "练习 1　Two", "练习 2　Three"):
        assert text in new["new"]


def test_the_list_of_all_chapters_has_those_of_the_table_of_contents(tmp_path):
    (book(tmp_path, old=OLD, new=NEW) / "chapters" / "list.md").write_text("Text\n\n## 全部章节\n\nGone\n")
    (text,) = [text for path, text in changes(tmp_path).items() if path.stem == "list"]
    lines = "- [第 1 章](new.ipynb)　New（约 5 分钟）\n- [第 2 章](old.ipynb)　Old（约 10 分钟）\n"
    assert text == f"Text\n\n## 全部章节\n\nPart\n\n{lines}"


@pytest.mark.parametrize(
    "cell, words",
    [
        ("图 9.9", "old names '9.9'"),
        ("练习 4", "old names '4'"),
        ("[第 1 章](none.ipynb)", "old names 'none'"),
        ("**图 1.3**　D", "two captions have the number 图 1.3"),
        ("### 练习 1　Again", "two exercises of old"),
    ],
)
def test_a_number_of_nothing_or_of_two_things_is_refused(tmp_path, cell, words):
    with pytest.raises(ValueError, match=words):
        changes(book(tmp_path, old=[*OLD, cell], new=NEW))
