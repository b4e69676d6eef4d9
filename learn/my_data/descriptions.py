"""What each table and column of a copy holds, in plain words; a test finds what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from learn.messages import lazy_gettext as _

Text = Any  # a text that is looked up when it is needed; Flask-Babel has no types

ABOUT = _("This is all that the site keeps about you. It holds no email and no birth date.")
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
    "question": _("The same questions in words, with your answer, as they were when you answered."),
    "memory": _("How well you may remember each idea, worked out from your answers."),
    "reading": _("Each lesson that you opened after you began."),
    "care_line": _("Each line of your sheet for the care team."),
    "explanation": _("What you wrote about a lesson in your own words."),
    "sign_in": _("How you come back to your progress: your nickname and your passphrase."),
    "passkey": _("Each passkey that you added."),
    "joined": _("Each time that you signed in where you had been a guest."),
    "educator": _("That you were invited as an educator."),
    "group_educator": _("Each group that you lead."),
    "membership": _("Each group that you joined, and what you chose to share with it."),
    "released": _("Which of your answers were counted in a group’s totals, without your name."),
    "viewing": _("Who looked at what you share by name, and when."),
    "regrade": _("Which of your answers were checked again after we mended a question."),
    "notice": _("What we told you about your answers."),
    "demo": _("That this is a made-up person, to look around with."),
}

REDACTED: Mapping[tuple[str, str], Text] = {
    ("sign_in", "passphrase"): _("It is kept, and left out of this copy."),
    ("sign_in", "recovery"): _("It is kept, and left out of this copy."),
}
"""What a copy says in place of secret values."""

_ACCOUNT = _("The random number that stands for you.")
_IDEA = _("The short name of the idea.")
_GROUP = _("The number of the group.")

COLUMNS: Mapping[str, Mapping[str, Text]] = {
    "account": {
        "id": _ACCOUNT,
        "created_at": _(
            "When you first answered, first wrote something of your own, or joined a group."
        ),
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
    "care_line": {
        "account_id": _ACCOUNT,
        "id": _("The number of the line."),
        "objective_id": _("The short name of the idea, if we wrote the question."),
        "text": _("The question, if you wrote it."),
        "place": _("Where the line stands: the least comes first."),
        "ticked": _("If you have asked it: yes is true, no is false."),
        "added_at": _("When you saved it."),
    },
    "question": {
        "attempt_id": _("The number of the try at the quiz, as in “attempt”."),
        "position": _("The place of the question in the quiz."),
        "vignette": _("The case that the question was about, if there was one."),
        "question": _("What was asked."),
        "answer": _("What you answered."),
    },
    "explanation": {
        "account_id": _ACCOUNT,
        "id": _("The number of the text."),
        "lesson_id": _("The short name of the lesson."),
        "text": _("What you wrote."),
        "ticked": _("The points of the lesson that you found in it."),
        "written_at": _("When you wrote it."),
    },
    "sign_in": {
        "account_id": _ACCOUNT,
        "nickname": _("Your nickname, as you wrote it."),
        "nickname_key": _("Your nickname, made plain, so that no other looks the same."),
        "passphrase": _("A print of your passphrase. The passphrase can’t be read from it."),
        "recovery": _("A print of your recovery code. The code can’t be read from it."),
        "kept_since": _("When you chose to keep your progress."),
    },
    "passkey": {
        "account_id": _ACCOUNT,
        "id": _("The number of the passkey."),
        "name": _("The name that you gave it."),
        "credential": _("What your device calls it."),
        "public_key": _("The half of the key that may be known. The other half is on your device."),
        "sign_count": _("How often your device says that it was used."),
        "added_at": _("When you added it."),
        "used_at": _("When you last signed in with it."),
    },
    "joined": {
        "account_id": _ACCOUNT,
        "guest_id": _("The random number that stood for you until then."),
        "joined_at": _("When you signed in, and those answers became part of yours."),
    },
    "educator": {
        "account_id": _ACCOUNT,
        "name": _("The name that the members of your groups read."),
        "since": _("Since when."),
        "removed_at": _("When it ended."),
    },
    "group_educator": {
        "account_id": _ACCOUNT,
        "group_id": _GROUP,
        "added_at": _("Since when you lead it."),
    },
    "membership": {
        "account_id": _ACCOUNT,
        "id": _("The number of this stay in the group."),
        "group_id": _GROUP,
        "how": _("What you share: “named” is with your nickname, “totals” is in totals only."),
        "nickname": _("The nickname that the group’s educators read."),
        "shares_from": _("From when on your answers count there."),
        "since": _("When you chose this."),
        "until": _("When you left, or chose something else."),
    },
    "released": {
        "account_id": _ACCOUNT,
        "group_id": _GROUP,
        "attempt_id": _("The number of the try at the quiz, as in “attempt”."),
        "position": _("The place of the question in the quiz."),
        "block": _("The number of the crowd of answers that yours was counted with."),
        "block_size": _("How many answers were in that crowd."),
        "released_at": _("When it was first counted."),
    },
    "viewing": {
        "account_id": _ACCOUNT,
        "group_id": _GROUP,
        "viewed_on": _("The day."),
        "educator": _("Who looked."),
        "what": _("At what: a table of the “group”, a page about one “person”, or a “file”."),
        "times": _("How often on that day."),
    },
    "regrade": {
        "account_id": _ACCOUNT,
        "attempt_id": _("The number of the try at the quiz, as in “attempt”."),
        "position": _("The place of the question in the quiz."),
        "regraded_at": _("When it was checked again."),
        "old_version": _("Which wording of the question it was checked with before."),
        "new_version": _("Which wording it was checked with again."),
        "old_score": _("How much of it was right by the old key."),
        "new_score": _("How much of it is right by the new key."),
        "regraded_by": _("Who did it."),
    },
    "notice": {
        "account_id": _ACCOUNT,
        "id": _("The number of the note."),
        "kind": _("What it was about."),
        "question_id": _("The short name of the question."),
        "made_at": _("When we wrote it."),
        "read_at": _("When you put it away."),
    },
    "demo": {"account_id": _ACCOUNT},
}


def of_table(table: str) -> str:
    """Return what the table holds; empty if it is undescribed."""
    return str(TABLES.get(table, ""))


def of_column(table: str, column: str) -> str:
    """Return what the column holds; empty if it is undescribed."""
    return str(COLUMNS.get(table, {}).get(column, ""))
