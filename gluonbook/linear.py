"""The linear model, its loss, and the update that trains it."""

from mxnet import nd

from gluonbook._validation import array, check_parameters, checked, every, floats, integer, number


@checked(X=array("n", "d"), w=array("d", 1), b=array(1))
def linreg(X, w, b):
    """Predict with a linear model: ``X @ w + b``.

    Parameters
    ----------
    X : NDArray, shape (n, d)
        The features, one example a row.
    w : NDArray, shape (d, 1)
        The weights.
    b : NDArray, shape (1,)
        The bias.

    Returns
    -------
    NDArray, shape (n, 1)
        The predicted labels.

    Raises
    ------
    TypeError
        If an argument is not an NDArray.
    ValueError
        If the shapes don't fit.
    """
    return nd.dot(X, w) + b


def check_size(name, labels, known):
    """Check that there is a label for each prediction."""
    count = known["y_hat"].size
    if labels.size != count:
        raise ValueError(f"{name} must hold as many labels as y_hat has predictions, {count}, got {labels.size}")


@checked(y_hat=floats(), y=every(floats(like="y_hat"), check_size))
def squared_loss(y_hat, y):
    """Return half the squared error of each prediction: ``(y_hat - y)**2 / 2``.

    Parameters
    ----------
    y_hat : NDArray
        The predictions, of any shape.
    y : NDArray
        As many labels, of the same type; reshaped to the shape of `y_hat`.

    Returns
    -------
    NDArray
        The losses, in the shape of `y_hat` and in squared units of the label.

    Raises
    ------
    TypeError
        If an argument is not an NDArray of float32 or float64, or not both are of the same.
    ValueError
        If there are not as many labels as predictions.
    """
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


@checked(params=check_parameters, lr=number(above=0), batch_size=integer(1))
def sgd(params, lr, batch_size):
    """Update each parameter in place: ``param -= lr * param.grad / batch_size``, in one operation.

    Call it after ``loss.backward()`` on the losses of one mini-batch: MXNet adds up the gradients of
    the examples, and the division turns the sum into the mean.

    Parameters
    ----------
    params : list of NDArray
        The parameters, each with the gradient that ``param.attach_grad()`` makes room for.
    lr : float
        The learning rate, greater than 0.
    batch_size : int
        The number of examples whose losses were added up.

    Raises
    ------
    TypeError
        If `lr` is not a number, `batch_size` not an integer, or a parameter not an NDArray.
    ValueError
        If `lr` or `batch_size` is out of range, or there is no parameter, one without a gradient, or
        one twice.

    References
    ----------
    H. Robbins and S. Monro. "A Stochastic Approximation Method." The Annals of Mathematical
    Statistics 22(3):400–407, 1951.
    """
    for param in params:
        nd.sgd_update(param, param.grad, lr=lr, rescale_grad=1 / batch_size, out=param)
