"""Check my understanding: a quiz on chosen lessons."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from learn.editorial import actions as review_actions
from learn.models import CareLine
from learn.quizzes.outcomes.summary import ReviewSuggestion
from tests.learn.people import Person, right_answer

FORM = "/quizzes/check"
BEGIN = "/quizzes/check/questions"


def choose(person: Person, *lessons: str, length: object = 5) -> None:
    about = "some" if lessons else "all"
    person.open(f"{BEGIN}?about={about}&length={length}" + "".join(f"&lesson={n}" for n in lessons))
    person.address = f"{BEGIN}?{person.page.request.query_string.decode()}"


def answer_all(person: Person, *, right: bool = True, **more: str) -> list[str]:
    asked = []
    while 'name="question"' in person.html:
        asked.append(person.question.id)
        person.answer_right(**more) if right else person.answer_wrong(**more)
        person.go_on()
    return asked


def test_the_check_is_offered_to_helpers_and_to_everyone(ben):
    for page, words in (
        ("/", "For family and friends: Do I know enough to help?"),
        ("/quizzes", "For family and friends: Do I know enough to help?"),
    ):
        ben.open(page)
        assert f'href="{FORM}"' in ben.html
        assert words in ben.text
    ben.open(FORM)

    assert "For family and friends: Do I know enough to help?" in ben.text
    assert "Anyone can use this." in ben.text


def test_every_lesson_and_three_lengths_can_be_selected(ben, content):
    ben.open(FORM)

    for lesson in content.counted_lessons.values():
        assert f'name="lesson" value="{lesson.id}"' in ben.html
    for length in (5, 10, 20):
        assert f'name="length" value="{length}"' in ben.html
    assert 'value="all" id="about" checked' in ben.html
    assert 'name="length" value="10" checked' in ben.html


def test_a_lesson_whose_questions_are_for_practice_only_cannot_be_checked(ben, content):
    practice = content.lessons_with_questions.keys() - content.counted_lessons.keys()
    ben.open(FORM)

    assert practice
    for lesson in practice:
        assert f'name="lesson" value="{lesson}"' not in ben.html
        page = ben.browser.get(f"{BEGIN}?about=some&lesson={lesson}&length=5")
        assert page.status_code == 422


@pytest.mark.parametrize("length", [5, 10, 20])
def test_a_check_on_everything_spreads_over_the_objectives(ben, content, length, rows):
    choose(ben, length=length)
    assert f"Question 1 of {length}" in ben.text
    assert rows(ben) == []
    asked = answer_all(ben)

    assert len(asked) == length
    assert len({content.bank.questions[q].objective for q in asked}) == length


def test_only_the_chosen_lessons_are_asked_about(ben, content):
    choose(ben, "where-all-stands", "what-causes-all", length=20)
    asked = answer_all(ben)
    objectives = [content.bank.objective_of(q) for q in asked]

    assert len(asked) == 20
    assert {o.lesson for o in objectives} == {"where-all-stands", "what-causes-all"}
    counts = Counter(o.id for o in objectives)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_unseen_objectives_come_first_and_mastered_ones_last(ben, content, clock):
    for _ in range(2):
        ben.take("lesson/what-is-all")
        clock.forward(days=1)
    ben.take("lesson/where-all-stands")
    choose(ben, "what-is-all", "where-all-stands", "what-causes-all", length=10)
    asked = [content.bank.objective_of(q).lesson for q in answer_all(ben)]
    new = len(content.bank.of_lesson("what-causes-all"))
    met = len(content.bank.of_lesson("where-all-stands"))

    assert Counter(asked)["what-causes-all"] == min(new, 10)
    assert Counter(asked)["where-all-stands"] == min(met, 10 - min(new, 10))


def test_questions_not_asked_before_come_first(ben, content, rows):
    ben.take("lesson/what-is-all")
    seen = {r.question_id for r in rows(ben)}
    choose(ben, "what-is-all", length=5)

    assert not seen & {*answer_all(ben)}


def test_a_shorter_check_than_requested_says_so(ben, content):
    lesson = min(
        content.counted_lessons,
        key=lambda n: sum(len(o.questions) for o in content.bank.of_lesson(n)),
    )
    there = sum(len(o.questions) for o in content.bank.of_lesson(lesson))
    assert there < 20
    choose(ben, lesson, length=20)

    assert f"There are only {there} questions about this right now." in ben.text
    assert f"Question 1 of {there}" in ben.text
    assert len({*answer_all(ben)}) == there


def test_the_summary_shows_by_lesson_what_is_understood(ben, content):
    choose(ben, "what-is-all", "where-all-stands", length=20)
    while 'name="question"' in ben.html:
        if content.bank.objectives[ben.question.objective].lesson == "what-is-all":
            ben.answer_right()
        else:
            ben.answer_wrong()
        ben.go_on()
    understood, again = ben.html.split("to look at again")

    assert "You’ve finished this quiz" in ben.text
    assert "You don’t have to know everything to help." in ben.text
    assert content.lessons_with_questions["what-is-all"].title in understood
    assert content.lessons_with_questions["where-all-stands"].title not in understood
    assert 'href="/lessons/where-all-stands#' in again
    for objective in content.bank.of_lesson("where-all-stands"):
        assert f'name="objective" value="{objective.id}">' in again


def test_a_lesson_is_understood_when_all_its_answers_were_right(ben, content):
    choose(ben, "what-is-all", length=20)
    first = ben.question.objective
    ben.answer_wrong()
    ben.go_on()
    answer_all(ben)

    assert "What you know So far" not in ben.text
    idea = ReviewSuggestion(content.bank.objectives[first], ()).idea
    assert f"One idea to look at again {content.lessons['what-is-all'].title} {idea}" in ben.text


def test_a_right_but_unsure_answer_is_suggested_for_the_care_team_unticked(ben, content, rows):
    choose(ben, "what-is-all", length=5)
    answer_all(ben, sure="no")
    asked = {r.objective_id for r in rows(ben)}

    assert "You were right, and said you weren’t sure." in ben.text
    for objective in asked:
        assert f'name="objective" value="{objective}">' in ben.html
    assert "You got 5 of 5 right on your first try." in ben.text


def test_a_right_answer_without_the_tick_is_no_doubt(ben, content, rows):
    choose(ben, "what-is-all", length=5)
    answer_all(ben)

    assert {r.sure for r in rows(ben)} == {None}
    assert "You were right, and" not in ben.text
    assert "to take with you" not in ben.text


def test_missed_and_unsure_answers_can_be_saved_as_questions(ana, connection):
    ana.open("/quizzes/lesson/what-is-all")
    missed = ana.question.objective
    ana.answer_wrong(sure="no")
    ana.go_on()
    doubted = ana.question.objective
    ana.answer_right(sure="no")
    ana.go_on()
    answer_all(ana, sure="yes")

    assert f'name="objective" value="{missed}">' in ana.html
    assert f'name="objective" value="{doubted}">' in ana.html
    assert ana.html.count('name="objective"') == 3  # one of them is also the one to take home
    assert "You were right, and said you weren’t sure." in ana.text
    ana.open("/care-team")
    ana.post("/care-team/add", ana.form() | {"objective": [doubted]})
    kept = select(CareLine.objective_id).where(CareLine.account_id == ana.account)
    assert [*connection.scalars(kept)] == [doubted]


def test_without_a_lesson_the_form_comes_back_with_the_other_choices(ben, rows):
    ben.open(f"{BEGIN}?about=some&length=20")

    assert ben.page.status_code == 422
    assert "No lesson is chosen yet" in ben.text
    assert "Nothing is lost." in ben.text
    assert 'name="about" value="some" checked' in ben.html
    assert 'name="length" value="20" checked' in ben.html
    assert 'href="#lessons"' in ben.html
    assert 'id="lessons"' in ben.html
    assert rows(ben) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("about=some&lesson=no-such&lesson=what-is-all&length=5", "We couldn’t read that choice"),
        ("about=none&lesson=what-is-all&length=5", "We couldn’t read that choice"),
        ("about=all&lesson=what-is-all&length=7", "We couldn’t read how many questions you want"),
        (
            "about=all&lesson=what-is-all&length=many",
            "We couldn’t read how many questions you want",
        ),
        ("about=all&lesson=what-is-all&length=", "We couldn’t read how many questions you want"),
        ("about=all&lesson=what-is-all&length=-5", "We couldn’t read how many questions you want"),
        (
            "about=all&lesson=what-is-all&length=" + "9" * 500,
            "We couldn’t read how many questions you want",
        ),
    ],
)
def test_an_unknown_choice_is_asked_for_again(ben, query, said):
    for method in (ben.browser.get, ben.browser.post):
        ben.page = method(f"{BEGIN}?{query}")
        assert ben.page.status_code == 422
        assert said in ben.text
        assert 'value="what-is-all" id="lessons" checked' in ben.html


def test_without_a_choice_the_check_is_ten_questions_on_everything(ben):
    ben.open(BEGIN)

    assert "Question 1 of 10" in ben.text


def test_an_open_check_can_be_resumed_and_a_new_one_started(ben, rows):
    choose(ben, "what-is-all")
    ben.answer_right()
    ben.open(FORM)
    assert "You have a quiz you haven’t finished" in ben.text
    form = ben.html
    choose(ben, "where-all-stands")
    assert "Question 1 of 5" in ben.text
    ben.answer_right()
    assert len({r.attempt_id for r in rows(ben)}) == 2
    assert 'href="/quizzes/' in form
    ben.page = ben.browser.get(FORM)
    going_on = ben.html.split('class="button button-secondary" href="')[1].split('"')[0]
    ben.open(going_on)
    assert "Question 2 of 5" in ben.text


def test_two_checks_started_in_two_tabs_are_both_kept(ben, rows):
    tabs = []
    for lesson in ("what-is-all", "where-all-stands"):
        choose(ben, lesson)
        tabs.append((ben.address, ben.form() | right_answer(ben.question)))
    for address, form in tabs:
        page = ben.browser.post(address, data=form, follow_redirects=True)
        assert "That’s right" in page.get_data(as_text=True)

    answered = {r.question_id: r.attempt_id for r in rows(ben) if r.answered_at}
    assert {*answered} == {form["question"] for _, form in tabs}
    assert len({*answered.values()}) == 2


def test_a_double_click_starts_one_check(ben, rows):
    choose(ben, "what-is-all")
    form = ben.form() | right_answer(ben.question)
    for _ in range(2):
        assert ben.post(ben.address, form).status_code == 303

    assert len({r.attempt_id for r in rows(ben)}) == 1
    assert len([r for r in rows(ben) if r.answered_at]) == 1


def test_check_says_when_all_questions_of_a_lesson_are_on_hold(ben, app, content, clock):
    held = {q.id: ["F1"] for o in content.bank.of_lesson("what-is-all") for q in o.questions}
    with app.extensions["learn.database"].transaction() as session:
        review_actions.hold_questions(session, held, clock.now)
    app.extensions.pop("learn.available_content", None)
    choose(ben, "what-is-all")

    assert "This quiz is under review" in ben.text
    assert "Check my understanding" in ben.text


def test_the_history_lists_the_check(ben):
    choose(ben)
    answer_all(ben)
    ben.open("/progress")

    assert "Check my understanding" in ben.text


def test_a_check_takes_few_statements(ben, statements):
    """Its first page reads the rounds and the answers."""
    ben.take("lesson/what-is-all")
    statements.clear()
    choose(ben, length=10)
    assert len(statements) <= 2, statements
    ben.answer_right()
    ben.go_on()
    statements.clear()
    ben.browser.get(ben.address)
    assert len(statements) <= 2, statements
    statements.clear()
    ben.browser.post(ben.address, data=ben.form() | right_answer(ben.question))
    assert len(statements) <= 4, statements
