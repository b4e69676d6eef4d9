"""Take the short quiz that a path begins with: a few questions that it names, in their order."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest

from learn.editorial import actions
from learn.library.paths import LessonPath
from questions.model import Safety
from tests.learn.conftest import DAWN
from tests.learn.people import Person
from tests.learn.registration import register

PATH, QUIZ = "/lessons/paths/this-week", "/quizzes/path/this-week"
PATHS = ["this-week", "helping", "for-parents"]


@pytest.fixture
def path(content) -> LessonPath:
    return content.paths["this-week"]


@pytest.fixture
def change(app, content, monkeypatch):
    """Serve the site with other questions in the quiz of the path."""

    def changed(*quiz: str) -> None:
        paths = content.paths | {"this-week": replace(content.paths["this-week"], quiz=quiz)}
        other = replace(content, paths=MappingProxyType(paths))
        monkeypatch.setitem(app.extensions, "learn.content", other)
        app.extensions.pop("learn.available_content", None)

    return changed


def main_buttons(person: Person) -> list[str]:
    main = person.html.partition("<main")[2]
    return re.findall(r'<a class="button[^"]*" href="[^"]*">([^<]*)</a>', main)


@pytest.mark.parametrize("name", PATHS)
def test_our_paths_begin_kindly_and_end_with_whom_to_call(content, name):
    asked = [content.bank.questions[i] for i in content.paths[name].quiz]

    assert len(asked) == 3
    assert [q.safety for q in asked] == [None, None, Safety.CALL_NOW]
    assert asked[-1].signs[Safety.CALL_NOW] == "A fever"
    words = " ".join(q.prompt + " ".join(p.text + p.rationale for p in q.parts) for q in asked)
    assert not re.search(r"relaps|refractor|surviv|died|death", words, re.IGNORECASE)


@pytest.mark.parametrize("name", PATHS)
def test_everybody_is_asked_what_the_path_names_in_its_order(ana, ben, rows, content, name):
    for person in (ana, ben):
        person.take(f"path/{name}")
        assert [r.question_id for r in rows(person)] == [*content.paths[name].quiz]


def test_the_button_and_the_page_say_what_it_is(ana, path):
    ana.open(PATH)
    assert "Or start with 3 questions" in ana.text
    assert "About a minute. You can stop after any question." in ana.text
    ana.open(QUIZ)
    assert "This week" in ana.text
    assert "Question 1 of 3" in ana.text
    assert "3 questions, about a minute. You don’t need to have read anything." in ana.text
    assert f'href="{PATH}">Stop for now' in ana.html
    assert "Get help" in ana.text
    ana.follow("Stop for now")
    assert "Or start with 3 questions" in ana.text, "nothing was answered"


def test_the_way_back_from_get_help_is_kept_before_the_first_answer(ana):
    ana.open(QUIZ)
    ana.open(re.search(r'class="call-link" href="([^"]+)"', ana.html)[1])
    assert f'href="{QUIZ}"' in ana.html
    ana.open("/get-help?question=path/nowhere")
    assert "/quizzes/path/" not in ana.html


def test_it_goes_on_where_it_was_left(ana, path):
    ana.open(QUIZ)
    ana.answer_right()
    ana.open(QUIZ)
    assert "Question 2 of 3" in ana.text
    assert ana.question.id == path.quiz[1]

    ana.open(ana.address.rpartition("/")[0] + "/stop")
    assert main_buttons(ana) == ["Back to “This week”", "Continue with question 2"]
    ana.go_on()
    assert "Or start with" not in ana.text
    assert main_buttons(ana)[:2] == ["Continue with step 1", "Continue the quiz"]
    ana.open("/")
    assert "Quiz “This week”: 2 questions left" in ana.text
    ana.open("/quizzes")
    assert "Continue with question 2: This week" in ana.text


def test_it_leads_to_the_first_lesson_of_its_path(ana, content, path):
    ana.take("path/this-week")

    assert "You’ve finished this quiz" in ana.text
    assert "Quiz: This week" in ana.text
    assert f"Next lesson: {content.lessons[path.lessons[0]].title}" in ana.text
    step = f'class="button" href="/lessons/{path.lessons[0]}?path=this-week"'
    for page in ("", "/", "/progress", "/lessons"):
        if page:
            ana.open(page)
        assert step in ana.html, page
    ana.open(PATH)
    assert main_buttons(ana)[0] == "Continue with step 1"
    assert "Or start with" not in ana.text
    assert "Continue the quiz" not in ana.text


def test_it_can_be_taken_again(ana, rows, path):
    ana.take("path/this-week")
    ana.follow("Take this quiz again")
    assert "Question 1 of 3" in ana.text
    ana.take("path/this-week")
    assert sorted(r.question_id for r in rows(ana)) == sorted([*path.quiz, *path.quiz])


def test_whoever_missed_the_fever_reads_what_to_do_at_the_end(ana):
    ana.take("path/this-week", right=False)
    assert "Signs to know" in ana.text
    assert "A fever:" in ana.text
    ana.take("path/this-week")
    assert "Signs to know" not in ana.text


def test_it_has_no_score(ana):
    ana.take("path/this-week")
    assert "All of your answers were right." in ana.text
    ana.open(QUIZ)
    while 'name="question"' in ana.html:
        ana.answer_wrong() if "Question 2" in ana.text else ana.answer_right()
        ana.go_on()
    assert "You can look at the answer to each question as often as you like." in ana.text
    assert not re.search(r"\d of \d", ana.text)


def test_its_answers_count_as_any_other(ana, content, path):
    ana.take("path/this-week")
    ana.open("/progress")
    for question in path.quiz:
        lesson = content.lessons[content.bank.objective_of(question).lesson]
        assert lesson.title in ana.text
    assert "This week" in ana.text, "in the history"
    ana.take("lesson/what-is-all")
    ana.open(PATH)
    assert "Quiz done. Lesson not read yet." in ana.text


def test_the_path_is_known_on_another_device(ana, ben, content):
    ana.open("/quizzes/path/for-parents")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        assert session["path"] == "for-parents"
        session.pop("path")
    ana.open("/")
    title = content.paths["for-parents"].leads
    assert f'class="button button-secondary" href="/lessons/paths/for-parents">{title}' in ana.html


def test_an_attempt_from_the_address_before_goes_on(ana, rows):
    before = "/quizzes/lesson/what-is-all?path=this-week"
    ana.open(before)
    ana.address = before
    ana.answer_right()
    total = len(rows(ana))
    ana.open(before)
    assert f"Question 2 of {total}" in ana.text
    ana.open(PATH)
    assert "Or start with" not in ana.text
    ana.open(QUIZ)
    assert "Question 1 of 3" in ana.text, "each has a name of its own"
    register(ana, "Ana")
    ana.open("/")
    assert "Quiz “What is ALL?" in ana.text


@pytest.fixture
def hold(app):
    def questions(*names: str) -> None:
        with app.extensions["learn.database"].transaction() as session:
            actions.hold_questions(session, {q: ["F30"] for q in names}, DAWN)
        app.extensions.pop("learn.available_content", None)

    return questions


def test_questions_on_hold_are_left_out(ana, hold, path):
    hold(path.quiz[0])
    ana.open(QUIZ)
    assert "Question 1 of 2" in ana.text
    assert ana.question.id == path.quiz[1]
    hold(*path.quiz[1:])
    assert ana.open(QUIZ).status_code == 200
    assert "under review" in ana.text


def test_a_path_without_questions_of_its_own_offers_the_quiz_of_its_lesson(ana, ben, change, path):
    summary = ana.take("path/this-week")
    ben.take("lesson/b-cell-all")
    change()
    ben.open(PATH)
    assert "Or start with a short quiz" in ben.text
    assert f'href="/quizzes/lesson/{path.lessons[0]}?path=this-week"' in ben.html
    assert ben.open(QUIZ).status_code == 404
    ana.open(summary)
    assert "Quiz: This week" in ana.text, "what was answered keeps its name"
    ana.open(f"{summary}/stop")
    assert main_buttons(ana)[0] == "Back to “This week”"


def test_an_attempt_goes_on_with_its_own_questions_when_the_path_names_others(ana, change, path):
    ana.open(QUIZ)
    ana.answer_right()
    change("how-all-begins-start")
    ana.open(QUIZ)
    assert "Question 2 of 3" in ana.text
    assert ana.question.id == path.quiz[1]


def test_a_quiz_that_its_path_no_longer_names_is_not_offered(ana, change):
    ana.open(QUIZ)
    ana.answer_right()
    change()
    ana.open(PATH)
    assert "Continue the quiz" not in ana.text


@pytest.mark.parametrize("name", ["nowhere", "what-is-all"])
def test_there_is_no_quiz_of_an_unknown_path(ana, name):
    assert ana.open(f"/quizzes/path/{name}").status_code == 404
