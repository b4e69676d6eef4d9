"""Measures of a bank as a whole, each with a budget that only goes down.

Rules look at one question; these look at how questions compare: levels, exhibits, and what gives
keys away. They match English words, so they apply to the English files only.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from math import ceil
from statistics import fmean

from questions.bank import FOLDER, Bank
from questions.exhibits import EXHIBITS
from questions.guessing import by_words
from questions.kinds import KINDS
from questions.model import Level, Question
from questions.reading import ContentError
from questions.wording import content_words, normalize, singular

RECALL_AT_MOST, APPLY_AT_LEAST, APPLY_IN_MAIN_TOPICS = 0.35, 0.35, 0.4
EXHIBITS_AT_LEAST = 30
RANDOM_AT_MOST = 0.35
_WRONG_OPTIONS = 6
_ALIKE = 0.85
_SHORTEST = 5
_AGREES = re.compile(r"(?:yes|true|right|that['’]s (?:right|so|true))\b", re.IGNORECASE)
_ANSWERS_A_SPEAKER = re.compile(r"(?:yes|no|true|false)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """What was measured, in words, and how many places `found` its budget limits."""

    name: str
    summary: str
    found: tuple[ContentError, ...] = ()


def measure(bank: Bank, main_topics: Collection[str] = ()) -> tuple[Measure, ...]:
    """Return all measures of the bank."""
    return tuple(
        Measure(name, summary, tuple(_located(bank, name, findings)))
        for name, (summary, findings) in (
            (name, check(bank, main_topics)) for name, check in _MEASURES.items()
        )
    )


def names() -> tuple[str, ...]:
    """Return the names of all measures, in order."""
    return tuple(_MEASURES)


def over_limit(measures: Collection[Measure], most: Mapping[str, int]) -> Iterator[ContentError]:
    """Yield what was found by measures that are over their budget, and an error for each."""
    for one in measures:
        if one.name in most and len(one.found) > most[one.name]:
            message = f"{one.name}: {len(one.found)} found, and the budget is {most[one.name]}"
            yield ContentError(f"{FOLDER.name}/budget.toml", 1, message)
            yield from one.found


_Findings = list[tuple[str, str]]
"""Pairs of a question's id, or nothing for the whole bank, and a message."""

_Check = Callable[[Bank, Collection[str]], tuple[str, _Findings]]


def _located(bank: Bank, name: str, findings: _Findings) -> Iterator[ContentError]:
    for where, message in findings:
        if where:
            yield ContentError(*bank.locations[where], f"{where}: {name}: {message}")
        else:
            yield ContentError(FOLDER.name, 1, f"{name}: {message}")


def _percent(count: int, of: int) -> str:
    return f"{count} of {of} ({count / of:.0%})" if of else "none"


# levels, exhibits, weight


