"""What each table and column of a copy holds, in plain words; a test finds what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from learn.messages import lazy_gettext as _

Text = Any  # a text that is looked up when it is needed; Flask-Babel has no types

ABOUT = _(
    "This is everything the site keeps about you. "
    "It doesn’t include your email address or date of birth."
)
MADE = _("Copy made on:")
TIMES = _("All times are in UTC (Coordinated Universal Time).")
IDS = _("Short names such as “what-is-all” stand for this site’s lessons, ideas, and questions.")
EMPTY = _("An empty cell means there is nothing to show yet.")
APOSTROPHE = _(
    "Text that starts with a symbol such as = has an apostrophe in front. "
    "Without it, a spreadsheet would treat the text as a formula."
)

TABLES: Mapping[str, Text] = {
    "account": _("Who you are to this site: a random number, and when you started."),
    "attempt": _("Each quiz you started."),
    "item": _("Each question in your quizzes, with your answer."),
    "question": _("The same questions and answers in words, as they were when you answered."),
    "memory": _("How well you may remember each idea, estimated from your answers."),
    "reading": _("Each lesson you read after your first answer."),
    "care_line": _("Each question on your list for your care team."),
    "care_numbers": _("The phone numbers of your own care team."),
    "explanation": _("What you wrote about lessons in your own words."),
    "sign_in": _("How you sign in: your nickname and your passphrase."),
    "passkey": _("Each passkey you added."),
    "sign_in_session": _("Each browser where you’re signed in."),
    "joined": _("Each time you signed in on a device you had used without signing in."),
    "educator": _("That you were invited as an educator."),
    "group_educator": _("Each group you lead."),
    "membership": _("Each group you joined, and what you chose to share with it."),
    "released": _("Which of your answers were counted in a group’s totals, without your name."),
    "viewing": _("Who looked at what you share with your nickname, and when."),
    "regrade": _("Which of your answers were checked again after we corrected a question."),
    "notice": _("What we told you about your answers."),
    "demo": _("That this is a made-up person, for trying out the site."),
}

REDACTED: Mapping[tuple[str, str], Text] = {
    ("sign_in", "passphrase"): _("We keep this, but it isn’t in your copy."),
    ("sign_in", "recovery"): _("We keep this, but it isn’t in your copy."),
    ("sign_in_session", "id"): _("We keep this, but it isn’t in your copy."),
}
"""What a copy says in place of secret values."""

_ACCOUNT = _("The random number that identifies you.")
_IDEA = _("The short name of the idea.")
_GROUP = _("The number of the group.")

COLUMNS: Mapping[str, Mapping[str, Text]] = {
    "account": {
        "id": _ACCOUNT,
        "created_at": _("When you first answered, wrote something of your own, or joined a group."),
    },
    "attempt": {
        "account_id": _ACCOUNT,
        "id": _("The number of this attempt at the quiz."),
        "quiz": _("The short name of the quiz."),
        "round": _("Which attempt at this quiz it was. 1 is the first."),
        "started_at": _("When you started."),
        "finished_at": _("When you finished."),
    },
    "item": {
        "account_id": _ACCOUNT,
        "attempt_id": _("The number of the quiz attempt this belongs to (see “attempt”)."),
        "position": _("The question’s place in the quiz."),
        "question_id": _("The short name of the question."),
        "objective_id": _("The short name of the idea the question asks about."),
        "version": _("Which version of the question it was."),
        "shown": _("The order in which the answers were shown."),
        "response": _("What you answered."),
        "sure": _("True if you said you were sure, false if you said you weren’t."),
        "score": _("How much of it was right, from 0 (none) to 1 (all)."),
        "answered_at": _("When you answered."),
    },
    "memory": {
        "account_id": _ACCOUNT,
        "objective_id": _IDEA,
        "stability": _("How many days you are likely to remember it."),
        "difficulty": _("How hard it seems to be for you, from 1 to 10."),
        "reviewed_at": _("When you last answered a question about it."),
        "due_at": _("When it makes sense to ask you again."),
        "reviews": _("How many of your answers this is based on."),
    },
    "reading": {
        "account_id": _ACCOUNT,
        "lesson_id": _("The short name of the lesson."),
        "first_read_at": _("When you first read it."),
    },
    "care_line": {
        "account_id": _ACCOUNT,
        "id": _("The number of the question on your list."),
        "objective_id": _("The short name of the idea, if we wrote the question."),
        "text": _("The question, if you wrote it."),
        "place": _("Where it is on your list. The lowest number comes first."),
        "ticked": _("Whether you have asked it: true or false."),
        "added_at": _("When you saved it."),
    },
    "care_numbers": {
        "account_id": _ACCOUNT,
        "daytime": _("Whom you call in the daytime, as you wrote it."),
        "nights": _("Whom you call at night and on weekends, as you wrote it."),
        "saved_at": _("When you saved it."),
    },
    "question": {
        "attempt_id": _("The number of the quiz attempt this belongs to (see “attempt”)."),
        "position": _("The question’s place in the quiz."),
        "vignette": _("The story the question was about, if there was one."),
        "question": _("What was asked."),
        "answer": _("What you answered."),
        "result": _("How it was: right, almost right, not quite right, or not sure."),
    },
    "explanation": {
        "account_id": _ACCOUNT,
        "id": _("The number of the explanation you wrote."),
        "lesson_id": _("The short name of the lesson."),
        "text": _("What you wrote."),
        "ticked": _("The points of the lesson that you said you covered."),
        "written_at": _("When you wrote it."),
    },
    "sign_in": {
        "account_id": _ACCOUNT,
        "nickname": _("Your nickname, as you typed it."),
        "nickname_key": _(
            "A simplified form of your nickname. "
            "We use it to make sure no two nicknames look alike."
        ),
        "passphrase": _(
            "A scrambled form of your passphrase. Nobody can read your passphrase from it."
        ),
        "recovery": _("A scrambled form of your recovery code. Nobody can read the code from it."),
        "kept_since": _("When you saved your progress."),
    },
    "passkey": {
        "account_id": _ACCOUNT,
        "id": _("The number of the passkey."),
        "name": _("The name you gave it."),
        "credential": _("What your device calls it."),
        "public_key": _("The public half of the key. The private half stays on your device."),
        "sign_count": _("How many times your device says it was used."),
        "added_at": _("When you added it."),
        "used_at": _("When you last signed in with it."),
    },
    "sign_in_session": {
        "account_id": _ACCOUNT,
        "id": _("A random number that is also in that browser’s cookie."),
        "created_at": _("When you signed in."),
        "last_used_on": _("The last day you used it."),
        "browser": _("Which browser it is, without its version."),
        "system": _("What it runs on, such as Android."),
        "confirmed_at": _("When you last entered your passphrase or used a passkey there."),
        "confirmed_by_passkey": _("Whether that was a passkey."),
    },
    "joined": {
        "account_id": _ACCOUNT,
        "guest_id": _("The random number that identified you until then."),
        "joined_at": _("When you signed in and those answers were added to yours."),
    },
    "educator": {
        "account_id": _ACCOUNT,
        "name": _("The name that members of your groups see."),
        "since": _("When it started."),
        "removed_at": _("When it ended."),
    },
    "group_educator": {
        "account_id": _ACCOUNT,
        "group_id": _GROUP,
        "added_at": _("When you started leading it."),
    },
    "membership": {
        "account_id": _ACCOUNT,
        "id": _("A number for each time you were in the group."),
        "group_id": _GROUP,
        "how": _(
            "What you share: “named” means with your nickname, “totals” means in totals only."
        ),
        "nickname": _("The nickname the group’s educators see."),
        "shares_from": _("When your answers started to count there."),
        "since": _("When you chose this."),
        "until": _("When you left or changed your choice."),
        "terms": _(
            "What you agreed to: “first” or “kept” means first answers, “latest” means latest "
            "answers, too."
        ),
        "removal": _(
            "Empty unless an educator removed you from the group: “removed,” or “allowed” if you "
            "may join again."
        ),
        "rename_asked_at": _("When an educator asked you for another nickname."),
    },
    "released": {
        "account_id": _ACCOUNT,
        "group_id": _GROUP,
        "attempt_id": _("The number of the quiz attempt this belongs to (see “attempt”)."),
        "position": _("The question’s place in the quiz."),
        "block": _("The number of the set of answers that yours was counted with."),
        "block_size": _("How many answers were in that set."),
        "released_at": _("When it was first counted."),
    },
    "viewing": {
        "account_id": _ACCOUNT,
        "group_id": _GROUP,
        "viewed_on": _("The day."),
        "educator": _("Who looked."),
        "what": _(
            "What they looked at: a table of the “group”, a page about one “person”, or a “file”."
        ),
        "times": _("How many times that day."),
    },
    "regrade": {
        "account_id": _ACCOUNT,
        "attempt_id": _("The number of the quiz attempt this belongs to (see “attempt”)."),
        "position": _("The question’s place in the quiz."),
        "regraded_at": _("When it was checked again."),
        "old_version": _("Which version of the question it was checked against the first time."),
        "new_version": _("Which version it was checked against the second time."),
        "old_score": _("How much of it was right by the old answer key."),
        "new_score": _("How much of it is right by the corrected answer key."),
        "regraded_by": _("Who corrected it."),
    },
    "notice": {
        "account_id": _ACCOUNT,
        "id": _("The number of the message."),
        "kind": _("What it was about."),
        "question_id": _("The short name of the question."),
        "made_at": _("When we wrote it."),
        "read_at": _("When you dismissed it."),
    },
    "demo": {"account_id": _ACCOUNT},
}


def of_table(table: str) -> str:
    """Return what the table holds; empty if it is undescribed."""
    return str(TABLES.get(table, ""))


def of_column(table: str, column: str) -> str:
    """Return what the column holds; empty if it is undescribed."""
    return str(COLUMNS.get(table, {}).get(column, ""))
