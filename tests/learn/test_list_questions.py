"""An educator finds each question under its idea, what was missed most first, in plain words."""

from __future__ import annotations

import html
import random
import re
from dataclasses import replace

import pytest

from learn.regrading import actions
from questions.analysis import analyze, wilson95
from questions.grading import grade
from questions.model import Response
from tests.learn.edits import edited, with_another_key, with_other_answers
from tests.learn.groups import MISSED, RIGHT, UNSURE, response_to
from tests.learn.results_pages import shown_questions, table

STEM_CELLS, LETTER = "blood-stem-cells", "blood-stem-cells-letter"
THROAT, BEST_DAY = "white-cells-job-throat", "white-cells-job-best-day"
PLATELETS, MARROW = "platelets-job-omar", "bone-marrow-new-blood"
PARTLY = "bone-marrow-describe"
LOST = "0" * 12


def ideas(kim):
    """Return the heading of each idea with its words before its questions, in the page's order."""
    matches = re.findall(
        r"<summary><span><span><h2>([^<]*)</h2>(.*?)</summary>(.*?)</details></li>",
        kim.html,
        re.DOTALL,
    )
    return [
        (html.unescape(heading), " ".join(re.sub("<[^>]*>", " ", own).split()), rest)
        for heading, own, rest in matches
    ]


def test_ideas_are_in_an_order_that_small_numbers_do_not_lead(kim, group, content):
    """Lower ends by hand: 15 of 20: 0.53, 8 of 12: 0.39, 3 of 3: 0.44, 1 of 1: 0.21.

    What fewer than 5 people answered comes last.
    """
    given = {LETTER: (15, 20), THROAT: (8, 12), MARROW: (3, 3), PLATELETS: (1, 1)}
    for number in range(20):
        answers = {q: MISSED if number < m else RIGHT for q, (m, n) in given.items() if number < n}
        group.answer(group.join(), answers)

    kim.open(f"/groups/{group.id}/questions")

    bank = content.bank
    assert [heading for heading, _, _ in ideas(kim)] == [
        bank.objective_of(q).to_teach for q in given
    ]
    assert [own for _, own, _ in ideas(kim)] == [
        "20 first answers Missed 15 of 20 (75%) Fully right 5 of 20 (25%) Mean score 0.25 of 1",
        "12 first answers Missed 8 of 12 (67%) Right 4 of 12 (33%)",
        "3 first answers Missed 3 of 3 Fully right 0 of 3 Mean score 0.00 of 1",
        "1 first answer Missed 1 of 1 Right 0 of 1",
    ]
    assert "those that fewer than 5 people answered come last" in kim.text


def test_the_questions_of_an_idea_add_up_to_it_in_every_version(kim, group):
    for number in range(12):
        how = MISSED if number < 9 else RIGHT
        group.answer(group.join(), {BEST_DAY: RIGHT, THROAT: how})
    group.answer(group.join(), {THROAT: MISSED}, versions={THROAT: LOST})

    kim.open(f"/groups/{group.id}/questions")

    ((_, own, _),) = ideas(kim)
    assert own == "25 first answers Missed 10 of 25 (40%) Right 15 of 25 (60%)"
    assert shown_questions(kim) == [
        (THROAT, "9", "3", "12"),
        (BEST_DAY, "0", "12", "12"),
        (THROAT, "1", "0", "1"),
    ]
    assert kim.text.count("An earlier version") == 1


def test_first_answers_lead_to_the_question_that_questions_lists_first(kim, group):
    """7 of 10 missed one and 6 of 7 the other: lower ends 0.40 and 0.49. One of one stays last."""
    for number in range(10):
        how = {THROAT: MISSED if number < 7 else RIGHT}
        if number < 7:
            how[BEST_DAY] = MISSED if number < 6 else RIGHT
        group.answer(group.join(), how)
    group.answer(group.join(), {"white-cells-job-high-count": MISSED})

    kim.open(f"/groups/{group.id}/questions")
    listed = [id_ for id_, *_ in shown_questions(kim)]
    kim.open(f"/groups/{group.id}/first-answers")
    (link,) = re.findall(r'questions/([\w-]+)">The question people missed most', kim.html)

    assert listed[:2] == [BEST_DAY, THROAT]
    assert link == BEST_DAY


