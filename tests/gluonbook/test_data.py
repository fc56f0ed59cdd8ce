"""Promises of gluonbook.data: data of the scales that were asked for, in an order of its own each epoch."""

import numpy as np
from mxnet import nd

import gluonbook

FEATURES = nd.arange(20).reshape((10, 2))
LABELS = nd.arange(10)


def batches(iterator):
    return [(X.asnumpy(), y.asnumpy()) for X, y in iterator]


def test_another_seed_draws_other_data():
    gluonbook.set_seed(7)
    first, _ = gluonbook.synthetic_data([1, 2], 3, 10)
    gluonbook.set_seed(8)
    second, _ = gluonbook.synthetic_data([1, 2], 3, 10)
    assert not np.array_equal(first.asnumpy(), second.asnumpy())


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


def test_the_noise_is_drawn_after_the_features_and_added():
    gluonbook.set_seed(1)
    features, labels = gluonbook.synthetic_data([2, -3.4], 4.2, 10, noise_scale=0.5)
    gluonbook.set_seed(1)
    assert np.array_equal(nd.random.normal(shape=(10, 2)).asnumpy(), features.asnumpy())
    noise = 0.5 * nd.random.normal(shape=10).asnumpy()
    assert np.allclose(labels.asnumpy(), features.asnumpy() @ [2, -3.4] + 4.2 + noise, atol=1e-5)


def test_by_default_features_have_scale_1_and_the_noise_a_hundredth():
    gluonbook.set_seed(1)
    features, labels = gluonbook.synthetic_data([2, -3.4], 4.2, 10)
    gluonbook.set_seed(1)
    same_features, same_labels = gluonbook.synthetic_data([2, -3.4], 4.2, 10, noise_scale=0.01, feature_scale=[1, 1])
    assert np.array_equal(features.asnumpy(), same_features.asnumpy())
    assert np.array_equal(labels.asnumpy(), same_labels.asnumpy())


def test_each_epoch_has_another_order():
    gluonbook.set_seed(1)
    orders = [np.concatenate([y for _, y in batches(gluonbook.data_iter(2, FEATURES, LABELS))]) for _ in range(2)]
    assert not np.array_equal(*orders)


def test_mini_batches_are_copies_so_the_data_can_not_be_changed_through_them():
    features = FEATURES.copy()
    for X, _ in gluonbook.data_iter(5, features, LABELS):
        X[:] = -1
    assert np.array_equal(features.asnumpy(), FEATURES.asnumpy())
