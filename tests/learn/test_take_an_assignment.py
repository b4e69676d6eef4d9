"""A member sees what the group asks, takes its quiz once, and is never pressed."""

from __future__ import annotations

import uuid

import pytest
from markupsafe import escape
from sqlalchemy import delete, select, update

from learn.models import Assignment, Attempt, Group, Item, QuestionHold
from questions.selection import unpack
from tests.learn.classroom import GROUP_PAGES, ask, join, lead, leave
from tests.learn.conftest import DAWN
from tests.learn.people import Person

LESSON = "what-is-all"
ANOTHER = "where-all-stands"
QUIZ = {
    "kind": "quiz",
    "about": "some",
    "lesson": [LESSON, ANOTHER],
    "length": "10",
    "title": "Week 2",
}


@pytest.fixture
def eva(app, content):
    """An educator who leads the Tuesday class."""
    person = Person(app, content, uuid.UUID(int=0xE7A))
    lead(app, person)
    return person


@pytest.fixture
def shown(connection):
    """Return the questions that a person was asked in a quiz, and the order of their parts."""

    def found(person, quiz):
        return [
            (row.question_id, row.shown)
            for row in connection.execute(
                select(Item.question_id, Item.shown)
                .join(
                    Attempt,
                    (Attempt.account_id == Item.account_id) & (Attempt.id == Item.attempt_id),
                )
                .where(Item.account_id == person.account, Attempt.quiz == quiz)
                .order_by(Item.position)
            )
        ]

    return found


def test_all_members_get_the_same_questions(app, eva, ana, ben, shown):
    assignment = ask(eva, **QUIZ)
    for person in (ana, ben):
        join(app, person)
        person.take(f"assigned/{assignment.id}")
    ref = f"assignment/{assignment.id.hex}"
    hers, his = shown(ana, ref), shown(ben, ref)

    assert {q for q, _ in hers} == {q for q, _ in his} == {*assignment.contents["questions"]}
    assert [q for q, _ in hers] != [q for q, _ in his]
    assert dict(hers) != dict(his)


def test_a_fixed_order_is_the_same_for_all_members_and_on_paper(eva, ana, ben, shown, content):
    app = eva.browser.application
    assignment = ask(eva, **QUIZ, fixed="y")
    for person in (ana, ben):
        join(app, person)
        person.take(f"assigned/{assignment.id}")
    ref = f"assignment/{assignment.id.hex}"

    assert shown(ana, ref) == shown(ben, ref)
    assert [q for q, _ in shown(ana, ref)] == assignment.contents["questions"]
    eva.open(f"{GROUP_PAGES}/assignments/{assignment.id}/quiz")
    items = eva.html.split('class="printed-question"')[1:]
    for (name, packed), paper in zip(shown(ana, ref), items, strict=True):
        question = content.bank.questions[name]
        at = [
            paper.index(f"<span>{_as_html(question.part(i).text)}<")
            for i in unpack(question, packed)
        ]
        assert at == sorted(at)


def test_the_first_page_says_who_assigned_it_and_who_sees_the_answers(app, eva, ana, ben):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    join(app, ben, sharing="totals")

    ana.open(f"/quizzes/assigned/{assignment.id}")
    assert "Week 2" in ana.text
    assert "From your group “Tuesday class.”" in ana.text
    assert "see your answers with your nickname" in ana.text
    ben.open(f"/quizzes/assigned/{assignment.id}")
    assert "Your answers count only in the group’s totals." in ben.text


def test_an_assigned_quiz_can_be_taken_once(app, eva, ana, connection):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    form = ana.form(answer="?")
    first = ana.post(f"/quizzes/assigned/{assignment.id}", form)
    again = ana.post(f"/quizzes/assigned/{assignment.id}", form)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location

    ana.open(f"/quizzes/assigned/{assignment.id}")
    assert "Question 2 of 10" in ana.text
    summary = ana.take(f"assigned/{assignment.id}")
    assert "You’ve finished this quiz" in ana.text
    ana.open(f"/quizzes/assigned/{assignment.id}")
    assert ana.address == summary
    own = connection.execute(
        select(Attempt.quiz, Attempt.attempt_number).where(Attempt.account_id == ana.account)
    )
    assert [*own] == [(f"assignment/{assignment.id.hex}", 1)]


def test_resending_an_answer_after_the_end_changes_nothing(app, eva, ana, connection):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    form = ana.form(answer="?")
    ana.take(f"assigned/{assignment.id}")
    assert ana.post(f"/quizzes/assigned/{assignment.id}", form).status_code == 303

    assert len([*connection.execute(select(Attempt.id))]) == 1


