"""What was done on several devices becomes one account's: all of it, once, in any order."""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from learn.account_merge.actions import merge_guest
from learn.account_merge.merge_rules import MERGE_RULES
from learn.learner.queries import answers, standings
from learn.learner.quiz_refs import MIXED, QuizKind, QuizRef
from learn.lessons.actions import note_reading
from learn.library.content import Content
from learn.models import Account, Attempt, CareLine, Item, MemoryRow, MergedGuest, Reading
from learn.models.base import table_of
from learn.my_data.queries import tables_with_account_id
from learn.quizzes import queries
from learn.quizzes.planning.attempt_plan import AttemptPlan, attempt_id
from learn.quizzes.taking import actions
from learn.quizzes.taking.scored_answer import score_answer
from questions.memory import Answered, Memory, replay
from questions.model import Response
from questions.progress import Answer, standing
from tests.learn.conftest import DAWN
from tests.learn.people import right_answer
from tests.learn.row_factory import add_row
from tests.learn.signing_in import LONG_AGO, add_credentials, sign_in

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
    max_examples=60,
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
        response = _right(question) if right else Response(unsure=True)
        told = score_answer(question, [p.id for p in question.parts], response, sure)
        found = attempt.to_answer(item, self.content.bank)
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


def _right(question: Any) -> Response:
    raw = right_answer(question)
    return Response(
        chosen=tuple(raw.get("answer", ())),
        pairs={k[4:]: v for k, v in raw.items() if k.startswith("row-")},
        places={k[5:]: int(v) for k, v in raw.items() if k.startswith("step-")},
    )


@pytest.fixture
def a_life(app: Flask, content: Content, connection: Connection) -> Any:
    """Makes lives that leave nothing behind."""

    @contextlib.contextmanager
    def lived() -> Iterator[Life]:
        with connection.begin_nested() as step:
            add_credentials(app, OWN)
            with app.extensions["learn.database"].transaction() as session:
                yield Life(session, content)
            step.rollback()

    return lived


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


@quick
@given(
    history=st.lists(st.tuples(acts | joined, forward), min_size=8, max_size=30),
    order=orders,
    twice=st.booleans(),
)
def test_a_merge_keeps_every_answer_of_both_devices_once(a_life, history, order, twice):
    with a_life() as life:
        for act, minutes in history:
            life.do(act, minutes)
        for number in [*order, *(order if twice else ())]:
            life.merge(number)
        is_whole(life)
        assert remembered(life.session) == replayed(life)
        assert numbered(life.session) == by_time(life.session)


@quick
@given(history=st.lists(st.tuples(acts | joined, any_way), min_size=8, max_size=30), order=orders)
def test_a_clock_that_goes_backward_loses_and_duplicates_nothing(a_life, history, order):
    with a_life() as life:
        for act, minutes in history:
            life.do(act, minutes)
        for number in order:
            life.merge(number)
        is_whole(life)


@quick
@given(
    history=st.lists(st.tuples(acts, any_way), min_size=8, max_size=30),
    order=orders,
    another=orders,
)
def test_the_order_of_merges_does_not_matter(a_life, history, order, another):
    with a_life() as life:
        for act, minutes in history:
            life.do(act, minutes)
        outcomes = []
        for way in (order, another):
            with life.session.begin_nested() as step:
                for number in way:
                    life.merge(number)
                is_whole(life)
                outcomes.append(_outcome(life.session))
                step.rollback()
        assert outcomes[0] == outcomes[1]


def _outcome(session: Session) -> dict[str, Any]:
    """All that an account has, but for the order of its lines and when its devices were joined."""
    found: dict[str, Any] = {
        table.name: sorted(map(repr, session.execute(select(table).where(owner == OWN))))
        for table, owner in tables_with_account_id().items()
        if table.name not in {"care_line", "joined"}
    }
    lines = session.execute(
        select(CareLine.objective_id, CareLine.text, CareLine.ticked, CareLine.added_at).where(
            CareLine.account_id == OWN
        )
    )
    found["lines"] = {(o, (t or "").strip()): rest for o, t, *rest in lines}
    found["joined"] = {*session.scalars(select(MergedGuest.guest_id))}
    return found


@pytest.fixture
def account(app):
    """Ana's account, of which nothing is on this device yet."""
    return add_credentials(app, OWN)


