"""The derivative of the squared loss as a graph that is built once, instead of at each update.

Under `autograd.record` MXNet writes down what is computed, and makes of it, at each call of `backward`, the graph of
the derivative: at small batches that is more work than all arithmetic. A net that can be called with a symbol in the
place of its features can be written down in advance. Its Executor takes the examples by their row numbers, and leaves
the gradients where `backward` does, in the arrays of the parameters: so any update works on them, and each number is
the same to the bit.
"""

import numpy as np
from mxnet import gluon, nd, sym
from mxnet.gluon import nn

MADE_BY_MXNET = ("mxnet.gluon.nn.", "mxnet.gluon.contrib.nn.")


def is_graph(net):
    """Say whether a net computes the same at each call, and does nothing besides.

    The blocks of `mxnet.gluon.nn` do, without hooks. What readers write may do anything between two operations; of
    their own HybridBlock they promise by ``hybridize()`` that it doesn't.
    """
    if not isinstance(net, gluon.Block) or net._forward_hooks or net._forward_pre_hooks:
        return False
    known = type(net).__module__.startswith(MADE_BY_MXNET) and not isinstance(net, nn.HybridLambda)
    hybrid = isinstance(net, gluon.HybridBlock) and type(net).forward is gluon.HybridBlock.forward
    if not (type(net) is nn.Sequential or hybrid and net._callback is None and (known or net._active)):
        return False
    return not {"forward", "hybrid_forward"} & vars(net).keys() and all(map(is_graph, net._children.values()))


def blocks_of(net):
    return [net, *(block for child in net._children.values() for block in blocks_of(child))]


def graph_of(net, features, labels):
    """Return the Graph of a net on these examples, or None where it can't be written down."""
    try:
        return Graph(net, features, labels) if is_graph(net) else None
    except Exception:  # a reader's block may ask of a symbol what only an array has, and raise anything
        return None


class Graph:
    """A net as it is now, written down: its error on all examples, and the gradients on a mini-batch of them."""

    def __init__(self, net, features, labels):
        self.blocks, self.parameters = blocks_of(net), [*net.collect_params().values()]
        self.arrays, self.executors = self.current_arrays(), {}
        if len({(array.dtype, array.context) for array in (features, labels, *self.arrays)}) > 1:
            raise ValueError("arrays of several types, or in several places")
        if any(parameter.grad_req == "add" for parameter in self.parameters):
            raise ValueError("gradients that are added up")
        X, y, rows = map(sym.var, ("features", "labels", "rows"))
        self.loss = sym.LinearRegressionOutput(net(X.take(rows)), y.take(rows))
        names = self.loss.list_arguments()
        self.trained = {p.name: p for p in self.parameters if p.grad_req == "write" and p.name in names}
        error = sym.norm(net(X) - y)
        self.known = {"features": features, "labels": labels, **{p.name: p.data() for p in self.parameters}}
        self.inputs = [self.known[name] for name in error.list_inputs()]
        self.norm = nd.CachedOp(error)  # an Executor that only predicts would keep some parameters as they were

    def current_arrays(self):
        lists = [p.list_data() + (p.list_grad() if p.grad_req != "null" else []) for p in self.parameters]
        return [array for arrays in lists for array in arrays]

    def holds(self):
        """Say whether the parameters still have the arrays that are written down."""
        current = self.current_arrays()
        return len(current) == len(self.arrays) and all(a is b for a, b in zip(current, self.arrays))

    def executor(self, rows):
        """The Executor of mini-batches of this size, which reads `rows` at each run: an array for each size."""
        if len(rows) not in self.executors:
            known = {**self.known, "rows": rows}
            names, states = self.loss.list_arguments(), self.loss.list_auxiliary_states()
            self.executors[len(rows)] = self.loss.bind(
                rows.context,
                {name: known[name] for name in names},
                {name: p.grad() for name, p in self.trained.items()},
                {name: "write" if name in self.trained else "null" for name in names},
                {name: known[name] for name in states},
            )
        return self.executors[len(rows)]

    def backward(self, rows):
        executor = self.executor(rows)
        executor.forward(is_train=True)
        executor.backward()
        for parameter in self.trained.values():
            parameter.data()._fresh_grad = True  # or a Trainer would take it for the gradient of the last update

    def error(self):
        return self.norm(*self.inputs)


def by_graph(net, features, labels, backward, error):
    """Return the functions `batches`, `backward` and `error` by which `train` goes where the net is a graph, or None.

    Mini-batches are row numbers. If the net or its arrays are changed on the way, it is written down anew; where that
    can't be done, the functions that are given do it.
    """
    graph, rows = graph_of(net, features, labels), {}
    if graph is None:
        return None

    def current():
        nonlocal graph
        if graph and not graph.holds():
            graph = graph_of(net, features, labels)
        return graph

    def batches(batch_size, features, labels):
        nonlocal graph
        if graph is None or not is_graph(net) or blocks_of(net) != graph.blocks:
            graph = graph_of(net, features, labels)
        order = nd.from_numpy(np.random.permutation(len(features)))
        for start in range(0, len(order), batch_size):
            stop = min(start + batch_size, len(order))
            if stop - start not in rows:
                rows[stop - start] = nd.zeros(stop - start, dtype=order.dtype)
            yield (nd.slice(order, begin=start, end=stop, out=rows[stop - start]),)

    def graph_backward(batch):
        if current():
            graph.backward(batch)
        else:
            backward(features.take(batch), labels.take(batch))

    return batches, graph_backward, lambda: graph.error() if current() else error()
