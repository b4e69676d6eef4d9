"""Two objectives are merged: what learners did with the old one counts for the new one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, update

from learn.account_merge.actions import merge_guest
from learn.care_team.queries import list_lines, not_sure_of
from learn.learner import queries as learner
from learn.learner.activity import load_activity
from learn.models import Assignment, CareLine, Item, MemoryRow
from learn.models.base import table_of
from learn.objective_ids import same_objective
from learn.people import queries as people
from learn.quizzes import queries as quizzes
from learn.quizzes.queries import ItemPlace
from learn.regrading import actions as regrading
from questions.memory import Answered, Memory, Rating, replay, review
from questions.progress import Standing
from tests.learn.edits import edited, with_another_key, with_merged
from tests.learn.groups import MISSED, RIGHT, ClassOf, sign_in_as_educator
from tests.learn.people import right_answer
from tests.learn.signing_in import add_credentials

DAY = timedelta(days=1)
UTC = ZoneInfo("UTC")
LESSON = "what-is-all"
NAMES = ("stability", "difficulty", "reviewed_at", "due_at", "reviews")


class Site:
    """The running site, and two objectives of one lesson: `old`, which is merged, and `into`."""

    def __init__(self, app, content, connection, clock):
        self.app = app
        self.content = content
        self.connection = connection
        self.clock = clock
        self.group = ClassOf(connection, content.bank)
        self.into, self.old = content.bank.of_lesson(LESSON)[:2]

    def merge(self):
        """Merge them on the running site, and return the content from then on."""
        merged = with_merged(self.content, self.old.id, self.into.id)
        self.app.extensions["learn.content"] = merged
        self.app.extensions["learn.database"].merged_objectives = merged.bank.merged_ids
        self.app.extensions.pop("learn.available_content", None)
        return merged

    def reading(self):
        return self.app.extensions["learn.database"].read_session()

    def writing(self):
        return self.app.extensions["learn.database"].transaction()

    def remember(self, account, objective, reviews, due_at, stability=9.0):
        """Store a memory with so many answers behind it; its review is due at `due_at`."""
        self.forget(account, objective)
        self.connection.execute(
            insert(MemoryRow).values(
                account_id=account,
                objective_id=objective.id,
                stability=stability,
                difficulty=5.0,
                reviewed_at=due_at - 10 * DAY,
                due_at=due_at,
                reviews=reviews,
            )
        )

    def forget(self, account, objective):
        self.connection.execute(
            delete(MemoryRow).where(
                MemoryRow.account_id == account, MemoryRow.objective_id == objective.id
            )
        )

    def memories(self, account):
        """Return the memories by objective, each with the number of answers behind it."""
        rows = self.connection.execute(
            select(MemoryRow.__table__).where(MemoryRow.account_id == account)
        )
        return {
            r.objective_id: (Memory(r.stability, r.difficulty, r.reviewed_at, r.due_at), r.reviews)
            for r in rows
        }

    def open_quiz_about(self, person, question, objective):
        """Begin a quiz whose other questions are all this one, recorded with that objective."""
        person.open(f"/quizzes/lesson/{LESSON}")
        person.answer_right()
        self.connection.execute(
            update(Item)
            .where(Item.account_id == person.account, Item.answered_at.is_(None))
            .values(
                question_id=question.id,
                objective_id=objective,
                version=question.version,
                shown="0123456789"[: len(question.parts)],
            )
        )
        for known in (self.old, self.into):
            self.forget(person.account, known)
        person.go_on()

    def line(self, account, objective, position, *, ticked=False):
        """Put a line on the list, as an earlier release did."""
        self.connection.execute(
            insert(CareLine.__table__).values(
                account_id=account,
                id=uuid.UUID(int=position),
                objective_id=objective.id,
                text=None,
                position=position,
                ticked=ticked,
                added_at=self.clock.now,
            )
        )


@pytest.fixture
def site(app, content, connection, clock):
    return Site(app, content, connection, clock)


def answer_one_of(person, *questions):
    """Take the lesson's quiz until one of these questions is asked, and answer it right."""
    wanted = {q.id for q in questions}
    for _ in range(6):
        person.open(f"/quizzes/lesson/{LESSON}")
        while 'name="question"' in person.html:
            found = person.question
            person.answer_right()
            if found.id in wanted:
                return found
            person.go_on()
    raise AssertionError("none of them was asked")


