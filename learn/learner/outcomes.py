"""The outcome of an answer, computed by the database as `questions.grading` computes it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, case, literal

from learn.models import Item
from questions.grading import ALMOST, Outcome


def outcome_column() -> ColumnElement[str]:
    """Return the outcome of an answered item."""
    return case(
        (Item.response["unsure"].as_boolean().is_(True), literal(Outcome.UNSURE.value, String)),
        (Item.score == 1, literal(Outcome.RIGHT.value, String)),
        (Item.score >= ALMOST, literal(Outcome.ALMOST.value, String)),
        else_=literal(Outcome.MISSED.value, String),
    )
