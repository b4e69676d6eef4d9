"""An educator looks around in a made-up group, and nobody takes it for a real one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import uuid
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from learn.database import Database
from learn.demo import actions, banner, papers
from learn.demo import group as demo_group
from learn.demo import rows as demo_rows
from learn.models import (
    Account,
    Assignment,
    Base,
    Group,
    GroupEducator,
    Invite,
    Item,
    MistakeReport,
    QuestionHold,
    RateLimit,
)
from learn.models.base import table_of
from learn.my_data.queries import tables_with_account_id
from tests.forked import learn
from tests.learn.conftest import DAWN, QUICK
from tests.learn.demo_database import PASSPHRASE, fill_as_the_command, fill_demo, rows_of
from tests.learn.registration import register, sign_in
from tests.learn.row_factory import add_row

ROOT = Path(__file__).parents[2]
SAYS = "Demo data: these people are made up."


@pytest.fixture
def fill(app, content):
    """Fills the database; returns how many answers were given."""
    return partial(fill_demo, app, content)


@pytest.fixture
def remove(app):
    def removed() -> int:
        with app.extensions["learn.database"].transaction() as session:
            return actions.remove(session)

    return removed


@pytest.fixture
def later(monkeypatch):
    """Lets half a minute go by for what a process has read."""
    at = banner.monotonic()

    def wait() -> None:
        nonlocal at
        at += 31
        monkeypatch.setattr(banner, "monotonic", lambda: at)

    return wait


def everything(connection) -> dict[str, list[Any]]:
    return {
        t.name: sorted(map(repr, connection.execute(select(t))))
        for t in Base.metadata.sorted_tables
    }


def test_the_demo_educator_signs_in_and_sees_the_group(app, content, ana):
    fill_as_the_command(app, content)
    sign_in(ana, demo_rows.NICKNAME, PASSPHRASE)
    ana.open("/groups")
    assert demo_rows.GROUP_NAME in ana.text
    ana.open(f"/groups/{demo_group.GROUP}")
    assert "first answers" in ana.text


def test_a_sitting_on_paper_shows_what_papers_show(fill, ana):
    fill()
    sign_in(ana, demo_rows.NICKNAME, PASSPHRASE)
    ana.open(f"/groups/{demo_group.GROUP}/paper/{papers.SITTING}")

    assert f"Paper quiz {papers.NUMBER}" in ana.text
    assert "34 papers" in ana.text
    assert "Reliability (Cronbach’s alpha): 0." in ana.text


def test_the_miskeyed_demo_question_is_flagged(fill, ana, connection, content):
    fill()
    quiz = next(a for a in rows_of(Assignment, connection) if a.kind == "quiz")
    sign_in(ana, demo_rows.NICKNAME, PASSPHRASE)
    ana.open(f"/groups/{demo_group.GROUP}/questions?assignment={quiz.id}")
    question = demo_group.make_plan(content, frozenset(), DAWN).miskeyed_question
    flagged = "Check the answer key and the wording: people who did well"
    assert 1 <= ana.text.count(flagged) <= 2, "chance alone may turn one more around"
    ana.open(f"/groups/{demo_group.GROUP}/questions/{question}?assignment={quiz.id}")
    assert flagged in ana.text
    assert "Shown once there are 30 people" not in ana.text


def test_questions_on_hold_are_not_asked(app, connection, content):
    question = demo_group.make_plan(content, frozenset(), DAWN).miskeyed_question
    connection.execute(
        insert(table_of(QuestionHold)).values(question_id=question, fact="F1", since=DAWN)
    )
    fill_as_the_command(app, content)
    assert question not in {i.question_id for i in rows_of(Item, connection)}


def test_removing_demo_data_restores_the_database(fill, remove, connection, app, ana):
    register(ana)
    with app.extensions["learn.database"].transaction() as session:
        for table in tables_with_account_id():
            if table.name not in {"account", "demo", "sign_in", "care_line"}:
                add_row(session, table, ana.account)
        session.add(Invite(token="t", name="Dr. Lee", created_at=DAWN, ends_at=DAWN))
        session.add(QuestionHold(question_id="q", fact="F1", since=DAWN))
        session.add(MistakeReport(id=uuid.uuid4(), page="p", text="t", reported_at=DAWN))
        session.add(RateLimit(key="k", hits=1, ends_at=DAWN))
    before = everything(connection)
    fill()
    assert everything(connection) != before

    assert remove() == 41

    assert everything(connection) == before
    assert remove() == 0
    assert everything(connection) == before


def test_the_demo_educators_own_groups_go_too_unless_shared_with_a_real_one(
    fill, remove, connection, ana
):
    register(ana)
    fill()
    alone, together = uuid.uuid4(), uuid.uuid4()
    groups, leads = table_of(Group), table_of(GroupEducator)
    for group in (alone, together):
        connection.execute(insert(groups).values(id=group, name="New", created_at=DAWN))
        connection.execute(
            insert(leads).values(account_id=demo_group.EDUCATOR, group_id=group, added_at=DAWN)
        )
    connection.execute(
        insert(leads).values(account_id=ana.account, group_id=together, added_at=DAWN)
    )
    remove()
    assert [g.id for g in rows_of(Group, connection)] == [together]


def test_the_demo_group_is_removed_even_without_its_educator(fill, remove, connection):
    fill()
    account = table_of(Account)
    connection.execute(delete(account).where(account.c.id == demo_group.EDUCATOR))
    remove()
    assert not rows_of(Group, connection)
    assert not rows_of(Account, connection)


def test_every_page_shows_the_demo_banner_only_while_there_is_demo_data(
    app, fill, remove, later, somebody_new
):
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    pages += ["/lessons/what-is-all", "/quizzes/lesson/what-is-all", "/not-there"]

    def says() -> set[bool]:
        answers = [somebody_new.browser.get(page) for page in pages]
        return {SAYS in a.text for a in answers if a.mimetype == "text/html" and "main" in a.text}

    assert says() == {False}
    fill()
    later()
    assert says() == {True}
    remove()
    later()
    assert says() == {False}


def test_a_cached_lesson_shows_the_demo_banner_too(fill, remove, later, ana):
    page = ana.open("/lessons/what-is-all")
    plain = {"If-None-Match": page.headers["ETag"]}
    fill()
    later()
    marked = ana.browser.get("/lessons/what-is-all", headers=plain)
    assert marked.status_code == 200
    assert SAYS in marked.text
    kept = {"If-None-Match": marked.headers["ETag"]}
    assert ana.browser.get("/lessons/what-is-all", headers=kept).status_code == 304
    remove()
    later()
    assert ana.browser.get("/lessons/what-is-all", headers=kept).status_code == 200
    assert ana.browser.get("/lessons/what-is-all", headers=plain).status_code == 304


def test_demo_data_is_looked_for_every_half_minute(fill, later, ana, statements):
    fill()
    later()
    statements.clear()
    for _ in range(3):
        ana.open("/lessons/what-is-all")
        ana.open("/help")
    assert len(statements) == 1


def test_help_pages_open_without_a_database(app, later, ana, tmp_path):
    database = app.extensions["learn.database"]
    gone = Database(f"sqlite:///{tmp_path / 'no folder' / 'gone.sqlite3'}")
    app.extensions["learn.database"] = gone
    later()
    try:
        assert ana.open("/help").status_code == 200
    finally:
        app.extensions["learn.database"] = database
        gone.dispose()


class Home:
    """`learn` command with an empty data folder."""

    def __init__(self, folder: Path) -> None:
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        self.env = kept | {"LEARN_DATA": str(folder), "PYTHONPATH": str(ROOT)}
        self.file = folder / "learn.sqlite3"

    def demo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return learn("demo", *arguments, env=self.env)

    def accounts(self) -> int:
        with closing(sqlite3.connect(self.file)) as database:
            return int(database.execute("SELECT count(*) FROM account").fetchone()[0])

    def add_somebody(self) -> None:
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute("INSERT INTO account VALUES (?, 0)", (uuid.uuid4().bytes,))


def test_the_command_fills_prints_the_sign_in_and_removes(tmp_path):
    home = Home(tmp_path / "data")
    first = home.demo("--site", "https://learn.example/")
    assert first.returncode == 0, first.stderr
    assert home.accounts() == 41
    assert "https://learn.example/sign-in" in first.stdout
    assert demo_rows.NICKNAME in first.stdout

    again = home.demo()
    assert again.returncode == 0, again.stderr
    assert "there already" in again.stdout
    assert home.accounts() == 41

    home.add_somebody()
    gone = home.demo("--remove")
    assert (gone.returncode, home.accounts()) == (0, 1)

    refused = home.demo()
    assert (refused.returncode, home.accounts()) == (1, 1)
    assert "nothing was changed" in refused.stderr
    assert not refused.stdout
    assert home.demo("--remove").stdout == "There is no demo data here.\n"


def test_the_passphrase_printed_last_signs_in(app, fill, ana):
    fill()
    with app.extensions["learn.database"].transaction() as session:
        assert actions.renew(session, QUICK.hash("another one")) == demo_rows.NICKNAME
    sign_in(ana, demo_rows.NICKNAME, PASSPHRASE)
    assert ana.is_led_to_sign_in("/groups")
    sign_in(ana, demo_rows.NICKNAME, "another one")
    assert ana.browser.get("/groups").status_code == 200
