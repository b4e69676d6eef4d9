"""The privacy page, and the copy of my data."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
import zipfile

import pytest
from sqlalchemy import (
    select,
)

from learn.models import Base
from learn.my_data import copies, descriptions
from learn.my_data.queries import TableRows, tables_with_account_id
from learn.spreadsheets import escape_formula
from tests.conventions.banned import BANNED
from tests.learn.edits import without
from tests.learn.my_data import MADE, QUIZ, files, tables, traces, use_everything
from tests.learn.people import right_answer

PAGES = ("", "/copy.json", "/copy.zip", "/delete", "/deleted")


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
    assert "2 lessons you read" in ana.text
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
        ("a\n=1+1;", "a\n'=1+1;"),
        ("a\r\n @SUM(1)", "a\r\n '@SUM(1)"),
        ("a\nb\r\nc = d", "a\nb\r\nc = d"),
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
