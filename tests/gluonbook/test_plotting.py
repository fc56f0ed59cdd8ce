"""Promises of gluonbook.plotting: a figure shows the data that it was given."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from mxnet import nd

import gluonbook
from gluonbook.book.description import describe


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Keep figures open when they are shown, and count how often that was."""
    calls = []
    monkeypatch.setattr(plt, "show", lambda: calls.append(plt.gcf()))
    yield calls
    plt.close("all")


X_VALS, Y_VALS = [1, 2, 4], [10.0, 1.0, 0.1]


HOLDERS = {
    "list": list,
    "tuple": tuple,
    "array": np.array,
    "NDArray": nd.array,
    "list of arrays": lambda values: [np.array([value]) for value in values],
    "list of NDArrays": lambda values: [nd.array([value]) for value in values],
    "column": lambda values: np.array(values).reshape(-1, 1),
}


@pytest.mark.parametrize("convert", HOLDERS.values(), ids=HOLDERS)
def test_semilogy_draws_the_curve_on_a_log_scale_whatever_holds_it(convert, shown):
    assert gluonbook.semilogy(convert(X_VALS), convert(Y_VALS), "epoch", "loss") is None
    (figure,) = shown
    (axes,) = figure.axes
    (line,) = axes.lines
    assert np.allclose(line.get_xydata(), np.column_stack([X_VALS, Y_VALS]))
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert tuple(figure.get_size_inches()) == (3.5, 2.5)


def test_semilogy_names_two_curves_and_draws_each_in_the_style_of_its_name(shown):
    gluonbook.semilogy(X_VALS, Y_VALS, "epoch", "loss", [1, 2], [3, 4], ["momentum", "noise floor"], (5, 3))
    (axes,) = shown[0].axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["momentum", "noise floor"]
    assert np.allclose(axes.lines[1].get_xydata(), [[1, 3], [2, 4]])
    for line in axes.lines:
        style = gluonbook.STYLES[line.get_label()]
        assert (line.get_color(), line.get_linestyle(), line.get_linewidth()) == tuple(style.values())
    assert tuple(shown[0].get_size_inches()) == (5, 3)


def test_semilogy_draws_a_run_that_diverges_up_to_the_point_where_it_overflows(shown):
    gluonbook.semilogy(range(5), [1, 1e9, 1e38, np.inf, np.nan], "epoch", "loss")
    (figure,) = shown
    figure.canvas.draw()
    (line,) = figure.axes[0].lines
    assert line.get_ydata()[:3].tolist() == [1, 1e9, 1e38] and figure.axes[0].get_ylim()[1] > 1e38
    assert describe(figure).endswith("line, #0072b2 - 1.5: 3 of 5 points, (0.00, 1) .. (1.00, 1e+09) .. (2.00, 1e+38)")


def bowl(x1, x2):
    return x1**2 + 2 * x2**2


def test_show_trace_2d_draws_the_points_over_contours_of_the_objective():
    trace = [(-5, -2), (-3, 1), (0.5, 0)]
    gluonbook.set_figsize()
    gluonbook.show_trace_2d(bowl, trace)
    axes = plt.gca()
    assert np.allclose(axes.lines[0].get_xydata(), trace)
    assert describe(axes.figure).splitlines() == [
        "Figure: $x_2$ against $x_1$",
        "  3.5 x 2.5 inches, axes from (0.12, 0.11) to (0.90, 0.88)",
        "  contours, #888888 0.8: 0.044, 0.68, 2.1, 4.2, 7.1, 11, 15, 20, 26, 33, 41, 49",
        "  line, #332288 - 1.5, o 4 #332288: 3 of 3 points, (-5.00, -2.00) .. (-3.00, 1.00) .. (0.50, 0.00)",
    ]


TRACES = {
    "a trace beyond the surroundings": ([(-5, -2), (-3, 1), (0.5, 0)], (-5.55, 1.05), (-3, 1.3)),
    "a short trace": ([(-1, -1), (0, 0)], (-5.5, 1), (-3, 1)),
    "a trace that runs away": ([(-5, -2), (30, -40)], (-8.5, 33.5), (-43.8, 1.8)),
}


@pytest.mark.parametrize("trace, across, up", TRACES.values(), ids=TRACES)
def test_show_trace_2d_shows_the_whole_trace_and_its_surroundings(trace, across, up):
    gluonbook.show_trace_2d(bowl, trace)
    assert np.allclose([plt.gca().get_xlim(), plt.gca().get_ylim()], [across, up])


def test_show_trace_2d_shows_the_trace_alone_where_the_objective_is_nowhere_finite():
    gluonbook.show_trace_2d(lambda x1, x2: x1 * np.nan, [(-1, -1), (0, 0)])
    shown = describe(plt.gcf())
    assert "contours" not in shown and "2 of 2 points, (-1.00, -1.00) .. (0.00, 0.00)" in shown


def test_no_two_things_look_alike_where_they_meet_in_colour_or_without_it():
    for together in (
        ["train", "test", "noise floor"],
        ["GD", "SGD", "mini-batch", "noise floor"],
        ["SGD", "momentum", "noise floor"],
        ["GD", "momentum", "Nesterov", "noise floor"],
    ):
        styles = [gluonbook.STYLES[name] for name in together]
        assert len({style["color"] for style in styles}) == len(styles), together
        assert len({(style["linestyle"], style.get("linewidth")) for style in styles}) == len(styles), together


def test_figures_have_two_spines_legends_no_frame_and_curves_without_a_name_differ_in_colour_and_without_it():
    gluonbook.set_figsize()
    _, axes = plt.subplots()
    lines = axes.plot(np.ones((2, 4)), label="ones")
    assert [side for side, spine in axes.spines.items() if spine.get_visible()] == ["left", "bottom"]
    assert not axes.legend().get_frame_on()
    assert len({line.get_color() for line in lines}) == len({line.get_linestyle() for line in lines}) == 4
