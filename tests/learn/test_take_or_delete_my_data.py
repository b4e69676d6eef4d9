"""The privacy page: copy or delete my data."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    MetaData,
    insert,
    select,
)

from learn import deletions
from learn.models import Account, Base, CareLine, Deletion
from learn.models.base import table_of
from learn.my_data import copies, descriptions
from learn.my_data.queries import TableRows, tables_with_account_id
from learn.spreadsheets import escape_formula
from tests.conventions.test_texts import BANNED
from tests.learn.edits import without
from tests.learn.people import Person, right_answer
from tests.learn.row_factory import add_row

QUIZ = "lesson/what-is-all"
PAGES = ("", "/copy.json", "/copy.zip", "/delete", "/deleted")
MADE = datetime(2026, 11, 22, 2, tzinfo=UTC)


def use_everything(person: Person) -> None:
    """A quiz, two lessons, and a question for the care team; and a row in every other table."""
    person.take(QUIZ, right=False)
    objective = person.content.bank.of_lesson("what-is-all")[0]
    person.open("/care-team")
    person.post("/care-team/add", person.form(objective=[objective.id]))
    for lesson in [*person.content.lessons][:2]:
        person.open(f"/lessons/{lesson}")
    with person.browser.application.extensions["learn.database"].transaction() as session:
        for table, owner in tables_with_account_id().items():
            if not session.execute(select(table).where(owner == person.account)).first():
                add_row(session, table, person.account)


def traces(connection: Connection, account: uuid.UUID) -> set[str]:
    """Return the tables that contain the account's id in any column."""
    forms: set[Any] = {account, account.bytes, account.hex, str(account)}
    schema = MetaData()
    schema.reflect(connection)
    return {
        table.name
        for table in schema.tables.values()
        for row in connection.execute(select(table))
        if any(isinstance(value, uuid.UUID | bytes | str) and value in forms for value in row)
    }


