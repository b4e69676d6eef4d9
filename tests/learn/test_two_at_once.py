"""Two answers come in at the same time: a real file or server, and real threads."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from learn.learner.quiz_refs import MIXED
from learn.models import (
    Account,
    Attempt,
    Base,
    CareLine,
    Deletion,
    DisclosedAnswer,
    Explanation,
    Item,
    MemoryRow,
    MergedGuest,
    QuestionVersion,
    RateLimit,
)
from learn.models.base import table_of
from learn.my_data.actions import delete_everything
from learn.quizzes import queries
from learn.quizzes.planning.attempt_plan import AttemptPlan
from learn.quizzes.taking import actions
from learn.quizzes.taking.scored_answer import score_answer
from questions.model import Response
from tests.learn.groups import RIGHT, ClassOf, sign_in_as_educator
from tests.learn.people import Person, right_answer, text_of, wrong_answer
from tests.learn.signing_in import add_credentials, sign_in

QUIZ = "/quizzes/lesson/what-is-all"
TOGETHER = 6


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


def at_once(app: Flask, cookie: str, address: str, forms: list[dict]) -> list[int]:
    """Send all forms together, each from a tab of its own; the status of each."""
    return all_at_once(app, cookie, [(address, form) for form in forms])


def all_at_once(app: Flask, cookie: str, ways: list[tuple[str, dict | None]]) -> list[int]:
    """Send all forms together, or open a page where there is none; the status of each."""
    start, statuses = threading.Barrier(len(ways)), []

    def send(address: str, data: dict | None) -> None:
        tab = app.test_client()
        tab.set_cookie("learn_all", cookie)
        start.wait()
        page = tab.post(address, data=data) if data else tab.get(address)
        statuses.append(page.status_code)

    threads = [threading.Thread(target=send, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def count(app: Flask, what, *where) -> int:
    with app.extensions["learn.database"].read_session() as session:
        return session.scalar(select(func.count()).select_from(what).where(*where))


def left_over(app: Flask) -> list[str]:
    """Return the tables with rows of people; limits and the list of deleted accounts stay."""
    stays = {table_of(model) for model in (QuestionVersion, Deletion, RateLimit)}
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if table not in stays and count(app, table)
    ]


def test_a_first_answer_from_many_tabs_creates_one_account_and_one_answer(app, content):
    ana = Person(app, content)
    ana.open(QUIZ)
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, QUIZ, forms) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert count(app, Item, Item.answered_at.is_not(None)) == 1
    assert count(app, MemoryRow) == 1


def test_a_later_answer_from_many_tabs_is_stored_once(app, content):
    ana = Person(app, content)
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, ana.address, forms) == [303] * TOGETHER
    assert count(app, Item, Item.answered_at.is_not(None)) == 2


def test_a_review_started_in_many_tabs_is_one_review_and_one_answer(app, content):
    ana = Person(app, content)
    ana.take("lesson/what-is-all")
    with app.extensions["learn.database"].transaction() as session:
        session.execute(update(MemoryRow).values(due_at=MemoryRow.reviewed_at))
    ana.open("/quizzes/review")
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, "/quizzes/review", forms) == [303] * TOGETHER
    assert count(app, Attempt, Attempt.quiz == "review") == 1
    assert count(app, Item, Item.answered_at.is_not(None)) == 7
    reviewed = MemoryRow.objective_id == question.objective
    assert count(app, MemoryRow, reviewed, MemoryRow.reviews == 2) == 1
    assert count(app, MemoryRow, MemoryRow.reviews > 1) == 1


@pytest.mark.parametrize("later", [True, False], ids=["a later answer", "the first answer"])
def test_answers_sent_during_deletion_leave_no_rows(app, content, later):
    """Whatever comes first: no deadlock, no error, and nothing comes back to life."""
    for _ in range(5):
        ana = Person(app, content)
        ana.take("lesson/what-is-all")
        line = f"/care-team/lines/{write(ana, 'Where?')[0]}"
        ana.open("/quizzes/mixed")
        if later:
            ana.answer_right()
            ana.go_on()
        cookie = ana.browser.get_cookie("learn_all").value
        form, here = ana.form() | right_answer(ana.question), ana.address
        wish = form | {"objective": [*content.bank.objectives][:3]}
        own = form | {"text": "Why?", "top": "yes"}
        ways = [(here, form)] * 3 + [("/my-data/delete", form)] * 2 + [("/care-team/add", wish)] * 2
        ways += [("/care-team/write", own), (f"{line}/move", own), (f"{line}/tick", own)]
        ways += [(f"/lessons/{name}", None) for name in [*content.lessons][:2]]
        statuses = all_at_once(app, cookie, ways)
        assert {*statuses} <= {200, 303, 400, 404}, statuses
        assert len(statuses) == len(ways)
    assert left_over(app) == []


def write(person: Person, *questions: str) -> list[str]:
    """Write questions on the sheet for the care team; the ids of all its lines."""
    for question in questions:
        person.open("/care-team")
        person.post("/care-team/write", person.form(text=question))
    person.open("/care-team")
    return re.findall(r'<li id="line-([^"]+)"', person.html)


def lines(app: Flask) -> list[CareLine]:
    with app.extensions["learn.database"].read_session() as session:
        return [*session.scalars(select(CareLine).order_by(CareLine.position, CareLine.id))]


def test_a_new_visitors_question_from_many_tabs_creates_one_account_and_one_line(app, content):
    ana = Person(app, content)
    ana.open("/care-team")
    cookie = ana.browser.get_cookie("learn_all").value
    form = ana.form(text="Why?")

    assert at_once(app, cookie, "/care-team/write", [form] * TOGETHER) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert [line.text for line in lines(app)] == ["Why?"]


def test_lines_added_in_many_tabs_all_have_positions_of_their_own(app, content):
    ana = Person(app, content)
    write(ana, "First?")
    cookie = ana.browser.get_cookie("learn_all").value
    some = [*content.bank.objectives][:3]
    ways = [("/care-team/write", ana.form(text=f"{i}?")) for i in range(TOGETHER)]
    ways += [("/care-team/add", ana.form(objective=some[:2]))] * 2
    ways += [("/care-team/add", ana.form(objective=some[1:]))] * 2

    assert {*all_at_once(app, cookie, ways)} == {303}
    found = lines(app)
    assert sorted(line.text for line in found if line.text) == sorted(
        ["First?", *(f"{i}?" for i in range(TOGETHER))]
    )
    assert sorted(line.objective_id for line in found if line.objective_id) == sorted(some)
    assert [line.position for line in found] == [*range(1, TOGETHER + 5)]


def test_moves_and_ticks_in_many_tabs_lose_and_duplicate_no_line(app, content):
    ana = Person(app, content)
    ids = write(ana, *(f"{i}?" for i in range(TOGETHER)))
    cookie, form = ana.browser.get_cookie("learn_all").value, ana.form()
    ways = [(f"/care-team/lines/{i}/move", form | {"above": ids[0]}) for i in ids[1:]]
    ways += [(f"/care-team/lines/{i}/tick", form | {"asked": "yes"}) for i in ids]
    ways += [(f"/care-team/lines/{ids[1]}/remove", form)] * 2

    assert {*all_at_once(app, cookie, ways)} == {303}
    found = lines(app)
    assert sorted(line.text for line in found) == [f"{i}?" for i in range(TOGETHER) if i != 1]
    assert all(line.ticked for line in found)
    assert len({line.position for line in found}) == len(found)
    assert found[-1].text == "0?"


def test_two_simultaneous_answers_on_one_objective_both_count(app, content):
    """Both read the memory before either is stored."""
    ana, account = Person(app, content), add_credentials(app, uuid.uuid4())
    sign_in(ana, account)
    questions = next(o.questions for o in content.bank.objectives.values())[:2]
    database, now = app.extensions["learn.database"], datetime(2026, 11, 22, tzinfo=UTC)
    plan = AttemptPlan(account, uuid.uuid4(), MIXED, 1, questions, account)
    with database.transaction() as session:
        actions.start_attempt(session, plan, now, is_persisted=True)
    with database.read_session() as session:
        attempt = queries.attempt(session, account, plan.attempt)
    for item, question in zip(attempt.items, questions, strict=True):
        shown = [part.id for part in question.parts]
        given = score_answer(question, shown, Response(unsure=True), None)
        with database.transaction() as session:
            assert actions.record_answer(session, attempt.to_answer(item, content.bank), given, now)

    is_all_there(app, account, 2)


def test_simultaneous_answers_of_many_people_are_all_stored(app, content):
    people = [Person(app, content) for _ in range(TOGETHER)]
    threads = [threading.Thread(target=p.take, args=("lesson/what-is-all",)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all("You’ve finished this quiz" in p.text for p in people)
    asked = count(app, Item)
    assert asked == count(app, Item, Item.score == 1) > 0
    assert count(app, Account) == TOGETHER


def together(ways: list[Callable[[], object]]) -> list[object]:
    """Do all of it at the same time; what came of each."""
    start, came = threading.Barrier(len(ways)), [None] * len(ways)

    def go(number: int, way: Callable[[], object]) -> None:
        start.wait()
        came[number] = way()

    threads = [threading.Thread(target=go, args=way) for way in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def tab_of(app: Flask, person: Person):
    """One more tab in somebody's browser: the cookie as it is now."""
    tab = app.test_client()
    tab.set_cookie("learn_all", person.browser.get_cookie("learn_all").value)
    return tab


