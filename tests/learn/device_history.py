"""What one person does on several devices, made up by Hypothesis, and what must remain of it."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from learn.account_merge.actions import merge_guest
from learn.learner.queries import answers, standings
from learn.learner.quiz_refs import MIXED, QuizKind, QuizRef
from learn.learner.reading import note_reading
from learn.library.content import Content
from learn.models import Account, Attempt, CareLine, Item, MemoryRow
from learn.my_data.queries import tables_with_account_id
from learn.quizzes import queries
from learn.quizzes.planning.attempt_plan import AttemptPlan, attempt_id
from learn.quizzes.taking import actions
from learn.quizzes.taking.scored_answer import score_answer
from questions.memory import Answered, Memory, replay
from questions.model import Response
from questions.progress import Answer, standing
from tests.every import examples
from tests.learn.conftest import DAWN

OWN = uuid.UUID(int=0xACC)
QUIZ = "/quizzes/lesson/what-is-all"
DEVICES = [OWN, *(uuid.UUID(int=0x6E57 + i) for i in range(3))]
QUIZZES = {QuizRef(QuizKind.LESSON, "what-is-all"): slice(0, 3), MIXED: slice(1, 5)}

device = st.integers(0, len(DEVICES) - 1)
answer = st.tuples(
    st.just("answer"),
    device,
    st.sampled_from([*QUIZZES]),
    st.booleans(),
    st.sampled_from([None, True, False]),
)
other = st.one_of(
    st.tuples(st.just("read"), device, st.integers(0, 2)),
    st.tuples(st.just("line"), device, st.integers(0, 2), st.booleans()),
)
joined = st.tuples(st.just("merge"), st.integers(1, len(DEVICES) - 1))
acts = st.one_of(answer, answer, answer, other)
forward = st.sampled_from([1, 40, 60 * 24, 60 * 24 * 9])
any_way = st.sampled_from([1, 60 * 24, 60 * 24 * 9, -30, -60 * 24 * 3])
orders = st.permutations(range(1, len(DEVICES)))
quick = settings(
    max_examples=examples(60),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as its giver would tell of it."""

    attempt: uuid.UUID
    position: int
    question: str
    objective: str
    score: float
    sure: bool | None
    at: datetime


