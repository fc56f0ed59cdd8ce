"""Promises of the graph that is built once: it is taken wherever it can be, and no number differs by a bit."""

import subprocess
import sys

import hypothesis.strategies as st
import mxnet as mx
import pytest
from hypothesis import given, settings
from mxnet import gluon, init
from mxnet.gluon import nn

import gluonbook
from gluonbook import training
from gluonbook.graph import graph_of


class Own(nn.HybridBlock):
    """A block as readers write them."""

    def __init__(self, layer=None):
        super().__init__()
        self.layer = layer or nn.Dense(1)

    def hybrid_forward(self, F, x):
        return self.layer(F.tanh(x))


class ReadsShape(Own):
    def hybrid_forward(self, F, x):
        return self.layer(x) / x.shape[1]


def chain(*blocks, hybridized=None):
    net = nn.HybridSequential() if hybridized else nn.Sequential()
    net.add(*blocks)
    if hybridized:
        net.hybridize(**hybridized)
    return net


def deep(**hybridized):
    return chain(nn.Dense(4, activation="relu"), nn.BatchNorm(), nn.Dropout(0.3), nn.Dense(1), **hybridized)


GRAPHS = {
    "one layer": lambda: nn.Dense(1),
    "a chain of one": lambda: chain(nn.Dense(1)),
    "without bias": lambda: chain(nn.Dense(1, use_bias=False)),
    "deep": deep,
    "hybridized": lambda: deep(hybridized={"static_alloc": True, "static_shape": True}),
    "chains in chains": lambda: chain(chain(nn.LayerNorm(), nn.Dense(3)), nn.LeakyReLU(0.1), nn.Dense(1)),
    "a reader's, hybridized": lambda: chain(Own(), hybridized={"static_alloc": False}),
}
LOOPS = {
    "a reader's": Own,
    "a reader's that reads shapes": ReadsShape,
    "a reader's function": lambda: chain(nn.HybridLambda(lambda F, x: F.tanh(x)), nn.Dense(1)),
}
TRAINERS = {
    "sgd": {"learning_rate": 0.05},
    "sgd with momentum and decay": {"learning_rate": 0.01, "momentum": 0.9, "wd": 0.1},
    "nag": {"learning_rate": 0.01, "momentum": 0.9},
    "adam": {"wd": 0.01},
    "rmsprop": {},
    "adagrad": {},
}


def trained(net, trainer, batch_size=10, num_examples=33, dtype="float32", change=lambda net: None, when="before"):
    """The losses and the parameters after two epochs, and whether the graph was taken; `change(net)` is done on the way."""
    gluonbook.set_seed(1)
    features, labels = (x.astype(dtype) for x in gluonbook.synthetic_data([2, -3.4, 0.5], 4.2, num_examples))
    net = net()
    net.initialize(init.Normal(0.5))
    net.cast(dtype)
    net(features)
    if when == "before":
        change(net)
    options = dict(TRAINERS[trainer])
    if trainer == "sgd":
        options["lr_scheduler"] = mx.lr_scheduler.FactorScheduler(3, 0.9, base_lr=0.05)
    trainer = gluon.Trainer(net.collect_params(), trainer.split()[0], options)

    def step(size):
        trainer.step(size)
        if when == "in a step" and size == 3:  # the last mini-batch of an epoch
            change(net)

    def after_epoch(epoch, loss):
        if when == "after an epoch":
            change(net)

    _, losses = gluonbook.train(net, step, features, labels, batch_size, 2, after_epoch)
    arrays = [losses, *(p.data().asnumpy() for p in net.collect_params().values())]
    return arrays, graph_of(net, features, labels.reshape((-1, 1))) is not None


def both(monkeypatch, *args, **kwargs):
    """Check that both ways give the same bits; say whether the graph was taken."""
    first, taken = trained(*args, **kwargs)
    with monkeypatch.context() as patch:
        patch.setattr(training, "by_graph", lambda *_: None)
        second, _ = trained(*args, **kwargs)
    assert [a.tobytes() for a in first] == [b.tobytes() for b in second]
    return taken


@pytest.mark.parametrize("trainer", TRAINERS)
@pytest.mark.parametrize("net", GRAPHS)
def test_the_graph_gives_the_same_bits_as_the_loop(monkeypatch, net, trainer):
    assert both(monkeypatch, GRAPHS[net], trainer)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([*GRAPHS]), st.sampled_from([*TRAINERS]), st.integers(2, 40), st.data())
def test_at_any_number_of_examples_and_size_of_a_batch(net, trainer, num_examples, data):
    batch_size = data.draw(st.integers(1, num_examples))
    with pytest.MonkeyPatch.context() as monkeypatch:
        both(monkeypatch, GRAPHS[net], trainer, batch_size, num_examples)


def test_in_double_precision(monkeypatch):
    assert both(monkeypatch, deep, "adam", dtype="float64")


@pytest.mark.parametrize("net", LOOPS)
def test_what_can_not_be_written_down_takes_the_loop(monkeypatch, net):
    assert not both(monkeypatch, LOOPS[net], "sgd")


def one_more_layer(net):
    net.add(nn.Dense(1, in_units=1))
    net[-1].initialize(init.One())


TAKE_THE_LOOP = {
    "gradients that add up": lambda net: net.collect_params().setattr("grad_req", "add"),
    "a hook": lambda net: net.register_forward_hook(lambda *_: None),
    "a hook of a layer": lambda net: net[0].register_forward_pre_hook(lambda *_: None),
}
CHANGES = {
    "new arrays": lambda net: net.initialize(init.One(), force_reinit=True),
    "other numbers": lambda net: [param.set_data(param.data() / 2) for param in net.collect_params().values()],
    "a layer that stays": lambda net: net[0].collect_params().setattr("grad_req", "null"),
    "one more layer": one_more_layer,
    **TAKE_THE_LOOP,
}


@pytest.mark.parametrize("when", ["before", "after an epoch", "in a step"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_on_the_way_is_noticed_and_gradients_that_add_up_and_hooks_take_the_loop(
    monkeypatch, when, change
):
    taken = both(monkeypatch, deep, "sgd", change=CHANGES[change], when=when)
    assert not (taken and when == "before" and change in TAKE_THE_LOOP)


def test_a_parameter_that_the_net_does_not_use_is_found_stale():
    """As in the loop: MXNet raises its warning."""
    with pytest.raises(UserWarning, match="unused.*has not been updated by backward"):
        trained(deep, "sgd", change=lambda net: net.params.get("unused", shape=(1,)).initialize())


def test_the_graph_is_built_in_silence():
    source = (
        "import gluonbook\nfrom mxnet import gluon\nX, y = gluonbook.synthetic_data([2], 1, 10)\nnet = gluon.nn.Dense(1)\n"
        "net.initialize()\ngluonbook.train(net, lambda m: None, X, y, 5)"
    )
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
