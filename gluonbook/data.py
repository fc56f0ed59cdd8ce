"""Random seeds, the book's data sets, and mini-batches."""

import random

import mxnet as mx
import numpy as np
from mxnet import nd

from gluonbook._validation import array, checked, column, integer, number, sequence


@checked(seed=integer(0, 2**31 - 1))
def set_seed(seed):
    """Seed every random number generator that the book uses: MXNet's, NumPy's and Python's.

    MXNet draws features, noise and initial weights; NumPy shuffles the examples, in `data_iter`
    and in `gluon.data.DataLoader` alike.

    Parameters
    ----------
    seed : int
        From 0 to 2**31 - 1.

    Raises
    ------
    TypeError
        If `seed` is not an integer.
    ValueError
        If `seed` is out of range.
    """
    seed = int(seed)
    random.seed(seed)
    np.random.seed(seed)
    mx.random.seed(seed)


@checked(
    true_w=sequence("d", number()),
    true_b=number(),
    num_examples=integer(1),
    noise_scale=number(minimum=0),
    feature_scale=sequence("d", number(minimum=0)),
)
def synthetic_data(true_w, true_b, num_examples, noise_scale=0.01, feature_scale=None):
    """Draw examples of a linear model: ``labels = features @ true_w + true_b + noise``.

    The features and the noise are independent and normal with mean 0. They come from MXNet's
    generator: call `set_seed` first to draw the same examples again.

    Parameters
    ----------
    true_w : sequence of d floats
        The weights, one per feature.
    true_b : float
        The bias.
    num_examples : int
        The number of examples, n.
    noise_scale : float, default 0.01
        The standard deviation of the noise, in units of the label; 0 for none.
    feature_scale : sequence of d floats, optional
        The standard deviation of each feature; 1 without it.

    Returns
    -------
    features : NDArray, shape (n, d)
    labels : NDArray, shape (n,)

    Raises
    ------
    TypeError
        If an argument is not a number, or not a sequence of numbers where one is needed.
    ValueError
        If there is no weight or no example; if a number is not finite in float32 or a scale is
        negative; or if `feature_scale` has another length than `true_w`.
    """
    features = nd.random.normal(shape=(num_examples, len(true_w)))
    if feature_scale is not None:
        features = features * nd.array([feature_scale])
    noise = nd.random.normal(shape=num_examples) * noise_scale
    labels = nd.dot(features, nd.array(true_w)) + true_b + noise
    return features, labels


@checked(features=array("n", "d"), labels=column("n"), batch_size=integer(1, "n"))
def data_iter(batch_size, features, labels):
    """Iterate once over the examples in random order, `batch_size` at a time.

    The order is `numpy.random.permutation`, which is what ``DataLoader(..., shuffle=True)`` uses too:
    after the same seed, both give the same mini-batches.

    Parameters
    ----------
    batch_size : int
        The number of examples in a mini-batch, from 1 to n. The last one is smaller where n is not
        a multiple of it.
    features : NDArray, shape (n, d)
    labels : NDArray, shape (n,) or (n, 1)

    Returns
    -------
    iterator of (X, y)
        Features and labels of each mini-batch, with the batch along axis 0.

    Raises
    ------
    TypeError
        If `batch_size` is not an integer, or `features` or `labels` is not an NDArray.
    ValueError
        If `batch_size` is out of range or the shapes don't fit.
    """
    order = nd.from_numpy(np.random.permutation(len(features)))
    X, y = features.take(order), labels.take(order)
    # To cut up one shuffled copy is faster than to collect each mini-batch.
    for start in range(0, len(order), batch_size):
        stop = start + batch_size
        yield X[start:stop], y[start:stop]
