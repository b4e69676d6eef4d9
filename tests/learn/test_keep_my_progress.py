"""Register: nickname, passphrase, recovery code."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from argon2 import PasswordHasher, Type
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from learn import nicknames
from learn.account import codes, passphrases, throttling
from learn.models import Account, Item, SignIn
from learn.models.base import table_of
from tests.learn.people import right_answer, text_of
from tests.learn.registration import ANOTHER, PASSPHRASE, QUIZ, code_on, register, sign_in, sign_out

SIGN_IN = table_of(SignIn)
LOOKS_LIKE_ANA = ["ana", "ANA", " Ana ", "Αna", "Аnа", "A\u200bna", "\u202eAna", "ＡＮＡ", "A n a"]


def sign_ins(connection):
    return connection.execute(select(SIGN_IN)).all()


NAMES = [
    *("Ana", "José", "Мария", "李娜", "فاطمة", "می‌نا", "क्षिति", "אנה", "😀"),
    *("a", "O’Neill", "x" * 40),
]
ODD = (
    "8 signs!",
    "🐢🐢🐌🐌🌱🌱🌙🌙",
    "пароль на ночь",
    "' OR 1=1; --",
    "x1y-" * 256,
    "null\x00null",
)


def try_to_keep(person, nickname, passphrase=PASSPHRASE):
    person.open("/keep")
    return person.post("/keep", person.form(nickname=nickname, passphrase=passphrase))


# Keep


def test_a_guests_answers_belong_to_the_registered_account(ana, connection, rows):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    guest, before = ana.account, rows(ana)
    register(ana)

    (row,) = sign_ins(connection)
    assert (row.account_id, row.nickname) == (ana.account, "Ana")
    assert ana.account != guest
    assert [row[1:] for row in rows(ana)] == [row[1:] for row in before]
    assert "Saved as Ana" in ana.open("/progress").get_data(as_text=True)


def test_a_visitor_without_answers_can_register(somebody_new, connection):
    register(somebody_new, "Kim")

    assert len(sign_ins(connection)) == 1
    somebody_new.open(f"/quizzes/{QUIZ}")
    somebody_new.answer_right()
    assert connection.scalar(select(func.count()).select_from(table_of(Item))) > 0
    assert connection.scalar(select(func.count()).select_from(table_of(Account))) == 1


def test_the_recovery_code_is_shown_once_with_a_warning(ana):
    code = register(ana)

    assert "We don’t have your email address" in ana.text
    assert "this code is the only way to get back in" in ana.text
    assert ana.page.headers["Cache-Control"] == "no-store"
    for address in ("/keep", "/account", "/account/code", "/my-data/copy.json", "/progress"):
        assert code not in ana.open(address).get_data(as_text=True)


def test_only_hashes_of_secrets_are_stored(ana, connection):
    code = register(ana)
    (row,) = sign_ins(connection)

    assert row.passphrase.startswith("$argon2id$")
    assert row.recovery == codes.digest(code.replace("-", ""))
    assert PASSPHRASE not in str(row)
    assert code.replace("-", "") not in str(row)


def test_the_data_copy_contains_no_hashes(ana, connection):
    register(ana)
    (row,) = sign_ins(connection)
    copy = ana.open("/my-data/copy.json").get_data(as_text=True)

    assert '"nickname": "Ana"' in copy
    assert row.passphrase not in copy
    assert row.recovery not in copy
    assert copy.count("We keep this, but it isn’t in your copy.") == 3


def test_a_form_sent_twice_shows_the_same_code(ana, connection):
    ana.open("/keep")
    form = ana.form(nickname="Ana", passphrase=PASSPHRASE)
    ana.post("/keep", form)
    first = code_on(ana)
    for _ in range(2):
        assert ana.post("/keep", form).status_code == 200
        assert code_on(ana) == first
    assert len(sign_ins(connection)) == 1


def test_a_form_sent_twice_at_once_shows_the_same_code(ana, app, connection):
    ana.open("/keep")
    form = ana.form(nickname="Ana", passphrase=PASSPHRASE)
    twin = app.test_client()
    twin.set_cookie("learn_all", ana.browser.get_cookie("learn_all").value)
    ana.post("/keep", form)
    second = twin.post("/keep", data=form)

    assert second.status_code == 200
    assert code_on(ana) in second.get_data(as_text=True)
    assert twin.get("/account").status_code == 200


def test_another_visitor_cannot_get_the_code_from_the_form(ana, ben):
    ana.open("/keep")
    draft = ana.hidden("draft")
    ana.post("/keep", ana.form(nickname="Ana", passphrase=PASSPHRASE))
    code = code_on(ana)
    ben.open("/keep")
    ben.post("/keep", ben.form(nickname="Ben", passphrase=ANOTHER) | {"draft": draft})

    assert code not in ben.html
    ben.post("/keep", ben.form(nickname="Ben", passphrase=ANOTHER))
    assert ben.page.status_code == 200
    assert code_on(ben) != code


def test_a_registered_visitor_is_redirected_to_their_account(ana, connection):
    register(ana)

    assert ana.open("/keep").request.path == "/account"
    page = ana.post("/keep", {"nickname": "Other", "passphrase": PASSPHRASE})
    assert (page.status_code, page.headers["Location"]) == (303, "/account")
    assert [row.nickname for row in sign_ins(connection)] == ["Ana"]


def test_a_lost_recovery_code_page_is_shown_again_on_resend(ana, connection):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.open("/keep")
    before, form = ana.browser.get_cookie("learn_all").value, ana.form(nickname="Ana")
    ana.post("/keep", form | {"passphrase": PASSPHRASE})
    code = code_on(ana)
    ana.browser.set_cookie("learn_all", before)
    ana.post("/keep", form | {"passphrase": PASSPHRASE})

    assert code_on(ana) == code
    assert "Ana" in ana.open("/account").get_data(as_text=True)
    assert len(sign_ins(connection)) == 1


def test_registering_in_two_tabs_creates_one_account(ana, app, connection):
    """Each tab has another form. The one that comes second is led to sign in."""
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    forms = [ana.open("/keep") and ana.form(passphrase=PASSPHRASE) for _ in range(2)]
    twin = app.test_client()
    twin.set_cookie("learn_all", ana.browser.get_cookie("learn_all").value)
    ana.post("/keep", forms[0] | {"nickname": "Ana"})
    second = twin.post("/keep", data=forms[1] | {"nickname": "Anastasia"})

    assert ana.page.status_code == 200
    assert second.status_code == 422
    assert "Your progress was saved a moment ago" in text_of(second)
    assert 'value="Anastasia"' in second.get_data(as_text=True)
    assert [row.nickname for row in sign_ins(connection)] == ["Ana"]
    assert connection.scalar(select(func.count()).select_from(table_of(Account))) == 1


def test_an_account_deleted_in_another_tab_is_not_recreated(ana, connection):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.open("/keep")
    gone, form = ana.account, ana.form(nickname="Ana", passphrase=PASSPHRASE)
    old = ana.browser.get_cookie("learn_all").value
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())
    ana.browser.set_cookie("learn_all", old)
    ana.post("/keep", form)

    assert ana.page.status_code == 400
    assert 'value="Ana"' in ana.html
    ana.post("/keep", ana.form(nickname="Ana", passphrase=PASSPHRASE))
    assert ana.page.status_code == 200
    assert ana.account != gone
    assert len(sign_ins(connection)) == 1


def test_an_expired_form_keeps_the_nickname_but_not_the_passphrase(ana, connection):
    ana.open("/keep")
    ana.post("/keep", ana.form(nickname="Ana", passphrase=PASSPHRASE) | {"csrf_token": "old"})

    assert ana.page.status_code == 400
    assert "Not saved yet" in ana.text
    assert 'value="Ana"' in ana.html
    assert PASSPHRASE not in ana.html
    assert sign_ins(connection) == []


def test_a_browser_without_cookies_gets_an_explanation(somebody_new, connection):
    somebody_new.open("/keep")
    form = somebody_new.form(nickname="Kim", passphrase=PASSPHRASE)
    somebody_new.browser.delete_cookie("learn_all")
    somebody_new.post("/keep", form)

    assert somebody_new.page.status_code == 400
    assert "your browser doesn’t accept cookies" in somebody_new.text
    assert sign_ins(connection) == []


def test_a_shared_computers_cookie_ends_with_the_browser_session(ana, ben):
    register(ana, "Ana", shared="y")
    register(ben, "Ben")

    assert ana.browser.get_cookie("learn_all").expires is None
    assert ben.browser.get_cookie("learn_all").expires is not None


def test_fields_are_labeled_for_password_managers(ana):
    ana.open("/keep")
    assert 'autocomplete="username"' in ana.html
    assert 'autocomplete="new-password"' in ana.html
    assert "onpaste" not in ana.html
    assert "maxlength" not in ana.html
    ana.open("/sign-in")
    assert 'autocomplete="current-password"' in ana.html


def test_registration_is_suggested_until_it_is_done(ana, content):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    stop = ana.address.rpartition("/")[0] + "/stop"
    summary = ana.take("lesson/what-causes-all")
    pages = ("/", "/progress", stop, summary)
    for page in pages:
        ana.open(page)
        assert "Save my progress" in ana.text, page
        assert "dialog" not in ana.html
    register(ana)
    for page in pages:
        ana.open(page)
        assert "Save my progress" not in ana.text, page


def test_every_page_links_to_the_account(somebody_new):
    for page in ("/", "/help", "/lessons", "/not-there"):
        somebody_new.open(page)
        assert 'href="/account"' in somebody_new.html


# Nicknames


@pytest.mark.parametrize("same", LOOKS_LIKE_ANA)
def test_a_lookalike_nickname_is_taken(ana, ben, same, connection):
    register(ana, "Ana")
    try_to_keep(ben, same)

    assert ben.page.status_code == 422
    assert "Someone already has this nickname" in ben.text
    assert PASSPHRASE not in ben.html
    assert len(sign_ins(connection)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mimi", "Mlml"), ("Mimi", "M1m1"), ("Lou", "I0u"), ("Lou", "|ou"), ("Marnie", "Mamie")],
)
def test_lookalike_letters_and_letter_pairs_have_the_same_key(one, other):
    assert nicknames.skeleton(one) == nicknames.skeleton(other)


def test_suggested_nicknames_are_free(ana, ben):
    register(ana, "Ana")
    try_to_keep(ben, "Ana")
    offers = re.findall(r"<bdi>([^<]+)</bdi>", ben.html)

    assert len(offers) == 3
    assert all(o.startswith("Ana-") for o in offers)
    register(ben, offers[0])


@pytest.mark.parametrize(
    ("nickname", "said"),
    [
        ("", "Choose a nickname"),
        ("   ", "Choose a nickname"),
        ("\u200b\u2800", "Choose a nickname"),
        ("x" * 41, "at most 40 characters"),
        ("x" * 10_000, "at most 40 characters"),
        ("a" + "\u0301\u0316" * 60, "at most 40 characters"),
        ("\u0301", "a character that we can’t save"),
        ("x\ue000", "a character that we can’t save"),
    ],
)
def test_an_invalid_nickname_is_rejected_with_a_reason(ana, nickname, said, connection):
    try_to_keep(ana, nickname)

    assert ana.page.status_code == 422
    assert said in ana.text
    assert 'href="#nickname"' in ana.html
    assert 'aria-invalid="true"' in ana.html
    assert PASSPHRASE not in ana.html
    assert sign_ins(connection) == []


def test_typed_values_are_kept_after_an_error(ana):
    try_to_keep(ana, "Ana <b>", "short")

    assert 'value="Ana &lt;b&gt;"' in ana.html


@pytest.mark.parametrize(
    "nickname",
    [
        "Ana",
        "José",
        "Мария",
        "李娜",
        "فاطمة",
        "می‌نا",
        "क्षिति",
        "אנה",
        "😀",
        "a",
        "O’Neill",
        "x" * 40,
    ],
)
def test_a_nickname_in_any_script_signs_in(ana, ben, nickname):
    register(ana, nickname)

    assert sign_in(ben, nickname).status_code == 303
    ben.open("/account")
    assert nickname in html.unescape(ben.html)


@given(st.text(max_size=60))
def test_normalizing_a_nickname_twice_changes_nothing(text):
    try:
        found = nicknames.normalize(text)
    except nicknames.NicknameError:
        return
    key = nicknames.skeleton(found)
    assert nicknames.normalize(found) == found
    assert found == found.strip()
    assert len(found) <= 80
    assert 0 < len(key) <= 320
    assert not any(unicodedata.category(c) == "Cc" for c in found)
    assert not any(unicodedata.category(c) == "Cf" for c in found if c not in "\u200c\u200d")


@given(st.text(st.characters(categories=["Ll", "Lu", "Lo"]), min_size=1, max_size=20))
def test_nickname_keys_ignore_case(text):
    try:
        one, other = nicknames.normalize(text), nicknames.normalize(text.casefold())
    except nicknames.NicknameError:
        return
    assert nicknames.skeleton(one) == nicknames.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alice", "AIice"), ("Ben", "Вen"), ("Bob", "B0b"), ("Νina", "nina"), ("Arno", "Amo")],
)
def test_lookalike_nicknames_have_the_same_key(one, other):
    assert nicknames.skeleton(one) == nicknames.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ana", "Ava"), ("Jose", "José"), ("Tom", "Tim"), ("Мария", "Марина")]
)
def test_different_nicknames_have_different_keys(one, other):
    assert nicknames.skeleton(one) != nicknames.skeleton(other)


# Passphrases


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("", "Choose a passphrase"),
        ("        ", "Choose a passphrase"),
        ("seven77", "too short"),
        ("  seven77  ", "too short"),
        ("x1" * 2048, "too long"),
        ("password1", "easy to guess"),
        ("Pass Word 123", "easy to guess"),
        ("aaaaaaaaaaaa", "easy to guess"),
        ("12345678", "easy to guess"),
        ("hgfedcba", "easy to guess"),
        ("anastasia!", "much like your nickname"),
    ],
)
def test_an_invalid_passphrase_is_rejected_with_a_reason(ana, passphrase, said, connection):
    try_to_keep(ana, "Anastasia", passphrase)

    assert ana.page.status_code == 422
    assert said in ana.text
    assert 'href="#passphrase"' in ana.html
    assert 'value="Anastasia"' in ana.html
    assert sign_ins(connection) == []


def test_a_megabyte_passphrase_gets_the_too_large_page(ana):
    assert try_to_keep(ana, "Ana", "x" * 1_000_000).status_code == 413
    assert "too long to send" in ana.text


def test_common_passphrases_are_rejected():
    """As many as OWASP's standard asks for, of those that are long enough to be chosen."""
    common = [w for w in passphrases._COMMON if len(w) >= passphrases.MIN_LENGTH]  # noqa: SLF001

    assert len(common) > 3000
    for word in common:
        assert passphrases.find_error(word.upper(), "Ana") == "common"


