"""Kinds of question, one module each; all their differences are in their classes."""

from __future__ import annotations

from questions.kinds.choice import Choice
from questions.kinds.choices import Choices
from questions.kinds.match import Match, Row
from questions.kinds.order import Order
from questions.model import Question

__all__ = ["KINDS", "Choice", "Choices", "Match", "Order", "Row"]

KINDS: dict[str, type[Question]] = {kind.kind: kind for kind in (Choice, Choices, Match, Order)}
