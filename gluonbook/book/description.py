"""What a figure shows, in plain text: by it nbval compares figures between machines."""

import math

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.contour import ContourSet

# The gid of a curve of measured times, which are another each time: where it was measured is described, and not what.
MEASURED_TIME = "measured time"


def describe(figure):
    """Say in a few lines what `figure` shows."""
    size = "  {:g} x {:g} inches".format(*figure.get_size_inches())
    size += ", constrained layout" if figure.get_layout_engine() else ""
    lines = []
    for axes in figure.axes:
        axes.get_xlim()  # fits the limits to the data, on which the place of a legend depends
        title = f" {axes.get_title()!r}," if axes.get_title() else ""
        x = _describe_axis(axes.xaxis, axes.get_autoscalex_on())
        y = _describe_axis(axes.yaxis, axes.get_autoscaley_on())
        lines.append(f"Figure:{title} {y} against {x}")
        place = f", axes {_corners(axes.get_position())}"
        place += "" if axes.get_aspect() == "auto" else f", aspect {axes.get_aspect():g}"
        if axes.get_legend():
            extent = axes.get_legend().get_window_extent()
            place += f", legend {_corners(extent.transformed(axes.transAxes.inverted()))}"
        lines.append(size + place)
        for contours in axes.collections:
            if isinstance(contours, ContourSet):
                look = f"{to_hex(contours.get_edgecolor()[0])} {contours.get_linewidth()[0]:g}"
                lines.append(f"  contours, {look}: " + ", ".join(f"{level:.2g}" for level in contours.levels))
        for patch in axes.patches:
            extent = patch.get_window_extent().transformed(axes.transAxes.inverted())
            lines.append(f"  area, {to_hex(patch.get_facecolor())}: {_corners(extent)}")
        scatters = [artist for artist in axes.collections if isinstance(artist, PathCollection)]
        curves = [("line", line, line.get_xydata()) for line in axes.lines]
        curves += [("points", scatter, scatter.get_offsets()) for scatter in scatters]
        for kind, artist, points in curves:
            name = "" if artist.get_label().startswith("_") else f" {artist.get_label()}"
            points = np.asarray(points)
            drawn = points[np.isfinite(points).all(axis=1)]
            if artist.get_gid() == MEASURED_TIME:
                path = f"{MEASURED_TIME} at {' .. '.join(_rounded(points[:, 0], axes.get_xscale()))}"
            elif len(drawn):
                xs = _rounded(drawn[:, 0], axes.get_xscale())
                ys = _rounded(drawn[:, 1], axes.get_yscale())
                path = " .. ".join(f"({x}, {y})" for x, y in zip(xs, ys))
            else:
                path = "nothing to draw"
            lines.append(f"  {kind}{name}, {_look(artist)}: {len(drawn)} of {len(points)} points, {path}")
    return "\n".join(lines)


def _describe_axis(axis, fits_data):
    """The name of an axis, and whether it is logarithmic; where it ends, if it doesn't just fit the data."""
    name = axis.get_label_text() or "values"
    if axis.get_scale() == "log":
        name += " (log)"
    if not axis.get_tick_params().get("labelbottom", True):
        name += " without numbers"
    if not fits_data:
        name += " from {:g} to {:g}".format(*axis.get_view_interval())
    return name


def _corners(box):
    return "from ({:.2f}, {:.2f}) to ({:.2f}, {:.2f})".format(*(box.extents.round(2) + 0.0))


def _look(artist):
    """The colour, style and width of a line, and its marker with its size and colour; colour and size of points."""
    opacity = "" if artist.get_alpha() is None else f", alpha {artist.get_alpha():g}"
    if isinstance(artist, PathCollection):
        face = to_hex(artist.get_facecolor()[0]) if len(artist.get_facecolor()) else "none"
        return f"{face} {artist.get_sizes()[0]:g} {artist.get_linewidth()[0]:g}{opacity}"
    look = f"{to_hex(artist.get_color())} {artist.get_linestyle()} {artist.get_linewidth():g}{opacity}"
    if artist.get_marker() not in ("", "None", None):
        colour = artist.get_markerfacecolor()
        look += f", {artist.get_marker()} {artist.get_markersize():g} {colour if colour == 'none' else to_hex(colour)}"
        look += f" every {artist.get_markevery()}" if artist.get_markevery() else ""
    return look


def _rounded(values, scale):
    """Round the first, the middle and the last value: to two digits on a log scale, else to 1 % of the range."""
    chosen = values[[0, len(values) // 2, -1]]
    span = np.ptp(values)
    if scale == "log" or span == 0:
        return [f"{value:.2g}" for value in chosen]
    decimals = math.ceil(-math.log10(span / 100))
    return [f"{round(value, decimals) + 0.0:.{max(decimals, 0)}f}" for value in chosen]
