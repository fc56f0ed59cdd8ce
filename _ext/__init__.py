"""What makes a book of the chapters: each room does one thing for a reader, and its docstring says what.

A room is a module or a folder beside this file. What lies in its folder `static` is there on every page, its styles and
scripts are loaded, and its folder `templates` comes before the theme's.
"""

from pathlib import Path

# In the order in which they hear of what happens.
ROOMS = (
    "offline_math",
    "chinese_search",
    "lean_pages",
    "sidebar",
    "headings",
    "hidden_directives",
    "plain_notebooks",
    "front_page",
    "reference",
    "running",
    "published",
    "terms",
    "claims",
    "explorables",
    "paper",
)


def add_files(app, config):
    rooms = Path(__file__).parent
    files = sorted(rooms.glob("*/static/*"), key=lambda path: path.name)
    config.html_static_path += map(str, files)
    config.html_css_files[:0] = [path.name for path in files if path.suffix == ".css"]
    config.html_js_files[:0] = [path.name for path in files if path.suffix == ".js"]
    config.templates_path += map(str, sorted(rooms.glob("*/templates")))


def setup(app):
    for room in ROOMS:
        app.setup_extension(f"{__name__}.{room}")
    app.connect("config-inited", add_files, priority=100)  # before Sphinx looks at what there is
