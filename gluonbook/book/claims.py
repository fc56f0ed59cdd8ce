"""Claims: sentences of the book about a result, each checked where it is made."""

import ast
import contextlib
import inspect
import io
import random
import re
import textwrap
import warnings

import numpy as np

# How a line begins that tells of no claim that holds: white on red, or on blue where the sentence isn't about what was
# run. Both themes of JupyterLab show it, and a terminal.
WARNING = "\033[38;5;231;48;5;{}m{} 按现在的设置，书中的这句话{}\033[0m：".format
FAILS, UNCHECKED, ELSEWHERE = (
    WARNING(124, "✗", "不再成立"),
    WARNING(124, "？", "无法核对"),
    WARNING(25, "○", "说的是别的设置"),
)

# The same behind a sentence in English: it is in the language of the sentence that a line says what it says.
ENGLISH = {
    "按现在的设置，书中的这句话不再成立：": "With the settings as they are now, this sentence of the book no longer holds: ",
    "按现在的设置，书中的这句话无法核对：": "With the settings as they are now, this sentence of the book can't be checked: ",
    "按现在的设置，书中的这句话说的是别的设置：": "This sentence of the book is about other settings: ",
    "读不到核对它的代码；单元的开头若有 %%time，请去掉": "the code that checks it can't be read; is there a %%time at the top of the cell?",
    "没有可以比较的东西": "there is nothing to compare",
    "需要 ": "needed: ",
    "现在没有 ": "there is no result now for ",
    " 的结果": "",
    " 现在是 ": " is now ",
    "，不是 ": ", not ",
    "，形状 ": ", shape ",
    "；": "; ",
    "（": " (",
    "）": ")",
}


def claim(sentence, **settings):
    """Check, at once, a sentence of the book by the asserts of the function below, and print one line.

    Where it holds, the line is the sentence with the number of comparisons: one for each assert that is reached, each
    operand of its ``and``, and each pass of its ``all(... for ...)``; a chain such as ``0.9 < x < 1.1`` is one, and a
    comparison with an empty array is none. Where it doesn't hold, the line shows the first comparison that fails, with
    the values found; where it can't be checked, or nothing is left to compare, the line says that. Both begin in white on
    red. Where a setting isn't any more what the sentence names, nothing is compared, and the line, in white on blue, says
    which; so it does where the function looks up a result by a setting that wasn't run. In all these cases the notebook
    runs on.

    Afterwards the function's name is None, and what the function assigns stays within it. What it prints or warns of is
    dropped. Python's and NumPy's generators of random numbers are as they were before; MXNet's can't be, so what draws
    from it behind a claim has to seed it first, as `set_seed` does.

    Parameters
    ----------
    sentence : str
        As the text says it, without a full stop. In Chinese, or in English, as the line is then.
    **settings : number, str, sequence or dict
        What the sentence names of the settings that a reader can change, by the names of the variables; of a dict, only
        the keys that it names.

    Raises
    ------
    TypeError
        If there is no sentence.
    ValueError
        If the function has no assert.

    Examples
    --------
    >>> @gluonbook.claim("学习率为 0.9 时，三步之内到达噪声下限", learning_rate=0.9)
    ... def check():
    ...     assert losses[3] < 1.3 * noise_floor
    ✓ 学习率为 0.9 时，三步之内到达噪声下限（1）
    """
    if not isinstance(sentence, str):
        raise TypeError(f'claim needs a sentence, as in @gluonbook.claim("..."), got {type(sentence).__name__}')
    return lambda check: print(_in_language_of(sentence, _outcome(sentence, check, settings)))


def _in_language_of(sentence, line):
    if not re.search("[\u4e00-\u9fff]", sentence):
        line = line.replace("\033[0m：", "：\033[0m")
        for chinese, english in ENGLISH.items():
            line = line.replace(chinese, english)
    return line


