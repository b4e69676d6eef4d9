"""Which questions a new attempt asks. Each kind of quiz has its own selector."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from learn.learner.activity import (
    answered_questions,
    attempts,
    only_attempt,
)
from learn.learner.queries import answers, standings
from learn.learner.quiz_refs import BEFORE, QuizKind
from learn.quizzes import queries
from learn.quizzes.planning.catalog import Quiz
from questions import selection
from questions.bank import Bank
from questions.model import Question


@dataclass(frozen=True, slots=True)
class SelectionContext:
    """What a selector may use. `account` is None for a visitor without answers."""

    session: Session
    account: uuid.UUID | None
    now: datetime
    zone: ZoneInfo
    bank: Bank
    rng: Random


def select_questions(context: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """Return the questions of a new attempt, in order.

    Empty if nothing is due for review, or for the questions after if those before are missing.
    """
    if quiz.is_assigned:
        return _assigned(context, quiz)
    return SELECTORS.get(quiz.ref.kind, _least_answered)(context, quiz)


def _assigned(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """Return the questions of an assignment, shuffled for each learner unless fixed.

    Shuffled, those before and after still begin with gentle ones.
    """
    questions = [*quiz.questions]
    if not quiz.fixed_order:
        c.rng.shuffle(questions)
        if quiz.part:
            return _without_sensitive_openers(c, tuple(questions))
    return tuple(questions)


def _named(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:  # noqa: ARG001 - as others
    """Return the questions that a path names, in its order."""
    return quiz.questions


def _least_answered(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """Those that the learner has answered least often, beginning with a gentle one."""
    chosen = selection.plan(quiz.objectives, _times_answered(c), quiz.length, c.rng)
    return _gentlest_first(c, quiz, chosen)


def _due(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """Questions about objectives whose review is due."""
    if c.account is None:
        return ()
    earlier = answers(c.session, c.account)
    last = {a.objective: a for a in earlier}
    past = selection.AnswerHistory(
        answered=[a.question for a in earlier],
        mistaken={o for o, a in last.items() if a.mistaken},
        memories=queries.memories(c.session, c.account),
    )
    return selection.review(quiz.objectives, past, c.now, quiz.length, c.rng)


def _missed(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """Other questions about objectives whose last answer was missed, of the last attempt first.

    Within it, those that were sure but mistaken come first.
    """
    if c.account is None:
        return ()
    earlier = answers(c.session, c.account)
    last = {a.objective: a for a in earlier if a.objective in c.bank.objectives}
    missed = [o for o in quiz.objectives if o.id in last and last[o.id].needs_another_look]
    if missed:
        latest = max((last[o.id] for o in missed), key=lambda a: a.answered_at).attempt
        missed.sort(key=lambda o: (last[o.id].attempt != latest, not last[o.id].mistaken))
    return selection.practice(missed, [a.question for a in earlier], quiz.length, c.rng)


def _before(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """One question each about some objectives that have another question for later."""
    objectives = [o for o in quiz.objectives if len(o.questions) > 1]
    chosen = selection.spread(objectives, quiz.length, c.rng)
    return _without_sensitive_openers(c, selection.before(chosen, _times_answered(c), c.rng))


def _after(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """Another question about each objective that was asked before the lessons."""
    if c.account is None:
        return ()
    before = only_attempt(attempts(c.session, c.account), BEFORE)
    if before is None or before.finished_at is None:
        return ()
    answered = answered_questions(c.session, c.account, before.id)
    objectives = [o for o in quiz.objectives if o.id in answered.values()]
    return _without_sensitive_openers(
        c, selection.after(objectives, _times_answered(c), c.rng, exclude=answered)
    )


def _without_sensitive_openers(
    c: SelectionContext, questions: tuple[Question, ...]
) -> tuple[Question, ...]:
    return selection.without_sensitive_openers(questions, c.bank.hard_to_hear)


def _not_mastered(c: SelectionContext, quiz: Quiz) -> tuple[Question, ...]:
    """Questions about objectives that are not mastered, the gentlest first."""
    earlier = answers(c.session, c.account) if c.account else []
    times_answered = Counter(a.question for a in earlier)
    current = standings(earlier, c.bank, c.zone)
    chosen = selection.plan(quiz.objectives, times_answered, quiz.length, c.rng, current)
    return _gentlest_first(c, quiz, chosen)


def _gentlest_first(
    c: SelectionContext, quiz: Quiz, questions: tuple[Question, ...]
) -> tuple[Question, ...]:
    is_about_a_lesson = quiz.ref.kind is QuizKind.LESSON
    return selection.gentlest_first(
        questions, c.bank.hard_to_hear, is_about_a_lesson=is_about_a_lesson
    )


def _times_answered(c: SelectionContext) -> Mapping[str, int]:
    return queries.times_answered(c.session, c.account) if c.account else {}


SELECTORS: Mapping[QuizKind, Callable[[SelectionContext, Quiz], tuple[Question, ...]]] = {
    QuizKind.PATH: _named,
    QuizKind.REVIEW: _due,
    QuizKind.PRACTICE: _missed,
    QuizKind.BEFORE: _before,
    QuizKind.AFTER: _after,
    QuizKind.CHECK: _not_mastered,
}
"""By kind of quiz; for all others, those asked least often."""
