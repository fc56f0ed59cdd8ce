"""Figures: their common look, curves on a log scale, and traces over contours."""

from functools import cache

import matplotlib.pyplot as plt
import matplotlib.text
import numpy as np
from cycler import cycler
from mxnet.ndarray import NDArray

from gluonbook._validation import checked, function, got, number, sequence
from gluonbook.display import use_svg_display

# Each drawing would make one of its own, and read all formulas anew, which takes a quarter of the time of a figure.
matplotlib.text.TextToPath = cache(matplotlib.text.TextToPath)

# The same look for the same thing in every chapter: told apart by colour, by colour-blind
# readers too, and by line style or width without any colour.
STYLES = {
    "train": {"color": "#0072B2", "linestyle": "-"},
    "test": {"color": "#D55E00", "linestyle": "--"},
    "GD": {"color": "#332288", "linestyle": "--"},
    "SGD": {"color": "#CC6677", "linestyle": "-", "linewidth": 1},
    "mini-batch": {"color": "#117733", "linestyle": "-."},
    "momentum": {"color": "#B84A00", "linestyle": "-", "linewidth": 2},
    "Nesterov": {"color": "#AA4499", "linestyle": "-."},
    "noise floor": {"color": "#555555", "linestyle": ":", "linewidth": 1.2},
}


@checked(figsize=sequence(2, number(above=0)))
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
    use_svg_display()
    plt.rcParams.update(
        {
            "figure.figsize": tuple(figsize),
            "figure.facecolor": "none",  # the page shows through, a dark one, too
            "axes.facecolor": "none",
            "font.size": 11,
            "axes.prop_cycle": cycler(
                color=["#0072B2", "#D55E00", "#117733", "#AA4499"],
                linestyle=["-", "--", "-.", ":"],
            ),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
        }
    )


def check_legend(name, values, known):
    """Check that a legend tells the curves apart."""
    count = 1 if known["x2_vals"] is None else 2
    if isinstance(values, str) or not len(values) == len(set(values)) == count:
        raise ValueError(f"{name} must hold a name for each of the {count} curves, all different, {got(values)}")


@checked(legend=check_legend)
def semilogy(
    x_vals,
    y_vals,
    x_label,
    y_label,
    x2_vals=None,
    y2_vals=None,
    legend=None,
    figsize=(3.5, 2.5),
):
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
        If a curve is not made of real numbers, `figsize` is not made of numbers, or only one of
        `x2_vals` and `y2_vals` is given.
    ValueError
        If a curve has not as many numbers for x as for y, `legend` doesn't give each curve a name of
        its own, or `figsize` is not two numbers greater than 0.
    """
    curves = [_curve(x_vals, y_vals)]
    if x2_vals is not None or y2_vals is not None:
        curves.append(_curve(x2_vals, y2_vals))

    set_figsize(figsize)
    _, axes = plt.subplots()
    names = [None, None] if legend is None else legend
    for (x, y), name in zip(curves, names):
        axes.semilogy(x, y, label=name, **STYLES.get(name, {}))
    axes.set(xlabel=x_label, ylabel=y_label)
    if legend is not None:
        axes.legend()
    plt.show()


def _curve(x_vals, y_vals):
    x, y = _numbers("x", x_vals), _numbers("y", y_vals)
    if len(x) != len(y):
        raise ValueError(f"a curve needs as many numbers for x as for y, got {len(x)} and {len(y)}")
    return x, y


def _numbers(name, values):
    """Turn a list of numbers or of arrays with one number each, or an array, into a list of numbers."""
    try:
        items = values.asnumpy() if isinstance(values, NDArray) else values
        return [_real(item).item() for item in items]
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be a list of numbers, a NumPy array or an NDArray, {got(values)}") from error


def _real(values):
    """Turn numbers into an array, and raise TypeError unless they are real: Matplotlib takes strings and bools, too."""
    array = values.asnumpy() if isinstance(values, NDArray) else np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"real numbers are needed, {got(values)}")
    return array


def check_points(name, values, known):
    """Check that these are points in the plane that can be drawn."""
    array = _real(values)
    if array.shape != (len(array), 2) or not (len(array) and np.isfinite(array).all()):
        raise ValueError(f"{name} must hold pairs of finite numbers, at least one, {got(values)}")


def check_objective(name, f, known):
    """Check that `f` gives a number for each point of a grid."""
    function("x1", "x2")(name, f, known)
    grid = np.ones((2, 3))
    with np.errstate(all="ignore"):
        heights = f(grid, grid)
    _real(heights)
    if not isinstance(heights, np.ndarray) or heights.shape != grid.shape:
        raise ValueError(f"{name} must give a NumPy array of the shape of its arguments, {got(heights)}")


@checked(f=check_objective, res=check_points)
def show_trace_2d(f, res):
    """Draw the trace of a two-variable optimisation over the contours of its objective.

    Nothing is returned: the figure is left open, so that a title can be added before the cell ends and shows it.

    Parameters
    ----------
    f : function
        The objective: ``f(x1, x2)`` for NumPy arrays of the same shape, which its values have too.
        Where they are not finite, there are no contours; if they are nowhere, there is the trace alone.
    res : sequence of (float, float)
        The points visited, in order, as `train_2d` returns them. The axes reach as far as they do.

    Raises
    ------
    TypeError
        If `f` is not a function of two arguments, or its values or `res` are not made of numbers.
    ValueError
        If `f` doesn't give a value for each point, or `res` is empty, or holds something else than
        pairs or a number that is not finite.
    """
    points = np.array(res)
    margin = 0.1 * np.ptp(points, axis=0)
    low = np.minimum(points.min(axis=0) - margin, (-5.5, -3.0))
    high = np.maximum(points.max(axis=0) + margin, (1.0, 1.0))
    x1, x2 = np.meshgrid(*np.linspace(low, high, 100).T)
    height = f(x1, x2)
    # Even steps of the root of the height: the closer two contours of a bowl, the steeper it is.
    finite = height[np.isfinite(height)]
    if finite.size:
        levels = np.unique(finite.min() + np.ptp(finite) * np.linspace(0.03, 1, 12) ** 2)
        plt.contour(x1, x2, height, levels, colors="#888888", linewidths=0.8)
    plt.plot(*points.T, "-o", color=STYLES["GD"]["color"], markersize=4)
    plt.xlabel("$x_1$")
    plt.ylabel("$x_2$")
