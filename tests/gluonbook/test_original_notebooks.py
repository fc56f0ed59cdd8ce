"""Promises to who has an old notebook: it runs on this package unchanged, or as 环境与排错 says."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from common import ROOT
from kernels import client_of

PAGE = (ROOT / "chapters" / "troubleshooting.md").read_text(encoding="utf-8")
EDITS = re.findall("把 `([^`]+)` 换成 `([^`]+)`", PAGE)

TRAIN = """
%matplotlib inline
import gluonbook as gb
from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn

num_examples = 100
features = nd.random.normal(scale=1, shape=(num_examples, 2))
labels = 2 * features[:, 0] - 3.4 * features[:, 1] + 4.2
w = nd.random.normal(scale=0.01, shape=(2, 1))
b = nd.zeros(shape=(1,))
w.attach_grad()
b.attach_grad()
ls = [gb.squared_loss(gb.linreg(features, w, b), labels).mean()]
for epoch in range(3):
    for X, y in gb.data_iter(10, features, labels):
        with autograd.record():
            l = gb.squared_loss(gb.linreg(X, w, b), y)
        l.backward()
        gb.sgd([w, b], 0.1, 10)
    ls.append(gb.squared_loss(gb.linreg(features, w, b), labels).mean().asnumpy())
"""
CURVES = "gb.semilogy(range(4), ls, 'epoch', 'loss', range(4), nd.array([4, 3, 2, 1]), ['train', 'test'])"
TRACE = """
def f_2d(x1, x2):
    return 0.1 * x1 ** 2 + 2 * x2 ** 2

def momentum_2d(x1, x2, v1, v2):
    v1 = 0.5 * v1 + 0.4 * 0.2 * x1
    v2 = 0.5 * v2 + 0.4 * 4 * x2
    return x1 - v1, x2 - v2, v1, v2

gb.use_svg_display()
gb.set_figsize((3, 2))
gb.show_trace_2d(f_2d, gb.train_2d(momentum_2d))
gb.plt.title('momentum');
"""
# What is tested on isn't trained on: the first examples are those to train on.
WEIGHT_DECAY = """
batch_size, n_train = 1, 20
seen = [y.asscalar() for X, y in gb.data_iter(batch_size, n_train, features, labels)]
print('trained on the first', n_train, sorted(seen) == sorted(labels[:n_train].asnumpy()))
"""
MOMENTUM = """
velocity, batch_size = w.zeros_like(), 10
for X, y in gb.data_iter(batch_size, num_examples, features, labels):
    velocity[:] = 0.9 * velocity
print('went once through', num_examples)
"""
MOMENTUM_GLUON = """
net = nn.Sequential()
net.add(nn.Dense(1))
net.initialize(init.Normal(sigma=0.01), force_reinit=True)
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.2, 'momentum': 0.5})
gb.optimize(batch_size=10, trainer=trainer, num_epochs=3, decay_epoch=2,
            log_interval=10, features=features, labels=labels, net=net)
"""
SIZE = """
import matplotlib as mpl
gb.set_fig_size(mpl)
print('size', gb.plt.rcParams['figure.figsize'])
"""
UTILS = "import utils\nprint(utils.linreg is gb.linreg)"


def run(sources, folder):
    """Run these cells after TRAIN, and return the outputs of each."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in (TRAIN, *sources)])
    nbformat.validate(notebook)
    client_of(notebook, folder, allow_errors=True).execute()
    first, *rest = [cell.outputs for cell in notebook.cells]
    assert first == []
    return rest


def test_an_original_notebook_runs_unchanged_and_shows_its_figures(tmp_path):
    curves, trace = (outputs[-1].data["text/plain"] for outputs in run([CURVES, TRACE], tmp_path))
    assert re.search("line train, .*: 4 of 4 points", curves)
    assert "'momentum', $x_2$ against $x_1$" in trace


OLD_CALLS = {
    MOMENTUM: "went once through 100",
    WEIGHT_DECAY: "trained on the first 20 True",
    SIZE: "size [3.5, 2.5]",
    UTILS: "True",
    MOMENTUM_GLUON: "batch_size 10, learning_rate 0.02, epoch 3, loss",
}
ANOTHER_DATA_SET = "features, labels = gb.get_data_ch7()"


def test_a_call_that_is_gone_stops_with_an_error_that_the_page_lists(tmp_path):
    for outputs in run([*OLD_CALLS, ANOTHER_DATA_SET], tmp_path):
        assert outputs[-1].output_type == "error"
        message = f"{outputs[-1].ename}: {outputs[-1].evalue}"
        assert message in PAGE or message == "ModuleNotFoundError: No module named 'utils'"


@pytest.mark.parametrize("old, new", EDITS)
def test_each_edit_of_the_page_is_tried(old, new):
    assert old in "".join([*OLD_CALLS, "import gluonbook as gb", "X=X, y=y"])


def test_with_the_edits_of_the_page_old_calls_do_what_they_did(tmp_path):
    edited = []
    for source in OLD_CALLS:
        for old, new in EDITS:
            source = source.replace(old, new)
        edited.append(source)
    for outputs, expected in zip(run(edited, tmp_path), OLD_CALLS.values()):
        assert outputs[0].output_type == "stream" and outputs[0].text.splitlines()[-1].startswith(expected)