def sending(app: Flask, person: Person, answer: Callable[..., dict]) -> Callable[[], int]:
    """A tab that will send an answer to the question that the person has open."""
    tab, here = tab_of(app, person), person.address
    form = person.form() | answer(person.question)
    return lambda: tab.post(here, data=form).status_code


def is_all_there(app: Flask, account: uuid.UUID, answered: int) -> None:
    """So many answers, all the account's, and each behind its objective's memory."""
    assert count(app, Item, Item.answered_at.is_not(None)) == answered
    with app.extensions["learn.database"].read_session() as session:
        given = session.scalars(
            select(Item.objective_id).where(
                Item.account_id == account, Item.answered_at.is_not(None)
            )
        ).all()
        remembered = session.execute(
            select(MemoryRow.objective_id, MemoryRow.reviews).where(MemoryRow.account_id == account)
        )
        assert dict(map(tuple, remembered)) == Counter(given)
        rounds = session.execute(
            select(Attempt.quiz, Attempt.attempt_number).where(Attempt.account_id == account)
        ).all()
    assert len(given) == answered
    numbers = Counter(quiz for quiz, _ in rounds)
    assert {*map(tuple, rounds)} == {(q, n + 1) for q in numbers for n in range(numbers[q])}


def test_signing_in_in_many_tabs_merges_the_guest_once(app, content):
    account = add_credentials(app, uuid.uuid4())
    ana = Person(app, content)
    ana.take("lesson/what-is-all")
    answered = count(app, Item)
    tabs = [tab_of(app, ana) for _ in range(TOGETHER)]

    assert together([partial(sign_in, tab, account) for tab in tabs]) == [True] * TOGETHER
    is_all_there(app, account, answered)
    assert count(app, MergedGuest) == count(app, Account) == 1


