"""Time the helper's recorded training run against the loop that tutorials write, against plain NumPy and PyTorch.

    python scripts/benchmark.py [--repeats 7] [--save FOLDER]

All sides start from the same parameters, see the same mini-batches, and record the mean loss over all examples as
often; they run in turns, in an order that is reversed from one repeat to the next, with one thread for arithmetic each.
Of each the shortest, the median and the longest time are told, and the CPU time of the shortest, in which MXNet's
thread in the background counts as well. If the losses of two sides differ by more than rounding, the benchmark fails.
Where PyTorch is installed, its loops do one experiment at three batch sizes, too. With --save, the tables are stored in
FOLDER, where the page on speed reads them; that of PyTorch stays as it was where PyTorch is not installed.
"""

import argparse
import contextlib
import csv
import importlib.util
import io
import itertools
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np
from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn

import gluonbook
from gluonbook import training

MANY_FEATURES = {"true_w": [0.01] * 200, "true_b": 0.05, "examples": 20}
EXPERIMENTS = {
    "linear regression": {"batch_size": 10, "lr": 0.03, "scale": 0.01},
    "weight decay": {"batch_size": 1, "lr": 0.003, "wd": 5, "epochs": 10, **MANY_FEATURES},
    "SGD": {"batch_size": 1, "lr": 0.2, "decay_epoch": 2},
    "GD": {"batch_size": 1000, "lr": 0.999, "epochs": 100},  # long enough to be timed
    "mini-batch": {"batch_size": 10, "lr": 0.2, "decay_epoch": 2},
    "too large": {"batch_size": 10, "lr": 5, "decay_epoch": 2},
    "too small": {"batch_size": 10, "lr": 0.002, "decay_epoch": 2},
    "momentum": {"batch_size": 10, "lr": 0.2, "decay_epoch": 2, "momentum": 0.9},
}
USUAL = {"true_w": [2, -3.4], "true_b": 4.2, "examples": 1000, "epochs": 3, "log_interval": 10}
USUAL |= {"decay_epoch": None, "momentum": 0, "wd": 0, "scale": 1}  # scale: of the first weights


def settings(**changes):
    """An experiment, with its examples."""
    run = SimpleNamespace(**{**USUAL, **changes})
    gluonbook.set_seed(1)
    run.X, run.y = gluonbook.synthetic_data(run.true_w, run.true_b, run.examples)
    return run


def first_parameters(run):
    """The same for every side: weights (d, 1) and bias (1,), as NDArrays; the mini-batches follow from the seed."""
    gluonbook.set_seed(2)
    return nd.random.normal(scale=run.scale, shape=(run.X.shape[1], 1)), nd.zeros(1)


def recorded(run, batches, step, mean_loss):
    """The losses of a run that takes `step(X, y, lr)` for each of `batches()`, and records `mean_loss()` as the helper does."""
    lr, losses = run.lr, [mean_loss()]
    for epoch in range(1, run.epochs + 1):
        seen = last = 0
        for X, y in batches():
            step(X, y, lr)
            seen += len(X)
            if seen - last >= run.log_interval or seen == len(run.X):
                last = seen
                losses.append(mean_loss())
        if epoch == run.decay_epoch:
            lr *= 0.1
    return losses


def gluon_model(run):
    w, b = first_parameters(run)
    net = nn.Sequential()
    net.add(nn.Dense(1))
    net.initialize(init.Zero())
    net(run.X[:1])
    net[0].weight.set_data(w.T)
    net[0].bias.set_data(b)
    options = {"learning_rate": run.lr, "momentum": run.momentum}
    if not run.wd:
        return net, [gluon.Trainer(net.collect_params(), "sgd", options)]
    return net, [
        gluon.Trainer(net.collect_params(".*weight"), "sgd", {**options, "wd": run.wd}),
        gluon.Trainer(net.collect_params(".*bias"), "sgd", options),
    ]


def scratch_model(run):
    params = list(first_parameters(run))
    for param in params:
        param.attach_grad()
    return params, [param.zeros_like() for param in params]