def test_the_assignments_title_is_on_each_of_its_pages(app, eva, ana):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    ana.answer_right()
    attempt = ana.address.rpartition("/")[0]
    for page in (f"{attempt}/stop", "/progress", "/"):
        ana.open(page)
        assert "Week 2" in ana.text, page
    ana.take(f"assigned/{assignment.id}")
    assert "Week 2" in ana.text


def test_a_quiz_prefix_is_not_repeated(app, eva, ana):
    assignment = ask(eva, **{k: v for k, v in QUIZ.items() if k != "title"})
    join(app, ana)
    ana.take(f"assigned/{assignment.id}")

    assert assignment.title == "Quiz: 2 lessons"
    assert assignment.title in ana.text
    assert "Quiz: Quiz" not in ana.text


def test_an_assignment_is_not_found_outside_its_group(app, eva, ana, ben, somebody_new):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    form = ana.form(answer="?")
    for person in (ben, somebody_new, eva):
        for part in ("", "/before", "/after"):
            assert person.open(f"/quizzes/assigned/{assignment.id}{part}").status_code == 404
        assert person.post(f"/quizzes/assigned/{assignment.id}", form).status_code == 404
    assert ana.open(f"/quizzes/assigned/{uuid.uuid4()}").status_code == 404
    assert ana.open(f"/quizzes/assigned/{assignment.id}/before").status_code == 404


def test_own_answers_stay_readable_after_leaving_the_group(app, eva, ana, clock):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    summary = ana.take(f"assigned/{assignment.id}")
    clock.forward(hours=1)
    leave(app, ana, clock.now)

    assert ana.open(f"/quizzes/assigned/{assignment.id}").status_code == 404
    assert ana.open(summary).status_code == 200
    assert "Week 2" in ana.text
    ana.open("/progress")
    assert "Week 2" in ana.text
    assert "From your group" not in ana.text
    ana.open("/")
    assert "From your group" not in ana.text


def test_a_quiz_can_be_finished_after_leaving_the_group(app, eva, ana, clock):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    ana.answer_right()
    attempt = ana.address.rpartition("/")[0]
    clock.forward(hours=1)
    leave(app, ana, clock.now)
    ana.open(attempt)
    while 'name="question"' in ana.html:
        ana.answer_right()
        ana.go_on()

    assert "You’ve finished this quiz" in ana.text


def test_removing_an_assignment_keeps_the_answers(app, eva, ana, connection):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    summary = ana.take(f"assigned/{assignment.id}")
    connection.execute(delete(Assignment))

    assert ana.open(f"/quizzes/assigned/{assignment.id}").status_code == 404
    assert ana.open(summary).status_code == 200
    ana.open("/progress")
    assert "Group quiz" in ana.text


def test_a_closed_assignment_can_be_finished_but_not_started(app, eva, ana, ben, connection):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    join(app, ben)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    ana.answer_right()
    ben.open(f"/quizzes/assigned/{assignment.id}")
    form = ben.form(answer="?")
    connection.execute(update(Assignment).values(closed_at=DAWN))

    assert ben.open(f"/quizzes/assigned/{assignment.id}").status_code == 410
    assert "You haven’t missed anything." in ben.text
    assert ben.post(f"/quizzes/assigned/{assignment.id}", form).status_code == 410
    ben.open("/")
    assert "Week 2" not in ben.text
    ana.take(f"assigned/{assignment.id}")
    assert "You’ve finished this quiz" in ana.text


def test_the_quiz_after_opens_when_the_quiz_before_is_finished(app, eva, ana):
    assignment = ask(eva, kind="before-after", about="all", title="Our course")
    join(app, ana)
    here = f"/quizzes/assigned/{assignment.id}"
    ana.open(here)
    assert "These open after you finish the first ones." in ana.text
    ana.open(f"{here}/after")
    assert ana.address == here

    ana.take(f"assigned/{assignment.id}/before")
    assert "Our course (before)" in ana.text
    ana.go_on()
    assert ana.address == here
    ana.open(f"{here}/after")
    assert "Our course (after)" in ana.text
    ana.take(f"assigned/{assignment.id}/after")
    ana.go_on()
    assert ana.address == here
    assert "6 of 6 before, 6 of 6 after" in ana.text


def test_the_quiz_after_rejects_answers_until_the_quiz_before_is_finished(
    app, eva, ana, connection
):
    assignment = ask(eva, kind="before-after", about="all")
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}/before")
    answer = ana.post(f"/quizzes/assigned/{assignment.id}/after", ana.form(answer="?"))

    assert answer.status_code == 303
    assert not [*connection.execute(select(Attempt.id))]


