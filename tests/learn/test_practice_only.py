"""Questions for practice only: asked with a line that says so, and counted nowhere."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import update

from learn.learner.activity import load_activity
from learn.learner.quiz_refs import AFTER, BEFORE, CHECK, MIXED, REVIEW, QuizKind, QuizRef
from learn.models import Assignment, MemoryRow
from learn.quizzes.planning.catalog import check_quiz, find
from learn.results.export import TABLES
from learn.versions.store import store_versions
from questions.versions import Archive
from tests.learn.conftest import DAWN
from tests.learn.edits import without, without_objective
from tests.learn.groups import MISSED, RIGHT

LESSON = "what-is-all"
NO_ARCHIVE = Archive({}, {})
LINE = "This question is for practice. A clinician hasn’t reviewed it yet."


@pytest.fixture
def practice(content):
    """Return the objective that is for practice only."""
    return content.bank.of_lesson(LESSON)[0]


@pytest.fixture
def site(app, content, practice):
    """Return the content of the running site, in which it is for practice only."""
    objectives = {**content.bank.objectives, practice.id: replace(practice, practice_only=True)}
    bank = replace(content.bank, objectives=MappingProxyType(objectives))
    app.extensions["learn.content"] = replace(content, bank=bank)
    app.extensions.pop("learn.available_content", None)
    return app.extensions["learn.content"]


def objectives_asked(person, address):
    person.open(address)
    found = []
    while 'name="question"' in person.html:
        assert "practice only" not in person.text  # nothing to weigh before an answer
        objective = person.question.objective
        person.answer_right()
        found.append((objective, LINE in person.text))
        person.go_on()
    return found


def test_the_quiz_of_its_lesson_asks_it_and_says_that_it_is_for_practice(ana, site, practice):
    asked = objectives_asked(ana, f"/quizzes/lesson/{LESSON}")

    assert practice.id in {objective for objective, _ in asked}
    assert {(o, said) for o, said in asked} == {(o, o == practice.id) for o, _ in asked}


@pytest.mark.parametrize(
    ("ref", "is_asked"),
    [
        (QuizRef(QuizKind.LESSON, LESSON), True),
        (QuizRef(QuizKind.TOPIC, LESSON), True),
        (MIXED, True),
        (BEFORE, False),
        (AFTER, False),
        (REVIEW, False),
        (CHECK, False),
    ],
)
def test_only_quizzes_for_practice_ask_it(site, practice, ref, is_asked):
    quiz = find(site, ref)

    assert (practice.id in {o.id for o in quiz.objectives}) is is_asked


def test_a_check_of_its_lesson_leaves_it_out(site, practice):
    assert practice.id not in {o.id for o in check_quiz(site, [LESSON], 20).objectives}


def test_it_is_never_due_for_review(ana, site, practice, clock, connection):
    app = ana.browser.application
    ana.take(f"lesson/{LESSON}")
    clock.forward(days=1)
    connection.execute(update(MemoryRow).values(due_at=clock.now + timedelta(days=99)))
    own = MemoryRow.objective_id == practice.id
    connection.execute(update(MemoryRow).where(own).values(due_at=clock.now))
    with app.extensions["learn.database"].read_session() as session:
        assert not load_activity(session, ana.account).may_review(site.bank, clock.now)
    ana.open("/quizzes/review")

    assert "You’re up to date." in ana.text


def test_what_was_missed_of_it_is_not_called_back_to(ana, group, site, practice, clock):
    group.answer(ana.account, {practice.questions[0].id: MISSED}, at=clock.now)
    ana.take("lesson/treatment")
    ana.open("/quizzes/review")

    assert "another look" not in ana.text


def test_progress_says_that_it_is_for_practice_only(ana, site, practice):
    ana.take(f"lesson/{LESSON}")
    ana.open("/progress")

    said = f"{html.unescape(practice.you_can)} (for practice only)"
    assert said in html.unescape(ana.text)
    touched = [o for o in site.bank.of_lesson(LESSON) if o.practice_only]
    assert ana.text.count("(for practice only)") == len(touched) == 1


def test_an_assignment_neither_offers_nor_takes_it(kim, group, site, practice):
    address = f"/groups/{group.id}/assignments"
    kim.open(f"{address}/new")
    assert f'value="{practice.id}"' not in kim.html
    form = kim.form(kind="quiz", about="some", objective=[practice.id], length="5")

    assert kim.post(address, form).status_code == 422


@pytest.mark.parametrize("kind", ["quiz", "before-after"])
def test_an_assignment_about_its_lesson_asks_other_questions(  # noqa: PLR0913, PLR0917
    kim, group, site, practice, connection, kind
):
    address = f"/groups/{group.id}/assignments"
    kim.open(f"{address}/new")
    kim.post(address, kim.form(kind=kind, about="some", lesson=[LESSON], length="20"))

    contents = connection.execute(Assignment.__table__.select()).one().what
    asked = {q for ids in contents.values() if isinstance(ids, list) for q in ids}
    assert asked
    assert not asked & {q.id for q in practice.questions}


def test_a_groups_results_and_files_do_not_count_it(kim, group, site, practice):
    other = site.bank.of_lesson(LESSON)[1]
    for number in range(12):
        who = group.join("named" if number < 2 else "totals")
        answers = {practice.questions[0].id: MISSED, other.questions[0].id: MISSED}
        group.answer(who, answers)
    kim.open(f"/groups/{group.id}")

    assert html.unescape(other.to_teach) in html.unescape(kim.text)
    assert html.unescape(practice.to_teach) not in html.unescape(kim.text)
    for table in TABLES:
        page = kim.browser.get(f"/groups/{group.id}/results.csv?table={table}")
        assert practice.questions[0].id not in page.text
        assert practice.id not in page.text.replace(other.id, "")


@pytest.mark.parametrize("gone", ["the question", "the objective"])
def test_a_groups_results_leave_it_out_after_it_has_left_the_bank(  # noqa: PLR0913, PLR0917
    kim, group, app, content, site, practice, gone
):
    """As when a clinician did not sign it: what was kept says that it was for practice only."""
    first = practice.questions[0]
    other, retired = site.bank.of_lesson(LESSON)[1:3]
    store_versions(app.extensions["learn.database"], site.bank, NO_ARCHIVE, DAWN)
    for number in range(12):
        who = group.join("named" if number < 1 else "totals")
        asked = (first.id, other.questions[0].id, retired.questions[0].id)
        group.answer(who, dict.fromkeys(asked, MISSED))
    later = without(site, first.id, retired.questions[0].id)
    if gone == "the objective":
        later = without_objective(later, practice.id)
    app.extensions["learn.content"] = later
    kim.open(f"/groups/{group.id}/first-answers")
    assert "They also include 22 answers" in kim.text, "11 to each of two questions"

    table = kim.browser.get(f"/groups/{group.id}/results.csv?table=questions").text
    assert retired.questions[0].id in table
    assert first.id not in table
    assert kim.browser.get(f"/groups/{group.id}/questions/{first.id}").status_code == 404
    kim.open(f"/groups/{group.id}/people")
    kim.open(next(p for p in kim.html.split('"') if "/people/" in p and p[-1] != "v"))
    assert retired.questions[0].stem in kim.text
    assert first.stem not in kim.text


def test_one_that_was_signed_before_it_left_the_bank_counts(  # noqa: PLR0913, PLR0917
    kim, group, app, content, site, practice
):
    first = practice.questions[0]
    database = app.extensions["learn.database"]
    store_versions(database, site.bank, NO_ARCHIVE, DAWN)
    group.answer(group.join("named"), {first.id: MISSED})
    store_versions(database, content.bank, NO_ARCHIVE, DAWN)
    app.extensions["learn.content"] = without_objective(content, practice.id)

    table = kim.browser.get(f"/groups/{group.id}/results.csv?table=questions").text
    assert first.id in table


def test_the_table_of_people_and_the_page_of_one_leave_it_out(
    kim, group, site, practice, connection
):
    other = site.bank.of_lesson(LESSON)[1]
    who = group.join("named", nickname="Ana")
    group.answer(who, {practice.questions[0].id: RIGHT, other.questions[0].id: RIGHT})
    kim.open(f"/groups/{group.id}/people?lesson={LESSON}")
    assert html.unescape(practice.to_teach) not in html.unescape(kim.text)
    assert html.unescape(other.to_teach) in html.unescape(kim.text)
    assert f"Ideas remembered, of {len(site.bank.counted)}" in kim.text

    person = next(p for p in kim.html.split('"') if "/people/" in p and p[-1] != "v")
    kim.open(person)
    assert html.unescape(other.to_teach) in html.unescape(kim.text)
    assert html.unescape(practice.to_teach) not in html.unescape(kim.text)


def test_the_page_of_an_assignment_leaves_it_out(kim, group, site, practice, connection):
    """It was given when the idea still counted."""
    left_out, other = practice.questions[0], site.bank.of_lesson(LESSON)[1].questions[0]
    task = group.assign([left_out.id, other.id])
    who = group.join("named", nickname="Ana")
    given = {left_out.id: RIGHT, other.id: MISSED}
    group.answer(who, given, f"assignment/{task.hex}")
    here = f"/groups/{group.id}/assignments/{task}"
    kim.open(here)
    assert other.stem in html.unescape(kim.text)
    assert left_out.stem not in html.unescape(kim.text)
    assert "0 right: 1 person" in kim.text
    answer = next(p for p in kim.html.split('"') if f"{here}/answers/" in p)
    assert kim.open(answer).status_code == 200
    assert kim.open(answer.replace(other.id, left_out.id)).status_code == 404
    scores = kim.open(f"{here}/scores.csv").get_data(as_text=True)
    assert left_out.id not in scores


def test_before_and_after_of_a_group_leaves_it_out(kim, group, site, practice):
    other = site.bank.of_lesson(LESSON)[1]
    pairs = [(o.questions[0].id, o.questions[1].id) for o in (practice, other)]
    contents = {"before": [a for a, _ in pairs], "after": [b for _, b in pairs]}
    task = group.assign(kind="before-after", contents=contents)
    who = group.join("named", nickname="Ana")
    for part, questions in contents.items():
        group.answer(who, dict.fromkeys(questions, RIGHT), f"assignment/{task.hex}/{part}")
    kim.open(f"/groups/{group.id}/before-and-after")

    assert html.unescape(other.to_teach) in html.unescape(kim.text)
    assert html.unescape(practice.to_teach) not in html.unescape(kim.text)


def test_its_memory_is_kept_for_the_day_on_which_it_is_signed(ana, content, site, practice, clock):
    app = ana.browser.application
    ana.take(f"lesson/{LESSON}")
    clock.forward(days=60)
    app.extensions["learn.content"] = content
    app.extensions.pop("learn.available_content", None)
    with app.extensions["learn.database"].read_session() as session:
        schedules = load_activity(session, ana.account).schedules

    assert schedules[practice.id].due_at < clock.now