def plain_scratch(run):
    """The loop that tutorials write by hand."""
    params, velocities = scratch_model(run)
    w, b = params

    def net(X):
        return nd.dot(X, w) + b

    def loss(y_hat, y):
        return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2

    def batches():
        indices = np.random.permutation(len(run.X)).tolist()
        for start in range(0, len(indices), run.batch_size):
            batch = nd.array(indices[start : start + run.batch_size])
            yield run.X.take(batch), run.y.take(batch)

    def step(X, y, lr):
        with autograd.record():
            batch_losses = loss(net(X), y)
        batch_losses.backward()
        if run.wd:
            w[:] = (1 - lr * run.wd) * w - lr * w.grad / len(X)
            b[:] = b - lr * b.grad / len(X)
            return
        for param, velocity in zip(params, velocities):
            if run.momentum:
                velocity[:] = run.momentum * velocity + lr * param.grad / len(X)
                param[:] = param - velocity
            else:
                param[:] = param - lr * param.grad / len(X)

    return recorded(run, batches, step, lambda: loss(net(run.X), run.y).mean().asscalar())


def plain_gluon(run):
    """The loop that tutorials write with Gluon."""
    net, trainers = gluon_model(run)
    loss = gluon.loss.L2Loss()
    loader = gluon.data.DataLoader(gluon.data.ArrayDataset(run.X, run.y), run.batch_size, shuffle=True)

    def step(X, y, lr):
        with autograd.record():
            batch_losses = loss(net(X), y)
        batch_losses.backward()
        if lr != trainers[0].learning_rate:
            trainers[0].set_learning_rate(lr)
        for trainer in trainers:
            trainer.step(len(X))

    return recorded(run, lambda: loader, step, lambda: loss(net(run.X), run.y).mean().asscalar())


def helper_scratch(run):
    """The same with `gluonbook`, and the updates of the chapters."""
    params, velocities = scratch_model(run)
    w, b = params

    def update(lr, batch_size):
        if run.momentum:
            for param, velocity in zip(params, velocities):
                velocity *= run.momentum
                velocity += lr / batch_size * param.grad
                param -= velocity
        else:
            if run.wd:
                params[0] *= 1 - lr * run.wd
            gluonbook.sgd(params, lr, batch_size)

    def net(X):
        return gluonbook.linreg(X, w, b)

    examples = run.X, run.y, run.batch_size, run.epochs
    return gluonbook.train_scratch(net, update, run.lr, *examples, run.decay_epoch, run.log_interval)[1]


def helper_gluon(run):
    """The same with `gluonbook` and Gluon."""
    net, trainers = gluon_model(run)
    examples = run.X, run.y, run.batch_size, run.epochs
    if len(trainers) == 1:
        return gluonbook.train_gluon(net, trainers[0], *examples, run.decay_epoch, run.log_interval)[1]

    def step(batch_size):
        for trainer in trainers:
            trainer.step(batch_size)

    return gluonbook.train(net, step, *examples, log_interval=run.log_interval)[1]


def helper_loop(run):
    """The same without the graph that is built once: the loop that the chapters explain does each update."""
    with mock.patch.object(training, "by_graph", lambda *_: None):
        return helper_gluon(run)


def numpy_loop(run):
    """The floor: the same arithmetic in NumPy, without derivatives to be found or operations to be scheduled."""
    w, b = (param.asnumpy() for param in first_parameters(run))
    features, labels = run.X.asnumpy(), run.y.asnumpy().reshape(-1, 1)
    velocity_w, velocity_b = np.zeros_like(w), np.zeros_like(b)

    def batches():
        order = np.random.permutation(len(features))
        X, y = features[order], labels[order]
        for start in range(0, len(X), run.batch_size):
            yield X[start : start + run.batch_size], y[start : start + run.batch_size]

    def step(X, y, lr):
        nonlocal w, b, velocity_w, velocity_b
        error = X @ w + b - y
        velocity_w = run.momentum * velocity_w + lr / len(X) * (X.T @ error)
        velocity_b = run.momentum * velocity_b + lr / len(X) * error.sum(axis=0)
        w = w - velocity_w - (lr * run.wd * w if run.wd else 0)
        b = b - velocity_b

    def mean_loss():
        error = features @ w + b - labels
        return (error * error).mean() / 2

    return recorded(run, batches, step, mean_loss)


