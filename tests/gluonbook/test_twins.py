"""Promise: by hand and with Gluon, the same start and the same mini-batches give the same trajectory."""

import numpy as np
import pytest
from mxnet import gluon, init, nd
from mxnet.gluon import nn

import gluonbook

gluonbook.set_seed(1)
FEATURES, LABELS = gluonbook.synthetic_data([2, -3.4], 4.2, 200)


def trajectory(net, step, parameters, batch_size=10):
    """Train three epochs, and return the parameters after each update, shape (updates, 3)."""
    trace = []

    def record_after(size):
        step(size)
        trace.append(parameters())

    gluonbook.train(net, record_after, FEATURES, LABELS, batch_size)
    return np.array(trace)


def by_hand(update, batch_size=10):
    """The trajectory of an update written by hand, ``update(params, velocities, batch_size)``."""
    gluonbook.set_seed(2)
    w, b = nd.random.normal(shape=(2, 1)), nd.zeros(1)
    velocities = [nd.zeros((2, 1)), nd.zeros(1)]
    for param in (w, b):
        param.attach_grad()
    return trajectory(
        lambda X: gluonbook.linreg(X, w, b),
        lambda size: update([w, b], velocities, size),
        lambda: [*w[:, 0].asnumpy(), b.asscalar()],
        batch_size,
    )


def with_gluon(optimizer, hyperparameters, bias_wd_mult=1, batch_size=10):
    """The trajectory of a Trainer."""
    gluonbook.set_seed(2)
    net = nn.Dense(1, in_units=2)
    net.initialize(init.Normal(sigma=1))
    net.bias.wd_mult = bias_wd_mult
    trainer = gluon.Trainer(net.collect_params(), optimizer, hyperparameters)
    return trajectory(
        net, trainer.step, lambda: [*net.weight.data()[0].asnumpy(), net.bias.data().asscalar()], batch_size
    )


def assert_same(first, second):
    assert len(first) == len(second) > 50
    assert abs(first[0] - first[-1]).max() > 0.5, "nothing was learned"
    assert np.allclose(first, second, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("batch_size", [1, 7, 10])
def test_sgd(batch_size):
    ours = by_hand(lambda params, _, size: gluonbook.sgd(params, 0.1, size), batch_size)
    assert_same(ours, with_gluon("sgd", {"learning_rate": 0.1}, batch_size=batch_size))


def momentum_by_hand(params, velocities, batch_size):
    for param, velocity in zip(params, velocities):
        velocity[:] = 0.9 * velocity + 0.05 * param.grad / batch_size
        param[:] = param - velocity


def test_momentum():
    assert_same(by_hand(momentum_by_hand), with_gluon("sgd", {"learning_rate": 0.05, "momentum": 0.9}))


def nesterov_by_hand(params, velocities, batch_size):
    for param, velocity in zip(params, velocities):
        gradient = param.grad / batch_size
        velocity[:] = 0.9 * velocity + 0.05 * gradient
        param[:] = param - 0.9 * velocity - 0.05 * gradient


def test_nesterov_momentum():
    assert_same(by_hand(nesterov_by_hand), with_gluon("nag", {"learning_rate": 0.05, "momentum": 0.9}))


def weight_decay_by_hand(params, _, batch_size):
    w, _ = params
    w[:] = (1 - 0.1 * 0.5) * w
    gluonbook.sgd(params, 0.1, batch_size)


def test_weight_decay_of_the_weights_alone():
    decayed = with_gluon("sgd", {"learning_rate": 0.1, "wd": 0.5}, bias_wd_mult=0)
    assert_same(by_hand(weight_decay_by_hand), decayed)


def test_the_comparison_tells_algorithms_apart():
    momentum = by_hand(momentum_by_hand)
    for other in (
        with_gluon("sgd", {"learning_rate": 0.05}),
        with_gluon("nag", {"learning_rate": 0.05, "momentum": 0.9}),
    ):
        assert not np.allclose(momentum, other, rtol=1e-4, atol=1e-5)
