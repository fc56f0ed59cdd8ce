"""Promises of the page about PyTorch: its code runs as it stands, and prints what stands behind it."""

import contextlib
import io
import re

import numpy as np
import pytest
from mxnet import autograd, gluon, lr_scheduler, nd

from common import ROOT

PAGE = (ROOT / "chapters" / "pytorch.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|text)\n(.*?)```", PAGE, re.DOTALL)
WHY_NOT = "PyTorch is no dependency of the book, as its wheel for x86-64 takes gigabytes; `pip install torch` brings it"


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch", reason=WHY_NOT)


@pytest.fixture(scope="module")
def names(torch):
    """What the page's code defines, and in `outputs`, what each block of it prints beside what the page says that it prints."""
    names, outputs = {}, []
    for kind, text in BLOCKS:
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(text, "chapters/pytorch.md", "exec"), names)
            outputs.append([printed.getvalue(), ""])
        else:
            outputs[-1][1] = text
    return {**names, "outputs": outputs}


def test_the_code_of_the_page_is_python_as_wide_as_in_the_chapters():
    code = [text for kind, text in BLOCKS if kind == "python"]
    assert len(code) >= 5 and all(compile(text, "chapters/pytorch.md", "exec") for text in code)
    assert max(len(line) for text in code for line in text.splitlines()) <= 80


def test_the_workflow_tests_it_with_the_version_that_the_page_names():
    (version,) = re.findall(r"PyTorch (\d+\.\d+\.\d+)", PAGE)
    workflow = (ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")
    assert re.findall(r"torch==(\S+)", workflow) == [version] and "tests/book/test_pytorch.py" in workflow


def test_the_code_prints_what_stands_behind_it(names):
    printed, written = zip(*names["outputs"])
    assert printed == written and "".join(printed).count("parameter 0.000") >= 6


def test_gluon_and_pytorch_end_at_the_same_parameters_where_the_page_says_so_and_only_there(names):
    with_gluon, with_torch = names["with_gluon"], names["with_torch"]

    def apart(of_gluon, of_torch):
        return abs(with_gluon(1, learning_rate=0.01, **of_gluon) - with_torch(1, **of_torch)).max()

    assert apart({}, {"lr": 0.01}) < 1e-5
    assert apart({}, {"lr": 0.01, "loss": names["mse"]}) > 0.1
    assert apart({"wd": 0.5}, {"lr": 0.01, "weight_decay": 0.5}) < 1e-5
    assert apart({"wd": 0.5}, {"lr": 0.01, "groups": names["two_groups"]}) > 0.1
    assert apart({"momentum": 0.9}, {"lr": 0.01, "momentum": 0.9}) < 1e-4
    assert apart({"momentum": 0.9, "optimizer": "nag"}, {"lr": 0.01, "momentum": 0.9, "nesterov": True}) < 1e-4


def test_a_velocity_scaled_by_the_ratio_of_the_rates_makes_pytorch_go_on_as_mxnet_does(torch):
    gamma, rates, slopes = 0.9, (0.1, 0.01), (1.0, -0.5)
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=rates[0], momentum=gamma)
    ours, velocity = 0.0, 0.0
    for old, new in zip((rates[0], *rates), rates):
        if new != old:
            optimizer.param_groups[0]["lr"] = new
            optimizer.state[weight]["momentum_buffer"] *= old / new
        for slope in slopes:
            weight.grad = torch.full((1,), slope)
            optimizer.step()
            velocity = gamma * velocity + new * slope
            ours -= velocity
        assert weight.item() == pytest.approx(ours, abs=1e-6)


