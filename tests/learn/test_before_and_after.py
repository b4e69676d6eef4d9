"""The quizzes before and after the lessons, and their comparison."""

from __future__ import annotations

import re
import uuid

import pytest

from learn.editorial import actions as review_actions
from tests.learn.edits import without, without_objective
from tests.learn.people import Person, right_answer
from tests.learn.signing_in import add_credentials, sign_in

PAGE = "/before-and-after"
UNSURE = {"answer": "?"}


def sit(person: Person, quiz: str, right: int, *, unsure: bool = False) -> list[str]:
    """Answer `right` questions right and the others not; return the objectives, in order."""
    person.open(f"/quizzes/{quiz}")
    asked = []
    while 'name="question"' in person.html:
        asked.append(person.question.objective)
        if len(asked) <= right:
            person.answer_right()
        elif unsure:
            person.answer(UNSURE)
        else:
            person.answer_wrong()
        person.go_on()
    return asked


def by_quiz(rows, person: Person) -> list[dict[str, str]]:
    """For each attempt, its questions by objective."""
    asked: dict[object, dict[str, str]] = {}
    for row in rows(person):
        asked.setdefault(row.attempt_id, {})[row.objective_id] = row.question_id
    return [*asked.values()]


def test_a_new_visitor_can_start_the_quiz_before_the_lessons(somebody_new: Person, rows):
    for page in ("/", "/lessons"):
        somebody_new.open(page)
        assert "Answer a few questions to see what you already know" in somebody_new.text
        assert 'href="/quizzes/before"' in somebody_new.html
    somebody_new.open("/quizzes/before")

    assert "What do you already know?" in somebody_new.text
    assert "It’s fine to say you’re not sure." in somebody_new.text
    assert "Question 1 of 6" in somebody_new.text
    assert rows(somebody_new) == []


def test_the_quiz_asks_six_questions_on_six_objectives_across_topics(ana, content, rows):
    asked = sit(ana, "before", 3)

    assert len(asked) == len({*asked}) == 6
    assert len({content.bank.objectives[o].topic for o in asked}) == 6
    assert len(by_quiz(rows, ana)) == 1


def test_each_answer_gets_feedback_at_once(ana):
    ana.open("/quizzes/before")
    ana.answer(UNSURE)

    assert "Here’s the answer" in ana.text
    ana.go_on()
    assert "What do you already know?" not in ana.text


def test_different_learners_get_different_questions(ana, ben):
    assert sit(ana, "before", 0) != sit(ben, "before", 0)


def test_the_first_result_shows_counts_and_no_judgment(ana):
    sit(ana, "before", 2, unsure=True)

    assert ana.address == PAGE
    words = " ".join(ana.text.split())
    assert "Right 2 of 6" in words
    assert "Not sure 4 of 6" in words
    assert "Not quite right 0 of 6" in words
    assert "Nobody needs to know this ahead of time." in ana.text
    assert "Lessons about these ideas" in ana.text


def test_the_quiz_before_can_be_taken_once(ana, rows):
    sit(ana, "before", 2)
    for _ in range(2):
        ana.open("/quizzes/before")
        assert ana.address == PAGE
    assert len(by_quiz(rows, ana)) == 1
    ana.open("/")
    assert "/quizzes/before" not in ana.html
    ana.open("/lessons")
    assert "/quizzes/before" not in ana.html


def test_a_stale_first_page_starts_no_second_attempt(ana, rows):
    ana.open("/quizzes/before")
    form, question = ana.form(), ana.question
    sit(ana, "before", 6)
    ana.post("/quizzes/before", form | right_answer(question))
    assert ana.page.status_code == 303
    ana.post("/quizzes/before", form | right_answer(question) | {"plan": "x"})

    assert len(by_quiz(rows, ana)) == 1


def test_the_quiz_before_is_not_offered_after_lessons_were_started(ana):
    ana.take("lesson/what-is-all")
    for page in ("/", "/lessons"):
        ana.open(page)
        assert "/quizzes/before" not in ana.html


def test_the_quiz_before_can_be_stopped_and_resumed(ana):
    ana.open("/quizzes/before")
    ana.answer_right()
    ana.open(PAGE)
    assert "You’ve started the questions before the lessons. Your answers are saved." in ana.text
    ana.go_on()

    assert "Question 2 of 6" in ana.text


