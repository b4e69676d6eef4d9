"""What to teach next suggests ideas that a class can be taught: safety first, doubt last."""

from __future__ import annotations

import html
import re

import pytest

from tests.learn.groups import MISSED, RIGHT, UNSURE

SUSPECT, SIBLING = "how-all-begins-start", "no-stage-lump"
WARNING = (
    "Check the answer key and the wording: people who did well on the other questions missed "
    "this one more often. Found in the answers to “Halfway quiz”"
)


@pytest.fixture
def halfway(group, content):
    """Thirty people take a quiz; who knows the rest misses the suspect question, 16 of 30."""
    counted = content.bank.counted.values()
    rest = [o.questions[0].id for o in counted if o.lesson == "treatment" and not o.about_safety]
    task = group.assign([SUSPECT, *rest[:3]], title="Halfway quiz")
    for number in range(30):
        knows = number < 16
        answers = {SUSPECT: MISSED if knows else RIGHT}
        answers |= dict.fromkeys(rest[:3], RIGHT if knows else MISSED)
        group.answer(group.join(), answers, quiz=f"assignment/{task.hex}")
    group.answer(group.join(), {SIBLING: RIGHT})  # so that not everybody answered the same
    return [content.bank.objective_of(q) for q in rest[:3]]


def cards(kim, group):
    kim.open(f"/groups/{group.id}")
    shown = re.search(r'(?s)<ol class="teach-cards">(.*?)</ol>', html.unescape(kim.html))[1]
    return re.findall(r'(?s)<li class="card">(.*?)</li>', shown)


def heading(card):
    return re.search(r"<h3>(.*?)</h3>", card)[1]


def test_a_question_in_doubt_is_marked_on_its_page_and_gives_way(kim, group, content, halfway):
    suspect = content.bank.objective_of(SUSPECT).to_teach
    kim.open(f"/groups/{group.id}/questions/{SUSPECT}")
    assert WARNING in kim.text
    shown = [heading(card) for card in cards(kim, group)]
    assert suspect not in shown, "14 of 30 miss each of three others, which is near"
    assert {*shown} == {objective.to_teach for objective in halfway}
    rows = re.findall(r'<tr><th scope="row"><a [^>]*>(.*?)</a>', html.unescape(kim.html))
    assert rows[0] == suspect, "the table keeps its order"


def test_a_card_of_a_question_in_doubt_says_so(kim, group, content, halfway):
    for number in range(30):
        group.answer(group.join(), {SUSPECT: MISSED if number < 29 else RIGHT})
    first, *others = cards(kim, group)
    assert heading(first) == content.bank.objective_of(SUSPECT).to_teach
    assert WARNING in first
    assert not any("Check the answer key" in card for card in others)


def test_nothing_is_doubted_without_thirty_people_or_an_assignment(kim, group, halfway, statements):
    for _ in range(2):
        kim.open(f"/groups/{group.id}?time=7")
        assert "Check the answer key" not in kim.text, "none of it is of this week"
    kim.open(f"/groups/{group.id}/questions/{SIBLING}")
    assert "Check the answer key" not in kim.text


def test_what_they_chose_comes_before_what_it_may_mean(kim, group, content):
    question = content.bank.questions[SUSPECT]
    wrong = next(part for part in question.parts if part.misconception)
    for _ in range(3):
        group.answer(group.join(), {SUSPECT: wrong.id})
    for how in (RIGHT, RIGHT, UNSURE):
        group.answer(group.join(), {SUSPECT: how})
    (card,) = cards(kim, group)
    said = f"3 of them chose “{wrong.text}” when asked “{question.stem}”"
    meant = f"This may mean they think: “{content.bank.misconceptions[wrong.misconception].belief}”"
    assert said in card
    assert card.index(said) < card.index(meant)
    assert "That question has 6 latest answers, and 4 missed it." in card
    kim.open(f"/groups/{group.id}/questions/{SUSPECT}")
    assert "These are 6 first answers to this question." in kim.text
    assert f"Most who missed it chose: “{wrong.text}” {meant}" in kim.text


def test_card_and_question_page_name_the_same_choice(kim, group, content):
    """Five of the six who missed it chose alike, however many missed another question."""
    objective = content.bank.objective_of(SUSPECT)
    other = next(q for q in objective.questions if q.id != SUSPECT)
    wrong = next(part for part in content.bank.questions[SUSPECT].parts if part.misconception)
    for how in [wrong.id] * 5 + [UNSURE, RIGHT]:
        group.answer(group.join(), {SUSPECT: how})
    for number in range(21):
        group.answer(group.join(), {other.id: UNSURE if number < 12 else RIGHT})
    (card,) = cards(kim, group)
    assert "18 of 28 people don’t know this yet" in card
    assert f"5 of them chose “{wrong.text}” when asked" in card
    assert "That question has 7 latest answers, and 6 missed it." in card


def test_nobody_missed_it_is_never_said_with_what_most_who_missed_it_chose():
    from questions.advice import Advice, advice
    from questions.analysis import ItemAnalysis
    from questions.distractors import Option

    options = {"a": Option(False, 3, 0.5, None, None)}
    item = ItemAnalysis(6, 3, 0.8, None, None, None, None, None, options)
    assert Advice.NOBODY_MISSED in advice(item, almost=3)
    assert Advice.SHARED_MISTAKE not in advice(item, almost=3)
    assert Advice.SHARED_MISTAKE in advice(item, almost=0)


def test_an_idea_about_safety_leads_if_enough_people_miss_it(kim, group, content):
    safety = content.bank.objectives["low-counts"]
    question = safety.questions[0].id
    others = ["how-all-begins-start", "no-stage-lump"]
    for number in range(28):
        answers = dict.fromkeys(others, MISSED if number < 20 else RIGHT)
        group.answer(group.join(), answers | {question: MISSED if number < 9 else RIGHT})
    first, *rest = cards(kim, group)
    assert heading(first) == safety.to_teach
    assert "<b>Safety</b>" in first
    assert not any("<b>Safety</b>" in card for card in rest)
    for page in ("", "/questions", "/first-answers"):
        kim.open(f"/groups/{group.id}{page}")
        assert kim.html.count("<b>Safety</b>") == (2 if not page else 1), page


def test_an_idea_about_safety_that_few_miss_keeps_its_place(kim, group, content):
    question = content.bank.objectives["low-counts"].questions[0].id
    for number in range(28):
        answers = {SUSPECT: MISSED if number < 20 else RIGHT}
        group.answer(group.join(), answers | {question: MISSED if number < 3 else RIGHT})
    first, second = cards(kim, group)
    assert heading(first) == content.bank.objective_of(SUSPECT).to_teach
    assert "<b>Safety</b>" in second
