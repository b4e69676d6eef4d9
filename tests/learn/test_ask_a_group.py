"""An educator asks a group to read, to take a quiz, or to answer before and after."""

from __future__ import annotations

import html
import uuid
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from markupsafe import escape
from sqlalchemy import delete, func, select, update

from learn.models import Assignment, Group, QuestionHold
from questions.kinds import Match
from tests.learn.classroom import ASSIGNMENTS, ask, join, lead, leave, made
from tests.learn.conftest import DAWN
from tests.learn.edits import edited
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


@pytest.fixture
def cleo(app, content):
    return Person(app, content, uuid.UUID(int=0xC1E0))


def objectives_of(content, ids):
    return [content.bank.questions[i].objective for i in ids]


def count(connection):
    return connection.execute(select(func.count()).select_from(Assignment)).scalar()


@pytest.mark.fast("assignments")
def test_an_assigned_quiz_fixes_its_questions_when_it_is_created(eva, content):
    asked = ask(eva, **QUIZ)

    assert asked.kind == "quiz"
    assert len(asked.contents["questions"]) == 5
    spread = Counter(objectives_of(content, asked.contents["questions"]))
    objectives = {o.id for o in content.bank.of_lesson(LESSON)}
    assert {*spread} <= objectives
    assert max(spread.values()) - min(spread.get(o, 0) for o in objectives) <= 1


def test_a_quiz_on_chosen_objectives_asks_only_about_these(eva, content):
    objective = content.bank.of_lesson(LESSON)[1].id
    asked = ask(eva, kind="quiz", about="some", objective=[objective], length="20")

    ids = asked.contents["questions"]
    assert {*objectives_of(content, ids)} == {objective}
    assert len(ids) == len({*ids}) == len(content.bank.objectives[objective].questions)


@pytest.mark.parametrize("length", [5, 10, 15, 20])
def test_an_assigned_quiz_has_the_chosen_length(eva, content, length):
    asked = ask(eva, kind="quiz", about="all", length=str(length))

    assert len(asked.contents["questions"]) == length
    assert len({*objectives_of(content, asked.contents["questions"])}) == length


def test_before_and_after_quizzes_ask_different_questions_on_the_same_six_objectives(eva, content):
    asked = ask(eva, kind="before-after", about="all")

    before, after = asked.contents["before"], asked.contents["after"]
    assert len(before) == len(after) == 6
    assert not {*before} & {*after}
    assert {*objectives_of(content, before)} == {*objectives_of(content, after)}
    assert len({*objectives_of(content, before)}) == 6


def test_assigned_lessons_keep_their_order(eva):
    asked = ask(eva, kind="lessons", about="some", lesson=[ANOTHER, LESSON])

    assert asked.contents == {"lessons": [LESSON, ANOTHER]}


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
    asked = ask(eva, **chosen)

    assert asked.title == title.format(lesson=content.lessons[LESSON].title)
    eva.open(ASSIGNMENTS)
    assert asked.title in eva.text.replace("&#39;", "'")


def test_a_due_date_is_stored_and_shown_as_a_wish(eva):
    asked = ask(eva, **QUIZ, due_on="2026-12-01")

    assert asked.due_on == date(2026, 12, 1)
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
    asked = ask(eva, kind="quiz", about="some", objective=[objective.id], length="20")

    assert on_hold not in asked.contents["questions"]


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


def test_the_list_counts_finished_members_who_share_by_name(app, eva, ana, ben, cleo):
    asked = ask(eva, **QUIZ)
    eva.open(ASSIGNMENTS)
    assert "Nobody shares by name with this group yet." in eva.text

    join(app, ana)
    join(app, ben)
    join(app, cleo, sharing="totals")
    ana.take(f"assigned/{asked.id}")
    cleo.take(f"assigned/{asked.id}")
    ben.open(f"/quizzes/assigned/{asked.id}")
    ben.answer_right()
    eva.open(ASSIGNMENTS)

    assert "1 of 2 people who share by name have finished. 1 more has started." in eva.text


def test_members_who_left_are_no_longer_counted(app, eva, ana, ben, clock):
    asked = ask(eva, **QUIZ)
    join(app, ana)
    join(app, ben)
    ana.take(f"assigned/{asked.id}")
    clock.forward(hours=1)
    leave(app, ana, clock.now)
    eva.open(ASSIGNMENTS)

    assert "0 of 1 people who share by name have finished." in eva.text