def torch_tutorial(run):
    """The loop that tutorials write with PyTorch."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    w, b = (param.asnumpy() for param in first_parameters(run))
    X, y = torch.tensor(run.X.asnumpy()), torch.tensor(run.y.asnumpy()).reshape(-1, 1)
    net, loss = torch.nn.Linear(X.shape[1], 1), torch.nn.MSELoss()
    net.load_state_dict({"weight": torch.tensor(w.T), "bias": torch.tensor(b)})
    optimizer = torch.optim.SGD(net.parameters(), lr=run.lr)

    def batches():
        order = np.random.permutation(len(X)).tolist()
        return DataLoader(TensorDataset(X, y), run.batch_size, sampler=order)

    def step(features, labels, lr):
        batch_loss = loss(net(features), labels) / 2
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()

    @torch.no_grad()
    def mean_loss():
        return loss(net(X), y).item() / 2

    return recorded(run, batches, step, mean_loss)


def torch_lean(run):
    """The leanest loop in PyTorch that still lets it find the gradient: batches are slices, and no optimizer."""
    import torch

    w, b = (torch.tensor(param.asnumpy(), requires_grad=True) for param in first_parameters(run))
    X, y = torch.tensor(run.X.asnumpy()), torch.tensor(run.y.asnumpy()).reshape(-1, 1)

    def batches():
        order = torch.tensor(np.random.permutation(len(X)))
        return zip(X[order].split(run.batch_size), y[order].split(run.batch_size))

    def step(features, labels, lr):
        predictions = torch.addmm(b, features, w)
        gradients = torch.autograd.grad(predictions, (w, b), (predictions - labels).detach())
        with torch.no_grad():
            for param, gradient in zip((w, b), gradients):
                param.sub_(gradient, alpha=lr / len(features))

    @torch.no_grad()
    def norm():
        return (torch.addmm(b, X, w) - y).norm()

    return (torch.stack(recorded(run, batches, step, norm)) ** 2 / (2 * len(X))).tolist()


def same_losses(losses, others):
    """Say whether two runs recorded the same, up to rounding; a run that diverges, up to where it overflows."""
    if len(losses) != len(others):
        return False
    counts = (losses < 1e30) | (others < 1e30)  # where at least one hasn't overflowed
    return np.allclose(losses[counts], others[counts], rtol=0.02)


def times_of(sides, runs, repeats):
    """For each of `runs` and each side: shortest, median, longest wall-clock time, CPU time of the shortest, in seconds.

    A machine is faster at one time than at another, so all sides on all runs take turns.
    """
    times = np.empty((repeats, len(runs), len(sides), 2))
    results = [[None] * len(sides) for _ in runs]
    for repeat in range(repeats):
        order = range(len(sides)) if repeat % 2 == 0 else reversed(range(len(sides)))
        for i, j in itertools.product(range(len(runs)), list(order)):
            start = time.perf_counter(), time.process_time()
            with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
                results[i][j] = np.array(sides[j](runs[i]), dtype="float64")
            times[repeat, i, j] = time.perf_counter() - start[0], time.process_time() - start[1]
    for run, (first, *others) in zip(runs, results):
        for side, result in zip(sides[1:], others):
            if not same_losses(result, first):
                sys.exit(f"{side.__name__} and {sides[0].__name__} disagree on {run}")
    wall = times[..., 0]
    shortest = np.take_along_axis(times, wall.argmin(axis=0)[None, ..., None], axis=0)[0]
    middle, longest = np.median(wall, axis=0), wall.max(axis=0)
    return np.stack([shortest[..., 0], middle, longest, shortest[..., 1]], axis=-1).tolist()


def table(places, sides, runs, repeats):
    """Rows of (what was run, the name of the side, its four times)."""
    times = times_of([*sides.values()], runs, repeats)
    return [(*place, side, *row) for place, rows in zip(places, times) for side, row in zip(sides, rows)]


def speed_table(repeats):
    """All experiments by hand, and with Gluon those that are trained on mini-batches: GD takes no DataLoader."""
    rows = []
    for way, plain, helper in [("scratch", plain_scratch, helper_scratch), ("Gluon", plain_gluon, helper_gluon)]:
        chosen = {name: run for name, run in EXPERIMENTS.items() if (name, way) != ("GD", "Gluon")}
        sides = {"plain": plain, "helper": helper, "NumPy": numpy_loop}
        runs = [settings(**experiment) for experiment in chosen.values()]
        rows += table([(name, way) for name in chosen], sides, runs, repeats)
    return rows


def torch_table(repeats):
    """The same experiment at three batch sizes, in both frameworks, if PyTorch is there."""
    if not importlib.util.find_spec("torch"):
        return []
    import torch

    torch.set_num_threads(1)
    sizes = [(1,), (10,), (100,)]
    runs = [settings(batch_size=size, lr=0.1) for (size,) in sizes]
    sides = {"plain": plain_gluon, "loop": helper_loop, "helper": helper_gluon}
    return table(sizes, {**sides, "tutorial": torch_tutorial, "leanest": torch_lean}, runs, repeats)


def growth_table(repeats):
    """An epoch, with one thing growing at a time."""
    usual = {"examples": 10_000, "features": 2, "batch size": 100}
    values = {
        "examples": [1000, 10_000, 100_000, 1_000_000],
        "features": [2, 10, 32, 100, 320, 1000],
        "batch size": [1, 10, 100, 1000, 10_000],
    }
    places = [(name, value) for name in values for value in values[name]]
    runs = []
    for name, value in places:
        examples, features, batch_size = {**usual, name: value}.values()
        grown = {"true_w": np.linspace(-1, 1, features), "examples": examples, "batch_size": batch_size}
        runs.append(settings(**grown, lr=0.001, epochs=1, log_interval=examples))
    return table(places, {"helper": helper_gluon, "NumPy": numpy_loop}, runs, repeats)


TIMES = ["shortest", "median", "longest", "cpu"]


def show(head, rows):
    print("", "".join(f"{name:>20}" for name in head), sep="\n")
    for row in rows:
        print("".join(f"{cell:>20.5f}" if isinstance(cell, float) else f"{cell:>20}" for cell in row), flush=True)


def mean_ratio(rows, side, other):
    """The geometric mean of how many times as long as `other` a side took at its shortest."""
    shortest = {(*row[:-5], row[-5]): row[-4] for row in rows}
    ratios = [shortest[key] / shortest[(*key[:-1], other)] for key in shortest if key[-1] == side]
    return np.exp(np.mean(np.log(ratios))), min(ratios)


def save(path, head, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([f"{cell:.3g}" if isinstance(cell, float) else cell for cell in row] for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--save", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()

    print("Seconds of a run, in the last table of an epoch. Quote ratios of the shortest.", flush=True)
    tables = {
        "speed.csv": (["experiment", "way", "side", *TIMES], speed_table(arguments.repeats)),
        "pytorch.csv": (["batch_size", "side", *TIMES], torch_table(3 * arguments.repeats)),
        "growth.csv": (["name", "value", "side", *TIMES], growth_table(arguments.repeats)),
    }
    for name, (head, rows) in tables.items():
        if rows:
            show(head, rows)
        if rows and arguments.save:
            save(arguments.save / name, head, rows)
    speeds, others = tables["speed.csv"][1], tables["pytorch.csv"][1]
    for way in ("scratch", "Gluon"):
        mean, least = mean_ratio([row for row in speeds if row[1] == way], "plain", "helper")
        print(f"\n{way}, plain / helper: {mean:.1f}, the geometric mean, and {least:.1f} at least")
    for size in sorted({row[0] for row in others}):
        ratio, _ = mean_ratio([row for row in others if row[0] == size], "tutorial", "helper")
        print(f"batch size {size}, PyTorch's tutorial loop / helper: {ratio:.2f}")
    print("" if others else "PyTorch isn't installed, so nothing is compared with it.")


if __name__ == "__main__":
    main()
