"""Promises of gluonbook.explore: one output for page and notebook, the same everywhere, and wrong values are named."""

import gzip
import html
import json
import re

import numpy as np
import pytest

import gluonbook
from gluonbook._validation import Known
from gluonbook.book.explorables import FOLDER, LANGUAGES, VALUES, script
from gluonbook.book.words import SAID, catalogue

from common import NOTEBOOKS, read
from run_notebooks import stored_elements

VALLEY = {"eigenvalues": (0.2, 4), "start": (-5, -2), "learning_rate": 0.4, "momentum": 0.5}


def values_of(text):
    return json.loads(html.unescape(re.search("values='(.*?)'", text)[1]))


GIVEN = {name: values_of(element) for name, element in stored_elements().items()}


NAMES, DEFINITE = "name must be one of line-and-bowl, ", "hessian must be symmetric and positive definite, got"
NO_DESIGN = "design must have 2 or 3 columns, linearly independent"
REFUSED = [
    ("valley", {}, ValueError, NAMES),
    (["momentum-valley"], {}, ValueError, NAMES),
    ("momentum-valley", {"lang": "fr"}, ValueError, "lang must be zh or en, got 'fr'"),
    ("momentum-valley", {"gamma": 0.5}, TypeError, "needs the values eigenvalues, start, learning_rate, momentum, got"),
    ("momentum-valley", {"momentum": "0.5"}, TypeError, "momentum must be a real number"),
    ("momentum-valley", {"start": (1, 2, 3)}, ValueError, "start must hold 2 number(s), got 3"),
    ("momentum-valley", {"start": (1, np.nan)}, ValueError, "start[1] must be at least"),
    ("momentum-valley", {"eigenvalues": (0, 4)}, ValueError, "eigenvalues[0] must be greater than 0"),
    ("momentum-valley", {"eigenvalues": 4}, TypeError, "eigenvalues must be a sequence"),
    ("eigenbasis", {"hessian": [[2, 1], [0, 2]]}, ValueError, DEFINITE),
    ("eigenbasis", {"hessian": [[1, 2], [2, 1]]}, ValueError, DEFINITE),
    ("line-and-bowl", {"x": [3] * 12}, ValueError, "x must hold two different numbers, got"),
    ("line-and-bowl", {"y": [1, 2]}, ValueError, "y must hold 12 number(s), got 2"),
    ("sgd-cloud", {"design": np.eye(1000, 4)}, ValueError, NO_DESIGN),
    ("sgd-cloud", {"design": np.ones((1000, 2))}, ValueError, NO_DESIGN),
    ("valley-of-lambda", {"num_train": 61}, ValueError, "num_train must be one of [54, 60, "),
    ("double-descent", {"measured": [(1, 2)]}, ValueError, "measured[0] must hold 3 number(s), got 2"),
    ("decay-and-forgetting", {"measured": [(1, "a")]}, TypeError, "measured[0][1] must be a real number"),
]


@pytest.mark.parametrize("name, change, error, message", REFUSED)
def test_what_fits_no_explorable_is_named(name, change, error, message):
    with pytest.raises(error, match=re.escape(message)):
        gluonbook.explore(name, **{**GIVEN.get(str(name), VALLEY), **change})


def test_the_reference_lists_the_values_of_each_explorable_and_their_limits():
    listed = dict(re.findall(r'- "(.+?)": (.+?)\.\n', gluonbook.explore.__doc__, flags=re.DOTALL))
    assert {name: re.findall("``(.+?)``", text) for name, text in listed.items()} == {
        name: [*checks] for name, checks in VALUES.items()
    }
    limits = r"``(\w+)``,\s(?:(above )?(\d+) to (\d+)|at\sleast (\d+))"
    for name, text in listed.items():
        for key, above, low, high, least in re.findall(limits, text):
            check, first = VALUES[name][key], int(low or least) + bool(above)
            for value in (first, int(high or 10**6)):
                check(key, value, Known({}))
            for value in (first - 1, *([int(high) + 1] if high else [])):
                with pytest.raises(ValueError, match=f"{key} must be"):
                    check(key, value, Known({}))


