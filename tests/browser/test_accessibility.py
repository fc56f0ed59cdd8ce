"""Promises to readers who don't see colours well, or listen, or have no mouse: the pages keep WCAG 2.2, levels A and AA."""

from pathlib import Path

import axe_playwright_python

from common import open_unfolded, pages_of

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Words of code of one kind look the same, and so do formulas of one colour in one kind of place: where looks are
# what counts, the first on each page stands for all.
THIN_OUT = """
    const kind = box => [
        box.className, getComputedStyle(box).color, box.parentElement.tagName, box.closest(".admonition")?.className,
        box.closest("p, li, td, th, figcaption, h1, h2, h3, nav, pre")?.tagName,
    ].join();
    const boxes = [...document.querySelectorAll(".highlight pre span[class], math")];
    const kinds = boxes.map(kind);
    boxes.filter((_, i) => kinds.indexOf(kinds[i]) < i).forEach(box => box.remove());
"""


def test_axe_finds_no_violation_on_any_page_with_everything_unfolded(browser, html):
    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    options = {"resultTypes": ["violations"], "preload": False, "runOnly": LEVELS}
    all_but_contrast = {**options, "rules": {"color-contrast": {"enabled": False}}}
    page = browser.new_page(reduced_motion="reduce")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    violations = []
    for path in pages_of(html):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})
        open_unfolded(page, path.as_uri())
        page.evaluate(axe)
        found = page.evaluate("options => axe.run(options)", all_but_contrast)["violations"]
        page.evaluate(THIN_OUT)  # the contrast of each word would take most of the time
        found += page.evaluate("options => axe.run(options)", {**options, "runOnly": ["color-contrast"]})["violations"]
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_timeout(500)  # the theme waits a moment before it sees to what scrolls at another width
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        found += page.evaluate("options => axe.run(options)", options)["violations"]
        for rule in found:
            violations += [(path.name, rule["id"], node["html"][:120]) for node in rule["nodes"]]
    page.close()
    assert violations == []
    assert errors == []


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
    assert button.get_attribute("aria-label") == "展开或收起"
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    solution = page.locator(".admonition.toggle", has=button)
    assert not solution.locator("p:not(.admonition-title)").first.is_visible()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert solution.locator("p:not(.admonition-title)").first.is_visible()
    page.close()


def test_the_keyboard_unfolds_how_a_claim_was_checked(browser, html):
    page = browser.new_page()
    page.goto((html / "chapters" / "momentum-gluon.html").as_uri())
    block = page.locator(".claimed:has(p a)").first
    mark, check = block.locator("details.claim summary"), block.locator("details.claim .cell_input").first
    block.locator("p a").last.focus()
    page.keyboard.press("Tab")
    assert page.inner_text(":focus").endswith("已核对") and not check.is_visible()
    assert mark.evaluate("mark => getComputedStyle(mark).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert check.is_visible()
    page.emulate_media(media="print")
    assert not mark.is_visible() and not check.is_visible()
    page.close()


def test_escape_leads_from_the_search_back_to_its_button(browser, html):
    page = browser.new_page()
    page.goto((html / "chapters" / "notation.html").as_uri())
    page.keyboard.press("Control+k")
    assert page.get_attribute(":focus", "type") == "search"
    page.keyboard.press("Escape")
    assert not page.locator("#search-input").is_visible()
    assert page.locator(".search-button__button:focus").count() == 1
    page.close()
