"""What to teach next suggests ideas that a class can be taught: safety first, doubt last."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from sqlalchemy import select

from learn.models import Assignment
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


def test_a_gap_that_is_left_out_is_never_left_out_silently(kim, group, content, halfway):
    suspect = content.bank.objective_of(SUSPECT).to_teach
    cards(kim, group)
    page = " ".join(kim.text.split())
    assert f"We left out a bigger gap: “{suspect.removesuffix('.')}" in page
    assert WARNING in page
    rows = re.findall(r'(?s)<tr><th scope="row">(.*?)</th>', html.unescape(kim.html))
    marked = [row for row in rows if "Check the question first" in row]
    assert len(marked) == 1
    assert suspect in marked[0]


def test_nothing_is_left_out_where_nothing_is_in_doubt(kim, group, content):
    for how in (MISSED, MISSED, RIGHT):
        group.answer(group.join(), {SUSPECT: how})
    cards(kim, group)
    assert "We left out" not in kim.text
    assert "Check the question first" not in kim.text


def test_the_doubt_stands_wherever_the_figures_of_the_question_do(kim, group, halfway, connection):
    task = connection.scalar(select(Assignment.id).where(Assignment.title == "Halfway quiz"))
    here = f"/groups/{group.id}/assignments/{task}"
    doubt, _, found_in = WARNING.partition(" Found in")
    for page in (here, f"{here}/questions/{SUSPECT}"):
        kim.open(page)
        assert kim.text.count(doubt) == 1, page
    kim.open(here)
    assert re.search(r'aria-label="Question 1: check the answer key and the wording"', kim.html)
    kim.open(f"{here}/questions/{halfway[0].questions[0].id}")
    assert doubt not in kim.text

    guide = table(kim, f"{here}/questions.csv")
    assert [row["What to check"] for row in guide] == [doubt, "", "", ""]
    for name, key in (("next", "Idea ID"), ("objectives", "Idea ID"), ("questions", "Question ID")):
        rows = table(kim, f"/groups/{group.id}/results.csv?table={name}")
        said = {row[key]: row["What to check"] for row in rows if doubt in row["What to check"]}
        assert len(said) == 1, name
        assert WARNING in next(iter(said.values())), name
    for page in ("/first-answers", "/questions", f"/questions/{SUSPECT}"):
        kim.open(f"/groups/{group.id}{page}")
        assert kim.text.count(f"{doubt} Found in{found_in}") == 1, page


def table(kim, address):
    text = kim.browser.get(address).data.decode("utf-8-sig")
    return [*csv.DictReader(io.StringIO(text))]


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
    said = (
        f"For 6 people, the latest question on this idea was “{question.stem}” "
        f"and 3 of them chose “{wrong.text}”"
    )
    meant = f"This may mean they think: “{content.bank.misconceptions[wrong.misconception].belief}”"
    assert said in card
    assert card.index(said) < card.index(meant)
    latest = "6 people’s latest answers were to this question, and 4 missed it."
    assert latest in card
    kim.open(f"/groups/{group.id}/questions/{SUSPECT}")
    assert kim.text.index(latest) < kim.text.index("6 first answers")
    assert f"Most people who missed it chose: “{wrong.text}” {meant}" in kim.text


def test_no_quotation_marks_stand_doubled_and_a_minus_is_one(kim, group, content, halfway):
    quoted = next(
        (question, part)
        for question in content.bank.questions.values()
        for part in question.parts
        if part.misconception and "“" in part.text and question.kind == "choice"
        if question.objective in content.bank.counted
    )
    for _ in range(3):
        group.answer(group.join(), {quoted[0].id: quoted[1].id})
    kim.open(f"/groups/{group.id}/questions")
    assert "Most people who missed it chose: “‘" in kim.text
    assert "““" not in kim.text
    kim.open(f"/groups/{group.id}")
    chosen = re.search(r'<option value="([0-9a-f]{32})">Halfway quiz', kim.html)[1]
    kim.open(f"/groups/{group.id}/questions/{SUSPECT}?assignment={chosen}")
    assert re.search(r"Item discrimination: −\d\.\d\d", kim.text)


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
    assert f"and 5 of them chose “{wrong.text}”" in card
    assert "7 people’s latest answers were to this question, and 6 missed it." in card
    assert "(latest answers)" in card


def test_the_linked_question_says_first_what_the_card_counts(kim, group, content):
    """What two people missed first and know by now is counted in first answers only."""
    other = next(q for q in content.bank.objective_of(SUSPECT).questions if q.id != SUSPECT)
    for number in range(7):
        who = group.join()
        group.answer(who, {SUSPECT: MISSED})
        if number < 2:
            group.answer(who, {other.id: RIGHT})
    (card,) = cards(kim, group)
    latest = "5 people’s latest answers were to this question, and 5 missed it."
    assert latest in card
    kim.open(f"/groups/{group.id}/questions/{SUSPECT}")
    assert kim.text.index(latest) < kim.text.index("7 first answers")


def test_first_answers_and_questions_have_the_same_order(kim, group, content):
    """What 6 of 6 missed comes before what 10 of 30 did, on both pages."""
    ideas = [content.bank.objective_of(SUSPECT), content.bank.objective_of(SIBLING)]
    for number in range(30):
        answers = {SUSPECT: MISSED if number < 10 else RIGHT}
        group.answer(group.join(), answers | ({SIBLING: MISSED} if number < 6 else {}))
    for page in ("/questions", "/first-answers"):
        kim.open(f"/groups/{group.id}{page}")
        page_text = html.unescape(kim.html)
        assert page_text.index(f"{ideas[1].to_teach}</h2>") < page_text.index(
            f"{ideas[0].to_teach}</h2>"
        ), page


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
