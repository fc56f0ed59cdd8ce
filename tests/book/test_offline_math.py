"""Promises of the maths: every formula is set without a network, in its own font, and no reader sees TeX."""

import base64
import io
import re
import unicodedata

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from math_core import LatexError

from _ext.offline_math import to_mathml
from _ext.offline_math.as_text import formula_as_text
from _ext.offline_math.font import font_for

from common import FORMULA, NOTEBOOKS, ROOT, parse, prose_of, small_book

TEX = re.compile(r"\\\(|\\\[|\$|\\[A-Za-z]+")
SOURCES = [*NOTEBOOKS, *sorted((ROOT / "chapters").glob("*.md")), ROOT / "index.md"]


def test_no_page_asks_another_host_for_a_script_a_style_or_a_font(parsed, html):
    for name, page in parsed.items():
        assert not re.search("mathjax|katex", (html / name).read_text(encoding="utf-8"), re.IGNORECASE), name
        sources = [tag["src"] for tag in page.select("script[src], img[src]")]
        sources += [tag["href"] for tag in page.select("link[rel=stylesheet], link[rel=preload]")]
        assert not [source for source in sources if re.match(r"(https?:)?//", source)], name


def test_no_page_shows_tex(parsed):
    for name, page in parsed.items():
        texts = page.find_all(string=TEX)
        assert not [text for text in texts if not text.find_parent(("script", "style", "pre", "code"))], name
        for attribute in ("title", "alt", "aria-label", "content"):
            assert not page.find_all(attrs={attribute: TEX}), name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_page_has_every_formula_of_its_source(html, path):
    page = (html / path.relative_to(ROOT)).with_suffix(".html").read_text(encoding="utf-8")
    text = prose_of(path)
    for display, inline in FORMULA.findall(text):
        assert to_mathml(display or inline, display=bool(display)) in page, display or inline
    assert "$" not in FORMULA.sub("", text).replace(r"\$", "")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_fraction_is_stacked_within_a_line_of_text(path):
    text = re.sub(r"^\|.*", "", prose_of(path), flags=re.MULTILINE)  # a row of a table has room
    assert not [inline for _, inline in FORMULA.findall(text) if "<mfrac" in to_mathml(inline)]


def test_the_font_has_every_character_of_the_formulas_but_chinese_and_is_small(parsed, html):
    style = (html / "_static" / "math-font.css").read_text(encoding="utf-8")
    assert len(style) < 60_000
    font = TTFont(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", style)[1])))
    shown = set("".join(formula.get_text() for page in parsed.values() for formula in page.select("math")))
    missing = {character for character in shown - {"\ufe00"} if ord(character) not in font.getBestCmap()}
    assert missing and {unicodedata.east_asian_width(character) for character in missing} <= {"W", "F"}
    assert "MATH" in font and "Open Font License" in font["name"].getDebugName(13)


def test_no_line_can_break_between_a_formula_and_its_punctuation(parsed):
    for name, page in parsed.items():
        for formula in page.select("article p span.math"):
            following = formula.next_sibling
            if isinstance(following, str) and following[:1] and following[0] in "，。、；：！？）":
                assert formula.parent["class"] == ["formula-with-punctuation"], (name, formula.get_text(), following)


@pytest.mark.parametrize("tex", [r"\unknown", r"\frac{1", r"\frac1", "x^", "a^b^c", r"\begin{aligned}a", "a & b"])
def test_a_formula_with_a_mistake_is_not_converted(tex):
    with pytest.raises(LatexError):
        to_mathml(tex)


def test_a_sized_bracket_with_an_exponent_stands_in_a_row_of_its_own():
    assert re.search(r"<msup><mrow><mo [^>]+>\)</mo></mrow><mn>2</mn></msup>", to_mathml(r"\bigl(x\bigr)^2"))


def test_italics_and_the_root_are_in_the_font_though_no_formula_spells_them():
    font = TTFont(io.BytesIO(font_for(set("hxγ1′"))))
    assert {ord(character) for character in "h𝑥ℎ𝛾1′√"} <= set(font.getBestCmap())
    assert ord("𝑦") not in font.getBestCmap()
    assert font_for(set("x")) == font_for(set("x"))


def test_two_primes_are_as_high_as_one():
    font = TTFont(io.BytesIO(font_for(set("f′″"))))
    one, two = (font["glyf"][font.getBestCmap()[ord(sign)]] for sign in "′″")
    assert (two.yMin, two.yMax) == (one.yMin, one.yMax) and two.xMax - two.xMin > one.xMax - one.xMin


def test_a_formula_that_cannot_be_converted_is_warned_of_and_still_shows_no_tex(tmp_path):
    with pytest.raises(AssertionError, match=r"index\.md:3: WARNING: this formula can't be converted: \\unknown"):
        small_book(tmp_path, {"index": "# A title\n\nText with $\\unknown$ in it.\n"}, "myst_parser")
    assert not TEX.search(parse(tmp_path / "html" / "index.html").get_text())


def test_titles_references_environments_and_emphasis_may_hold_formulas(tmp_path):
    text = "# A title\n\n(target)=\n## Why $\\gamma=1$\n\nSee {ref}`target`, and （**bold $\\mu$**）。\n\n"
    text += "\\begin{align}\na&=b\\\\\nc&=d\n\\end{align}\n"
    page = small_book(tmp_path, {"index": text}, "myst_parser")["index"]
    assert page.select_one('a[href="#target"] span.std-ref').get_text() == "Why γ=1"
    assert page.select_one("strong .formula-with-punctuation").get_text() == "μ）。"
    assert page.select_one("div.math mtable") and "(2)" not in page.select_one("div.math").get_text()
    assert not TEX.search(page.get_text())


@pytest.mark.parametrize(
    "tex, plain",
    [
        (r"\eta", "η"),
        (r"\lambda=10^{-2}", "λ=10⁻²"),
        (r"\rho^tw^*", "ρ^tw*"),
        (r"x^\top w", "xᵀw"),
        (r"(\sqrt\kappa-1)/(\sqrt\kappa+1)", "(√κ−1)/(√κ+1)"),
        (r"(\kappa/2)\ln(1/\varepsilon)", "(κ/2)ln(1/ε)"),
        (r"(\hat y-y)^2/2", "(ŷ−y)²/2"),
        (r"\sqrt{2n}", "√(2n)"),
        (r"\mathbf{w}_{t+1}=\mathbf{w}_t", "wₜ₊₁=wₜ"),
        (r"\lambda_{\max}", "λmax"),
    ],
)
def test_a_formula_becomes_a_line_of_text_that_says_the_same(tex, plain):
    assert formula_as_text(BeautifulSoup(to_mathml(tex), "html.parser").math) == plain
