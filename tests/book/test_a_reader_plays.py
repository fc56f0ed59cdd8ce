"""Promises to a reader who changes a number: a chapter runs to its end, or the helper says what it accepts.

What the boxes 试一试 tell to change is there, and changes what is shown. Each commit tries two other edits besides;
`make play` tries more of them.
"""

import random
import re
import subprocess

import pytest

import gluonbook

import play
from common import CHAPTERS, ROOT, read, text_of

# What was unpacked from the archive has no commit.
COMMIT = subprocess.run("git rev-parse --short HEAD", shell=True, cwd=ROOT, capture_output=True, text=True).stdout
SEED = COMMIT.strip() or gluonbook.__version__


@pytest.mark.parametrize("name", random.Random(SEED).sample(play.CHAPTERS, 2))
def test_a_chapter_bears_a_reader_who_plays(name):
    notebook = play.read(name)
    (edit,) = play.draw(notebook, 1, f"{SEED} {name}")
    stop = play.run(play.edited(notebook, edit))
    again = f"make play CHAPTER={name} NUMBER=1 SEED={SEED}"
    assert stop is None or ": refused: " in stop, (
        f"{play.as_line(notebook, edit)}\nstopped in {stop}\nonce more: {again}"
    )


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