def tables(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(person.open("/my-data/copy.json").get_data())["tables"]
    return found


def delete(person: Person) -> None:
    person.open("/my-data/delete")
    person.post("/my-data/delete", person.form())


def files(person: Person) -> dict[str, str]:
    raw = io.BytesIO(person.open("/my-data/copy.zip").get_data())
    with zipfile.ZipFile(raw) as opened:
        return {n: opened.read(n).decode("utf-8-sig") for n in opened.namelist()}


# See


def test_a_visitor_without_answers_reads_that_nothing_is_stored(somebody_new):
    somebody_new.open("/my-data")

    assert "We don’t keep anything about you" in somebody_new.text
    assert "Delete everything" not in somebody_new.text


def test_the_page_counts_what_is_stored(ana, content):
    use_everything(ana)
    answers = len([i for i in tables(ana)["item"]["rows"] if i["answered_at"]])
    ana.open("/my-data")

    assert f"{answers} answers, and" in ana.text
    assert "1 quiz you started" in ana.text
    assert "2 lessons you opened" in ana.text
    assert "1 question you saved" in ana.text
    assert "Kept since November 22, 2026" in ana.text


def test_data_is_found_even_if_the_first_response_was_lost(ana):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        del session["known"]
    ana.open("/my-data")

    assert "1 answer, and" in ana.text


@pytest.mark.parametrize("address", ["/privacy", "/progress"])
def test_these_pages_link_to_my_data(ana, address):
    ana.open(address)

    assert 'href="/my-data"' in ana.html


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_my_data_are_not_cached(ana, page):
    for _ in range(2):
        assert ana.browser.get(f"/my-data{page}").headers["Cache-Control"] == "no-store"
        use_everything(ana)


# Take along


@pytest.mark.fast("my_data")
def test_the_copy_has_every_row_of_every_table(ana, connection):
    use_everything(ana)
    found = tables(ana)

    learners = {t.name for t in tables_with_account_id()}
    assert {*found} - {"question"} == learners == traces(connection, ana.account)
    for table, owner in tables_with_account_id().items():
        kept = connection.execute(select(table).where(owner == ana.account)).all()
        assert len(found[table.name]["rows"]) == len(kept) > 0, table.name
        for row in found[table.name]["rows"]:
            assert {*row} == {c.name for c in table.columns} == {*found[table.name]["columns"]}


def test_every_table_that_refers_to_an_account_is_included():
    for table in Base.metadata.sorted_tables:
        mine = [*tables_with_account_id()]
        to = {key.column.table for key in table.foreign_keys}
        assert table in mine or not to & {*mine}, table.name


def test_values_are_readable_in_the_copy(ana, clock):
    use_everything(ana)
    found = tables(ana)
    item = found["item"]["rows"][0]

    assert found["account"]["rows"] == [
        {"id": str(ana.account), "created_at": "2026-11-22T02:00:00Z"}
    ]
    assert item["answered_at"] == "2026-11-22T02:00:00Z"
    assert uuid.UUID(item["attempt_id"])
    assert isinstance(item["response"], dict)
    assert item["score"] == 0


def test_each_answer_comes_with_the_question_as_it_was_asked(ana, app, content):
    ana.open(f"/quizzes/{QUIZ}")
    first = ana.question
    ana.answer(right_answer(first))
    ana.go_on()
    second = ana.question
    ana.answer({"answer": "?"})
    app.extensions["learn.content"] = without(content, first.id, second.id)
    answered, unsure, *later = tables(ana)["question"]["rows"]

    assert (answered["question"], answered["position"]) == (first.stem, 1)
    assert answered["vignette"].startswith(first.vignette or "")  # the exhibit's lines follow
    for line in first.describe(first.right_response()):
        assert line.text in answered["answer"]
    assert (unsure["question"], unsure["answer"]) == (second.stem, "“I’m not sure”")
    assert len(later) == 4
    assert {row["answer"] for row in later} == {""}
    assert "question.csv" in files(ana)


def test_every_table_and_column_is_described():
    learners = {t.name: {c.name for c in t.columns} for t in tables_with_account_id()}

    learners["question"] = {*("attempt_id", "position", "vignette", "question", "answer", "result")}
    assert {*descriptions.TABLES} == {*learners}
    assert {table: {*columns} for table, columns in descriptions.COLUMNS.items()} == learners


def test_the_descriptions_follow_the_rules_for_texts(app):
    with app.test_request_context():
        said = [
            *map(str, descriptions.TABLES.values()),
            *(str(text) for columns in descriptions.COLUMNS.values() for text in columns.values()),
            *map(
                str,
                (
                    descriptions.ABOUT,
                    descriptions.TIMES,
                    descriptions.IDS,
                    descriptions.EMPTY,
                    descriptions.APOSTROPHE,
                ),
            ),
        ]
    for text in said:
        assert text.endswith(".")
        assert not re.search(BANNED + "|[—'\"]", text, re.IGNORECASE), text
        assert all(len(s.split()) <= 22 for s in re.split(r"(?<=[.!?])\s+", text)), text


@pytest.mark.parametrize(
    ("file", "kind"), [("my-data.json", "application/json"), ("my-data.zip", "application/zip")]
)
def test_the_copy_is_downloaded_as_a_file(ana, file, kind):
    use_everything(ana)
    page = ana.open(f"/my-data/{file.replace('my-data', 'copy')}")

    assert page.mimetype == kind
    assert page.headers["Content-Disposition"] == f'attachment; filename="{file}"'


def test_the_zip_file_has_a_file_for_each_table_and_a_readme(ana):
    use_everything(ana)
    found = files(ana)
    readme = found.pop("README.txt")

    assert {*found} == {f"{t.name}.csv" for t in tables_with_account_id()} | {"question.csv"}
    for table, about in tables(ana).items():
        rows = [*csv.DictReader(io.StringIO(found[f"{table}.csv"], newline=""))]
        assert len(rows) == len(about["rows"]), table
        assert {*rows[0]} == {*about["columns"]}
        assert f"{table}.csv: {about['about']}" in readme
        for column, text in about["columns"].items():
            assert f"  {column}: {text}" in readme


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_becomes_a_formula(app, start):
    evil = f'{start}HYPERLINK("x")'
    found = TableRows("item", ("a", "b", "c", "d"), ((evil, -1, {"chosen": [evil]}, f"x{evil}"),))
    with (
        app.test_request_context(),
        zipfile.ZipFile(io.BytesIO(copies.as_zip([found], MADE))) as opened,
    ):
        text = opened.read("item.csv").decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text, newline=""))

    assert row[0] == f"'{evil}"
    assert row[1] == "-1"
    assert json.loads(row[2]) == {"chosen": [evil]}
    assert row[3] == f"x{evil}"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("＠SUM(1)", "'＠SUM(1)"),
        ("a;=1+1", "a;'=1+1"),
        ('a"; "=1+1', 'a"; "\'=1+1'),
        ("a\t@SUM(1)", "a\t'@SUM(1)"),
        ("\t=1", "'\t'=1"),
        ("low; high, -5 to 5 (a-b; c=d)", "low; high, -5 to 5 (a-b; c=d)"),
        ("", ""),
        (-5, -5),
        (None, None),
    ],
)
def test_a_cell_is_safe_with_any_separator(cell, kept):
    assert escape_formula(cell) == kept


def test_a_data_copy_contains_one_account_only(ana, ben, somebody_new):
    use_everything(ana)

    for other in (ben, somebody_new):
        assert not any(table["rows"] for table in tables(other).values())
        assert all(len(text.splitlines()) == 1 for n, text in files(other).items() if "csv" in n)
    use_everything(ben)
    assert str(ana.account) not in ben.open("/my-data/copy.json").get_data(as_text=True)


# Delete


def test_the_confirmation_page_says_what_is_deleted(ana, connection):
    use_everything(ana)
    ana.open("/my-data/delete")

    assert "right away and for good" in ana.text
    assert "within 30 days" in ana.text
    assert "2 lessons you opened" in ana.text
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
