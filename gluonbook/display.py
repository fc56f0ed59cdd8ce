"""How a notebook shows figures and source code."""

import ast
import inspect
import math
import textwrap

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import Markdown
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats

from gluonbook._validation import got

# The gid of a curve of measured times, which are another each time: its points are not described.
MEASURED_TIME = "measured time"


def use_svg_display():
    """Show figures as SVG in a notebook: crisp at any size.

    The SVG of the same figure is the same text every time. With it goes a description in plain text,
    the axes' names and a few points of each curve, rounded: by it nbval compares figures between
    machines. Outside IPython there is no display to set, and the call does nothing.
    """
    plt.rcParams["svg.hashsalt"] = "gluonbook"
    shell = get_ipython()
    if shell is None:
        return
    set_matplotlib_formats("svg", metadata={"Date": None})
    plain_text = shell.display_formatter.formatters["text/plain"]
    plain_text.for_type(Figure, lambda figure, printer, cycle: printer.text(_describe(figure)))


def _describe(figure):
    """Say in a few lines what `figure` shows."""
    lines = []
    for axes in figure.axes:
        x, y = (
            axis.get_label_text() + (" (log)" if axis.get_scale() == "log" else "")
            for axis in (axes.xaxis, axes.yaxis)
        )
        title = f" {axes.get_title()!r}," if axes.get_title() else ""
        lines.append(f"Figure:{title} {y or 'values'} against {x or 'values'}")
        scatters = [artist for artist in axes.collections if isinstance(artist, PathCollection)]
        curves = [("line", line, line.get_xydata()) for line in axes.lines]
        curves += [("points", scatter, scatter.get_offsets()) for scatter in scatters]
        for kind, artist, points in curves:
            name = "" if artist.get_label().startswith("_") else f" {artist.get_label()}"
            points = np.asarray(points, dtype=float)
            drawn = points[np.isfinite(points).all(axis=1)]
            if artist.get_gid() == MEASURED_TIME:
                path = MEASURED_TIME
            elif len(drawn):
                xs = _rounded(drawn[:, 0], axes.get_xscale())
                ys = _rounded(drawn[:, 1], axes.get_yscale())
                path = " .. ".join(f"({x}, {y})" for x, y in zip(xs, ys))
            else:
                path = "nothing to draw"
            lines.append(f"  {kind}{name}: {len(drawn)} of {len(points)} points, {path}")
    return "\n".join(lines)


def _rounded(values, scale):
    """Round the first, the middle and the last value: to two digits on a log scale, else to 1 % of the range."""
    chosen = values[[0, len(values) // 2, -1]]
    span = np.ptp(values)
    if scale == "log" or span == 0:
        return [f"{value:.2g}" for value in chosen]
    decimals = math.ceil(-math.log10(span / 100))
    return [f"{round(value, decimals) + 0.0:.{max(decimals, 0)}f}" for value in chosen]


def show_source(*functions):
    """Return the source code of functions, highlighted, as the output of a notebook cell.

    Parameters
    ----------
    *functions : function
        One or more functions written in Python.

    Returns
    -------
    IPython.display.Markdown
        The source in one code block, as it stands in the file but for the docstrings.

    Raises
    ------
    TypeError
        If there is no function, or an argument is not one written in Python with ``def``.
    """
    if not functions:
        raise TypeError("show_source needs at least one function, got none")
    for function in functions:
        if not inspect.isfunction(function) or function.__name__ == "<lambda>":
            raise TypeError(f"show_source needs functions written with def, {got(function)}")
    try:
        sources = [_source_without_docstring(function) for function in functions]
    except OSError as error:
        raise TypeError(f"show_source needs functions that stand in a file or a cell, got another: {error}") from error
    return Markdown("```python\n" + "\n\n\n".join(sources) + "\n```")


def _source_without_docstring(function):
    source = textwrap.dedent(inspect.getsource(function)).rstrip()
    lines = source.split("\n")
    definition = ast.parse(source).body[0]
    if ast.get_docstring(definition) is not None:
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    return "\n".join(lines)
