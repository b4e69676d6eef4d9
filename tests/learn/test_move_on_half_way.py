"""A move that was stopped, and what changed meanwhile."""

from __future__ import annotations

import gc
import os
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from learn import schema
from learn.app import create_app
from learn.database import Database
from learn.models import Base
from learn.moving import note
from learn.moving.errors import MoveError
from learn.schema import SchemaError
from tests.learn.machine import Machine
from tests.learn.moves import (
    BATCH,
    EACH_WAY,
    Watcher,
    all_rows,
    fill_with_odd_rows,
    interrupt,
    moved,
    run_on,
    settings_of,
    tables_of,
    url_of,
)
from tests.learn.restoring import ANA, accounts, add, opened

ROOT = Path(__file__).parents[2]


def killed_at(machine: Machine, target: Database, point: int) -> None:
    """Move in a process that is killed at that point, and look that it was."""
    script = f"""
import os
from tests.learn.machine import Machine
from tests.learn.moves import Watcher, moved
from learn.database import Database
from pathlib import Path
machine = Machine(Path({str(machine.folder)!r}), {machine.env["DATABASE_URL"]!r})
watcher = Watcher({point}, lambda: os.kill(os.getpid(), 9))
moved(machine, Database({url_of(target)!r}), watcher)
"""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", script], check=False, env=env)
    assert ran.returncode == -9


@pytest.mark.parametrize("point", [1, 60, pytest.param(100, marks=pytest.mark.every)])
@EACH_WAY
def test_a_killed_move_goes_on_where_it_was(source, target, point):
    before = all_rows(opened(source))
    killed_at(source, target, point)
    refuses_to_serve(source, target)
    watcher = Watcher()
    done = moved(source, target, watcher)

    assert done.was_resumed
    assert all_rows(target) == before
    assert sum(rows for _, rows in watcher.reports) == 3 * sum(map(len, before.values()))
    assert {*Base.metadata.tables, "alembic_version"} == tables_of(target)


def refuses_to_serve(machine: Machine, target: Database) -> None:
    for command in (["educator", "list"], ["migrate"]):
        code, output = run_on(machine, target, *command)
        assert (code, len(output)) == (1, 1), output
        assert output[0].startswith(f"A move into the database {target.address} isn't finished.")
    code, output = run_on(machine, target, "backup", "half.zip")
    assert output == ["There is nothing to back up: a move into it isn't finished."]


@EACH_WAY
def test_rows_that_are_there_already_are_not_copied_again(source, target):
    with pytest.raises(MoveError, match=r"^Stopped\. Run the same command again"):
        moved(source, target, Watcher(40, interrupt))
    watcher = Watcher()
    moved(source, target, watcher)
    first = watcher.reports[0]
    assert first[1] > BATCH, "told at once of all that is there"


def test_a_half_moved_target_is_refused_by_the_site_and_by_readiness(machine, file_target, content):
    with pytest.raises(MoveError):
        moved(machine, file_target, Watcher(5, interrupt))
    settings = settings_of(Machine(machine.folder, url_of(file_target)))
    with pytest.raises(SchemaError, match="isn't finished"):
        create_app(settings, content=content)
    assert schema.state(file_target) is schema.State.UNFINISHED
    assert machine.run("educator", "list")[0] == 0, "the one before still serves"


def test_a_copy_of_a_half_moved_target_is_not_restored(machine, file_target, tmp_path):
    with pytest.raises(MoveError):
        moved(machine, file_target, Watcher(5, interrupt))
    file_target.shut_down()
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(file_target.file.read_bytes())
    assert machine.run("restore", copy, "--replace") == (
        1,
        ["The copy isn't whole: a move into its database wasn't finished."],
    )


@EACH_WAY
def test_a_source_that_changed_between_two_tries_is_noticed(source, target):
    with pytest.raises(MoveError):
        moved(source, target, Watcher(60, interrupt))
    add(source, ANA)
    code, output = source.run("move", "--to", url_of(target))
    assert code == 1
    assert output[-1].startswith("The database changed while it was moved, in account, so ")
    refuses_to_serve(source, target)
    assert source.run("educator", "list")[0] == 0, "the one before still serves"

    assert source.run("move", "--to", url_of(target), "--again")[0] == 0
    assert ANA in accounts(Machine(source.folder, url_of(target)))


@EACH_WAY
def test_a_changed_value_or_a_deleted_row_of_the_source_is_noticed_too(source, target):
    with pytest.raises(MoveError):
        moved(source, target, Watcher(90, interrupt))
    database = opened(source)
    with database.transaction() as session:
        session.execute(text("UPDATE item SET sure = NOT sure WHERE position = 3"))
    database.dispose()
    with pytest.raises(MoveError, match=r"changed while it was moved, in item,"):
        moved(source, target)


@EACH_WAY
def test_a_row_that_somebody_changed_in_the_target_is_noticed(source, target):
    def spoil() -> None:
        with target.transaction() as session:
            session.execute(text("UPDATE reading SET lesson_id = 'other' WHERE lesson_id = 'ab'"))
        target.dispose()

    last = Watcher()
    count = sum(map(len, all_rows(opened(source)).values()))

    def note_and_spoil() -> None:
        if sum(rows for _, rows in last.reports) == count:
            spoil()

    last.do = note_and_spoil
    last.at = copying_reports(source)
    with pytest.raises(MoveError, match=r"^reading in .* isn't what was written there"):
        moved(source, target, last)
    refuses_to_serve(source, target)


