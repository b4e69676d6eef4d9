"""The person who runs the site moves it to another database."""

from __future__ import annotations

import gc
import os
import pty
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from learn import in_use, schema
from learn.app import create_app
from learn.database import Database
from learn.models import Account, Base, Deletion
from learn.moving import note
from learn.moving.errors import MoveError, TargetRefusedError
from learn.schema import SchemaError
from tests.learn.machine import Machine
from tests.learn.moves import (
    BATCH,
    NOW,
    Watcher,
    all_rows,
    fill_with_odd_rows,
    interrupt,
    moved,
    settings_of,
    url_of,
)
from tests.learn.restoring import ANA, BEN, accounts, add, leave, opened
from tests.learn.test_restore import at_version

ROOT = Path(__file__).parents[2]
AHEAD = f"9998from{schema.numbers(schema.head())[0]}"  # which this version could run on
EACH_TABLE = len(Base.metadata.tables)  # rows, where each table has one
ON_SERVERS = [
    pytest.param("machine", "empty_server", marks=pytest.mark.every),
    pytest.param("server_machine", "file_target", marks=pytest.mark.every),
    pytest.param("server_machine", "empty_server", marks=pytest.mark.every),
]
EACH_WAY = pytest.mark.parametrize(("which", "where"), [("machine", "file_target"), *ON_SERVERS])


@pytest.fixture
def file_target(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'data' / 'new.sqlite3'}")
    (tmp_path / "data").mkdir(mode=0o700, exist_ok=True)
    yield database
    database.dispose()


@pytest.fixture
def source(request, which) -> Machine:
    found: Machine = request.getfixturevalue(which)
    (found.folder / "data").mkdir(mode=0o700, exist_ok=True)
    fill_with_odd_rows(found)
    return found


@pytest.fixture
def target(request, where) -> Database:
    found: Database = request.getfixturevalue(where)
    return found


def run_on(machine: Machine, database: Database, *arguments: str) -> tuple[int, list[str]]:
    """Run a command of the machine on another database."""
    other = Machine(machine.folder, url_of(database))
    return other.run(*arguments)


# Every row


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
        app.extensions["learn.in_use"].release()