def _no_level(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    findings = [(q.id, "give “level”") for q in bank.questions.values() if q.level is None]
    return _percent(len(bank.questions) - len(findings), len(bank.questions)), findings


def _levels(bank: Bank, main: Collection[str]) -> tuple[str, _Findings]:
    findings: _Findings = []
    parts = []
    for topic, questions in _by_topic(bank).items():
        counts = Counter(q.level for q in questions)
        n = sum(counts[level] for level in Level)
        parts.append(f"{topic} " + "/".join(str(counts[level]) for level in Level))
        if n < len(questions):
            continue  # those without a level are found by “no-level”
        least = APPLY_IN_MAIN_TOPICS if topic in main else APPLY_AT_LEAST
        if counts[Level.RECALL] / n > RECALL_AT_MOST:
            share = _percent(counts[Level.RECALL], n)
            findings.append(("", f"“{topic}”: recall {share}, at most {RECALL_AT_MOST:.0%} wanted"))
        if counts[Level.APPLY] / n < least:
            share = _percent(counts[Level.APPLY], n)
            findings.append(("", f"“{topic}”: apply {share}, at least {least:.0%} wanted"))
    return ", ".join(parts), findings


def _few_exhibits(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    counts = Counter(q.exhibit.kind for q in bank.questions.values() if q.exhibit)
    total = sum(counts.values())
    summary = f"{total}: " + ", ".join(f"{kind} {counts[kind]}" for kind in EXHIBITS)
    missing = max(0, EXHIBITS_AT_LEAST - total)
    return summary, [("", f"{total}, and at least {EXHIBITS_AT_LEAST} wanted")] * missing


def _weight(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    objectives = Counter(o.topic for o in bank.objectives.values())
    return ", ".join(
        f"{topic} {len(questions)} ({objectives[topic]} objectives)"
        for topic, questions in _by_topic(bank).items()
    ), []


def _by_topic(bank: Bank) -> dict[str, list[Question]]:
    topics: defaultdict[str, list[Question]] = defaultdict(list)
    for objective in bank.objectives.values():
        topics[objective.topic] += objective.questions
    return topics


# what gives keys away


def _options(bank: Bank) -> Iterator[tuple[Question, str, bool]]:
    """Yield the options that can be ticked, and whether each is right."""
    for question in bank.questions.values():
        for part in question.parts:
            if isinstance(part.right, bool):
                yield question, part.text, part.right


def _words(text: str) -> set[str]:
    return {singular(word) for word in content_words(text)}


def _wrong_words(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    wrong: Counter[str] = Counter()
    keys: set[str] = set()
    for _, text, is_right in _options(bank):
        if is_right:
            keys |= _words(text)
        else:
            wrong.update(_words(text))
    words = [(n, w) for w, n in wrong.items() if n >= _WRONG_OPTIONS and w not in keys]
    findings = [
        ("", f"“{word}” stands in {n} wrong options and in no right one")
        for n, word in sorted(words, key=lambda entry: (-entry[0], entry[1]))
    ]
    return f"{len(findings)} words", findings


def _agreeing(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    questions = [
        (question, key)
        for question in bank.questions.values()
        if (key := question.only_key)
        and any(_AGREES.match(p.text) for p in question.parts)
        and any(_ANSWERS_A_SPEAKER.match(p.text) for p in question.parts)
    ]
    right = sum(bool(_AGREES.match(key.text)) for _, key in questions)
    missing = max(0, ceil(len(questions) / 3) - right)
    summary = f"right in {_percent(right, len(questions))}"
    return summary, [("", f"{summary}, and at least a third wanted")] * missing


def _wrong_repeats(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    findings: _Findings = []
    shares = {True: list[bool](), False: list[bool]()}
    for topic, questions in _by_topic(bank).items():
        own = {True: list[bool](), False: list[bool]()}
        for question in questions:
            prompt = {w for w in _words(question.prompt) if len(w) >= _SHORTEST}
            for part in question.parts:
                if isinstance(part.right, bool):
                    own[part.right].append(bool(prompt & _words(part.text)))
        for is_right, repeats in own.items():
            shares[is_right] += repeats
        if own[True] and own[False] and fmean(own[False]) > 2 * fmean(own[True]):
            rates = f"{fmean(own[False]):.0%} of wrong options and {fmean(own[True]):.0%} of right"
            findings.append(("", f"“{topic}”: {rates} ones repeat what is asked"))
    if not shares[True] or not shares[False]:
        return "none", findings
    return (
        f"{fmean(shares[False]):.0%} of wrong options, {fmean(shares[True]):.0%} of right",
        findings,
    )


def _naive_bayes(group: str, of: Callable[[Bank, Question], str]) -> _Check:
    def check(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
        result = by_words(bank.questions.values(), lambda q: of(bank, q))
        if result is None:
            return "none", []
        summary = (
            f"{result.share:.0%} of {result.n} guessed ({result.low:.0%} to {result.high:.0%}),"
            f" by chance {result.chance:.0%}"
        )
        return summary, [("", f"each {group} left out: {summary}")] if result.beat_chance else []

    return check


def _random_score(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    findings: _Findings = []
    parts = []
    for kind in KINDS.values():
        scores = [q.random_score() for q in bank.questions.values() if isinstance(q, kind)]
        if not scores:
            continue
        parts.append(f"{kind.kind} {fmean(scores):.2f}")
        if fmean(scores) > RANDOM_AT_MOST:
            findings.append(("", f"{parts[-1]}, and at most {RANDOM_AT_MOST} wanted"))
    return ", ".join(parts) or "none", findings


def _numbered(words: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Return each word with how often it came before."""
    before: Counter[str] = Counter()
    numbered = set()
    for word in words:
        numbered.add((word, before[word]))
        before[word] += 1
    return frozenset(numbered)


def _alike(bank: Bank, _main: Collection[str]) -> tuple[str, _Findings]:
    prompts = {q.id: normalize(q.prompt).split() for q in bank.questions.values()}
    # Sets are compared fast: the second “of” of a question is another element than its first.
    bags = {i: _numbered(words) for i, words in prompts.items()}
    findings = []
    for first, second in combinations(prompts, 2):
        length = len(prompts[first]) + len(prompts[second])
        if 2 * len(bags[first] & bags[second]) < _ALIKE * length:
            continue
        ratio = SequenceMatcher(None, prompts[first], prompts[second], autojunk=False).ratio()
        if ratio >= _ALIKE and prompts[first] != prompts[second]:
            findings.append((second, f"{ratio:.0%} the same words as “{first}”, in the same order"))
    return f"{len(findings)} pairs", findings


_MEASURES: Mapping[str, _Check] = {
    "no-level": _no_level,
    "levels": _levels,
    "few-exhibits": _few_exhibits,
    "weight": _weight,
    "wrong-words": _wrong_words,
    "agreeing": _agreeing,
    "wrong-repeats": _wrong_repeats,
    "words-by-topic": _naive_bayes("topic", lambda bank, q: bank.objective_of(q.id).topic),
    "words-by-objective": _naive_bayes("objective", lambda _, q: q.objective),
    "random-score": _random_score,
    "alike": _alike,
}