def copying_reports(machine: Machine) -> int:
    """How many batches there are to copy."""
    sizes = [len(rows) for rows in all_rows(opened(machine)).values()]
    return sum(-(-size // BATCH) for size in sizes)


@EACH_WAY
def test_nobody_can_write_to_the_source_meanwhile(source, target):
    said: list[str] = []

    def write() -> None:
        if source.env["DATABASE_URL"]:
            other = Database(f"{source.env['DATABASE_URL']}{impatient(source)}")
            with other.engine.connect() as connection, pytest.raises(DBAPIError) as refused:
                connection.execute(text("DELETE FROM reading"))
            other.dispose()
            said.append(str(refused.value.orig))
        else:
            with (
                closing(sqlite3.connect(source.file, timeout=0.05)) as raw,
                pytest.raises(sqlite3.OperationalError) as locked,
            ):
                raw.execute("DELETE FROM reading")
            said.append(str(locked.value))

    moved(source, target, Watcher(20, write))
    assert "lock" in said[0]


def impatient(machine: Machine) -> str:
    """Add to an address that nobody waits long for a lock."""
    joint = "&" if "?" in machine.env["DATABASE_URL"] else "?"
    return f"{joint}options=-c%20lock_timeout%3D50"


@EACH_WAY
def test_a_move_killed_between_the_note_and_the_last_transaction_goes_on(source, target):
    before = all_rows(opened(source))
    with pytest.raises(MoveError):
        moved(source, target, Watcher(60, interrupt))
    ours = settings_of(source)
    names = [note.identity(one.url) for one in (Database(ours.database_url), target)]
    note.write(ours.data, note.MoveNote(*names, target.address))
    assert "was moved to" in source.run("educator", "list")[1][0]
    refuses_to_serve(source, target)
    moved(source, target)
    assert all_rows(target) == before


def test_a_damaged_note_of_a_move_stops_the_start_in_one_line(machine):
    (machine.folder / "data" / "moved").write_text("{")
    code, output = machine.run("educator", "list")
    assert (code, len(output)) == (1, 1)
    assert "moved can't be read." in output[0]


def test_a_move_by_another_version_is_begun_again_only_on_request(machine, file_target):
    with pytest.raises(MoveError):
        moved(machine, file_target, Watcher(5, interrupt))
    with file_target.transaction() as session:
        session.execute(text("UPDATE move_progress SET digest = '0001' WHERE name = '(source)'"))
    file_target.dispose()
    code, output = machine.run("move", "--to", url_of(file_target))
    assert (code, len(output)) == (2, 1)
    assert output[0].startswith("A move by another version of Learn ALL stopped in ")
    assert machine.run("move", "--to", url_of(file_target), "--again")[0] == 0


def test_a_row_with_damaged_json_is_named_by_its_table_alone(machine, file_target):
    database = opened(machine)
    with database.transaction() as session:
        session.execute(text("UPDATE item SET response = '{private'"))
    database.dispose()
    code, output = machine.run("move", "--to", url_of(file_target))
    assert (code, output[1:]) == (1, ["A row of item can't be moved: its JSON is damaged."])


@pytest.mark.every
def test_a_row_that_postgresql_refuses_is_named_by_its_table_alone(machine, empty_server):
    database = opened(machine)
    with database.transaction() as session:
        session.execute(text("UPDATE reading SET lesson_id = :long"), {"long": "private" * 20})
    database.dispose()
    code, output = machine.run("move", "--to", url_of(empty_server))
    assert (code, len(output)) == (1, 2)
    assert output[1].startswith("A row of reading can't be moved: value too long for type")
    assert "private" not in output[1]


def test_a_move_killed_just_before_its_last_step_is_brought_to_its_end(machine, file_target):
    before = all_rows(opened(machine))
    aside = moved(machine, file_target).aside
    aside.rename(machine.file)  # as if it had been killed before that was done
    code, output = machine.run("move", "--to", url_of(file_target))
    assert code == 0
    assert output[0] == f"Everything was moved to {url_of(file_target)} before."
    assert not machine.file.exists()
    assert all_rows(file_target) == before


@pytest.mark.every
def test_a_move_goes_on_after_the_server_ended_its_connections(machine, empty_server):
    fill_with_odd_rows(machine)
    before = all_rows(opened(machine))

    def end_connections() -> None:
        whole = Database(url_of(empty_server))
        with whole.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = 'empty'"
                )
            )
        whole.dispose()

    watcher = Watcher(copying_reports(machine) + 3, end_connections)
    with pytest.raises(MoveError, match="goes on where it was") as stopped:
        moved(machine, empty_server, watcher)
    assert "\n" not in str(stopped.value)
    del stopped  # and what it holds: a cursor of the lost connection, which nothing can close
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    moved(machine, empty_server)
    assert all_rows(empty_server) == before
