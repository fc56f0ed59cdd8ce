"""Promises to readers who don't see colours well, or listen, or have no mouse: the pages keep WCAG 2.2, levels A and AA."""

from pathlib import Path

import axe_playwright_python

from common import messages_of, open_unfolded, pages_of

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Words of code of one kind look the same, and so do formulas of one colour in one kind of place: the first on each page
# stands for all.
THIN_OUT = """
    const kind = box => [
        box.className, getComputedStyle(box).color, box.parentElement.tagName, box.closest(".admonition")?.className,
        box.closest("p, li, td, th, figcaption, h1, h2, h3, nav, pre")?.tagName,
    ].join();
    const boxes = [...document.querySelectorAll(".highlight pre span[class], math")];
    const kinds = boxes.map(kind);
    boxes.filter((_, i) => kinds.indexOf(kinds[i]) < i).forEach(box => box.remove());
"""
# Where contrast is what counts, neither does a block of text say more in which all has the looks of what came before.
THIN_OUT_BLOCKS = """
    const ground = box => {
        const {backgroundColor, backgroundImage} = getComputedStyle(box);
        const isClear = backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none";
        return isClear && box.parentElement ? ground(box.parentElement) : backgroundColor + backgroundImage;
    };
    const look = box => {
        const {color, fontSize, fontWeight, opacity, backgroundColor, backgroundImage} = getComputedStyle(box);
        return [box.tagName, box.className, color, fontSize, fontWeight, opacity, backgroundColor, backgroundImage].join();
    };
    const seen = new Set();
    for (const block of document.querySelectorAll("article :is(p, li:not(:has(p)), tr, pre, div.math)")) {
        const below = ground(block), looks = [block, ...block.querySelectorAll("*")].map(box => below + look(box));
        if (looks.every(one => seen.has(one))) block.remove();
        looks.forEach(one => seen.add(one));
    }
"""
# The theme lets the keyboard scroll what is wider than the screen, a moment after the screen has got another width.
CAN_SCROLL = "[...document.querySelectorAll('pre, figure')].every(box => box.scrollWidth <= box.clientWidth || box.tabIndex === 0)"


def axe(page, **options):
    """What axe finds on a page against WCAG 2.2, levels A and AA."""
    page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "runOnly": LEVELS, **options}
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]]


def test_axe_finds_no_violation_on_any_page_with_everything_unfolded_and_every_explorable_drawn(new_page, html):
    page = new_page(reduced_motion="reduce")
    messages, violations = messages_of(page), []
    without_contrast = {"preload": False, "rules": {"color-contrast": {"enabled": False}}}
    for path in [*pages_of(html), html / "404.html"]:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})
        open_unfolded(page, path.as_uri())
        page.evaluate("document.querySelectorAll('gluonbook-explorable').forEach(element => element.start())")
        found = axe(page, **without_contrast)
        page.evaluate(THIN_OUT)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_function("(document.documentElement.dataset.theme ?? 'dark') === 'dark'")
        page.wait_for_function(CAN_SCROLL)
        found += axe(page, **without_contrast)
        page.evaluate(THIN_OUT_BLOCKS)  # the contrast of each word would take most of the time
        found += axe(page, preload=False, runOnly=["color-contrast"])
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.wait_for_function("(document.documentElement.dataset.theme ?? 'light') === 'light'")
        found += axe(page, preload=False, runOnly=["color-contrast"])
        violations += [(path.name, *violation) for violation in found]
    assert violations == []
    assert messages == []


def test_the_keyboard_unfolds_a_solution(new_page, html):
    page = new_page()
    page.goto((html / "chapters" / "gd-sgd-gluon.html").as_uri())
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "跳到正文"
    page.keyboard.press("Enter")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.locator(".solution > summary:focus").count():
            break
    assert page.inner_text(":focus") == "解答"
    assert page.locator(":focus").evaluate("fold => getComputedStyle(fold).outlineStyle") == "solid"
    text = page.locator(".solution:has(> summary:focus) > :not(summary)").first
    assert not text.is_visible()
    page.keyboard.press("Enter")
    assert text.is_visible()


def test_the_keyboard_unfolds_how_a_claim_was_checked(new_page, html):
    page = new_page()
    page.goto((html / "chapters" / "momentum-gluon.html").as_uri())
    block = page.locator(".claimed:has(p a)").first
    mark, check = block.locator("details.claim > summary").first, block.locator("details.claim .cell_input").first
    block.locator("p a").last.focus()
    page.keyboard.press("Tab")
    assert page.inner_text(":focus").endswith("已核对") and not check.is_visible()
    assert mark.evaluate("mark => getComputedStyle(mark).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert block.locator(".claim-list").first.is_visible() and not check.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert check.is_visible()
    page.emulate_media(media="print")
    assert not mark.is_visible() and not check.is_visible()
