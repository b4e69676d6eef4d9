"""A table of scores, a line for each person and a column for each question: pure functions.

It covers named members who agreed that single answers are seen, and is what `learn analyse` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from learn.alphabet import sort_key
from learn.messages import gettext as _
from learn.results.queries import LearnerScore
from questions.bank import Bank


def score_table(
    bank: Bank, scores: Iterable[LearnerScore]
) -> Iterator[Sequence[str | float | None]]:
    """Yield a header, then a line for each person, by nickname. What wasn't asked is empty.

    Columns are in the order of the bank, each with the answers to all versions of its question: a
    second column for an older one would be blank for everybody else.
    """
    by_person: dict[tuple[str, str], dict[str, float]] = {}
    for score in scores:
        person = score.nickname, str(score.membership)
        by_person.setdefault(person, {})[score.question] = score.score
    place = {id_: number for number, id_ in enumerate(bank.questions)}
    question_ids = {id_ for answers in by_person.values() for id_ in answers}
    columns = sorted(question_ids, key=lambda id_: (place.get(id_, len(place)), id_))
    people = sorted(by_person, key=lambda one: (*sort_key(one[0]), *one))
    yield [_("Person"), *columns]
    for name, person in zip(distinct(nickname for nickname, _id in people), people, strict=True):
        yield [name, *(by_person[person].get(id_) for id_ in columns)]


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
