"""Promises of scripts/quality/mutants.py: a mutant has one change, and one that the checks don't notice is a survivor."""

from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import mutants
from common import CHAPTERS, ROOT

SOURCE = """\
def step(w, lr):
    return w[:, 0] - lr * 2


b.attach_grad()
losses = run(X, y, seed=3)[1:]
"""


@pytest.mark.parametrize(
    "change",
    [
        ("lr * 2", "lr * 3"),
        ("lr * 2", "lr * 1"),
        ("lr * 2", "lr / 2"),
        ("- lr", "+ lr"),
        ("[:, 0]", "[0, :]"),
        ("b.attach_grad()\n", ""),
        ("X, y,", "y, X,"),
        ("X, y, ", "X, "),
        (", seed=3", ", "),
        ("seed=3", "seed=4"),
        ("[1:]", "[:]"),
    ],
)
def test_numbers_operators_indices_arguments_and_calls_are_changed(change):
    assert mutants.meaning(SOURCE.replace(*change)) in map(mutants.meaning, mutants.changes_of(SOURCE))


def test_each_mutant_is_python_and_differs_from_the_original_and_from_the_others():
    meanings = [mutants.meaning(source) for source in (SOURCE, *mutants.changes_of(SOURCE))]
    assert None not in meanings and len(set(meanings)) == len(meanings) > 15


@pytest.mark.parametrize("name", [path.stem for path in CHAPTERS])
def test_what_readers_see_of_a_chapter_is_changed_and_its_checks_are_not(name):
    sources = list(mutants.sources_of(name).values())
    assert len(sources) > 10 and not [source for source in sources if source.startswith("# The claim")]


def test_what_nobody_checks_survives(tmp_path, monkeypatch):
    cells = [
        new_code_cell("print(2 + 2)", outputs=[new_output("stream", text="4\n")], execution_count=1),
        new_code_cell("unused = 7", execution_count=2),
    ]
    (tmp_path / "chapters").mkdir()
    nbformat.write(new_notebook(cells=cells), tmp_path / "chapters" / "sample.ipynb")
    for part in ("gluonbook", "scripts", "tests", "_toc.yml", "conftest.py", "pyproject.toml"):
        (tmp_path / part).symlink_to(ROOT / part)
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    noticed, unnoticed = (
        next(mutant for mutant in mutants.mutants_of("sample") if mutant.source == source)
        for source in ("print(2 - 2)", "unused = 8")
    )
    with ThreadPoolExecutor(2) as pool:
        (survivor,) = mutants.survivors_of("sample", [noticed, unnoticed], pool)
    assert survivor == unnoticed

    entry = {"where": ["sample"], "lines": ["unused = 7"], "reason": "it is not used"}
    assert mutants.reason_of(survivor, [entry]) == "it is not used"
    assert mutants.reason_of(survivor, [entry | {"becomes": ["unused = 6"]}]) is None
    assert mutants.reason_of(survivor, [entry | {"where": ["another"]}]) is None
