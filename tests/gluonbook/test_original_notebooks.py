"""Promise: a notebook written for the original gluonbook module runs on this package unchanged."""

import re

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from kernels import client_of

TRAIN = """
%matplotlib inline
import gluonbook as gb
from mxnet import autograd, nd

features = nd.random.normal(scale=1, shape=(100, 2))
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
CURVES = """
gb.semilogy(range(4), ls, 'epoch', 'loss', range(4), nd.array([4, 3, 2, 1]), ['train', 'test'])
"""
TRACE = """
def f_2d(x1, x2):
    return 0.1 * x1 ** 2 + 2 * x2 ** 2

def gd_2d(x1, x2, s1, s2):
    return (x1 - 0.4 * 0.2 * x1, x2 - 0.4 * 4 * x2, 0, 0)

gb.use_svg_display()
gb.set_figsize((3, 2))
gb.show_trace_2d(f_2d, gb.train_2d(gd_2d))
gb.plt.title('gradient descent');
"""


def test_an_original_notebook_runs_unchanged_and_shows_its_figures(tmp_path):
    notebook = new_notebook(cells=[new_code_cell(source) for source in (TRAIN, CURVES, TRACE)])
    nbformat.validate(notebook)
    client_of(notebook, tmp_path).execute()
    figures = [
        output.data for cell in notebook.cells for output in cell.outputs if "image/svg+xml" in output.get("data", {})
    ]
    assert len(figures) == 2
    assert re.search("line train, .*: 4 of 4 points", figures[0]["text/plain"])
    assert "'gradient descent', $x_2$ against $x_1$" in figures[1]["text/plain"]
