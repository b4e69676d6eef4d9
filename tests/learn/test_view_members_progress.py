"""An educator sees who knows what, in a table and in a file."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import html5lib
import pytest
from sqlalchemy import insert, select, update

from learn.learner.queries import RecordedAnswer
from learn.models import AccessLog, DisclosedAnswer, Educator
from learn.models.base import table_of
from learn.people.queries import NamedMember
from learn.people.standing_table import standing_table
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE, ClassOf, sign_in_as_educator

DAY = timedelta(days=1)
VIEWINGS = table_of(AccessLog)
KIM = "Kim, nurse"


@pytest.fixture
def group(connection, content):
    return ClassOf(connection, content.bank)


@pytest.fixture
def kim(ana, group):
    return sign_in_as_educator(ana, group, KIM)


@pytest.fixture
def one(content):
    """Return the first objective of the first lesson."""
    return content.bank.of_lesson(next(iter(content.lessons)))[0]


@pytest.fixture
def looks(connection):
    """Who was looked at: account, what, how often."""

    def found():
        rows = connection.execute(select(VIEWINGS).order_by(VIEWINGS.c.account_id))
        return [(r.account_id, r.view, r.times) for r in rows]

    return found


def solid_at(group, account, objective, start=BEGUN + DAY):
    """They answer two of its questions right on two days."""
    first, second = objective.questions[:2]
    group.answer(account, {first.id: RIGHT}, at=start)
    group.answer(account, {second.id: RIGHT}, at=start + DAY)


def cells(person):
    """Return the table on the page, as text; rows that name a lesson alone are left out."""
    body = html5lib.parse(person.html, namespaceHTMLElements=False)
    found = []
    for row in body.iterfind(".//div[@role='region']//tr"):
        texts = [" ".join("".join(cell.itertext()).split()) for cell in row]
        if len(texts) > 2:
            found.append(texts)
    return found


def file_of(person, group):
    page = person.open(f"/groups/{group.id}/people.csv")
    raw = page.get_data()
    assert raw.startswith(b"\xef\xbb\xbf")
    return [*csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]


def row_of(rows, objective):
    return next(row for row in rows if objective.you_can in row)


@pytest.mark.fast("people")
def test_the_table_has_a_standing_for_each_member_and_objective(kim, group, one, content):
    first = group.join(nickname="Zoe")
    second = group.join(nickname="ana")
    group.join(nickname="Mo")
    solid_at(group, first, one)
    group.answer(second, {one.questions[0].id: MISSED}, at=BEGUN + DAY)

    kim.open(f"/groups/{group.id}/people")

    rows = cells(kim)
    assert rows[0] == ["Idea", "Remembered by", "ana", "Mo", "Zoe"]
    assert rows[1][2:] == [f"{n} of {len(content.bank.counted)}" for n in (0, 0, 1)]
    assert row_of(rows, one)[1:] == ["1 of 3", "Getting there", "Not started", "Remembered"]
    assert len(rows) == 2 + len(content.bank.counted)
    assert "3 people share by name." in kim.text
    assert "Members can see that you looked at this." in kim.text


def test_the_file_has_the_same_standings_as_the_page(kim, group, one, content):
    solid_at(group, group.join(nickname="Zoe"), one)
    group.answer(group.join(nickname="Mo"), {one.questions[0].id: UNSURE}, at=BEGUN + DAY)

    rows = file_of(kim, group)
    kim.open(f"/groups/{group.id}/people")

    assert [row[1:] for row in rows] == cells(kim)
    titles = {row[0] for row in rows[2:]}
    assert titles == {lesson.title for lesson in content.counted_lessons.values()}


def test_a_nickname_never_becomes_a_formula(kim, group):
    group.join(nickname='=HYPERLINK("http://example.org")')

    page = kim.open(f"/groups/{group.id}/people.csv")

    assert page.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert page.headers["Cache-Control"] == "no-store"
    rows = file_of(kim, group)
    assert rows[0][3] == '\'=HYPERLINK("http://example.org")'


def test_only_shared_answers_count(kim, group, one, connection):
    early = group.join(nickname="Early", at=BEGUN + 2 * DAY)
    solid_at(group, early, one, BEGUN)  # the second of the two days is before they share
    unfinished = group.join(nickname="Open", at=BEGUN)
    group.answer(unfinished, {one.questions[0].id: RIGHT}, at=BEGUN + DAY, finished=False)
    counted = group.join(nickname="Was in totals", at=BEGUN)
    attempt = group.answer(counted, {one.questions[0].id: RIGHT}, at=BEGUN + DAY)
    connection.execute(
        insert(DisclosedAnswer),
        {
            "account_id": counted,
            "group_id": group.id,
            "attempt_id": attempt,
            "position": 1,
            "block": None,
            "block_size": None,
            "disclosed_at": BEGUN + DAY,
        },
    )

    kim.open(f"/groups/{group.id}/people")

    assert row_of(cells(kim), one)[1:] == ["0 of 3", *["Not started"] * 3]


def test_dates_are_in_the_sites_time_zone(content, one):
    """One evening in New York is two days in UTC."""
    membership = NamedMember(uuid.uuid4(), uuid.uuid4(), "Ana", BEGUN, BEGUN)
    evening = BEGUN.replace(hour=23)
    given = [
        RecordedAnswer(one.questions[0].id, one.id, uuid.uuid4(), 1.0, evening, None),
        RecordedAnswer(
            one.questions[1].id, one.id, uuid.uuid4(), 1.0, evening + timedelta(hours=2), None
        ),
    ]
    solid = [
        standing_table(content, (membership,), {membership.account: given}, ZoneInfo(zone))
        .members[0]
        .mastered
        for zone in ("UTC", "America/New_York")
    ]

    assert solid == [1, 0]


def test_members_in_totals_are_only_counted(kim, group, one):
    group.join(nickname="Zoe")
    for _ in range(2):
        solid_at(group, group.join("totals"), one)

    kim.open(f"/groups/{group.id}/people")

    assert "2 more share in totals only and aren’t in this table." in kim.text
    assert row_of(cells(kim), one)[1:] == ["0 of 1", "Not started"]


def test_without_members_by_name_there_is_no_table(kim, group, looks):
    kim.open(f"/groups/{group.id}/people")
    assert "Nobody is in this group yet." in kim.text
    assert not cells(kim)

    group.join("totals")
    kim.open(f"/groups/{group.id}/people")
    assert "Nobody in this group shares by name." in kim.text
    assert "1 person shares in totals only and isn’t in any table." in kim.text
    assert file_of(kim, group)[0] == ["Lesson", "Idea", "Remembered by"]
    assert looks() == []


def test_a_member_who_leaves_disappears_at_once(kim, group, one):
    zoe = group.join(nickname="Zoe")
    solid_at(group, zoe, one)
    kim.open(f"/groups/{group.id}/people")
    assert "Zoe" in kim.text

    group.leave(zoe)
    kim.open(f"/groups/{group.id}/people")
    assert "Zoe" not in kim.text
    assert "Zoe" not in str(file_of(kim, group))


def test_a_member_who_changes_to_totals_disappears_at_once(kim, group, one):
    zoe = group.join(nickname="Zoe")
    solid_at(group, zoe, one)

    group.join("totals", account=zoe)
    kim.open(f"/groups/{group.id}/people")

    assert "Zoe" not in kim.text
    assert "Nobody in this group shares by name." in kim.text


@pytest.mark.parametrize("page", ["people", "people.csv", "before-and-after"])
def test_only_educators_of_the_group_can_open_it(page, kim, ben, group, looks):
    connection, content = group.connection, kim.content
    address = f"/groups/{group.id}/{page}"
    group.join(nickname="Zoe")
    other = ClassOf(connection, content.bank, "Another class")
    sign_in_as_educator(ben, other, "Lee")

    assert ben.open(address).status_code == 404
    assert kim.open(address).status_code == 200
    connection.execute(
        update(Educator).where(Educator.account_id == kim.account).values(removed_at=BEGUN)
    )
    assert kim.open(address).status_code == 404
    assert len(looks()) == (page != "before-and-after")


@pytest.mark.parametrize("page", ["people", "people.csv", "before-and-after"])
def test_a_guest_is_asked_to_sign_in(page, somebody_new, group):
    assert somebody_new.is_led_to_sign_in(f"/groups/{group.id}/{page}")


def test_each_view_is_logged(kim, group, looks, clock, connection):
    zoe, mo = group.join(nickname="Zoe"), group.join(nickname="Mo")
    group.join("totals")
    for _ in range(3):
        kim.open(f"/groups/{group.id}/people")
    kim.open(f"/groups/{group.id}/people.csv")

    assert sorted(looks()) == sorted(
        (who, what, times) for who in (zoe, mo) for what, times in (("group", 3), ("file", 1))
    )
    first = connection.execute(select(VIEWINGS)).first()
    assert (first.educator, first.group_id) == (KIM, group.id)
    assert first.viewed_on == clock.now.date()

    clock.forward(days=1)
    kim.open(f"/groups/{group.id}/people")
    assert sum(times == 1 and what == "group" for _, what, times in looks()) == 2


def test_an_educator_viewing_their_own_page_is_not_logged(kim, group, looks):
    group.join(account=kim.account, nickname="Kim")
    zoe = group.join(nickname="Zoe")

    kim.open(f"/groups/{group.id}/people")

    assert looks() == [(zoe, "group", 1)]


def test_a_table_of_thirty_takes_four_statements(kim, group, content, statements):
    questions = [o.questions[0].id for o in content.bank.objectives.values()]
    for n in range(30):
        group.answer(group.join(nickname=f"Person {n}"), dict.fromkeys(questions, RIGHT))
    statements.clear()

    kim.open(f"/groups/{group.id}/people")

    assert kim.page.status_code == 200
    assert len(statements) == 4, statements


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("", 1, 60), ("2", 61, 120), ("3", 121, 130), ("99", 121, 130), ("0", 1, 60)]
    + [(odd, 1, 60) for odd in ("-1", "two", "9" * 400, "²")],
)
def test_a_large_group_is_paginated_by_sixty(kim, group, asked, first, last):
    for number in range(1, 131):
        group.join(nickname=f"Member {number:03}")
    kim.open(f"/groups/{group.id}/people?part={asked}")

    assert kim.page.status_code == 200
    assert f"People {first} to {last} of 130." in kim.text
    assert re.findall(r"<bdi>Member (\d+)</bdi>", kim.html) == [
        f"{number:03}" for number in range(first, last + 1)
    ]
    assert ("Next" in kim.text) is (last < 130)
    assert ("Previous" in kim.text) is (first > 1)
    assert "0 of 130" in kim.text


def test_a_small_group_is_not_paginated(kim, group):
    group.join(nickname="Zoe")
    kim.open(f"/groups/{group.id}/people?part=2")

    assert "Zoe" in kim.text
    assert "Previous" not in kim.text
