"""Note in the cookie which questions in lessons are on the list for the care team.

So a lesson shows them as saved without a statement, and is the same for all who saved the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import session as browser

from learn import extensions
from learn import session_cookie as cookie
from learn.learner.saved_questions import MARK_LENGTH, SavedQuestions, mark


def may_have_saved() -> bool:
    """Return whether the cookie can't tell what is saved, since somebody just signed in or out."""
    return browser.get(cookie.SAVED_QUESTIONS_KEY) == cookie.MAY_HAVE_SAVED


def noted(asks: Iterable[str]) -> SavedQuestions | None:
    """Return those of a lesson's questions that the cookie notes as saved, or None."""
    marks = browser.get(cookie.SAVED_QUESTIONS_KEY, "")
    saved_marks = {marks[at : at + MARK_LENGTH] for at in range(0, len(marks), MARK_LENGTH)}
    words = frozenset(ask for ask in asks if mark(ask) in saved_marks) if saved_marks else None
    return SavedQuestions(words, all_known=False) if words else None


def note(words: Iterable[str]) -> None:
    """Note these as all that are saved."""
    value = SavedQuestions(_asks() & {*words}).marks
    if browser.get(cookie.SAVED_QUESTIONS_KEY, "") != value:
        browser[cookie.SAVED_QUESTIONS_KEY] = value


def note_more(words: Iterable[str]) -> None:
    """Note these, too, as saved."""
    if not may_have_saved():
        before = noted(_asks()) or SavedQuestions()
        note(before.words | {*words})


def _asks() -> frozenset[str]:
    return extensions.content().all_care_questions