@pytest.mark.parametrize("passphrase", ODD)
def test_any_other_text_is_a_valid_passphrase(ana, ben, passphrase):
    register(ana, "Ana", passphrase)

    assert sign_in(ben, "Ana", passphrase).status_code == 303


def test_a_passphrase_is_normalized_across_keyboards(ana, ben):
    register(ana, "Ana", "Café\u00a0au lait ")

    assert sign_in(ben, "Ana", " Cafe\u0301 au lait").status_code == 303


def test_passphrases_are_hashed_with_the_configured_parameters():
    assert isinstance(passphrases.HASHER, PasswordHasher)
    assert passphrases.HASHER.type is Type.ID
    assert passphrases.HASHER.memory_cost == 19 * 1024  # KiB
    assert passphrases.HASHER.time_cost == 2
    kept = passphrases.HASHER.hash(PASSPHRASE)
    assert len(kept) <= SIGN_IN.c.passphrase.type.length
    assert passphrases.verify(passphrases.HASHER, kept, PASSPHRASE)
    assert not passphrases.verify(passphrases.HASHER, kept, ANOTHER)
    assert not passphrases.verify(passphrases.HASHER, None, PASSPHRASE)
    assert not passphrases.verify(passphrases.HASHER, "not a hash", PASSPHRASE)


