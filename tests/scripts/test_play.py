"""Promises of scripts/quality/play.py: it changes what a reader would, and says what came of it."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import play

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
settings = {"SGD": (7, 0.2, None)}
for name, (batch_size, learning_rate, decay_epoch) in settings.items():
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.05, "wd": 5})
rng = np.random.RandomState(6)
wds = [0.001 if small else 0.002, learning_rate / 11]
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


def test_settings_are_changed_wherever_they_are_written():
    assert texts_of(DRAWN) == [
        "1",
        "2",
        "3.4",
        "4.25",
        "1000",
        "4.0",
        "10",
        "0",
        "0.9",
        "0.3",
        "30",
        "7",
        "0.2",
        "0.05",
        "5",
        "6",
        "0.001",
        "0.002",
        "0.25",
        "22",
    ]


def test_indices_shapes_formulas_formats_and_what_only_draws_are_left_alone():
    assert not texts_of(NOT_DRAWN)


@pytest.mark.parametrize(
    "kind, value, news",
    [
        ("count", 1, [2]),
        ("count", 5, [2, 10]),
        ("number", 0.03, [0.015, 0.06]),
        ("number", 0, [1]),
        ("share", 0, [0.5]),
        ("share", 0.9, [0.45, 0.95, 0.8]),
        ("last seed", 7, [14]),
    ],
)
def test_a_number_becomes_one_that_a_reader_would_try(kind, value, news):
    assert play.others(kind, value) == pytest.approx(news)


def test_a_seed_becomes_another():
    assert 3 not in play.others("seed", 3)


def test_what_is_in_hidden_cells_and_in_text_is_left_alone():
    hidden = [new_code_cell("lr = 0.1", metadata={"tags": ["claim"]})]
    assert not play.places_of(new_notebook(cells=[new_markdown_cell("lr = 0.1"), *hidden]))


def test_the_same_seed_draws_the_same_edits():
    notebook = new_notebook(cells=[new_code_cell(DRAWN)])
    first, again, other = (play.draw(notebook, 5, seed) for seed in (1, 1, 2))
    assert first == again != other and len({edit.place for edit in first}) == 5
    assert len(play.draw(notebook, "all", 1)) == len(texts_of(DRAWN))


CHAPTER = [
    ("settings", "num_epochs, lr, unused_rate = 2, 0.5, 0.1", []),
    ("train", "losses = [lr**epoch for epoch in range(num_epochs)]\nprint(losses[:1])", []),
    ("second", "print(losses[1])", []),
]


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """A chapter of few cells."""
    (tmp_path / "chapters").mkdir()
    monkeypatch.setattr(play, "ROOT", tmp_path)
    monkeypatch.setattr(play, "CHAPTERS", ["sample"])
    cells = [new_code_cell(source, id=name, metadata={"tags": tags}) for name, source, tags in CHAPTER]
    nbformat.write(new_notebook(cells=cells), tmp_path / "chapters" / "sample.ipynb")
    return play.read("sample")


def edit_of(chapter, old, new):
    place = next(place for place in play.places_of(chapter) if play.source_of(chapter, place)[1] == old)
    return play.Edit(place, new)


def test_an_edit_that_stops_is_reported_with_its_cell_and_its_error(chapter):
    stop = play.run(play.edited(chapter, edit_of(chapter, "2", "1")), 60)
    assert (stop.cell, stop.kind, stop.line) == ("second", "an error", "print(losses[1])")
    assert stop.message == "IndexError: list index out of range"


def test_an_argument_that_the_helper_refuses_is_told_from_an_error(chapter):
    chapter.cells[0].source = "import gluonbook\nlr = 0.5\ngluonbook.set_seed(3)"
    stop = play.run(play.edited(chapter, edit_of(chapter, "3", "-1")), 60)
    assert (stop.cell, stop.kind, stop.line) == ("settings", "a refused argument", "gluonbook.set_seed(-1)")
    assert stop.message.startswith("ValueError: seed must be at least 0")


def test_an_edit_that_takes_too_long_is_given_up(chapter):
    chapter.cells[1].source = "import time\nwhile True: time.sleep(0.1)"
    stop = play.run(play.edited(chapter), 4)
    assert stop.message == "not done after 4 s"


def test_an_edit_that_changes_nothing_is_listed(chapter, monkeypatch, capsys):
    chosen = [edit_of(chapter, "0.1", "0.2"), edit_of(chapter, "0.5", "0.25"), edit_of(chapter, "2", "1")]
    monkeypatch.setattr(play, "draw", lambda *_: chosen)
    monkeypatch.setattr("sys.argv", ["play.py"])
    with pytest.raises(SystemExit):
        play.main()
    printed = capsys.readouterr().out
    assert "lr, unused_rate = 2, 0.5, 0.1 → 0.2\n    changed nothing\n" in printed
    assert printed.count("changed nothing") == 1 and "0.25" not in printed
    assert "    stopped by an error in [second] print(losses[1])\n        IndexError" in printed
    assert "2 of 3 edits ran to the end, 66.7%" in printed


@pytest.mark.parametrize(
    "printed, remark",
    [
        ("✗ 按现在的设置，书中的这句话不再成立：三步之内到达噪声下限（需要 6e-05 < 5e-05）", None),
        ("✗ 按现在的设置，书中的这句话不再成立：三步之内到达噪声下限（需要 6e-05）", "says too little: ✗ 按现在"),
        ("✗ 需要 6e-05 < 5e-05", "says too little: 三步之内到达噪声下限"),
        (
            "？ 按现在的设置，书中的这句话无法核对：三步之内到达噪声下限（NameError: end）",
            "can't be checked: ？ 按现在",
        ),
    ],
)
def test_a_claim_that_fails_must_print_its_sentence_and_two_numbers(printed, remark):
    source = '@gluonbook.claim("三步之内到达噪声下限")\ndef check():\n    assert end < floor'
    cell = new_code_cell(source, metadata={"tags": ["claim"]}, execution_count=1)
    cell.outputs = [new_output("stream", text=printed + "\n")]
    (claim,) = play.claims_of(new_notebook(cells=[cell]))
    assert claim.sentence == "三步之内到达噪声下限" and not claim.holds
    assert (play.remark_on(claim) or "").startswith(remark or "") and bool(play.remark_on(claim)) == bool(remark)

    cell.outputs[0].text = "✓ 三步之内到达噪声下限（1）\n"
    (claim,) = play.claims_of(new_notebook(cells=[cell]))
    assert claim.holds


def claim(sentence, test, name):
    source = f'@gluonbook.claim("{sentence}")\ndef check():\n    assert {test}'
    return new_code_cell(source, metadata={"tags": ["claim"]}, id=name)


def test_with_other_seeds_a_claim_that_depends_on_them_is_listed(chapter, monkeypatch, capsys):
    chapter.cells = [
        new_code_cell("import gluonbook\nseed = 3\nseeds = [seed for seed in range(1, 3)]"),
        claim("两个", "len(seeds) == 2", "two"),
        claim("是三", "seed == 3", "three"),
    ]
    nbformat.write(chapter, play.ROOT / "chapters" / "sample.ipynb")
    monkeypatch.setattr("sys.argv", ["play.py", "--seeds", "2"])
    play.main()
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"{'sample':26} {2:8} {1:8}",
        "  holds in 0 of 2: [three] 是三",
    ]
