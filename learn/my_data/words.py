"""What each table and column of a copy holds, in plain words. A test misses what is not here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

Text = Any  # a text that is looked up when it is needed; Flask-Babel has no types

ABOUT = _("This is all that the site keeps about you. It holds no name and no email.")
MADE = _("This copy was made at:")
TIMES = _("All times are in UTC, the world’s standard time.")
IDS = _("Short names such as “what-is-all” stand for lessons, ideas and questions of this site.")
EMPTY = _("An empty place means that there is nothing to say yet.")
APOSTROPHE = _(
    "A text that begins with a sign such as = has an apostrophe before it. "
    "So no spreadsheet takes it for a formula."
)

TABLES: Mapping[str, Text] = {
    "account": _("You, as this site knows you: a random number, and when you began."),
    "attempt": _("Each quiz that you began."),
    "item": _("Each question of your quizzes, with your answer."),
    "memory": _("How well you may remember each idea, worked out from your answers."),
    "reading": _("Each lesson that you opened after your first answer."),
    "care_question": _("Each question that you saved for your care team."),
}

_ACCOUNT = _("The random number that stands for you.")
_IDEA = _("The short name of the idea.")

COLUMNS: Mapping[str, Mapping[str, Text]] = {
    "account": {
        "id": _ACCOUNT,
        "created_at": _("When you gave your first answer."),
    },
    "attempt": {
        "account_id": _ACCOUNT,
        "id": _("The number of this try at the quiz."),
        "quiz": _("The short name of the quiz."),
        "round": _("Which try at this quiz it was: 1 is the first."),
        "started_at": _("When you began."),
        "finished_at": _("When you finished."),
    },
    "item": {
        "account_id": _ACCOUNT,
        "attempt_id": _("The number of the try at the quiz, as in “attempt”."),
        "position": _("The place of the question in the quiz."),
        "question_id": _("The short name of the question."),
        "objective_id": _("The short name of the idea that the question asks about."),
        "version": _("Which wording of the question it was."),
        "shown": _("The order in which the answers stood."),
        "response": _("What you answered."),
        "sure": _("If you said that you were sure: yes is true, no is false."),
        "score": _("How much of it was right: 0 is none, 1 is all."),
        "answered_at": _("When you answered."),
    },
    "memory": {
        "account_id": _ACCOUNT,
        "objective_id": _IDEA,
        "stability": _("For how many days you are likely to remember it."),
        "difficulty": _("How hard it seems to be for you, from 1 to 10."),
        "reviewed_at": _("When you last answered a question about it."),
        "due_at": _("When it would be good to ask you again."),
        "reviews": _("How many of your answers this comes from."),
    },
    "reading": {
        "account_id": _ACCOUNT,
        "lesson_id": _("The short name of the lesson."),
        "first_read_at": _("When you first opened it."),
    },
    "care_question": {
        "account_id": _ACCOUNT,
        "objective_id": _("The short name of the idea that the saved question is about."),
        "added_at": _("When you saved it."),
    },
}


def of_table(table: str) -> str:
    """What the table holds; nothing of one that was never described."""
    return str(TABLES.get(table, ""))


def of_column(table: str, column: str) -> str:
    """What the column holds; nothing of one that was never described."""
    return str(COLUMNS.get(table, {}).get(column, ""))
