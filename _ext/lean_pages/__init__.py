"""Leaves out of every page what Jupyter Book loads for live code (thebe): it would come from another host."""


def without_thebe(app, pagename, templatename, context, doctree):
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context[kind]
            if "thebe" not in f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}".lower()
        ]


def setup(app):
    app.connect("html-page-context", without_thebe, priority=900)  # after the extensions that add files
    return {"parallel_read_safe": True, "parallel_write_safe": True}