def test_bars_are_gray_below_ten_answers_and_colored_from_ten_on(kim, group):
    for _ in range(9):
        group.answer(group.join(), {THROAT: MISSED})

    def bars():
        kim.open(f"/groups/{group.id}/questions")
        return set(re.findall(r'<svg class="(?:share-bar )?(is-\w+)"', kim.html))

    assert bars() == {"is-few"}
    kim.open(f"/groups/{group.id}/questions/{THROAT}")
    assert set(re.findall(r'<svg class="(?:share-bar )?(is-\w+)"', kim.html)) == {"is-few"}
    group.answer(group.join(), {THROAT: RIGHT})
    assert bars() == {"is-missed", "is-right"}
    kim.open(f"/groups/{group.id}/questions/{THROAT}")
    assert "Missed 9 of 10 (90%) Right 1 of 10 (10%)" in kim.text


def test_the_mean_stands_beside_wholly_right_where_parts_count(kim, group, content):
    question = content.bank.questions[PARTLY]
    partly = Response(chosen=question.right_response().chosen[1:])
    score = grade(question, partly).score
    assert 0 < score < 1
    group.answer(group.join(), {PARTLY: partly})
    group.answer(group.join(), {PARTLY: RIGHT})
    group.answer(group.join(), {PARTLY: UNSURE})

    kim.open(f"/groups/{group.id}/questions")

    mean = f"Mean score {(score + 1) / 3:.2f} of 1"
    assert f"Fully right 1 of 3 {mean}" in ideas(kim)[0][1]
    kim.open(f"/groups/{group.id}/questions/{PARTLY}")
    assert f"Fully right 1 of 3 {mean}" in kim.text


@pytest.mark.parametrize("answered", [True, False])
def test_a_question_says_why_each_answer_is_right_or_not(kim, group, content, answered):
    question = content.bank.questions[THROAT]
    if answered:
        group.answer(group.join(), {THROAT: MISSED})

    kim.open(f"/groups/{group.id}/questions/{THROAT}")

    text = html.unescape(kim.text)
    for part in question.parts:
        after = text.split(part.text, 1)[1]
        assert part.rationale in after


def test_ideas_are_folded_until_all_are_opened_which_keeps_the_filter(kim, group):
    group.answer(group.join(), {THROAT: MISSED, LETTER: RIGHT})
    here = f"/groups/{group.id}/questions"

    kim.open(f"{here}?lesson=your-blood")
    folds = re.findall(r"<details( open)?><summary><span>", kim.html)
    link = html.unescape(re.search(rf'href="({here}[^"]*open=all)"', kim.html)[1])
    kim.open(link)

    opened = re.findall(r"<details( open)?><summary><span>", kim.html)
    assert set(folds) == {""}
    assert set(opened) == {" open"}
    assert len(folds) == len(opened)
    assert "Close all ideas" in kim.text


def test_figures_for_the_statistician_are_one_tap_away_and_words_are_in_sight(kim, group, content):
    objective = content.bank.objectives["red-cells-job"]
    asked = [q.id for q in objective.questions]
    rng, scores = random.Random(11), {q: [] for q in asked}  # noqa: S311 - always the same
    for _ in range(30):
        skill = rng.random()
        given = {q: RIGHT if rng.random() < skill else MISSED for q in asked}
        for q, how in given.items():
            scores[q].append(float(how == RIGHT))
        group.answer(group.join(), given)

    kim.open(f"/groups/{group.id}/questions")

    found = analyze(scores).items
    ((_, _, inside),) = ideas(kim)
    listed, folded = inside.split("Statistics")
    order = [id_ for id_, *_ in shown_questions(kim)]
    rows = re.findall(r'<tr><th scope="row">(\d)</th>(.*?)</tr>', folded)
    for (number, row), id_ in zip(rows, order, strict=True):
        low, high = wilson95(sum(scores[id_]), 30)
        assert order[int(number) - 1] == id_
        assert re.findall("<td>(.*?)</td>", row) == [
            "30",
            f"{100 * low:.0f}% to {100 * high:.0f}%",
            f"{sum(scores[id_]) / 30:.2f}",
            f"{found[id_].discrimination:.2f}".replace("-", "−"),
            f"{found[id_].discriminative_efficiency:.2f}".replace("-", "−"),
        ]
    assert "discrimination" not in listed
    plain = "People who did well on the other questions also did better on this one."
    assert listed.count(plain) == sum(found[q].discrimination >= 0.2 for q in asked) > 0


