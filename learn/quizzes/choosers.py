"""Which questions a new round of a quiz asks: each kind of quiz has its own way to choose."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from learn.quizzes import queries
from learn.quizzes.catalog import CHECK, Quiz
from learn.record.queries import answers, standings
from learn.record.so_far import AFTER, BEFORE, REVIEW, asked_in, attempts, sitting
from questions import selection
from questions.bank import Bank
from questions.model import Question


@dataclass(frozen=True, slots=True)
class Chooser:
    """For whom, when and by what chance. `account` is None for somebody without any answers."""

    session: Session
    account: uuid.UUID | None
    now: datetime
    zone: ZoneInfo
    bank: Bank
    rng: Random


def choose(chooser: Chooser, quiz: Quiz) -> tuple[Question, ...]:
    """The questions of a new round, in order.

    There may be none: nothing is due, or nothing was asked before the lessons.
    """
    if quiz.is_assigned:
        return _assigned(chooser, quiz)
    return _WAYS.get(quiz.ref, _least_asked)(chooser, quiz)


def _assigned(c: Chooser, quiz: Quiz) -> tuple[Question, ...]:
    """What all in the group are asked: as it stands, or each in an order of their own."""
    asks = [*quiz.asks]
    if not quiz.fixed:
        c.rng.shuffle(asks)
    return tuple(asks)


def _least_asked(c: Chooser, quiz: Quiz) -> tuple[Question, ...]:
    return selection.plan(quiz.objectives, _asked(c), quiz.length, c.rng)


def _due(c: Chooser, quiz: Quiz) -> tuple[Question, ...]:
    if c.account is None:
        return ()
    given = answers(c.session, c.account)
    last = {g.objective: g for g in given}
    past = selection.Past(
        asked=[g.question for g in given],
        mistaken={o for o, g in last.items() if g.mistaken},
        memories=queries.memories(c.session, c.account),
    )
    return selection.review(quiz.objectives, past, c.now, quiz.length, c.rng)


def _before(c: Chooser, quiz: Quiz) -> tuple[Question, ...]:
    """One of each of some objectives, all of which have another question for later."""
    objectives = [o for o in quiz.objectives if len(o.questions) > 1]
    chosen = selection.spread(objectives, quiz.length, c.rng)
    return selection.one_each(chosen, _asked(c), c.rng)


def _after(c: Chooser, quiz: Quiz) -> tuple[Question, ...]:
    """Another question of each objective that was asked before the lessons."""
    if c.account is None:
        return ()
    sat = sitting(attempts(c.session, c.account), BEFORE)
    if sat is None or sat.finished_at is None:
        return ()
    asked = asked_in(c.session, c.account, sat.id)
    objectives = [o for o in quiz.objectives if o.id in asked.values()]
    return selection.one_each(objectives, _asked(c), c.rng, besides=asked)


def _not_solid(c: Chooser, quiz: Quiz) -> tuple[Question, ...]:
    given = answers(c.session, c.account) if c.account else []
    asked = Counter(g.question for g in given)
    found = standings(given, c.bank, c.zone)
    return selection.plan(quiz.objectives, asked, quiz.length, c.rng, found)


def _asked(c: Chooser) -> Mapping[str, int]:
    return queries.asked(c.session, c.account) if c.account else {}


_WAYS: Mapping[str, Callable[[Chooser, Quiz], tuple[Question, ...]]] = {
    REVIEW: _due,
    BEFORE: _before,
    AFTER: _after,
    CHECK: _not_solid,
}
