"""Marks in highlighted code only what looks different: half of the spans that Pygments makes, most of a page, don't."""

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import Text


def begin(app):
    if app.builder.format != "html":
        return
    options = app.builder.theme.get_options()
    styles = [get_style_by_name(options[f"pygments_{mode}_style"]) for mode in ("light", "dark")]

    def seen(kind):
        return kind if any(style.style_for_token(kind) != style.style_for_token(Text) for style in styles) else Text

    class LeanFormatter(HtmlFormatter):
        def format(self, tokensource, outfile):
            return super().format(((seen(kind), text) for kind, text in tokensource), outfile)

    app.builder.highlighter.formatter = LeanFormatter


def setup(app):
    app.connect("builder-inited", begin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
