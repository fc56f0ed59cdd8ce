"""Promise: every symbol of the chapters is in the table of symbols."""

import re

import pytest

from common import CHAPTERS, ROOT, text_of

WORDS = r"\\(?:text|begin|end|vphantom)\{[^{}]*\}"
GREEK = (
    "alpha beta gamma delta epsilon varepsilon theta kappa lambda mu xi pi rho sigma tau phi varphi psi omega".split()
)
LETTER = re.compile(
    r"\\(?:mathbf|boldsymbol|mathcal|mathbb|mathrm|operatorname)\s*(?:\{[^{}]*\}|\\?\w+)"
    rf"|\\(?:{'|'.join(GREEK)}|ell|Delta|Sigma|Lambda)(?![A-Za-z])|(?<![\\A-Za-z])[A-Za-z]"
)


def symbols_of(markdown):
    """The letters of the formulas in a text, each as in its formula but for braces and spaces."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)
    formulas = "\n".join(map("".join, re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", prose, re.DOTALL)))
    letters = LETTER.findall(re.sub(WORDS, " ", formulas))
    return {re.sub(r"[{}\s]", "", letter) for letter in letters}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_symbol_of_a_chapter_is_in_the_table_of_symbols(chapter):
    assert symbols_of(text_of(chapter)) - symbols_of(text_of(ROOT / "chapters" / "notation.md")) == set()