def test_a_quiz_finished_before_sharing_by_name_is_not_counted(app, eva, ana, clock):
    asked = ask(eva, **QUIZ)
    join(app, ana, sharing="totals")
    ana.take(f"assigned/{asked.id}")
    clock.forward(hours=1)
    leave(app, ana, clock.now)
    join(app, ana, since=clock.now)
    eva.open(ASSIGNMENTS)

    assert "0 of 1 people who share by name have finished." in eva.text


def test_a_before_and_after_assignment_is_finished_when_both_quizzes_are(app, eva, ana):
    asked = ask(eva, kind="before-after", about="all")
    join(app, ana)
    ana.take(f"assigned/{asked.id}/before")
    eva.open(ASSIGNMENTS)
    assert "0 of 1 people who share by name have finished. 1 more has started." in eva.text

    ana.take(f"assigned/{asked.id}/after")
    eva.open(ASSIGNMENTS)
    assert "1 of 1 people who share by name have finished." in eva.text


def test_assigned_lessons_are_counted_by_their_quizzes_not_by_visits(app, eva, ana, ben):
    ask(eva, kind="lessons", lesson=[LESSON])
    join(app, ana)
    join(app, ben)
    ana.take(f"lesson/{LESSON}")
    ben.open(f"/lessons/{LESSON}")
    eva.open(ASSIGNMENTS)

    assert "1 of 2 people who share by name have taken the quiz for each lesson." in eva.text


def test_the_assignment_list_takes_three_statements(app, eva, ana, statements):
    for _ in range(3):
        ask(eva, **QUIZ)
    join(app, ana)
    statements.clear()
    eva.open(ASSIGNMENTS)

    assert len(statements) == 3, statements


def test_an_assignment_can_be_closed_and_reopened(eva, connection):
    asked = ask(eva, **QUIZ)
    eva.open(ASSIGNMENTS)
    token = eva.hidden("csrf_token")
    for _ in range(2):
        answer = eva.post(f"{ASSIGNMENTS}/{asked.id}/close", {"csrf_token": token})
        assert answer.status_code == 303
    assert made(eva, asked.id).closed_at == DAWN
    eva.open(ASSIGNMENTS)
    assert "Nobody can start these now." in eva.text

    eva.post(f"{ASSIGNMENTS}/{asked.id}/reopen", {"csrf_token": token})
    assert made(eva, asked.id).closed_at is None


def test_a_group_of_another_educator_is_not_found(eva, ben, somebody_new, ana):
    app = eva.browser.application
    asked = ask(eva, **QUIZ)
    lead(app, ben, uuid.UUID(int=0xB), "Another class")
    join(app, ana)
    here = f"{ASSIGNMENTS}/{asked.id}"
    for page in (ASSIGNMENTS, f"{ASSIGNMENTS}/new", f"{here}/quiz", f"{here}/key"):
        assert ben.open(page).status_code == 404, page
        for guest in (ana, somebody_new):
            assert guest.is_led_to_sign_in(page), page
    by_his_own_group = f"/groups/{uuid.UUID(int=0xB)}/assignments"
    for what in ("quiz", "key"):
        assert ben.open(f"{by_his_own_group}/{asked.id}/{what}").status_code == 404
    ben.open(by_his_own_group)
    ben.open(f"{by_his_own_group}/new")
    token = ben.hidden("csrf_token")
    for path in (ASSIGNMENTS, f"{here}/close", f"{by_his_own_group}/{asked.id}/close"):
        assert ben.post(path, {"csrf_token": token}).status_code == 404, path
    assert made(eva, asked.id).closed_at is None


def test_a_removed_assignment_is_not_found(eva, connection):
    asked = ask(eva, **QUIZ)
    eva.open(ASSIGNMENTS)
    token = eva.hidden("csrf_token")
    connection.execute(delete(Assignment))
    for what in ("quiz", "key"):
        assert eva.open(f"{ASSIGNMENTS}/{asked.id}/{what}").status_code == 404
    answer = eva.post(f"{ASSIGNMENTS}/{asked.id}/close", {"csrf_token": token})
    assert answer.status_code == 404


def test_an_archived_group_accepts_no_new_assignment(eva, connection):
    eva.open(f"{ASSIGNMENTS}/new")
    form = eva.form(**QUIZ)
    connection.execute(update(Group).values(archived_at=DAWN - timedelta(days=1)))

    assert eva.post(ASSIGNMENTS, form).status_code == 422
    assert "This group is archived" in eva.text
    assert count(connection) == 0
    assert eva.open(ASSIGNMENTS).status_code == 200


