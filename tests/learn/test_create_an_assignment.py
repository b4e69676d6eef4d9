"""An educator asks a group to read, to take a quiz, or to answer before and after."""

from __future__ import annotations

import html
import re
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from learn.models import Assignment, Group, QuestionHold
from tests.learn.classroom import ASSIGNMENTS, ask, lead, made
from tests.learn.conftest import DAWN
from tests.learn.people import Person

LESSON = "what-is-all"
ANOTHER = "where-all-stands"
QUIZ = {"kind": "quiz", "about": "some", "lesson": [LESSON], "length": "5"}


@pytest.fixture
def eva(app, content):
    """An educator who leads the Tuesday class."""
    person = Person(app, content, uuid.UUID(int=0xE7A))
    lead(app, person)
    return person


def objectives_of(content, ids):
    return [content.bank.questions[i].objective for i in ids]


def count(connection):
    return connection.execute(select(func.count()).select_from(Assignment)).scalar()


@pytest.mark.fast("assignments")
def test_an_assigned_quiz_fixes_its_questions_when_it_is_created(eva, content):
    assignment = ask(eva, **QUIZ)

    assert assignment.kind == "quiz"
    assert len(assignment.contents["questions"]) == 5
    spread = Counter(objectives_of(content, assignment.contents["questions"]))
    objectives = {o.id for o in content.bank.of_lesson(LESSON)}
    assert {*spread} <= objectives
    assert max(spread.values()) - min(spread.get(o, 0) for o in objectives) <= 1


def test_a_quiz_on_chosen_objectives_asks_only_about_these(eva, content):
    objective = content.bank.of_lesson(LESSON)[1].id
    assignment = ask(eva, kind="quiz", about="some", objective=[objective], length="20")

    ids = assignment.contents["questions"]
    assert {*objectives_of(content, ids)} == {objective}
    assert len(ids) == len({*ids}) == len(content.bank.objectives[objective].questions)


@pytest.mark.parametrize("length", [5, 10, 15, 20])
def test_an_assigned_quiz_has_the_chosen_length(eva, content, length):
    assignment = ask(eva, kind="quiz", about="all", length=str(length))

    assert len(assignment.contents["questions"]) == length
    assert len({*objectives_of(content, assignment.contents["questions"])}) == length


def test_before_and_after_quizzes_ask_different_questions_on_the_same_six_objectives(eva, content):
    assignment = ask(eva, kind="before-after", about="all")

    before, after = assignment.contents["before"], assignment.contents["after"]
    assert len(before) == len(after) == 6
    assert not {*before} & {*after}
    assert {*objectives_of(content, before)} == {*objectives_of(content, after)}
    assert len({*objectives_of(content, before)}) == 6


def test_assigned_lessons_keep_their_order(eva):
    assignment = ask(eva, kind="lessons", about="some", lesson=[ANOTHER, LESSON])

    assert assignment.contents == {"lessons": [LESSON, ANOTHER]}


@pytest.mark.parametrize(
    ("chosen", "title"),
    [
        (QUIZ, "Quiz: {lesson}"),
        (QUIZ | {"title": "  Week   2 "}, "Week 2"),
        ({"kind": "lessons", "lesson": [LESSON, ANOTHER]}, "Read: 2 lessons"),
        ({"kind": "lessons", "lesson": [LESSON]}, "Read: {lesson}"),
        ({"kind": "before-after", "about": "all"}, "Before and after: all the lessons"),
    ],
)
def test_an_assignment_has_the_typed_title_or_one_made_from_the_choice(eva, content, chosen, title):
    assignment = ask(eva, **chosen)

    assert assignment.title == title.format(lesson=content.lessons[LESSON].title)
    eva.open(ASSIGNMENTS)
    assert assignment.title in eva.text.replace("&#39;", "'")


def test_a_due_date_is_stored_and_shown_as_a_wish(eva):
    assignment = ask(eva, **QUIZ, due_on="2026-12-01")

    assert assignment.due_on == date(2026, 12, 1)
    eva.open(ASSIGNMENTS)
    assert "Try to finish by December 1, 2026" in eva.text


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"kind": ""}, "Choose what the group should do."),
        ({"kind": "exam"}, "Choose what the group should do."),
        ({"lesson": []}, "Choose at least one lesson or idea."),
        ({"kind": "lessons", "lesson": []}, "Choose at least one."),
        ({"kind": "lessons", "lesson": [], "objective": ["*"]}, "Members read whole lessons."),
        ({"lesson": ["not-there"]}, "We couldn’t read one of the lessons or ideas."),
        ({"objective": ["not-there"]}, "We couldn’t read one of the lessons or ideas."),
        ({"about": "half"}, "Choose all lessons, or some of them."),
        ({"length": "7"}, "Choose 5, 10, 15, or 20 questions."),
        ({"length": "x"}, "Choose 5, 10, 15, or 20 questions."),
        ({"title": "w" * 81}, "The title is too long."),
        ({"due_on": "2026-02-30"}, "We couldn’t read the date."),
        ({"due_on": "tomorrow"}, "We couldn’t read the date."),
        ({"due_on": "2026-11-20"}, "That date has passed."),
        ({"csrf_token": "old"}, "This page was open for a long time."),
    ],
)
def test_an_invalid_assignment_form_comes_back_with_all_choices(
    eva, content, connection, chosen, said
):
    objective = content.bank.of_lesson(ANOTHER)[0].id
    eva.open(f"{ASSIGNMENTS}/new")
    page = QUIZ | {
        "fixed": "y",
        "title": "Week 2",
        "due_on": "2026-12-01",
        "objective": [objective],
    }
    chosen = {k: [objective] if v == ["*"] else v for k, v in chosen.items()}
    if chosen.get("lesson") == [] and "objective" not in chosen:
        chosen["objective"] = []
    number = eva.hidden("new_id")
    answer = eva.post(ASSIGNMENTS, eva.form(**page) | chosen)

    assert answer.status_code == (400 if "csrf_token" in chosen else 422)
    assert said in eva.text
    assert "Everything you chose is still here." in eva.text
    assert count(connection) == 0
    assert eva.hidden("new_id") == number
    if "lesson" not in chosen:
        assert f'value="{LESSON}" checked' in eva.html
    if "objective" not in chosen:
        assert f'value="{objective}" checked' in eva.html
    if "title" not in chosen:
        assert 'value="Week 2"' in eva.html
    if "due_on" not in chosen:
        assert 'value="2026-12-01"' in eva.html
    assert 'name="fixed" value="y" checked' in eva.html


