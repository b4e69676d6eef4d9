"""The rules of writing questions: errors, which stop; and warnings, each with a budget.

The rules know English words, so they are for the English files. Where a rule gets in the way of a
good question, the question says so, with the reason:

    exempt = { negative-stem = "the point is what does not count" }

No reason lifts `cannot-wait`: whoever reads about a fever is never told to wait with one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from textwrap import shorten
from types import MappingProxyType
from typing import Any, NamedTuple

from questions.bank import FOLDER, Bank
from questions.model import Kind, Option, Question
from questions.reading import ContentError, Fault, TomlFile
from questions.safety import cannot_wait, without_safety

CHOOSE_ALL = "Choose all that fit."
BUDGET = "budget.toml"

_LEAST, _MOST = 3, 5  # questions an objective
_ASK, _CASE, _WHY, _TRUTH, _SENTENCE = 20, 30, 60, 40, 20  # words
_OPTION, _STEP, _ROW, _TARGET = 10, 10, 15, 6  # words

# “not yet treated” is a state, and not what the ask turns on
_NEGATIVE = re.compile(r"\b(?:not(?! yet\b)|except|never|cannot)\b|n['’]t\b", re.IGNORECASE)
_ABSOLUTE = re.compile(  # “ALL” is the illness
    r"\b(?:[Aa]lways|[Nn]ever|[Oo]nly|[Aa]ll|[Nn]one|[Ee]very|[Mm]ust)\b"
)
_OF_OTHERS = re.compile(
    r"(?i:\b(?:all|any|both|either|neither|none|some) of the (?:above|answers|options)\b"
    r"|^\W*(?:all|any|both|either|neither|none)(?: of (?:them|these|those))?"
    r"(?: (?:are|is) (?:correct|right|true)| (?:apply|fit))?\W*$)"
    r"|\b[A-F](?:, | and | or | & )[A-F]\b"
)
_VERDICT = re.compile(
    r"(?:yes|that['’]s (?:right|correct)|not quite)\b"
    r"|(?:no|right|correct|exactly)\s*(?:[.,;:!–—]|$)",  # not “No cells are left”
    re.IGNORECASE,
)
_SHARE = r"\s*(?:%|(?:out )?of (?:every )?100\b|in (?:every )?100\b|per ?cent\b)"
_ANY_FIGURE = re.compile(rf"\d{_SHARE}|\b(?:\d+|one) in (?:\d+|four|five|ten)\b", re.IGNORECASE)
_DISPUTED = re.compile(  # studies count different groups
    rf"(?<![\d.,])(?:80|75|25|20|2\s*(?:–|-|to|or)\s*5){_SHARE}"
    r"|\b(?:1|one) in (?:4|5|four|five)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!]+[\"”’)]*\s+")
_SMALL_WORDS = """
    a about after again all also always an and any are as at be because been before being both
    but by can could did do does each every few first for from get gets had has have he her here
    his how if in into is it its just like made make makes many may might more most much must my
    never no none not now of often on once one only or other others our out over own she should
    since so some still such than that the their them then there these they thing things this
    those through to too under until up very was we were what when where which while who whom
    whose why will with without would yet you your
