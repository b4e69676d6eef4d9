"""A key is corrected: answers are regraded, nothing is lost, and learners are told."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict

import pytest
from sqlalchemy import func, insert, select

from learn.account_merge.actions import merge_guest
from learn.models import Account, Attempt, Item, MemoryRow, Notice, Regrade
from learn.regrading import actions, queries
from learn.regrading.queries import GradeChange
from questions.grading import grade
from questions.kinds import KINDS
from questions.memory import Answered, replay
from questions.model import Response
from tests.learn.edits import edited, with_another_key, with_other_answers
from tests.learn.people import right_answer, text_of, wrong_answer
from tests.learn.signing_in import add_credentials

QUIZ = "/quizzes/lesson/what-is-all"
NOTICE = "We corrected a question you answered"
RIGHT = "Your answer now counts as right."
NOT_RIGHT = "Your answer no longer counts as right. We’re sorry about that."


@pytest.fixture
def correct(app, clock):
    """Corrects a question on the running site, and grades all answers to it again."""

    def do(question, by="Dr. Lee", **how):
        app.extensions["learn.content"] = edited(app.extensions["learn.content"], question)
        clock.forward(days=2)
        with app.extensions["learn.database"].transaction() as session:
            return actions.regrade(session, question, by, clock.now, **how)

    return do


@pytest.fixture
def count(app):
    def rows(model) -> int:
        with app.extensions["learn.database"].read_session() as session:
            return session.scalar(select(func.count()).select_from(model))

    return rows


@pytest.fixture
def everything(connection):
    def found():
        tables = (Item, MemoryRow, Regrade, Notice)
        return [sorted(map(repr, connection.execute(select(t.__table__)).all())) for t in tables]

    return found


@pytest.fixture
def is_remembered(connection):
    """Whether the memories of a person are those that all their answers, in order, leave."""

    def check(account: uuid.UUID) -> None:
        rows = connection.execute(
            select(Item.objective_id, Item.score, Item.sure, Item.answered_at)
            .where(Item.account_id == account, Item.answered_at.is_not(None))
            .order_by(Item.answered_at, Item.attempt_id, Item.position)
        ).all()
        answers: dict[str, list[Answered]] = {}
        for objective, *answer in rows:
            answers.setdefault(objective, []).append(Answered(*answer))
        names = ("stability", "difficulty", "reviewed_at", "due_at", "reviews")
        kept = connection.execute(
            select(MemoryRow.objective_id, *(MemoryRow.__table__.c[n] for n in names)).where(
                MemoryRow.account_id == account
            )
        ).all()
        assert {row[0]: dict(zip(names, row[1:], strict=True)) for row in kept} == {
            o: asdict(replay(answered)) | {"reviews": len(answered)}
            for o, answered in answers.items()
        }

    return check


def answer(person, given=right_answer):
    """Answer the first question of the quiz, and return it."""
    person.open(QUIZ)
    question = person.question
    person.answer(given(question))
    return question


def dismiss_notice(person, page="/"):
    person.open(page)
    address = re.search(r'action="(/notices/[^"]+)"', person.html).group(1)
    form = {"csrf_token": person.hidden("csrf_token"), "back": person.hidden("back")}
    return address, form, person.post(address, form)


def test_a_dry_run_changes_nothing(app, ana, everything):
    question = answer(ana)
    before = everything()
    with app.extensions["learn.database"].read_session() as session:
        summary = queries.preview(session, with_another_key(question))

    assert (summary.changed, summary.changed_learners, summary.changed_attempts) == (1, 1, 1)
    assert summary.grade_changes == {GradeChange.NOT_RIGHT: 1}
    assert everything() == before


def test_a_wrong_answer_that_is_now_right_is_regraded(ana, correct, rows, is_remembered):
    question = answer(ana, lambda q: right_answer(with_another_key(q)))
    before = rows(ana)[0]
    mended = with_another_key(question)

    assert correct(mended).grade_changes == {GradeChange.RIGHT: 1}
    after = rows(ana)[0]
    assert before.score < after.score == 1  # a match can be right in part
    assert after._asdict() | {"score": before.score} == before._asdict()
    is_remembered(ana.account)
    ana.open("/")
    assert NOTICE in ana.text
    assert question.stem in ana.text
    assert RIGHT in ana.text


def test_the_old_grade_is_kept_with_the_editor_and_the_time(ana, correct, clock, connection):
    question = answer(ana)
    correct(with_another_key(question), by="Dr. Lee")
    row = connection.execute(select(Regrade.__table__)).one()

    assert (row.account_id, row.position) == (ana.account, 1)
    assert (row.old_score, row.new_score) == (1, 0)
    assert (row.old_version, row.new_version) == (
        question.version,
        with_another_key(question).version,
    )
    assert (row.regraded_by, row.regraded_at) == ("Dr. Lee", clock.now)


def test_progress_and_memory_follow_the_new_grades(ana, correct, clock, is_remembered):
    summary = ana.take("lesson/what-is-all")
    first = ana.content.bank.questions[
        re.search(r"question/([\w-]+)", ana.open(f"{summary}/1").get_data(as_text=True)).group(1)
    ]
    clock.forward(days=3)
    ana.take("lesson/what-is-all")
    correct(with_another_key(first))

    is_remembered(ana.account)
    assert "5 of 6 right on your first try" in text_of(ana.open("/progress"))


def test_the_notice_leads_to_the_answer_which_says_when_it_was_regraded(ana, correct):
    question = answer(ana)
    feedback = ana.address
    correct(with_another_key(question))
    ana.open("/progress")

    assert NOT_RIGHT in ana.text
    assert f'href="{feedback}"' in ana.html
    ana.open(feedback)
    assert f"We corrected this question on November 24, 2026. {NOT_RIGHT}" in ana.text


@pytest.mark.fast("notices")
def test_a_dismissed_notice_stays_dismissed(ana, correct, count):
    question = answer(ana)
    correct(with_another_key(question))
    address, form, page = dismiss_notice(ana, "/progress")

    assert (page.status_code, page.headers["Location"]) == (303, "/progress")
    assert NOTICE not in text_of(ana.open("/progress"))
    assert NOTICE not in text_of(ana.open("/"))
    assert ana.post(address, form).status_code == 303
    assert count(Notice) == 1


def test_notices_of_others_can_not_be_seen_or_dismissed(ana, ben, somebody_new, correct):
    question = answer(ana)
    correct(with_another_key(question))
    ben.open("/quizzes/mixed")
    ben.answer_right()
    assert NOTICE not in text_of(ben.open("/"))
    ana.open("/")
    address = re.search(r'action="(/notices/[^"]+)"', ana.html).group(1)

    for other in (ben, somebody_new):
        other.open("/care-team")
        form = {"csrf_token": other.hidden("csrf_token")}
        assert other.post(address, form).status_code == 404
    assert NOTICE in text_of(ana.open("/"))
    assert ana.post(address, {}).status_code == 400
    assert NOTICE in text_of(ana.open("/"))


def test_regrading_again_changes_nothing(ana, ben, correct, everything):
    question = answer(ana)
    answer(ben, wrong_answer)
    mended = with_another_key(question)
    correct(mended)
    before = everything()

    again = correct(mended)
    assert (again.changed, again.changed_learners, again.changed_attempts) == (0, 0, 0)
    assert everything() == before
    dismiss_notice(ana)
    correct(mended)
    assert NOTICE not in text_of(ana.open("/"))


def test_a_key_corrected_twice_has_two_regrades_and_one_notice(
    ana, correct, count, connection, is_remembered
):
    question = answer(ana)
    mended = with_another_key(question)
    correct(mended)
    correct(question)

    regrades = connection.execute(select(Regrade.__table__).order_by(Regrade.regraded_at)).all()
    assert [(r.old_version, r.new_version) for r in regrades] == [
        (question.version, mended.version),
        (mended.version, question.version),
    ]
    is_remembered(ana.account)
    assert count(Notice) == 1
    ana.open("/")
    assert RIGHT in ana.text
    assert NOT_RIGHT not in ana.text
    dismiss_notice(ana)
    correct(mended)
    assert NOT_RIGHT in text_of(ana.open("/"))


def test_grades_are_only_raised_on_request(ana, correct, rows):
    question = answer(ana)
    feedback = ana.address
    done = correct(with_another_key(question), only_raise=True)

    assert (done.changed, done.not_lowered) == (0, 1)
    assert rows(ana)[0].score == 1
    assert NOTICE not in text_of(ana.open("/"))
    assert "Your answer still counts as right." in text_of(ana.open(feedback))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "choice"])
def test_each_kind_is_graded_by_its_own_rules(ana, correct, rows, kind, is_remembered):
    question = ana.come_to(kind)
    ana.answer_right()
    feedback = ana.address
    mended = with_another_key(question)
    done = correct(mended)

    row = next(r for r in rows(ana) if r.question_id == question.id)
    assert done.grade_changes == {GradeChange.NOT_RIGHT: 1}
    assert row.score == grade(mended, Response.from_json(row.response)).score < 1
    is_remembered(ana.account)
    assert NOT_RIGHT in text_of(ana.open(feedback))


def test_partial_grades_can_rise_and_fall(ana, correct, rows, is_remembered):
    question = ana.come_to("match")
    mended = with_another_key(question)
    # All rows but the second as by the new key: by the old one it was a row less.
    second = question.parts[1]
    off = next(t for t in question.targets if t != second.target)
    ana.answer(right_answer(mended) | {f"row-{second.id}": off})
    before = next(r.score for r in rows(ana) if r.question_id == question.id)

    assert correct(mended).grade_changes == {GradeChange.HIGHER: 1}
    middle = next(r.score for r in rows(ana) if r.question_id == question.id)
    assert 0 <= before < middle < 1
    assert "More of your answer now counts as right." in text_of(ana.open("/"))
    assert correct(question).grade_changes == {GradeChange.LOWER: 1}
    assert "Less of your answer now counts as right. We’re sorry" in text_of(ana.open("/"))
    is_remembered(ana.account)


def test_an_answer_that_the_question_no_longer_has_stays_as_it_is(ana, correct, rows):
    question = answer(ana)
    feedback, before = ana.address, rows(ana)
    done = correct(with_other_answers(question))

    assert (done.answers, done.changed, done.ungradable) == (1, 0, 1)
    assert rows(ana) == before
    assert "We changed this question after you answered it." in text_of(ana.open(feedback))


def test_not_sure_stays_not_sure(ana, correct, rows):
    question = answer(ana, lambda _: {"answer": "?"})
    assert rows(ana)[0].response == {"unsure": True}
    before = rows(ana)

    done = correct(with_another_key(question))
    assert (done.answers, done.changed, done.ungradable) == (1, 0, 0)
    assert rows(ana) == before


def test_a_guest_who_signs_in_keeps_regraded_answers(ana, clock, correct, rows, count):
    question, app = answer(ana), ana.browser.application
    correct(with_another_key(question))
    account = add_credentials(app, uuid.UUID(int=0xACC))
    with app.extensions["learn.database"].transaction() as session:
        assert merge_guest(session, ana.account, account, clock.now)
        note = queries.unread_notices(session, account)
        item = session.scalars(select(Item).where(Item.account_id == account, Item.position == 1))
        again = queries.last_regrade(session, account, item.one().attempt_id, 1)

    assert [(n.question, n.answers[0].change) for n in note] == [
        (question.id, GradeChange.NOT_RIGHT)
    ]
    assert again.change == GradeChange.NOT_RIGHT
    assert (count(Regrade), count(Notice), rows(ana)) == (1, 1, [])


def test_a_regraded_answer_costs_one_more_statement_and_its_feedback_two(ana, correct, statements):
    question = answer(ana)
    feedback = ana.address
    correct(with_another_key(question))
    ana.open("/")  # what is under review was read then
    for page, most in (("/", 4), ("/progress", 6), (feedback, 3)):
        statements.clear()
        ana.browser.get(page)
        assert len([s for s in statements if "notice" in s or "regrade" in s]) <= 1, statements
        assert len(statements) <= most, (page, statements)


def test_a_thousand_learners_are_regraded_in_batches(app, content, correct, statements):
    question = next(q for q in content.bank.questions.values() if q.kind == "choice")
    right = {"chosen": [o.id for o in question.parts if o.right]}
    now = app.extensions["learn.clock"].now
    people = [uuid.UUID(int=n) for n in range(1, 1202)]
    with app.extensions["learn.database"].transaction() as session:
        session.execute(insert(Account), [{"id": p, "created_at": now} for p in people])
        begun = {"quiz": "mixed", "attempt_number": 1, "started_at": now}
        session.execute(insert(Attempt), [{"account_id": p, "id": p} | begun for p in people])
        item = {
            "position": 1,
            "question_id": question.id,
            "objective_id": question.objective,
            "version": "older",
            "shown": "1234",
            "response": right,
            "score": 0.0,
            "answered_at": now,
        }
        session.execute(insert(Item), [{"account_id": p, "attempt_id": p} | item for p in people])
    statements.clear()
    done = correct(question)

    assert (done.answers, done.changed, done.changed_learners) == (1201, 1201, 1201)
    assert done.versions == {"older": 1201}
    assert correct(question).changed == 0
    assert len(statements) < 100