def test_an_unknown_nickname_costs_as_much_as_a_known_one():
    made = passphrases._dummy_hash(passphrases.HASHER)  # noqa: SLF001

    assert not passphrases.HASHER.check_needs_rehash(made)
    assert len(made) == len(passphrases.HASHER.hash(PASSPHRASE))


# The account


def test_a_guest_is_redirected_from_the_account_to_registration(somebody_new):
    for page in ("/account", "/account/nickname", "/account/passphrase", "/account/code"):
        assert somebody_new.open(page).request.path == "/keep"


def test_the_nickname_can_be_changed(ana, ben):
    register(ana)
    ana.open("/account/nickname")
    ana.post("/account/nickname", ana.form(nickname="Bird"))
    ana.open(ana.page.headers["Location"])

    assert "Your nickname has been changed" in ana.text
    assert "Bird" in ana.text
    assert sign_in(ben, "Ana").status_code == 422
    assert sign_in(ben, "bird").status_code == 303


def test_a_taken_nickname_is_refused(ana, ben):
    register(ana)
    register(ben, "Ben")
    ben.open("/account/nickname")
    ben.post("/account/nickname", ben.form(nickname="ANA"))

    assert ben.page.status_code == 422
    assert "Someone already has this nickname" in ben.text
    ben.post("/account/nickname", ben.form(nickname="BEN"))
    assert ben.page.status_code == 303


