"""Promises of the lean pages: what was left out of the styles changes nothing that a reader sees or presses."""

import io

import numpy as np
import pytest
from PIL import Image

from common import unfold

# The styles that the one was made of, in its place.
WHOLE = """async () => {
    const link = document.querySelector("link[href*='styles/book.css']");
    const text = await (await fetch(link.href)).text();
    const names = text.slice(3, text.indexOf(" */")).split(" ");
    const links = names.map(name => Object.assign(document.createElement("link"),
        {rel: "stylesheet", href: link.href.replace("styles/book.css", name)}));
    const loaded = Promise.all(links.map(link => new Promise(done => link.onload = done)));
    link.replaceWith(...links);
    await loaded;
    return names.length;
}"""


def screen(page):
    """The whole page as it is shown, once it is the same twice, as a PNG: what was opened may still move."""
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    page.wait_for_function("document.querySelector('link[href*=math-font]')?.media !== 'print'")
    page.wait_for_function("document.fonts.status === 'loaded'")
    shots = [None]
    while len(shots) < 9 and shots[-1] not in shots[:-1]:
        shots.append(page.screenshot(full_page=True, caret="hide"))
    return shots[-1]


def open_search(page):
    page.keyboard.press("Control+k")
    page.keyboard.type("动量")
    page.locator("ul.search mark", has_text="动量").first.wait_for()
    page.wait_for_function("Search.hasText")


def point_at_a_button(page):
    page.hover(".theme-switch-button")
    page.wait_for_selector(".tooltip.show")


@pytest.mark.parametrize(
    "name, act, width, scheme",
    [
        ("index.html", unfold, 1440, "light"),
        ("chapters/momentum-gluon.html", unfold, 360, "dark"),
        ("chapters/momentum-gluon.html", open_search, 1440, "light"),
        ("chapters/weight-decay-gluon.html", lambda page: page.click("[aria-label=下载此页面]"), 768, "light"),
        ("chapters/linear-regression-gluon.html", point_at_a_button, 1440, "dark"),
        ("chapters/notation.html", lambda page: page.click(".primary-toggle"), 360, "light"),
        ("chapters/gluonbook.html", unfold, 1440, "light"),
        ("chapters/references.html", unfold, 360, "light"),
        ("chapters/claims.html", unfold, 768, "dark"),
        ("search.html?q=动量", lambda page: page.wait_for_selector("ul.search > li"), 1440, "light"),
    ],
)
def test_the_lean_style_shows_a_page_as_the_whole_ones_do(new_page, server, name, act, width, scheme):
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{server}/{name}")
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; animation: none !important }")
    act(page)
    lean = screen(page)
    assert page.evaluate(WHOLE) > 10
    whole = screen(page)
    if lean != whole:  # a round corner is rounded to one of 256 shades up or down
        lean, whole = (np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int) for png in (lean, whole))
        assert lean.shape == whole.shape
        differs = abs(lean - whole) > 1
        assert np.unique(np.argwhere(differs)[:, 0]).tolist() == []  # the lines of the screen that differ
