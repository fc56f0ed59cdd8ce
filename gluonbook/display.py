"""How a notebook shows figures and source code."""

import ast
import contextlib
import inspect
import textwrap

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import Markdown
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib_inline import backend_inline

from gluonbook.book.description import describe


def ground(figure, look=backend_inline._fetch_figure_metadata):
    """What ground a viewer in dark needs: known where labels are black, without making them, which takes half as long as a figure."""
    if figure.get_facecolor()[3] == 0 and plt.rcParams["xtick.color"] == plt.rcParams["ytick.color"] == "black":
        return {"needs_background": "light"}
    return look(figure)


backend_inline._fetch_figure_metadata = ground


@contextlib.contextmanager
def few_ticks():
    """Let Matplotlib make only the ticks that are in view, and find them again only when something else is in view.

    While a figure is drawn it would find them up to seven times, and on a log axis make twice as many as it shows.
    """
    find, locate, found = Axis._update_ticks, Axis.get_minorticklocs, {}

    def locate_in_view(axis):
        places = np.asarray(locate(axis))
        ends, at = map(axis.get_transform().transform, (axis.get_view_interval(), places))
        return places[abs(at - ends.mean()) < 0.51 * abs(ends[1] - ends[0])]

    def find_once(axis):
        view = *axis.get_view_interval(), *axis.axes.bbox.extents
        if axis not in found or found[axis][0] != view:
            found[axis] = view, find(axis)
        return found[axis][1]

    Axis._update_ticks, Axis.get_minorticklocs = find_once, locate_in_view
    try:
        yield
    finally:
        Axis._update_ticks, Axis.get_minorticklocs = find, locate


def use_svg_display():
    """Show figures as SVG in a notebook: crisp at any size.

    The SVG of the same figure is the same text every time. With it goes a description in plain text,
    the axes' names, where things are, and the look and a few points of each curve, rounded: by it
    nbval compares figures between machines. Outside IPython there is no display to set, and the call does nothing.
    """
    plt.rcParams["svg.hashsalt"] = "gluonbook"
    shell = get_ipython()
    if shell is None:
        return
    backend_inline.set_matplotlib_formats("svg", metadata={"Date": None})
    svg = shell.display_formatter.formatters["image/svg+xml"]
    svg.for_type(Figure, few_ticks()(svg.lookup_by_type(Figure)))
    plain_text = shell.display_formatter.formatters["text/plain"]
    plain_text.for_type(Figure, lambda figure, printer, cycle: printer.text(describe(figure)))


def show_source(*functions):
    """Return the source code of functions, highlighted, as the output of a notebook cell.

    Parameters
    ----------
    *functions : function
        One or more functions written in Python.

    Returns
    -------
    IPython.display.Markdown
        The source in one code block, as it stands in the file but for the docstrings: with the line above a
        function that declares what its arguments must be.
    """
    sources = map(_source_without_docstring, functions)
    return Markdown("```python\n" + "\n\n\n".join(sources) + "\n```")


def _source_without_docstring(function):
    source = textwrap.dedent(inspect.getsource(function)).rstrip()
    lines = source.split("\n")
    definition = ast.parse(source).body[0]
    if ast.get_docstring(definition) is not None:
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    return "\n".join(lines)