def test_merged_lists_contain_each_line_once(ana, account, connection, clock):
    first, second = [*ana.content.bank.objectives][:2]
    ana.take("lesson/what-is-all")
    now = clock.now
    lines = [
        (account, first, None, 1, False, now),
        (account, None, "Can I swim?", 2, True, now),
        (ana.account, second, None, 1, False, now),
        (ana.account, None, " Can I swim?\n", 2, False, now - timedelta(days=3)),
        (ana.account, first, None, 3, True, now + timedelta(days=1)),
        (ana.account, None, "What is a port?", 4, False, now),
        (ana.account, None, "What is a port? ", 5, True, now),
    ]
    names = ("account_id", "objective_id", "text", "position", "ticked", "added_at")
    for line in lines:
        connection.execute(
            insert(CareLine.__table__).values(
                id=uuid.uuid4(), **dict(zip(names, line, strict=True))
            )
        )
    sign_in(ana, account)
    found = connection.execute(
        select(*(CareLine.__table__.c[name] for name in names)).order_by(CareLine.position)
    ).all()

    assert found == [
        (account, first, None, 1, True, now),
        (account, None, "Can I swim?", 2, True, now - timedelta(days=3)),
        (account, second, None, 3, False, now),
        (account, None, "What is a port?", 4, True, now),
    ]


def test_a_merged_lesson_keeps_the_earliest_reading(ana, ben, account, connection, clock):
    sign_in(ben, account)
    for person in (ben, ana):
        person.open(QUIZ)
        person.answer_right()
    first, second, third = [*ana.content.lessons][:3]
    began = clock.now
    for person, lesson in (
        (ben, first),
        (ben, second),
        (ana, second),
        (ana, third),
        (ben, third),
    ):
        clock.forward(days=-1)  # each earlier than the one before
        person.open(f"/lessons/{lesson}")
    sign_in(ana, account)
    found = connection.execute(
        select(Reading.lesson_id, Reading.first_read_at).where(Reading.account_id == account)
    ).all()

    days = {first: 1, second: 3, third: 5}
    assert dict(map(tuple, found)) == {name: began - timedelta(days=n) for name, n in days.items()}


def test_a_merged_account_is_as_old_as_its_older_part(ana, ben, account, connection, clock):
    clock.now = LONG_AGO - timedelta(days=1)
    ana.take("lesson/what-is-all")
    clock.now = DAWN
    ben.take("lesson/what-is-all")
    since = select(Account.created_at).where(Account.id == account)
    assert connection.scalar(since) == LONG_AGO
    sign_in(ben, account)
    assert connection.scalar(since) == LONG_AGO
    sign_in(ana, account)
    assert connection.scalar(since) == LONG_AGO - timedelta(days=1)


def test_every_table_of_learners_has_a_merge_rule():
    """A table added later fails here, until somebody says how its rows are joined."""
    assert {*MERGE_RULES} == {*tables_with_account_id()}


def test_a_merge_leaves_no_row_of_the_guest(ana, account, connection, clock):
    ana.take("lesson/what-is-all")
    ana.open("/lessons/where-all-stands")
    guest, now = ana.account, clock.now
    kept_apart = {"sign_in", "passkey", "joined", "educator", "group_educator", "demo"}
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for table, rows in _all(connection, guest).items():
            if not rows and table.name not in {*kept_apart, "care_line"}:
                add_row(session, table, guest)
        line = {"position": 1, "ticked": False, "added_at": now, "text": "Can I swim?"}
        session.execute(
            insert(table_of(CareLine)).values(account_id=guest, id=uuid.uuid4(), **line)
        )
        session.commit()
    before = {t.name: rows for t, rows in _all(connection, guest).items()}
    assert {name for name, rows in before.items() if not rows} == kept_apart
    sign_in(ana, account)

    assert not any(_all(connection, guest).values())
    after = {t.name: rows for t, rows in _all(connection, account).items()}
    assert {name: len(rows) for name, rows in after.items() if name not in kept_apart} == {
        name: len(rows) for name, rows in before.items() if name not in kept_apart
    }
    joined = connection.execute(
        select(MergedGuest.account_id, MergedGuest.guest_id, MergedGuest.joined_at)
    ).all()
    assert joined == [(account, guest, now)]


def _all(connection: Connection, account: uuid.UUID) -> dict[Any, list[Any]]:
    """Every row of the account, by table."""
    return {
        table: [*connection.execute(select(table).where(owner == account))]
        for table, owner in tables_with_account_id().items()
    }
