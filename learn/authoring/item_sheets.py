"""A page for each objective, for somebody who reviews its questions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from learn.library.content import Content
from learn.library.question_terms import TermFinder
from questions.model import Objective, Question


def item_sheets(content: Content) -> Iterator[str]:
    """Yield the lines of all pages, which begin with a form feed after the first."""
    finder = TermFinder(content)
    for number, objective in enumerate(content.bank.objectives.values()):
        heading = f"{objective.topic}/{objective.id}"
        yield ("\f" if number else "") + heading
        yield "=" * len(heading)
        yield from _head(content, objective)
        for question in objective.questions:
            yield ""
            yield from _question(content, question)
            yield from _explained(finder, question)
        yield ""


def exhibit_lines(question: Question) -> tuple[str, ...]:
    """Return title, text alternative, and note of the question's exhibit, line by line."""
    exhibit = question.exhibit
    if exhibit is None:
        return ()
    lines = (exhibit.title, *exhibit.describe(in_english), exhibit.note)
    return tuple(line for line in lines if line)


def _head(content: Content, objective: Objective) -> Iterator[str]:
    yield objective.you_can
    yield f"Lesson: {content.lessons[objective.lesson].title}"
    yield f"Facts: {', '.join(objective.facts)}"
    for reference in objective.facts:
        if fact := content.ledger.facts.get(reference):
            yield f"  {reference}: {fact.says}"
    yield f"For the care team: {objective.ask_care_team}"
    if objective.practice_only:
        yield "For practice only: not signed by a clinician yet."
    for idea in objective.misconceptions:
        yield f"Wrong idea: {idea.belief} True: {idea.truth}"


def _question(content: Content, question: Question) -> Iterator[str]:
    about = [question.kind, question.level or "no level", ", ".join(question.facts)]
    if question.safety:
        about.append(f"safety: {question.safety}")
    yield f"{question.id} ({'; '.join(about)})"
    if question.vignette:
        yield f"  Case: {question.vignette}"
    yield from (f"  Shown: {text}" for text in exhibit_lines(question))
    yield f"  Ask: {question.stem}"
    for line in question.describe(question.right_response()):
        yield f"  Right: {line.text}" + (f" → {line.answer}" if line.answer else "")
    for part in question.parts:
        marked = {True: "right", False: "wrong", None: "part"}[part.right]
        yield f"  - {part.text} ({marked})"
        yield f"      Why: {part.rationale} ({', '.join(part.facts)})"
        if idea := content.bank.misconceptions.get(part.misconception):
            yield f"      Wrong idea: {idea.belief}"
    for safety, sign in question.signs.items():
        yield f"  Box below ({safety}): {sign}"
    for rule, reason in question.exempt.items():
        yield f"  Exempt from {rule}: {reason}"


def _explained(finder: TermFinder, question: Question) -> Iterator[str]:
    """Say which terms the learner can tap in a question, and where."""
    terms = finder.terms(question)
    places = [("above the answers", terms.prompt)]
    places += [(f"in “{question.part(part).text}”", found) for part, found in terms.parts]
    for place, found in places:
        if found:
            yield f"  Explained {place}: {', '.join(term.term for term in found)}"


def in_english(text: str, /, **values: str | date) -> str:
    """Return a text of the interface in English."""
    written = {
        key: f"{value:%B} {value.day}, {value.year}" if isinstance(value, date) else value
        for key, value in values.items()
    }
    return text % written
