"""Training runs that record how far they have come."""

from math import isfinite
from numbers import Real

import numpy as np
from mxnet import autograd, gluon
from mxnet.gluon import loss as gloss

from gluonbook._validation import check_callable, check_examples, check_int
from gluonbook.data import data_iter


def train_gluon(net, trainer, features, labels, batch_size, num_epochs=3, decay_epoch=None, log_interval=10):
    """Train `net` with the squared loss, and record the mean loss over all examples on the way.

    Prints the batch size, the learning rate, the epoch and that loss after each epoch.

    Parameters
    ----------
    net : gluon.Block
        The initialized model, with outputs of shape (n, 1).
    trainer : gluon.Trainer
        The trainer of the model's parameters.
    features : NDArray, shape (n, d)
    labels : NDArray, shape (n,) or (n, 1)
    batch_size : int
        The number of examples in a mini-batch, from 1 to n.
    num_epochs : int, default 3
        How often to go through the examples.
    decay_epoch : int, optional
        The epoch after which the learning rate is multiplied by 0.1, once.
    log_interval : int, default 10
        The number of examples from one recorded loss to the next, rounded up to whole batches.

    Returns
    -------
    epochs : ndarray, shape (k,)
        When each loss was recorded, in epochs: from 0, the start, to `num_epochs`.
    losses : ndarray, shape (k,)
        The mean loss over all examples then, in squared units of the label.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a number is out of range or the shapes don't fit.
    """
    if not isinstance(net, gluon.Block):
        raise TypeError(f"net must be a gluon.Block, got {type(net).__name__}")
    if not isinstance(trainer, gluon.Trainer):
        raise TypeError(
            f"trainer must be a gluon.Trainer, got {type(trainer).__name__}"
        )
    check_examples(features, labels)
    num_examples = len(features)
    check_int("batch_size", batch_size, 1, num_examples)
    check_int("num_epochs", num_epochs, 1)
    if decay_epoch is not None:
        check_int("decay_epoch", decay_epoch, 1, num_epochs)
    check_int("log_interval", log_interval, 1)

    loss = gloss.L2Loss()

    def mean_loss():
        return loss(net(features), labels).mean().asscalar()

    epochs, losses = [0.0], [mean_loss()]
    for epoch in range(num_epochs):
        seen, recorded = 0, 0
        for X, y in data_iter(batch_size, features, labels):
            with autograd.record():
                batch_losses = loss(net(X), y)
            batch_losses.backward()
            trainer.step(len(X))
            seen += len(X)
            if seen - recorded >= log_interval or seen == num_examples:
                recorded = seen
                epochs.append(epoch + seen / num_examples)
                losses.append(mean_loss())
        print(
            f"batch_size {batch_size}, learning_rate {trainer.learning_rate:g},"
            f" epoch {epoch + 1}, loss {losses[-1]:.1e}"
        )
        if epoch + 1 == decay_epoch:
            trainer.set_learning_rate(trainer.learning_rate * 0.1)
    return np.array(epochs), np.array(losses)


def train_2d(trainer):
    """Take 20 steps of a two-variable update from (-5, -2), and print where they end.

    Parameters
    ----------
    trainer : function
        One step: ``x1, x2, s1, s2 = trainer(x1, x2, s1, s2)``. The states s1 and s2, one per
        variable, are whatever the update keeps from step to step; they start at 0.

    Returns
    -------
    list of (float, float)
        The 21 points visited, the start among them, for `show_trace_2d`.

    Raises
    ------
    TypeError
        If `trainer` is not a function, or doesn't return four numbers.
    ValueError
        If `trainer` reaches a point that is not finite.
    """
    check_callable("trainer", trainer)
    x1, x2, s1, s2 = -5, -2, 0, 0
    res = [(x1, x2)]
    for step in range(1, 21):
        state = trainer(x1, x2, s1, s2)
        if not isinstance(state, (tuple, list)) or len(state) != 4:
            raise TypeError(f"trainer must return (x1, x2, s1, s2), got {state!r}")
        x1, x2, s1, s2 = state
        for name, value in (("x1", x1), ("x2", x2)):
            if not isinstance(value, Real):
                raise TypeError(f"trainer must return numbers, got {name} {value!r}")
            if not isfinite(value):
                raise ValueError(f"trainer must stay finite, got {name} {value} at step {step}")
        res.append((x1, x2))
    print(f"epoch {step}, x1 {x1:.6f}, x2 {x2:.6f}")
    return res
