"""Draw the explorables of the chapters, as they are at first, into the pictures that stand where no script runs.

    python scripts/draw_explorables.py

Besides, the pictures in _static that others show of the book: card.png, which those who share a page show, is the figure of the front page,
and touch-icon.png, which stands on a phone's home screen, is the icon of the pages.

Run the notebooks afterwards, which store the pictures. Chromium draws them.
"""

import re
from pathlib import Path

from gluonbook.book.explorables import FOLDER, LANGUAGES, VALUES, alternative, picture, script

from chromium import chromium
from run_notebooks import stored_elements

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "_static"
WIDTH = 700

# Puts what an explorable draws, panel by panel, into one SVG, with its handles.
COMPOSE = """(element, alternative) => {
    const {live, panels} = element, box = live.getBoundingClientRect();
    const style = element.shadowRoot.querySelector("style").textContent.split(":host")[0].replace(/\\n *\\.dark .*(?=\\n)/g, "");
    let height = 0, body = "";
    for (const panel of panels) {
        const svg = panel.firstChild, {left, top} = panel.getBoundingClientRect();
        const [x, y] = [left - box.left, top - box.top].map(Math.round);
        height = Math.max(height, y + +svg.getAttribute("height"));
        const handles = [...panel.querySelectorAll(".handle")].map(({style}) =>
            `<circle fill="#1262d2" stroke="#fff" stroke-width="2" cx="${parseFloat(style.left)}" cy="${parseFloat(style.top)}" r="9"/>`);
        body += `<g transform="translate(${x} ${y})">${svg.innerHTML}${handles.join("")}</g>`;
    }
    const width = Math.round(box.width);
    const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" color="#222">`
        + `<title>${alternative}</title><style>${style}</style><rect width="${width}" height="${height}" fill="#fff"/>${body}</svg>`;
    return drawn.replace(/\\s*\\n\\s*/g, " ") + "\\n";
}"""
CARD = """
<style>
  body {{ display: grid; align-content: center; width: 1200px; height: 630px; margin: 0; background: #fff; color: #222;
    font: 600 58px/1.3 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; }}
  p {{ margin: 0 0 24px 60px; }}
  small {{ font-weight: normal; font-size: 34px; color: #1262d2; }}
  svg {{ width: 1000px; height: auto; margin-inline: 60px; }}
</style>
<p>{title}<br><small>{subtitle}</small></p>{figure}"""
IS_STILL = "element => element.live && element.frame === undefined"


def draw(browser, element, lang="zh"):
    """Return the SVG of what the explorable `element` draws at first, with words of this language."""
    page = browser.new_page(
        viewport={"width": WIDTH + 100, "height": 900}, reduced_motion="reduce", color_scheme="light"
    )
    scripts = "".join(script(name, lang) for name in ["base", *VALUES])
    page.set_content(
        f"<style>body {{ width: {WIDTH}px; color: #222 }}</style>{element}<script>{scripts}</script>", wait_until="load"
    )
    explorable = page.locator("gluonbook-explorable")
    page.wait_for_function(f"({IS_STILL})(document.querySelector('gluonbook-explorable'))")
    svg = explorable.evaluate(COMPOSE, alternative(explorable.get_attribute("name"), lang))
    page.close()
    return svg


def photograph(browser, content, width, height, path):
    """Store what a page with this content looks like."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.set_content(content)
    page.screenshot(path=path, omit_background=True)
    page.close()


def draw_for_others(browser):
    title, subtitle = re.match("title: (.+)：(.+)", (ROOT / "_config.yml").read_text(encoding="utf-8")).groups()
    figure = (FOLDER / "momentum-valley.svg").read_text(encoding="utf-8")
    photograph(browser, CARD.format(title=title, subtitle=subtitle, figure=figure), 1200, 630, STATIC / "card.png")
    icon = (STATIC / "favicon.svg").read_text(encoding="utf-8").replace(' rx="6"', "")  # a phone rounds it itself
    style = "<style>body { margin: 0 } svg { display: block; width: 180px }</style>"
    photograph(browser, style + icon, 180, 180, STATIC / "touch-icon.png")


def main():
    with chromium() as browser:
        for name, element in stored_elements().items():
            for lang in LANGUAGES:
                picture(name, lang).write_text(draw(browser, element, lang), encoding="utf-8")
            print(f"{name} drawn")
        draw_for_others(browser)


if __name__ == "__main__":
    main()
