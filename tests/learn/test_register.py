"""Register: nickname, passphrase, recovery code."""

from __future__ import annotations

from sqlalchemy import func, select

from learn.account import codes
from learn.models import Account, Item
from learn.models.base import table_of
from tests.learn.people import text_of
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
    QUIZ,
    code_on,
    register,
    sign_ins,
)


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
    ben.post("/keep", ben.form(nickname="Ana", passphrase=ANOTHER) | {"draft": draft})
    assert code not in ben.html
    ben.post("/keep", ben.form(nickname="Ben", passphrase=ANOTHER) | {"draft": draft})

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
    assert "maxlength" not in ana.html.split("<main", 1)[1]
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