# progress and history


def test_answers_about_the_old_one_count_for_the_new_one(ana, site):
    group = site.group
    one, two = site.old.questions[:2]
    group.answer(ana.account, {one.id: RIGHT}, at=site.clock.now)
    group.answer(ana.account, {two.id: RIGHT}, at=site.clock.now + DAY)
    bank = site.merge().bank

    with site.reading() as reading:
        answers = learner.answers(reading, ana.account)
        standings = learner.standings(answers, bank, UTC)
    assert standings[site.into.id] is Standing.MASTERED
    assert site.old.id not in standings
    assert learner.missed(answers, bank) == ()

    group.answer(ana.account, {two.id: MISSED}, at=site.clock.now + 2 * DAY)
    with site.reading() as reading:
        answers = learner.answers(reading, ana.account)
    assert [o.id for o in learner.missed(answers, bank)] == [site.into.id]


def test_the_page_of_an_old_answer_shows_the_question_as_it_was_asked(ana, site):
    retired = answer_one_of(ana, *site.old.questions[1:])
    feedback = ana.address
    site.merge()
    ana.open(feedback)

    assert ana.page.status_code == 200
    assert retired.stem in ana.text
    assert f'href="/lessons/{LESSON}?question=' in ana.html


def test_an_educator_sees_the_old_answers_with_the_new_objective(ana, ben, site):
    group = site.group
    sign_in_as_educator(ben, group)
    group.join(account=ana.account, nickname="Ana")
    retired = site.old.questions[1].id
    quiz = f"assignment/{uuid.uuid4().hex}"
    group.answer(ana.account, {retired: RIGHT}, quiz)
    site.merge()

    with site.reading() as reading:
        named = people.named_standings(reading, group.id, UTC)[ana.account]
        own = people.answers_of(reading, group.id, ana.account)
        compared = people.quiz_answers(reading, group.id, [quiz])
    assert [*named] == [site.into.id]
    assert [(a.given.question, a.given.objective) for a in own] == [(retired, site.into.id)]
    assert [a.objective for a in compared] == [site.into.id]
    assert ben.open(f"/groups/{group.id}/people").status_code == 200


# memory


@pytest.mark.parametrize(
    ("of_old", "of_new", "is_due"), [(5, 2, True), (2, 5, False), (3, 3, False)]
)
def test_the_memory_with_more_answers_counts(ana, site, of_old, of_new, is_due):
    ana.take(f"lesson/{LESSON}")
    site.remember(ana.account, site.old, of_old, site.clock.now - DAY)
    site.remember(ana.account, site.into, of_new, site.clock.now + DAY)
    bank = site.merge().bank

    with site.reading() as reading:
        memory = quizzes.memories(reading, ana.account)
        schedules = load_activity(reading, ana.account).schedules
    assert (memory[site.into.id].due_at <= site.clock.now) is is_due
    assert (schedules[site.into.id].due_at <= site.clock.now) is is_due
    assert {*memory, *schedules} <= {*bank.objectives}


def test_a_review_asks_about_the_new_one_when_the_old_one_was_due(ana, site):
    ana.take(f"lesson/{LESSON}")
    site.remember(ana.account, site.old, 50, site.clock.now - DAY)
    site.clock.forward(hours=13)
    content = site.merge()
    ana.open("/quizzes/review")

    assert content.bank.questions[ana.hidden("question")].objective == site.into.id


