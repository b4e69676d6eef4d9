"""An educator saves all answers to an assignment, with a key for each person."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from learn.models import AuditLog, Membership, SharingTerms
from learn.models.base import table_of
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE
from tests.our_content import our_content

DAY = timedelta(days=1)


@pytest.fixture
def ids(content):
    whole = [q for q in content.bank.questions.values() if not q.partial_credit]
    counted = [q for q in whole if q.objective in content.bank.counted and q.kind == "choice"]
    return [q.id for q in counted[:4]]


@pytest.fixture
def both(group, ids):
    parts = {"before": ids[:2], "after": ids[2:]}
    return group.assign(kind="before-after", contents=parts)


@pytest.fixture
def pairs(group, both, ids):
    """Somebody takes both quizzes."""

    def take(nickname, before, after, terms=SharingTerms.LATEST):
        who = group.join(nickname=nickname, terms=terms)
        quiz = f"assignment/{both.hex}"
        group.answer(who, dict(zip(ids[:2], before, strict=True)), f"{quiz}/before", at=BEGUN + DAY)
        group.answer(
            who, dict(zip(ids[2:], after, strict=True)), f"{quiz}/after", at=BEGUN + 3 * DAY
        )
        return who

    return take


def rows_of(kim, group, assignment):
    page = kim.open(f"/groups/{group.id}/assignments/{assignment}/answers.csv")
    return [*csv.DictReader(io.StringIO(page.get_data().decode("utf-8-sig")))]


def test_before_and_after_stand_together_with_days_and_not_sure_apart(kim, group, both, pairs, ids):
    pairs("Ana", (MISSED, UNSURE), (RIGHT, RIGHT))
    rows = rows_of(kim, group, both)
    assert [(r["Part"], r["Question ID"], r["Outcome"], r["Score"], r["Day"]) for r in rows] == [
        ("Before", ids[0], "Not quite right", "0.0", "2026-11-02"),
        ("Before", ids[1], "Not sure", "0.0", "2026-11-02"),
        ("After", ids[2], "Right", "1.0", "2026-11-04"),
        ("After", ids[3], "Right", "1.0", "2026-11-04"),
    ]
    assert rows[1]["Their answer"] == ""
    questions = our_content().bank.questions
    key = next(part.text for part in questions[ids[2]].parts if part.right)
    assert rows[2]["Their answer"] == key
    assert rows[0]["Idea ID"] == questions[ids[0]].objective


def test_the_key_is_one_for_each_person_and_stays_when_the_nickname_changes(
    kim, group, both, pairs, connection
):
    for _ in range(2):
        pairs("Big Stan", (RIGHT, RIGHT), (RIGHT, RIGHT))
    before = [row["Person ID"] for row in rows_of(kim, group, both)]
    assert len({*before}) == 2
    members = table_of(Membership)
    connection.execute(
        update(members).where(members.c.nickname == "Big Stan").values(nickname="Stan")
    )
    assert [row["Person ID"] for row in rows_of(kim, group, both)] == before


def test_the_key_leads_nowhere(kim, group, both, pairs, connection):
    who = pairs("Ana", (RIGHT, RIGHT), (RIGHT, RIGHT))
    (key,) = {row["Person ID"] for row in rows_of(kim, group, both)}
    membership = connection.scalar(select(Membership.id))
    assert re.fullmatch("[0-9a-f]{10}", key)
    assert key not in f"{who.hex} {membership.hex}"
    group.join(account=who, nickname="Ana", at=BEGUN + 9 * DAY)
    again = {row["Person ID"] for row in rows_of(kim, group, both)}
    assert key not in again, "who joins again is somebody new in files, too"


def test_nothing_in_it_is_a_nickname_or_in_their_order(kim, group, both, pairs):
    for number in range(9):
        pairs(f"Quiet Fox {number}", (RIGHT, MISSED), (RIGHT, UNSURE))
    page = kim.open(f"/groups/{group.id}/assignments/{both}/answers.csv").get_data(as_text=True)
    assert "Quiet Fox" not in page
    keys = [row["Person ID"] for row in rows_of(kim, group, both) if row["Part"] == "Before"]
    assert [*dict.fromkeys(keys)] == sorted({*keys})
    assert len({*keys}) == 9


def test_it_has_what_the_page_shows_and_says_so_to_who_is_in_it(
    kim, group, both, pairs, connection
):
    ana = pairs("Ana", (RIGHT, MISSED), (RIGHT, RIGHT))
    pairs("Ben", (RIGHT, RIGHT), (RIGHT, RIGHT), terms=SharingTerms.FIRST)
    rows = rows_of(kim, group, both)
    assert len({row["Person ID"] for row in rows}) == 1, "Ben hasn't agreed"
    log = connection.execute(select(AuditLog.account_id, AuditLog.view)).all()
    assert [*map(tuple, log)] == [(ana, "file")]
    kim.open(f"/groups/{group.id}/assignments/{both}")
    assert f"/groups/{group.id}/assignments/{both}/answers.csv" in kim.html
    right = sum(row["Outcome"] == "Right" for row in rows if row["Part"] == "Before")
    shown = re.findall(r"(\d) of 1 right", kim.text)
    assert sum(map(int, shown[:2])) == right == 1


def test_lessons_to_read_have_no_such_file(kim, group, content):
    lesson = next(iter(content.lessons))
    read = group.assign(kind="lessons", contents={"lessons": [lesson]})
    assert kim.open(f"/groups/{group.id}/assignments/{read}/answers.csv").status_code == 404
