"""Look for claims that can't fail: the other side of mutants.py, which looks for changes that no check notices.

    python scripts/quality/idle_claims.py [CHAPTER ...] [--mutants 0] [--seed 1]

Each assert of each claim is negated, one at a time: the claim must then say that it doesn't hold. With `--mutants N`, N
mutants of each chapter are run besides, and listed are the claims that none of them trips, whatever is printed.
The command fails if a negated assert goes unnoticed.
"""

import argparse
import ast
import copy
import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat

from mutants import mutants_of
from play import CHAPTERS, claims_of, edited, is_claim, read, run


def negations_of(source):
    """The claims of a cell, each once for each of its asserts, with that one negated."""
    for claim in ast.parse(source).body:
        for i in range(sum(isinstance(node, ast.Assert) for node in ast.walk(claim))):
            negated = copy.deepcopy(claim)
            node = [node for node in ast.walk(negated) if isinstance(node, ast.Assert)][i]
            node.test = ast.UnaryOp(ast.Not(), node.test)
            yield ast.unparse(ast.fix_missing_locations(negated))


def with_negations(notebook):
    """A copy of a notebook in which the negated claims stand in the place of the claims."""
    cells = []
    for cell in notebook.cells:
        sources = negations_of(cell.source) if is_claim(cell) else [cell.source]
        for i, source in enumerate(sources):
            cells.append(copy.deepcopy(cell))
            cells[-1].update(source=source, id=f"{cell.id[:50]}-{i}")
    return nbformat.from_dict({**notebook, "cells": cells})


def unnoticed_in(chapter):
    """The sentences of the claims that hold, or can't be checked, with an assert negated; and how many were tried."""
    notebook = with_negations(read(chapter))
    if stop := run(notebook, 900):
        sys.exit(f"{chapter}: {stop.message}")
    claims = list(claims_of(notebook))
    return [claim for claim in claims if not claim.line.startswith("✗")], len(claims)


def tripped_by(mutant):
    """The sentences of the claims that don't hold, or can't be checked, in a chapter with a mutant."""
    notebook = edited(read(mutant.name))
    notebook.cells[mutant.place].source = mutant.source
    run(notebook, 120)
    return {claim.sentence for claim in claims_of(notebook) if not claim.holds}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER")
    parser.add_argument("--mutants", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for chapter in arguments.chapters or CHAPTERS:
            unnoticed, number = pool.submit(unnoticed_in, chapter).result()
            print(f"{chapter:28} {number - len(unnoticed)} of {number} negated asserts are noticed", flush=True)
            for claim in unnoticed:
                failed = True
                print(f"  NOT NOTICED: {claim.sentence}\n    {claim.line}")
            if arguments.mutants:
                chosen = random.Random(f"{arguments.seed} {chapter}").sample(mutants_of(chapter), arguments.mutants)
                tripped = set().union(*pool.map(tripped_by, chosen))
                sentences = [claim.sentence for claim in claims_of(read(chapter))]
                idle = [sentence for sentence in sentences if sentence not in tripped]
                print(f"  {len(sentences) - len(idle)} of {len(sentences)} claims are tripped by {len(chosen)} mutants")
                print(*(f"  never tripped: {sentence}" for sentence in idle), sep="\n", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
