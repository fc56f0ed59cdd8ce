"""Promises of gluonbook.plotting: a figure shows the data that it was given."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from mxnet import nd

import gluonbook


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Keep figures open when they are shown, and count how often that was."""
    calls = []
    monkeypatch.setattr(plt, "show", lambda: calls.append(plt.gcf()))
    yield calls
    plt.close("all")


X_VALS, Y_VALS = [1, 2, 4], [10.0, 1.0, 0.1]


@pytest.mark.parametrize(
    "convert",
    [
        list,
        tuple,
        np.array,
        nd.array,
        lambda values: [np.array([value]) for value in values],
        lambda values: [nd.array([value]) for value in values],
        lambda values: np.array(values).reshape(-1, 1),
    ],
    ids=["list", "tuple", "array", "NDArray", "list of arrays", "list of NDArrays", "column"],
)
def test_semilogy_draws_the_curve_on_a_log_scale_whatever_holds_it(convert, shown):
    assert gluonbook.semilogy(convert(X_VALS), convert(Y_VALS), "epoch", "loss") is None
    (figure,) = shown
    (axes,) = figure.axes
    (line,) = axes.lines
    assert np.allclose(line.get_xydata(), np.column_stack([X_VALS, Y_VALS]))
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert tuple(figure.get_size_inches()) == (3.5, 2.5)


def test_semilogy_names_two_curves_that_differ_without_colour_too(shown):
    gluonbook.semilogy(X_VALS, Y_VALS, "epoch", "loss", [1, 2], [3, 4], ["train", "test"], (5, 3))
    (axes,) = shown[0].axes
    train, test = axes.lines
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["train", "test"]
    assert np.allclose(test.get_xydata(), [[1, 3], [2, 4]])
    assert train.get_color() == gluonbook.STYLES["train"]["color"]
    assert train.get_linestyle() != test.get_linestyle() and train.get_color() != test.get_color()
    assert tuple(shown[0].get_size_inches()) == (5, 3)


def test_semilogy_takes_a_range_and_a_run_that_overflows(shown):
    gluonbook.semilogy(range(4), [1, 1e38, np.inf, np.nan], "epoch", "loss")
    assert len(shown[0].axes[0].lines[0].get_xdata()) == 4


@pytest.mark.parametrize(
    "changes, error, message",
    [
        ({"y_vals": [1, 2]}, ValueError, "x_vals and y_vals must have the same length, got 3 and 2"),
        ({"x_vals": [], "y_vals": []}, ValueError, "x_vals must hold at least one number"),
        ({"x_vals": [1, np.nan, 2]}, ValueError, "x_vals must be finite, got nan"),
        ({"y_vals": "abc"}, TypeError, "y_vals must be a list of numbers"),
        ({"y_vals": None}, TypeError, "y_vals must be a list of numbers"),
        ({"y_vals": [[1, 2], [3, 4], [5, 6]]}, TypeError, "y_vals must be a list of numbers"),
        ({"x2_vals": [1]}, TypeError, "got x2_vals without y2_vals"),
        ({"y2_vals": [1]}, TypeError, "got y2_vals without x2_vals"),
        ({"x2_vals": [1, 2], "y2_vals": [1]}, ValueError, "x2_vals and y2_vals must have the same length"),
        ({"legend": ["a", "b"]}, ValueError, "a name for each of the 1 curves"),
        ({"legend": "a"}, ValueError, "a name for each of the 1 curves"),
        ({"figsize": (3, 0)}, ValueError, "figsize height must be greater than 0"),
        ({"figsize": 3}, TypeError, r"figsize must be a pair \(width, height\)"),
    ],
)
def test_semilogy_says_what_is_wrong_and_shows_no_figure(changes, error, message, shown):
    arguments = {"x_vals": X_VALS, "y_vals": Y_VALS, "x_label": "epoch", "y_label": "loss"}
    with pytest.raises(error, match=message):
        gluonbook.semilogy(**arguments | changes)
    assert not shown and not plt.get_fignums()


def test_set_figsize_sets_the_size_of_the_figures_to_come():
    gluonbook.set_figsize((6, 2))
    assert tuple(plt.figure().get_size_inches()) == (6, 2)
    gluonbook.set_figsize()
    assert tuple(plt.figure().get_size_inches()) == (3.5, 2.5)


@pytest.mark.parametrize(
    "figsize, error", [("ab", TypeError), ((1, 2, 3), TypeError), ((1, "2"), TypeError), ((-1, 2), ValueError),
                       ((np.nan, 2), ValueError)]
)
def test_set_figsize_refuses_what_is_no_size_and_keeps_the_old_one(figsize, error):
    gluonbook.set_figsize((6, 2))
    with pytest.raises(error, match="figsize"):
        gluonbook.set_figsize(figsize)
    assert tuple(plt.rcParams["figure.figsize"]) == (6, 2)


def bowl(x1, x2):
    return x1**2 + 2 * x2**2


def test_show_trace_2d_draws_the_points_over_contours_of_the_objective():
    trace = [(-5, -2), (-3, 1), (0.5, 0)]
    gluonbook.show_trace_2d(bowl, trace)
    axes = plt.gca()
    assert np.allclose(axes.lines[0].get_xydata(), trace)
    assert axes.collections, "no contours"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x1", "x2")


def test_show_trace_2d_shows_a_trace_that_runs_away_whole():
    gluonbook.show_trace_2d(bowl, [(-5, -2), (30, -40)])
    (left, right), (bottom, top) = plt.gca().get_xlim(), plt.gca().get_ylim()
    assert left < -5 and right > 30 and bottom < -40 and top > -2


@pytest.mark.parametrize(
    "f, res, error, message",
    [
        ("x**2", [(0, 0)], TypeError, "f must be a function"),
        (bowl, [], ValueError, "at least one point"),
        (bowl, [(1, 2, 3)], TypeError, "sequence of pairs"),
        (bowl, [(1, "a")], TypeError, "sequence of pairs"),
        (bowl, 5, TypeError, "sequence of pairs"),
        (bowl, [(0, 0), (np.inf, 0)], ValueError, "res must hold finite numbers"),
    ],
)
def test_show_trace_2d_says_what_is_wrong_and_draws_nothing(f, res, error, message):
    with pytest.raises(error, match=message):
        gluonbook.show_trace_2d(f, res)
    assert not plt.get_fignums()


def test_no_two_things_look_alike_without_colour_where_they_meet():
    for together in (["train", "test", "noise floor"], ["GD", "SGD", "mini-batch", "noise floor"],
                     ["GD", "momentum"], ["SGD", "momentum", "noise floor"], ["momentum", "Nesterov"]):
        looks = [(style["linestyle"], style.get("linewidth")) for style in map(gluonbook.STYLES.get, together)]
        assert len(set(looks)) == len(looks), together
