"""Promises of gluonbook.training: what a run records, and that it trains as the plain loop does."""

import numpy as np
import pytest
from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn

import gluonbook

gluonbook.set_seed(1)
FEATURES, LABELS = gluonbook.synthetic_data([2, -3.4], 4.2, 30)


def new_net_and_trainer(learning_rate=0.1):
    gluonbook.set_seed(2)
    net = nn.Dense(1)
    net.initialize(init.Normal(sigma=1))
    return net, gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": learning_rate})


def mean_loss(net):
    return gluon.loss.L2Loss()(net(FEATURES), LABELS).mean().asscalar()


def parameters(net):
    return np.append(net.weight.data().asnumpy(), net.bias.data().asscalar())


def test_a_run_ends_where_the_plain_loop_ends():
    net, trainer = new_net_and_trainer()
    _, losses = gluonbook.train_gluon(net, trainer, FEATURES, LABELS, batch_size=4)

    plain_net, trainer = new_net_and_trainer()
    loss = gluon.loss.L2Loss()
    loader = gluon.data.DataLoader(gluon.data.ArrayDataset(FEATURES, LABELS), 4, shuffle=True)
    start = mean_loss(plain_net)
    for _ in range(3):
        for X, y in loader:
            with autograd.record():
                batch_losses = loss(plain_net(X), y)
            batch_losses.backward()
            trainer.step(len(X))

    assert np.allclose(parameters(net), parameters(plain_net), rtol=1e-5)
    assert np.allclose(losses[[0, -1]], [start, mean_loss(plain_net)], rtol=1e-5)


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


def test_the_run_is_the_same_whatever_the_log_interval():
    ends = []
    for log_interval in (1, 7, 100):
        net, trainer = new_net_and_trainer()
        gluonbook.train_gluon(net, trainer, FEATURES, LABELS, 4, log_interval=log_interval)
        ends.append(parameters(net))
    assert np.array_equal(ends[0], ends[1]) and np.array_equal(ends[0], ends[2])


def test_each_epoch_prints_batch_size_learning_rate_epoch_and_loss(capsys):
    net, trainer = new_net_and_trainer(0.2)
    _, losses = gluonbook.train_gluon(net, trainer, FEATURES, LABELS, 10, decay_epoch=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.rsplit(" ", 1)[0] for line in lines] == [
        "batch_size 10, learning_rate 0.2, epoch 1, loss",
        "batch_size 10, learning_rate 0.2, epoch 2, loss",
        "batch_size 10, learning_rate 0.02, epoch 3, loss",
    ]
    assert [line.rsplit(" ", 1)[1] for line in lines] == [f"{loss:.1e}" for loss in losses[[3, 6, 9]]]


def test_the_learning_rate_decays_once():
    net, trainer = new_net_and_trainer(0.2)
    gluonbook.train_gluon(net, trainer, FEATURES, LABELS, 10, num_epochs=4, decay_epoch=1)
    assert np.isclose(trainer.learning_rate, 0.02)


def test_a_diverging_run_is_recorded_to_its_end():
    net, trainer = new_net_and_trainer(50)
    epochs, losses = gluonbook.train_gluon(net, trainer, FEATURES, LABELS, 1)
    assert len(epochs) == len(losses) == 10
    assert np.isfinite(losses[0]) and np.isnan(losses[-1])


NET, TRAINER = new_net_and_trainer()


@pytest.mark.parametrize(
    "changes, error, message",
    [
        ({"net": len}, TypeError, "net must be a gluon.Block"),
        ({"trainer": "sgd"}, TypeError, "trainer must be a gluon.Trainer"),
        ({"features": FEATURES.asnumpy()}, TypeError, "features must be an NDArray"),
        ({"labels": LABELS[:5]}, ValueError, r"labels must have shape \(30,\), got \(5,\)"),
        ({"batch_size": 31}, ValueError, "batch_size must be at least 1 and at most 30, got 31"),
        ({"batch_size": "4"}, TypeError, "batch_size must be an integer"),
        ({"num_epochs": 0}, ValueError, "num_epochs must be at least 1"),
        ({"decay_epoch": 4}, ValueError, "decay_epoch must be at least 1 and at most 3"),
        ({"log_interval": 0}, ValueError, "log_interval must be at least 1"),
    ],
)
def test_train_gluon_says_what_is_wrong_before_it_trains(changes, error, message):
    arguments = {"net": NET, "trainer": TRAINER, "features": FEATURES, "labels": LABELS, "batch_size": 4}
    NET(FEATURES)
    before = parameters(NET)
    with pytest.raises(error, match=message):
        gluonbook.train_gluon(**arguments | changes)
    assert np.array_equal(parameters(NET), before)