def test_the_traps_are_there_in_pytorch_and_not_in_mxnet(torch):
    ours, theirs = nd.ones((2,)), torch.nn.Parameter(torch.ones(2))
    ours.attach_grad()
    assert ours.grad.asnumpy().tolist() == [0, 0] and theirs.grad is None
    for _ in range(2):
        with autograd.record():
            losses = nd.dot(nd.ones((3, 2)), ours) ** 2 / 2
        losses.backward()  # of a vector, which MXNet adds up, and anew each time
        with pytest.raises(RuntimeError, match="only for scalar outputs"):
            ((torch.ones(3, 2) @ theirs) ** 2 / 2).backward()
        ((torch.ones(3, 2) @ theirs) ** 2 / 2).sum().backward()
    assert ours.grad.asnumpy().tolist() == [6, 6] and theirs.grad.tolist() == [12, 12]

    ours[:] = ours - 0.1 * ours.grad
    with pytest.raises(RuntimeError, match="in-place"):
        theirs[:] = theirs - 0.1 * theirs.grad
    with torch.no_grad():
        theirs[:] = theirs - 0.05 * theirs.grad
    assert theirs.tolist() == pytest.approx(ours.asnumpy().tolist())
    torch.optim.SGD([theirs], lr=1).zero_grad()
    assert theirs.grad is None

    copied, shared, cloned = ours.asnumpy(), theirs.detach().numpy(), theirs.detach().clone()
    ours[:] = 7
    with torch.no_grad():
        theirs[:] = 7
    assert shared.tolist() == [7, 7] and 7 not in copied and 7 not in cloned


def test_losses_and_rates_differ_by_the_factors_that_the_page_names(torch):
    y_hat, y = np.arange(10.0).reshape(10, 1), np.arange(10.0)[::-1].copy()
    ours = gluon.loss.L2Loss()(nd.array(y_hat), nd.array(y))  # reshapes the labels
    pair = torch.from_numpy(y_hat), torch.from_numpy(y).reshape(10, 1)
    mean, total = (torch.nn.MSELoss(reduction=how)(*pair).item() for how in ("mean", "sum"))
    assert ours.shape == (10,) and mean == pytest.approx(2 * ours.mean().asscalar())
    assert total == pytest.approx(10 * mean)
    with pytest.warns(UserWarning, match="Using a target size"):
        assert torch.nn.MSELoss()(pair[0], torch.from_numpy(y)).item() != pytest.approx(mean)


@pytest.mark.parametrize("momentum", [0, 0.5, 0.9])
def test_decoupled_decay_is_that_of_a_smaller_decay_where_there_is_momentum(names, momentum):
    def apart(decay, other):
        pair = (names["decayed_weights"](momentum, how, decay=value) for how, value in ((True, decay), (False, other)))
        return max(abs(float(a) - float(b)) for a, b in zip(*pair))

    assert apart(0.5, (1 - momentum) * 0.5) < 0.02
    assert (apart(0.5, 0.5) < 0.02) == (momentum == 0)


def test_what_pytorch_does_by_default_is_what_the_page_says(torch):
    torch.manual_seed(1)
    theirs, ours = torch.nn.Linear(100, 400), gluon.nn.Dense(400, in_units=100)
    ours.initialize()
    for parameter in theirs.parameters():
        assert 0.095 < abs(parameter).max().item() <= 0.1
    assert 0.065 < abs(ours.weight.data()).max().asscalar() <= 0.07 and not ours.bias.data().asnumpy().any()
    assert theirs.weight.shape == ours.weight.shape == (400, 100)

    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=1, momentum=0.9, dampening=0.5)
    assert torch.optim.SGD([weight], lr=1).defaults["dampening"] == 0
    for gone in (1, 1 + 0.9 + 0.5):  # the first step isn't dampened
        weight.grad = torch.ones(1)
        optimizer.step()
        assert weight.item() == pytest.approx(-gone)

    def order(seed):
        torch.manual_seed(seed)
        batches = torch.utils.data.DataLoader(torch.arange(100), batch_size=10, shuffle=True)
        return torch.cat(list(batches)).tolist()

    assert order(1) == order(1) != order(2)


def test_some_schedulers_of_mxnet_do_not_go_back_and_others_do():
    for name, arguments, goes_back in (
        ("FactorScheduler", {"step": 10, "factor": 0.5}, False),
        ("MultiFactorScheduler", {"step": [20], "factor": 0.1}, False),
        ("PolyScheduler", {"max_update": 100}, True),
        ("CosineScheduler", {"max_update": 100}, True),
    ):
        assert f"`{name}`" in PAGE
        schedule = getattr(lr_scheduler, name)(**arguments, base_lr=0.2)
        early, late, again = schedule(5), schedule(90), schedule(5)
        assert late < early and again == (early if goes_back else late)
