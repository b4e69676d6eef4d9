"""An educator sees who knows what, in a table and in a file."""

from __future__ import annotations

import contextlib
import csv
import html
import io
import random
import re
from collections import Counter
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from learn.learner.queries import standings
from learn.models import AuditLog, DisclosedAnswer, Educator, SharingTerms
from learn.models.base import table_of
from learn.people.queries import answers_of, named_standings
from questions.progress import Standing
from tests.every import examples
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE, ClassOf, sign_in_as_educator

DAY = timedelta(days=1)
AUDIT_LOG = table_of(AuditLog)


@pytest.fixture
def group_anew(connection, content):
    """Make groups, each of which is gone after its block."""
    numbers = count()

    @contextlib.contextmanager
    def made():
        before = connection.begin_nested()
        try:
            yield ClassOf(connection, content.bank, f"Class {next(numbers)}")
        finally:
            before.rollback()

    return made


@pytest.fixture
def one(content):
    """Return the first objective of the first lesson."""
    return content.bank.of_lesson(next(iter(content.lessons)))[0]


@pytest.fixture
def looks(connection):
    """Who was looked at: account, what, how often."""

    def found():
        rows = connection.execute(select(AUDIT_LOG).order_by(AUDIT_LOG.c.account_id))
        return [(r.account_id, r.view, r.times) for r in rows]

    return found


def solid_at(group, account, objective, start=BEGUN + DAY):
    """They answer two of its questions right on two days."""
    first, second = objective.questions[:2]
    group.answer(account, {first.id: RIGHT}, at=start)
    group.answer(account, {second.id: RIGHT}, at=start + DAY)


def cells(person):
    """Return the table on the page, as text, with the words of its shapes."""
    body = html5lib.parse(person.html, namespaceHTMLElements=False)
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in body.iterfind(".//div[@role='region']//tr")
    ]


def table_of_lesson(person, group, lesson):
    person.open(f"/groups/{group.id}/people?lesson={lesson}")
    return cells(person)


def file_of(person, group):
    page = person.open(f"/groups/{group.id}/people.csv")
    raw = page.get_data()
    assert raw.startswith(b"\xef\xbb\xbf")
    return [*csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]


def column_of(rows, title):
    """Return the cells of the column with that title, without the title."""
    place = next(i for i, cell in enumerate(rows[0]) if cell.endswith(title))
    return [row[place] for row in rows[1:]]


def rows_below_totals(rows):
    """Return each person's cells by nickname."""
    return {row[0]: row[1:] for row in rows[3:]}


@pytest.mark.fast("people")
def test_the_table_has_a_standing_for_each_person_and_lesson(kim, group, one, content):
    first = group.join(nickname="Zoe")
    second = group.join(nickname="ana")
    group.join(nickname="Mo")
    solid_at(group, first, one)
    group.answer(second, {one.questions[0].id: MISSED}, at=BEGUN + DAY)

    kim.open(f"/groups/{group.id}/people")

    rows = cells(kim)
    lessons = [lesson.title for lesson in content.counted_lessons.values()]
    every = len(content.bank.counted)
    missed, remembered = "Ideas missed now (about safety)", f"Ideas remembered, of {every}"
    assert sorted(rows[0]) == sorted(["Person", missed, remembered, *lessons])
    assert [row[0] for row in rows[3:]] == ["ana", "Zoe", "Mo"]
    title = content.lessons[one.lesson].title
    each = ["Needs another look", "Getting there", "Not started"]
    assert column_of(rows, title) == ["1", "0", *each]
    safety = int(one.about_safety)
    assert [row[len(lessons) + 1 :] for row in rows[3:]] == [
        [f"1 ({safety})", "0"],
        ["0 (0)", "1"],
        ["not started yet"],
    ]
    assert "3 people share with a nickname." in kim.text
    assert "Members can see that you looked at this." in kim.text


