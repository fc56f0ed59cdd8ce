"""Look for claims that can't fail, and for what depends on a claim.

    python scripts/check_claims.py [CHAPTER ...] [--edits 0] [--seed 1]
    python scripts/check_claims.py [CHAPTER ...] --shifts 3

Each assert of each claim is negated, one at a time: the claim must then say that it doesn't hold. Without any claim, all
else must come out as with them. With `--edits N`, N edits of visible numbers are tried besides, drawn as play.py does, and
listed are the claims that none of them trips. The command fails if a negated assert goes unnoticed, or if something
depends on a claim.

With `--shifts` it lists instead the ten claims of each chapter that come nearest to failing, by their smallest margin:
of left < right it is (right - left) / max(|left|, |right|), of isclose the share of its tolerance that is left, and of an
array that of its worst element; below 0 the claim fails. The chapter is run as it is, and with all seeds shifted by 1000,
2000 and so on, those within claims, too; there is one column for each of these runs.
"""

import argparse
import ast
import contextlib
import copy
import itertools
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import mxnet as mx
import nbformat
import numpy as np
from IPython.core import pylabtools

from gluonbook.book import claims

from play import CHAPTERS, claims_of, draw, edited, is_claim, play, read, run, shown


def negations_of(source):
    """The claims of a cell, each once for each of its asserts, with that one negated, as cells of their own."""
    for claim in ast.parse(source).body:
        for i in range(sum(isinstance(node, ast.Assert) for node in ast.walk(claim))):
            negated = copy.deepcopy(claim)
            node = [node for node in ast.walk(negated) if isinstance(node, ast.Assert)][i]
            node.test = ast.UnaryOp(ast.Not(), node.test)
            yield ast.unparse(ast.fix_missing_locations(negated))


def with_claims(notebook, change):
    """A copy of a notebook in which cells with the sources `change(source)` stand in the place of each cell of claims."""
    cells = []
    for cell in edited(notebook).cells:
        for i, source in enumerate(change(cell.source) if is_claim(cell) else [cell.source]):
            cells.append(nbformat.from_dict({**copy.deepcopy(cell), "source": source, "id": f"{cell.id[:50]}-{i}"}))
    return nbformat.from_dict({**notebook, "cells": cells})


def problems_of(notebook, pool):
    """What is wrong with the claims of a chapter, and how many asserts they have."""
    negated, without = (with_claims(notebook, change) for change in (negations_of, lambda source: []))
    stops = [stop for stop in pool.map(lambda book: run(book, 900), (negated, without)) if stop]
    cells = [cell for cell in negated.cells if is_claim(cell)]
    lines = [line for cell in cells for line in claims_of(nbformat.from_dict({"cells": [cell]})).items()]
    unnoticed = [f"NOT NOTICED: {line or sentence}" for sentence, line in lines if not line.startswith("✗")]
    pairs = itertools.zip_longest(shown(negated), shown(without))
    dependent = [f"DEPENDS ON A CLAIM: {before}\n    {after}" for before, after in pairs if before != after]
    return [f"STOPPED: {stop}" for stop in stops] or unnoticed + dependent, len(lines)


def margin_of(test, values):
    """How far the numbers that a test compares are from making it fail, at least; inf if it compares none."""

    def seen(node):
        value = values[node.args[0].value]
        return np.asarray(value.asnumpy() if hasattr(value, "asnumpy") else value, dtype=float)

    margins = [np.inf]
    for node in ast.walk(test):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, op, right in zip(sides, node.ops, sides[1:]):
                compared = {left.args[0].value, right.args[0].value} <= set(values)  # a chain ends where it fails
                if compared and isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
                    low, high = map(seen, (left, right) if isinstance(op, (ast.Lt, ast.LtE)) else (right, left))
                    margins.append((high - low) / np.maximum(np.maximum(abs(high), abs(low)), 1e-300))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.isclose", "np.allclose"):
            given = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
            left, right = map(seen, node.args)
            allowed = given.get("atol", 1e-8) + given.get("rtol", 1e-5) * abs(right)
            margins.append(1 - abs(left - right) / allowed)
    return min(float(np.min(margin)) for margin in margins)