@pytest.mark.parametrize("is_from_before", [True, False])
@pytest.mark.parametrize(("of_old", "of_new"), [(5, None), (5, 2), (2, 5), (3, 3), (None, 4)])
def test_an_answer_goes_on_from_the_memory_that_counts(  # noqa: PLR0913, PLR0917
    ana, site, statements, of_old, of_new, is_from_before
):
    about = site.old if is_from_before else site.into
    site.open_quiz_about(ana, about.questions[0], about.id)
    for objective, reviews in ((site.old, of_old), (site.into, of_new)):
        if reviews:
            site.remember(ana.account, objective, reviews, site.clock.now - DAY, 2.0 + reviews)
    before = site.memories(ana.account)
    memory, reviews = before[(site.old if (of_old or 0) > (of_new or 0) else site.into).id]
    site.merge()
    site.clock.forward(days=1)

    for _ in range(2):  # the second answer goes on from the first
        ana.open(ana.address)
        data = ana.form() | right_answer(ana.question)
        statements.clear()
        ana.browser.post(ana.address, data=data)
        assert len(statements) <= 4, statements
        memory, reviews = review(memory, Rating.Good, site.clock.now), reviews + 1
        assert site.memories(ana.account)[site.into.id] == (memory, reviews)
        assert site.memories(ana.account).get(site.old.id) == before.get(site.old.id)
        ana.open(ana.address)
        ana.go_on()


def test_a_page_of_a_quiz_takes_no_more_statements(ana, site, statements):
    site.open_quiz_about(ana, site.old.questions[0], site.old.id)
    site.remember(ana.account, site.old, 5, site.clock.now)
    site.remember(ana.account, site.into, 2, site.clock.now)
    site.merge()
    statements.clear()
    ana.browser.get(ana.address)
    assert len(statements) <= 2, statements

    attempt = uuid.UUID(ana.address.split("/")[-2])
    with site.reading() as reading:
        view = quizzes.attempt(reading, ana.account, attempt)
    places = [i.position for i in view.items]
    assert places == [*range(1, len(places) + 1)]
    assert {i.objective for i in view.items[1:]} == {site.into.id}


def test_an_item_of_either_one_has_the_memory_with_more_answers(ana, site):
    site.open_quiz_about(ana, site.old.questions[0], site.old.id)
    site.remember(ana.account, site.old, 5, site.clock.now)
    site.remember(ana.account, site.into, 2, site.clock.now)
    content = site.merge()
    *_, attempt, position = ana.address.split("/")
    place = ItemPlace(ana.account, uuid.UUID(attempt), int(position))
    with site.reading() as reading:
        memory = quizzes.item_to_answer(reading, place, content.bank).memory
    assert (memory.reviews, memory.is_current) == (5, False)


def test_merges_add_no_parameters_to_a_statement():
    column = table_of(Item).c.objective_id
    ids = select(*same_objective((("old", "new"), ("older", "new")), column)).compile()

    assert ids.params == {}
    assert "WHEN 'older' THEN 'new'" in str(ids)


def test_a_corrected_key_replays_the_answers_to_both(ana, site):
    group = site.group
    moved, other = site.old.questions[0], site.into.questions[0]
    group.answer(ana.account, {moved.id: RIGHT}, at=site.clock.now)
    group.answer(ana.account, {other.id: RIGHT}, at=site.clock.now + DAY)
    merged = site.merge()
    question = with_another_key(merged.bank.questions[moved.id])
    site.app.extensions["learn.content"] = edited(merged, question)
    site.clock.forward(days=5)
    with site.writing() as writing:
        regrading.regrade(writing, question, "Dr. Lee", site.clock.now)

    columns = (Item.score, Item.sure, Item.answered_at)
    rows = site.connection.execute(select(*columns).order_by(Item.answered_at)).all()
    expected = replay(Answered(*row) for row in rows)
    assert rows[0].score < rows[1].score == 1
    assert site.memories(ana.account) == {site.into.id: (expected, 2)}


