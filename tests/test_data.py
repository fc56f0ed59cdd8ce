"""Promises of gluonbook.data: the same seed, the same data; every example once an epoch."""

import numpy as np
import pytest
from mxnet import gluon, nd

import gluonbook

FEATURES = nd.arange(20).reshape((10, 2))
LABELS = nd.arange(10)


def batches(iterator):
    return [(X.asnumpy(), y.asnumpy()) for X, y in iterator]


def test_the_same_seed_draws_the_same_data_and_the_same_order():
    drawn = []
    for _ in range(2):
        gluonbook.set_seed(7)
        features, labels = gluonbook.synthetic_data([1, 2], 3, 10)
        order = np.concatenate([y for _, y in batches(gluonbook.data_iter(4, features, labels))])
        drawn.append((features.asnumpy(), labels.asnumpy(), order))
    for first, second in zip(*drawn):
        assert np.array_equal(first, second)


def test_another_seed_draws_other_data():
    gluonbook.set_seed(7)
    first, _ = gluonbook.synthetic_data([1, 2], 3, 10)
    gluonbook.set_seed(8)
    second, _ = gluonbook.synthetic_data([1, 2], 3, 10)
    assert not np.array_equal(first.asnumpy(), second.asnumpy())


@pytest.mark.parametrize("seed, error", [(1.5, TypeError), (True, TypeError), ("1", TypeError), (-1, ValueError)])
def test_a_seed_that_is_no_small_integer_is_refused(seed, error):
    with pytest.raises(error, match="seed must be"):
        gluonbook.set_seed(seed)


def test_labels_are_the_linear_model_of_the_features():
    features, labels = gluonbook.synthetic_data([2, -3.4], 4.2, 50, noise_scale=0)
    expected = features.asnumpy() @ [2, -3.4] + 4.2
    assert features.shape == (50, 2) and labels.shape == (50,)
    assert np.allclose(labels.asnumpy(), expected, atol=1e-5)


def test_noise_and_features_have_the_scales_that_were_asked_for():
    gluonbook.set_seed(1)
    features, labels = gluonbook.synthetic_data([1, 1], 0, 20_000, noise_scale=0.5, feature_scale=[1, 10])
    noise = labels.asnumpy() - features.asnumpy().sum(axis=1)
    assert np.allclose(features.asnumpy().std(axis=0), [1, 10], rtol=0.03)
    assert np.isclose(noise.std(), 0.5, rtol=0.03) and abs(noise.mean()) < 0.02


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        (([], 0, 5), ValueError, "true_w must hold at least one"),
        ((2.0, 0, 5), TypeError, "true_w must be a sequence"),
        ((["2"], 0, 5), TypeError, r"true_w\[0\] must be a real number"),
        (([np.nan], 0, 5), ValueError, r"true_w\[0\] must be finite"),
        (([1], None, 5), TypeError, "true_b must be a real number"),
        (([1], 0, 0), ValueError, "num_examples must be at least 1"),
        (([1], 0, 2.0), TypeError, "num_examples must be an integer"),
        (([1], 0, 5, -1), ValueError, "noise_scale must be at least 0"),
        (([1], 0, 5, np.inf), ValueError, "noise_scale must be finite"),
        (([1], 0, 5, 0, [1, 2]), ValueError, "feature_scale must hold 1"),
        (([1], 0, 5, 0, [-1]), ValueError, r"feature_scale\[0\] must be at least 0"),
    ],
)
def test_synthetic_data_says_what_is_wrong_with_its_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        gluonbook.synthetic_data(*arguments)


@pytest.mark.parametrize("batch_size", [1, 3, 5, 10])
def test_an_epoch_gives_each_example_once_with_its_own_label(batch_size):
    drawn = batches(gluonbook.data_iter(batch_size, FEATURES, LABELS))
    assert [len(y) for _, y in drawn[:-1]] == [batch_size] * (len(drawn) - 1)
    assert len(drawn[-1][1]) == (10 % batch_size or batch_size)
    X, y = (np.concatenate(part) for part in zip(*drawn))
    assert sorted(y) == list(range(10))
    assert np.array_equal(X, FEATURES.asnumpy()[y.astype(int)])


def test_each_epoch_has_another_order():
    gluonbook.set_seed(1)
    orders = [np.concatenate([y for _, y in batches(gluonbook.data_iter(2, FEATURES, LABELS))]) for _ in range(2)]
    assert not np.array_equal(*orders)


def test_data_iter_and_data_loader_give_the_same_mini_batches():
    gluonbook.set_seed(3)
    ours = batches(gluonbook.data_iter(4, FEATURES, LABELS))
    gluonbook.set_seed(3)
    theirs = batches(gluon.data.DataLoader(gluon.data.ArrayDataset(FEATURES, LABELS), 4, shuffle=True))
    for (X, y), (their_X, their_y) in zip(ours, theirs, strict=True):
        assert np.array_equal(X, their_X) and np.array_equal(y, their_y)


def test_mini_batches_are_copies_so_the_data_can_not_be_changed_through_them():
    features = FEATURES.copy()
    for X, _ in gluonbook.data_iter(5, features, LABELS):
        X[:] = -1
    assert np.array_equal(features.asnumpy(), FEATURES.asnumpy())


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ((0, FEATURES, LABELS), ValueError, "batch_size must be at least 1"),
        ((11, FEATURES, LABELS), ValueError, "at most 10, got 11"),
        ((2.0, FEATURES, LABELS), TypeError, "batch_size must be an integer"),
        ((2, FEATURES.asnumpy(), LABELS), TypeError, "features must be an NDArray, got ndarray"),
        ((2, FEATURES, [1] * 10), TypeError, "labels must be an NDArray, got list"),
        ((2, FEATURES, LABELS[:9]), ValueError, r"labels must have shape \(10,\), got \(9,\)"),
        ((2, FEATURES, LABELS.reshape((5, 2))), ValueError, r"labels must have shape \(10, 1\)"),
        ((2, LABELS, LABELS), ValueError, r"features must have shape \(n, d\)"),
    ],
)
def test_data_iter_says_what_is_wrong_before_the_first_mini_batch(arguments, error, message):
    with pytest.raises(error, match=message):
        gluonbook.data_iter(*arguments)