def test_the_quiz_after_asks_other_questions_on_the_same_objectives(ana, rows):
    before = sit(ana, "before", 1)
    ana.open("/quizzes/after")
    assert "Different questions on the same ideas as before the lessons" in ana.text
    after = sit(ana, "after", 6)
    then, now = by_quiz(rows, ana)

    assert {*before} == {*after} == {*then} == {*now}
    assert not {*then.values()} & {*now.values()}


def test_the_quiz_after_prefers_questions_of_the_level_never_asked_before(ana, content, rows):
    before = sit(ana, "before", 6)
    lessons = {content.bank.objectives[o].lesson for o in before}
    for lesson in lessons:
        ana.take(f"lesson/{lesson}")
    seen = {r.question_id for r in rows(ana)}
    ana.open("/quizzes/after")
    asked = []
    while 'name="question"' in ana.html:
        asked.append(ana.question)
        ana.answer_right()
        ana.go_on()

    assert len(asked) == 6
    for question in asked:
        questions = content.bank.objectives[question.objective].questions
        left = {q.id for q in questions if q.level == question.level} - seen
        assert question.id in left or not left


def test_the_comparison_shows_counts_and_what_is_known_now(ana, content):
    sit(ana, "before", 3, unsure=True)
    sit(ana, "after", 5)

    assert ana.address == PAGE
    words = " ".join(ana.text.split())
    assert "3 of 6 before, 5 of 6 after" in words
    assert "What you know now that you didn’t before" in words
    assert "This isn’t a grade. A few questions can’t show much, and chance plays a part." in words
    assert "Answering the first questions makes the second ones easier." in words
    assert "And we can’t know how you’d have done without the lessons." in words
    assert "Save this question" in words


@pytest.mark.parametrize(
    ("first", "second", "headings"),
    [
        (0, 6, {"What you know now that you didn’t before"}),
        (6, 6, {"What you knew both times"}),
        (6, 0, {"Worth another look"}),
    ],
)
def test_empty_sections_of_the_comparison_are_left_out(ana, first, second, headings):
    sit(ana, "before", first)
    sit(ana, "after", second)
    every = {
        "What you know now that you didn’t before",
        "What you knew both times",
        "Worth another look",
    }

    assert {h for h in every if h in ana.text} == headings


def test_not_sure_is_shown_separately_with_a_link_to_the_passage(ana, content):
    asked = sit(ana, "before", 0)
    ana.open("/quizzes/after")
    while 'name="question"' in ana.html:
        ana.answer(UNSURE)
        ana.go_on()

    assert ana.text.count("Before: Not quite right. After: Not sure.") == 6
    for objective in asked:
        assert f'href="/lessons/{content.bank.objectives[objective].lesson}#' in ana.html
        assert f'name="objective" value="{objective}">' in ana.html


def test_the_quiz_after_is_offered_once_its_lessons_are_read(ana, content, clock):
    before = sit(ana, "before", 3)
    lessons = {content.bank.objectives[o].lesson for o in before}
    ana.open(PAGE)
    for lesson in lessons:
        assert f'href="/lessons/{lesson}"' in ana.html
    for lesson in lessons:
        ana.open("/")
        assert "/quizzes/after" not in ana.html
        ana.read(lesson)
    ana.open("/")
    assert "See what you know after the lessons" in ana.text
    ana.open(PAGE)
    assert "You’ve read the lessons about these ideas." in ana.text
    for lesson in content.lessons:
        ana.read(lesson)
    for page in ("/", "/progress"):
        ana.open(page)
        assert "Answer the second set of questions" in ana.text
    ana.open("/progress")
    assert f'href="{PAGE}"' in ana.html
    ana.open("/")
    ana.go_on()
    assert "Question 1 of 6" in ana.text
    sit(ana, "after", 6)
    ana.open("/")
    assert "/quizzes/after" not in ana.html
    ana.open("/quizzes/after")
    assert ana.address == PAGE


@pytest.mark.parametrize("begun", [False, True])
def test_the_quiz_after_without_the_quiz_before_redirects_to_the_introduction(ana, begun):
    if begun:
        ana.open("/quizzes/before")
        ana.answer_right()
    ana.open("/quizzes/after")

    assert ana.address == PAGE
    assert "You won’t be graded, and you can skip it." in ana.text


