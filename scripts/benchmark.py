"""Time the helper's recorded training run against the loop that tutorials write, against plain NumPy and PyTorch.

    python scripts/benchmark.py [FOLDER]

All sides start from the same parameters, see the same mini-batches, and record the mean loss over all examples as
often; they run in turns, with one thread for arithmetic each. Told, and stored in FOLDER, where the page on speed reads
them, are of each its shortest, median and longest time, and the CPU time of the shortest, in which MXNet's thread in the
background counts as well, all in seconds of a run. If the losses of two sides differ by more than rounding, it fails.
Where PyTorch is installed, its loops do one experiment at three batch sizes, too; where it isn't, its table stays as it was.
"""

import contextlib
import importlib.util
import io
import itertools
import sys
import time
from collections import defaultdict
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
    parts = {".*weight": {**options, "wd": run.wd}, ".*bias": options} if run.wd else {None: options}
    return net, [gluon.Trainer(net.collect_params(names), "sgd", given) for names, given in parts.items()]


def scratch_model(run):
    params = list(first_parameters(run))
    for param in params:
        param.attach_grad()
    return params, [param.zeros_like() for param in params]


def plain_scratch(run):
    """The loop that tutorials write by hand."""
    params, velocities = scratch_model(run)
    w, b = params

    def losses_on(X, y):
        y_hat = nd.dot(X, w) + b
        return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2

    def batches():
        indices = np.random.permutation(len(run.X)).tolist()
        for start in range(0, len(indices), run.batch_size):
            batch = nd.array(indices[start : start + run.batch_size])
            yield run.X.take(batch), run.y.take(batch)

    def step(X, y, lr):
        with autograd.record():
            batch_losses = losses_on(X, y)
        batch_losses.backward()
        for param, velocity, wd in zip(params, velocities, (run.wd, 0)):
            if wd:
                param[:] = (1 - lr * wd) * param - lr * param.grad / len(X)
            elif run.momentum:
                velocity[:] = run.momentum * velocity + lr * param.grad / len(X)
                param[:] = param - velocity
            else:
                param[:] = param - lr * param.grad / len(X)

    return recorded(run, batches, step, lambda: losses_on(run.X, run.y).mean().asscalar())


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


def torch_examples(run):
    import torch

    torch.set_num_threads(1)
    X, y = torch.tensor(run.X.asnumpy()), torch.tensor(run.y.asnumpy()).reshape(-1, 1)
    return torch, X, y, *(torch.tensor(param.asnumpy(), requires_grad=True) for param in first_parameters(run))


def torch_tutorial(run):
    """The loop that tutorials write with PyTorch."""
    torch, X, y, w, b = torch_examples(run)
    net, loss = torch.nn.Linear(X.shape[1], 1), torch.nn.MSELoss()
    net.load_state_dict({"weight": w.T, "bias": b})
    optimizer = torch.optim.SGD(net.parameters(), lr=run.lr)

    def batches():
        order = np.random.permutation(len(X)).tolist()
        return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), run.batch_size, sampler=order)

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
    torch, X, y, w, b = torch_examples(run)

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


def timed(sides, runs, repeats=7):
    """Rows of what was run, by which side, and its shortest, median and longest time, and the CPU time of the shortest.

    A machine is faster at one time than at another, so all sides on all runs take turns, forth and back.
    """
    times, losses, order = defaultdict(list), {}, [*itertools.product(runs, sides)]
    for repeat in range(repeats):
        for place, side in reversed(order) if repeat % 2 else order:
            start = time.perf_counter(), time.process_time()
            with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
                losses[place, side] = np.array(sides[side](runs[place]), dtype="float64")
            times[place, side].append((time.perf_counter() - start[0], time.process_time() - start[1]))
    first = order[0][1]
    for place, side in order:
        if not same_losses(losses[place, side], losses[place, first]):
            sys.exit(f"{side} and {first} disagree on {place}")
    rows = []
    for (place, side), taken in times.items():
        wall, (shortest, cpu) = [each for each, _ in taken], min(taken)
        rows.append((*place, side, shortest, np.median(wall), max(wall), cpu))
    return rows


def speed_table():
    """All experiments by hand, and with Gluon those that are trained on mini-batches: GD takes no DataLoader."""
    rows = []
    for way, plain, helper in [("scratch", plain_scratch, helper_scratch), ("Gluon", plain_gluon, helper_gluon)]:
        runs = {(name, way): settings(**changes) for name, changes in EXPERIMENTS.items()}
        runs.pop(("GD", "Gluon"), None)
        rows += timed({"plain": plain, "helper": helper, "NumPy": numpy_loop}, runs)
    return rows


def torch_table():
    """The same experiment at three batch sizes, in both frameworks, if PyTorch is there."""
    if not importlib.util.find_spec("torch"):
        return []
    sides = {"plain": plain_gluon, "loop": helper_loop, "helper": helper_gluon}
    sides |= {"tutorial": torch_tutorial, "leanest": torch_lean}
    return timed(sides, {(size,): settings(batch_size=size, lr=0.1) for size in (1, 10, 100)}, 21)


def growth_table():
    """An epoch, with one thing growing at a time."""
    runs, usual = {}, {"examples": 10_000, "features": 2, "batch size": 100}
    for name, values in {
        "examples": [1000, 10_000, 100_000, 1_000_000],
        "features": [2, 10, 32, 100, 320, 1000],
        "batch size": [1, 10, 100, 1000, 10_000],
    }.items():
        for value in values:
            examples, features, batch_size = {**usual, name: value}.values()
            grown = {"true_w": np.linspace(-1, 1, features), "examples": examples, "batch_size": batch_size}
            runs[name, value] = settings(**grown, lr=0.001, epochs=1, log_interval=examples)
    return timed({"helper": helper_gluon, "NumPy": numpy_loop}, runs)


TABLES = {"speed": ("experiment,way", speed_table), "growth": ("name,value", growth_table)}
TABLES["pytorch"] = "batch_size", torch_table


def main():
    for name, (place, table) in TABLES.items():
        rows = [[f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row] for row in table()]
        text = "".join(f"{','.join(row)}\n" for row in [[place, "side", "shortest", "median", "longest", "cpu"], *rows])
        print(name, text, sep="\n", flush=True)
        if rows and sys.argv[1:]:
            Path(sys.argv[1], f"{name}.csv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