def test_a_lesson_opens_into_its_ideas(kim, group, one, content):
    zoe, ana = group.join(nickname="Zoe"), group.join(nickname="Ana")
    solid_at(group, zoe, one)
    group.answer(ana, {one.questions[0].id: UNSURE}, at=BEGUN + DAY)
    kim.open(f"/groups/{group.id}/people")
    assert f'href="/groups/{group.id}/people?lesson={one.lesson}"' in kim.html

    rows = table_of_lesson(kim, group, one.lesson)

    ideas = [o.to_teach for o in content.bank.counted.values() if o.lesson == one.lesson]
    assert sorted(rows[0][1:-2]) == sorted(ideas)
    assert column_of(rows, one.to_teach) == ["1", "1", "Needs another look", "Remembered"]
    assert f"<h1>{content.lessons[one.lesson].title}</h1>" in kim.html
    assert kim.open(f"/groups/{group.id}/people?lesson=none").status_code == 200
    assert "What each person knows" in kim.text


def test_what_most_people_need_comes_first(kim, group, content):
    first, second, third = [*content.counted_lessons][:3]
    for lesson, missed in ((third, 3), (second, 1), (first, 0)):
        for number in range(3):
            who = group.join(nickname=f"{lesson} {number}")
            how = MISSED if number < missed else RIGHT
            group.answer(who, {content.bank.of_lesson(lesson)[0].questions[0].id: how})

    kim.open(f"/groups/{group.id}/people")

    rows = cells(kim)
    titles = [content.lessons[lesson].title for lesson in (third, second)]
    assert rows[0][1:3] == titles
    looks = [int(n) for n in rows[1][1:-2]]
    assert looks == sorted(looks, reverse=True)
    assert looks[:2] == [3, 1]


def test_the_file_has_the_same_standings_as_the_pages(kim, group, one, content):
    solid_at(group, group.join(nickname="Zoe"), one)
    group.answer(group.join(nickname="Mo"), {one.questions[0].id: UNSURE}, at=BEGUN + DAY)
    group.answer(group.join(nickname="Old", terms="kept"), {one.questions[0].id: UNSURE})

    rows = file_of(kim, group)

    missed = ["Safety ideas missed now", "Ideas missed now"]
    assert rows[0][:6] == ["Nickname", "Shares", *missed, "Ideas remembered", "All ideas"]
    assert len(rows[0]) == 6 + len(content.bank.counted)
    both = "first and latest answers"
    assert [row[1] for row in rows[1:]] == [both, "first answers only", both]
    by_name = {}
    for lesson in content.counted_lessons:
        page = table_of_lesson(kim, group, lesson)
        for name, (*each, missed_now, remembered) in rows_below_totals(page).items():
            found = by_name.setdefault(name.split(" *")[0].split("*")[0].strip(), {})
            found.update(zip(page[0][1:-2], each, strict=True), now=(missed_now, remembered))
        assert page[0][-1] == f"Ideas remembered, of {rows[1][5]}"
    for nickname, _, about_safety, all_missed, remembered, _every, *each in rows[1:]:
        ideas = [idea.split(": ", 1)[1] for idea in rows[0][6:]]
        shown = f"{all_missed} ({about_safety})" if all_missed else "*not shown"
        assert by_name[nickname] == {
            **dict(zip(ideas, each, strict=True)),
            "now": (shown, remembered),
        }
    assert [row[2:4] for row in rows[1:]] == [
        [str(int(one.about_safety)), "1"],
        ["", ""],
        ["0", "0"],
    ]


def test_a_nickname_never_becomes_a_formula(kim, group):
    group.join(nickname='=HYPERLINK("http://example.org")')

    page = kim.open(f"/groups/{group.id}/people.csv")

    assert re.fullmatch(
        r'attachment; filename="Tuesday-class-people-2026-11-\d\d\.csv"',
        page.headers["Content-Disposition"],
    )
    assert page.headers["Cache-Control"] == "no-store"
    rows = file_of(kim, group)
    assert rows[1][0] == '\'=HYPERLINK("http://example.org")'


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

    rows = table_of_lesson(kim, group, one.lesson)

    assert column_of(rows, one.to_teach) == ["0", "0", *["Not started"] * 3]


