"""Promises of the boxes 试一试: what they tell a reader to change is there, and the chapter then runs to its end."""

import re

import pytest

import play
from common import CHAPTERS, read, text_of

EDIT = re.compile(r"把\s*`([^`]+)`\s*改成\s*`([^`]+)`")


def boxes_of(path):
    return re.findall(r"^> \*\*试一试\*\*.*(?:\n>.*)*", text_of(path), re.MULTILINE)


def edits_of(path):
    return [edit for box in boxes_of(path) for edit in EDIT.findall(box)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_what_is_to_be_changed_stands_once_in_the_code_that_readers_see(path):
    boxes, code = boxes_of(path), "\n".join(cell.source for cell in read(path).cells if play.is_visible(cell))
    assert len(boxes) >= 2 and all(EDIT.search(box) for box in boxes)
    assert {old: code.count(old) for old, _ in edits_of(path)} == {old: 1 for old, _ in edits_of(path)}


EDITS = {f"{path.stem}: {old} → {new}": (path, old, new) for path in CHAPTERS for old, new in edits_of(path)}


@pytest.mark.play
@pytest.mark.parametrize("path, old, new", EDITS.values(), ids=EDITS)
def test_the_chapter_runs_to_its_end_and_shows_something_else(path, old, new):
    notebook = play.edited(read(path))
    (cell,) = [cell for cell in notebook.cells if play.is_visible(cell) and old in cell.source]
    cell.source = cell.source.replace(old, new)
    assert play.run(notebook, 300) is None
    assert play.shown(notebook, cell.id) != play.shown(read(path), cell.id)
