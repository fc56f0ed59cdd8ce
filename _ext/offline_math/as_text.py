"""Formulas as a line of text, for what has no formulas: the search, descriptions of pages, outlines."""

import re
import unicodedata

from bs4 import BeautifulSoup, Tag
from docutils import nodes

RAISED = str.maketrans("+-−0123456789⊤∗", "⁺⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ*")
LOWERED = str.maketrans("+-−0123456789ijkmnt", "₊₋₋₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙₜ")
STAYS = {*RAISED.values(), *map(ord, "*′")}
ACCENTS = {"ˆ": "\u0302", "¯": "\u0304", "˜": "\u0303"}
WITHOUT = re.compile("[\u2061\u2062\ufe00]")  # applied to, times, in another shape: what isn't seen
SUM = re.compile(r"[\s+−=<>≤≥≈∈,]")


def raised(power):
    """A power as text, raised where Unicode can: ², *, ^t, ^(i)."""
    text = power.translate(RAISED)
    if set(map(ord, text)) <= STAYS:
        return text
    return f"^{power}" if len(power) == 1 or power.startswith("(") else f"^({power})"


def lowered(index):
    """An index as text: ₁, ₜ₊₁, max."""
    text = index.translate(LOWERED)
    if set(map(ord, text)) <= set(LOWERED.values()) and (len(text) == 1 or not index.isalpha()):
        return text
    return index if SUM.search(index) is None else f"_({index})"


def formula_as_text(math):
    """A formula, `<math>`, as one line of text: λmax=10⁻², (κ−1)/(κ+1), √(2n)."""
    parts = [part for part in math.children if isinstance(part, Tag)]
    if not parts:
        # Bold letters as such, which can be typed.
        letters = WITHOUT.sub("", math.get_text())
        return "".join(unicodedata.normalize("NFKC", c) if c > "\uffff" else c for c in letters)
    texts = [formula_as_text(part) for part in parts]
    if math.name == "msqrt":
        text = "".join(texts)
        return f"√{text}" if len(parts) == 1 and parts[0].name in ("mi", "mn", "mover") else f"√({text})"
    if math.name in ("msup", "mover", "munderover", "msubsup", "msub", "munder"):
        if math.name == "mover":
            return unicodedata.normalize("NFC", texts[0] + ACCENTS.get(texts[1], texts[1]))
        base, *scripts = texts
        low = lowered(scripts[0]) if math.name != "msup" else ""
        return base + low + (raised(scripts[-1]) if math.name in ("msup", "msubsup", "munderover") else "")
    return "".join(texts)


def as_text(doctree):
    """The same doctree, whose formulas in lines are text now, and whose HTML is what it says."""
    for formula in list(doctree.findall(nodes.math)):
        formula.replace_self(nodes.Text(formula_as_text(BeautifulSoup(formula["mathml"], "html.parser"))))
    for html in list(doctree.findall(nodes.raw)):
        html.replace_self(nodes.Text(BeautifulSoup(html.astext(), "html.parser").get_text()))
    return doctree
