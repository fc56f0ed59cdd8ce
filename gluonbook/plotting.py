"""Figures: their common look, curves on a log scale, and traces over contours."""

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from mxnet.ndarray import NDArray

from gluonbook._validation import as_floats, check_callable, check_names, check_text, check_vector, got
from gluonbook.display import use_svg_display

# The same look for the same thing in every chapter: told apart by colour, by colour-blind
# readers too, and by line style or width without any colour.
STYLES = {
    "train": {"color": "#0072B2", "linestyle": "-"},
    "test": {"color": "#D55E00", "linestyle": "--"},
    "GD": {"color": "#332288", "linestyle": "--"},
    "SGD": {"color": "#CC6677", "linestyle": "-", "linewidth": 1},
    "mini-batch": {"color": "#117733", "linestyle": "-."},
    "momentum": {"color": "#000000", "linestyle": "-", "linewidth": 2},
    "Nesterov": {"color": "#AA4499", "linestyle": "--"},
    "noise floor": {"color": "#555555", "linestyle": ":", "linewidth": 1.2},
}


def set_figsize(figsize=(3.5, 2.5)):
    """Set the size of the figures to come, and the book's look; figures are shown as SVG.

    Parameters
    ----------
    figsize : (float, float), default (3.5, 2.5)
        Width and height in inches.

    Raises
    ------
    TypeError
        If `figsize` is not a sequence of numbers.
    ValueError
        If they are not two, or one of them is not finite and greater than 0.
    """
    check_vector("figsize", figsize, length=2, positive=True)
    use_svg_display()
    plt.rcParams.update({
        "figure.figsize": tuple(figsize),
        "axes.prop_cycle": cycler(
            color=["#0072B2", "#D55E00", "#117733", "#AA4499"],
            linestyle=["-", "--", "-.", ":"],
        ),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "legend.frameon": False,
    })


def semilogy(x_vals, y_vals, x_label, y_label, x2_vals=None, y2_vals=None, legend=None, figsize=(3.5, 2.5)):
    """Draw one or two curves with a logarithmic y axis, and show the figure.

    Values of y that a log scale can't show (0, negative, infinite, nan) leave a gap: a run that
    diverges is drawn up to the point where it overflows.

    Parameters
    ----------
    x_vals, y_vals : list, NumPy array or NDArray
        The first curve: as many numbers for x as for y, or arrays that hold one number each.
    x_label, y_label : str
        The names of the axes.
    x2_vals, y2_vals : list, NumPy array or NDArray, optional
        The second curve; both or neither.
    legend : sequence of str, optional
        A name for each curve, not the same for both. A name in `STYLES`, such as "train" or "noise
        floor", brings its look.
    figsize : (float, float), default (3.5, 2.5)
        Width and height in inches.

    Raises
    ------
    TypeError
        If a curve is not made of real numbers, a label or name is not a string, `figsize` is not made
        of numbers, or only one of `x2_vals` and `y2_vals` is given.
    ValueError
        If a curve is empty, has not as many numbers for x as for y or a non-finite x, `legend` doesn't
        give each curve a name of its own, or `figsize` is not two numbers greater than 0.
    """
    if (x2_vals is None) != (y2_vals is None):
        given, missing = ("x2_vals", "y2_vals") if y2_vals is None else ("y2_vals", "x2_vals")
        raise TypeError(f"the second curve needs x2_vals and y2_vals, got {given} without {missing}")
    curves = [_curve("x_vals", x_vals, "y_vals", y_vals)]
    if x2_vals is not None:
        curves.append(_curve("x2_vals", x2_vals, "y2_vals", y2_vals))
    check_text("x_label", x_label)
    check_text("y_label", y_label)
    if legend is not None:
        check_names("legend", legend, len(curves))

    set_figsize(figsize)
    _, axes = plt.subplots()
    for i, (x, y) in enumerate(curves):
        name = None if legend is None else legend[i]
        axes.semilogy(x, y, label=name, **STYLES.get(name, {}))
    axes.set(xlabel=x_label, ylabel=y_label)
    if legend is not None:
        axes.legend()
    plt.show()


def _curve(x_name, x_vals, y_name, y_vals):
    x, y = _flat(x_name, x_vals), _flat(y_name, y_vals)
    if len(x) != len(y):
        raise ValueError(f"{x_name} and {y_name} must have the same length, got {len(x)} and {len(y)}")
    if not np.isfinite(x).all():
        raise ValueError(f"{x_name} must be finite, got {x[~np.isfinite(x)][0]}")
    return x, y


def _flat(name, values):
    """Turn a list of numbers or of arrays with one number each, or an array, into a float array (n,)."""
    if isinstance(values, (bytes, dict, set)):  # whose items may be numbers, but not those of a curve
        raise TypeError(f"{name} must be a list of numbers, a NumPy array or an NDArray, {got(values)}")
    try:
        items = values.asnumpy() if isinstance(values, NDArray) else values
        flat = [as_floats(item).item() for item in items]
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be a list of numbers, a NumPy array or an NDArray, {got(values)}") from error
    if not flat:
        raise ValueError(f"{name} must hold at least one number, got none")
    return np.array(flat)


def show_trace_2d(f, res):
    """Draw the trace of a two-variable optimisation over the contours of its objective.

    The figure is left open, so that a title can be added before the cell ends and shows it.

    Parameters
    ----------
    f : function
        The objective: ``f(x1, x2)`` for NumPy arrays of the same shape, which its values have too.
        Where they are not finite, there are no contours.
    res : sequence of (float, float)
        The points visited, in order, as `train_2d` returns them. The axes reach as far as they do.

    Raises
    ------
    TypeError
        If `f` is not a function of two arguments with real values, or `res` is not made of pairs of
        numbers.
    ValueError
        If `res` is empty or holds a number that is not finite, or the values of `f` have another shape
        or are finite nowhere.
    """
    check_callable("f", f, "x1", "x2")
    points = _points(res)
    margin = 0.1 * np.ptp(points, axis=0)
    low = np.minimum(points.min(axis=0) - margin, (-5.5, -3.0))
    high = np.maximum(points.max(axis=0) + margin, (1.0, 1.0))
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], 100), np.linspace(low[1], high[1], 100))
    height = _height(f(x1, x2), x1.shape)
    # Quantiles put as many contours near the bottom as on the slopes.
    finite = height[np.isfinite(height)]
    levels = np.unique(np.quantile(finite, np.linspace(0.02, 0.98, 12)))
    plt.contour(x1, x2, height, levels, colors="#888888", linewidths=0.8)
    plt.plot(*points.T, "-o", color=STYLES["GD"]["color"], markersize=4)
    plt.xlabel("x1")
    plt.ylabel("x2")


def _points(res):
    try:
        points = as_floats([(x1, x2) for x1, x2 in res])
    except (TypeError, ValueError) as error:
        raise TypeError(f"res must be a sequence of pairs of numbers, {got(res)}") from error
    if not len(points):
        raise ValueError("res must hold at least one point, got none")
    if not np.isfinite(points).all():
        raise ValueError(f"res must hold finite numbers, got {points[~np.isfinite(points).all(axis=1)][0]}")
    return points


def _height(values, shape):
    try:
        height = as_floats(values)
    except (TypeError, ValueError) as error:
        raise TypeError(f"f must return real numbers, {got(values)}") from error
    if height.shape != shape:
        raise ValueError(f"f must return numbers of the shape of x1 and x2, {shape}, got {height.shape}")
    if not np.isfinite(height).any():
        raise ValueError(f"f must be finite somewhere, got {height[0, 0]} and the like everywhere")
    return height
