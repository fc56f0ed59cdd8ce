"""Promises of the benchmark: it times sides that do the same, and refuses to time what doesn't."""

import pytest

import benchmark


@pytest.fixture(params=benchmark.EXPERIMENTS, ids=lambda experiment: experiment[0])
def run(request):
    """Each experiment, cut short."""
    run = benchmark.settings(*request.param)
    run.X, run.y = run.X[:40], run.y[:40]
    run.batch_size, run.epochs = min(run.batch_size, len(run.X)), 3
    return run


@pytest.mark.parametrize("way", ["scratch", "gluon"])
def test_the_plain_loop_the_helper_and_numpy_record_the_same_losses(run, way):
    sides = [getattr(benchmark, f"{side}_{way}") for side in ("plain", "helper")] + [benchmark.numpy_loop]
    assert len(benchmark.seconds_of(sides, [run], repeats=1)[0]) == 3


@pytest.mark.parametrize(
    "run", [e for e in benchmark.EXPERIMENTS if e[0] in ("mini-batch", "too large")], indirect=True, ids=lambda e: e[0]
)
def test_sides_that_disagree_are_not_compared(run):
    def other(run):
        losses = benchmark.helper_gluon(run)
        losses[-1] = 2 * losses[0]
        return losses

    def shorter(run):
        return benchmark.helper_gluon(run)[:-1]

    def overflowing(run):
        losses = benchmark.helper_gluon(run)
        losses[1:] = float("nan")
        return losses

    for side in (other, shorter, overflowing):
        with pytest.raises(SystemExit, match=f"{side.__name__} and plain_gluon disagree"):
            benchmark.seconds_of([benchmark.plain_gluon, side], [run], repeats=1)