def test_the_introduction_explains_the_quizzes_to_a_new_visitor(somebody_new):
    somebody_new.open(PAGE)
    assert somebody_new.browser.get_cookie("learn_all") is None
    somebody_new.go_on()

    assert "Question 1 of 6" in somebody_new.text


def test_an_objective_removed_in_between_is_left_out(ana, app, content):
    asked = sit(ana, "before", 2)
    app.extensions["learn.content"] = ana.content = without_objective(content, asked[0])
    after = sit(ana, "after", 6)

    assert {*after} == {*asked[1:]}
    assert "1 of 5 before, 5 of 5 after" in " ".join(ana.text.split())
    assert "One idea from before couldn’t be asked about again" in ana.text


def test_a_question_removed_in_between_changes_no_count(ana, app, content, rows):
    sit(ana, "before", 6)
    gone = rows(ana)[0].question_id
    app.extensions["learn.content"] = ana.content = without(content, gone)
    sit(ana, "after", 6)

    assert "6 of 6 before, 6 of 6 after" in " ".join(ana.text.split())


def test_quiz_waits_while_every_other_question_is_on_hold(ana, app, content, clock):
    asked = sit(ana, "before", 6)
    held = {q.id: ["F1"] for o in asked for q in content.bank.objectives[o].questions}
    with app.extensions["learn.database"].transaction() as session:
        review_actions.hold_questions(session, held, clock.now)
    app.extensions.pop("learn.available_content", None)
    ana.open("/quizzes/after")

    assert "This quiz is under review" in ana.text
    ana.open(PAGE)
    assert ana.page.status_code == 200


@pytest.mark.parametrize("first", ["phone", "tablet"])
def test_two_merged_devices_keep_both_comparisons(ana, app, content, clock, first):
    """Compare the quiz after with its own quiz before; the other one has a plain summary."""
    account = add_credentials(app, uuid.uuid4())
    phone, tablet = Person(app, content), Person(app, content)
    sat = {}
    for device in (phone, tablet) if first == "phone" else (tablet, phone):
        sat[device] = sit(device, "before", 2)
        clock.forward(hours=1)
    for device in (tablet, phone):
        sign_in(device, account)
    assert {*sit(phone, "after", 6)} in [{*asked} for asked in sat.values()]

    assert phone.address == PAGE
    assert "2 of 6 before, 6 of 6 after" in " ".join(phone.text.split())
    phone.open("/progress")
    assert phone.text.count("Before the lessons") == 2
    ends = {
        phone.open(a).request.path
        for a in re.findall(r'href="(/quizzes/[0-9a-f-]{36})"', phone.html)
    }
    assert len(ends) == 2
    assert PAGE in ends
    phone.open(next(iter(ends - {PAGE})))
    assert "You’ve finished this quiz" in phone.text
    assert "Take this quiz again" not in phone.text


def test_the_page_opens_when_all_its_objectives_were_removed(ana, app, content):
    asked = sit(ana, "before", 2)
    sit(ana, "after", 2)
    smaller = content
    for objective in asked:
        smaller = without_objective(smaller, objective)
    app.extensions["learn.content"] = smaller
    ana.open(PAGE)

    assert "6 ideas from before couldn’t be asked about again" in ana.text
    assert "0 of 0" not in ana.text


def test_the_history_lists_both_quizzes(ana):
    sit(ana, "before", 6)
    sit(ana, "after", 6)
    ana.open("/progress")

    assert "Before the lessons" in ana.text
    assert "After the lessons" in ana.text


def test_results_of_others_are_not_found(ana, ben):
    sit(ana, "before", 6)
    ben.open(PAGE)

    assert "You’ve answered the questions before the lessons." not in ben.text


def test_both_quizzes_take_few_statements(ana, statements):
    """Opening `after` reads attempts, the open one, its items, and all items."""
    statements.clear()
    for quiz, most in (("before", 2), ("after", 4)):
        statements.clear()
        ana.open(f"/quizzes/{quiz}")
        assert len(statements) <= most, statements
        ana.answer_right()
        ana.go_on()
        statements.clear()
        ana.browser.get(ana.address)
        assert len(statements) <= 2, statements
        statements.clear()
        ana.browser.post(ana.address, data=ana.form() | right_answer(ana.question))
        assert len(statements) <= 4, statements
        sit(ana, quiz, 6)
