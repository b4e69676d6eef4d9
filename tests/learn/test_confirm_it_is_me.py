"""Somebody confirms that it is still them, before what a stranger at their device could do."""

from __future__ import annotations

import uuid
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from learn.models import Account, Passkey, SignIn, SignInSession
from learn.models.base import table_of
from tests.learn.authenticator import Authenticator
from tests.learn.passkeys import ceremony_options
from tests.learn.people import Person, right_answer, text_of
from tests.learn.registration import ANOTHER, PASSPHRASE, QUIZ, code_on, register, sign_in

SESSIONS = table_of(SignInSession)
CONFIRMED = {
    "account.nickname",
    "account.change_nickname",
    "passkeys.add",
    "passkeys.rename",
    "passkeys.submit_name",
    "passkeys.remove",
    "passkeys.submit_removal",
    "my_data.delete",
    "my_data.delete_everything",
}
ASKS_FOR_THE_PASSPHRASE = {"account.change_passphrase", "account.change_code"}


@pytest.fixture
def ana(ana: Person, phone: Authenticator) -> Person:
    """Ana kept her progress and added a passkey."""
    register(ana)
    ana.open("/passkeys")
    made = phone.make(ceremony_options(ana, "new"))
    assert ana.post("/passkeys/add", ana.form(name="Phone", credential=made)).status_code == 303
    return ana


@pytest.fixture
def late(ana: Person, clock: Any) -> Person:
    """Ana, five minutes after she signed in."""
    clock.forward(minutes=5)
    return ana


def confirm(person: Person, passphrase: str = PASSPHRASE) -> TestResponse:
    """Fill in the form on the page; the browser sends it again after a 307."""
    action = unescape(person.html.split('method="post" action="')[1].split('"')[0])
    form = {name: unescape(value) for name, value in person.form(current=passphrase).items()}
    page = person.post(action, form)
    return person.post(page.location, form) if page.status_code == 307 else page


def confirm_with(person: Person, device: Authenticator, to: str = "") -> TestResponse:
    """Confirm with a passkey, as the page's script does."""
    person.open(f"/passkeys/confirm?to={to}")
    used = device.use(ceremony_options(person, "sign-in"))
    return person.post(f"/passkeys/confirm?to={to}", person.form(credential=used))


def key_of(person: Person, connection: Any) -> str:
    own = select(Passkey.id).where(Passkey.account_id == person.account)
    return str(connection.scalar(own))


def test_these_routes_require_confirmation(app):
    found = {e for e, view in app.view_functions.items() if getattr(view, "is_confirmed", False)}

    assert found == CONFIRMED


def test_a_visitor_who_just_signed_in_is_not_asked(ana, ben):
    for person in (ana, ben):
        if person is ben:
            sign_in(ben)
        assert person.open("/account/nickname").request.path == "/account/nickname"
        assert 'name="credential"' in person.open("/passkeys").get_data(as_text=True)


@pytest.mark.parametrize("page", ["/account/nickname", "/my-data/delete"])
def test_the_page_opens_after_the_passphrase_for_five_minutes(late, clock, page):
    assert late.browser.get(page).location == f"/account/confirm?to={page}"
    late.open(page)
    assert "Confirm it’s you" in late.text
    assert confirm(late).location == page
    assert late.open(page).request.path == page
    clock.forward(minutes=4, seconds=59)
    assert late.open(page).request.path == page
    clock.forward(seconds=1)
    assert late.open(page).request.path == "/account/confirm"


def test_a_wrong_passphrase_confirms_nothing_and_is_throttled(late):
    late.open("/account/nickname")
    for _ in range(5):
        assert confirm(late, ANOTHER).status_code == 422
        assert "isn’t your current passphrase" in late.text or "passphrase" in late.text
    assert confirm(late, PASSPHRASE).status_code == 429
    assert late.open("/account/nickname").request.path == "/account/confirm"


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("x" * 5000, 422)])
def test_an_invalid_passphrase_confirms_nothing(late, typed, status):
    late.open("/account/nickname")

    assert confirm(late, typed).status_code == status
    assert late.open("/account/nickname").request.path == "/account/confirm"


def test_an_expired_form_confirms_nothing(late):
    late.open("/account/nickname")

    assert late.post("/account/confirm", {"current": PASSPHRASE}).status_code == 400
    assert late.open("/account/nickname").request.path == "/account/confirm"


def test_confirmation_counts_only_in_its_own_session(late, ben):
    sign_in(ben)
    assert ben.open("/account/nickname").request.path == "/account/nickname"
    assert late.open("/account/nickname").request.path == "/account/confirm"


def test_redirects_never_lead_to_another_site(late):
    late.open("/account/confirm?to=//evil.example/")
    page = late.post("/account/confirm?to=//evil.example/", late.form(current=PASSPHRASE))

    assert page.location == "/account"


