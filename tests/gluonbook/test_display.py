"""Promises of gluonbook.display: crisp figures that can be compared between machines, and real source."""

import inspect

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import print_figure
from matplotlib import pyplot as plt
from matplotlib_inline import backend_inline
from traitlets.config import Config

import gluonbook
from gluonbook.book.description import MEASURED_TIME, describe


@pytest.fixture
def axes():
    with plt.style.context("default"):  # and not what a test has set before
        figure, axes = plt.subplots()
        yield axes
    plt.close(figure)


@pytest.fixture
def shell():
    """An IPython without a history, as in a notebook."""
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("switch", [gluonbook.use_svg_display, gluonbook.set_figsize])
def test_in_a_notebook_a_figure_is_the_same_svg_each_time_with_its_description(axes, shell, switch):
    switch()
    axes.plot([0, 1], [2, 3])
    data, _ = shell.display_formatter.format(axes.figure)
    assert set(data) == {"text/plain", "image/svg+xml"}
    assert data["text/plain"] == describe(axes.figure)
    assert "<svg" in data["image/svg+xml"] and "<dc:date>" not in data["image/svg+xml"]
    assert shell.display_formatter.format(axes.figure)[0] == data


def test_few_ticks_make_the_same_figure(shell):
    def drawn():
        figure, (first, second) = plt.subplots(1, 2, layout="constrained")
        first.semilogy([0, 1, 2], [1.7e-5, 1, 1e4])
        second.loglog([1, 2, 3], [0.1, 0.2, 0.4])
        second.set(title="a title", ylim=(1, 0.05))
        plt.close(figure)
        return figure

    gluonbook.use_svg_display()
    expected = print_figure(drawn(), "svg", metadata={"Date": None})
    assert shell.display_formatter.format(drawn())[0]["image/svg+xml"] == expected


@pytest.mark.parametrize("style, needed", [("default", "light"), ("dark_background", "dark")])
def test_a_viewer_in_dark_learns_what_ground_a_figure_needs(style, needed):
    with plt.style.context(style):
        figure, _ = plt.subplots(facecolor="none")
        plt.close(figure)
        assert backend_inline._fetch_figure_metadata(figure) == {"needs_background": needed}
        figure.set_facecolor("white")
        assert backend_inline._fetch_figure_metadata(figure) is None


def test_a_figure_is_described_by_its_axes_and_points_of_each_curve(axes):
    axes.semilogy([0, 1, 2, 3], [17.04, 1, 0.0501, np.nan], label="train")
    axes.plot([0, 1], [1, 1], "ko", markerfacecolor="none")
    axes.plot([0, 1], [2, 2], "C1s--", markersize=3, markevery=2)
    axes.scatter([1, 2], [3, 4])
    axes.set(xlabel="epoch", ylabel="loss", title="A run", xlim=(-1, 5))
    axes.set_position([0.125, 0.25, 0.75, 0.5])
    assert describe(axes.figure).splitlines() == [
        "Figure: 'A run', loss (log) against epoch from -1 to 5",
        "  6.4 x 4.8 inches, axes from (0.12, 0.25) to (0.88, 0.75)",
        "  line train, #1f77b4 - 1.5: 3 of 4 points, (0.00, 17) .. (1.00, 1) .. (2.00, 0.05)",
        "  line, #000000 None 1.5, o 6 none: 2 of 2 points, (0.00, 1) .. (1.00, 1) .. (1.00, 1)",
        "  line, #ff7f0e -- 1.5, s 3 #ff7f0e every 2: 2 of 2 points, (0.00, 2) .. (1.00, 2) .. (1.00, 2)",
        "  points, #1f77b4 36 1: 2 of 2 points, (1.00, 3) .. (2.00, 4) .. (2.00, 4)",
    ]


def test_the_description_is_the_same_for_values_that_differ_by_rounding_only(axes):
    y = np.array([5.0, -2.0, 0.0])
    axes.plot([0, 1, 2], y)
    first = describe(axes.figure)
    axes.lines[0].set_ydata(y * (1 + 1e-5) - 1e-6)
    assert describe(axes.figure) == first


