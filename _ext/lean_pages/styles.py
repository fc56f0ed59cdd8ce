"""One style sheet of many: what no page can match is left out."""

import re
from pathlib import Path

from tinycss2 import parse_rule_list, parse_stylesheet, serialize

NAME = re.compile(r"-?[_a-zA-Z][\w-]*")


def selectors_of(rule):
    """The selectors of a rule, each as its tokens."""
    selectors = [[]]
    for token in rule.prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def can_match(selector, names):
    """Say whether every tag, class and id of a selector is among `names`; what stands in brackets isn't looked at."""
    pairs = zip([None, *selector], selector)
    return all(token.value in names for before, token in pairs if token.type in ("ident", "hash") and before != ":")


def pruned(rules, names):
    """The text of these rules without those that can match nothing where there are only these tags, classes and ids."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [serialize(each).strip() for each in selectors_of(rule) if can_match(each, names)]
            body = serialize(rule.content).strip()
            kept += [f"{','.join(selectors)}{{{body}}}"] if selectors and body else []
        elif rule.type == "at-rule" and rule.at_keyword in ("media", "supports"):
            inner = pruned(parse_rule_list(rule.content), names)
            kept += [f"@{rule.at_keyword}{serialize(rule.prelude).rstrip()}{{{inner}}}"] if inner else []
        elif rule.type == "at-rule" or (rule.type == "comment" and rule.value.startswith("!")):  # whose it is
            kept.append(rule.serialize())
    return "\n".join(kept)


def without_unused_values(style, elsewhere):
    """Leave out the variables and the animations that neither the style nor a script or page asks for."""
    while True:
        asked = set(re.findall(r"--[\w-]+", re.sub(r"--[\w-]+\s*:", "", style) + elsewhere))
        leaner = re.sub(
            r"(?<=[{;\n])\s*(--[\w-]+)\s*:(?:\"[^\"]*\"|'[^']*'|\([^()]*\)|[^;{}\"'()])*(?:;|(?=\}))",
            lambda found: found[0] if found[1] in asked else "",
            style,
        )
        if leaner == style:
            break
        style = leaner
    for name in set(re.findall(r"@(?:-webkit-)?keyframes ([\w-]+)", style)):
        if not re.search(rf"(?<![\w-])(?<!keyframes ){name}(?![\w-])", style):
            style = re.sub(rf"@(?:-webkit-)?keyframes {name}\s*\{{(?:[^{{}}]*\{{[^{{}}]*\}})*[^{{}}]*\}}", "", style)
    return re.sub(r"[^{}\n]*\{\s*\}\n?", "", style)


def names_in(pages):
    """The tags, classes and ids of pages, given as text."""
    names = set(re.findall(r"<([a-z][\w-]*)", pages))
    for value in re.findall(r'\b(?:class|id)="([^"]*)"', pages):
        names.update(value.split())
    return names


def words_in(scripts):
    """Every word of the strings in scripts: what they could make, or mark."""
    return {word for string in re.findall(r"""["'`]([^"'`\n]*)["'`]""", scripts) for word in NAME.findall(string)}


def with_imports(path):
    """A style sheet with those that it imports in their place."""
    text = path.read_text(encoding="utf-8")
    return re.sub(
        r"""@import\s+(?:url\()?["']([^"']+)["']\)?;""",
        lambda found: with_imports((path.parent / found[1]).resolve()),
        text,
    )


def one_style(paths: list[Path], names, elsewhere):
    """The style sheets at these paths as one, in this order, with what the pages use."""
    sheets = (pruned(parse_stylesheet(with_imports(path)), names) for path in paths)
    return without_unused_values("\n".join(sheets), elsewhere)
