"""Replace all words of a question but the commonest of English, so that only its wording is left.

Somebody who knows medicine can't unlearn it. In a masked question, they can only use what the
wording gives away: echoes, tone, and what everyday words say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random

from learn.authoring.item_sheets import exhibit_lines, in_english
from questions.exhibits.chart import Chart
from questions.exhibits.exhibit import Exhibit
from questions.exhibits.lab_report import Flag, LabReport, Result
from questions.model import Question

_PEOPLE = """
    Abe Ana Ben Dan Eli Ella Grace Hana Ida Ivan Jamal Jo Joan Ken Kim Kofi Lee Lena Leo Lin Luis
    Mai Malik Max Mei Mia Nina Noah Omar Ortiz Pam Paul Priya Ray Rosa Sam Theo Tom Zoe
"""
NAMES = frozenset(_PEOPLE.split())
"""People in the questions; their names stay."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_LEFT_ALONE = (
    rf"(?:{_MONTHS}) \d{{1,2}}(?:(?:,| and) \d{{4}})?|\d{{1,2}}:\d\d|(?:19|20)\d\d|[ap]\.m\."
)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = r"(?: thousand| g)?(?: per |/)(?:µ|d)L| ?mg\b| ?°[FC]| ?%| of 100 cells"
_RANGE = re.compile(r"\d–\d")
_SWAP = r"t\(\d+;\d+\)"
_TOKEN = re.compile(
    rf"(?P<alone>{_LEFT_ALONE})|(?P<swap>{_SWAP})"
    rf"|(?P<number>{_NUMBER})(?P<unit>{_UNIT})?|(?P<word>[^\W\d_]+(?:’[^\W\d_]+)*)"
)
_EMERGENCY = "911"
_IN_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+(?! \d)")  # such as Down syndrome
_CALENDAR = frozenset(f"{_MONTHS}|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun".split("|"))
_AN = re.compile(r"\b([Aa])n(?= [bdfgklmnprstvz][a-z])")  # before a made-up word

_TAILS = frozenset({"s", "t", "ll", "re", "ve", "d", "m"})  # after an apostrophe
_SHORTENED = {"ca": "can", "wo": "will", "sha": "shall"}  # before n’t
_NO_FORMS = frozenset({"liver", "shoulder"})  # of “live” and “should”
_IRREGULAR = {
    "bled": "bleed", "born": "birth", "breath": "breathe", "fought": "fight", "slept": "sleep",
    "children": "child", "fell": "fall", "feet": "foot", "teeth": "tooth", "swollen": "swell",
    "hurting": "hurt",
}  # fmt: skip
_NO_ENDING = re.compile(r"(?:ss|us|is|eed|ring|thing)$")
_ENDING = re.compile(r"(?:es|s|ed|ing)$")
_SHORTEST = 3  # letters before an ending

_ONSETS = tuple("bdfgklmnprstvz")
_CLUSTERS = (*_ONSETS, "br", "dr", "fl", "gr", "kl", "pr", "sn", "st", "tr")
_VOWELS = tuple("aeiou")
_CODAS = (*"lmnprt", "nd", "rt", "sk")
_CAPITALS = "CDFGHJLMPQRSVWXZ"  # no B, T, N, or K: they name kinds of cells


@cache
def everyday_words() -> frozenset[str]:
    """Return the commonest words of English, without those of medicine."""
    text = Path(__file__).with_name("everyday-words.txt").read_text(encoding="utf-8")
    return frozenset(
        w for line in text.splitlines() if not line.startswith("#") for w in line.split()
    )


def is_everyday(word: str) -> bool:
    """Return whether a word without an apostrophe, or one it is a form of, is on the list."""
    if word.isupper() and len(word) > 1 and word != "OK":  # ALL is not “all”
        return False
    word = word.casefold()
    return word not in _NO_FORMS and any(form in everyday_words() for form in _forms(word))


def masked_lines(
    question: Question, options: Iterable[str], seed: str
) -> tuple[list[str], list[str]]:
    """Return the lines above the options, and the options, with made-up words and numbers."""
    mask = _Mask(question, seed)
    above = [*mask.texts(question.vignette), *mask.exhibit(), *mask.texts(question.stem)]
    return above, [mask.text(option) for option in options]


