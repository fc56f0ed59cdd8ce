"""Promise: a chapter bears a reader who changes a number: it runs to its end, or the helper says what it accepts.

Each commit tries two others; `make play` tries more of them.
"""

import random
import subprocess

import pytest

import gluonbook

import play
from common import ROOT

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