def test_the_printed_quiz_and_its_key_have_the_same_questions_and_answers(eva, content):
    asked = ask(eva, kind="quiz", about="all", length="20")
    here = f"{ASSIGNMENTS}/{asked.id}"
    eva.open(f"{here}/quiz")
    quiz = eva.text
    eva.open(f"{here}/key")
    key = eva.text

    assert "Name (optional):" in quiz
    assert "Name (optional):" not in key
    asks = [content.bank.questions[name].stem for name in asked.contents["questions"]]
    for page in (quiz, key):
        after = 0
        for ask_ in asks:  # some ask “Is he right?” about different cases
            after = page.index(_as_html(ask_), after) + 1
    for name in asked.contents["questions"]:
        question = content.bank.questions[name]
        for part in question.parts:
            assert _as_html(part.text) in quiz
            assert _as_html(part.text.removesuffix(".")) in key  # where its answer follows
            assert _as_html(part.rationale) in key
            assert _as_html(part.rationale) not in quiz
        assert _as_html(content.bank.objectives[question.objective].you_can) in key


def test_the_key_uses_the_letters_of_the_printed_quiz(eva, content):
    asked = ask(eva, kind="quiz", about="all", length="20")
    pages = {}
    for what in ("quiz", "key"):
        eva.open(f"{ASSIGNMENTS}/{asked.id}/{what}")
        pages[what] = [
            part.split("I’m not sure")[0] for part in eva.html.split('class="printed-question"')
        ][1:]
    checked = 0
    for name, quiz, key in zip(
        asked.contents["questions"], pages["quiz"], pages["key"], strict=True
    ):
        question = content.bank.questions[name]
        for option in question.parts if question.counts_chosen else ():
            text = str(_as_html(option.text))
            (letter,) = {
                line.split("<b>")[1][0] for line in quiz.splitlines() if f"<span>{text}<" in line
            }
            (line,) = (
                row
                for row in key.splitlines()
                if f"<b>{letter}</b>" in row and row.startswith("<li")
            )
            assert text in line
            assert ('class="is-right"' in line) == option.right
            belief = {
                m.id: m.belief for m in content.bank.objectives[question.objective].misconceptions
            }
            if option.misconception in belief:
                assert _as_html(belief[option.misconception]) in line
            checked += 1
    assert checked > 20


def test_a_key_line_that_ends_with_a_period_has_no_second_period_before_its_answer(
    app, eva, content
):
    asking = {q.objective for q in content.bank.questions.values() if isinstance(q, Match)}
    objective = next(o for o in content.bank.counted if o in asking)  # all its questions fit
    asked = ask(eva, kind="quiz", about="some", objective=[objective], length="20")
    questions = map(content.bank.questions.get, asked.contents["questions"])
    matches = [q for q in questions if isinstance(q, Match)]
    changed = content
    for question in matches:
        rows = tuple(replace(r, text=f"{r.text.rstrip('.?')}.") for r in question.parts)
        changed = edited(changed, replace(question, parts=rows))
    app.extensions["learn.content"] = changed
    eva.open(f"{ASSIGNMENTS}/{asked.id}/key")

    for question in matches:
        for row in question.parts:
            said = f"{row.text.rstrip('.?')}: {question.targets[row.target]}"
            assert said in html.unescape(eva.text)
    assert matches


def test_before_and_after_quizzes_print_as_two_sheets(eva):
    asked = ask(eva, kind="before-after", about="all")
    eva.open(f"{ASSIGNMENTS}/{asked.id}/quiz")

    assert eva.html.count('class="printed-quiz"') == 2
    assert eva.html.count('class="printed-question"') == 12


def test_assigned_lessons_have_no_printed_quiz(eva):
    asked = ask(eva, kind="lessons", lesson=[LESSON])

    assert eva.open(f"{ASSIGNMENTS}/{asked.id}/quiz").status_code == 404


def test_questions_removed_from_the_bank_are_not_printed(app, eva, connection):
    asked = ask(eva, **QUIZ)
    connection.execute(_put_on_hold(asked.contents["questions"][0]))
    app.extensions.pop("learn.available_content", None)
    eva.open(f"{ASSIGNMENTS}/{asked.id}/quiz")

    assert eva.html.count('class="printed-question"') == 4
    eva.open(ASSIGNMENTS)
    assert "4 questions" in eva.text


def _put_on_hold(question):
    return QuestionHold.__table__.insert().values(question_id=question, fact="F1", since=DAWN)


def _as_html(text):
    return " ".join(str(escape(text)).split())
