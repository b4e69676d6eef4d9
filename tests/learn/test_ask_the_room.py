"""A question on the projector, answered on phones without an account."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import delete, func, select, update

from learn import join_codes, rate_limits, schema
from learn.database import Database
from learn.models import Account, Base, GroupEducator, QuestionHold, RoomCount, RoomMark
from learn.models import Room as RoomRow
from learn.room import actions
from learn.room.actions import Asked, NewRoom
from learn.room.ending import sweep
from questions.kinds import KINDS
from questions.model import Response
from tests.learn.big_screen import (
    UNSURE,
    BigScreen,
    Phone,
    first_of,
    missed,
    right,
    shares_on,
)
from tests.learn.conftest import DAWN
from tests.learn.groups import ClassOf
from tests.learn.leading import become_educator
from tests.learn.limits import fill
from tests.learn.people import Person, text_of
from tests.serving import serving


@pytest.fixture
def screen(room, app, content):
    """A question with one right answer is on the projector."""
    found = BigScreen(room, app, content)
    found.ask(first_of(content, "choice"))
    return found


@pytest.mark.fast("room")
def test_the_projector_shows_the_question_the_address_and_the_code(screen):
    text = screen.look()

    assert screen.question.stem in text
    for part in screen.question.parts:
        assert part.text in text
        assert part.rationale not in text
    assert "localhost<wbr>/room" in screen.kim.html
    assert join_codes.grouped(screen.code) in text
    assert len(screen.code) == 8
    assert "0 answers so far" in text
    picture = screen.kim.browser.get(f"{screen.address}/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "chose it" not in text


def test_a_code_is_read_as_people_type_it(screen, somebody_new):
    typed = join_codes.grouped(screen.code).lower().replace("-", " ")
    page = somebody_new.open(f"/room?code={typed}")

    assert page.status_code == 200
    assert screen.question.stem in somebody_new.text
    assert somebody_new.open("/room?code=DAG").status_code == 422
    assert "You typed 3 letters. A code has 8." in somebody_new.text


def test_the_code_of_a_group_leads_to_the_group(room, somebody_new):
    somebody_new.open(f"/room?code={room.code}")

    assert somebody_new.address == f"/join/{room.code}"


def test_the_code_of_a_room_leads_to_the_room(screen, somebody_new):
    somebody_new.open(f"/join?code={screen.code}")

    assert screen.question.stem in somebody_new.text


def test_a_phone_answers_and_waits_for_the_bars(screen):
    phone = screen.phone()

    assert phone.answer(screen.question, right(screen.question)) == 303
    assert "Your answer is counted" in phone.person.text
    assert "1 answer so far" in screen.look()
    assert "Your answer is counted" in phone.open(), "it is told again after a reload"
    assert not shares_on(phone.person.text)


def test_nobody_sees_a_bar_before_the_question_closes(screen):
    phones = screen.answers(*[right(screen.question)] * 6)

    assert not shares_on(screen.look())
    assert not shares_on(phones[0].open())
    assert "6 answers so far" in screen.look()


def test_the_bars_come_when_it_closes_and_then_what_is_right(screen):
    question = screen.question
    wrong = next(p for p in question.parts if not p.right)
    key = next(p for p in question.parts if p.right)
    phones = screen.answers(*[right(question)] * 3, *[Response(chosen=(wrong.id,))] * 2, UNSURE)
    closed = screen.press("close")

    assert "3 of 6 chose it" in closed
    assert "2 of 6 chose it" in closed
    assert "1 of 6" in closed
    assert key.rationale not in closed
    assert "(right)" not in closed
    on_phone = phones[0].open()
    assert shares_on(on_phone) == shares_on(closed)
    assert key.rationale not in on_phone
    told = screen.press("tell")
    assert key.rationale in told
    assert f"{key.text} (right)" in told
    assert key.rationale in phones[0].open()


def test_fewer_than_five_answers_are_never_shown_and_forgotten(screen):
    phones = screen.answers(*[missed(screen.question)] * 4)
    closed = screen.press("close")

    assert "Fewer than 5 people answered." in closed
    assert not shares_on(closed)
    assert screen.counts() == {}
    assert "Fewer than 5 people answered." in phones[0].open()
    told = screen.press("tell")
    assert next(p for p in screen.question.parts if p.right).rationale in told
    assert not shares_on(told)


def test_five_answers_are_shown(screen):
    screen.answers(*[right(screen.question)] * 5)

    assert "5 of 5 chose it" in screen.press("close")


def with_beliefs(content):
    """A choice with a wrong option that shows a misconception, and that option."""
    return next(
        (q, p)
        for o in content.bank.counted.values()
        for q in o.questions
        if q.kind == "choice"
        for p in q.parts
        if p.misconception and not p.right
    )


def test_the_wrong_idea_stands_there_once_marked_as_untrue(room, app, content):
    screen = BigScreen(room, app, content)
    question, option = with_beliefs(content)
    screen.ask(question)
    screen.answers(*[Response(chosen=(option.id,))] * 3, *[right(question)] * 2)
    belief = content.bank.misconceptions[option.misconception]
    closed = screen.press("close")
    told = screen.press("tell")

    assert belief.belief not in closed
    assert told.count(f"“{belief.belief}”") == 1
    assert f"Not true, but chosen by 3 of them: “{belief.belief}”" in told
    assert belief.truth in told


def test_a_wrong_idea_of_two_people_is_not_named(room, app, content):
    screen = BigScreen(room, app, content)
    question, option = with_beliefs(content)
    screen.ask(question)
    screen.answers(*[Response(chosen=(option.id,))] * 2, *[right(question)] * 3)
    screen.press("close")

    assert "Not true, but chosen by" not in screen.press("tell")


def test_asking_again_shows_both_rounds_side_by_side(screen):
    question = screen.question
    phones = screen.answers(*[missed(question)] * 4, *[right(question)] * 2)
    screen.press("close")
    again = screen.press("again")

    assert "The same question again, after talking" in again
    assert "0 answers so far" in again
    assert not shares_on(again)
    for phone in phones:
        assert "The same question again" in phone.open()
        assert phone.answer(question, right(question)) == 303
    closed = screen.press("close")
    assert "The first time 2 of 6 chose it After talking 6 of 6 chose it" in closed
    assert "Ask again after talking" not in closed
    assert "The first time 2 of 6 chose it After talking 6 of 6 chose it" in phones[0].open()


def test_a_second_round_of_a_few_keeps_the_bars_of_the_first(screen):
    phones = screen.answers(*[right(screen.question)] * 5)
    screen.press("close")
    screen.press("again")
    phones[0].open()
    phones[0].answer(screen.question, right(screen.question))
    closed = screen.press("close")

    assert "After talking, fewer than 5 people answered." in closed
    assert "5 of 5 chose it" in closed
    assert "After talking 1" not in closed
    assert {round_ for round_, *_ in screen.counts()} == {1}


def test_a_phone_that_sends_fifty_times_counts_once(screen):
    phone = screen.phone()
    form = phone.person.form(answer=screen.question.parts[0].id)
    for _ in range(50):
        assert phone.person.post(f"/room/{phone.code}", form).status_code == 303

    assert "1 answer so far" in screen.look()
    assert sum(n for (_, kind, _), n in screen.counts().items() if kind == "outcome") == 1


def test_a_cookie_from_before_the_answer_counts_once_too(screen, app, content):
    """It is the same phone, whatever it says."""
    phone = screen.phone()
    form = phone.person.form(answer=screen.question.parts[0].id)
    name = f"learn_all_room_{screen.code}"
    cookie = phone.person.browser.get_cookie(name)
    for _ in range(3):
        phone.person.browser.set_cookie(name, cookie.value)
        phone.person.post(f"/room/{phone.code}", form)

    assert "1 answer so far" in screen.look()


def test_an_answer_is_not_changed_by_another_one(screen):
    phone = screen.phone()
    form = phone.person.form()
    first, second = (p.id for p in screen.question.parts[:2])
    phone.person.post(f"/room/{phone.code}", form | {"answer": first})
    phone.person.post(f"/room/{phone.code}", form | {"answer": second})

    assert screen.counts()[1, "part", first] == 1
    assert (1, "part", second) not in screen.counts()


def test_a_phone_without_cookies_is_told_and_keeps_its_choice(screen):
    phone = screen.phone()
    form = phone.person.form(answer=screen.question.parts[1].id)
    phone.person.browser.delete_cookie(f"learn_all_room_{screen.code}")
    page = phone.person.post(f"/room/{phone.code}", form)

    assert page.status_code == 400
    assert "Your answer isn’t counted yet" in phone.person.text
    assert "checked" in phone.person.html
    assert screen.counts() == {}
    assert phone.answer(screen.question, right(screen.question)) == 303
    assert "Your answer is counted" in phone.person.text


def test_a_form_of_another_site_is_not_counted(screen):
    phone = screen.phone()
    form = phone.person.form(answer=screen.question.parts[0].id, phone="0" * 32)

    assert phone.person.post(f"/room/{phone.code}", form).status_code == 400
    assert screen.counts() == {}


def test_an_empty_answer_asks_calmly_again(screen):
    phone = screen.phone()

    assert phone.send({}) == 422
    assert "Nothing is chosen yet" in phone.person.text
    assert phone.send({"answer": "no such option"}) == 422
    assert "We couldn’t read that answer" in phone.person.text


def test_an_answer_that_comes_after_the_close_is_not_counted_and_says_so(screen):
    late = screen.phone()
    screen.answers(*[right(screen.question)] * 5)
    screen.press("close")

    assert late.answer(screen.question, right(screen.question)) == 303
    assert "The question closed before your answer came" in late.person.text
    assert "5 of 5 chose it" in screen.look()


def test_an_answer_to_the_question_before_is_not_counted_for_the_next_one(screen, content):
    late = screen.phone()
    form = late.person.form(answer=screen.question.parts[0].id)
    other = next(
        q
        for o in content.bank.counted.values()
        for q in o.questions
        if q.kind == "choice" and q.id != screen.question.id
    )
    screen.ask(other, f"?room={screen.id.hex}")
    page = late.person.post(f"/room/{late.code}", form)
    late.person.open(page.location)

    assert "That question is over. This is the next one." in late.person.text
    assert other.stem in late.person.text
    assert screen.counts() == {}


def test_another_question_keeps_the_code_and_forgets_the_one_before(screen, content):
    code, before = screen.code, screen.id
    phones = screen.answers(*[right(screen.question)] * 5)
    screen.press("close")
    other = first_of(content, "choices")
    screen.ask(other, f"?room={screen.id.hex}")

    assert (screen.code, screen.id) == (code, before)
    assert screen.counts() == {}
    assert other.stem in phones[0].open()
    assert phones[0].answer(other, right(other)) == 303
    assert "1 answer so far" in screen.look()


def test_two_taps_on_ask_open_one_room(room, app, content, connection):
    screen = BigScreen(room, app, content)
    question = first_of(content, "choice")
    room.kim.open(f"{screen.here}/ask/{question.id}")
    form = room.kim.form()
    places = {room.kim.post(f"{screen.here}/ask/{question.id}", form).location for _ in range(2)}

    assert len(places) == 1
    assert connection.scalar(select(func.count()).select_from(RoomRow)) == 1


def test_two_educators_drive_one_room_without_getting_in_each_others_way(
    screen, room, app, content, connection
):
    lee = Person(app, content, uuid.UUID(int=0x1EE))
    become_educator(connection, lee, "Nurse Lee")
    connection.execute(
        GroupEducator.__table__.insert().values(
            account_id=lee.account, group_id=room.id, added_at=DAWN
        )
    )
    theirs = BigScreen(room, app, content, lee)
    theirs.address = screen.address
    screen.answers(*[right(screen.question)] * 5)
    screen.look()
    theirs.look()
    first, second = screen.kim.form(), lee.form()
    screen.press("close", first)
    assert "5 of 5 chose it" in theirs.press("close", second)
    again, also = screen.kim.form(), lee.form()
    screen.press("again", again)
    screen.answers(right(screen.question))
    theirs.press("again", also)

    assert "1 answer so far" in theirs.look(), "asking again a second time forgets nothing"
    lee.open(theirs.here)
    assert join_codes.grouped(screen.code) in lee.text
    theirs.ask(first_of(content, "order"))
    assert theirs.code != screen.code


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_can_be_asked(room, app, content, kind):
    screen, question = BigScreen(room, app, content), first_of(content, kind)
    screen.ask(question)
    text = screen.look()
    for part in question.parts:
        assert part.text in text
    for choice in question.extra_texts.values():
        assert choice in text
    phones = screen.answers(*[right(question)] * 4, missed(question), UNSURE)
    closed = screen.press("close")
    told = screen.press("tell")

    assert shares_on(closed)
    assert shares_on(told) == shares_on(closed)
    if question.partial_credit:
        assert "All of it right 4 of 6" in closed
    for part in question.parts:
        assert part.rationale in told
        assert part.rationale not in closed
    assert "I’m not sure 1 of 6" in closed
    assert shares_on(phones[0].open()) == shares_on(told)


def test_every_question_with_an_exhibit_shows_it_everywhere(room, app, content):
    shown = [
        q
        for o in content.bank.counted.values()
        for q in o.questions
        if q.exhibit or any(part.figure for part in q.parts)
    ]
    by_kind = {(q.exhibit.kind if q.exhibit else "in the answers"): q for q in shown}
    assert by_kind
    for question in by_kind.values():
        screen = BigScreen(room, app, content)
        screen.ask(question)
        phone = screen.phone()
        pages = [room.kim.html, phone.person.html]
        screen.answers(*[right(question)] * 5)
        screen.press("close")
        screen.press("tell")
        phone.open()
        pages += [room.kim.html, phone.person.html]
        for page in pages:
            assert "<figure" in page or not question.exhibit
            assert page.count("<svg") >= any(part.figure for part in question.parts)


def test_questions_for_practice_only_are_left_out(room, app, content):
    screen = BigScreen(room, app, content)
    practice = [o for o in content.bank.objectives.values() if o.practice_only]
    assert practice
    room.kim.open(f"{screen.here}/ask/{first_of(content, 'choice').id}")
    token = room.kim.hidden("csrf_token")
    room.kim.open(screen.here)
    for objective in practice:
        for question in objective.questions:
            assert f"/ask/{question.id}" not in room.kim.html
            address = f"{screen.here}/ask/{question.id}"
            assert room.kim.browser.get(address).location == screen.here
            assert room.kim.post(address, {"csrf_token": token}).location == screen.here
    assert room.connection.scalar(select(func.count()).select_from(RoomRow)) == 0


def test_a_question_that_goes_on_hold_asks_everybody_to_wait(screen, app, connection):
    phone = screen.phone()
    connection.execute(
        QuestionHold.__table__.insert().values(
            question_id=screen.question.id, fact="a-fact", since=DAWN
        )
    )
    app.extensions.pop("learn.available_content", None)

    assert "This question has just changed" in phone.open()
    assert "This question has just changed" in screen.look()
    assert "Ask another question" in screen.look()


def test_a_room_ends_two_hours_after_its_last_question(screen, clock, app, connection):
    phones = screen.answers(*[right(screen.question)] * 5)
    clock.forward(hours=1, minutes=59)
    screen.press("close")
    screen.press("again")
    clock.forward(hours=1, minutes=59)
    assert "The same question again" in phones[0].open()
    clock.forward(minutes=2)

    assert "This code doesn’t work now" in phones[0].open()
    assert "This room is over" in screen.look()
    assert sweep(app) == 1
    for model in (RoomRow, RoomCount, RoomMark):
        assert connection.scalar(select(func.count()).select_from(model)) == 0


def test_a_room_left_open_for_a_week_is_gone(screen, clock, app):
    clock.forward(days=7)

    assert sweep(app) == 1
    assert "This room is over" in screen.look()
    assert sweep(app) == 0


def test_ending_a_room_forgets_it(screen, connection):
    phones = screen.answers(*[right(screen.question)] * 5)
    screen.kim.post(f"{screen.address}/end", screen.kim.form())

    assert "This code doesn’t work now" in phones[0].open()
    for model in (RoomRow, RoomCount, RoomMark):
        assert connection.scalar(select(func.count()).select_from(model)) == 0


def test_an_archived_group_asks_nothing_new(room, app, content):
    screen = BigScreen(room, app, content)
    room.press("settings", "archive")
    question = first_of(content, "choice")
    room.kim.open(f"{screen.here}/ask/{question.id}")

    assert "This group is archived." in room.kim.text
    assert "Choose a question" not in text_of(room.kim.open(screen.here))


def test_a_room_of_another_group_is_not_there(screen, room):
    other = room.another()
    address = screen.address.replace(str(room.id), str(other.id))
    form = screen.kim.form()

    assert room.kim.browser.get(address).status_code == 404
    assert room.kim.browser.get(f"{address}/now").status_code == 404
    assert room.kim.browser.get(f"{address}/code.svg").status_code == 404
    for button in ("close", "tell", "again", "end"):
        room.kim.post(f"{address}/{button}", form)
    assert "0 answers so far" in screen.look()


# Nobody can be found


def all_rows(connection):
    return {
        table.name: [*map(tuple, connection.execute(select(table)))]
        for table in Base.metadata.sorted_tables
    }


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
    screen.press("close")
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


# Codes that are guessed


def test_a_wrong_code_gets_a_calm_page(somebody_new):
    page = somebody_new.open("/room/DAGO-MELU")

    assert page.status_code == 404
    assert "This code doesn’t work now" in somebody_new.text
    assert somebody_new.post("/room/DAGO-MELU", {}).status_code == 404


def test_guessing_codes_is_throttled_and_phones_in_the_room_go_on(screen, app, somebody_new, clock):
    inside = screen.phone()
    fill(app, rate_limits.WRONG_ROOM_CODE, "127.0.0.1", left=1)
    assert somebody_new.open("/room/DAGO-MELU").status_code == 404
    page = somebody_new.open(f"/room/{screen.code}")

    assert page.status_code == 429, "the right one is not told either"
    assert "Please wait a moment" in somebody_new.text
    assert somebody_new.browser.get(f"/room/{screen.code}/now").status_code == 429
    assert somebody_new.browser.post(f"/room/{screen.code}").status_code == 429
    assert inside.answer(screen.question, right(screen.question)) == 303
    assert inside.now == "1-open"
    clock.forward(minutes=15, seconds=1)
    assert somebody_new.open(f"/room/{screen.code}").status_code == 200


def test_the_address_for_the_script_is_no_way_around_the_limit(screen, app, somebody_new):
    fill(app, rate_limits.WRONG_ROOM_CODE, "127.0.0.1", left=1)

    assert somebody_new.browser.get("/room/DAGO-MELU/now").status_code == 404
    assert somebody_new.browser.get("/room/DAGO-MELU/now").status_code == 429


def test_phones_whose_room_has_ended_are_not_taken_for_guesses(screen, clock, connection):
    phone = screen.phone()
    clock.forward(hours=2, minutes=1)
    before = all_rows(connection)["rate_limit"]
    for _ in range(5):
        assert phone.person.browser.get(f"/room/{screen.code}/now").status_code == 404

    assert "This code doesn’t work now" in phone.open()
    assert all_rows(connection)["rate_limit"] == before


def test_three_hundred_people_behind_one_address_answer_ten_questions(screen, app):
    maximum = rate_limits.ROOM_ANSWER.maximum

    assert maximum >= 300 * 10 * 2
    assert rate_limits.WRONG_ROOM_CODE.maximum >= 300


def test_a_script_that_floods_a_room_is_slowed_down(screen, app):
    phone = screen.phone()
    form = phone.person.form(answer=screen.question.parts[0].id)
    fill(app, rate_limits.ROOM_ANSWER, "127.0.0.1")
    page = phone.person.post(f"/room/{screen.code}", form)

    assert page.status_code == 429
    assert "What you wrote is still here" in phone.person.text


# It looks again by itself


def test_nothing_new_is_not_sent_again(screen):
    phone = screen.phone()
    first = phone.person.browser.get(f"/room/{phone.code}/now")
    again = {"If-None-Match": first.headers["ETag"]}

    assert first.get_data(as_text=True) == "1-open"
    assert phone.person.browser.get(f"/room/{phone.code}/now", headers=again).status_code == 304
    seen = screen.kim.browser.get(f"{screen.address}/now")
    tag = {"If-None-Match": seen.headers["ETag"]}
    assert screen.kim.browser.get(f"{screen.address}/now", headers=tag).status_code == 304
    screen.answers(right(screen.question))
    found = screen.kim.browser.get(f"{screen.address}/now", headers=tag)
    assert found.get_data(as_text=True) == "1-open\n1 answer so far"
    screen.press("close")
    changed = phone.person.browser.get(f"/room/{phone.code}/now", headers=again)
    assert (changed.status_code, changed.get_data(as_text=True)) == (200, "1-closed")


def test_pages_name_the_state_that_their_script_compares(screen):
    phone = screen.phone()
    phone.answer(screen.question, right(screen.question))

    assert f'data-state="{phone.now}"' in phone.person.html
    screen.look()
    state = screen.kim.browser.get(f"{screen.address}/now").get_data(as_text=True)
    assert f'data-state="{state.splitlines()[0]}"' in screen.kim.html
    assert state.splitlines()[1] in screen.kim.text


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
    assert late.person.post(f"/room/{late.code}", form).location.endswith("?late=other")
    late.open()
    form = late.person.form(answer=screen.question.parts[0].id)
    connection.execute(delete(RoomRow))
    page = late.person.post(f"/room/{late.code}", form)
    late.person.open(page.location)

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
    asked = Asked(question.id, question.version, "0")
    now = datetime.now(UTC)
    with database.transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        for hours, code in ((3, "DAGOMELU"), (1, "BULEGAPA")):
            opened = NewRoom(uuid.uuid4(), group.id)
            actions.open_room(session, opened, asked, [code], now - timedelta(hours=hours))

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
