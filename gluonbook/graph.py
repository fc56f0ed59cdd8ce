"""The derivative of the squared loss as a graph that is built once, instead of at each update.

Under `autograd.record` MXNet writes down what is computed, and makes of it, at each call of `backward`, the graph of
the derivative: at small batches that is more work than all arithmetic. A net that can be called with a symbol in the
place of its features can be written down in advance. Its Executor takes the examples by their row numbers, and leaves
the gradients where `backward` does, in the arrays of the parameters: so any update works on them, and each number is
the same to the bit.
"""

import numpy as np
from mxnet import MXNetError, autograd, gluon, nd, sym
from mxnet.gluon import nn

MADE_BY_MXNET = ("mxnet.gluon.nn.", "mxnet.gluon.contrib.nn.")


def is_graph(block):
    """Say whether a block computes the same at each call, by what a symbol can do, and does nothing besides."""
    if block._forward_hooks or block._forward_pre_hooks or {"forward", "hybrid_forward"} & vars(block).keys():
        return False
    # What a reader wrote may do anything between two operations; by hybridize() he says that it doesn't.
    known = type(block).__module__.startswith(MADE_BY_MXNET) and not isinstance(block, nn.HybridLambda)
    hybrid = isinstance(block, gluon.HybridBlock) and type(block).forward is gluon.HybridBlock.forward
    return (hybrid and (known or block._active) or type(block) is nn.Sequential) and all(
        map(is_graph, block._children.values())
    )


def blocks_of(block):
    return [block, *(inner for child in block._children.values() for inner in blocks_of(child))]


def arrays_of(parameters):
    """The arrays of parameters and of their gradients, which are no others as long as nobody gives them new ones."""
    return [array for p in parameters for array in (*p.list_data(), *(p.list_grad() if p.grad_req != "null" else ()))]


def graph_of(net, features, labels):
    """Return a Graph of the net on these examples, or None where it can't be written down as one."""
    if not (isinstance(net, gluon.Block) and is_graph(net)):
        return None
    try:
        return Graph(net, features, labels)
    except (AttributeError, MXNetError, NotImplementedError, RuntimeError, TypeError, ValueError):
        return None  # a block that asks for what a symbol doesn't have, or a parameter that isn't one array


class Graph:
    """The mean loss of a net, and its derivative, on given examples."""

    def __init__(self, net, features, labels):
        self.net, self.features, self.labels = net, features, labels
        self.blocks, self.parameters = blocks_of(net), [*net.collect_params().values()]
        if {p.grad_req for p in self.parameters} - {"write", "null"}:
            raise ValueError("gradients are added up")
        if {(p.data().dtype, p.data().context) for p in self.parameters} | {(labels.dtype, labels.context)} != {
            (features.dtype, features.context)
        }:
            raise ValueError("arrays of several types, or in several places")
        self.arrays, self.executors = arrays_of(self.parameters), {}
        X, y = (sym.var(name) for name in ("features", "labels"))
        rows = sym.var("rows")
        self.loss = sym.LinearRegressionOutput(net(X.take(rows)), y.take(rows))
        norm = sym.norm(net(X) - y)
        # An Executor that doesn't train would keep some of the first parameters; this doesn't.
        self.norm = nd.CachedOp(norm)
        known = self.known()
        self.inputs = [known[name] for name in norm.list_inputs()]

    def known(self):
        return {"features": self.features, "labels": self.labels, **{p.name: p.data() for p in self.parameters}}

    def executor(self, size):
        """The executor for mini-batches of this size, and the array of row numbers that it reads."""
        if size not in self.executors:
            rows = nd.zeros(size, dtype="int64")
            known = {**self.known(), "rows": rows}
            names, states = self.loss.list_arguments(), self.loss.list_auxiliary_states()
            reqs = {p.name: p.grad_req for p in self.parameters if p.name in names}
            self.executors[size] = rows, self.loss.bind(
                self.features.context,
                {name: known[name] for name in names},
                {p.name: p.grad() for p in self.parameters if reqs.get(p.name) == "write"},
                {name: reqs.get(name, "null") for name in names},
                {name: known[name] for name in states},
            )
        return self.executors[size]

    def batches(self, batch_size, features, labels):
        order = nd.from_numpy(np.random.permutation(len(features)))
        for start in range(0, len(order), batch_size):
            stop = min(start + batch_size, len(order))
            rows, _ = self.executor(stop - start)
            nd.slice(order, begin=start, end=stop, out=rows)
            yield (rows,)

    def backward(self, rows):
        _, executor = self.executor(len(rows))
        executor.forward(is_train=True)
        executor.backward()
        for p in self.parameters:
            p.data()._fresh_grad = True

    def error(self):
        return self.norm(*self.inputs)
