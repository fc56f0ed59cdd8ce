"""Training runs that record how far they have come."""

import numpy as np
from mxnet import MXNetError, autograd, engine, nd

from gluonbook._validation import array, check_finite, checked, column, every, floats, function, integer, number
from gluonbook.data import data_iter
from gluonbook.graph import by_graph


def check_trainable(name, net, known):
    """Check that `net` predicts one number for each of the features, by parameters with gradients."""
    rows = known["features"][:2]
    kind = np.dtype(rows.dtype)
    for param in getattr(net, "collect_params", dict)().values():  # which a first call may draw
        if param.dtype != kind:
            raise TypeError(f"{name} must hold {kind}, as features does, got {np.dtype(param.dtype)} in {param.name}")
    try:
        with autograd.record(train_mode=False):
            predictions = net(rows)
    except MXNetError as error:
        reason = str(error).strip().splitlines()[-1]  # behind its trace
        raise ValueError(f"{name} must take {kind} of shape {rows.shape}, got an error of MXNet: {reason}") from error
    array(len(rows), 1)(f"{name}(features[:{len(rows)}])", predictions, known)
    try:
        predictions.backward(predictions.zeros_like())
    except RuntimeError as error:  # MXNet's, of a graph that isn't there
        raise ValueError(f"{name} must have parameters with gradients, got none; call attach_grad() on them") from error


@checked(
    features=every(array("n", "d"), floats(), check_finite),
    labels=every(column("n"), floats(like="features"), check_finite),
    step=function("batch_size"),
    batch_size=integer(1, "n"),
    num_epochs=integer(1),
    after_epoch=function("epoch", "loss"),
    log_interval=integer(1),
    net=check_trainable,
)
def train(
    net,
    step,
    features,
    labels,
    batch_size,
    num_epochs=3,
    after_epoch=None,
    log_interval=10,
):
    """Train a model with the squared loss, and record the mean loss over all examples on the way.

    Each mini-batch of `data_iter` is one update: its losses are added up and differentiated, then
    `step` is called to update the parameters.

    Parameters
    ----------
    net : function
        The model: features of shape (m, d) in, predictions of shape (m, 1) out. A `gluon.Block`
        will do; of one that is made of Gluon's own blocks the derivative is found once, not at each
        update, with the same numbers to the last bit. `gluonbook.graph.graph_of` tells of which.
    step : function
        The update: ``step(m)`` reads the gradients of the sum of m losses, and changes the
        parameters. The method `step` of a `gluon.Trainer` will do.
    features : NDArray, shape (n, d)
        In float32 or float64, as the parameters and the labels are.
    labels : NDArray, shape (n,) or (n, 1)
    batch_size : int
        The number of examples in a mini-batch, from 1 to n.
    num_epochs : int, default 3
        How often to go through the examples.
    after_epoch : function, optional
        Called as ``after_epoch(epoch, loss)`` with the number of epochs gone by and the mean loss
        over all examples, to print them or to change the learning rate.
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
        If an argument is of the wrong type, or features, labels and parameters are not all float32, or
        all float64.
    ValueError
        If a number is out of range, an example is not finite, the shapes don't fit, or `net` can't
        take the features or has no parameters with gradients.
    """
    num_examples = len(features)
    labels = labels.reshape((num_examples, 1))

    # Asked for once an epoch; until then, MXNet computes in the background.
    def mean_losses(errors):
        return (nd.concat(*errors, dim=0) ** 2 / (2 * num_examples)).asnumpy()

    def backward(X, y):
        with autograd.record():
            predictions = net(X)
        predictions.backward(predictions - y)  # the derivative of the squared loss is the error

    def error():
        return (net(features) - labels).norm()

    batches = data_iter.unchecked
    # Where the net is a graph, its derivative is found once, not at each update; the numbers are the same.
    batches, backward, error = by_graph(net, features, labels, backward, error) or (batches, backward, error)
    epochs, errors = [0.0], [error()]
    with engine.bulk(16):  # operations go to the background in groups of 16
        for epoch in range(num_epochs):
            seen, recorded = 0, 0
            for batch in batches(batch_size, features, labels):
                backward(*batch)
                step(len(batch[0]))
                seen += len(batch[0])
                if seen - recorded >= log_interval or seen == num_examples:
                    recorded = seen
                    epochs.append(epoch + seen / num_examples)
                    errors.append(error())
            if after_epoch is not None:
                after_epoch(epoch + 1, mean_losses(errors[-1:])[0])
    return np.array(epochs), mean_losses(errors)


