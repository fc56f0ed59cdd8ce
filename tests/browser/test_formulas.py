"""Promises of the formulas in Chromium, Firefox and WebKit: what belongs together stands together."""

import pytest
from engines import ENGINES, chromium

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


@pytest.fixture(scope="module", params=["Chromium", *ENGINES])
def engine(request, browser, html, tmp_path_factory):
    """What a script says in each engine of this body of a page with the styles of the book."""
    page = (html / "chapters" / "notation.html").read_text(encoding="utf-8")
    folder, static = tmp_path_factory.mktemp("engine"), (html / "_static").as_uri()
    start = page[: page.index("<article")].replace("../_static", static)
    end = page[page.index('<link href="../_static/math-font.css') :].replace("../_static", static)
    profile = tmp_path_factory.mktemp("profile")
    with chromium(browser) if request.param == "Chromium" else ENGINES[request.param](profile) as visit:

        def measure(body, script):
            (folder / "page.html").write_text(
                f"{start}<article class='bd-article'>{body}</article>{end}", encoding="utf-8"
            )
            return visit(
                (folder / "page.html").as_uri(), f"async () => {{ await ({LETTERS})(); return await ({script})(); }}"
            )

        yield measure


@pytest.fixture(scope="module")
def measured(engine):
    """What each engine makes of these formulas."""
    groups = "".join(
        f'<p id="{group}">'
        + "".join(f'<span class="math">{to_mathml(tex)}</span><b>，</b>' for tex in formulas)
        + "</p>"
        for group, formulas in FORMULAS.items()
    )
    return engine(groups, MEASURE)


def test_an_accent_stands_on_its_letter(measured):
    assert len(measured["accents"]) == 5 and max(measured["accents"]) < 1.55


def test_indices_stand_on_one_line(measured):
    assert max(measured["indices"]) - min(measured["indices"]) < 0.06


def test_no_gap_stands_behind_a_tall_bracket(measured):
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


def test_no_formula_of_the_book_breaks_in_the_column_of_a_phone(engine, parsed, html):
    formulas = {
        str(formula)
        for page in parsed.values()
        for formula in page.select(":is(article, .bd-article) :is(div.math, .formula-with-punctuation, span.math)")
    }
    body = "".join(f"<div>{formula}</div>" for formula in sorted(formulas))
    assert len(formulas) > 1000
    assert engine(body, HEIGHTS) == []