def test_changing_the_passphrase_needs_the_current_one(ana, ben):
    register(ana)
    ana.open("/account/passphrase")
    ana.post("/account/passphrase", ana.form(current=ANOTHER, passphrase=ANOTHER))
    assert ana.page.status_code == 422
    assert "isn’t your current passphrase" in ana.text
    ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase="short"))
    assert ana.page.status_code == 422
    ana.post("/account/passphrase", ana.form(current="", passphrase=ANOTHER))
    assert ana.page.status_code == 422
    ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER))
    assert ana.page.status_code == 303

    assert sign_in(ben).status_code == 422
    assert sign_in(ben, passphrase=ANOTHER).status_code == 303


def test_a_new_recovery_code_needs_the_passphrase_and_replaces_the_old_one(ana, connection):
    first = register(ana)
    ana.open("/account/code")
    ana.post("/account/code", ana.form(current=ANOTHER))
    assert ana.page.status_code == 422
    form = ana.form(current=PASSPHRASE)
    ana.post("/account/code", form)
    second = code_on(ana)
    ana.post("/account/code", form)

    assert code_on(ana) == second != first
    (row,) = sign_ins(connection)
    assert row.recovery == codes.digest(second.replace("-", ""))


@pytest.mark.parametrize("meanwhile", ["passphrase", "code", "twice"])
def test_a_recovery_code_is_shown_only_if_it_is_stored(
    ana, ben, connection, monkeypatch, meanwhile
):
    """Another device changes something after the passphrase was compared."""
    register(ana)
    sign_in(ben)
    ana.open("/account/code")
    form = ana.form(current=PASSPHRASE)
    ben.open("/account/passphrase" if meanwhile == "passphrase" else "/account/code")
    theirs = ben.form(current=PASSPHRASE, passphrase=ANOTHER)
    if meanwhile == "twice":
        theirs["draft"] = form["draft"]
    passes = [True]

    def change(_key: str) -> None:
        if passes:
            passes.clear()
            ben.post(f"/account/{'passphrase' if meanwhile == 'passphrase' else 'code'}", theirs)

    monkeypatch.setattr(throttling, "record_sign_in", change)
    ana.post("/account/code", form)

    (row,) = sign_ins(connection)
    if meanwhile == "twice":
        assert row.recovery == codes.digest(code_on(ana).replace("-", ""))
    else:
        assert ana.page.status_code == 422
        assert "<code>" not in ana.html