"""
_NO_CONTENT = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Lint:
    """What the rules found: `errors`, and `warnings` by rule, with an entry for every rule."""

    errors: tuple[Fault, ...]
    warnings: Mapping[str, tuple[Fault, ...]]


class _Found(NamedTuple):
    """`where` is the id of a question or an objective, or empty for the bank."""

    where: str
    message: str


_Rule = Callable[[Bank], Iterator[_Found]]


def lint(bank: Bank, *, of_an_illness: bool = True) -> Lint:
    """All that the rules find in `bank`, less what the questions exempt with a reason.

    Where the bank is not `of_an_illness`, no sign of one has to say what to do about it.
    """
    linter = _Linter(bank, frozenset() if of_an_illness else _OF_AN_ILLNESS)
    errors = [fault for rule, check in _ERRORS.items() for fault in linter.faults(rule, check)]
    warnings = {
        rule: tuple(sorted(linter.faults(rule, check))) for rule, check in _WARNINGS.items()
    }
    errors += linter.idle_exemptions()
    return Lint(tuple(sorted(errors)), MappingProxyType(warnings))


def read_budget(folder: Path = FOLDER) -> Mapping[str, int]:
    """How many warnings each rule may have, from `budget.toml` in `folder`; empty without the file.

    Raises ContentError where the file does not give a number for each rule.
    """
    path = folder / BUDGET
    if not path.exists():
        return MappingProxyType({})
    file = TomlFile.read(path, f"{folder.name}/{BUDGET}")
    budget: dict[str, Any] = {}
    if not file.broken:
        table = file.root.table("warnings")
        for rule in sorted({*_WARNINGS, *table.raw}):
            budget[rule] = table.raw.get(rule)
            if rule not in _WARNINGS:
                table.fault(f"unknown rule “{rule}”", rule)
            elif type(budget[rule]) is not int or budget[rule] < 0:
                table.fault(f"“{rule}” must be a number, 0 or more", rule)
        file.root.close()
    if file.faults:
        raise ContentError(file.faults)
    return MappingProxyType(budget)


def over_budget(found: Lint, budget: Mapping[str, int]) -> tuple[Fault, ...]:
    """A fault for each rule whose warnings are not as many as its budget, so it only goes down."""
    faults = []
    for rule, most in budget.items():
        count = len(found.warnings[rule])
        message = f"{rule}: {count} found, and the budget is {most}"
        if count < most:
            message += f": it can go down to {count}"
        if count != most:
            faults.append(Fault(f"{FOLDER.name}/{BUDGET}", 1, message))
    return tuple(faults)


class _Linter:
    def __init__(self, bank: Bank, idle: frozenset[str]) -> None:
        self._bank = bank
        self._idle = idle
        self._used: set[tuple[str, str]] = set()

    def faults(self, rule: str, check: _Rule) -> Iterator[Fault]:
        for where, message in () if rule in self._idle else check(self._bank):
            question = self._bank.questions.get(where)
            if question and rule in question.exempt and rule not in _FIRM:
                self._used.add((where, rule))
            else:
                yield self._fault(where, f"{rule}: {message}")

    def idle_exemptions(self) -> Iterator[Fault]:
        for question in self._bank.questions.values():
            for rule in question.exempt:
                if rule not in _ERRORS and rule not in _WARNINGS:
                    yield self._fault(question.id, f"exempt: unknown rule “{rule}”")
                elif rule in _FIRM:
                    yield self._fault(question.id, f"exempt: nothing lifts “{rule}”")
                elif rule not in self._idle and (question.id, rule) not in self._used:
                    yield self._fault(question.id, f"exempt: “{rule}” exempts nothing here")

    def _fault(self, where: str, message: str) -> Fault:
        if not where:
            return Fault(FOLDER.name, 1, message)
        return Fault(*self._bank.places[where], f"{where}: {message}")


def _each(check: Callable[[Question], Iterable[str]]) -> _Rule:
    def rule(bank: Bank) -> Iterator[_Found]:
        for question in bank.questions.values():
            for message in check(question):
                yield _Found(question.id, message)

    return rule


# texts and words


def _folded(text: str) -> str:
    """The text without case, punctuation, possessives and doubled spaces."""
    plain = re.sub(r"['’](?:s\b)?", "", text.casefold())
    return " ".join(re.findall(r"\w+", plain))


def _content_words(text: str) -> list[str]:
    return [word for word in _folded(text).split() if word not in _NO_CONTENT]


def _singular(word: str) -> str:
    return word if word.endswith("ss") else word.removesuffix("s")


def _words(text: str) -> int:
    return sum(any(c.isalnum() for c in token) for token in text.split())


def _asked(question: Question) -> str:
    return f"{question.case} {question.ask}".strip()


def _key(question: Question) -> Option | None:
    """The right option of a `choice`."""
    keys = [o for o in question.options if o.right]
    return keys[0] if question.kind is Kind.CHOICE and len(keys) == 1 else None


def _choices_with_keys(bank: Bank) -> list[tuple[Question, Option]]:
    found = ((question, _key(question)) for question in bank.questions.values())
    return [(question, key) for question, key in found if key]


def _alone_longest(question: Question, key: Option) -> bool:
    return all(len(o.text) < len(key.text) for o in question.options if o is not key)


# errors


def _one_key(question: Question) -> Iterator[str]:
    keys = sum(o.right for o in question.options)
    if question.kind is Kind.CHOICE and keys != 1:
        yield f"a choice has exactly one right option, not {keys}"


def _doubled(question: Question) -> Iterator[str]:
    for texts in ([p.text for p in question.parts], question.targets.values()):
        seen: set[str] = set()
        for text in texts:
            if _folded(text) in seen:
                yield f"“{text}” stands there twice"
            seen.add(_folded(text))


def _options_together(question: Question) -> Iterator[str]:
    for option in question.options:
        if _OF_OTHERS.search(option.text):
            yield f"“{option.text}” is about the other options"
        elif question.kind is Kind.CHOICE:
            own = {*_content_words(option.text)}
            others = [{*_content_words(o.text)} for o in question.options if o is not option]
            if sum(bool(words) and words < own for words in others) >= 2:
                yield f"“{option.text}” takes other options together"


def _negative_stem(question: Question) -> Iterator[str]:
    if found := _NEGATIVE.search(question.ask):
        yield f"“{found.group()}” in the ask: ask for what is so"


def _absolute_words(question: Question) -> Iterator[str]:
    key = _key(question)
    if key and not _ABSOLUTE.search(key.text):
        found = [m.group() for o in question.options if (m := _ABSOLUTE.search(o.text))]
        if len(found) >= 2:
            yield f"“{'”, “'.join(found)}” in wrong options, and no such word in the right one"


def _too_long(name: str, text: str, most: int) -> Iterator[str]:
    if (count := _words(text)) > most:
        start = shorten(text, 60, placeholder="…")
        yield f"{name} of {count} words, and {most} is the most: “{start}”"


def _long_ask(question: Question) -> Iterator[str]:
    yield from _too_long("an ask", question.ask.removesuffix(CHOOSE_ALL), _ASK)


def _long_case(question: Question) -> Iterator[str]:
    yield from _too_long("a case", question.case, _CASE)


def _long_part(question: Question) -> Iterator[str]:
    for option in question.options:
        yield from _too_long("an option", option.text, _OPTION)
    for row in question.rows:
        yield from _too_long("a row", row.text, _ROW)
    for step in question.steps:
        yield from _too_long("a step", step.text, _STEP)
    for target in question.targets.values():
        yield from _too_long("a target", target, _TARGET)


def _long_why(question: Question) -> Iterator[str]:
    for part in question.parts:
        yield from _too_long("a why", part.why, _WHY)


def _long_sentence(question: Question) -> Iterator[str]:
    for text in (question.case, *(p.why for p in question.parts)):  # an ask is short as a whole
        for sentence in _SENTENCE_END.split(text):
            yield from _too_long("a sentence", sentence, _SENTENCE)


def _long_truth(bank: Bank) -> Iterator[_Found]:
    for objective in bank.objectives.values():
        for misconception in objective.misconceptions:
            name = f"a truth, of “{misconception.id}”,"
            for message in _too_long(name, misconception.truth, _TRUTH):
                yield _Found(objective.id, message)


def _verdict(question: Question) -> Iterator[str]:
    for part in question.parts:
        if found := _VERDICT.match(part.why):
            yield f"the why of “{part.id}” begins with “{found.group()}”: begin with what is true"


def _ask_ends(question: Question) -> Iterator[str]:
    if not question.ask.rstrip('”’")').endswith(("?", ".")):
        yield "the ask ends in “?”, “.” or “Choose all that fit.”"


def _choose_all(question: Question) -> Iterator[str]:
    there = question.ask.endswith(CHOOSE_ALL)
    if question.kind is Kind.CHOICES and not there:
        yield f"the ask of a choices question ends in “{CHOOSE_ALL}”"
    if question.kind is not Kind.CHOICES and there:
        yield f"“{CHOOSE_ALL}” is for a choices question"


def _tired_stem(question: Question) -> Iterator[str]:
    ask = question.ask.lower()
    for stem in ("what did the lesson say", "which of the following"):
        if stem in ask:
            yield f"“{stem}” in the ask"
    for end in ("is:", "are:"):
        if re.search(rf"\b{end}$", ask):
            yield f"an ask that ends in “{end}”: ask a whole question"


def _disputed_figure(question: Question) -> Iterator[str]:
    keys = [o.text for o in question.options if o.right]
    for pattern, texts in (
        (_ANY_FIGURE, keys),
        (_DISPUTED, [question.ask, *question.targets.values()]),
    ):
        for text in texts:
            if pattern.search(text):
                yield f"“{text}” rests on a figure that depends on who was counted"


def _question_count(bank: Bank) -> Iterator[_Found]:
    for objective in bank.objectives.values():
        count = len(objective.questions)
        if not _LEAST <= count <= _MOST:
            yield _Found(objective.id, f"{count} questions, and {_LEAST} to {_MOST} are wanted")


def _asked_twice(bank: Bank) -> Iterator[_Found]:
    first: dict[tuple[str, str], str] = {}
    for question in bank.questions.values():
        asked = (_folded(question.case), _folded(question.ask))
        if asked in first:
            yield _Found(question.id, f"case and ask are those of “{first[asked]}”")
        first.setdefault(asked, question.id)


# warnings


def _key_longest(question: Question) -> Iterator[str]:
    key = _key(question)
    if key and _alone_longest(question, key):
        ratio = len(key.text) / mean(len(o.text) for o in question.options)
        if ratio > 1.3:
            yield f"the right option is the longest, {ratio:.1f} times the mean"


def _key_longest_in_bank(bank: Bank) -> Iterator[_Found]:
    found = _choices_with_keys(bank)
    count = sum(_alone_longest(question, key) for question, key in found)
    chance = sum(1 / len(question.options) for question, _ in found)
    if count > 1.5 * chance:
        yield _Found(
            "",
            f"the right option is the longest in {count} of {len(found)}, by chance {chance:.0f}",
        )


def _option_lengths(question: Question) -> Iterator[str]:
    lengths = sorted(len(o.text) for o in question.options)
    if lengths and lengths[-1] > 2 * lengths[0]:
        yield f"the longest option has {lengths[-1]} letters, the shortest {lengths[0]}"


def _stem_and_key(question: Question) -> Iterator[str]:
    if key := _key(question):
        stem = {_singular(word) for word in _content_words(_asked(question)) if len(word) >= 5}
        shared = stem & {_singular(word) for word in _content_words(key.text)}
        for option in question.options:
            if option is not key:
                shared -= {_singular(word) for word in _content_words(option.text)}
        if shared:
            yield f"of the options, only the right one repeats “{'”, “'.join(sorted(shared))}”"


def _key_first_in_file(bank: Bank) -> Iterator[_Found]:
    found = _choices_with_keys(bank)
    places = [question.options.index(key) for question, key in found]
    chance = sum(1 / len(question.options) for question, _ in found)
    place = max(places, key=places.count, default=0)
    if places.count(place) > 1.6 * chance:
        yield _Found(
            "",
            f"the right option stands at place {place + 1} in {places.count(place)} of {len(found)}"
            f", by chance {chance:.0f}",
        )


def _gives_away(bank: Bank) -> Iterator[_Found]:
    for question, key in _choices_with_keys(bank):
        if len(_content_words(key.text)) < 3:
            continue
        for other in bank.objective_of(question.id).questions:
            if other is not question and f" {_folded(key.text)} " in f" {_folded(_asked(other))} ":
                yield _Found(other.id, f"gives away the right option of “{question.id}”")


def _two_target_skew(question: Question) -> Iterator[str]:
    if len(question.targets) == 2:
        given = [row.target for row in question.rows]
        for target in question.targets:
            if given.count(target) > 0.75 * len(given):
                yield f"{given.count(target)} of {len(given)} rows belong to “{target}”"


_ERRORS: Mapping[str, _Rule] = {
    "one-key": _each(_one_key),
    "doubled": _each(_doubled),
    "options-together": _each(_options_together),
    "negative-stem": _each(_negative_stem),
    "absolute-words": _each(_absolute_words),
    "long-ask": _each(_long_ask),
    "long-case": _each(_long_case),
    "long-part": _each(_long_part),
    "long-why": _each(_long_why),
    "long-sentence": _each(_long_sentence),
    "long-truth": _long_truth,
    "verdict": _each(_verdict),
    "ask-ends": _each(_ask_ends),
    "choose-all": _each(_choose_all),
    "tired-stem": _each(_tired_stem),
    "disputed-figure": _each(_disputed_figure),
    "question-count": _question_count,
    "asked-twice": _asked_twice,
    "without-safety": _each(without_safety),
    "cannot-wait": _each(cannot_wait),
}
_FIRM = frozenset({"cannot-wait"})
_OF_AN_ILLNESS = frozenset({"without-safety"})

_WARNINGS: Mapping[str, _Rule] = {
    "key-longest": _each(_key_longest),
    "key-longest-in-bank": _key_longest_in_bank,
    "option-lengths": _each(_option_lengths),
    "stem-and-key": _each(_stem_and_key),
    "key-first-in-file": _key_first_in_file,
    "gives-away": _gives_away,
    "two-target-skew": _each(_two_target_skew),
}