# What a link can do


@pytest.mark.parametrize("to", ["/my-data/delete", "/sign-out", "/account/nickname"])
def test_a_link_never_sends_a_form(late, connection, to):
    """The page after a link leads on to another page, whatever its query says."""
    late.open(f"/account/confirm?to={to}&send=yes&lapsed=yes&nickname=Eve")
    assert {*late.form()} == {"csrf_token", "once"}
    assert "Eve" not in late.html
    page = confirm(late)

    assert (page.status_code, page.location) == (303, to)
    assert connection.scalar(select(SignIn.nickname)) == "Ana"


@pytest.mark.parametrize("query", ["", "?to=/my-data/delete&send=yes"])
def test_only_a_form_of_this_session_is_sent_again(ana, app, content, clock, query):
    """The signature of somebody else, one that was changed, and one of long ago count for none."""
    kim = Person(app, content)
    register(kim, "Kim")
    others = expired_form(kim, clock)["lapsed"]

    def send(lapsed: str, **how: Any) -> tuple[int, str]:
        form = ana.form(current=PASSPHRASE, lapsed=lapsed)
        page = ana.browser.post(f"/account/confirm{query}", data=form, **how)
        return page.status_code, page.location

    for change in (lambda _own: others, "{}x".format, lambda _own: "yes", lambda _own: ""):
        lapsed = change(expired_form(ana, clock)["lapsed"])
        assert send(lapsed)[0] == 303, lapsed
    own = expired_form(ana, clock)["lapsed"]
    assert send(own) == (307, "/account/nickname")
    assert send(own)[0] == 303, "confirming made it another session"
    own = expired_form(ana, clock)["lapsed"]
    below = {"SCRIPT_NAME": "/learn"}
    assert send(own, environ_overrides=below) == (307, "/learn/account/nickname")
    own = expired_form(ana, clock)["lapsed"]
    clock.forward(hours=24)
    assert send(own)[0] == 303


def test_a_form_without_its_token_is_not_sent_again(late, connection):
    page = late.post("/my-data/delete", {"csrf_token": "somebody else's"})

    assert page.status_code == 403
    assert {*late.form()} == {"csrf_token", "once"}
    page = confirm(late)
    assert (page.status_code, page.location) == (303, "/my-data/delete")
    assert connection.scalar(select(Account.id)) == late.account


def expired_form(person: Person, clock: Any) -> dict[str, Any]:
    """Send a form that was open for too long; return the one that asks to confirm."""
    person.open("/account/nickname")
    form = person.form(nickname="Bird of paradise")
    clock.forward(minutes=6)
    assert person.post("/account/nickname", form).status_code == 403
    return person.form()


# Forms that were open for too long


def test_a_typed_nickname_is_kept_and_changed_after_confirmation(ana, clock, connection):
    ana.open("/account/nickname")
    form = ana.form(nickname="Bird of paradise")
    clock.forward(minutes=6)
    page = ana.post("/account/nickname", form)

    assert page.status_code == 403
    assert 'value="Bird of paradise"' in ana.html
    assert connection.scalar(select(SignIn.nickname)) == "Ana"
    assert confirm(ana, ANOTHER).status_code == 422
    assert 'value="Bird of paradise"' in ana.html, "also after the wrong passphrase"
    assert confirm(ana).location == "/account?done=nickname"
    assert connection.scalar(select(SignIn.nickname)) == "Bird of paradise"


def test_a_new_passkey_is_added_after_confirmation(ana, clock, connection):
    ana.open("/passkeys")
    form = ana.form(name="Tablet")
    clock.forward(minutes=4)
    form["credential"] = Authenticator().make(ceremony_options(ana, "new"))
    clock.forward(minutes=2)

    assert ana.post("/passkeys/add", form).status_code == 403
    assert confirm(ana).location == "/passkeys?done=new"
    assert connection.scalars(select(Passkey.name)).all().count("Tablet") == 1


@pytest.mark.parametrize("what", ["rename", "remove"])
def test_a_passkey_is_renamed_and_removed_after_confirmation(ana, clock, connection, what):
    address = f"/passkeys/{key_of(ana, connection)}/{what}"
    ana.open(address)
    form = ana.form(name="New name")
    clock.forward(minutes=6)
    before = connection.execute(select(Passkey.name)).all()

    assert ana.post(address, form).status_code == 403
    assert connection.execute(select(Passkey.name)).all() == before
    assert confirm(ana).location.startswith("/passkeys?done=")
    assert connection.execute(select(Passkey.name)).all() != before


def test_all_data_is_deleted_only_after_confirmation(ana, clock, connection):
    ana.open("/my-data/delete")
    form = ana.form()
    clock.forward(minutes=6)

    assert ana.post("/my-data/delete", form).status_code == 403
    assert connection.scalar(select(Account.id)) == ana.account
    assert confirm(ana).location == "/my-data/deleted"
    assert connection.scalar(select(Account.id)) is None


