"""Look for claims that can't fail, and for what depends on a claim.

    python scripts/check_claims.py [CHAPTER ...] [--edits 0] [--seed 1]
    python scripts/check_claims.py [CHAPTER ...] --seeds 10

Each assert of each claim is negated, one at a time: the claim must then say that it doesn't hold. Without any claim, all
else must come out as with them. With `--edits N`, N edits of visible numbers are tried besides, drawn as play.py does, and
listed are the claims that none of them trips. The command fails if a negated assert goes unnoticed, or if something
depends on a claim.

With `--seeds R` it runs the chapter R times instead, with 1000, 2000 and so on added to each seed, those within claims,
too, and lists the claims that don't hold then: one that isn't true for nine seeds in ten has to say 这一次.
"""

import argparse
import ast
import copy
import itertools
import os
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import nbformat

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


def with_other_seeds(notebook, shift):
    """A copy of a notebook in which `shift` is added to whatever seeds a generator."""
    notebook, seeding = edited(notebook), r"\b(set_seed|seed|RandomState|default_rng)\(([^()]+)\)"
    for cell in notebook.cells:
        cell.source = re.sub(seeding, rf"\1(\2 + {shift})", cell.source)
    return notebook


def failing_elsewhere(notebook, shifts, pool):
    """The claims that don't hold with other seeds, each with the number of times, and what stopped a run."""
    played = [with_other_seeds(notebook, shift) for shift in shifts]
    stops = [stop for stop in pool.map(lambda book: run(book, 900), played) if stop]
    lines = [item for book in played for item in claims_of(book).items()]
    return stops, Counter(sentence for sentence, line in lines if not line.startswith("✓"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER")
    parser.add_argument("--edits", type=int, default=0, metavar="N")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--seeds", type=int, metavar="R", help="list what doesn't hold in R runs with other seeds")
    arguments = parser.parse_args()
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for chapter in arguments.chapters or CHAPTERS:
            notebook = read(chapter)
            if arguments.seeds:
                shifts = range(1000, 1000 * arguments.seeds + 1, 1000)
                stops, times = failing_elsewhere(notebook, shifts, pool)
                told = [f"{count:3} times: {sentence}" for sentence, count in times.most_common()]
                print(chapter, *stops, *told, sep="\n  ", flush=True)
                continue
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