def test_two_accounts_never_get_the_same_recovery_code(ana, ben, connection):
    first = register(ana)
    ana.open("/account/code")
    draft = ana.hidden("draft")
    ana.post("/account/code", ana.form(current=PASSPHRASE))
    taken = code_on(ana)
    register(ben, "Ben", ANOTHER)
    ben.open("/account/code")
    ben.post("/account/code", ben.form(current=ANOTHER) | {"draft": draft})

    made = code_on(ben)
    assert made not in {first, taken}
    stored = {codes.digest(code.replace("-", "")) for code in (made, taken)}
    assert {row.recovery for row in sign_ins(connection)} == stored


@pytest.mark.parametrize("page", ["nickname", "passphrase", "code"])
def test_an_expired_form_changes_nothing(ana, page, connection):
    register(ana)
    before = sign_ins(connection)
    ana.open(f"/account/{page}")
    ana.post(f"/account/{page}", {"nickname": "Bird", "current": PASSPHRASE, "passphrase": ANOTHER})

    assert ana.page.status_code == 400
    assert sign_ins(connection) == before


def test_an_account_deleted_on_another_device_becomes_a_guest(ana, ben, connection):
    register(ana)
    sign_in(ben)
    ana.open("/my-data/delete")
    assert "Your nickname, your passphrase, and your recovery code are deleted too" in ana.text
    ana.post("/my-data/delete", ana.form())

    assert sign_ins(connection) == []
    assert ben.open("/account").request.path == "/keep"
    assert "Kept as" not in ben.open("/progress").get_data(as_text=True)
    register(ben, "Ana")