CHANGES = {
    "value": lambda axes: axes.lines[0].set_ydata([1.0, 2.0, 8.1]),
    "name": lambda axes: axes.lines[0].set_label("test"),
    "axis": lambda axes: axes.set_ylabel("error"),
    "scale": lambda axes: axes.set_yscale("log"),
    "curve": lambda axes: axes.plot([0], [0]),
    "length": lambda axes: axes.lines[0].set_data([0, 1], [1.0, 8.0]),
    "limit": lambda axes: axes.set_ylim(0, 8),
    "numbers": lambda axes: axes.tick_params(labelbottom=False),
    "size": lambda axes: axes.figure.set_size_inches(6.4, 5),
    "layout": lambda axes: axes.figure.set_layout_engine("constrained"),
    "aspect": lambda axes: axes.set_aspect("equal", adjustable="datalim"),
    "legend": lambda axes: axes.legend(loc="lower left"),
    "letters": lambda axes: axes.legend(loc="upper left", fontsize=8),
    "no legend": lambda axes: axes.get_legend().remove(),
    "colour": lambda axes: axes.lines[0].set_color("red"),
    "style": lambda axes: axes.lines[0].set_linestyle("--"),
    "width": lambda axes: axes.lines[0].set_linewidth(2),
    "opacity": lambda axes: axes.lines[0].set_alpha(0.5),
    "marker": lambda axes: axes.lines[0].set_marker("o"),
    "marker size": lambda axes: axes.lines[1].set_markersize(5),
    "marker colour": lambda axes: axes.lines[1].set_markerfacecolor("white"),
    "every": lambda axes: axes.lines[1].set_markevery(2),
    "colour of points": lambda axes: axes.collections[0].set_facecolor("red"),
    "size of points": lambda axes: axes.collections[0].set_sizes([5]),
    "width of points": lambda axes: axes.collections[0].set_linewidth(2),
    "opacity of points": lambda axes: axes.collections[0].set_alpha(0.5),
    "colour of contours": lambda axes: axes.collections[1].set_edgecolor("red"),
    "width of contours": lambda axes: axes.collections[1].set_linewidth(2),
    "levels": lambda axes: (axes.collections[1].remove(), axes.contour([[0, 1], [2, 4]], 2, colors="gray")),
    "area": lambda axes: axes.patches[0].set_xy([[0, 0], [1, 0], [1, 2]]),
    "colour of an area": lambda axes: axes.patches[0].set_facecolor("red"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_description_tells_figures_apart(axes, change):
    axes.plot([0, 1, 2], [1.0, 2.0, 8.0], label="train")
    axes.plot([0, 1, 2], [1.0, 2.0, 3.0], "s")
    axes.scatter([0, 1], [0, 1])
    axes.contour([[0, 1], [1, 2]], 2, colors="gray")
    axes.fill([0, 1, 1], [0, 0, 1])
    axes.legend(loc="upper left")
    first = describe(axes.figure)
    change(axes)
    assert describe(axes.figure) != first


LINES = {
    "1 percent of the range": (lambda axes: axes.plot([0, 99.5], [0, 100.4]), "(0.0, 0) .. (99.5, 100) .. (99.5, 100)"),
    "no decimals": (lambda axes: axes.plot([0, 4321.7, 9876.5], [0, 123.4, 5]), "(0, 0) .. (4320, 123) .. (9880, 5)"),
    "no point": (lambda axes: axes.semilogy([0, 1], [np.nan, np.inf]), ": 0 of 2 points, nothing to draw"),
    "contours": (lambda axes: axes.contour([[0, 1], [1, 2]], [0.5, 1.25], colors="#888888"), "#888888 1.5: 0.5, 1.2"),
    "hollow points": (
        lambda axes: axes.scatter([0, 1], [0, 1], s=9, facecolors="none", edgecolors="k"),
        "none 9 1: 2 of 2 points, (0.00, 0.00) .. (1.00, 1.00) .. (1.00, 1.00)",
    ),
    "no -0": (lambda axes: axes.set_position([-0.001, 0, 0.5, 1]), "axes from (0.00, 0.00) to (0.50, 1.00)"),
    "a log scale": (lambda axes: axes.semilogx([1, 10], [1, 2]), "values against values (log)"),
    "no numbers": (lambda axes: axes.tick_params(labelbottom=False), "against values without numbers"),
    "measured times": (
        lambda axes: axes.plot([1, 10], [0.123, 0.012], gid=MEASURED_TIME),
        "#1f77b4 - 1.5: 2 of 2 points, measured time at 1.00 .. 10.00 .. 10.00",
    ),
}


@pytest.mark.parametrize("draw, words", LINES.values(), ids=LINES)
def test_a_line_of_a_description_ends_so(axes, draw, words):
    draw(axes)
    assert f"{words}\n" in describe(axes.figure) + "\n"


def test_show_source_shows_the_lines_of_the_file_without_the_docstring():
    shown = gluonbook.show_source(gluonbook.squared_loss, gluonbook.sgd).data
    checks = '@checked(y_hat=floats(), y=every(floats(like="y_hat"), check_size))'
    assert shown.startswith(f"```python\n{checks}\ndef squared_loss(y_hat, y):\n    return")
    assert "=integer(1))\ndef sgd(params, lr, batch_size):\n    for" in shown and shown.endswith("\n```")
    assert shown.count("\n\n\n@checked") == 1 and "\n\n\n\n" not in shown
    assert '"""' not in shown
    source = inspect.getsource(gluonbook.squared_loss) + inspect.getsource(gluonbook.sgd)
    assert set(shown.splitlines()[1:-1]) <= set(source.splitlines()) | {""}
