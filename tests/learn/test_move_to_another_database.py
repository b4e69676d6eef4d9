"""The person who runs the site moves it to another database."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from learn import schema
from learn.app import create_app
from learn.database import Database
from learn.models import Account, Base, Deletion
from tests.learn.machine import Machine
from tests.learn.moves import (
    BATCH,
    EACH_WAY,
    NOW,
    Watcher,
    all_rows,
    moved,
    run_on,
    settings_of,
    tables_of,
    url_of,
)
from tests.learn.restoring import ANA, BEN, accounts, add, leave, opened

ROOT = Path(__file__).parents[2]
EACH_TABLE = len(Base.metadata.tables)  # rows, where each table has one


@EACH_WAY
def test_every_row_of_every_table_is_moved_as_it_was(source, target):
    database = opened(source)
    before = all_rows(database)
    watcher = Watcher()
    done = moved(source, target, watcher)

    assert all_rows(target) == before
    with target.engine.connect() as connection:
        assert connection.scalar(text("SELECT ticked IS NULL FROM explanation")) == 0
    assert schema.state(target) is schema.State.CURRENT
    count = sum(map(len, before.values()))
    assert (done.rows, done.accounts, done.cleaned) == (count, 31, 0)
    assert watcher.phases == [("Copying", count), ("Checking", 2 * count)]
    assert sum(rows for _, rows in watcher.reports) == 3 * count
    assert max(rows for _, rows in watcher.reports) == BATCH


@EACH_WAY
def test_the_moved_site_starts_and_takes_what_people_do(source, target, content):
    moved(source, target)
    app = create_app(settings_of(Machine(source.folder, url_of(target))), content=content)
    try:
        assert app.test_client().get("/readyz").status_code == 200
        with app.extensions["learn.database"].transaction() as session:
            session.add(Account(id=ANA, created_at=NOW))
        assert {*Base.metadata.tables, "alembic_version"} == tables_of(target)
    finally:
        app.extensions["learn.database"].dispose()
        app.extensions["learn.database_lock"].release()


def test_no_table_counts_its_rows_itself_so_no_counter_has_to_be_moved():
    """If a table gets one, the move has to set the counter of the new database."""
    for table in Base.metadata.sorted_tables:
        assert table.autoincrement_column is None, table
        assert not [c for c in table.columns if c.identity or c.computed], table


@pytest.mark.every
def test_what_postgresql_cannot_store_in_a_text_is_left_out_and_said(machine, empty_server):
    database = opened(machine)
    with database.transaction() as session:
        session.execute(text("UPDATE mistake_report SET text = 'a' || char(0) || 'b'"))
        session.execute(text("""UPDATE item SET response = '{"x\\u0000": "\\ud800y🩸\\ud83e"}'"""))
    database.dispose()
    code, output = machine.run("move", "--to", url_of(empty_server))

    assert code == 0, output
    assert output[3] == "2 rows had characters that PostgreSQL can't store: those were left out."
    after = all_rows(empty_server)
    assert "ab" in after["mistake_report"][0]
    assert {"x": "y🩸"} in after["item"][0]


def test_the_embedded_database_before_is_kept_for_thirty_days(machine, file_target):
    code, output = machine.run("move", "--to", url_of(file_target))
    assert code == 0, output
    assert output[0] == f"Copying: {EACH_TABLE} rows"
    assert output[2].startswith(f"Moved: {EACH_TABLE} rows, of 1 account, in ")
    assert output[3] == f"Now set DATABASE_URL to {url_of(file_target)} and start the site."
    aside = Path(output[4].removeprefix("The database before is kept for 30 days: "))
    assert aside.stat().st_mode & 0o777 == 0o600
    assert not machine.file.exists()

    schema.delete_expired_copies(machine.file, NOW - timedelta(days=1) + timedelta(days=29))
    assert aside.exists()
    schema.delete_expired_copies(machine.file, NOW + timedelta(days=31))
    assert not aside.exists()


def test_a_start_deletes_the_database_before_wherever_it_was(
    machine, tmp_path, file_target, content
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    file = elsewhere / "site.sqlite3"
    machine.file.rename(file)
    machine.env["DATABASE_URL"] = f"sqlite:///{file}"
    aside = moved(machine, file_target).aside
    assert aside
    assert aside.parent == elsewhere
    app = create_app(
        settings_of(Machine(machine.folder, url_of(file_target))),
        content=content,
        clock=lambda: NOW + timedelta(days=31),
    )
    app.extensions["learn.database"].dispose()
    app.extensions["learn.database_lock"].release()
    assert not aside.exists()


@EACH_WAY
def test_the_site_does_not_start_on_the_database_before(source, target):
    moved(source, target)
    for command in (["educator", "list"], ["migrate"], ["backup", "a.zip"]):
        code, output = source.run(*command)
        assert (code, len(output)) == (1, 1), output
        assert output[0].startswith(f"The database was moved to {target.address}: set DATABASE_URL")
    assert run_on(source, target, "educator", "list")[0] == 0


def test_the_database_before_can_be_restored_without_those_who_left_since(machine, file_target):
    add(machine, ANA, BEN)
    leave(machine, ANA)
    aside = moved(machine, file_target).aside
    there = Machine(machine.folder, url_of(file_target))
    with file_target.read_session() as session:
        assert session.query(Deletion).filter(Deletion.deleted_on >= NOW.date()).count() == 1
    file_target.dispose()
    leave(there, BEN)
    code, output = machine.run("restore", str(aside))
    assert code == 0, output
    assert output[1].startswith("1 account was deleted again")
    assert not {ANA, BEN} & accounts(machine)
    assert machine.run("educator", "list")[0] == 0


@EACH_WAY
def test_a_site_can_move_there_and_back(source, target, tmp_path):
    before = all_rows(opened(source))
    moved(source, target)
    away = Machine(source.folder, url_of(target))
    back = Database(f"sqlite:///{source.file}")
    moved(away, back)
    assert all_rows(back) == before
    assert Machine(source.folder).run("educator", "list")[0] == 0
    assert "was moved to" in run_on(source, target, "educator", "list")[1][0]


def test_a_terminal_shows_a_bar(machine, file_target):
    ours, its = pty.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-m", "learn", "move", "--to", url_of(file_target)],
        env=os.environ | machine.env | {"PYTHONPATH": str(ROOT)},
        cwd=machine.folder,
        stdout=its,
        stderr=its,
    )
    os.close(its)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    assert ran.wait(60) == 0
    lines = shown.decode().replace("\r\n", "\n")
    assert "Copying  [####" in lines
    assert f"{EACH_TABLE}/{EACH_TABLE}" in lines
    assert "Checking  [####" in lines
    assert f"Moved: {EACH_TABLE} rows" in lines