def test_signing_in_replays_the_answers_of_both_devices_to_both(ana, site):
    account = add_credentials(site.app, uuid.UUID(int=0x0FF))
    group = site.group
    group.answer(account, {site.old.questions[0].id: RIGHT}, at=site.clock.now)
    group.answer(ana.account, {site.into.questions[0].id: RIGHT}, at=site.clock.now + DAY)
    site.remember(account, site.old, 1, site.clock.now)
    site.remember(ana.account, site.into, 1, site.clock.now)
    site.merge()
    with site.writing() as writing:
        merge_guest(writing, ana.account, account, site.clock.now + 2 * DAY)

    second = timedelta(seconds=1)
    expected = replay([Answered(1, None, site.clock.now + d + second) for d in (0 * DAY, DAY)])
    assert site.memories(account) == {site.into.id: (expected, 2)}


# the list for the care team


def test_a_line_of_the_old_one_asks_the_new_one_once(ana, site):
    ana.take(f"lesson/{LESSON}", right=False)
    site.line(ana.account, site.old, 1)
    site.line(ana.account, site.into, 2)
    bank = site.merge().bank

    with site.reading() as reading:
        (shown,) = list_lines(reading, ana.account, bank.objectives)
        offered = not_sure_of(reading, ana.account)
    assert (shown.objective, shown.words) == (site.into.id, site.into.ask_care_team)
    assert site.into.id not in offered
    assert site.old.id not in offered


def test_adding_the_new_one_finds_the_line_of_the_old_one(ana, site):
    ana.take(f"lesson/{LESSON}")
    site.line(ana.account, site.old, 1, ticked=True)
    site.merge()
    ana.open("/care-team")
    ana.post("/care-team/add", ana.form(objective=[site.into.id, site.old.id]))

    kept = site.connection.execute(select(CareLine.objective_id, CareLine.ticked)).all()
    assert kept == [(site.old.id, False)]


def test_removing_the_line_removes_the_one_behind_it(ana, site):
    ana.take(f"lesson/{LESSON}")
    site.line(ana.account, site.old, 1)
    site.line(ana.account, site.into, 2)
    site.line(ana.account, ana.content.bank.of_lesson("treatment")[0], 3)
    site.merge()
    ana.open("/care-team")
    ana.post(f"/care-team/lines/{uuid.UUID(int=1)}/remove", ana.form())

    assert site.connection.scalars(select(CareLine.position)).all() == [3]


def test_a_missed_answer_to_the_old_one_offers_the_question_of_the_new_one_once(ana, site):
    group = site.group
    group.answer(ana.account, {site.old.questions[1].id: MISSED}, at=site.clock.now)
    group.answer(ana.account, {site.into.questions[1].id: MISSED}, at=site.clock.now + DAY)
    site.merge()

    with site.reading() as reading:
        assert not_sure_of(reading, ana.account) == [site.into.id]


def test_a_page_with_the_old_id_still_adds_the_question(ana, site):
    ana.take(f"lesson/{LESSON}")
    site.merge()
    ana.open("/care-team")
    ana.post("/care-team/add", ana.form(objective=[site.old.id]))

    assert site.connection.scalars(select(CareLine.objective_id)).all() == [site.into.id]


def test_a_correction_of_a_merge_loses_nothing(ana, site):
    ana.take(f"lesson/{LESSON}")
    site.merge()
    site.app.extensions["learn.database"].merged_objectives = {}

    with site.reading() as reading:
        assert site.old.id in quizzes.memories(reading, ana.account)
        assert site.old.id in {a.objective for a in learner.answers(reading, ana.account)}


def test_an_educator_can_still_send_the_form_with_the_old_id(ana, site):
    sign_in_as_educator(ana, site.group)
    content = site.merge()
    address = f"/groups/{site.group.id}/assignments"
    ana.open(f"{address}/new")
    form = ana.form(kind="quiz", about="some", objective=[site.old.id], length="5")
    assert ana.post(address, form).status_code == 303, ana.text

    (contents,) = site.connection.scalars(select(Assignment.contents))
    asked = {content.bank.questions[q].objective for q in contents["questions"]}
    assert asked == {site.into.id}
