"""Item-writing rules for all kinds of question; each kind adds its own.

They match English words, so they apply to the English files only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from questions.bank import Bank
from questions.kinds import KINDS
from questions.model import Question, Rules
from questions.parts import Part
from questions.safety import cannot_wait, without_safety
from questions.wording import (
    CHOOSE_ALL,
    CHOOSES_ALL,
    DISPUTED,
    NEGATIVE,
    SENTENCE_END,
    VERDICT,
    content_words,
    find_matches,
    find_repeated,
    normalize,
    too_long,
)

_MIN, _MAX = 3, 5  # questions per objective
_STEM, _VIGNETTE, _RATIONALE, _TRUTH, _SENTENCE = 20, 45, 60, 40, 22  # words


class Found(NamedTuple):
    """A violation; `where` is the id of a question or objective, or empty for the whole bank."""

    where: str
    message: str


Rule = Callable[[Bank], Iterator[Found]]


def error_rules() -> list[tuple[str, Rule]]:
    """Return the rules that yield errors, with their names; several can share a name."""
    return [*_of_kinds(lambda kind: kind.lint_errors), *_ERRORS]


def warning_rules() -> list[tuple[str, Rule]]:
    """Return the rules that yield warnings, each with a budget."""
    return [*_of_kinds(lambda kind: kind.lint_warnings), *_WARNINGS]


def _of_kinds(rules: Callable[[type[Question]], Rules]) -> Iterator[tuple[str, Rule]]:
    for kind in KINDS.values():
        for name, check in rules(kind).items():
            yield name, _each(check, kind)


def _each(check: Callable[[Any], Iterable[str]], kind: type[Question] = Question) -> Rule:
    def rule(bank: Bank) -> Iterator[Found]:
        for question in bank.questions.values():
            if isinstance(question, kind):
                for message in check(question):
                    yield Found(question.id, message)

    return rule


def _prompt(question: Question) -> str:
    return f"{question.vignette} {question.stem}".strip()


def _with_one_key(bank: Bank) -> list[tuple[Question, Part]]:
    keyed = ((question, question.only_key) for question in bank.questions.values())
    return [(question, key) for question, key in keyed if key]


# errors


def _doubled(question: Question) -> Iterator[str]:
    yield from find_repeated(part.text for part in question.parts)


def _negative_stem(question: Question) -> Iterator[str]:
    if match := NEGATIVE.search(question.stem):
        yield f"“{match.group()}” in the ask: ask for what is so"


def _long_stem(question: Question) -> Iterator[str]:
    stem = question.stem
    for end in CHOOSES_ALL:
        stem = stem.removesuffix(end)
    yield from too_long("an ask", stem, _STEM)


def _long_vignette(question: Question) -> Iterator[str]:
    yield from too_long("a case", question.vignette, _VIGNETTE)


def _long_part(question: Question) -> Iterator[str]:
    for part in question.parts:
        yield from too_long(question.part_noun, part.text, question.longest_part)


def _long_rationale(question: Question) -> Iterator[str]:
    for part in question.parts:
        yield from too_long("a why", part.rationale, _RATIONALE)


def _long_sentence(question: Question) -> Iterator[str]:
    # the stem has its own limit
    for text in (question.vignette, *(p.rationale for p in question.parts)):
        for sentence in SENTENCE_END.split(text):
            yield from too_long("a sentence", sentence, _SENTENCE)


def _long_truth(bank: Bank) -> Iterator[Found]:
    for objective in bank.objectives.values():
        for misconception in objective.misconceptions:
            name = f"a truth, of “{misconception.id}”,"
            for message in too_long(name, misconception.truth, _TRUTH):
                yield Found(objective.id, message)


def _verdict(question: Question) -> Iterator[str]:
    for part in question.parts:
        if match := VERDICT.match(part.rationale):
            yield f"the why of “{part.id}” begins with “{match.group()}”: begin with what is true"


def _stem_ends(question: Question) -> Iterator[str]:
    if not question.stem.rstrip('”’")').endswith(("?", ".")):
        yield "the ask ends in “?”, “.” or “Choose all that apply.”"


def _choose_all(question: Question) -> Iterator[str]:
    end = question.stem_ends_in
    ends = CHOOSES_ALL if end == CHOOSE_ALL else (end,)
    if not question.stem.endswith(ends):
        yield f"the ask of a {question.kind} question ends in “{end}”"
    if end != CHOOSE_ALL and question.stem.endswith(CHOOSES_ALL):
        yield f"“{CHOOSE_ALL}” is for a choices question"


def _tired_stem(question: Question) -> Iterator[str]:
    prompt = question.stem.lower()
    for stem in ("what did the lesson say", "which of the following"):
        if stem in prompt:
            yield f"“{stem}” in the ask"
    for end in ("is:", "are:"):
        if re.search(rf"\b{end}$", prompt):
            yield f"an ask that ends in “{end}”: ask a whole question"


def _disputed_figure(question: Question) -> Iterator[str]:
    yield from find_matches(DISPUTED, [question.stem])


def _question_count(bank: Bank) -> Iterator[Found]:
    for objective in bank.objectives.values():
        count = len(objective.questions)
        if not _MIN <= count <= _MAX:
            yield Found(objective.id, f"{count} questions, and {_MIN} to {_MAX} are wanted")


def _repeated_prompt(bank: Bank) -> Iterator[Found]:
    first: dict[tuple[str, str], str] = {}
    for question in bank.questions.values():
        prompt = (normalize(question.vignette), normalize(question.stem))
        if prompt in first:
            yield Found(question.id, f"case and ask are those of “{first[prompt]}”")
        first.setdefault(prompt, question.id)


# warnings


def _key_longest_in_bank(bank: Bank) -> Iterator[Found]:
    keyed = _with_one_key(bank)
    count = sum(
        all(len(o.text) < len(key.text) for o in question.parts if o is not key)
        for question, key in keyed
    )
    chance = sum(1 / len(question.parts) for question, _ in keyed)
    if count > 1.5 * chance:
        yield Found(
            "",
            f"the right option is the longest in {count} of {len(keyed)}, by chance {chance:.0f}",
        )


def _key_first_in_file(bank: Bank) -> Iterator[Found]:
    keyed = _with_one_key(bank)
    places = [question.parts.index(key) for question, key in keyed]
    chance = sum(1 / len(question.parts) for question, _ in keyed)
    place = max(places, key=places.count, default=0)
    if places.count(place) > 1.6 * chance:
        yield Found(
            "",
            f"the right option stands at place {place + 1} in {places.count(place)} of {len(keyed)}"
            f", by chance {chance:.0f}",
        )


def _gives_away(bank: Bank) -> Iterator[Found]:
    for question, key in _with_one_key(bank):
        if len(content_words(key.text)) < 3:
            continue
        for other in bank.objective_of(question.id).questions:
            if (
                other is not question
                and f" {normalize(key.text)} " in f" {normalize(_prompt(other))} "
            ):
                yield Found(other.id, f"gives away the right option of “{question.id}”")


_ERRORS: tuple[tuple[str, Rule], ...] = (
    ("doubled", _each(_doubled)),
    ("negative-stem", _each(_negative_stem)),
    ("long-ask", _each(_long_stem)),
    ("long-case", _each(_long_vignette)),
    ("long-part", _each(_long_part)),
    ("long-why", _each(_long_rationale)),
    ("long-sentence", _each(_long_sentence)),
    ("long-truth", _long_truth),
    ("verdict", _each(_verdict)),
    ("ask-ends", _each(_stem_ends)),
    ("choose-all", _each(_choose_all)),
    ("tired-stem", _each(_tired_stem)),
    ("disputed-figure", _each(_disputed_figure)),
    ("question-count", _question_count),
    ("asked-twice", _repeated_prompt),
    ("without-safety", _each(without_safety)),
    ("cannot-wait", _each(cannot_wait)),
)

_WARNINGS: tuple[tuple[str, Rule], ...] = (
    ("key-longest-in-bank", _key_longest_in_bank),
    ("key-first-in-file", _key_first_in_file),
    ("gives-away", _gives_away),
)
