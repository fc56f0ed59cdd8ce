"""Promises of the benchmark: it times sides that do the same, and refuses to time what doesn't."""

import pytest

import benchmark


def short(name):
    """An experiment, cut short."""
    changes = benchmark.EXPERIMENTS[name]
    batch_size = min(changes["batch_size"], 40)
    return benchmark.settings(**{**changes, "examples": 40, "batch_size": batch_size, "epochs": 3})


@pytest.mark.parametrize("way", ["scratch", "gluon"])
@pytest.mark.parametrize("name", benchmark.EXPERIMENTS)
def test_the_plain_loop_the_helper_and_numpy_record_the_same_losses(name, way):
    sides = {side: getattr(benchmark, f"{side}_{way}") for side in ("plain", "helper")}
    rows = benchmark.timed({**sides, "NumPy": benchmark.numpy_loop}, {(name,): short(name)}, repeats=1)
    assert [row[:2] for row in rows] == [(name, side) for side in ("plain", "helper", "NumPy")]


@pytest.mark.parametrize("name", ["mini-batch", "too large"])
def test_sides_that_disagree_are_not_compared(name):
    losses = benchmark.helper_gluon(short(name))

    for other in ([*losses[:-1], 2 * losses[0]], losses[:-1], [losses[0], *[float("nan")] * (len(losses) - 1)]):
        with pytest.raises(SystemExit, match="other and plain disagree"):
            benchmark.timed({"plain": benchmark.plain_gluon, "other": lambda run: other}, {(name,): short(name)}, 1)
