"""What a translation must have as the Chinese has it: formulas, code, links, numbers, and what the rooms look for."""

import calendar
import re
import unicodedata
from collections import Counter

from gluonbook.book.words import LOCALE, catalogue

HAN = re.compile("[\u4e00-\u9fff]")
# What the rooms look for: the words of an edition are in its catalogue "interface", and stand there once.
OPENINGS = "提示 说明 注意 试一试 先猜后看 动手图 问题 答案 结果 解答 推导（选读） 小结 延伸阅读".split()
# What stands in both languages, by kinds: those of a message and of its translation are the same.
PARTS = {
    "fences": r"^```.*?^```",
    "formulas": r"\$\$.*?\$\$|\$[^$\n]+\$",
    "tags": r"</?\w[^>]*>",
    "links": r"\]\(([^)\s#]*?)(?:deed[^)]*|#[^)]*)?\)",
    "code": r"`[^`\n]+`",
}
# What differs in them: words in formulas, the edition that a command makes, a page in the reader's language.
OTHERWISE = r" EDITION=en|\\text\{[^}]*\}|\s|(?<=_build/)html|(?<=_build/)site/en|(?<=microsoft\.com/)\w\w-\w\w"
DIGITS = dict(zip("零〇一二两三四五六七八九十百千万", [0, 0, 1, 2, 2, *range(3, 11), 100, 1000, 10**4]))
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
NAMES = {name: str(number) for names in (WORDS, calendar.month_name) for number, name in enumerate(names)}
NAMES["twenty"] = "20"
UNITS = {"万": 10**4, "thousand": 10**3, "million": 10**6}
LINES = re.compile(r"^(?:> ?)*(#+ |- |\d+\. |\||!\[|<)?", re.MULTILINE)
FULL_WIDTH = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff01-\uffee]")


def structure(text, edition):
    """How often each structural word stands in a message, where the rooms look for it."""
    say = (lambda words: words) if edition == "zh" else (lambda words: catalogue(edition, "interface")["", words])
    forms = {
        words: rf"\*\*{re.escape(say(words))}\.?\*\*|^#+ {re.escape(say(words))}$|<summary>{re.escape(say(words))}<"
        for words in OPENINGS
    }
    forms |= {words: rf"{say(words)} \d" for words in ("图", "练习")}
    return {words: len(re.findall(form, text, re.MULTILINE | re.IGNORECASE)) for words, form in forms.items()}


def numbers(text):
    """The numbers in a text, those before 万 and million multiplied."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", re.sub("，|(?=[⁰¹²³⁴-⁹⁻])", " ", text)))
    found = re.findall(r"(\d+(?:\.\d+)?) ?(万|thousand|million)?", text)
    return {f"{float(number) * UNITS.get(unit, 1):.10g}" for number, unit in found}


def spelt(text):
    """The numbers that a text may mean with words: 三百 is 300, and a third or three thirds of it may be said, too."""
    said = {NAMES[word] for word in re.findall("[A-Za-z]+", text) if word in NAMES}
    for run in re.findall(f"[{''.join(DIGITS)}]+", text):
        total, digit = 0, 0
        for value in map(DIGITS.get, run):
            if value == 10**4:
                total, digit = (total + digit) * value, 0
            else:
                total, digit = (total + max(digit, 1) * value, 0) if value >= 10 else (total, value)
            said |= {str(value), str(total + digit), *(str(10 * value + more) for more in (0, 5, 10))}  # 一成半, 六成多
    return said


def problems(message, translation, edition):
    """What a translation has not as its message has it: a list of sentences."""
    found = []
    left, right = message, translation
    for kind, pattern in PARTS.items():
        pattern = re.compile(pattern, re.DOTALL | re.MULTILINE)
        sides = [Counter(re.sub(OTHERWISE, "", part) for part in pattern.findall(text)) for text in (left, right)]
        gone, new = sides[0] - sides[1], sides[1] - sides[0]
        if all(map(HAN.search, gone)) and len(gone) == len(new):
            continue  # what the book says by itself, quoted
        if gone or (new and kind != "code"):  # a label in brackets becomes code
            found.append(f"{kind}: {', '.join(gone) or 'nothing'} is missing, {', '.join(new) or 'nothing'} is new")
        left, right = (pattern.sub(" ", text) for text in (left, right))
    for gone in numbers(left) - numbers(right) - spelt(right):
        found.append(f"the number {gone} is missing")
    for new in numbers(right) - numbers(left) - spelt(left):
        found.append(f"the number {new} is new")
    kinds = [[re.sub(r"\d+", "1", kind) for kind in LINES.findall(text) if kind] for text in (message, translation)]
    if kinds[0] != kinds[1]:
        found.append(f"the lines are {' '.join(kinds[1])}, not {' '.join(kinds[0])}")
    before, after = structure(message, "zh"), structure(translation, edition)
    for words in before:
        if before[words] != after[words]:
            found.append(f"{words} stands {before[words]} times, its translation {after[words]}")
    if full := FULL_WIDTH.findall(re.sub(r"^\|.*", "", translation, flags=re.MULTILINE)):
        found.append(f"Chinese is left: {''.join(full)}")
    return found


def check(edition):
    """What the translations of an edition have not as their messages have it: a list of sentences."""
    return [
        f"{path.stem} [{context}] {message[:30]!r}: {problem}"
        for path in sorted((LOCALE / edition).glob("*.po"))
        if path.stem not in ("interface", "explorables")  # of which no message is a text
        for (context, message), translation in catalogue(edition, path.stem).items()
        for problem in problems(message, translation, edition)
    ]
