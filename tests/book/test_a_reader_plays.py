"""Promises to a reader who changes a number: a chapter runs to its end, or the helper says what it accepts.

What the boxes 试一试 tell to change is there, and shows what they say, which nothing shows without it. Each commit tries two other edits besides;
`make play` tries more of them.
"""

import random
import re
import subprocess

import pytest
from nbformat.v4 import new_code_cell

import gluonbook

import play
from common import CHAPTERS, ROOT, read

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


def boxes_of(path):
    return [cell for cell in read(path).cells if re.search(r"^> \*\*试一试\*\*　", cell.source, re.MULTILINE)]


TRIES = {path: [one for box in boxes_of(path) for one in box.metadata.get("try", [])] for path in CHAPTERS}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_what_is_to_be_changed_stands_once_in_the_code_that_readers_see_and_its_result_is_folded(path):
    code = "\n".join(cell.source for cell in read(path).cells if play.is_visible(cell))
    assert 2 <= len(boxes_of(path)) <= 4
    for box in boxes_of(path):
        assert re.search(r"^> <summary>结果</summary>$", box.source, re.MULTILINE) and box.metadata["try"]
    assert {one["old"]: code.count(one["old"]) for one in TRIES[path]} == {one["old"]: 1 for one in TRIES[path]}


@pytest.mark.play
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_without_the_change_nothing_is_as_the_result_says(path):
    notebook = play.edited(read(path))
    notebook.cells += [new_code_cell(NOT_YET.format(one["assert"])) for one in TRIES[path]]
    assert play.run(notebook) is None


NOT_YET = """\
try:
    holds = {0}
except (NameError, LookupError):
    holds = False
assert not holds"""
CHANGES = {f"{path.stem}: {one['old']} → {one['new']}": (path, one) for path in CHAPTERS for one in TRIES[path]}


@pytest.mark.play
@pytest.mark.parametrize("path, one", CHANGES.values(), ids=CHANGES)
def test_with_the_change_the_chapter_runs_to_its_end_and_all_is_as_the_result_says(path, one):
    notebook = play.edited(read(path))
    (cell,) = [cell for cell in notebook.cells if play.is_visible(cell) and one["old"] in cell.source]
    cell.source = cell.source.replace(one["old"], one["new"])
    notebook.cells.append(new_code_cell(f"assert {one['assert']}"))
    assert play.run(notebook) is None
