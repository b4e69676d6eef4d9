"""Practice what was missed, with other questions on the same ideas."""

from __future__ import annotations

from collections import Counter

from questions.model import Objective
from tests.learn.people import Person, text_of

PRACTICE = "/quizzes/practice"


def asked_in(person: Person, *, right: bool = True) -> list[str]:
    """Take the practice, and return the questions that it asked."""
    person.open(PRACTICE)
    asked = []
    while 'name="question"' in person.html:
        asked.append(person.question.id)
        person.answer_right() if right else person.answer_wrong()
        person.go_on()
    return asked


def missed_in(
    person: Person, lesson: str, *missed: int, sure: int | None = None
) -> list[Objective]:
    """Take a lesson's quiz with these questions missed; return their objectives, in order."""
    objectives = []
    person.open(f"/quizzes/lesson/{lesson}")
    number = 0
    while 'name="question"' in person.html:
        if number in missed:
            objectives.append(person.content.bank.objectives[person.question.objective])
            person.answer_wrong(**({"sure": "yes"} if number == sure else {}))
        else:
            person.answer_right()
        person.go_on()
        number += 1
    return objectives


def test_the_summary_offers_other_questions_on_the_same_ideas(ana: Person, content, rows):
    missed = missed_in(ana, "where-all-stands", 1, 3)
    assert f'href="{PRACTICE}"' in ana.html
    before = {row.question_id for row in rows(ana)}
    asked = asked_in(ana)

    assert {content.bank.questions[q].objective for q in asked} == {o.id for o in missed}
    assert not {*asked} & before
    assert "Practice what you missed" in ana.text


def test_all_right_offers_no_practice(ana):
    ana.take("lesson/what-is-all")

    assert PRACTICE not in ana.html
    assert "Nothing to review right now" in text_of(ana.open(PRACTICE))


def test_practice_is_not_offered_by_an_old_summary_once_it_was_answered_right(ana, clock):
    missed_in(ana, "what-is-all", 0)
    summary = ana.address
    clock.forward(minutes=5)
    asked_in(ana)
    ana.open(summary)

    assert "to look at again" in ana.text
    assert PRACTICE not in ana.html


def test_the_last_quiz_is_practiced_first_and_in_it_what_was_sure_but_mistaken(ana, clock, content):
    missed_in(ana, "what-causes-all", 0, 1, sure=0)
    clock.forward(minutes=5)
    missed = missed_in(ana, "where-all-stands", 1, 2, 4, sure=4)
    asked = [content.bank.questions[q].objective for q in asked_in(ana)]

    assert len(asked) == 5
    assert asked[0] == missed[2].id
    assert {*asked[:3]} == {o.id for o in missed}


def test_at_most_five_are_asked_and_each_idea_once(ana, content):
    for lesson in ("what-is-all", "what-causes-all"):
        ana.take(f"lesson/{lesson}", right=False)
    asked = [content.bank.questions[q].objective for q in asked_in(ana, right=False)]

    assert len(asked) == 5
    assert set(Counter(asked).values()) == {1}


def test_a_new_visitor_has_nothing_to_practice(somebody_new):
    assert "A review brings back ideas" in text_of(somebody_new.open(PRACTICE))
    assert somebody_new.browser.get_cookie("learn_all") is None


def test_practice_is_the_next_step_once_all_is_read(ana, content, clock):
    missed_in(ana, "what-is-all", 0)
    for lesson in content.lessons:
        ana.read(lesson)
    ana.open("/")

    assert "A few ideas need another look." in ana.text
    ana.go_on()
    assert ana.address == PRACTICE


def test_a_score_of_half_or_less_is_no_number(ana):
    for missed, is_shown in ((1, True), (3, False)):
        missed_in(ana, "what-is-all", *range(missed))
        assert ("right on your first try" in ana.text) is is_shown, ana.text
        assert ("Nobody knows all of this at first." in ana.text) is not is_shown


def test_the_summary_lists_questions_with_their_cases(ana, content, rows):
    missed_in(ana, "where-all-stands", *range(7))
    questions = [content.bank.questions[row.question_id] for row in rows(ana)]
    cases = [question.vignette for question in questions if question.vignette]
    assert cases
    assert all(case in ana.text for case in cases)


def test_the_summary_takes_few_statements(ana, statements):
    missed_in(ana, "what-is-all", 0)
    statements.clear()
    ana.open(ana.address)

    assert len(statements) <= 3, statements
