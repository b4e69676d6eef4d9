"""The word for the outcome of an answer: the same on every page, on paper, and in every file."""

from __future__ import annotations

from learn.messages import lazy_gettext
from questions.grading import Outcome

_WORDS = {
    Outcome.RIGHT: lazy_gettext("Right"),
    Outcome.ALMOST: lazy_gettext("Almost right"),
    Outcome.MISSED: lazy_gettext("Not quite right"),
    Outcome.UNSURE: lazy_gettext("Not sure"),
}


def outcome_word(outcome: Outcome) -> str:
    """Return the word, capitalized."""
    return str(_WORDS[outcome])
