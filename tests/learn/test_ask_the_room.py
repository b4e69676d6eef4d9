"""A question on the projector: asking, closing, asking again."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from sqlalchemy import func, select

from learn import join_codes
from learn.models import GroupEducator, QuestionHold
from learn.models import Room as RoomRow
from questions.kinds import KINDS
from questions.model import Response
from tests.learn.big_screen import (
    UNSURE,
    BigScreen,
    first_of,
    missed,
    right,
    shares_on,
)
from tests.learn.conftest import DAWN
from tests.learn.leading import become_educator
from tests.learn.people import Person, text_of


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
    fine = "“I’m not sure” is a fine answer, too."
    assert fine in text
    on_phone = screen.phone().person.text
    assert fine in on_phone
    assert "Nobody sees your name." in on_phone


def test_the_room_hears_that_who_is_named_is_made_up(room, app, content):
    """Before the case itself, so that no bar covers it, and after the question closed, too."""
    question = next(q for q in content.bank.questions.values() if q.vignette)
    screen = BigScreen(room, app, content)
    screen.ask(question)
    pages = [screen.look(), screen.close_anyway()]
    screen.kim.open(f"{screen.here}/ask/{question.id}")
    for page in [*pages, screen.kim.text]:
        said = html.unescape(page)
        made_up = said.index("The people in this question aren’t real.")
        assert made_up < said.index(question.vignette)


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
    screen.look()
    lettered = re.findall(r"<li><b>([A-Z])</b> ([^<]+)", screen.kim.html)
    assert [letter for letter, _ in lettered] == [*"ABCDEF"][: len(question.parts)]
    asked = screen.phone()
    assert re.findall(r"<span><b>([A-Z])</b> ([^<]+)", asked.person.html) == lettered
    closed = screen.press("close")
    for letter, text in lettered:
        assert f"{letter} {html.unescape(text)}" in closed, "the same letter as before"

    assert "3 of 6 chose it" in closed
    assert "2 of 6 chose it" in closed
    assert "1 of 6" in closed
    assert key.rationale not in closed
    assert "(right)" not in closed
    on_phone = phones[0].open()
    assert shares_on(on_phone) == shares_on(closed)
    assert key.rationale not in on_phone
    ends = "Once you show the right answer, you can’t ask this question again."
    places = [closed.index(t) for t in ("Ask again after talking", "Show the right answer", ends)]
    assert places == sorted(places)
    told = screen.press("tell")
    assert "Ask again after talking" not in told, "everybody has seen it"
    assert ends not in told
    assert key.rationale in told
    assert f"{key.text} (right)" in told
    assert all(f"{letter} {html.unescape(text)}" in told for letter, text in lettered)
    options = [told.rindex(html.unescape(text)) for _, text in lettered]
    assert told.rindex(key.text) == min(options), "what is right is in sight"
    assert key.rationale in phones[0].open()


def test_fewer_than_five_answers_are_never_shown_and_forgotten(screen):
    phones = screen.answers(*[missed(screen.question)] * 4)
    screen.look()
    lettered = re.findall(r"<li><b>([A-Z])</b> ([^<]+)", screen.kim.html)
    closed = screen.close_anyway()

    assert "Fewer than 5 people answered." in closed
    assert not shares_on(closed)
    assert screen.counts() == {}
    assert "Fewer than 5 people answered." in phones[0].open()
    told = screen.press("tell")
    key = next(p for p in screen.question.parts if p.right)
    assert key.rationale in told
    assert not shares_on(told)
    for page in (told, phones[0].open()):
        assert all(f"{letter} {html.unescape(text)}" in page for letter, text in lettered)
        assert f"{key.text} (right)" in page


def test_closing_with_fewer_than_five_answers_asks_once_and_keeps_them(screen):
    screen.answers(*[right(screen.question)] * 4)
    asked = screen.press("close")

    assert "4 answers so far" in asked
    assert "You need 5 to show results. Close anyway?" in asked
    assert screen.counts() != {}
    late = screen.phone()
    assert late.answer(screen.question, right(screen.question)) == 303
    assert "Close anyway?" not in screen.look(), "there are enough now"
    assert "5 of 5 chose it" in screen.press("close")


def test_the_projector_stops_asking_by_itself_once_enough_have_answered(screen):
    screen.answers(*[right(screen.question)] * 4)
    screen.press("close")
    asking = f"{screen.address}/now?few=yes"
    shown = re.search(r'data-state="([^"]+)"', screen.kim.html)
    assert shown
    assert "/now?few=yes" in screen.kim.html
    before = screen.kim.browser.get(asking).get_data(as_text=True)
    screen.answers(right(screen.question))
    after = screen.kim.browser.get(asking).get_data(as_text=True)

    assert before.splitlines()[0] == shown[1]
    assert after.splitlines()[0] != shown[1]


def test_a_round_of_a_few_does_not_use_up_asking_again(screen):
    question = screen.question
    phones = screen.answers(*[missed(question)] * 4)
    closed = screen.close_anyway()
    assert "Ask again" in closed
    assert "after talking" not in closed
    screen.press("again")
    for phone in [*phones, screen.phone()]:
        assert "The same question again" not in phone.open()
        assert phone.answer(question, missed(question)) == 303
    screen.press("close")
    for count in (2, 5):
        again = screen.press("again")
        assert "The same question again, after talking" in again
        for phone in [*phones, screen.phone()][:count]:
            phone.open()
            assert phone.answer(question, right(question)) == 303
        closed = screen.close_anyway() if count < 5 else screen.press("close")

    assert "The first time 0 of 5 chose it After talking 5 of 5 chose it" in closed
    assert "Ask again" not in closed
    screen.press("again", screen.kim.form())
    assert shares_on(screen.look()) == shares_on(closed)


def test_each_button_lands_on_what_it_shows(screen):
    screen.answers(*[right(screen.question)] * 5)

    assert screen.lands("close").endswith("#answers")
    assert 'id="answers"' in screen.kim.html
    assert screen.lands("tell").endswith("#right")
    assert 'id="right"' in screen.kim.html
    assert "few" not in screen.address


def test_the_reason_of_each_answer_stands_beside_its_bar(screen):
    screen.answers(*[right(screen.question)] * 5)
    screen.press("close")
    told = screen.press("tell")

    assert "<details" not in screen.kim.html.split('id="right"')[1].split("sticky-action")[0]
    bars = screen.kim.html.split("room-bars")[1].split("</ul>")[0]
    for part in screen.question.parts:
        assert bars.count(part.rationale) == 1
        assert told.count(part.rationale) == 1


def test_ending_a_room_says_so(screen):
    ended = screen.kim.post(f"{screen.address}/end", screen.kim.form())
    screen.kim.open(ended.location)

    assert "The room has ended. Its results are deleted." in screen.kim.text
    assert "Open rooms" not in screen.kim.text


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
    assert f"3 of you chose an answer that may mean: “{belief.belief}”" in told
    assert belief.truth in told


def test_a_wrong_idea_of_two_people_is_not_named(room, app, content):
    screen = BigScreen(room, app, content)
    question, option = with_beliefs(content)
    screen.ask(question)
    screen.answers(*[Response(chosen=(option.id,))] * 2, *[right(question)] * 3)
    screen.press("close")

    assert "chose an answer that may mean" not in screen.press("tell")


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
    closed = screen.close_anyway()

    assert "After talking, fewer than 5 people answered." in closed
    assert "5 of 5 chose it" in closed
    assert "After talking 1" not in closed
    assert {round_ for round_, *_ in screen.counts()} == {1}


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
    assert sorted(shares_on(told)) == sorted(shares_on(closed)), "what is right may come first"
    if question.partial_credit:
        assert "Fully right 4 of 6" in closed
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
