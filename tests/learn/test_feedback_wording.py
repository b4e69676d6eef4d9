"""Feedback and counts say how an answer was in the words of its score."""

from __future__ import annotations

from dataclasses import replace

import pytest

from learn.quizzes.taking.feedback import feedback
from questions.grading import Outcome
from questions.kinds import Choices, Match, Order
from questions.model import Response
from tests.learn.people import form_fields


def one_pair_off(question: Match) -> Response:
    """Return a response with another target for the first row."""
    first = question.parts[0]
    other = next(t for t in question.targets if t != first.target)
    return Response(pairs={**question.right_response().pairs, first.id: other})


def first_two_swapped(question: Order) -> Response:
    places = {step.id: n for n, step in enumerate(question.parts, 1)}
    first, second = (step.id for step in question.parts[:2])
    return Response(places={**places, first: 2, second: 1})


@pytest.fixture
def match(content):
    """Return a match of which two thirds or more can be right."""
    rows = [q for q in content.bank.questions.values() if isinstance(q, Match)]
    return next(q for q in rows if len(q.parts) >= 3)


@pytest.fixture
def order(content):
    return next(q for q in content.bank.questions.values() if isinstance(q, Order))


def test_two_thirds_of_the_pairs_are_almost_right(match):
    assert feedback(match, match.version, one_pair_off(match)).outcome is Outcome.ALMOST
    assert feedback(match, match.version, match.right_response()).outcome is Outcome.RIGHT
    assert feedback(match, match.version, Response(unsure=True)).outcome is Outcome.UNSURE


def test_rows_stand_in_the_order_in_which_they_were_seen(match):
    shown = [p.id for p in match.parts][::-1]
    marks = feedback(match, match.version, one_pair_off(match), shown).marks

    assert [mark.part.id for mark in marks] == shown


def test_steps_stand_in_their_right_order(order):
    shown = [p.id for p in order.parts][::-1]
    marks = feedback(order, order.version, first_two_swapped(order), shown).marks

    assert [mark.part.id for mark in marks] == [p.id for p in order.parts]


def come_to(person, kind):
    """Answer right until a question of that class is on the page."""
    bank = person.content.bank
    asking = {bank.objective_of(q.id).topic for q in bank.questions.values() if isinstance(q, kind)}
    for topic in sorted(asking) * 4:  # a quiz asks a part of its topic
        person.open(f"/quizzes/topic/{topic}")
        while 'name="question"' in person.html:
            if isinstance(person.question, kind) and len(person.question.parts) >= 3:
                return person.question
            person.answer_right()
            person.go_on()
    raise AssertionError(f"no quiz asked a {kind.kind}")


def test_an_almost_right_answer_is_called_so_and_counted_so(ana):
    question = come_to(ana, Match)
    ana.answer(form_fields(question, one_pair_off(question)))
    assert "Almost right" in ana.text
    assert "Not quite" not in ana.text
    n = len(question.parts)
    assert f"You matched {n - 1} of {n}." in ana.text

    ana.go_on()
    while 'name="question"' in ana.html:
        ana.answer_right()
        ana.go_on()
    assert "One was almost right." in ana.text
    assert "not quite right" not in ana.text


def test_an_order_says_how_many_steps_are_in_their_places(ana):
    question = come_to(ana, Order)
    ana.answer(form_fields(question, first_two_swapped(question)))

    count = len(question.parts)
    verb = "is" if count == 3 else "are"
    said = f"{count - 2} of {count} steps {verb} in the right place."
    assert said in ana.text


def test_an_order_that_only_starts_too_late_says_that_some_steps_follow_one_another(ana):
    question = come_to(ana, Order)
    first, *rest = (part.id for part in question.parts)
    ana.answer({f"step-{step}": str(place) for place, step in enumerate([*rest, first], 1)})

    assert "No step is in the right place yet, but some are in the right order." in ana.text


def test_what_was_missed_and_what_was_not_sure_are_counted_apart(ana):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_wrong()
    ana.go_on()
    ana.answer({"answer": "?"})
    ana.go_on()
    while 'name="question"' in ana.html:
        ana.answer_right()
        ana.go_on()

    assert "One was not quite right. You weren’t sure of one." in ana.text


def test_an_earlier_version_is_shown_in_the_order_seen_as_well(match):
    earlier = replace(match, version="0" * 12)
    first, *rest = [p.id for p in match.parts]
    shown = [*rest, first]

    assert [
        m.part.id for m in feedback(earlier, match.version, one_pair_off(match), shown).marks
    ] == shown


def test_what_was_found_of_several_right_answers_is_not_among_the_others(ana):
    question = come_to(ana, Choices)
    right = [part.id for part in question.parts if part.right]
    wrong = [part.id for part in question.parts if not part.right]
    ana.answer({"answer": [right[0], wrong[0]]})
    main = ana.html.partition("<main")[2]
    found, others = main.partition("What you got right:")[2].split("The other answer")

    assert "Right answer. You chose it." in found
    assert "You chose" not in others
    assert main.index("You chose this.") < main.index("What you got right:")