@dataclass
class Life:
    """Somebody with an account and devices, and all the answers that they remember giving."""

    session: Session
    content: Content
    now: datetime = DAWN
    told: list[Told] = field(default_factory=list)
    signed_in: set[int] = field(default_factory=lambda: {0})

    def account(self, device: int) -> uuid.UUID:
        return OWN if device in self.signed_in else DEVICES[device]

    def do(self, act: tuple[Any, ...], minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        getattr(self, act[0])(*act[1:])

    def answer(self, device: int, quiz: QuizRef, right: bool, sure: bool | None) -> None:
        account = self.account(device)
        own = queries.quiz_attempts(self.session, account, quiz)
        begun = own.open or self._begin(account, quiz, own.count + 1)
        attempt = queries.attempt(self.session, account, begun)
        assert attempt is not None
        item = attempt.next_open(self.content.bank)
        assert item is not None
        question = self.content.bank.questions[item.question]
        response = question.right_response() if right else Response(unsure=True)
        told = score_answer(question, [p.id for p in question.parts], response, sure)
        place = queries.ItemPlace(account, begun, item.position)
        found = queries.item_to_answer(self.session, place, self.content.bank)
        assert found is not None
        assert actions.record_answer(self.session, found, told, self.now)
        key = (begun, item.position, question.id, question.objective)
        self.told.append(Told(*key, told.grade.score, sure, self.now))

    def _begin(self, account: uuid.UUID, quiz: QuizRef, number: int) -> uuid.UUID:
        asked = [*self.content.bank.questions.values()][QUIZZES[quiz]]
        name = attempt_id(account, quiz, number)
        plan = AttemptPlan(account, name, quiz, number, tuple(asked), account)
        actions.start_attempt(self.session, plan, self.now, is_persisted=account == OWN)
        return name

    def read(self, device: int, lesson: int) -> None:
        name = [*self.content.lessons][lesson]
        note_reading(self.session, self.account(device), name, self.now)

    def line(self, device: int, which: int, ticked: bool) -> None:
        account = self.account(device)
        if self.session.get(Account, account) is None:
            return
        objective = next(iter(self.content.bank.objectives))
        says = [(objective, None), (None, "Can I swim?"), (None, f" Can I swim?{device}")][which]
        own = select(CareLine.objective_id, CareLine.text).where(CareLine.account_id == account)
        if says not in {tuple(row) for row in self.session.execute(own)}:
            place, (objective, text) = which + 1, says
            row = {"objective_id": objective, "text": text, "position": place, "ticked": ticked}
            self.session.execute(
                insert(CareLine.__table__).values(
                    account_id=account, id=uuid.uuid4(), added_at=self.now, **row
                )
            )

    def merge(self, device: int) -> None:
        guest = DEVICES[device]
        had = self.session.get(Account, guest, populate_existing=True) is not None
        assert merge_guest(self.session, guest, OWN, self.now) == had
        self.signed_in.add(device)

    def in_time(self) -> list[Told]:
        return sorted(self.told, key=lambda t: (t.at, t.attempt, t.position))


def is_whole(life: Life) -> None:
    """No answer is lost or doubled, and whatever is made of them is made of all of them."""
    session, told = life.session, life.in_time()
    rows = session.execute(
        select(
            Item.attempt_id,
            Item.position,
            Item.question_id,
            Item.objective_id,
            Item.score,
            Item.sure,
            Item.answered_at,
        ).where(Item.account_id == OWN, Item.answered_at.is_not(None))
    )
    assert Counter(Told(*row) for row in rows) == Counter(told)

    given_ = answers(session, OWN)
    assert [(g.attempt, g.question, g.answered_at) for g in given_] == [
        (t.attempt, t.question, t.at) for t in told
    ]
    zone = ZoneInfo("UTC")
    found = standings(given_, life.content.bank, zone)
    for objective in {t.objective for t in told}:
        own = [t for t in told if t.objective == objective]
        assert found[objective] == standing(
            Answer(t.question, t.at.date(), right=t.score == 1, missed=t.score == 0) for t in own
        )
    reviews = session.execute(
        select(MemoryRow.objective_id, MemoryRow.reviews).where(MemoryRow.account_id == OWN)
    ).all()
    assert dict(map(tuple, reviews)) == Counter(t.objective for t in told)

    begun = session.execute(
        select(Attempt.quiz, Attempt.started_at, Attempt.id, Attempt.attempt_number).where(
            Attempt.account_id == OWN
        )
    ).all()
    assert {row.id for row in begun} == {t.attempt for t in told}
    for quiz in QUIZZES:
        numbers = [row.attempt_number for row in begun if row.quiz == str(quiz)]
        assert sorted(numbers) == [*range(1, len(numbers) + 1)]
    for table, owner in tables_with_account_id().items():
        assert not session.execute(select(owner).where(owner.in_(DEVICES[1:]))).all(), table


def numbered(session: Session) -> list[uuid.UUID]:
    """Return the account's attempts in the order of their numbers."""
    order = select(Attempt.id).where(Attempt.account_id == OWN)
    return [*session.scalars(order.order_by(Attempt.quiz, Attempt.attempt_number))]


def by_time(session: Session) -> list[uuid.UUID]:
    """Return the account's attempts in the order in which they were started."""
    order = select(Attempt.id).where(Attempt.account_id == OWN)
    return [*session.scalars(order.order_by(Attempt.quiz, Attempt.started_at, Attempt.id))]


def remembered(session: Session) -> dict[str, Memory]:
    rows = session.execute(select(MemoryRow.__table__).where(MemoryRow.account_id == OWN)).all()
    return {
        r.objective_id: Memory(r.stability, r.difficulty, r.reviewed_at, r.due_at) for r in rows
    }


def replayed(life: Life) -> dict[str, Memory | None]:
    """What one device would remember that had been given all the answers."""
    told = life.in_time()
    return {
        objective: replay(Answered(t.score, t.sure, t.at) for t in told if t.objective == objective)
        for objective in {t.objective for t in told}
    }