def test_a_question_on_hold_is_skipped(app, eva, ana, connection):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    on_hold = assignment.contents["questions"][0]
    connection.execute(
        QuestionHold.__table__.insert().values(question_id=on_hold, fact="F1", since=DAWN)
    )
    app.extensions.pop("learn.available_content", None)
    ana.open(f"/quizzes/assigned/{assignment.id}")

    assert "Question 1 of 9" in ana.text


def test_the_page_says_when_all_questions_are_on_hold(app, eva, ana, connection):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    for name in assignment.contents["questions"]:
        connection.execute(
            QuestionHold.__table__.insert().values(question_id=name, fact="F1", since=DAWN)
        )
    app.extensions.pop("learn.available_content", None)
    ana.open(f"/quizzes/assigned/{assignment.id}")

    assert "This quiz is under review" in ana.text


@pytest.mark.parametrize("page", ["/", "/progress"])
def test_a_due_date_is_shown_until_it_has_passed(app, eva, ana, clock, page):
    ask(eva, **QUIZ, due_on="2026-12-01")
    join(app, ana)
    ana.open(page)
    assert "Week 2" in ana.text
    assert "“Tuesday class”" in ana.text
    assert "Try to finish by December 1, 2026" in ana.text

    clock.forward(days=9)
    ana.open(page)
    assert "Try to finish by December 1, 2026" in ana.text
    clock.forward(days=1)
    ana.open(page)
    assert "Week 2" in ana.text
    assert "December 1" not in ana.text
    assert "Any time" in ana.text


@pytest.mark.parametrize("page", ["/", "/progress"])
def test_a_finished_assignment_is_marked_done(app, eva, ana, page):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    ana.take(f"assigned/{assignment.id}")
    ana.open(page)
    own = ana.text[ana.text.index("From your group") :]

    assert "Done" in own[: own.index("Done") + 4]
    assert "Any time" not in ana.text


def test_assigned_lessons_show_what_was_read_and_understood(app, eva, ana, content):
    ask(eva, kind="lessons", lesson=[LESSON, ANOTHER], title="Read these two")
    join(app, ana)
    ana.open("/")
    assert f'href="/lessons/{LESSON}"' in ana.html
    assert "Read</span>" not in ana.html
    assert "Done" not in ana.text

    ana.take(f"lesson/{LESSON}")
    ana.read(LESSON)
    ana.open("/")
    assert ana.html.count("Read</span>") == 1
    ana.open("/progress")
    own = ana.text[ana.text.index("Read these two") :]
    assert "Getting there" in own[:400]
    ana.read(ANOTHER)
    ana.take(f"lesson/{ANOTHER}")
    ana.open("/")
    assert "Done" in ana.text


def test_an_archived_group_shows_no_assignments(app, eva, ana, connection):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    connection.execute(update(Group).values(archived_at=DAWN))

    assert ana.open(f"/quizzes/assigned/{assignment.id}").status_code == 404
    ana.open("/")
    assert "Week 2" not in ana.text


def test_a_title_is_escaped(app, eva, ana):
    assignment = ask(eva, **QUIZ | {"title": "<b>100%</b> {{ x }}"})
    join(app, ana)
    for page in ("/", f"/quizzes/assigned/{assignment.id}"):
        ana.open(page)
        assert "&lt;b&gt;100%&lt;/b&gt; {{ x }}" in ana.html


@pytest.mark.parametrize("page", ["/", "/progress"])
def test_assignments_cost_members_one_statement_and_others_none(eva, ana, ben, statements, page):
    app = eva.browser.application
    ask(eva, **QUIZ)
    join(app, ana)
    for person in (ana, ben):
        person.take(f"lesson/{LESSON}")
    counts = []
    for person in (ana, ben):
        statements.clear()
        person.open(page)
        counts.append(len(statements))

    assert counts[0] == counts[1] + 1


def _as_html(text):
    return str(escape(text))


@pytest.mark.parametrize("page", ["/", "/progress"])
def test_what_has_a_date_comes_first_then_the_newest_and_last_what_is_done(
    app, eva, ana, clock, page
):
    join(app, ana)
    done = ask(eva, **{**QUIZ, "title": "Done already"}, due_on="2026-11-24")
    ana.take(f"assigned/{done.id}")
    dates = {"Later": "2026-12-09", "Sooner": "2026-12-01", "Old": "", "New": ""}
    for title, due_on in dates.items():
        clock.forward(hours=1)
        ask(eva, **{**QUIZ, "title": title}, due_on=due_on)
    ana.open(page)
    own = ana.html[ana.html.index('class="entry-list entry-list-bare assignment-list"') :]
    titles = ["Sooner", "Later", "New", "Old", "Done already"]
    assert [own.index(f">{title}</a>") for title in titles] == sorted(
        own.index(f">{title}</a>") for title in titles
    )