@pytest.mark.parametrize("terms", [SharingTerms.FIRST, SharingTerms.KEPT])
def test_a_last_answer_is_shown_only_of_who_agreed(kim, group, one, content, terms):
    agreed = group.join(nickname="Agreed")
    other = group.join(nickname="Other", terms=terms)
    idle = group.join(nickname="Idle", terms=terms)
    for who in (agreed, other):
        solid_at(group, who, one)
        group.answer(who, {one.questions[0].id: MISSED}, at=BEGUN + 9 * DAY)

    rows = table_of_lesson(kim, group, one.lesson)

    assert column_of(rows, one.to_teach) == [
        "1",
        "0",
        "Needs another look",
        "Getting there",
        "Not started",
    ]
    assert "* 2 people share only first answers." in kim.text
    kim.open(f"/groups/{group.id}/people")
    assert "begun yet" not in kim.text, "of who didn't agree, nobody is told"
    assert idle


def test_it_says_who_has_not_begun(kim, group, one, content):
    group.join(nickname="Mo")
    begun = group.join(nickname="Zoe")
    group.answer(begun, {one.questions[0].id: RIGHT}, finished=False)
    before = group.join(nickname="Before", at=BEGUN + 9 * DAY)
    group.answer(before, {one.questions[0].id: RIGHT}, at=BEGUN)
    group.join("totals")

    kim.open(f"/groups/{group.id}/people")

    names = kim.html.split('class="name-list"')[1].split("</ul>")[0]
    assert re.findall(r"<bdi>(.*?)</bdi>", names) == ["Before", "Mo"]


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[*HealthCheck])
@given(seed=st.integers(0, 2**32))
def test_the_database_counts_standings_by_the_rule_of_all_pages(group_anew, content, app, seed):
    """The same as the rule, answer by answer, on days of any zone."""
    with group_anew() as group:
        rng = random.Random(seed)  # noqa: S311 - the same every time
        zone = ZoneInfo(rng.choice(["UTC", "America/New_York", "Asia/Kolkata"]))
        asked = [o for o in [*content.bank.counted.values()][:6] if len(o.questions) > 1]
        people = [group.join(nickname=f"N{i}") for i in range(3)]
        for _ in range(rng.randrange(12)):
            given_ = {
                q.id: rng.choice([RIGHT, RIGHT, MISSED, UNSURE])
                for o in rng.sample(asked, 3)
                for q in rng.sample([*o.questions], 1)
            }
            at = BEGUN + DAY + timedelta(hours=rng.randrange(60), microseconds=rng.randrange(99))
            group.answer(rng.choice(people), given_, at=at, finished=rng.random() > 0.1)
        with Session(group.connection, join_transaction_mode="create_savepoint") as session:
            counted = named_standings(session, group.id, zone)
            for account in people:
                answers = [a.given for a in answers_of(session, group.id, account)]
                by_rule = {
                    o: s
                    for o, s in standings(answers, content.bank, zone).items()
                    if s is not Standing.NOT_STARTED
                }
                assert counted.get(account, {}) == by_rule


def test_members_in_totals_are_only_counted(kim, group, one):
    group.join(nickname="Zoe")
    for _ in range(2):
        solid_at(group, group.join("totals"), one)

    rows = table_of_lesson(kim, group, one.lesson)

    assert "2 more share without a nickname and aren’t in this table." in kim.text
    assert column_of(rows, one.to_teach) == ["0", "0", "Not started"]


def test_without_members_by_name_there_is_no_table(kim, group, looks):
    kim.open(f"/groups/{group.id}/people")
    assert "Nobody is in this group yet." in kim.text
    assert not cells(kim)

    group.join("totals")
    kim.open(f"/groups/{group.id}/people")
    assert "Nobody in this group shares with a nickname." in kim.text
    assert "1 person shares without a nickname and isn’t in any table." in kim.text
    assert len(file_of(kim, group)) == 1
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
    assert "Nobody in this group shares with a nickname." in kim.text


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
    first = connection.execute(select(AUDIT_LOG)).first()
    assert (first.educator, first.group_id) == ("Kim, nurse", group.id)
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
    table = kim.html.split('class="table-scroll')[1]
    assert re.findall(r"<bdi>Member (\d+)</bdi>", table) == [
        f"{number:03}" for number in range(first, last + 1)
    ]
    assert ("Next" in kim.text) is (last < 130)
    assert ("Previous" in kim.text) is (first > 1)


def nicknames(person):
    table = person.html.split('class="table-scroll')[1]
    return re.findall(r"<bdi>([^<]*)</bdi>", table)


