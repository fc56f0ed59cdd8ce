"""What makes a book of the chapters: each room does one thing for a reader, and its docstring says what.

A room is a module or a folder beside this file. What lies in its folder `static` is there on every page, its styles and
scripts are loaded, and its folder `templates` comes before the theme's.
"""

from pathlib import Path
from pkgutil import iter_modules

from _ext.words import in_edition

ROOMS = sorted({room.name for room in iter_modules(__path__)} - {"words"})


def add_files(app, config):
    rooms = Path(__file__).parent
    files = sorted(rooms.glob("*/static/*"), key=lambda path: path.name)
    config.html_static_path += map(str, files)
    config.html_css_files[:0] = [path.name for path in files if path.suffix == ".css"]
    config.html_js_files[:0] = [path.name for path in files if path.suffix == ".js"]
    config.templates_path += map(str, sorted(rooms.glob("*/templates")))


def write_scripts(app, exception):
    """Write the scripts of the rooms in the words of the edition, where Sphinx has copied them as they stand."""
    for path in Path(__file__).parent.glob("*/static/*.js") if exception is None else []:
        said = in_edition(path.read_text(encoding="utf-8"))
        Path(app.outdir, "_static", path.name).write_text(said, encoding="utf-8")


def setup(app):
    for room in ROOMS:
        app.setup_extension(f"{__name__}.{room}")
    app.connect("config-inited", add_files, priority=100)  # before Sphinx looks at what there is
    app.connect("build-finished", write_scripts)
