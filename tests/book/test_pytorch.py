"""Promises of the page about PyTorch: its code runs as it stands, and prints what stands behind it."""

import contextlib
import io
import re

import pytest

from common import ROOT

PAGE = (ROOT / "chapters" / "pytorch.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|text)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def names_and_outputs():
    """What the page's code defines, and what each block of it prints beside what the page says that it prints."""
    pytest.importorskip("torch", reason="PyTorch is no dependency of the book; `uv pip install torch` brings it")
    names, outputs = {}, []
    for kind, text in BLOCKS:
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(text, "chapters/pytorch.md", "exec"), names)
            outputs.append([printed.getvalue(), ""])
        else:
            outputs[-1][1] = text
    return names, outputs


def test_the_code_of_the_page_is_python_as_wide_as_in_the_chapters():
    code = [text for kind, text in BLOCKS if kind == "python"]
    assert len(code) >= 5 and all(compile(text, "chapters/pytorch.md", "exec") for text in code)
    assert max(len(line) for text in code for line in text.splitlines()) <= 80


def test_the_code_prints_what_stands_behind_it(names_and_outputs):
    _, outputs = names_and_outputs
    assert all(printed == written for printed, written in outputs)
    assert sum(printed.count("parameter 0.000") for printed, _ in outputs) >= 6


def test_gluon_and_pytorch_end_at_the_same_parameters_where_the_page_says_so_and_only_there(names_and_outputs):
    names, _ = names_and_outputs
    with_gluon, with_torch = names["with_gluon"], names["with_torch"]

    def apart(of_gluon, of_torch):
        return abs(with_gluon(1, learning_rate=0.01, **of_gluon) - with_torch(1, **of_torch)).max()

    assert apart({}, {"lr": 0.01}) < 1e-5
    assert apart({}, {"lr": 0.01, "loss": names["mse"]}) > 0.1
    assert apart({"wd": 0.5}, {"lr": 0.01, "weight_decay": 0.5}) < 1e-5
    assert apart({"wd": 0.5}, {"lr": 0.01, "groups": names["two_groups"]}) > 0.1
    assert apart({"momentum": 0.9}, {"lr": 0.01, "momentum": 0.9}) < 1e-4
    assert apart({"momentum": 0.9, "optimizer": "nag"}, {"lr": 0.01, "momentum": 0.9, "nesterov": True}) < 1e-4


def test_a_velocity_scaled_by_the_ratio_of_the_rates_makes_pytorch_go_on_as_mxnet_does(names_and_outputs):
    torch = pytest.importorskip("torch")
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
