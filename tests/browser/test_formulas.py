"""Promises of the formulas in Chromium, Firefox and WebKit: what belongs together stands together."""

import pytest
from engines import ENGINES, chromium

from offline_math import to_mathml

FORMULAS = {
    "accents": [r"\hat\theta", r"\bar x", r"\hat y", r"\tilde w", r"\hat{\boldsymbol\theta}"],
    "indices": ["x_t", "y_t", r"\gamma_t", r"\eta_t"],
    "brackets": [r"\exp\Bigl(-\frac{e^2}{2\sigma^2}\Bigr)", r"(-1)^t\bigl(1-\gamma\bigr)"],
}

# In units of the size of the letters of a formula: how high a letter with its accent is, how far an index reaches below its
# letter's line, and what room is left behind the last bracket.
MEASURE = """async () => {
    const style = document.querySelector("link[href*='math-font']");
    while (style.media === "print") await new Promise(done => setTimeout(done, 50));
    await document.fonts.load("16px 'Book Math'");
    await document.fonts.ready;
    await new Promise(done => setTimeout(done, 200));
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
def measured(request, browser, html, tmp_path_factory):
    """What each engine makes of the formulas, on a page with the styles of the book."""
    page = (html / "chapters" / "notation.html").read_text(encoding="utf-8")
    groups = "".join(
        f'<p id="{group}">'
        + "".join(f'<span class="math">{to_mathml(tex)}</span><b>，</b>' for tex in formulas)
        + "</p>"
        for group, formulas in FORMULAS.items()
    )
    folder = tmp_path_factory.mktemp("engine")
    text = page[: page.index("<article")].replace("../_static", (html / "_static").as_uri())
    end = page[page.index('<link href="../_static/math-font.css') :].replace("../_static", (html / "_static").as_uri())
    (folder / "page.html").write_text(f"{text}<article class='bd-article'>{groups}</article>{end}", encoding="utf-8")
    profile = tmp_path_factory.mktemp("profile")
    engine = chromium(browser) if request.param == "Chromium" else ENGINES[request.param](profile)
    with engine as visit:
        return visit((folder / "page.html").as_uri(), MEASURE)


def test_an_accent_stands_on_its_letter(measured):
    assert len(measured["accents"]) == 5 and max(measured["accents"]) < 1.55


def test_indices_stand_on_one_line(measured):
    assert max(measured["indices"]) - min(measured["indices"]) < 0.06


def test_no_gap_stands_behind_a_tall_bracket(measured):
    assert max(measured["brackets"]) < 0.25
