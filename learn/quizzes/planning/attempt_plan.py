"""Plan of an attempt: which questions it asks, in which order.

A plan is made before the first answer and carried by the page, signed; rows are made from it when
that answer comes. What is random in it depends only on the learner, the quiz, and the number of the
attempt.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from itsdangerous import BadSignature, URLSafeSerializer

from learn import signing
from learn.learner.assignments import shared_part_order
from learn.learner.quiz_refs import CHECK, QuizRef
from learn.quizzes.planning.catalog import Quiz
from questions.bank import Bank
from questions.model import Question
from questions.selection import shown_order


@dataclass(frozen=True, slots=True)
class AttemptPlan:
    """An attempt before its first answer.

    It was `planned_for` the account or, if they signed in since, for the guest that they were.
    With `fixed_order`, the parts of a question stand in the same order for everybody.
    """

    account: uuid.UUID
    attempt: uuid.UUID
    quiz: QuizRef
    attempt_number: int
    questions: tuple[Question, ...]
    planned_for: uuid.UUID
    fixed_order: bool = False

    def part_order(self, question: Question) -> tuple[str, ...]:
        """Return the ids of the question's parts in the order in which this attempt shows them."""
        if self.fixed_order:
            return shared_part_order(self.quiz, question)
        attempt_seed = seed(self.planned_for, self.quiz, self.attempt_number)
        return shown_order(question, Random(f"{attempt_seed}/{question.id}"))  # noqa: S311 - not a secret


def seed(account: uuid.UUID, quiz: QuizRef, attempt_number: int) -> str:
    """Return the seed for choosing the questions of an attempt and the order of their parts."""
    return f"{account.hex}/{quiz}/{attempt_number}"


def attempt_id(planned_for: uuid.UUID, quiz: QuizRef | str, attempt_number: int) -> uuid.UUID:
    """Return the id of the attempt that a page starts: the same for every tab and every resend."""
    return uuid.uuid5(planned_for, f"{quiz}/{attempt_number}")


def plan_attempt(
    account: uuid.UUID, quiz: Quiz, attempt_number: int, questions: Sequence[Question]
) -> AttemptPlan:
    """Plan an attempt of the account that asks `questions`."""
    return AttemptPlan(
        account,
        _attempt_id(account, quiz.ref, attempt_number, (q.id for q in questions)),
        quiz.ref,
        attempt_number,
        tuple(questions),
        account,
        quiz.fixed_order,
    )


def replan_for(account: uuid.UUID, plan: AttemptPlan) -> AttemptPlan:
    """Plan the same questions as the first attempt of a new account."""
    ids = (q.id for q in plan.questions)
    return replace(
        plan,
        account=account,
        attempt=_attempt_id(account, plan.quiz, 1, ids),
        attempt_number=1,
        planned_for=account,
    )


def _attempt_id(
    planned_for: uuid.UUID, quiz: QuizRef, attempt_number: int, questions: Iterable[str]
) -> uuid.UUID:
    """Return the id of the attempt. A check's includes its questions, which differ between tabs."""
    name = "/".join((str(quiz), *questions)) if quiz == CHECK else quiz
    return attempt_id(planned_for, name, attempt_number)


def sign_plan(plan: AttemptPlan, keys: Sequence[str]) -> str:
    """Return the plan as a signed text for the page. The first of `keys` signs."""
    ids = [q.id for q in plan.questions]
    raw = [str(plan.quiz), plan.attempt_number, plan.planned_for.hex, ids]
    return str(_serializer(keys).dumps(raw))


def read_plan(
    signed: str, keys: Sequence[str], account: uuid.UUID, quiz: Quiz, bank: Bank
) -> AttemptPlan | None:
    """Return the plan that a page of this quiz carried, without questions that have left the bank.

    None if the signature is wrong, if it is of another quiz, or if no question is left. If it was
    planned for a guest who has signed in since, the attempt belongs to `account`.
    """
    try:
        name, attempt_number, planned_for, ids = _serializer(keys).loads(signed)
    except (BadSignature, ValueError):
        return None
    questions = tuple(bank.questions[i] for i in ids if i in bank.questions)
    if name != str(quiz.ref) or not questions:
        return None
    owner = uuid.UUID(hex=planned_for)
    attempt = _attempt_id(owner, quiz.ref, attempt_number, ids)
    return AttemptPlan(
        account, attempt, quiz.ref, attempt_number, questions, owner, quiz.fixed_order
    )


def _serializer(keys: Sequence[str]) -> URLSafeSerializer:
    return signing.serializer(keys, "a quiz that begins")