def by_hand():
    """A model written by hand, with its parameters: net, update, and what tells the parameters."""
    gluonbook.set_seed(2)
    w, b = nd.random.normal(shape=(2, 1)), nd.zeros(1)
    for param in (w, b):
        param.attach_grad()
    return (
        lambda X: gluonbook.linreg(X, w, b),
        lambda lr, size: gluonbook.sgd([w, b], lr, size),
        lambda: np.array([*w[:, 0].asnumpy(), b.asscalar()]),
    )


def test_train_scratch_and_train_gluon_run_and_print_the_same(capsys):
    net, update, tell = by_hand()
    scratch = gluonbook.train_scratch(net, update, 0.1, FEATURES, LABELS, 4, decay_epoch=1)
    printed = capsys.readouterr().out
    net, trainer = new_net_and_trainer()
    with_gluon = gluonbook.train_gluon(net, trainer, FEATURES, LABELS, 4, decay_epoch=1)
    assert capsys.readouterr().out == printed
    assert np.array_equal(scratch[0], with_gluon[0]) and np.allclose(scratch[1], with_gluon[1], rtol=1e-4)
    assert np.allclose(tell(), parameters(net), rtol=1e-4)


def test_train_scratch_hands_the_decayed_learning_rate_to_the_update():
    net, update, _ = by_hand()
    rates = []

    def recorded(lr, size):
        rates.append(round(lr, 6))
        update(lr, size)

    gluonbook.train_scratch(net, recorded, 0.1, FEATURES, LABELS, 15, num_epochs=3, decay_epoch=2)
    assert rates == [0.1] * 4 + [0.01] * 2


def test_train_calls_after_epoch_with_the_epoch_and_its_loss():
    net, update, _ = by_hand()
    told = []
    epochs, losses = gluonbook.train(
        net, lambda size: update(0.1, size), FEATURES, LABELS, 10, num_epochs=2, after_epoch=lambda *e: told.append(e)
    )
    assert told == [(1, losses[3]), (2, losses[6])]


@pytest.mark.parametrize(
    "changes, error, message",
    [
        ({"net": 1}, TypeError, "net must be a function, got 1"),
        ({"update": None}, TypeError, "update must be a function, got None"),
        ({"lr": 0}, ValueError, "lr must be greater than 0"),
        ({"lr": "0.1"}, TypeError, "lr must be a real number"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"labels": FEATURES}, ValueError, r"labels must have shape \(30, 1\), got \(30, 2\)"),
        ({"decay_epoch": 0}, ValueError, "decay_epoch must be at least 1"),
        ({"num_epochs": 1.5}, TypeError, "num_epochs must be an integer"),
        ({"log_interval": -1}, ValueError, "log_interval must be at least 1"),
    ],
)
def test_train_scratch_says_what_is_wrong_before_it_trains(changes, error, message):
    net, update, tell = by_hand()
    before = tell()
    arguments = {"net": net, "update": update, "lr": 0.1, "features": FEATURES, "labels": LABELS, "batch_size": 4}
    with pytest.raises(error, match=message):
        gluonbook.train_scratch(**arguments | changes)
    assert np.array_equal(tell(), before)


def test_train_says_when_step_or_after_epoch_is_no_function():
    net, update, _ = by_hand()
    with pytest.raises(TypeError, match="step must be a function"):
        gluonbook.train(net, 0.1, FEATURES, LABELS, 4)
    with pytest.raises(TypeError, match="after_epoch must be a function"):
        gluonbook.train(net, lambda size: update(0.1, size), FEATURES, LABELS, 4, after_epoch="print")


def test_train_2d_takes_20_steps_from_minus_5_minus_2_and_hands_the_states_on(capsys):
    seen = []

    def halve(x1, x2, s1, s2):
        seen.append((s1, s2))
        return x1 / 2, x2 / 2, s1 + 1, s2 - 1

    res = gluonbook.train_2d(halve)
    assert res == [(-5 / 2**i, -2 / 2**i) for i in range(21)]
    assert seen == [(i, -i) for i in range(20)]
    assert capsys.readouterr().out == "epoch 20, x1 -0.000005, x2 -0.000002\n"


@pytest.mark.parametrize(
    "trainer, error, message",
    [
        (None, TypeError, "trainer must be a function"),
        (lambda x1, x2, s1, s2: (x1, x2), TypeError, r"trainer must return \(x1, x2, s1, s2\)"),
        (lambda x1, x2, s1, s2: (x1, "2", 0, 0), TypeError, "got x2 '2'"),
        (lambda x1, x2, s1, s2: (x1 * 1e200, x2, 0, 0), ValueError, "got x1 -inf at step 2"),
        (lambda x1, x2, s1, s2: (x1, nd.ones(1), 0, 0), TypeError, "trainer must return numbers, got x2"),
    ],
)
def test_train_2d_says_what_the_update_did_wrong(trainer, error, message):
    with pytest.raises(error, match=message):
        gluonbook.train_2d(trainer)
