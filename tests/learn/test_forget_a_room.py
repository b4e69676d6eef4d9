"""A room leads to nobody, ends by itself, and costs little."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

from sqlalchemy import delete, func, select, update

from learn import schema
from learn.database import Database
from learn.join_codes import grouped
from learn.models import Account, Base, RoomCount, RoomMark
from learn.models import Room as RoomRow
from learn.room import actions
from learn.room.actions import NewRoom, RoomQuestion
from learn.room.ending import sweep
from tests.learn.big_screen import (
    Phone,
    all_rows,
    first_of,
    missed,
    right,
)
from tests.learn.groups import ClassOf
from tests.serving import serving


def test_a_room_ends_two_hours_after_its_last_question(screen, clock, app, connection):
    phones = screen.answers(*[right(screen.question)] * 5)
    clock.forward(hours=1, minutes=59)
    screen.press("close")
    screen.press("again")
    clock.forward(hours=1, minutes=59)
    assert "The same question again" in phones[0].open()
    clock.forward(minutes=2)

    assert "This code doesn’t work now" in phones[0].open()
    assert "This room has ended" in screen.look()
    assert sweep(app) == 1
    for model in (RoomRow, RoomCount, RoomMark):
        assert connection.scalar(select(func.count()).select_from(model)) == 0


def test_a_room_left_open_for_a_week_is_gone(screen, clock, app):
    clock.forward(days=7)

    assert sweep(app) == 1
    assert "This room has ended" in screen.look()
    assert sweep(app) == 0


def test_ending_a_room_forgets_it(screen, connection):
    phones = screen.answers(*[right(screen.question)] * 5)
    screen.kim.post(f"{screen.address}/end", screen.kim.form())

    assert "This code doesn’t work now" in phones[0].open()
    for model in (RoomRow, RoomCount, RoomMark):
        assert connection.scalar(select(func.count()).select_from(model)) == 0


# Nobody can be found


def test_an_answer_leaves_numbers_only_and_a_mark_until_the_question_closes(screen, connection):
    before = all_rows(connection)
    phone = screen.phone()
    cookie = phone.person.browser.get_cookie(f"learn_all_room_{screen.code}")
    phone.answer(screen.question, right(screen.question))
    after = all_rows(connection)
    changed = {name for name in after if after[name] != before[name]}

    assert changed == {"room_count", "room_mark"}
    assert {n for *_, n in after["room_count"]} == {1}
    assert len(after["room_mark"]) == 1
    assert cookie.value not in str(after)
    token = re.search(r'name="phone" value="(\w+)"', phone.person.html)
    assert token is None
    screen.close_anyway()
    assert screen.marks() == []


def test_the_marks_of_one_phone_have_nothing_in_common(screen):
    phone = screen.phone()
    phone.answer(screen.question, right(screen.question))
    first = screen.marks()
    screen.answers(*[right(screen.question)] * 4)
    screen.press("close")
    screen.press("again")
    phone.open()
    phone.answer(screen.question, right(screen.question))

    assert screen.marks() != first
    assert len(screen.marks()) == 1


def test_no_table_of_a_room_has_an_account_an_address_or_a_time_of_an_answer():
    columns = {
        table: {column.name for column in Base.metadata.tables[table].columns}
        for table in ("room", "room_mark", "room_count")
    }

    assert columns["room_mark"] == {"room_id", "digest"}
    assert columns["room_count"] == {"room_id", "round", "kind", "name", "n"}
    assert "account_id" not in columns["room"]


def test_a_phone_needs_no_account_and_makes_none(screen, connection):
    accounts = connection.scalar(select(func.count()).select_from(Account))
    phone = screen.phone()
    phone.answer(screen.question, right(screen.question))

    assert connection.scalar(select(func.count()).select_from(Account)) == accounts
    assert phone.person.browser.get_cookie("learn_all") is None


def test_somebody_who_is_signed_in_answers_like_everybody_else(screen, ana, connection):
    ana.take("lesson/what-is-all")
    before = all_rows(connection)
    phone = Phone(ana, screen.code)
    phone.open()
    phone.answer(screen.question, right(screen.question))
    after = all_rows(connection)

    assert {n for n in after if after[n] != before[n]} == {"room_count", "room_mark"}
    assert str(ana.account) not in str(after["room_mark"] + after["room_count"])


def test_the_answers_of_a_room_never_enter_the_groups_results(screen, room):
    screen.answers(*[missed(screen.question)] * 6)
    screen.press("close")
    room.kim.open(f"/groups/{room.id}/first-answers")

    assert "Nobody is in this group yet." in room.kim.text


# What it costs


def test_an_answer_takes_three_statements(screen, statements):
    phone = screen.phone()
    form = phone.person.form(answer=screen.question.parts[0].id)
    statements.clear()
    phone.person.post(f"/room/{phone.code}", form)

    assert [s.split()[0] for s in statements] == ["SELECT", "INSERT", "INSERT"]
    statements.clear()
    phone.open()
    assert len(statements) == 1
    statements.clear()
    assert phone.now
    assert len(statements) == 1


def test_the_answers_of_a_class_that_taps_at_once_take_two_statements(screen, statements):
    phones = [screen.phone() for _ in range(3)]
    forms = [phone.person.form(answer=screen.question.parts[0].id) for phone in phones]
    for phone, form in zip(phones, forms, strict=True):
        statements.clear()
        phone.person.post(f"/room/{phone.code}", form)

    assert [s.split()[0] for s in statements] == ["INSERT", "INSERT"]
    assert "3 answers so far" in screen.look()


def test_what_was_read_a_moment_ago_counts_nothing_by_itself(screen, content, connection):
    """Answers after a close, another question, asking again, and the end of a room."""
    phones = screen.answers(*[right(screen.question)] * 5)
    late = screen.phone()
    form = late.person.form(answer=screen.question.parts[0].id)
    screen.press("close")
    assert late.person.post(f"/room/{late.code}", form).location.endswith("?late=yes")
    screen.press("again")
    phones[0].open()
    assert phones[0].answer(screen.question, right(screen.question)) == 303
    assert "Your answer is counted" in phones[0].person.text
    screen.look()
    assert "1 answer so far" in screen.kim.text
    assert late.person.post(f"/room/{late.code}", form).location == f"/room/{grouped(late.code)}"
    assert "2 answers so far" in screen.look()
    connection.execute(delete(RoomRow))
    late.person.post(f"/room/{late.code}", form)

    assert "This code doesn’t work now" in late.person.text


def test_the_pages_of_a_room_take_few_statements(screen, statements):
    phone = screen.phone()
    screen.answers(*[right(screen.question)] * 5)
    statements.clear()
    screen.look()
    assert len(statements) == 3
    screen.press("close")
    screen.press("tell")
    statements.clear()
    phone.open()
    assert len(statements) == 2


def test_a_new_phone_is_looked_up_with_the_wrong_codes_of_its_address(screen, statements):
    statements.clear()
    screen.phone()

    assert len([s for s in statements if "room.code" not in s.split("FROM")[0]]) <= 3


def test_a_room_that_is_renewed_ends_later(screen, clock, connection, content):
    first = connection.scalar(select(RoomRow.ends_at).where(RoomRow.id == screen.id))
    clock.forward(minutes=30)
    screen.ask(first_of(content, "match"), f"?room={screen.id.hex}")
    second = connection.scalar(select(RoomRow.ends_at).where(RoomRow.id == screen.id))

    assert second - first == timedelta(minutes=30)


def test_a_form_of_an_ended_room_asks_in_a_new_one(screen, clock, content, connection):
    question = first_of(content, "match")
    screen.kim.open(f"{screen.here}/ask/{question.id}?room={screen.id.hex}")
    form = screen.kim.form()
    connection.execute(update(RoomRow).values(ends_at=clock.now))
    page = screen.kim.post(f"{screen.here}/ask/{question.id}", form)
    screen.address = page.location

    assert question.stem in screen.look()


def test_a_site_that_is_up_deletes_rooms_that_have_ended(tmp_path, content):
    data = tmp_path / "data"
    data.mkdir()
    database = Database(f"sqlite:///{data / 'learn.sqlite3'}")
    schema.upgrade(database)
    question = first_of(content, "choice")
    room_question = RoomQuestion(question.id, question.version, "0")
    now = datetime.now(UTC)
    with database.transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        for hours, code in ((3, "DAGOMELU"), (1, "BULEGAPA")):
            opened = NewRoom(uuid.uuid4(), group.id)
            actions.open_room(session, opened, room_question, [code], now - timedelta(hours=hours))

    def codes() -> list[str]:
        with database.read_session() as session:
            return [*session.scalars(select(RoomRow.code))]

    with serving(data):
        until = monotonic() + 30
        while len(codes()) > 1 and monotonic() < until:
            sleep(0.1)
    left = codes()
    database.dispose()

    assert left == ["BULEGAPA"]