# Sign out


def test_signing_out_clears_the_session(ana):
    register(ana)
    page = sign_out(ana)

    assert page.status_code == 303
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert ana.browser.get_cookie("learn_all") is None
    assert "Nothing about you stays on this device" in ana.open("/signed-out").get_data(
        as_text=True
    )
    assert "Ana" not in ana.open("/progress").get_data(as_text=True)


def test_signing_out_needs_a_valid_token(ana):
    register(ana)
    ana.post("/sign-out", {})

    assert ana.page.status_code == 400
    assert "You’re not signed out yet" in ana.text
    ana.post("/sign-out", ana.form())
    assert ana.page.status_code == 303
    assert ana.post("/sign-out", {}).status_code == 303


@pytest.mark.parametrize(
    "page", ["/progress", "/account", "/my-data", "/keep", "/", "/sign-out", "/care-team"]
)
def test_personal_pages_are_not_cached(ana, page):
    register(ana)

    assert ana.open(page).headers["Cache-Control"] == "no-store"


def test_a_page_opened_before_registration_still_works(ana):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    here, form = ana.address, ana.form() | right_answer(ana.question)
    register(ana)

    assert ana.post(here, form).status_code == 303
    assert "That’s right" in text_of(ana.open(here))


def test_an_open_quiz_waits_for_the_next_sign_in(ana):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    here, form = ana.address, ana.form() | right_answer(ana.question)
    register(ana)
    sign_out(ana)
    assert ana.post(here, form).status_code == 404
    sign_in(ana)
    assert ana.post(here, form).status_code == 400, "the token is from before; the answer is saved"
    ana.open(here)
    assert ana.answer_right().status_code == 200


def test_nickname_keys_and_recovery_codes_are_unique(connection, ana):
    register(ana)
    (row,) = sign_ins(connection)
    for same in ({"nickname_key": "other"}, {"recovery": "other"}):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(insert(SIGN_IN).values(row._asdict() | same))