def tables_of(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return {*database.engine.dialect.get_table_names(connection)}


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
    code, said = machine.run("move", "--to", url_of(empty_server))

    assert code == 0, said
    assert said[3] == "2 rows had characters that PostgreSQL can't store: those were left out."
    after = all_rows(empty_server)
    assert "ab" in after["mistake_report"][0]
    assert {"x": "y🩸"} in after["item"][0]


# What stays behind


def test_the_embedded_database_before_is_kept_for_thirty_days(machine, file_target):
    code, said = machine.run("move", "--to", url_of(file_target))
    assert code == 0, said
    assert said[0] == f"Copying: {EACH_TABLE} rows"
    assert said[2].startswith(f"Moved: {EACH_TABLE} rows, of 1 account, in ")
    assert said[3] == f"Now set DATABASE_URL to {url_of(file_target)} and start the site."
    aside = Path(said[4].removeprefix("The database before is kept for 30 days: "))
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
    app.extensions["learn.in_use"].release()
    assert not aside.exists()


@EACH_WAY
def test_the_site_does_not_start_on_the_database_before(source, target):
    moved(source, target)
    for command in (["educator", "list"], ["migrate"], ["backup", "a.zip"]):
        code, said = source.run(*command)
        assert (code, len(said)) == (1, 1), said
        assert said[0].startswith(f"The database was moved to {target.address}: set DATABASE_URL")
    assert run_on(source, target, "educator", "list")[0] == 0


def test_the_database_before_can_be_restored_without_those_who_left_since(machine, file_target):
    add(machine, ANA, BEN)
    leave(machine, ANA)
    aside = moved(machine, file_target).aside
    there = Machine(machine.folder, url_of(file_target))
    with file_target.read_session() as session:
        assert session.query(Deletion).count() == 2  # one of the rows that fill every table
    file_target.dispose()
    leave(there, BEN)
    code, said = machine.run("restore", str(aside))
    assert code == 0, said
    assert said[1].startswith("1 account was deleted again")
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


# Half way


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
        code, said = run_on(machine, target, *command)
        assert (code, len(said)) == (1, 1), said
        assert said[0].startswith(f"A move into the database {target.address} isn't finished.")
    code, said = run_on(machine, target, "backup", "half.zip")
    assert said == ["There is nothing to back up: a move into it isn't finished."]


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
    code, said = source.run("move", "--to", url_of(target))
    assert code == 1
    assert said[-1].startswith("The database changed while it was moved, in account, so ")
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
    code, said = machine.run("educator", "list")
    assert (code, len(said)) == (1, 1)
    assert "moved can't be read." in said[0]


def test_a_move_by_another_version_is_begun_again_only_on_request(machine, file_target):
    with pytest.raises(MoveError):
        moved(machine, file_target, Watcher(5, interrupt))
    with file_target.transaction() as session:
        session.execute(text("UPDATE move_progress SET digest = '0001' WHERE name = '(source)'"))
    file_target.dispose()
    code, said = machine.run("move", "--to", url_of(file_target))
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith("A move by another version of Learn ALL stopped in ")
    assert machine.run("move", "--to", url_of(file_target), "--again")[0] == 0


def test_a_row_with_damaged_json_is_named_by_its_table_alone(machine, file_target):
    database = opened(machine)
    with database.transaction() as session:
        session.execute(text("UPDATE item SET response = '{private'"))
    database.dispose()
    code, said = machine.run("move", "--to", url_of(file_target))
    assert (code, said[1:]) == (1, ["A row of item can't be moved: its JSON is damaged."])


@pytest.mark.every
def test_a_row_that_postgresql_refuses_is_named_by_its_table_alone(machine, empty_server):
    database = opened(machine)
    with database.transaction() as session:
        session.execute(text("UPDATE reading SET lesson_id = :long"), {"long": "private" * 20})
    database.dispose()
    code, said = machine.run("move", "--to", url_of(empty_server))
    assert (code, len(said)) == (1, 2)
    assert said[1].startswith("A row of reading can't be moved: value too long for type")
    assert "private" not in said[1]


def test_a_move_killed_just_before_its_last_step_is_brought_to_its_end(machine, file_target):
    before = all_rows(opened(machine))
    aside = moved(machine, file_target).aside
    aside.rename(machine.file)  # as if it had been killed before that was done
    code, said = machine.run("move", "--to", url_of(file_target))
    assert code == 0
    assert said[0] == f"Everything was moved to {url_of(file_target)} before."
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


# Refusals


def test_a_site_that_runs_is_not_moved(machine, file_target):
    database = opened(machine)
    held = in_use.InUse(database)
    code, said = machine.run("move", "--to", url_of(file_target))
    held.release()
    database.dispose()
    assert (code, said) == (1, ["The site is running, or another command. Stop it first."])
    assert not file_target.file.exists()


def test_a_site_that_runs_on_a_server_is_not_moved(server_machine, file_target):
    database = opened(server_machine)
    with database.engine.connect():
        code, said = server_machine.run("move", "--to", url_of(file_target))
    database.dispose()
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith("The site is running: 1 other connections")


@EACH_WAY
def test_the_site_does_not_start_during_a_move(source, target):
    codes: list[tuple[int, list[str]]] = []
    moved(source, target, Watcher(9, lambda: codes.append(run_on(source, target, "migrate"))))
    code, said = codes[0]
    assert (code, len(said)) == (1, 1)
    assert "isn't finished" in said[0] or "restored or moved" in said[0]


@EACH_WAY
def test_a_target_with_rows_is_refused_and_left_alone(source, target):
    schema.upgrade(target)
    with target.transaction() as session:
        session.add(Account(id=BEN, created_at=NOW))
    target.dispose()
    for more in ([], ["--again"]):
        code, said = source.run("move", "--to", url_of(target), *more)
        assert (code, len(said)) == (2, 1), said
        assert "isn't empty: there are rows in account" in said[0]
    assert accounts(Machine(source.folder, url_of(target))) == {BEN}
    assert source.run("educator", "list")[0] == 0


@EACH_WAY
def test_a_target_whose_site_has_started_but_was_never_used_is_taken(source, target, content):
    if not target.is_sqlite:
        schema.upgrade(target)
        target.dispose()
    before = all_rows(opened(source))
    app: Flask = create_app(settings_of(Machine(source.folder, url_of(target))), content=content)
    app.extensions["learn.database"].dispose()
    app.extensions["learn.in_use"].release()
    moved(source, target)
    assert all_rows(target) == before


@EACH_WAY
def test_a_target_of_another_program_is_refused(source, target):
    with target.engine.begin() as connection:
        connection.execute(text("CREATE TABLE patients (name text)"))
    target.dispose()
    code, said = source.run("move", "--to", url_of(target))
    assert (code, len(said)) == (2, 1), said
    assert "another program" in said[0]
    assert tables_of(target) == {"patients"}


def test_a_target_where_another_database_was_moved_to_is_refused(machine, file_target, tmp_path):
    with pytest.raises(MoveError):
        moved(machine, file_target, Watcher(5, interrupt))
    other = Machine(tmp_path / "other")
    other.file.parent.mkdir(mode=0o700, parents=True)
    other.file.write_bytes(machine.file.read_bytes())
    with pytest.raises(TargetRefusedError, match="A move from another database stopped in"):
        moved(other, file_target)
    assert moved(other, file_target, again=True).was_resumed is False


@pytest.mark.parametrize("version", ["9999", AHEAD, "0011"])
@EACH_WAY
def test_a_source_with_another_schema_is_refused_and_told_what_to_do(source, target, version):
    database = opened(source)
    at_version(database, version, drop="room" if version == "0011" else "")
    code, said = source.run("move", "--to", url_of(target))
    assert (code, len(said)) == (1, 1), said
    is_older = version == "0011"
    assert ("Run “learn migrate” first." if is_older else "made by a newer version") in said[0]
    if version == "0011":
        assert source.run("migrate")[0] == 0
        assert source.run("move", "--to", url_of(target))[0] == 0


@pytest.mark.parametrize("version", ["9999", AHEAD, "0011"])
def test_a_target_with_another_schema_is_refused(machine, file_target, version):
    schema.upgrade(file_target)
    at_version(file_target, version)
    code, said = machine.run("move", "--to", url_of(file_target))
    assert (code, len(said)) == (2, 1), said
    assert "the tables of another version" in said[0]


def test_the_same_database_is_refused_as_target(machine):
    for url in (f"sqlite:///{machine.file}", f"sqlite:///{machine.file.parent}/./learn.sqlite3"):
        code, said = machine.run("move", "--to", url)
        assert (code, said) == (2, ["--to names the database that DATABASE_URL names."])


def test_there_must_be_something_to_move(machine, file_target):
    machine.file.unlink()
    code, said = machine.run("move", "--to", url_of(file_target))
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith("There is nothing to move: ")
    assert not machine.file.exists()


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("postgresql://learn:hidden-word@127.0.0.1:9/x", 1, "can't be opened: "),
        ("postgresql://learn:hidden@-word@127.0.0.1:9/x", 2, "“@” is written “%40”"),
        ("postgresql://learn:hidden-word@127.0.0.1:nine/x", 2, "is not the address"),
        ("postgresql://learn:hidden-word@127.0.0.1:9,127.0.0.1:9/x", 2, "is not the address"),
        ("postgresql://u:hidden-word@/x?host=a&host=b&port=1&port=2", 2, "is not the address"),
        ("postgresql://u:hidden-word@/x?host=127.0.0.1:9&host=127.0.0.1:8", 1, "refused"),
        ("mysql://learn:hidden-word@127.0.0.1/x", 2, "must begin with postgresql://"),
        ("hidden-word", 2, "is not the address"),
        ("sqlite://", 2, "names no file"),
        ("sqlite:////nowhere/at/all.sqlite3", 2, "the folder /nowhere/at doesn't exist"),
        ("sqlite:////proc/new.sqlite3", 1, "can't be opened"),
    ],
)
def test_a_target_that_cannot_be_used_is_one_line_without_the_password(machine, url, code, says):
    ended, said = machine.run("move", "--to", url)
    assert (ended, len(said)) == (code, 1), said
    assert says in said[0]
    assert "hidden" not in said[0]
    assert "-word" not in said[0]
    assert machine.run("educator", "list")[0] == 0


