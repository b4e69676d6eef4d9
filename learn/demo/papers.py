"""A quiz that the made-up group took on paper, for visitors of a class without a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from statistics import NormalDist
from typing import Any

from learn.demo.answers import answer, traits
from learn.demo.group import Plan, demo_id, seeded
from learn.library.content import Content
from learn.models import PaperQuestion, PaperSheet, PaperSitting
from learn.models.base import Base
from learn.paper.printed import PaperSource, of_lessons

SITTING = demo_id("paper")
NUMBER = 2041
_PAPERS = 34  # enough for item discrimination
_BLANK = 0.05  # share of answers
_DAY = 14


def rows(plan: Plan, content: Content) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows of a sitting about the first lesson, if it has a question for paper."""
    source = next(iter(of_lessons(content, SITTING)), None)
    if source is None:
        return
    made_at = plan.began_at + timedelta(days=_DAY)
    yield (
        PaperSitting,
        {
            "id": SITTING,
            "group_id": plan.group,
            "number": NUMBER,
            "title": source.title,
            "left_out": source.left_out,
            "last_paper": _PAPERS,
            "created_at": made_at,
        },
    )
    for place, printed in enumerate(source.versions, 1):
        key = {"question_id": printed.question, "version": printed.version, "shown": printed.shown}
        yield PaperQuestion, {"sitting_id": SITTING, "place": place} | key
    for number in range(1, _PAPERS + 1):
        yield (
            PaperSheet,
            {
                "sitting_id": SITTING,
                "number": number,
                "batch": demo_id("paper/form"),
                "line": number,
                "answers": _answers(content, source, number),
                "typed_at": made_at + timedelta(hours=3),
                "revision": 0,
            },
        )


def _answers(content: Content, source: PaperSource, number: int) -> dict[str, Any]:
    """Return what somebody marked, by the same model as answers on the site."""
    rng = seeded(f"paper/{number}")
    ability = NormalDist().inv_cdf((number - 0.5) / _PAPERS)
    given = {}
    for place, printed in enumerate(source.versions, 1):
        question = content.bank.questions[printed.question]
        objective = content.bank.objectives[question.objective]
        found = answer(question, traits(objective, question, is_miskeyed=False), ability, rng)
        if rng.random() >= _BLANK:
            given[str(place)] = found.response.to_json()
    return given
