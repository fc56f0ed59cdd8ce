"""One style sheet of many: what no page can match is left out."""

import re
from pathlib import Path

TOKEN = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]""", re.DOTALL)
CLASS_OR_ID = re.compile(r"[.#](-?[_a-zA-Z][\w-]*)")
NAME = re.compile(r"-?[_a-zA-Z][\w-]*")


def rules_of(text):
    """Cut a style sheet, or the inside of a rule for some media, into (what it is for, what it says) and statements."""
    rules, depth, start, opened = [], 0, 0, 0
    for token in TOKEN.finditer(text):
        sign = token[0]
        if sign == "{":
            opened = opened if depth else token.start()
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                rules.append((text[start:opened].strip(), text[opened + 1 : token.start()]))
                start = token.end()
        elif sign == ";" and not depth:
            rules.append((text[start : token.start()].strip(), None))
            start = token.end()
        elif sign.startswith("/*") and not depth and not text[start : token.start()].strip():
            if sign.startswith("/*!"):
                rules.append((sign, None))
            start = token.end()
    return rules


def selectors_of(prelude):
    """Cut at the commas that don't stand within brackets."""
    parts, depth = [""], 0
    for sign in prelude:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def can_match(selector, names):
    """Say whether every tag, class and id of a selector is among `names`; what stands in brackets isn't looked at."""
    plain = re.sub(r"\\.", "_", selector)  # an escaped sign is a part of a name that no page has
    while plain != (plain := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", plain)):
        pass
    plain = re.sub(r"::?[\w-]+", "", plain)
    classes = set(CLASS_OR_ID.findall(plain))
    return classes | set(NAME.findall(CLASS_OR_ID.sub("", plain))) <= names


def pruned(text, names):
    """A style sheet without the rules that can match nothing where there are only these tags, classes and ids."""
    kept = []
    for prelude, body in rules_of(text):
        if body is None:
            kept.append(prelude if prelude.startswith("/*") else f"{prelude};")
        elif prelude.startswith(("@media", "@supports")):
            inner = pruned(body, names)
            kept += [f"{prelude}{{{inner}}}"] if inner else []
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        else:
            selectors = [selector for selector in selectors_of(prelude) if can_match(selector, names)]
            kept += [f"{','.join(selectors)}{{{body.strip()}}}"] if selectors and body.strip() else []
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
        if len(re.findall(rf"(?<![\w-]){name}(?![\w-])", style)) == len(re.findall(rf"keyframes {name}\b", style)):
            style = re.sub(rf"@(?:-webkit-)?keyframes {name}\{{(?:[^{{}}]*\{{[^{{}}]*\}})*[^{{}}]*\}}", "", style)
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
    return without_unused_values("\n".join(pruned(with_imports(path), names) for path in paths), elsewhere)
