"""Promises to readers who don't see colours well, or listen, or have no mouse: the pages keep WCAG 2.2, levels A and AA."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from conftest import needs_chromium, pages_of

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

UNFOLD = """
    document.querySelectorAll("details").forEach(box => box.open = true);
    document.querySelectorAll(".toggle-button-hidden").forEach(button => button.click());
"""

# Words of code of one kind look the same, and so do formulas of one colour in one kind of place: for the contrast, the
# first on each page stands for all.
THIN_OUT = """
    const kind = box => [
        box.className, getComputedStyle(box).color, box.parentElement.tagName, box.closest(".admonition")?.className,
        box.closest("p, li, td, th, figcaption, h1, h2, h3, nav, pre")?.tagName,
    ].join();
    const boxes = [...document.querySelectorAll(".highlight pre span[class], math")];
    const kinds = boxes.map(kind);
    boxes.filter((_, i) => kinds.indexOf(kinds[i]) < i).forEach(box => box.remove());
"""


@needs_chromium
@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 390)])
def test_axe_finds_no_violation_on_any_page_with_everything_unfolded(browser, html, scheme, width):
    import axe_playwright_python

    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    options = {"resultTypes": ["violations"], "preload": False}
    all_but_contrast = {**options, "runOnly": LEVELS, "rules": {"color-contrast": {"enabled": False}}}
    contrast = {**options, "runOnly": ["color-contrast"]}
    context = browser.new_context(
        color_scheme=scheme, reduced_motion="reduce", viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    violations = []
    for path in pages_of(html):
        page.goto(path.as_uri())
        page.evaluate(UNFOLD)
        page.wait_for_timeout(300)  # for what unfolds to appear
        page.evaluate(axe)
        found = page.evaluate("options => axe.run(options)", all_but_contrast)["violations"]
        page.evaluate(THIN_OUT)  # the contrast of each word would take most of the time
        found += page.evaluate("options => axe.run(options)", contrast)["violations"]
        for rule in found:
            violations += [(path.name, rule["id"], node["html"][:120]) for node in rule["nodes"]]
    context.close()
    assert violations == []
    assert errors == []


def test_the_interface_speaks_chinese(html):
    english = []
    for path in pages_of(html):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert page.html["lang"] == "zh-CN"
        for element in page.select("body *:not(a.reference)"):  # a reference is named in its own language
            words = [element.get(name, "") for name in ("aria-label", "title", "placeholder", "alt")]
            if element.name in ("button", "summary", "label") or "skip-link" in element.get("class", []):
                words.append(element.get_text().strip())
            english += [
                (path.name, text) for text in words
                if re.search("[A-Za-z]{3}", text) and not re.search(r"[\u4e00-\u9fff]|^\.[a-z]+$", text)  # ".pdf"
            ]
        assert "Copyright" not in page.select_one("footer.bd-footer-content").get_text()
    assert english == []
    assert 'aria-label="展开或收起"' in (html / "_static" / "togglebutton.js").read_text(encoding="utf-8")


@needs_chromium
def test_the_keyboard_unfolds_a_solution(browser, html):
    page = browser.new_page()
    page.goto((html / "chapters" / "gd-sgd-gluon.html").as_uri())
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "跳到正文"
    page.keyboard.press("Enter")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.locator(".toggle-button:focus").count():
            break
    button = page.locator(":focus")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    solution = page.locator(".admonition.toggle", has=button)
    assert not solution.locator("p:not(.admonition-title)").first.is_visible()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert solution.locator("p:not(.admonition-title)").first.is_visible()
    page.close()


@needs_chromium
def test_escape_leads_from_the_search_back_to_its_button(browser, html):
    page = browser.new_page()
    page.goto((html / "chapters" / "notation.html").as_uri())
    page.keyboard.press("Control+k")
    assert page.get_attribute(":focus", "type") == "search"
    page.keyboard.press("Escape")
    assert not page.locator("#search-input").is_visible()
    assert page.locator(".search-button__button:focus").count() == 1
    page.close()
