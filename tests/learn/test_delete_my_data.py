"""Delete my data, here and in another tab."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import (
    ForeignKeyConstraint,
    insert,
    select,
)

from learn import deletions
from learn.models import Account, CareLine, Deletion
from learn.models.base import table_of
from learn.my_data.queries import tables_with_account_id
from tests.learn.my_data import MADE, QUIZ, delete, tables, traces, use_everything
from tests.learn.people import Person, right_answer

# Delete


def test_the_confirmation_page_says_what_is_deleted(ana, connection):
    use_everything(ana)
    ana.open("/my-data/delete")

    assert "right away and for good" in ana.text
    assert "within 30 days" in ana.text
    assert "2 lessons you read" in ana.text
    assert traces(connection, ana.account) == {t.name for t in tables_with_account_id()}


def test_deletion_removes_every_trace_of_the_account_and_nothing_of_others(ana, ben, connection):
    use_everything(ana)
    use_everything(ben)
    account, others = ana.account, tables(ben)
    delete(ana)

    assert ana.page.status_code == 303
    assert traces(connection, account) == set()
    assert tables(ben) == others
    assert "Everything is deleted" in text_after(ana)
    assert ana.browser.get_cookie("learn_all") is None


def test_a_restored_backup_brings_no_deleted_account_back(ana, app, connection):
    """The list of deleted accounts has a digest of the id and the day, in two places."""
    use_everything(ana)
    entry = {deletions.digest(ana.account): access_day(app)}
    delete(ana)

    rows = connection.execute(select(table_of(Deletion)))
    assert {row.digest: row.deleted_on for row in rows}.items() >= entry.items()
    assert deletions.in_file(app.extensions["learn.settings"].data).items() >= entry.items()


def test_a_damaged_list_delays_no_deletion(ana, app, connection):
    """The file gets the entry from the database later, once it is repaired."""
    file = app.extensions["learn.settings"].data / "deleted_accounts"
    use_everything(ana)
    entry = {deletions.digest(ana.account): access_day(app)}
    before = file.read_bytes() if file.exists() else None
    file.write_text("damaged\n")
    try:
        delete(ana)
        assert file.read_text() == "damaged\n"
    finally:
        file.unlink()
        if before is not None:
            file.write_bytes(before)

    assert ana.page.status_code == 303
    rows = connection.execute(select(table_of(Deletion)))
    assert {row.digest: row.deleted_on for row in rows}.items() >= entry.items()


def access_day(app: Flask) -> date:
    today: date = app.extensions["learn.clock"]().date()
    return today


def text_after(person: Person) -> str:
    person.open(person.page.headers["Location"])
    return person.text


def test_every_row_is_deleted_by_cascade():
    account = table_of(Account)
    for table in tables_with_account_id():
        keys = [k for k in table.constraints if isinstance(k, ForeignKeyConstraint)]
        assert table is account or keys, table.name
        assert all(k.ondelete == "CASCADE" for k in keys), table.name


def test_before_the_first_answer_there_is_nothing_to_delete(somebody_new):
    somebody_new.open("/my-data/delete")

    assert "We don’t keep anything about you" in somebody_new.text
    somebody_new.post("/my-data/delete", {})
    assert "Everything is deleted" in text_after(somebody_new)


def test_without_a_valid_token_nothing_is_deleted_and_the_page_is_shown_again(ana, connection):
    use_everything(ana)
    account, kept = ana.account, tables(ana)
    ana.post("/my-data/delete", {})

    assert ana.page.status_code == 400
    assert "Not deleted yet" in ana.text
    assert tables(ana) == kept
    ana.post("/my-data/delete", {})
    ana.post("/my-data/delete", ana.form())
    assert traces(connection, account) == set()


def test_deleting_twice_is_no_error(ana, app, connection):
    use_everything(ana)
    cookie, account = ana.browser.get_cookie("learn_all").value, ana.account
    ana.open("/my-data/delete")
    form = ana.form()
    second = double(app, cookie)
    for browser in (ana.browser, second, second, ana.browser):
        page = browser.post("/my-data/delete", data=form)
        assert (page.status_code, page.headers["Location"]) == (303, "/my-data/deleted")
    assert second.get_cookie("learn_all") is None
    assert traces(connection, account) == set()


def test_the_page_after_deletion_is_shown_only_after_a_deletion(ana):
    use_everything(ana)
    ana.open("/my-data/deleted")

    assert ana.address == "/my-data"
    assert "This is everything we keep" in ana.text


# Another tab


def double(app: Flask, cookie: str) -> Any:
    """A request that was on its way already, with the cookie from before."""
    browser = app.test_client()
    browser.set_cookie("learn_all", cookie)
    return browser


def test_an_open_quiz_in_another_tab_is_not_found_after_deletion(ana, connection):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    account, here = ana.account, ana.address
    form = ana.form() | right_answer(ana.question)
    delete(ana)

    assert ana.post(here, form).status_code == 404
    assert ana.open(here).status_code == 404
    assert traces(connection, account) == set()


def test_a_first_answer_in_another_tab_is_asked_again_of_a_new_guest(ana, connection, content):
    use_everything(ana)
    account = ana.account
    ana.open("/quizzes/mixed")
    form, question = ana.form(), ana.question
    delete(ana)
    ana.address = "/quizzes/mixed"
    ana.post(ana.address, form | right_answer(question))

    assert ana.page.status_code == 400
    ana.answer(right_answer(ana.question))
    assert ana.page.status_code == 200
    assert ana.account != account
    assert traces(connection, account) == set()


def test_late_requests_restore_no_deleted_data(ana, app, connection, content):
    use_everything(ana)
    account, cookie = ana.account, ana.browser.get_cookie("learn_all").value
    ana.open("/care-team")
    line = "/care-team/lines/" + re.search(r'id="line-([^"]+)"', ana.html)[1]
    ana.open(f"/quizzes/{QUIZ}")
    first, question = ana.form(), ana.question
    asked = content.bank.of_lesson("what-is-all")[1].id
    wish = {"csrf_token": first["csrf_token"], "objective": [asked]}
    lesson = [*content.lessons][-1]
    delete(ana)

    for address, form, status in (
        (f"/quizzes/{QUIZ}", first | right_answer(question), 400),
        ("/care-team/add", wish, 303),
        ("/care-team/write", wish | {"text": "Why?"}, 400),
        (f"{line}/tick", wish | {"asked": "yes"}, 303),
        (f"{line}/move", wish | {"top": "yes"}, 303),
        (f"{line}/remove", wish, 303),
        (line, wish | {"text": "Why?"}, 404),
    ):
        assert double(app, cookie).post(address, data=form).status_code == status, address
    assert double(app, cookie).get(f"/lessons/{lesson}").status_code == 200
    for page in ("/progress", "/care-team", "/lessons", "/", "/my-data", "/my-data/copy.json"):
        assert double(app, cookie).get(page).status_code == 200, page
    assert traces(connection, account) == set()


def test_an_old_cookie_after_deletion_is_a_new_guest(ana, app, connection):
    use_everything(ana)
    account, cookie = ana.account, ana.browser.get_cookie("learn_all").value
    delete(ana)
    ana.browser.set_cookie("learn_all", cookie)
    ana.open(f"/quizzes/{QUIZ}")
    given = right_answer(ana.question)
    ana.answer(given)

    assert ana.page.status_code == 400
    assert ana.account != account
    ana.answer(given)
    assert ana.page.status_code == 200
    assert traces(connection, account) == set()
    assert traces(connection, ana.account) == {"account", "attempt", "item", "memory"}


def test_an_early_copy_of_the_cookie_restores_no_deleted_guest(ana, app, connection):
    """From before the first answer, it does not say that there was a row."""
    ana.open(f"/quizzes/{QUIZ}")
    early = ana.browser.get_cookie("learn_all").value
    use_everything(ana)
    account = ana.account
    delete(ana)

    for address, fields in (
        ("/care-team/write", {"text": "Why?"}),
        ("/own-words/lesson/where-all-stands", {"text": "Words."}),
        (f"/quizzes/{QUIZ}", None),
    ):
        ana.browser.set_cookie("learn_all", early)
        ana.open("/care-team" if address == "/care-team/write" else address)
        given = right_answer(ana.question) if fields is None else fields
        assert ana.post(address, ana.form() | given).status_code == 400, address
        assert ana.account != account
        assert traces(connection, account) == set()


def test_the_search_for_traces_finds_rows(connection):
    account, now = uuid.uuid4(), MADE
    connection.execute(insert(table_of(Account)).values(id=account, created_at=now))
    connection.execute(
        insert(table_of(CareLine)).values(
            account_id=account,
            id=uuid.uuid4(),
            objective_id="x",
            position=1,
            ticked=False,
            added_at=now,
        )
    )

    assert traces(connection, account) == {"account", "care_line"}