def _forms(word: str) -> Iterator[str]:
    """Yield the words that a word may be a form of: itself, “carry” of carried, “big” of bigger."""
    yield word
    for ending in ("s", "es", "d", "ed", "ing", "r", "er", "st", "est", "ly"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 2:  # such as “goes”
            continue
        yield stem
        if ending == "ing":
            yield f"{stem}e"
        if stem.endswith("i"):
            yield f"{stem[:-1]}y"
        if stem[-1] == stem[-2:-1] and ending in {"ed", "ing", "er", "est"}:
            yield stem[:-1]


def _parts(word: str) -> tuple[str, str]:
    """Return the root of a word in small letters, the same for all of its forms, and its ending."""
    known = _IRREGULAR.get(word, word)
    if known != word:
        return _root(known), ""
    match = None if _NO_ENDING.search(word) else _ENDING.search(word)
    if (
        match is None
        or match.start() < _SHORTEST
        or not re.search("[aeiouy]", word[: match.start()])
    ):
        return _root(word), ""
    ending = match.group()
    return _root(word[: match.start()]), "s" if ending == "es" else ending


def _root(stem: str) -> str:
    if re.search(r"([^aeiouls])\1$", stem):
        stem = stem[:-1]
    stem = re.sub(r"(?<=[a-z]{2})(?:is|e)$", "", stem)
    return re.sub(r"i$", "y", stem)


class _Mask:
    """The vocabulary of one question: the same word has the same made-up word, in it alone."""

    def __init__(self, question: Question, seed: str) -> None:
        self._question = question
        self._rng = Random(f"mask/{seed}/{question.id}")  # noqa: S311 - the same seed, the same words
        self._words: dict[str, str] = {}
        self._units: dict[str, tuple[str, float]] = {}
        exhibit = question.exhibit
        self._chart = self._factor() if isinstance(exhibit, Chart) else 0.0
        # Where a text has ranges, its numbers keep their order by one factor.
        has_ranges = _RANGE.search(f"{question.vignette} {question.stem}")
        self._prose = self._factor() if has_ranges else 1.0
        self._named = self._named_numbers()
        self._factors = (
            {row.value: self._factor() for row in exhibit.rows}
            if isinstance(exhibit, LabReport)
            else {}
        )

    def texts(self, text: str) -> Iterator[str]:
        if text:
            yield self.text(text)

    def text(self, text: str) -> str:
        return _AN.sub(r"\1", _TOKEN.sub(self._replace, text))

    def exhibit(self) -> Iterator[str]:
        exhibit = self._question.exhibit
        if exhibit is None:
            return
        yield from self.texts(exhibit.title)
        yield from self._inside(exhibit)
        yield from self.texts(exhibit.note)

    def _inside(self, exhibit: Exhibit) -> Iterator[str]:
        if isinstance(exhibit, LabReport):
            yield from map(self._row, exhibit.rows)
        elif isinstance(exhibit, Chart):
            unit = self._unit(exhibit.unit)[0] if exhibit.unit else ""
            for point in exhibit.points:
                value = _rescaled(point.label, self._chart)
                yield f"{point.day:%B} {point.day.day}, {point.day.year}: {value} {unit}".rstrip()
        else:
            yield from map(self.text, exhibit.describe(in_english))

    def _factor(self) -> float:
        return round(self._rng.uniform(1.3, 3.7), 2)  # over 1, so that whole numbers stay apart

    def _row(self, row: Result) -> str:
        factor = self._factors[row.value]
        value = _rescaled(row.value, factor)
        limits = re.sub(_NUMBER, lambda m: _rescaled(m.group(), factor), row.range)
        flag = {Flag.IN_RANGE: "", Flag.LOW: ", low", Flag.HIGH: ", high"}[row.flag]
        unit = f" {self._unit(row.unit)[0]}" if row.unit else ""
        return f"{self.text(row.name)}: {value}{unit}{flag} ({self.text('range')} {limits})"

    def _unit(self, unit: str) -> tuple[str, float]:
        name = unit.strip().replace("/", " per ")
        if name not in self._units:
            self._units[name] = self._new_word(), self._factor()
        return self._units[name]

    def _replace(self, match: re.Match[str]) -> str:
        if match["swap"]:
            letter, *places = re.findall(r"[a-z]|\d+", match.group())
            return f"{self._masked(letter)}({';'.join(self._named[place] for place in places)})"
        if match["number"]:
            return self._number(match["number"], match["unit"] or "")
        if word := match["word"]:
            named = _IN_NAME.match(match.string, match.start())
            head = word.partition("’")[0]
            if named and head not in NAMES and head.removesuffix("day") not in _CALENDAR:
                return self._masked(head) + word.removeprefix(head)
            return self._word(word)
        return match.group()

    def _number(self, number: str, unit: str) -> str:
        if number in self._named:
            return self._named[number] + unit
        factor = self._chart or self._factors.get(number, self._prose)
        if unit:
            unit, of_unit = self._unit(unit)
            factor, unit = self._chart or of_unit, f" {unit}"
        return _rescaled(number, factor) + unit

    def _word(self, word: str) -> str:
        head, apostrophe, tail = word.partition("’")
        if apostrophe and tail not in _TAILS:
            return f"{self._one(head)}’{self._word(tail)}"
        if tail == "t":
            stem = head.removesuffix("n")
            if is_everyday(_SHORTENED.get(stem.casefold(), stem)):
                return word
        return self._one(head) + apostrophe + tail

    def _one(self, word: str) -> str:
        return word if word in NAMES or is_everyday(word) else self._masked(word)

    def _masked(self, word: str) -> str:
        if word.isupper() or len(word) == 1:
            return self._capitals(word)
        root, ending = _parts(word.casefold())
        made_up = self._words.get(root) or self._words.setdefault(root, self._new_word())
        return (made_up.capitalize() if word[0].isupper() else made_up) + ending

    def _capitals(self, word: str) -> str:
        while word not in self._words:
            letters = "".join(self._rng.choice(_CAPITALS) for _ in word)
            if letters not in self._words.values() and letters.casefold() != word.casefold():
                self._words[word] = letters if word.isupper() else letters.casefold()
        return self._words[word]

    def _new_word(self) -> str:
        taken = {*self._words.values(), *(name for name, _ in self._units.values())}
        parts = (_CLUSTERS, _VOWELS, _ONSETS, _VOWELS, _CODAS)
        while True:
            word = "".join(self._rng.choice(letters) for letters in parts)
            if word not in taken and not is_everyday(word):
                return word

    def _named_numbers(self) -> Mapping[str, str]:
        """Return another number for each that names a thing, as in “chromosome 9”, and for 911."""
        named: list[str] = []
        question = self._question
        texts = [question.vignette, *exhibit_lines(question), question.stem]
        if isinstance(question.exhibit, LabReport | Chart):
            texts = [question.vignette, question.stem]
        for text in (*texts, *(part.text for part in question.parts)):
            named += [n for swap in re.findall(_SWAP, text) for n in re.findall(r"\d+", swap)]
            named += re.findall(rf"\b{_EMERGENCY}\b", text)
            for match in re.finditer(
                rf"(\w+) (\d+)((?:(?:, | and )\d+)*)\b(?! of)(?!{_UNIT})", text
            ):
                if (
                    re.search(rf"(?:{_MONTHS})$", match[1])
                    or is_everyday(match[1])
                    or match[1].isdigit()
                ):
                    continue
                named += [match[2], *re.findall(r"\d+", match[3])]
        new = self._rng.sample(range(31, 99), len(named))
        return {n: str(o) for n, o in zip(dict.fromkeys(named), new, strict=False)}


def _rescaled(number: str, factor: float) -> str:
    """Return a number times a factor, with as many decimals as before."""
    whole = number.replace(",", "")
    decimals = len(whole.partition(".")[2])
    return f"{float(whole) * factor:,.{decimals}f}"