def test_answers_sent_while_a_guest_signs_in_are_all_kept(app, content):
    """Of the guest and of the account, in open quizzes and new ones: no deadlock, none lost."""
    account = add_credentials(app, uuid.uuid4())
    at_home = Person(app, content)
    sign_in(at_home, account)
    for turn in range(8):
        ana = Person(app, content)
        if turn % 2:
            ana.take("lesson/what-is-all")
        ways = []
        for person, quizzes in ((ana, ["mixed", "topic/risk-factors"]), (at_home, ["mixed"])):
            for quiz in quizzes:
                person.open(f"/quizzes/{quiz}")
                person.answer_right()
                person.go_on()
                if 'name="question"' not in person.html:
                    person.open(f"/quizzes/{quiz}")
                ways += [sending(app, person, wrong_answer)] * 2
            person.open("/quizzes/lesson/where-all-stands")
            ways += [sending(app, person, right_answer)] * 2
        answered = count(app, Item, Item.answered_at.is_not(None)) + len(ways) // 2
        joins = [partial(sign_in, tab_of(app, ana), account) for _ in range(2)]
        lesson = partial(tab_of(app, ana).get, "/lessons/types-of-all")
        came = together([*ways, *joins, lesson])

        assert came[: len(ways)] == [303] * len(ways), came
        assert came[len(ways) : -1] == [True, True]
        assert count(app, Account) == 1
        is_all_there(app, account, answered)


