"""A table of scores, a line for each person and a column for each question: pure functions.

It covers named members who agreed that single answers are seen, and is what `learn analyse` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from learn.alphabet import sort_key
from learn.messages import gettext as _
from learn.results.queries import LearnerScore
from questions.bank import Bank

_Key = tuple[str, str]
"""A question's id and its version."""


def score_table(
    bank: Bank, scores: Iterable[LearnerScore]
) -> Iterator[Sequence[str | float | None]]:
    """Yield a header, then a line for each person, by nickname. What wasn't asked is empty.

    Columns are in the order of the bank; an earlier version has one of its own, after the current.
    """
    by_person: dict[tuple[str, str], dict[_Key, float]] = {}
    for score in scores:
        person = score.nickname, str(score.membership)
        by_person.setdefault(person, {})[score.question, score.version] = score.score
    place = {id_: number for number, id_ in enumerate(bank.questions)}
    keys = sorted(
        {key for answers in by_person.values() for key in answers},
        key=lambda key: (place.get(key[0], len(place)), key[0], not _is_current(bank, key), key[1]),
    )
    people = sorted(by_person, key=lambda one: (*sort_key(one[0]), *one))
    yield [_("Learner"), *(_column(bank, key) for key in keys)]
    for name, person in zip(distinct(nickname for nickname, _id in people), people, strict=True):
        yield [name, *(by_person[person].get(key) for key in keys)]


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, with a number after each that was there before."""
    every = tuple(names)
    used: set[str] = set()
    found = []
    for name in every:
        number, new = 1, name
        while new in used or (number > 1 and new in every):
            number += 1
            new = f"{name} ({number})"
        used.add(new)
        found.append(new)
    return tuple(found)


def _is_current(bank: Bank, key: _Key) -> bool:
    question = bank.questions.get(key[0])
    return question is not None and question.version == key[1]


def _column(bank: Bank, key: _Key) -> str:
    return key[0] if _is_current(bank, key) else "@".join(key)
