"""Promises of the formulas in Chromium, Firefox and WebKit: what belongs together stands together."""

import contextlib

import pytest
from engines import ENGINES

from _ext.offline_math import to_mathml

FORMULAS = {
    "accents": [r"\hat\theta", r"\bar x", r"\hat y", r"\tilde w", r"\hat{\boldsymbol\theta}"],
    "indices": ["x_t", "y_t", r"\gamma_t", r"\eta_t"],
    "brackets": [r"\exp\Bigl(-\frac{e^2}{2\sigma^2}\Bigr)", r"(-1)^t\bigl(1-\gamma\bigr)"],
}

# Until the letters of formulas are there.
LETTERS = """async () => {
    const style = document.querySelector("link[href*='math-font']");
    while (style.media === "print") await new Promise(done => setTimeout(done, 50));
    await document.fonts.load("16px 'Book Math'");
    await document.fonts.ready;
    await new Promise(done => setTimeout(done, 200));
}"""

# In units of the size of the letters of a formula: how high a letter with its accent is, how far an index reaches below its
# letter's line, and what room is left behind the last bracket.
MEASURE = """async () => {
    const box = element => element.getBoundingClientRect();
    const all = (group, measure) => [...document.querySelectorAll(`#${group} math`)].map(math =>
        measure(math) / parseFloat(getComputedStyle(math).fontSize));
    return {
        accents: all("accents", math => box(math.querySelector("mover")).height),
        indices: all("indices", math => box(math.querySelector("msub").children[1]).bottom),
        brackets: all("brackets", math => box(math.closest(".math").nextElementSibling).left
            - Math.max(...[...math.querySelectorAll("mo")].map(sign => box(sign).right))),
    };
}"""


@contextlib.contextmanager
def chromium(browser):
    """What a script says of a page in the Chromium of the other tests, as in those."""
    with browser.new_page() as page:
        yield lambda url, script: page.goto(url) and page.evaluate(f"({script})()")


@pytest.fixture(scope="module", params=["Chromium", *ENGINES])
def engine(request, browser, html, tmp_path_factory):
    """What a script says in each engine of this body of a page with the styles of the book."""
    page = (html / "chapters" / "notation.html").read_text(encoding="utf-8")
    page = page.replace("../_static", (html / "_static").as_uri())
    start, end = page[: page.index("<article")], page[page.rindex('<link href="', 0, page.index("math-font.css")) :]
    path, profile = tmp_path_factory.mktemp("engine") / "page.html", tmp_path_factory.mktemp("profile")
    with chromium(browser) if request.param == "Chromium" else ENGINES[request.param](profile) as visit:

        def measure(body, script):
            path.write_text(f"{start}<article class='bd-article'>{body}</article>{end}", encoding="utf-8")
            return visit(path.as_uri(), f"async () => {{ await ({LETTERS})(); return await ({script})(); }}")

        yield measure


def test_an_accent_stands_on_its_letter_indices_on_one_line_and_no_gap_behind_a_tall_bracket(engine):
    body = ""
    for group, formulas in FORMULAS.items():
        formulas = (f'<span class="math">{to_mathml(tex)}</span><b>，</b>' for tex in formulas)
        body += f'<p id="{group}">{"".join(formulas)}</p>'
    measured = engine(body, MEASURE)
    assert len(measured["accents"]) == 5 and max(measured["accents"]) < 1.55
    assert max(measured["indices"]) - min(measured["indices"]) < 0.06
    assert max(measured["brackets"]) < 0.15


# How high each formula is in the column of a phone, and in one as wide as it may be.
HEIGHTS = """async () => {
    const column = document.querySelector("article"), all = [...document.querySelectorAll("math")];
    const heights = width => {
        column.style.width = width;
        return all.map(math => math.getBoundingClientRect().height);
    };
    const [narrow, wide] = ["358px", "3000px"].map(heights);
    return all.filter((math, i) => narrow[i] > wide[i] + 1).map(math => math.textContent);
}"""


@pytest.fixture(scope="module")
def formulas(parsed):
    """Each formula of the book once, with the punctuation that stays beside it."""
    places = ".bd-article :is(div.math, .formula-with-punctuation, span.math)"
    return {str(formula) for page in parsed.values() for formula in page.select(places)}


def test_no_formula_of_the_book_breaks_in_the_column_of_a_phone(engine, formulas):
    body = "".join(f"<div>{formula}</div>" for formula in sorted(formulas))
    assert len(formulas) > 1000
    assert engine(body, HEIGHTS) == []