@pytest.fixture
def correct(app, content, clock):
    """Corrects a question, and grades all answers to it again."""

    def do(mended):
        app.extensions["learn.content"] = edited(content, mended)
        with app.extensions["learn.database"].transaction() as session:
            actions.regrade(session, mended, "Dr. Lee", clock.now)

    return do


@pytest.mark.parametrize("kind", ["choice", "choices", "match", "order"])
def test_after_a_regrade_the_words_and_the_new_key_are_shown(kim, group, content, kind, correct):
    question = next(q for q in content.bank.questions.values() if q.kind == kind)
    mended = with_another_key(question)
    now_right = group.join()
    group.answer(now_right, {question.id: response_to(mended, RIGHT)})
    group.answer(group.join(), {question.id: RIGHT})
    correct(mended)

    kim.open(f"/groups/{group.id}/questions/{question.id}")

    assert "We’ve corrected this question since then. This is how it is now." in kim.text
    rows = [r for r in table(kim, group, "options") if r["Question ID"] == question.id]
    assert {r["Part ID"]: r["Part"] for r in rows} == {p.id: p.text for p in mended.parts}
    kim.open(f"/groups/{group.id}/questions/{question.id}")
    for part in mended.parts:
        assert part.text in html.unescape(kim.text)
    if mended.counts_chosen:
        marked = re.findall(r"<span>([^<]*) \(right\)</span>", html.unescape(kim.html))
        assert marked == [p.text for p in mended.parts if p.right]
    else:
        right = {r["Part ID"]: int(r["Count"]) for r in rows}
        expected = [grade(mended, response_to(q, RIGHT)) for q in (question, mended)]
        assert right == {
            p.id: sum(g.right for one in expected for g in one.parts if g.part == p.id)
            for p in mended.parts
        }
    (row,) = table(kim, group, "questions")
    assert row["Asked"] == "an earlier version, with the corrected key"
    assert (row["Right"], row["First answers"]) == ("1", "2")


def test_a_version_without_its_words_shows_those_asked_now_if_all_answers_fit(
    app, kim, group, content
):
    question = content.bank.questions[THROAT]
    wrong = next(p for p in question.parts if not p.right)
    group.answer(group.join(), {THROAT: RIGHT}, versions={THROAT: LOST})
    group.answer(group.join(), {THROAT: wrong.id}, versions={THROAT: LOST})

    kim.open(f"/groups/{group.id}/questions/{THROAT}")

    assert "Some words in this question may have changed since then." in kim.text
    assert f"{wrong.text} 1 of 2 chose it" in html.unescape(kim.text)
    app.extensions["learn.content"] = edited(content, with_other_answers(question))
    kim.open(f"/groups/{group.id}/questions/{THROAT}")
    assert f"Answer {wrong.id} (wording no longer available) 1 of 2" in kim.text


def test_a_rewritten_question_keeps_its_old_words_and_key_for_old_answers(app, kim, group, content):
    """With the same key, an answer is shown as it was asked."""
    question = content.bank.questions[THROAT]
    group.answer(group.join(), {THROAT: RIGHT})
    now = replace(question, stem="What is asked now?", version="1" * 12)
    app.extensions["learn.content"] = edited(content, now)

    kim.open(f"/groups/{group.id}/questions/{THROAT}")

    assert question.stem in html.unescape(kim.text)
    assert "We’ve corrected" not in kim.text
    assert table(kim, group, "questions")[0]["Asked"] == "an earlier version"


def test_a_question_that_left_the_bank_stands_at_the_end_in_words(kim, group):
    group.answer(group.join(), {THROAT: RIGHT, "not-there": MISSED})

    kim.open(f"/groups/{group.id}/questions")

    assert ideas(kim)[-1][0] == "No longer asked"
    assert "Question not-there (wording no longer available)" in ideas(kim)[-1][2]