def test_a_guest_deletes_all_data_without_confirmation(somebody_new, clock):
    somebody_new.open(f"/quizzes/{QUIZ}")
    somebody_new.answer_right()
    clock.forward(hours=1)
    somebody_new.open("/my-data/delete")

    assert somebody_new.post("/my-data/delete", somebody_new.form()).location == "/my-data/deleted"


def test_the_list_of_passkeys_needs_no_confirmation_but_its_form_does(late):
    late.open("/passkeys")
    assert "Phone" in late.text
    assert 'name="credential"' not in late.html
    assert 'href="/account/confirm?to=/passkeys"' in late.html
    late.open("/account/confirm?to=/passkeys")
    assert confirm(late).location == "/passkeys"
    assert 'name="credential"' in late.open("/passkeys").get_data(as_text=True)


# With a passkey


def test_a_passkey_confirms_as_well_as_a_passphrase(late, phone):
    assert confirm_with(late, phone, "/account/nickname").location == "/account/nickname"
    assert late.open("/account/nickname").request.path == "/account/nickname"


def test_a_passkey_replaces_the_passphrase_when_changing_it(late, phone, ben):
    late.open("/account/passphrase")
    assert 'name="current"' in late.html
    confirm_with(late, phone, "/account/passphrase")
    late.open("/account/passphrase")
    assert 'name="current"' not in late.html
    assert late.post("/account/passphrase", late.form(passphrase=ANOTHER)).status_code == 303
    assert sign_in(ben, passphrase=ANOTHER).status_code == 303


def test_a_passkey_replaces_the_passphrase_for_a_new_recovery_code(late, phone):
    confirm_with(late, phone, "/account/code")
    late.open("/account/code")
    late.post("/account/code", late.form())

    assert code_on(late)


def test_changing_the_passphrase_always_asks_for_it(ana):
    """Even right after signing in with it."""
    for page in ("passphrase", "code"):
        ana.open(f"/account/{page}")
        assert 'name="current"' in ana.html
        ana.post(f"/account/{page}", ana.form(passphrase=ANOTHER))
        assert ana.page.status_code == 422


def test_a_confirmation_by_passkey_expires_after_five_minutes(late, phone, clock):
    confirm_with(late, phone, "/account/code")
    late.open("/account/code")
    form = late.form()
    clock.forward(minutes=5)

    assert late.post("/account/code", form).status_code == 422


def test_another_persons_passkey_confirms_nothing(late, app, content):
    kim, tablet = Person(app, content), Authenticator()
    register(kim, "Kim")
    kim.open("/passkeys")
    kim.post("/passkeys/add", kim.form(credential=tablet.make(ceremony_options(kim, "new"))))
    page = confirm_with(late, tablet, "/account/nickname")

    assert page.status_code == 422
    assert "isn’t a passkey of the account" in text_of(page)
    assert late.open("/account/nickname").request.path == "/account/confirm"


def test_a_passkey_response_confirms_only_once(late, phone):
    late.open("/passkeys/confirm")
    form = late.form(credential=phone.use(ceremony_options(late, "sign-in")))

    assert late.post("/passkeys/confirm", form).status_code == 303
    assert late.post("/passkeys/confirm", form).status_code == 400


@pytest.mark.parametrize("page", ["/account/confirm", "/passkeys/confirm"])
def test_a_guest_cannot_confirm(somebody_new, page):
    somebody_new.open("/care-team")
    token = somebody_new.form()

    assert somebody_new.browser.get(page).location == "/keep"
    assert somebody_new.post(page, token).location == "/keep"


# From before there were sessions


def test_an_old_cookie_gets_a_session_of_its_own(late, app, content, connection):
    """Its session is that of all earlier cookies, and the others are not confirmed by it."""
    connection.execute(update(SESSIONS).values(id=uuid.UUID(int=0), confirmed_at=None))
    other = Person(app, content)
    with late.browser.session_transaction() as session:
        del session["session"]
        held = {**session}
    with other.browser.session_transaction() as session:
        session.update(held)
    late.open("/account/nickname")
    confirm(late)

    assert late.open("/account/nickname").request.path == "/account/nickname"
    assert other.open("/account/nickname").request.path == "/account/confirm"
    assert other.open("/account").request.path == "/account", "it is still signed in"


def test_an_answer_needs_no_confirmation(late, rows):
    late.open(f"/quizzes/{QUIZ}")
    late.answer_right()
    late.go_on()

    assert late.post(late.address, late.form() | right_answer(late.question)).status_code == 303
    assert sum(row.answered_at is not None for row in rows(late)) == 2
