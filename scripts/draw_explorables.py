"""Draw the explorables of the chapters, as they are at first, into the pictures that stand where no script runs.

    python scripts/draw_explorables.py

Run the notebooks afterwards, which store the pictures. Chromium draws them.
"""

import re
import sys
from pathlib import Path

import nbformat

from gluonbook.explorables import FOLDER, VALUES, script

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 700

# Puts what an explorable draws, panel by panel, into one SVG, with its handles.
COMPOSE = """element => {
    const {live, panels, kind} = element, box = live.getBoundingClientRect();
    const style = element.shadowRoot.querySelector("style").textContent.split(":host")[0].replace(/\\n *\\.dark .*(?=\\n)/g, "");
    let height = 0, body = "";
    for (const panel of panels) {
        const svg = panel.firstChild, {left, top} = panel.getBoundingClientRect();
        const [x, y] = [left - box.left, top - box.top].map(Math.round);
        height = Math.max(height, y + +svg.getAttribute("height"));
        const handles = [...panel.querySelectorAll(".handle")].map(({style}) =>
            `<circle class="l" style="stroke-width: 2" cx="${parseFloat(style.left)}" cy="${parseFloat(style.top)}" r="7"/>`);
        body += `<g transform="translate(${x} ${y})">${svg.innerHTML}${handles.join("")}</g>`;
    }
    const width = Math.round(box.width);
    const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" color="#222">`
        + `<title>${kind.alt}</title><style>${style}</style><rect width="${width}" height="${height}" fill="#fff"/>${body}</svg>`;
    return drawn.replace(/\\s*\\n\\s*/g, " ") + "\\n";
}"""
IS_STILL = "element => element.live && element.frame === undefined"


def stored_elements():
    """The elements in the outputs of the notebooks, by name, each as at first in its chapter."""
    elements = {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                text = output.get("data", {}).get("text/html", "")
                if found := re.match('<gluonbook-explorable name="(.+?)".*</gluonbook-explorable>', text):
                    elements.setdefault(found[1], found[0])
    return elements


def draw(browser, element):
    """Return the SVG of what the explorable `element` draws at first."""
    page = browser.new_page(
        viewport={"width": WIDTH + 100, "height": 900}, reduced_motion="reduce", color_scheme="light"
    )
    scripts = "".join(map(script, ["base", *VALUES]))
    page.set_content(
        f"<style>body {{ width: {WIDTH}px; color: #222 }}</style>{element}<script>{scripts}</script>", wait_until="load"
    )
    explorable = page.locator("gluonbook-explorable")
    page.wait_for_function(f"({IS_STILL})(document.querySelector('gluonbook-explorable'))")
    svg = explorable.evaluate(COMPOSE)
    page.close()
    return svg


def main():
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT / "tests"))
    from common import CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, element in stored_elements().items():
            (FOLDER / f"{name}.svg").write_text(draw(browser, element), encoding="utf-8")
            print(f"{name} drawn")
        browser.close()


if __name__ == "__main__":
    main()
