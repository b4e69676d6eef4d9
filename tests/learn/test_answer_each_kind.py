"""Answer each kind of question: tick, match, order."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from questions.kinds import KINDS
from tests.learn.edits import edited
from tests.learn.people import Person, right_answer, wrong_answer


def kept(rows, person, question):
    return [r for r in rows(person) if r.question_id == question.id and r.answered_at]


@pytest.mark.parametrize("kind", [*KINDS])
def test_a_right_answer_is_graded_right_for_each_kind(ana: Person, rows, kind):
    question = ana.come_to(kind)
    ana.answer_right()

    assert "That’s right" in ana.text
    assert [r.score for r in kept(rows, ana, question)] == [1.0]
    for part in question.parts:
        assert part.rationale in ana.text.replace("&#39;", "'")


@pytest.mark.parametrize("kind", [*KINDS])
def test_a_wrong_answer_shows_the_right_one_for_each_kind(ana, rows, kind):
    question = ana.come_to(kind)
    ana.answer_wrong()

    assert "Not quite" in ana.text
    assert kept(rows, ana, question)[0].score < 1
    for part in question.parts:
        assert part.rationale in ana.text.replace("&#39;", "'")


@pytest.mark.parametrize("kind", [*KINDS])
def test_not_sure_shows_the_right_answer_for_each_kind(ana, rows, kind):
    question = ana.come_to(kind)
    ana.answer({"answer": "?"})

    assert "Here’s the answer" in ana.text
    assert kept(rows, ana, question)[0].response == {"unsure": True}


@pytest.mark.parametrize("kind", [*KINDS])
def test_empty_answer_is_rejected(ana, rows, kind):
    question = ana.come_to(kind)
    ana.answer({})

    assert ana.page.status_code == 422
    assert "Nothing is chosen yet" in ana.text
    assert ana.question == question
    assert kept(rows, ana, question) == []


def test_a_part_that_ends_with_a_period_has_no_second_period_before_its_answer(ana, app, content):
    question = ana.come_to("match")
    rows = tuple(replace(r, text=f"{r.text.rstrip('.')}.") for r in question.parts)
    app.extensions["learn.content"] = edited(content, replace(question, parts=rows))
    ana.answer_right()

    for row in question.parts:
        said = f"{row.text.rstrip('.')}: {question.targets[row.target]}"
        assert said in html.unescape(ana.text)


def test_an_option_is_called_right_only_if_it_was_chosen_and_is_right(ana):
    question = ana.come_to("choices")
    right, other = ([o.id for o in question.parts if o.right is fits] for fits in (True, False))
    ana.answer({"answer": other[:1]})
    assert "Right answer. You chose it." not in ana.text
    assert len(re.findall(r"Right answer\b", ana.text)) == len(right)
    assert ana.text.count("You chose this.") == 1

    question = ana.come_to("choices")
    right, other = ([o.id for o in question.parts if o.right is fits] for fits in (True, False))
    ana.answer({"answer": [right[0], other[0]]})
    assert ana.text.count("Right answer. You chose it.") == 1
    assert len(re.findall(r"Right answer\b", ana.text)) == len(right)
    assert ana.text.count("You chose this.") == 1


def test_several_ticked_options_earn_partial_credit(ana, rows):
    question = ana.come_to("choices")
    right = [o.id for o in question.parts if o.right]
    ana.answer({"answer": right[:-1]})

    said = f"You found {len(right) - 1} of {len(right)}."
    assert said in ana.text
    is_missed = (len(right) - 1) / len(right) < 2 / 3
    assert (f"Not quite right Part of it is right. {said}" in ana.text) is is_missed
    assert kept(rows, ana, question)[0].score == pytest.approx((len(right) - 1) / len(right))


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_not_sure_counts_instead_of_what_was_checked_before(ana, rows, kind):
    question = ana.come_to(kind)
    ana.answer({"answer": [question.parts[0].id, "?"]})

    assert "Here’s the answer" in ana.text
    assert kept(rows, ana, question)[0].response == {"unsure": True}


def test_nobody_is_sure_of_not_being_sure(ana, rows):
    question = ana.come_to("choice")
    ana.answer({"answer": [question.parts[0].id, "?"]}, sure="yes")

    assert [row.sure for row in kept(rows, ana, question)] == [None]


@pytest.mark.parametrize("kind", [*KINDS])
def test_not_sure_is_a_button_of_the_form_after_the_one_that_enter_presses(ana, kind):
    ana.come_to(kind)
    form = ana.html.partition('class="question"')[2].partition("</form>")[0]
    buttons = re.findall(r"<button (?!type)([^>]*)>([^<]*)</button>", form)
    assert [words for _, words in buttons] == ["Check my answer", "I’m not sure"]
    assert 'name="answer" value="?"' in buttons[1][0]
    assert form.count("I’m not sure") == 1


def test_not_sure_that_came_too_late_is_asked_for_again_in_its_own_words(ana):
    ana.come_to("choice")
    ana.answer({"answer": "?"}, csrf_token="old")
    assert ana.page.status_code == 400
    assert "Please press “I’m not sure” again." in ana.text


def test_two_answers_to_a_single_choice_are_asked_again(ana, rows):
    question = ana.come_to("choice")
    ana.answer({"answer": [o.id for o in question.parts[:2]]})

    assert ana.page.status_code == 422
    assert "Choose one answer" in ana.text
    assert kept(rows, ana, question) == []


@pytest.mark.parametrize(("kind", "prefix"), [("match", "row-"), ("order", "step-")])
def test_a_half_finished_answer_is_asked_again_and_keeps_the_choices(ana, rows, kind, prefix):
    question = ana.come_to(kind)
    chosen = right_answer(question)
    first = next(iter(chosen))
    ana.answer({first: chosen[first]}, sure="yes")

    assert ana.page.status_code == 422
    assert "Some lines don’t have an answer" in ana.text
    assert ana.html.count(" selected") + ana.html.count(" checked>") == 2
    assert kept(rows, ana, question) == []
    ana.answer(chosen)
    assert "That’s right" in ana.text


def test_an_order_with_duplicate_places_is_asked_again_and_keeps_the_choices(ana, rows):
    question = ana.come_to("order")
    ana.answer(dict.fromkeys(right_answer(question), "1"))

    assert ana.page.status_code == 422
    assert "Two steps are in the same place" in ana.text
    assert ana.html.count(" selected") == len(question.parts)
    assert kept(rows, ana, question) == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("choice", {"answer": "nope"}),
        ("choices", {"answer": ["nope", "never"]}),
        ("match", {"row-nope": "nope"}),
        ("order", {"step-nope": "1"}),
        ("order", {"answer": "nope"}),
    ],
)
def test_a_part_that_the_question_does_not_have_is_rejected(ana, rows, kind, data):
    question = ana.come_to(kind)
    ana.answer(data)

    assert ana.page.status_code == 422
    assert "We couldn’t read that answer" in ana.text
    assert kept(rows, ana, question) == []


@pytest.mark.parametrize("place", ["0", "99", "-1", "first", "1" * 50])
def test_an_unknown_location_is_rejected(ana, rows, place):
    question = ana.come_to("order")
    ana.answer(right_answer(question) | {f"step-{question.parts[0].id}": place})

    assert ana.page.status_code == 422
    assert kept(rows, ana, question) == []


def test_not_sure_of_the_rest_keeps_the_parts_that_were_filled_in(ana, rows):
    question = ana.come_to("match")
    chosen = wrong_answer(question)
    first = next(iter(chosen))
    ana.answer({first: chosen[first], "answer": "?"})

    assert "Here’s the answer" in ana.text
    row = kept(rows, ana, question)[0]
    assert row.score == 0
    assert row.response == {"unsure": True, "pairs": {first.removeprefix("row-"): chosen[first]}}
