"""Promises of gluonbook.training: what a run records. That it trains as a plain loop does, the benchmark tests."""

import numpy as np
import pytest
from mxnet import gluon, init, nd
from mxnet.gluon import nn

import gluonbook

gluonbook.set_seed(1)
FEATURES, LABELS = gluonbook.synthetic_data([2, -3.4], 4.2, 30)


def new_net_and_trainer(learning_rate=0.1):
    gluonbook.set_seed(2)
    net = nn.Dense(1)
    net.initialize(init.Normal(sigma=1))
    return net, gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": learning_rate})


@pytest.mark.parametrize(
    "batch_size, log_interval, recorded",
    [
        (10, 10, [0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2]),
        (4, 10, [0, 12 / 30, 24 / 30, 1, 42 / 30, 54 / 30, 2]),
        (30, 10, [0, 1, 2]),
        (1, 30, [0, 1, 2]),
    ],
)
def test_losses_are_recorded_every_log_interval_and_after_each_epoch(batch_size, log_interval, recorded):
    net, trainer = new_net_and_trainer()
    epochs, losses = gluonbook.train_gluon(
        net, trainer, FEATURES, LABELS, batch_size, num_epochs=2, log_interval=log_interval
    )
    assert np.allclose(epochs, recorded)
    assert losses.shape == epochs.shape and np.isfinite(losses).all()


def test_each_epoch_prints_batch_size_learning_rate_which_decays_once_epoch_and_loss_with_gluon_and_by_hand(capsys):
    settings = (FEATURES, LABELS, 10, 4, 2)
    epochs, losses = gluonbook.train_gluon(*new_net_and_trainer(0.2), *settings)
    gluonbook.set_seed(2)
    w, b = parameters = nd.random.normal(shape=(2, 1)), nd.zeros(1)
    for param in parameters:
        param.attach_grad()
    same_epochs, same_losses = gluonbook.train_scratch(
        lambda X: gluonbook.linreg(X, w, b), lambda lr, size: gluonbook.sgd(parameters, lr, size), 0.2, *settings
    )
    assert np.array_equal(epochs, same_epochs) and np.allclose(losses, same_losses, rtol=1e-4)
    lines = [
        f"batch_size 10, learning_rate {rate}, epoch {epoch}, loss {losses[3 * epoch]:.1e}"
        for epoch, rate in enumerate([0.2, 0.2, 0.02, 0.02], start=1)
    ]
    assert capsys.readouterr().out.splitlines() == 2 * lines


def test_a_learning_rate_of_5_is_no_error_but_said_and_recorded_to_its_end(capsys):
    net, trainer = new_net_and_trainer(5)
    epochs, losses = gluonbook.train_gluon(net, trainer, FEATURES, LABELS, 1)
    assert len(epochs) == len(losses) == 10
    assert np.isfinite(losses[0]) and np.isnan(losses[-1])
    assert capsys.readouterr().out.endswith("learning_rate 5, epoch 3, loss nan\n")


def test_gradients_that_add_up_start_from_those_at_hand():
    w, b = nd.ones((2, 1)), nd.zeros(1)
    for param in (w, b):
        param.attach_grad(grad_req="add")
    seen = []
    gluonbook.train(
        lambda X: gluonbook.linreg(X, w, b), lambda size: seen.append(b.grad.asscalar()), FEATURES, LABELS, 30, 1
    )
    assert np.allclose(seen, (gluonbook.linreg(FEATURES, w, b)[:, 0] - LABELS).sum().asscalar(), rtol=1e-4)


def test_train_2d_takes_20_steps_from_minus_5_minus_2_and_hands_the_states_on(capsys):
    seen = []

    def halve(x1, x2, s1, s2):
        seen.append((s1, s2))
        return x1 / 2, x2 / 2, s1 + 1, s2 - 1

    res = gluonbook.train_2d(halve)
    assert res == [(-5 / 2**i, -2 / 2**i) for i in range(21)]
    assert seen == [(i, -i) for i in range(20)]
    assert capsys.readouterr().out == "after 20 updates: x1 -0.000005, x2 -0.000002\n"
