"""Find a sentence that says what is true, and can be read without anything before it.

A correction answers a wrong idea, and a rationale answers a question. Above them, on a card or on
paper, “It’s the other way around” and “his counts” say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice

from learn.library.content import Content
from learn.library.lessons import Lesson
from questions.model import Misconception, Objective, Question

_LEANS_ON_WHAT_CAME_BEFORE = re.compile(
    r"(?:"
    r"it|it’s|its|they|they’re|their|he|she|his|her|hers|him|that|that’s|this|these|those"
    r"|there|there’s|both|neither|either|some do|less|so|but|nk|all three|what’s new|saying"
    r"|(?:the|each|this|one) (?:(?:two|three|four) )?(?:word|name|number|line|count|answer|gap)s?"
    r"|the (?:two|three|four|risk)|each kind|each one|another|others?|you’re|your \w+ (?:was|is)"
    r")\b(?!’)",
    re.IGNORECASE,
)
"""How a sentence begins that needs another one, or a picture, before it."""

_REFERS_BACK = re.compile(
    r"\b(?:also|still|after that|about that|with it|the one|the other|other names|just given"
    r"|no others|most of them|of the two|the words?|a new word|your care team knows|for both"
    r"|his|hers?|she|he)\b",
    re.IGNORECASE,
)
"""Words in a text that point to something before it."""

_MOST_POINTS = 3

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def stands_alone(text: str) -> bool:
    """Return whether the text can be understood without what came before it."""
    return bool(text) and _LEANS_ON_WHAT_CAME_BEFORE.match(text) is None


def questions_about(
    content: Content, idea: Misconception, objective: Objective
) -> tuple[Question, ...]:
    """Return the questions whose answers show the wrong idea, of the objective if it has any.

    Those for practice only are left out, unless the objective is.
    """
    about = tuple(
        question
        for question in content.bank.questions.values()
        if idea.id in question.misconceptions
        and content.bank.objectives[question.objective].practice_only <= objective.practice_only
    )
    return tuple(q for q in about if q.objective == objective.id) or about


def of_idea(content: Content, idea: Misconception, objective: Objective) -> str:
    """Return what is true instead of the wrong idea, without a sentence that only answers it.

    If the rest leans on that, too, return what a question about the idea says, or the point of the
    lesson about it; the whole correction if there is none.
    """
    if stands_alone(idea.truth):
        return idea.truth
    _first, *rest = _SENTENCE_END.split(idea.truth)
    kept = " ".join(rest)
    if _is_clear(kept):
        return kept
    about = questions_about(content, idea, objective)
    reasons = filter(None, (_reason(question) for question in about))
    point = _best_point(content.lessons[objective.lesson], shared_facts(about))
    return next(reasons, "") or point or idea.truth


def of_question(lesson: Lesson, objective: Objective, question: Question) -> str:
    """Return why the right answer is right, if that is about nobody and about no picture.

    Else return the points of the lesson about the objective, else what another of its questions
    says; empty if nothing stands alone.
    """
    others = (_reason(other) for other in objective.questions if other is not question)
    return (
        _reason(question)
        or _points(lesson, objective.facts)
        or next(filter(None, others), "")
        or _best_point(lesson, objective.facts)
    )


def shared_facts(questions: Collection[Question]) -> frozenset[str]:
    """Return the facts that all of the questions are about; those of any, if they share none."""
    facts = [frozenset(question.facts) for question in questions]
    return frozenset.intersection(*facts) or frozenset.union(*facts) if facts else frozenset()


def _is_clear(text: str) -> bool:
    return stands_alone(text) and not _REFERS_BACK.search(text)


def _reason(question: Question) -> str:
    """Return the rationale of the only right answer; empty if it needs the question beside it."""
    if question.vignette or question.exhibit or question.figures or question.only_key is None:
        return ""
    reason = question.only_key.rationale
    return reason if _is_clear(reason) else ""


def _points(lesson: Lesson, facts: Collection[str]) -> str:
    """Return the first points of the lesson that are mainly about these facts."""
    mainly = (
        point.text
        for point in lesson.points
        if _is_clear(point.text) and 2 * len({*point.facts} & {*facts}) > len(point.facts)
    )
    return " ".join(islice(mainly, _MOST_POINTS))


def _best_point(lesson: Lesson, facts: Collection[str]) -> str:
    about = [
        point
        for point in lesson.points
        if _is_clear(point.text) and not {*point.facts}.isdisjoint(facts)
    ]
    best = max(
        about, key=lambda p: (len({*p.facts} & {*facts}), -len({*p.facts} - {*facts})), default=None
    )
    return best.text if best else ""