@checked(
    update=function("lr", "batch_size"),
    lr=number(above=0),
    num_epochs=integer(1),
    decay_epoch=integer(1, "num_epochs"),
)
def train_scratch(
    net,
    update,
    lr,
    features,
    labels,
    batch_size,
    num_epochs=3,
    decay_epoch=None,
    log_interval=10,
):
    """Train a model that is written by hand: `train`, with a learning rate that may decay.

    Prints the batch size, the learning rate, the epoch and the mean loss over all examples after
    each epoch.

    Parameters
    ----------
    net : function
        The model, as in `train`.
    update : function
        The update: ``update(lr, m)`` reads the gradients of the sum of m losses, and changes the
        parameters.
    lr : float
        The learning rate at the start, greater than 0.
    features, labels, batch_size, num_epochs, log_interval
        As in `train`.
    decay_epoch : int, optional
        The epoch after which the learning rate is multiplied by 0.1, once.

    Returns
    -------
    epochs, losses : ndarray, shape (k,)
        As from `train`.

    Raises
    ------
    TypeError
        As from `train`, and if `lr` is not a number.
    ValueError
        As from `train`, and if `lr` or `decay_epoch` is out of range.
    """

    def step(batch_size):
        update(lr, batch_size)

    def after_epoch(epoch, loss):
        nonlocal lr
        _print_epoch(batch_size, lr, epoch, loss)
        if epoch == decay_epoch:
            lr *= 0.1

    return train(net, step, features, labels, batch_size, num_epochs, after_epoch, log_interval)


def check_free_to_decay(name, trainer, known):
    """Check that no scheduler holds the learning rate: MXNet would refuse the decay, but only after `decay_epoch`."""
    if known["decay_epoch"] is not None and trainer.optimizer.lr_scheduler is not None:
        raise ValueError(f"decay_epoch must be None where {name} has an lr_scheduler, got both")


@checked(
    num_epochs=integer(1),
    decay_epoch=integer(1, "num_epochs"),
    trainer=check_free_to_decay,
)
def train_gluon(
    net,
    trainer,
    features,
    labels,
    batch_size,
    num_epochs=3,
    decay_epoch=None,
    log_interval=10,
):
    """Train a Gluon model: `train`, with the learning rate of a Trainer, which may decay.

    Prints the batch size, the learning rate, the epoch and the mean loss over all examples after
    each epoch.

    Parameters
    ----------
    net : gluon.Block
        The initialized model, with outputs of shape (m, 1).
    trainer : gluon.Trainer
        The trainer of the model's parameters.
    features, labels, batch_size, num_epochs, log_interval
        As in `train`.
    decay_epoch : int, optional
        The epoch after which the learning rate is multiplied by 0.1, once.

    Returns
    -------
    epochs, losses : ndarray, shape (k,)
        As from `train`.

    Raises
    ------
    TypeError
        As from `train`.
    ValueError
        As from `train`, and if `decay_epoch` is out of range, or given where `trainer` has a scheduler.

    References
    ----------
    T. Chen et al. "MXNet: A Flexible and Efficient Machine Learning Library for Heterogeneous
    Distributed Systems." arXiv:1512.01274, 2015.

    B. T. Polyak. "Some Methods of Speeding up the Convergence of Iteration Methods." USSR
    Computational Mathematics and Mathematical Physics 4(5):1–17, 1964: the momentum of a Trainer.
    """

    def after_epoch(epoch, loss):
        _print_epoch(batch_size, trainer.learning_rate, epoch, loss)
        if epoch == decay_epoch:
            trainer.set_learning_rate(trainer.learning_rate * 0.1)

    return train(
        net,
        trainer.step,
        features,
        labels,
        batch_size,
        num_epochs,
        after_epoch,
        log_interval,
    )


def _print_epoch(batch_size, learning_rate, epoch, loss):
    print(f"batch_size {batch_size}, learning_rate {learning_rate:g}, epoch {epoch}, loss {loss:.1e}")


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
    TypeError, ValueError
        Python's own, if `trainer` doesn't take four values or doesn't give four back.
    """
    x1, x2, s1, s2 = -5, -2, 0, 0
    res = [(x1, x2)]
    for _ in range(20):
        x1, x2, s1, s2 = trainer(x1, x2, s1, s2)
        res.append((x1, x2))
    print(f"after {len(res) - 1} updates: x1 {x1:.6f}, x2 {x2:.6f}")
    return res