def test_the_output_holds_the_values_rounded_to_four_digits_the_picture_and_the_script():
    shown = gluonbook.explore("momentum-valley", **{**VALLEY, "start": np.float32([-5, -2.00004])})
    text, english = shown._repr_html_(), gluonbook.explore("momentum-valley", lang="en", **VALLEY)._repr_html_()
    assert values_of(text) == {"eigenvalues": [0.2, 4], "start": [-5, -2], "learning_rate": 0.4, "momentum": 0.5}
    assert re.match(r'<gluonbook-explorable name="momentum-valley" ', text)
    assert english.startswith(text.partition(">")[0] + ' lang="en"><img alt="The trajectory plot ') and not re.search(
        CHINESE, english
    )
    assert 'data-lm-suppress-shortcuts="true"' in text
    assert re.search(
        r'<img alt="[^"]{30,}" src="data:image/svg\+xml;base64,[^"]+"></gluonbook-explorable><script>', text
    )
    assert text.count("<script>") == text.count("</script>") == 1
    assert 'customElements.get("gluonbook-explorable")' in text and 'add("momentum-valley"' in text
    assert repr(shown) == (
        "Explorable: momentum-valley, eigenvalues [0.2, 4], start [-5, -2], learning_rate 0.4, momentum 0.5"
    )


def test_what_was_measured_may_have_overflowed():
    measured = [(0.1, np.inf), (np.float64(1), np.float32("nan")), (10, 0.01)]
    shown = gluonbook.explore("decay-and-forgetting", **{**GIVEN["decay-and-forgetting"], "measured": measured})
    assert values_of(shown._repr_html_())["measured"] == [[0.1, None], [1, None], [10, 0.01]]


CHINESE = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
HOLE = r"\$\{.*?\}"


@pytest.mark.parametrize("name", ["base", *VALUES])
def test_what_an_explorable_says_is_marked_and_the_english_one_says_nothing_in_chinese(name):
    code = re.sub("^ *//.*", "", (FOLDER / f"{name}.js").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not re.search(CHINESE, SAID.sub("", code))
    assert not re.search(CHINESE, script(name, "en")) and re.search(CHINESE, script(name))


def test_a_translation_has_the_holes_of_its_words_and_is_named_where_it_is_missing(monkeypatch):
    words = catalogue("en", "explorables")
    for (_, said), translated in words.items():
        assert sorted(re.findall(HOLE, said)) == sorted(re.findall(HOLE, translated)), said
        assert "?" not in said, "a sentence with a condition is a whole sentence for each case"
        assert not re.search(r"[\"`\\]", translated), said
    monkeypatch.delitem(words, ("", "重置"))
    with pytest.raises(KeyError, match="重置"):
        script.__wrapped__("base", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_scripts_together_are_at_most_18_kb(lang):
    together = "".join(script(name, lang) for name in ["base", *VALUES])
    assert len(gzip.compress(together.encode(), 9)) <= 18 * 1024
    assert {path.stem for path in FOLDER.glob("*.js")} == {"base", *VALUES}


def test_each_explorable_stands_in_one_chapter_with_its_picture_between_a_question_and_a_caption():
    names = []
    for path in NOTEBOOKS:
        cells = read(path).cells
        for place, cell in enumerate(cells):
            for output in cell.get("outputs", []):
                text = output.get("data", {}).get("text/html", "")
                if found := re.search('<gluonbook-explorable name="(.+?)"', text):
                    names.append(found[1])
                    shown = gluonbook.explore(found[1], **values_of(text))
                    assert text == shown._repr_html_(), f"{path.stem}: make notebooks stores the script as it is now"
                    assert "**问题**" in cells[place - 1].source
                    assert re.match("\\*\\*动手图\\*\\*\u3000.+。$", cells[place + 1].source)
                    assert cells[place + 2].cell_type == "markdown"
    assert sorted(names) == sorted(VALUES)