SEEDED = [
    (module, name, getattr(module, name))
    for module, name in [(np.random, "default_rng"), (np.random, "seed"), (mx.random, "seed")]
]


def begin(shift):
    """Shift all seeds from now on; return a dict that gets the smallest margin of each claim that is checked."""
    margins = {}

    def moved(seed):
        return seed if seed is None else np.add(seed, shift).tolist()

    class Shifted(np.random.mtrand.RandomState):
        def __init__(self, seed=None):
            super().__init__(moved(seed))

    def watch(sentence, test, values, holds):
        margin = np.inf if holds else -1
        with contextlib.suppress(TypeError, ValueError, KeyError, AttributeError):  # it compares no numbers
            found = margin_of(test, values)
            margin = found if (found >= 0) == holds else margin  # but for tests that say not, or any
        margins[sentence] = min(margins.get(sentence, np.inf), margin)

    claims.WATCHERS[:] = [watch]
    pylabtools.print_figure = lambda *_, **__: ""  # figures take time
    np.random.RandomState = Shifted  # SciPy needs a class
    for module, name, seeded in SEEDED:
        setattr(module, name, lambda seed=None, seeded=seeded: seeded(moved(seed)))
    return margins


def report_margins(chapter, shifts):
    """Run a chapter once with each shift, in one kernel, and print the claims that come nearest to failing."""
    sources = [cell.source for cell in read(chapter).cells if cell.cell_type == "code"]
    start = "import json, sys\nsys.path.insert(0, '../scripts')\nimport check_claims\nmargins = check_claims.begin({})"
    passes = [[start.format(shift), *sources, "print(json.dumps(margins))"] for shift in shifts]
    cells = [nbformat.v4.new_code_cell(source) for source in itertools.chain(*passes)]
    for cell in cells:
        cell.metadata.tags = ["raises-exception"]  # where one pass stops, the next goes on
    stop = run(nbformat.v4.new_notebook(cells=cells), 3600)
    errors = [output.evalue for cell in cells for output in cell.outputs if output.output_type == "error"]
    print(chapter, *[stop or "", *errors][:3], flush=True)
    told = [json.loads(cell.outputs[0].text) for cell in cells[len(passes[0]) - 1 :: len(passes[0])]]
    margins = {sentence: [each.get(sentence, np.inf) for each in told] for sentence in told[0]}
    for sentence in sorted(margins, key=lambda sentence: min(margins[sentence]))[:10]:
        print(" ", *(f"{margin:+.3f}" for margin in margins[sentence]), sentence, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER")
    parser.add_argument("--edits", type=int, default=0, metavar="N")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--shifts", type=int, metavar="R", help="list margins, over R runs with other seeds, too")
    arguments = parser.parse_args()
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for chapter in arguments.chapters or CHAPTERS:
            if arguments.shifts is not None:
                report_margins(chapter, range(0, 1000 * arguments.shifts + 1, 1000))
                continue
            notebook = read(chapter)
            problems, number = problems_of(notebook, pool)
            failed |= bool(problems)
            print(f"{chapter:28} {number} negated asserts, {len(problems)} problems", flush=True)
            print(*(f"  {problem}\n" for problem in problems), sep="", end="", flush=True)
            if arguments.edits:
                edits = draw(notebook, arguments.edits, f"{arguments.seed} {chapter}")
                lines = [line for _, played in play(notebook, edits, pool) for line in claims_of(played).items()]
                tripped = {sentence for sentence, line in lines if not line.startswith("✓")}
                idle = [sentence for sentence in claims_of(notebook) if sentence not in tripped]
                print(f"  {len(idle)} of {len(claims_of(notebook))} claims are tripped by none of {len(edits)} edits")
                print(*(f"    {sentence}\n" for sentence in idle), sep="", end="", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
