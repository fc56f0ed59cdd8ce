"""The linear model, its loss, and the update that trains it."""

from mxnet import nd

from gluonbook._validation import check_dtypes, check_int, check_ndarray, check_params, check_real


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
        If an argument is not an NDArray, or they are not all float32 or all float64.
    ValueError
        If the shapes don't fit.
    """
    _, num_inputs = check_ndarray("X", X, ("n", "d"))
    check_ndarray("w", w, (num_inputs, 1))
    check_ndarray("b", b, (1,))
    check_dtypes(X=X, w=w, b=b)
    return nd.dot(X, w) + b


def squared_loss(y_hat, y):
    """Return half the squared error of each prediction: ``(y_hat - y)**2 / 2``.

    Parameters
    ----------
    y_hat : NDArray
        The predictions, of any shape.
    y : NDArray
        As many labels; reshaped to the shape of `y_hat`.

    Returns
    -------
    NDArray
        The losses, in the shape of `y_hat` and in squared units of the label.

    Raises
    ------
    TypeError
        If an argument is not an NDArray, or they are not both float32 or both float64.
    ValueError
        If there are no predictions, or not as many labels.
    """
    shape = check_ndarray("y_hat", y_hat)
    check_ndarray("y", y)
    check_dtypes(y_hat=y_hat, y=y)
    if y.size != y_hat.size:
        raise ValueError(
            f"y must have as many elements as y_hat, {shape}, got {y.shape}"
        )
    return (y_hat - y.reshape(shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    """Update each parameter in place: ``param -= lr * param.grad / batch_size``, in one operation.

    Call it after ``loss.backward()`` on the losses of one mini-batch: MXNet adds up the gradients of
    the examples, and the division turns the sum into the mean.

    Parameters
    ----------
    params : iterable of NDArray
        The parameters, each with the gradient that ``param.attach_grad()`` makes room for.
    lr : float
        The learning rate, greater than 0.
    batch_size : int
        The number of examples whose losses were added up.

    Raises
    ------
    TypeError
        If `lr` is not a number, `batch_size` not an integer, or a parameter not an NDArray of float32
        or float64.
    ValueError
        If `lr` or `batch_size` is out of range, or there is no parameter, one without a gradient, or
        one twice.

    References
    ----------
    H. Robbins and S. Monro. "A Stochastic Approximation Method." The Annals of Mathematical
    Statistics 22(3):400–407, 1951.
    """
    check_real("lr", lr, positive=True)
    check_int("batch_size", batch_size, 1)
    for param, gradient in check_params(params):
        nd.sgd_update(
            param, gradient, lr=lr, rescale_grad=1 / batch_size, out=param
        )
