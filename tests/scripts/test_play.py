"""Promises of make play and make claims: they change what a reader would, and say what came of it."""

from concurrent.futures import ThreadPoolExecutor

import check_claims
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import play
from common import claim_of

POOL = ThreadPoolExecutor(2)
DRAWN = """\
import gluonbook
import numpy as np
from mxnet import gluon, nd

gluonbook.set_seed(1)
true_w, true_b = [2, -3.4], 4.25
features, labels = gluonbook.synthetic_data(true_w, true_b, 1000)


def descend(learning_rate, x=-4.0, num_updates=10):
    return learning_rate * x


for momentum in (0, 0.9):
    descend(0.3, num_updates=30)
for batch_size, learning_rate in [(7, 0.2)]:
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.05, "wd": 5})
rng = np.random.RandomState(6)
wds = [0.001, learning_rate / 11]
ends = [descend(0.25) for seed in range(12, 22)]
"""

NOT_DRAWN = """\
import gluonbook
import numpy as np

noise_floor = 0.01**2 / 2
design = np.hstack([features[:300, 1], np.ones((1000, 1))]).reshape(-1, 1).astype("float64")
gluonbook.set_figsize((4.5, 3))
axes.plot(losses[::20], linewidth=0.8, markersize=3, color="#0072B2")
axes.set(xlabel="epoch 3", ylim=(1e-5, 1e6))
line = np.linspace(-11, 11, 101)
print(f"learning_rate {losses[-1]:.2f}")
learning_rate, batch_size = rates[0], len(features) // 2
"""


def texts_of(source):
    notebook = new_notebook(cells=[new_code_cell(source)])
    return [play.source_of(notebook, edits[0].place)[1] for edits in play.edits_of(notebook)]


def test_settings_are_changed_wherever_they_are_written_and_what_only_draws_shapes_or_indexes_is_left_alone():
    drawn = "1 2 3.4 4.25 1000 4.0 10 0 0.9 0.3 30 7 0.2 0.05 5 6 0.001 0.25 22"
    assert texts_of(DRAWN) == drawn.split()
    assert texts_of(NOT_DRAWN) == []


@pytest.fixture
def chapter():
    """A chapter of few cells."""
    cells = {
        "settings": "num_epochs, lr = 2, 0.5",
        "train": "losses = [lr**k for k in range(num_epochs)]\nprint(losses[:1])",
        "last": "print(losses[1])",
    }
    return new_notebook(cells=[new_code_cell(source, id=name) for name, source in cells.items()])


def test_an_edit_that_stops_says_where_and_which_it_is(chapter):
    edits = [play.Edit(place, text) for place, text in zip(play.places_of(chapter), ("1", "0.25"))]
    stops = [stop for stop, _ in play.play(chapter, edits, POOL)]
    assert stops == ["[last] print(losses[1]): IndexError: list index out of range", None]
    assert play.as_line(chapter, edits[0]) == "[settings] num_epochs, lr = 2 → 1, 0.5"


def test_a_run_that_takes_too_long_or_loses_its_kernel_says_so(chapter):
    chapter.cells[1].source = "import os, time\nos.kill(os.getpid(), 9) if lr < 0.5 else time.sleep(60)"
    assert play.run(play.edited(chapter), 4).endswith("]: not done after 4 s")
    killed = play.Edit(play.places_of(chapter)[1], "0.25")
    assert play.run(play.edited(chapter, killed), 60) == "[train]: the kernel died"


def test_an_argument_that_the_helper_refuses_is_told_from_an_error(chapter):
    chapter.cells = [new_code_cell("import gluonbook\ngluonbook.set_seed(-1)", id="seed")]
    stop = play.run(play.edited(chapter))
    assert stop.startswith("[seed] gluonbook.set_seed(-1): refused: ValueError: seed must be at least 0")


def test_a_claim_that_cannot_fail_and_what_depends_on_a_claim_are_found(chapter):
    chapter.cells = [
        new_code_cell("import gluonbook\nx = []"),
        claim_of("一小于二", "x.append(1)\n    assert 1 < 2"),
        claim_of("没有一个", "assert 1 < 2\n    for y in []:\n        assert y"),
        new_code_cell("print(x)"),
    ]
    problems, number = check_claims.problems_of(chapter, POOL)
    found = ["NOT NOTICED: ✓ 没有一个（1）", "DEPENDS ON A CLAIM: [1]"]
    assert number == 3 and [problem.split("\n")[0] for problem in problems] == found