def _outcome(sentence, check, settings):
    """Run the asserts of `check` and return the line to print."""
    now = {name: _of_those(check.__globals__.get(name), named) for name, named in settings.items()}
    changed = [name for name in settings if not np.array_equal(now[name], settings[name])]
    if changed:
        changes = (f"{name} 现在是 {_written(now[name])}，不是 {_written(settings[name])}" for name in changed)
        return f"{ELSEWHERE}{sentence}（{'；'.join(changes)}）"
    try:
        definition = ast.parse(textwrap.dedent(inspect.getsource(check))).body[0]
        if getattr(definition, "name", None) != check.__name__:
            raise OSError("another text of the same file name, such as what stands behind python -c")
        definition.decorator_list = []
    except (OSError, SyntaxError):
        return f"{UNCHECKED}{sentence}（读不到核对它的代码；单元的开头若有 %%time，请去掉）"
    if not any(isinstance(node, ast.Assert) for node in ast.walk(definition)):
        raise ValueError(f"the claim {sentence!r} compares nothing, its function needs an assert")

    count = 0

    def compare(test, number):
        nonlocal count
        values = {}

        def see(side, value):
            values[side] = value
            return value

        if not test(see):
            raise AssertionError(_with_values(rewriter.tests[number], values))
        count += all(getattr(value, "size", 1) for value in values.values())
        return True

    # It runs from its source, so that python -O leaves nothing out, and in a copy of the names around it.
    rewriter = _Asserts()
    module = ast.fix_missing_locations(ast.Module([rewriter.visit(definition)], []))
    states = random.getstate(), np.random.get_state()
    try:
        names = {**check.__globals__, **inspect.getclosurevars(check).nonlocals, "__compare__": compare}
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(module, check.__code__.co_filename, "exec"), names)
            names[check.__name__]()
    except AssertionError as failure:
        return f"{FAILS}{sentence}（需要 {_shortened(failure, 300)}）"
    except KeyError as missed:  # in a table of what was run, by its setting
        return f"{ELSEWHERE}{sentence}（现在没有 {_shortened(missed)} 的结果）"
    except Exception as error:
        reason = (str(error).strip().splitlines() or [""])[-1]  # behind MXNet's trace
        return f"{UNCHECKED}{sentence}（{type(error).__name__}: {_shortened(reason)}）"
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
    return f"✓ {sentence}（{count}）" if count else f"{UNCHECKED}{sentence}（没有可以比较的东西）"


class _Asserts(ast.NodeTransformer):
    """Makes of each assert one or more calls of `compare`, with what is compared as a function of what sees it."""

    def __init__(self):
        self.tests = []

    def visit_Assert(self, node):
        return ast.Expr(self.comparisons(node.test))

    def comparisons(self, test):
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            test.values = [self.comparisons(value) for value in test.values]
            return test
        if (
            isinstance(test, ast.Call)
            and ast.unparse(test.func) == "all"
            and isinstance(test.args[0], ast.GeneratorExp)
        ):
            test.args[0].elt = self.comparisons(test.args[0].elt)
            return test
        sides = _Sides()
        test = sides.visit(test)
        if not sides.number:
            truth = ast.Call(ast.Name("bool", ast.Load()), [test], [])
            test = ast.Compare(sides.see(truth), [ast.Is()], [ast.Constant(True)])
        call = ast.parse(f"__compare__(lambda __see__: 0, {len(self.tests)})", mode="eval").body
        call.args[0].body = test
        self.tests.append(test)
        return call


class _Sides(ast.NodeTransformer):
    """Lets `see` see both sides of a comparison, and the arguments of a call that compares, such as isclose."""

    number = 0

    def see(self, node):
        self.number += 1
        return ast.Call(ast.Name("__see__", ast.Load()), [ast.Constant(self.number), node], [])

    def visit_Compare(self, node):
        node.left, *node.comparators = map(self.see, [node.left, *node.comparators])
        return node

    def visit_Call(self, node):
        if not node.args or any(isinstance(inner, (ast.Compare, ast.GeneratorExp)) for inner in ast.walk(node)):
            return self.generic_visit(node)
        node.args = [arg if isinstance(arg, ast.Starred) else self.see(arg) for arg in node.args]
        return node


def _with_values(test, values):
    """Write `test` with the values that were seen, in as few digits as tell them apart."""
    for digits in (".3g", ".6g", ""):
        shown = {side: _show(value, digits) for side, value in values.items()}
        if len(set(shown.values())) == len(shown):
            break

    class Fill(ast.NodeTransformer):
        def visit_Call(self, node):
            if ast.unparse(node.func) != "__see__":
                return self.generic_visit(node)
            side, source = node.args
            return ast.Name(shown[side.value], ast.Load()) if side.value in shown else source

    return ast.unparse(Fill().visit(test))


def _of_those(value, named):
    """Of a dict, the keys of `named`."""
    both = isinstance(value, dict) and isinstance(named, dict)
    return {key: value.get(key) for key in named} if both else value


def _written(value):
    """A sequence as it is, as its extremes may be those of another; anything else as `_show` does."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    return _shortened(value) if isinstance(value, (list, tuple)) else _show(value, "")


def _show(value, digits):
    """A number, rounded; an array as its extremes and its shape; anything else as Python writes it, shortened."""
    if hasattr(value, "asnumpy"):
        value = value.asnumpy()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple, np.ndarray)):
        with contextlib.suppress(TypeError, ValueError):
            array = np.asarray(value, dtype=float)
            if array.size == 1:
                return _show(array.item(), digits)
            low, high = (_show(extreme(array), digits) for extreme in (np.nanmin, np.nanmax))
            return f"[{low} … {high}{', nan' if np.isnan(array).any() else ''}，形状 {array.shape}]"
    return format(value, digits) if isinstance(value, float) else _shortened(repr(value))


def _shortened(text, width=120):
    return textwrap.shorten(str(text), width, placeholder=" …")