def test_a_text_file_is_no_target(machine, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("a text\n" * 2000)
    code, said = machine.run("move", "--to", f"sqlite:///{file}")
    assert (code, len(said)) == (2, 1)
    assert said[0].endswith("is no SQLite database: name another file in --to, or move it away.")


@pytest.mark.every
def test_a_role_without_rights_is_told_so_in_one_line(machine, empty_server):
    with empty_server.engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS guest"))
        connection.execute(text("CREATE ROLE guest LOGIN PASSWORD 'hidden-word'"))
    url = empty_server.url.set(username="guest", password="hidden-word")
    empty_server.dispose()
    code, said = machine.run("move", "--to", url.render_as_string(hide_password=False))
    assert (code, len(said)) == (1, 1), said
    assert "permission denied for schema public" in said[0]
    assert "hidden-word" not in said[0]


@pytest.mark.every
def test_a_wrong_password_is_told_in_one_line_and_never_shown(machine, empty_server):
    with empty_server.engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS locked"))
        connection.execute(text("CREATE ROLE locked LOGIN PASSWORD 'the-right-one'"))
        rules = Path(connection.scalar(text("SHOW hba_file")))
    before = rules.read_text()
    rules.write_text(f"local all locked scram-sha-256\nhost all locked all scram-sha-256\n{before}")
    try:
        reload_rules(empty_server)
        url = empty_server.url.set(username="locked", password="hidden-word")
        code, said = machine.run("move", "--to", url.render_as_string(hide_password=False))
    finally:
        rules.write_text(before)
        reload_rules(empty_server)
    assert (code, len(said)) == (1, 1), said
    assert said[0].endswith('can\'t be opened: password authentication failed for user "locked".')
    assert "hidden-word" not in said[0]


def reload_rules(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("SELECT pg_sleep(0.5)"))
    database.dispose()


# The terminal


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
