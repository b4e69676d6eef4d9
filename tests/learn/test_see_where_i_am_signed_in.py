"""Somebody sees where they are signed in, and signs out elsewhere."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import select, update

from learn.devices import Device, device
from learn.models import SignInSession
from learn.models.base import table_of
from tests.learn.people import Person, right_answer
from tests.learn.registration import PASSPHRASE, QUIZ, register, sign_in, sign_out

SESSIONS = table_of(SignInSession)
CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"


@pytest.fixture
def phone(ana: Person) -> Person:
    """Ana's phone, on which she kept her progress."""
    ana.browser.environ_base["HTTP_USER_AGENT"] = CHROME
    register(ana)
    return ana


@pytest.fixture
def tablet(ben: Person, phone: Person) -> Person:
    """Another device of hers."""
    ben.browser.environ_base["HTTP_USER_AGENT"] = SAFARI
    sign_in(ben)
    return ben


def press(person: Person, button: str) -> Any:
    """Press a button of the list of devices: its form's address, by the words on it."""
    person.open("/account")
    match = re.search(
        rf'(?:form|button)action="([^"]+)"[^>]*>{button}|'
        rf'<form method="post" action="([^"]+)"[^>]*>\n[^\n]+\n<(?:p[^>]*><)?button[^>]*>{button}',
        person.html,
    )
    assert match, button
    return person.post(match.group(1) or match.group(2), person.form())


def is_in(person: Person) -> bool:
    return person.browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("header", "browser", "system"),
    [
        (CHROME, "Chrome", "Android"),
        (SAFARI, "Safari", "iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge",
            "Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Firefox/127.0", "Firefox", "Mac"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/126.0 Safari/537.36", "Chrome", "ChromeOS"),
        (
            "Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121 Safari/5",
            "Samsung Internet",
            "Android",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) CriOS/126 Safari/6", "Chrome", "iPad"),
        ("curl/8.0", "", ""),
        ("", "", ""),
        ("<script>" * 1000, "", ""),
    ],
)
def test_a_device_is_named_roughly(header, browser, system):
    assert device(header) == Device(browser, system)


def test_all_devices_are_listed_this_one_first(phone, tablet, clock):
    clock.forward(days=3)
    tablet.open("/progress")
    phone.open("/account")

    names = re.findall(r"<strong>(\w+ on \w+)</strong>", phone.html)
    assert names == ["Chrome on Android", "Safari on iPhone"]
    assert phone.html.count("This device") == 1
    assert phone.html.index("This device") < phone.html.index("Safari on iPhone")
    assert "Signed in since November 22, 2026" in phone.text
    assert "Last used on November 25, 2026" in phone.text


def test_an_unknown_device_is_listed_without_a_name(ana):
    ana.browser.environ_base["HTTP_USER_AGENT"] = "x"
    register(ana)

    assert "A device we don’t recognize" in ana.open("/account").get_data(as_text=True)
    assert "Sign out everywhere" not in ana.text, "there is only this one"


def test_one_other_device_can_be_signed_out(phone, tablet):
    page = press(phone, 'Sign out<span class="visually-hidden"> “Safari')

    assert (page.status_code, page.location) == (303, "/account?done=device")
    assert (is_in(phone), is_in(tablet)) == (True, False)
    assert "That device is signed out" in phone.open("/account?done=device").get_data(as_text=True)


def test_this_device_can_be_signed_out_from_the_list(phone, tablet):
    page = press(phone, 'Sign out<span class="visually-hidden"> “Chrome')

    assert (page.status_code, page.location) == (303, "/signed-out")
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert (is_in(phone), is_in(tablet)) == (False, True)


def test_all_other_devices_can_be_signed_out(phone, tablet, somebody_new):
    sign_in(somebody_new)
    page = press(phone, "Sign out on all other devices")

    assert page.location == "/account?done=others"
    assert [is_in(p) for p in (phone, tablet, somebody_new)] == [True, False, False]


def test_all_devices_can_be_signed_out_including_this_one(phone, tablet, connection):
    page = press(phone, "Sign out everywhere, here too")

    assert page.location == "/signed-out"
    assert [is_in(p) for p in (phone, tablet)] == [False, False]
    assert connection.execute(select(SESSIONS)).all() == []
    assert sign_in(phone).status_code == 303


def test_another_persons_device_cannot_be_signed_out(phone, app, content, connection):
    ben = Person(app, content)
    register(ben, "Ben")
    with phone.browser.session_transaction() as session:
        hers = uuid.UUID(hex=session["session"])
    ben.open("/account")
    page = ben.post(f"/account/devices/{hers}/sign-out", ben.form())

    assert page.location == "/account?done=device", "as if it were gone already"
    assert is_in(phone)


def test_signing_out_a_device_twice_is_no_error(phone, tablet):
    phone.open("/account")
    form = phone.form()
    address = re.findall(r'action="(/account/devices/[^"]+)"', phone.html)[1]
    sign_out(tablet)

    for _ in range(2):
        assert phone.post(address, form).location == "/account?done=device"


@pytest.mark.parametrize(
    "address",
    [f"{uuid.UUID(int=7)}/sign-out", "sign-out-others", "sign-out-everywhere"],
)
def test_a_guest_has_no_list_of_devices(ana, address):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    guest = ana.account
    ana.open("/care-team")
    page = ana.post(f"/account/devices/{address}", ana.form())

    assert (page.status_code, page.location) == (303, "/keep")
    assert ana.account == guest


@pytest.mark.parametrize("way", ["others", "here"])
def test_all_old_cookies_are_one_line_of_the_list(phone, somebody_new, connection, way):
    connection.execute(update(SESSIONS).values(id=uuid.UUID(int=0)))
    with phone.browser.session_transaction() as session:
        del session["session"]
        held = {**session}
    with somebody_new.browser.session_transaction() as session:
        session.update(held)
    assert is_in(somebody_new)
    phone.open("/account")
    assert "Devices from before this list" in phone.text
    assert "Signed in before November 22, 2026" in phone.text
    sign_in_again = Person(phone.browser.application, phone.content)
    sign_in(sign_in_again)
    if way == "others":
        press(phone, "Sign out on all other devices")
        assert [is_in(p) for p in (phone, somebody_new, sign_in_again)] == [True, False, False]
        assert "Devices from before" not in phone.open("/account").get_data(as_text=True)
    else:
        press(sign_in_again, "Sign out on all other devices")
        assert [is_in(p) for p in (phone, somebody_new, sign_in_again)] == [False, False, True]


def test_an_answer_in_another_tab_counts_while_others_are_signed_out(phone, tablet, rows):
    phone.open(f"/quizzes/{QUIZ}")
    here, form = phone.address, phone.form() | right_answer(phone.question)
    press(phone, "Sign out on all other devices")

    assert phone.post(here, form).status_code == 303
    assert sum(row.answered_at is not None for row in rows(phone)) == 1
    assert PASSPHRASE not in phone.html
