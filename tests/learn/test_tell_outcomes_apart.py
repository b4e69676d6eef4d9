"""Right, almost right, not quite right, and not sure are told apart wherever results are shown.

The rule is checked for every kind of question and every outcome that its answers can have.
"""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from learn.learner.outcomes import outcome_column
from learn.models import Item
from learn.quizzes.outcomes.summary import ReviewSuggestion
from questions.bank import Bank
from questions.grading import Outcome, error_in, grade, outcome_of
from questions.kinds import KINDS
from questions.model import Question, Response
from tests.learn.groups import ClassOf
from tests.learn.people import Person, wrong_response

WORDS = {
    Outcome.RIGHT: "Right",
    Outcome.ALMOST: "Almost right",
    Outcome.MISSED: "Not quite right",
    Outcome.UNSURE: "Not sure",
}
HEADLINES = WORDS | {
    Outcome.RIGHT: "That’s right",
    Outcome.UNSURE: "Not sure? Here’s the answer",
}
SHAPES = {"M6.5 13.500c1.800": Outcome.ALMOST, "m12 2 10 10-10 10": Outcome.MISSED}
"""The start of a shape’s path, for those that are drawn nowhere else in a list of answers."""
JUDGMENTS = re.compile(r"\b(wrong|incorrect|false|failed|bad|error|mistaken)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """An answer to a question, and how it is."""

    question: Question
    response: Response
    outcome: Outcome


def responses(question: Question) -> Iterator[Response]:
    """Yield the right answer, all answers that are one step away from it, and far ones."""
    right = question.right_response()
    yield right
    yield Response(unsure=True)
    yield wrong_response(question)
    for part in right.chosen:
        yield replace(right, chosen=tuple(p for p in right.chosen if p != part))
    for part, target in itertools.product(right.pairs, {*right.pairs.values()}):
        yield replace(right, pairs={**right.pairs, part: target})
    for one, other in itertools.combinations(right.places, 2):
        places = {**right.places, one: right.places[other], other: right.places[one]}
        yield replace(right, places=places)


def cases(bank: Bank) -> list[Case]:
    """Return a case for each kind and outcome, each about another question.

    Almost right comes first, since only some questions have such an answer.
    """
    found: list[Case] = []
    for wanted, kind in itertools.product(
        (Outcome.ALMOST, Outcome.MISSED, Outcome.UNSURE, Outcome.RIGHT), KINDS
    ):
        taken = {case.question.id for case in found}
        fits = (
            Case(question, response, wanted)
            for question in bank.questions.values()
            if question.kind == kind and question.id not in taken
            if question.objective in bank.counted
            for response in responses(question)
            if not error_in(question, response) and outcome(question, response) is wanted
        )
        found += itertools.islice(fits, 1)
    return found


def outcome(question: Question, response: Response) -> Outcome:
    graded = grade(question, response)
    return outcome_of(graded.score, unsure=graded.unsure)


@pytest.fixture
def every(content) -> list[Case]:
    every = cases(content.bank)
    told = {(case.question.kind, case.outcome) for case in every}
    missing = {*itertools.product(KINDS, Outcome)} - told
    few = {("order", Outcome.RIGHT), ("order", Outcome.UNSURE)}  # there are few of that kind
    assert missing - few == {("choice", Outcome.ALMOST)}
    return every


@pytest.fixture
def attempt(ana, group, every) -> str:
    """Give all these answers in one quiz, and return the address of its summary."""
    group.join(account=ana.account, nickname="Ana")
    given = {case.question.id: case.response for case in every}
    attempt = group.answer(ana.account, given)
    with ana.browser.session_transaction() as session:
        session["known"] = True
    return f"/quizzes/{attempt}"


@pytest.fixture
def mostly_right(ana, group, every, content) -> str:
    """Give five right answers and one of each other outcome in one quiz; return its address."""
    group.join(account=ana.account, nickname="Ana")
    told = {case.outcome: case for case in every if case.outcome is not Outcome.RIGHT}
    given = {case.question.id: case.response for case in told.values()}
    others = (q for q in content.bank.questions.values() if q.id not in given)
    given |= {q.id: q.right_response() for q in itertools.islice(others, 5)}
    attempt = group.answer(ana.account, given)
    with ana.browser.session_transaction() as session:
        session["known"] = True
    return f"/quizzes/{attempt}"


def entries(page: str) -> list[str]:
    """Return the list items of a page as HTML."""
    return re.findall(r"<li>(?:(?!<li>).)*?</li>", page, re.DOTALL)


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def shapes(markup: str) -> set[Outcome]:
    return {outcome for path, outcome in SHAPES.items() if path in markup}


def test_the_database_tells_outcomes_as_the_engine_does(ana, attempt, every, connection):
    rows = dict(
        connection.execute(
            select(Item.question_id, outcome_column()).where(Item.account_id == ana.account)
        ).all()
    )
    assert rows == {case.question.id: case.outcome for case in every}
    assert ana.open(attempt).status_code == 200


def test_the_feedback_has_the_word_and_the_shape_of_each(ana, attempt, every):
    for place, case in enumerate(every, 1):
        ana.open(f"{attempt}/{place}")
        (headline,) = re.findall(r'<h2 id="headline".*?</h2>', ana.html, re.DOTALL)
        assert words(headline) == HEADLINES[case.outcome], case
        assert shapes(headline) == {case.outcome} & {*SHAPES.values()}, case


def test_the_summary_counts_each_if_more_than_half_are_right(ana, mostly_right):
    ana.open(mostly_right)

    assert "5 of 8 right on your first try." in ana.text
    assert "One was almost right." in ana.text
    assert "One was not quite right." in ana.text
    assert "You weren’t sure of one." in ana.text


def test_the_summary_lists_each_and_counts_none_if_half_or_less_are_right(ana, attempt, every):
    assert sum(case.outcome is Outcome.RIGHT for case in every) * 2 <= len(every)
    ana.open(attempt)

    assert "right on your first try" not in ana.text
    assert "almost right." not in ana.text
    again = ana.html.split("See your answers again")[1].split("</ol>")[0]
    for item, case in zip(entries(again), every, strict=True):
        assert words(item).endswith(f"{case.question.stem} {WORDS[case.outcome]}"), case
        assert shapes(item) == {case.outcome} & {*SHAPES.values()}, case


def test_what_is_worth_another_look_says_how_it_was(ana, attempt, every):
    ana.open(attempt)
    look = ana.html.split("ideas to look at again")[1].split("</details>")[0]
    told = {re.split(" Read(?: this|:)", words(item))[0] for item in entries(look)}
    objectives = ana.content.bank.objectives
    expected = {}  # the last answer about the objective that wasn’t right
    for case in every:
        if case.outcome is not Outcome.RIGHT:
            expected[case.question.objective] = WORDS[case.outcome]

    ideas = {o: ReviewSuggestion(objectives[o], ()).idea for o in expected}
    assert told == {f"{ideas[o]} {word}" for o, word in expected.items()}


def test_the_history_counts_each_if_more_than_half_are_right(ana, mostly_right):
    ana.open("/progress")
    (entry,) = (item for item in entries(ana.html) if f'href="{mostly_right}"' in item)

    assert words(entry).endswith(
        "5 of 8 right on your first try Almost right: 1 Not quite right: 1 Not sure: 1"
    )


@pytest.mark.usefixtures("attempt")
def test_the_copy_of_my_data_has_the_word_beside_each_answer(ana, every):
    copy = json.loads(ana.open("/my-data/copy.json").get_data())
    rows = copy["tables"]["question"]["rows"]

    assert [row["result"] for row in rows] == [WORDS[case.outcome] for case in every]


@pytest.mark.usefixtures("attempt")
def test_an_educator_reads_the_same_words(kim, group, every):
    kim.open(f"/groups/{group.id}/people")
    kim.open(re.search(r'href="([^"]+/people/[^"?]+)"', kim.html)[1])

    answers = re.findall(r"<div><dt>.*?</dd></div>", kim.html, re.DOTALL)
    for case in every:
        stem = html.escape(case.question.stem, quote=False)
        (answer,) = (a for a in answers if stem in html.unescape(a) or stem in a)
        (matches,) = re.findall(r'<p class="note">.*?</p>', answer, re.DOTALL)
        assert words(matches).startswith(f"{WORDS[case.outcome]}, November"), case
        assert shapes(matches) == {case.outcome} & {*SHAPES.values()}, case


def tables(kim: Person, group: ClassOf, name: str) -> list[dict[str, str]]:
    found = kim.open(f"/groups/{group.id}/results.csv?table={name}").get_data()
    return [*csv.DictReader(io.StringIO(found.decode("utf-8-sig")))]


@pytest.mark.usefixtures("attempt")
def test_a_group_s_files_count_each_and_almost_right_is_never_missed(kim, group, every):
    rows = {row["Question ID"]: row for row in tables(kim, group, "questions")}
    assert {*rows} == {case.question.id for case in every}
    for case in every:
        row = rows[case.question.id]
        counted = {word for word in WORDS.values() if row[word] == "1"}
        assert counted == {WORDS[case.outcome]}, case
        assert row["Missed"] == str(int(case.outcome in (Outcome.MISSED, Outcome.UNSURE))), case
        score = grade(case.question, case.response).score
        assert float(row["Mean score"]) == pytest.approx(score), case

    ideas = tables(kim, group, "objectives")
    for word in WORDS.values():
        assert sum(int(r[word]) for r in ideas) == sum(int(r[word]) for r in rows.values())
    for row in ideas:
        assert int(row["Missed"]) == int(row["Not quite right"]) + int(row["Not sure"])
        assert sum(int(row[word]) for word in WORDS.values()) == int(row["First answers"])


@pytest.mark.usefixtures("attempt")
def test_a_group_s_pages_count_each(kim, group, every):
    for case in every:
        kim.open(f"/groups/{group.id}/questions/{case.question.id}")
        others = {f"{word}: 1" for o, word in WORDS.items() if o is not Outcome.RIGHT}
        assert {told for told in others if told in kim.text} == (
            {f"{WORDS[case.outcome]}: 1"} & others
        ), case
        assert ("Mean score" in kim.text) is case.question.partial_credit, case
        assert ("Everybody missed it." in kim.text) is (
            case.outcome in (Outcome.MISSED, Outcome.UNSURE)
        ), case


@pytest.mark.parametrize("outcome", ["almost", "missed"])
def test_almost_right_is_not_taught_again(kim, group, every, outcome):
    case = next(c for c in every if c.outcome == outcome and c.question.partial_credit)
    group.answer(group.join(), {case.question.id: case.response})
    kim.open(f"/groups/{group.id}/first-answers")

    assert ("Nobody missed anything." in kim.text) is (outcome == "almost")
    assert ("Missed in 1 of 1 first answer" in kim.text) is (outcome == "missed")
    group.answer(group.join(), {case.question.id: Response(unsure=True)})
    kim.open(f"/groups/{group.id}/first-answers")
    assert ("1 was almost right." in kim.text) is (outcome == "almost")
    mean = grade(case.question, case.response).score / 2
    assert f"The mean score is {mean:.2f} out of 1." in kim.text


def test_no_page_judges_an_answer(ana, attempt, every):
    own = [attempt, "/progress", "/my-data", "/before-and-after"]
    for address in [*own, *(f"{attempt}/{place}" for place in range(1, len(every) + 1))]:
        ana.open(address)
        assert ana.page.status_code == 200
        assert not JUDGMENTS.search(words(ana.html)), address


@pytest.mark.parametrize("last", ["almost", "missed", "unsure"])
def test_almost_right_is_not_among_what_needs_another_look(ana, group, every, last):
    case = next(c for c in every if c.outcome == last)
    group.answer(ana.account, {case.question.id: case.response})
    with ana.browser.session_transaction() as session:
        session["known"] = True
    idea = ana.content.bank.objective_of(case.question.id)

    ana.open("/progress")
    standing = "Getting there" if last == "almost" else "Needs another look"
    assert f"{standing} {idea.you_can}" in html.unescape(ana.text)
    ana.open("/quizzes/review")
    words_for_it = ReviewSuggestion(idea, ()).idea
    assert (words_for_it in html.unescape(ana.text)) is (last != "almost")
