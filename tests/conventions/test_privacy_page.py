"""The privacy page names all that is kept about people: each table, and each column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from learn.models import Base
from learn.my_data.queries import tables_with_account_id

_ANSWER = "shown response sure score answered_at"
NAMED = {
    "account": ("One random number from your cookie", "id created_at"),
    "attempt": ("Your quizzes and answers", "id quiz round started_at finished_at"),
    "item": (
        "Your quizzes and answers: what you chose, whether you said you were sure, and when",
        f"attempt_id position question_id objective_id version {_ANSWER}",
    ),
    "memory": (
        "How well you know each idea, estimated from your answers",
        "objective_id stability difficulty reviewed_at due_at reviews",
    ),
    "reading": ("Which lessons you read after that, and when", "lesson_id first_read_at"),
    "care_line": (
        "The questions you saved or wrote for your care team, and which ones you’ve asked",
        "id objective_id text place ticked added_at",
    ),
    "care_numbers": ("The phone numbers of your care team", "daytime nights saved_at"),
    "explanation": (
        "What you wrote about lessons in your own words, and what you checked off beside it",
        "id lesson_id text ticked written_at",
    ),
    "regrade": (
        "which of your answers we graded again",
        "attempt_id position regraded_at old_version new_version old_score new_score regraded_by",
    ),
    "notice": ("what we told you about it", "id kind question_id made_at read_at"),
    "sign_in": (
        "A fingerprint of your passphrase and of your recovery code",
        "nickname nickname_key passphrase recovery kept_since",
    ),
    "sign_in_session": (
        "when you last entered your passphrase or used a passkey there",
        "id created_at last_used_on browser system confirmed_at confirmed_by_passkey",
    ),
    "passkey": (
        "its name, when you added it and last used it, and a matching key",
        "id name credential public_key sign_count added_at used_at",
    ),
    "joined": (
        "Each time you signed in on a device you had used without signing in",
        "guest_id joined_at",
    ),
    "membership": (
        "which groups you joined, what you chose, and when",
        "id group_id how nickname shares_from since until terms removal rename_asked_at",
    ),
    "released": (
        "which of your answers were counted in them",
        "group_id attempt_id position block block_size released_at",
    ),
    "viewing": ("we also keep who looked, and when", "group_id viewed_on educator what times"),
    "educator": ("the name on your invitation, and when you accepted it", "name since removed_at"),
    "group_educator": ("which groups you lead, and since when", "group_id added_at"),
    "invite": ("the name on your invitation", "token name made_at ends_at used_at"),
    "mistake_report": ("we keep your words and the time", "id page text reported_at"),
    "room_mark": (
        "While the question is open, we keep one secret number for each phone",
        "room_id digest",
    ),
    "paper_sheet": (
        "we keep the letters on each paper, its number, and when they were entered",
        "sitting_id number batch line answers typed_at revision",
    ),
    "rate_limit": ("Where they came from is stored as a secret number", "key hits ends_at"),
    "deletion": (
        "we keep one number for 40 days, made from yours, and the day",
        "digest deleted_on",
    ),
}
"""Each table: the words on the page that name it, and the columns that they cover."""

OF_NOBODY = {
    "assignment": "what a group is asked to do",
    "demo": "which accounts are made up, for trying out the site",
    "learning_group": "a group’s name and its code",
    "paper_question": "the questions on a paper quiz, and the order of their answers",
    "paper_sitting": "a paper quiz of a group: its number, its title, and when it was made",
    "question_version": "the words of questions",
    "room": "the question that a room is asked, its code, and when the room ends",
    "room_count": "how many in a room answered what",
    "withheld": "which questions are not asked for now",
}
"""Tables that hold nothing about a person, and what they hold."""

TABLES = {table.name: table for table in Base.metadata.sorted_tables}
PAGE = (Path(__file__).parents[2] / "learn/library/pages/privacy.md").read_text()


def test_each_table_is_named_on_the_page_or_is_about_nobody():
    """A new table fails here until the page says in plain words what it keeps."""
    assert {*NAMED, *OF_NOBODY} == {*TABLES}
    assert not {*NAMED} & {*OF_NOBODY}


def test_what_belongs_to_an_account_is_about_somebody():
    own = {table.name for table in tables_with_account_id()} - {"demo"}

    assert own <= {*NAMED}


@pytest.mark.parametrize("table", NAMED)
def test_the_words_that_name_a_table_stand_on_the_page(table):
    assert NAMED[table][0] in PAGE


@pytest.mark.parametrize("table", NAMED)
def test_a_new_column_is_looked_at_with_the_page(table):
    """If the words no longer cover the columns, change the page, too."""
    columns = [column.name for column in TABLES[table].columns if column.name != "account_id"]

    assert columns == NAMED[table][1].split()


def test_the_number_of_things_kept_is_that_of_the_list():
    numbers = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    after = PAGE.split("## What we keep\n")[1]
    items = re.split(r"\n\n(?!- )", after.split("{us}\n\n- ", 1)[1])[0].count("\n- ") + 1

    assert f"keeps {numbers[items]} things" in after