def test_who_may_need_help_stands_first_and_who_has_not_started_last(kim, group, content):
    ideas = [o for o in content.bank.counted.values() if len(o.questions) > 1]
    for name, solid in [("ana", 2), ("Bo", 0), ("Cy", 1), ("Di", 0)]:
        who = group.join(nickname=name)
        for idea in ideas[:solid]:
            solid_at(group, who, idea)
        if name == "Di":
            group.answer(who, {ideas[0].questions[0].id: MISSED})
    group.join("totals")
    here = f"/groups/{group.id}/people"
    kim.open(here)
    assert nicknames(kim) == ["Di", "Cy", "ana", "Bo"]
    assert [row[-1] for row in cells(kim)[3:]] == [
        "0",
        "1",
        "2",
        "not started yet",
    ]
    (link,) = re.findall(r'<a href="([^"]*)">by nickname</a>', kim.html)

    kim.open(html.unescape(link).split("#")[0])

    assert link == f"{here}?sort=nickname#table"
    assert nicknames(kim) == ["ana", "Bo", "Cy", "Di"]
    assert f'<a href="{here}#table">who may need help first</a>' in kim.html
    kim.open(f"{here}?sort=nickname&lesson={ideas[0].lesson}")
    assert nicknames(kim) == ["ana", "Bo", "Cy", "Di"]
    assert f"?lesson={ideas[0].lesson}#table" in kim.html
    for earlier in ("remembered", "nonsense"):
        kim.open(f"{here}?sort={earlier}")
        assert nicknames(kim) == ["Di", "Cy", "ana", "Bo"]


def test_who_missed_ideas_about_safety_stands_first(kim, group, content):
    counted = [*content.bank.counted.values()]
    (about, other), (safety, *_) = (
        [o.questions[0].id for o in counted if not o.about_safety][:2],
        [o.questions[0].id for o in counted if o.about_safety],
    )
    group.answer(group.join(nickname="Ada"), {about: MISSED, other: MISSED})
    group.answer(group.join(nickname="Bob"), {safety: MISSED, about: RIGHT})
    kim.open(f"/groups/{group.id}/people")
    assert nicknames(kim) == ["Bob", "Ada"]
    assert [row[-2] for row in cells(kim)[3:]] == ["1 (1)", "2 (0)"]
    assert [row[2:4] for row in file_of(kim, group)[1:]] == [["0", "2"], ["1", "1"]]


def test_a_lesson_whose_idea_about_safety_was_missed_needs_another_look(kim, group, content):
    counted = [*content.bank.counted.values()]
    lessons = Counter(o.lesson for o in counted)
    safety = max((o for o in counted if o.about_safety), key=lambda o: lessons[o.lesson])
    others = [o for o in counted if o.lesson == safety.lesson and o is not safety]
    assert len(others) >= 2
    given = {o.questions[0].id: RIGHT for o in others} | {safety.questions[0].id: MISSED}
    group.answer(group.join(nickname="Ada"), given)
    kim.open(f"/groups/{group.id}/people")
    title = content.lessons[safety.lesson].title
    assert column_of(cells(kim), title)[2] == "Needs another look"


def test_of_those_who_remember_as_few_who_needs_more_stands_first(kim, group, content):
    questions = [o.questions[0].id for o in content.bank.counted.values()]
    group.answer(group.join(nickname="Ada"), {questions[0]: MISSED})
    group.answer(group.join(nickname="Bob"), {questions[0]: MISSED, questions[1]: MISSED})
    kim.open(f"/groups/{group.id}/people")
    assert nicknames(kim) == ["Bob", "Ada"]


def test_the_order_is_kept_from_page_to_page(kim, group, one):
    for number in range(1, 62):
        who = group.join(nickname=f"Member {number:03}")
        if number == 1:
            solid_at(group, who, one)
    kim.open(f"/groups/{group.id}/people?sort=nickname")
    assert nicknames(kim)[0] == "Member 001"
    (following,) = re.findall(r'<a rel="next" href="([^"]*)"', kim.html)

    kim.open(html.unescape(following))

    assert nicknames(kim) == ["Member 061"]


def test_a_small_group_is_not_paginated(kim, group):
    group.join(nickname="Zoe")
    kim.open(f"/groups/{group.id}/people?part=2")

    assert "Zoe" in kim.text
    assert "Previous" not in kim.text
