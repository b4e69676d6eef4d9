"""Terms are explained inside questions where that gives no answer away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from learn.authoring.item_sheets import item_sheets
from learn.library.content import Content
from learn.library.question_terms import TermFinder
from questions.kinds import Choice
from questions.wording import content_words, singular
from tests.our_content import our_content

TERM = "platelet"


@pytest.fixture(scope="module")
def content() -> Content:
    return our_content()


@pytest.fixture(scope="module")
def finder(content: Content) -> TermFinder:
    return TermFinder(content)


@pytest.fixture(scope="module")
def question(content: Content, finder: TermFinder) -> Choice:
    """A question about something else, whose options have no terms."""
    return next(
        q
        for q in content.bank.questions.values()
        if isinstance(q, Choice)
        and not q.exhibit
        and not any([*finder.find(part.text)] for part in q.parts)
        and not finder.gives_away(content.glossary.terms[TERM], q, content.bank.objective_of(q.id))
    )


def with_stem(question: Choice, stem: str, **changes: object) -> Choice:
    return replace(question, vignette="", stem=stem, **changes)  # type: ignore[arg-type]


def names(finder: TermFinder, question: Choice) -> list[str]:
    return [term.id for term in finder.terms(question).all]


def test_the_longest_name_counts_and_words_are_whole(finder: TermFinder) -> None:
    found = [m.term.id for m in finder.find("A bone marrow transplant isn’t a report on blasts.")]
    assert found == ["stem-cell-transplant", "blast"]


def test_abbreviations_count_only_as_they_are_written(finder: TermFinder) -> None:
    assert [m.term.id for m in finder.find("after all, an LP")] == ["spinal-tap"]


def test_a_term_is_explained_once_where_it_is_read_first(
    finder: TermFinder, question: Choice
) -> None:
    twice = with_stem(question, "Are platelets low, and will platelets rise?")
    assert names(finder, twice) == [TERM]


def test_an_everyday_word_is_not_explained(finder: TermFinder, question: Choice) -> None:
    assert names(finder, with_stem(question, "Which symptom was first?")) == []


def test_a_term_that_rests_on_a_fact_of_the_question_is_not_explained(
    content: Content, finder: TermFinder, question: Choice
) -> None:
    fact = next(f for f in content.glossary.terms[TERM].facts if f != "us")
    assert names(finder, with_stem(question, "Are platelets low?", facts=(fact,))) == []


def test_a_term_whose_meaning_repeats_an_answer_is_not_explained(
    finder: TermFinder, question: Choice
) -> None:
    first, *others = question.parts
    parts = (replace(first, text="They help it clot."), *others)
    assert names(finder, with_stem(question, "What do platelets do?", parts=parts)) == []


def test_answers_are_explained_all_or_none(finder: TermFinder, question: Choice) -> None:
    first, second, *others = question.parts
    one = replace(first, text="Because her platelets went down in one night at home")
    assert names(finder, with_stem(question, "Why?", parts=(one, second, *others))) == [TERM]
    about = replace(second, text="Neutropenia")  # it is the answer itself
    assert names(finder, with_stem(question, "Why?", parts=(one, about, *others))) == []


def test_no_explanation_in_the_bank_tells_a_key(content: Content, finder: TermFinder) -> None:
    explained = 0
    for question in content.bank.questions.values():
        objective = content.bank.objective_of(question.id)
        answers = [*(p.text for p in question.parts), *question.extra_texts.values()]
        facts = {*question.facts, *objective.facts} - {"us"}
        for term in finder.terms(question).all:
            explained += 1
            assert not {*term.facts} & facts, (question.id, term.id)
            assert term.term.casefold() not in {a.casefold() for a in answers}
            assert term.id != objective.id
            numbers = {w for w in content_words(term.meaning) if w.isdecimal()}
            assert not numbers & {singular(w) for a in answers for w in content_words(a)}
    assert explained >= 30


def test_the_sheets_for_reviewers_say_what_is_explained_and_where(
    content: Content, finder: TermFinder
) -> None:
    lines = [line for line in item_sheets(content) if line.startswith("  Explained ")]
    places = [finder.terms(q) for q in content.bank.questions.values()]
    assert len(lines) == sum(bool(t.prompt) + len(t.parts) for t in places)
    assert any(line.startswith("  Explained above the answers: ") for line in lines)


def test_pictures_and_tags_are_left_alone(content: Content, finder: TermFinder) -> None:
    terms = [content.glossary.terms[TERM]]
    html = '<p title="platelet"><svg><text>platelet</text></svg> a <b>platelet</b>, a platelet</p>'
    marked = finder.mark(html, terms, lambda _, name, marks: f"[{name}{marks}]")
    assert marked == html.replace("<b>platelet</b>", "<b>[platelet]</b>")