def test_a_first_answer_sent_while_signing_in_is_kept(app, content):
    account = add_credentials(app, uuid.uuid4())
    for turn in range(1, 11):
        ana = Person(app, content)
        ana.open(QUIZ)
        ways = [sending(app, ana, right_answer)] * 2
        came = together([*ways, partial(sign_in, tab_of(app, ana), account)])

        assert came == [303, 303, True]
        assert count(app, Account) == 1
        is_all_there(app, account, turn)


def test_signing_in_on_two_devices_during_deletion_leaves_nothing(app, content):
    for _ in range(5):
        account = add_credentials(app, uuid.uuid4())
        at_home = Person(app, content)
        sign_in(at_home, account)
        at_home.take("lesson/what-is-all")
        at_home.open("/my-data/delete")
        devices = [Person(app, content) for _ in range(2)]
        for device in devices:
            device.take("lesson/what-is-all")
        goes, form = tab_of(app, at_home), at_home.form()
        came = together(
            [
                *(partial(sign_in, tab_of(app, device), account) for device in devices),
                lambda goes=goes, form=form: goes.post("/my-data/delete", data=form).status_code,
            ]
        )
        assert came[-1] == 303
        assert count(app, Account) == 2 - sum(came[:2]), (
            came
        )  # joined before it went, or still guests
        for device, joined in zip(devices, came, strict=False):
            if not joined:
                with app.extensions["learn.database"].transaction() as session:
                    delete_everything(session, device.account, datetime.now(UTC))
        assert left_over(app) == []


OWN_WORDS = "/own-words/lesson/what-is-all"


def test_a_first_text_from_many_tabs_creates_one_account_and_one_text(app, content):
    ana = Person(app, content)
    ana.open(OWN_WORDS)
    cookie = ana.browser.get_cookie("learn_all").value
    form = ana.form(text="It is a cancer of the blood.")

    assert at_once(app, cookie, OWN_WORDS, [form] * TOGETHER) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert count(app, Explanation) == 1


def test_simultaneous_edits_of_one_text_are_all_kept(app, content):
    ana = Person(app, content)
    ana.open(OWN_WORDS)
    kept = ana.post(OWN_WORDS, ana.form(text="It is a cancer.")).headers["Location"]
    ana.open(f"{kept}/change")
    cookie = ana.browser.get_cookie("learn_all").value
    forms = [ana.form(text=f"Words {i}.") for i in range(TOGETHER)]

    assert at_once(app, cookie, OWN_WORDS, forms) == [303] * TOGETHER
    with app.extensions["learn.database"].read_session() as session:
        found = {*session.scalars(select(Explanation.text))}
    assert found == {f"Words {i}." for i in range(TOGETHER)}


def test_simultaneous_views_of_a_group_create_one_block(app, content):
    kim = Person(app, content, uuid.UUID(int=0xBE7))
    with app.extensions["learn.database"].transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        sign_in_as_educator(kim, group)
        for _ in range(11):
            group.answer(group.join("totals"), {"how-all-begins-start": RIGHT})
    cookie = kim.browser.get_cookie("learn_all").value

    looks = [(f"/groups/{group.id}", None)] * TOGETHER
    assert all_at_once(app, cookie, looks) == [200] * TOGETHER
    assert count(app, DisclosedAnswer) == 11
    with app.extensions["learn.database"].read_session() as session:
        assert len({*session.scalars(select(DisclosedAnswer.block))}) == 1
    assert "11 of 11 first answers were right" in text_of(
        kim.open(f"/groups/{group.id}/questions/how-all-begins-start")
    )
