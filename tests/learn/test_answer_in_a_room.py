"""Phones in a room: each counts once, and may guess only so many codes."""

from __future__ import annotations

from learn import join_codes, rate_limits
from tests.learn.big_screen import (
    BigScreen,
    all_rows,
    right,
)
from tests.learn.limits import fill


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

    assert "Your answer wasn’t counted, because that question is over." in late.person.text
    assert other.stem in late.person.text
    assert screen.counts() == {}


def test_an_old_form_of_the_same_question_counts_for_the_round_that_is_open(screen):
    """The phone hadn't answered, and what it shows is what is asked."""
    question, late = screen.question, screen.phone()
    here = f"/room/{join_codes.grouped(late.code)}"
    form = late.person.form(answer=question.parts[0].id)
    screen.answers(*[right(question)] * 5)
    screen.press("close")
    screen.press("again")

    assert late.person.post(f"/room/{late.code}", form).location == here
    assert "Your answer is counted" in late.open()
    assert screen.counts()[2, "part", question.parts[0].id] == 1
    assert late.person.post(f"/room/{late.code}", form).location == here
    assert "1 answer so far" in screen.look()


def test_an_answer_that_counted_before_is_not_counted_again_and_says_so(screen):
    question, phone = screen.question, screen.phone()
    form = phone.person.form(answer=question.parts[0].id)
    phone.person.post(f"/room/{phone.code}", form)
    screen.answers(*[right(question)] * 4)
    screen.press("close")
    screen.press("again")
    page = phone.person.post(f"/room/{phone.code}", form)
    phone.person.open(page.location)

    assert "That answer wasn’t counted: the question has been asked again" in phone.person.text
    assert "0 answers so far" in screen.look()
    assert phone.answer(question, right(question)) == 303
    assert "1 answer so far" in screen.look()


def test_the_question_comes_before_its_exhibit_on_a_phone(room, app, content):
    screen = BigScreen(room, app, content)
    shown = [q for o in content.bank.counted.values() for q in o.questions if q.exhibit]
    screen.ask(shown[0])
    html = screen.phone().person.html

    assert html.index("<h1") < html.index("<figure") < html.index('class="answers"')
    assert "sticky-action" not in html, "the button comes after the answers"


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
    screen.close_anyway()
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