def test_today_is_a_valid_due_date(eva):
    assert ask(eva, **QUIZ, due_on="2026-11-22").due_on == date(2026, 11, 22)


def test_a_double_click_creates_one_assignment(eva, connection):
    eva.open(f"{ASSIGNMENTS}/new")
    form = eva.form(**QUIZ)
    for _ in range(2):
        assert eva.post(ASSIGNMENTS, form).status_code == 303

    assert count(connection) == 1


def test_questions_on_hold_are_not_chosen(app, eva, content, connection):
    objective = content.bank.of_lesson(LESSON)[0]
    on_hold = objective.questions[0].id
    connection.execute(_put_on_hold(on_hold))
    app.extensions.pop("learn.available_content", None)
    assignment = ask(eva, kind="quiz", about="some", objective=[objective.id], length="20")

    assert on_hold not in assignment.contents["questions"]


def test_an_assignment_without_available_questions_is_not_created(app, eva, content, connection):
    objective = content.bank.of_lesson(LESSON)[0]
    for question in objective.questions:
        connection.execute(_put_on_hold(question.id))
    app.extensions.pop("learn.available_content", None)
    eva.open(f"{ASSIGNMENTS}/new")
    form = eva.form(kind="quiz", about="some", objective=[objective.id], length="5")
    answer = eva.post(ASSIGNMENTS, form)

    assert answer.status_code == 422
    assert "each idea needs two different questions" in eva.text
    assert count(connection) == 0


def test_an_archived_group_accepts_no_new_assignment(eva, connection):
    eva.open(f"{ASSIGNMENTS}/new")
    form = eva.form(**QUIZ)
    connection.execute(update(Group).values(archived_at=DAWN - timedelta(days=1)))

    assert eva.post(ASSIGNMENTS, form).status_code == 422
    assert "This group is archived" in eva.text
    assert count(connection) == 0
    assert eva.open(ASSIGNMENTS).status_code == 200


def _put_on_hold(question):
    return QuestionHold.__table__.insert().values(question_id=question, fact="F1", since=DAWN)


def test_a_link_to_an_idea_opens_the_form_for_a_quiz_on_it(eva, content):
    idea = content.bank.of_lesson(LESSON)[1].id
    eva.open(f"{ASSIGNMENTS}/new?objective={idea}&objective=nonsense")
    assert 'name="kind" value="quiz" checked' in eva.html
    assert f'name="objective" value="{idea}" checked' in eva.html
    assert "nonsense" not in eva.html
    eva.open(f"{ASSIGNMENTS}/new?objective=nonsense")
    assert 'name="kind" value="quiz" checked' not in eva.html


def test_one_question_can_be_swapped_in_the_preview_and_all_others_stay(eva, content):
    eva.open(f"{ASSIGNMENTS}/new")
    new_id = eva.hidden("new_id")
    eva.post(ASSIGNMENTS, eva.form(**QUIZ, preview="1"))
    first = shown(eva, content)
    can_swap = re.findall(r'name="swap_now" value="([^"]+)"', eva.html)
    assert can_swap

    sent = {name: eva.hidden(name) for name in ("csrf_token", "new_id", "title")} | QUIZ
    eva.post(ASSIGNMENTS, sent | {"swap_now": can_swap[0]})
    second = shown(eva, content)
    place = first.index(can_swap[0])
    assert second[:place] + second[place + 1 :] == first[:place] + first[place + 1 :]
    assert second[place] != first[place]
    assert objectives_of(content, second) == objectives_of(content, first)
    assert "We swapped in a different question." in eva.text

    swaps = re.findall(r'name="swap" value="([^"]+)"', eva.html)
    assert {*swaps} == {can_swap[0]}
    page = eva.post(ASSIGNMENTS, sent | {"swap": can_swap[0]})
    assert page.status_code == 303
    assert made(eva, uuid.UUID(hex=new_id)).contents["questions"] == second


def test_an_unknown_question_to_swap_changes_nothing(eva, content):
    eva.open(f"{ASSIGNMENTS}/new")
    new_id = eva.hidden("new_id")
    eva.post(ASSIGNMENTS, eva.form(**QUIZ, preview="1"))
    first = shown(eva, content)
    sent = {name: eva.hidden(name) for name in ("csrf_token", "new_id", "title")} | QUIZ
    page = eva.post(ASSIGNMENTS, sent | {"swap": ["nonsense", "<b>"]})
    assert page.status_code == 303
    assert made(eva, uuid.UUID(hex=new_id)).contents["questions"] == first


def shown(eva, content):
    """Return the ids of the questions that the preview shows, in its order."""
    stems = re.findall(r"<h2>([^<]*)</h2>", html.unescape(eva.html))
    asked = (q for idea in content.bank.of_lesson(LESSON) for q in idea.questions)
    by_stem = {q.stem: q.id for q in asked}
    return [by_stem[stem] for stem in stems if stem in by_stem]
