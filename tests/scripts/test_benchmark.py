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
    sides = [getattr(benchmark, f"{side}_{way}") for side in ("plain", "helper")] + [benchmark.numpy_loop]
    assert len(benchmark.times_of(sides, [short(name)], repeats=1)[0]) == 3


@pytest.mark.parametrize("name", ["mini-batch", "too large"])
def test_sides_that_disagree_are_not_compared(name):
    losses = benchmark.helper_gluon(short(name))

    def other(run):
        return [*losses[:-1], 2 * losses[0]]

    def shorter(run):
        return losses[:-1]

    def overflowing(run):
        return [losses[0], *[float("nan")] * (len(losses) - 1)]

    for side in (other, shorter, overflowing):
        with pytest.raises(SystemExit, match=f"{side.__name__} and plain_gluon disagree"):
            benchmark.times_of([benchmark.plain_gluon, side], [short(name)], repeats=1)
