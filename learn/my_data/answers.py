"""A learner's answers in words: each beside the question as it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from learn.messages import gettext as _
from learn.messages import translate
from learn.my_data.queries import TableRows
from learn.outcome_words import outcome_word
from questions.grading import error_in, outcome_of
from questions.model import Question, Response
from questions.versions import QuestionSnapshot, VersionKey

TABLE = "question"
_COLUMNS = ("attempt_id", "position", "vignette", "question", "answer", "result")


def versions_in(tables: Iterable[TableRows]) -> frozenset[VersionKey]:
    """Return the versions of questions in the copy's items."""
    return frozenset((row["question_id"], row["version"]) for row in _items(tables))


def in_words(
    tables: Iterable[TableRows], stored_versions: Mapping[VersionKey, QuestionSnapshot]
) -> TableRows:
    """Return the questions of the copy's items in words, with the answers, as far as known."""
    rows = []
    for row in _items(tables):
        if version := stored_versions.get((row["question_id"], row["version"])):
            question = version.question
            answer = "" if row["response"] is None else _answer(question, row["response"])
            place = row["attempt_id"], row["position"]
            rows.append((*place, _case(question), question.stem, answer, _result(row)))
    return TableRows(TABLE, _COLUMNS, tuple(rows))


def _case(question: Question) -> str:
    """Text before the stem: the vignette, and the exhibit in words."""
    exhibit = question.exhibit.describe(translate) if question.exhibit else ()
    return "\n".join(filter(None, [question.vignette, *exhibit]))


def _items(tables: Iterable[TableRows]) -> list[dict[str, Any]]:
    items = next(t for t in tables if t.table == "item")
    return [dict(zip(items.columns, row, strict=True)) for row in items.rows]


def _result(item: Mapping[str, Any]) -> str:
    """Return how the answer was, by the score that is kept; empty until answered."""
    if item["response"] is None:
        return ""
    unsure = Response.from_json(item["response"]).unsure
    return outcome_word(outcome_of(item["score"], unsure=unsure))


def _answer(question: Question, stored: Mapping[str, Any]) -> str:
    response = Response.from_json(stored)
    if response.unsure:
        return str(_("“I’m not sure”"))
    if error_in(question, response):
        return ""
    lines = (
        _("%(row)s: %(answer)s", row=line.text, answer=line.answer) if line.answer else line.text
        for line in question.describe(response)
    )
    return "\n".join(map(str, lines))
