"""Promise: a chapter bears a reader who changes a number; `make play` tries more of them."""

import pytest

import play


@pytest.mark.parametrize("name", play.CHAPTERS)
def test_a_chapter_bears_a_reader_who_plays(name):
    notebook = play.read(name)
    (edit,) = play.draw(notebook, 1, f"1 {name}")
    stop = play.run(play.edited(notebook, edit), 300)
    assert stop is None, (play.as_line(notebook, edit), stop)
