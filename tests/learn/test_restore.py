"""The person who runs the site restores a backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from learn import database_lock, schema
from learn.models import Account, Deletion
from tests.learn.machine import Machine
from tests.learn.migrated import at_version
from tests.learn.restoring import ANA, BOTH, NOW, accounts, add, everything, lose, opened
from tests.learn.table_rows import ROW_ID

# Put back


@BOTH
def test_a_backup_restores_every_row_on_an_empty_machine(request, which):
    machine = request.getfixturevalue(which)
    before = everything(machine)
    machine.run("backup", "a.zip")
    lose(machine)
    code, output = machine.run("restore", "a.zip")

    assert code == 0, output
    assert output[0].startswith("Restored: accounts 1, answers 1, as of ")
    assert output[1:] == [
        "0 accounts were deleted again, after their owners had deleted their data.",
        "There was nothing to keep of the database before.",
    ]
    assert before["sign_in_session"], "which all have ended"
    assert everything(machine) == before | {"sign_in_session": []}


@BOTH
def test_an_existing_database_is_replaced_only_on_request_and_kept(request, which):
    machine = request.getfixturevalue(which)
    machine.run("backup", "a.zip")
    add(machine, ANA)
    code, output = machine.run("restore", "a.zip")
    assert (code, len(output)) == (1, 1)
    assert "add --replace" in output[0]
    assert ANA in accounts(machine)

    code, output = machine.run("restore", "a.zip", "--replace")
    assert code == 0, output
    assert accounts(machine) == {ROW_ID}
    aside = Path(output[2].removeprefix("The database before is kept for 30 days: "))
    assert aside.stat().st_mode & 0o777 == 0o600
    assert machine.run("restore", aside, "--replace")[0] == 0
    assert accounts(machine) == {ROW_ID, ANA}


def test_a_replaced_database_is_deleted_after_thirty_days(machine):
    machine.run("backup", "a.zip")
    machine.run("restore", "a.zip", "--replace")
    folder = machine.file.parent
    assert len([*folder.glob("learn-before-restore-*")]) == 1
    schema.delete_expired_copies(machine.file, NOW + timedelta(days=29))
    assert len([*folder.glob("learn-before-restore-*")]) == 1
    schema.delete_expired_copies(machine.file, NOW + timedelta(days=31))
    assert not [*folder.glob("learn-before-restore-*")]


def test_what_a_killed_restore_or_backup_left_is_deleted_after_thirty_days(machine):
    folder = machine.file.parent
    work, copy = folder / ".restoring-x", folder / ".learn-before-restore.zip.0a1b2c3d.copy"
    unfinished = folder / ".learn-before-restore.zip.x_1.part"
    work.mkdir()
    unfinished.mkdir()
    for path in (work / "learn.sqlite3", copy, unfinished / "whole"):
        path.write_text("rows")
    made = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    schema.delete_expired_copies(machine.file, made + timedelta(days=29))
    assert work.exists()
    assert copy.exists()
    schema.delete_expired_copies(machine.file, made + timedelta(days=31))
    assert not [path for path in (work, copy, unfinished) if path.exists()]


@BOTH
def test_the_wal_of_the_replaced_database_is_never_combined_with_the_backup(request, which):
    machine = request.getfixturevalue(which)
    before = everything(machine)
    machine.run("backup", "a.zip")
    kill_while_writing(machine)
    if which == "machine":
        assert machine.file.with_name("learn.sqlite3-wal").stat().st_size > 0
    assert machine.run("restore", "a.zip", "--replace")[0] == 0

    assert everything(machine) == before | {"sign_in_session": []}
    assert not machine.file.with_name("learn.sqlite3-wal").exists()


def kill_while_writing(machine: Machine) -> None:
    """Write rows in a process that is killed before it can write its log into the database."""
    url = machine.env["DATABASE_URL"] or f"sqlite:///{machine.file}"
    writes = f"""
import os, uuid
from datetime import UTC, datetime
from learn.database import Database
from learn.models import Account
database = Database({url!r})
for _ in range(50):
    with database.transaction() as session:
        session.add(Account(id=uuid.uuid4(), created_at=datetime.now(UTC)))
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", writes], check=False)


@BOTH
def test_an_older_schema_is_upgraded(request, which):
    machine = request.getfixturevalue(which)
    database = opened(machine)
    at_version(database, "0006", drop="deletion")
    machine.run("backup", "a.zip")
    assert "is upgraded then" in machine.run("backup", "--check", "a.zip")[1][-1]
    assert machine.run("restore", "a.zip", "--replace")[0] == 0

    assert schema.state(database) is schema.State.CURRENT
    database.dispose()


@BOTH
def test_restored_keys_are_added_to_the_existing_ones(request, which):
    machine = request.getfixturevalue(which)
    machine.run("backup", "a.zip", "--with-key")
    file = machine.folder / "data" / "secret_key"
    first, second = file.read_text().strip(), "another key that is long enough"
    file.write_text(second)
    assert ", and the secret key, as of" in machine.run("restore", "a.zip", "--replace")[1][0]
    assert file.read_text().splitlines() == [first, second]
    assert file.stat().st_mode & 0o777 == 0o600

    lose(machine)
    file.write_text(second)
    machine.run("restore", "a.zip")
    assert file.read_text().splitlines() == [first]


def test_a_plain_copy_of_the_database_can_be_restored(machine):
    database = opened(machine)
    copy = schema.back_up(database, NOW)
    database.dispose()
    add(machine, ANA)
    assert machine.run("restore", copy, "--replace")[0] == 0
    assert accounts(machine) == {ROW_ID}
    assert copy.exists()


# Refusals


def test_restoring_is_refused_while_the_site_runs(machine):
    machine.run("backup", "a.zip")
    database = opened(machine)
    held = database_lock.DatabaseLock(database)
    code, output = machine.run("restore", "a.zip", "--replace")
    assert (code, output) == (1, ["The site is running, or another command. Stop it first."])
    held.release()
    database.dispose()
    assert machine.run("restore", "a.zip", "--replace")[0] == 0


def test_restoring_is_refused_while_the_site_runs_on_postgresql(server_machine):
    server_machine.run("backup", "a.zip")
    database = opened(server_machine)
    with database.engine.connect():
        code, output = server_machine.run("restore", "a.zip", "--replace")
    database.dispose()
    assert (code, len(output)) == (1, 1)
    assert output[0].startswith("The site is running: 1 other connections")


def test_the_site_does_not_start_during_a_restore(machine):
    database = opened(machine)
    with database_lock.try_exclusive(database):
        code, output = machine.run("educator", "list")
    assert (code, output) == (
        1,
        ["The database is being restored or moved: try again in a moment."],
    )


def test_restoring_is_refused_while_another_program_reads_the_database(machine):
    machine.run("backup", "a.zip")
    before = everything(machine)
    database = opened(machine)
    with closing(sqlite3.connect(machine.file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM account").fetchall()
        with database.transaction() as session:
            session.execute(delete(Deletion).where(Deletion.digest == "x"))
            session.add(Account(id=ANA, created_at=NOW))
        code, output = machine.run("restore", "a.zip", "--replace")
    assert (code, len(output)) == (1, 1)
    assert "Stop it first; nothing was changed" in output[0]
    database.dispose()
    assert {*everything(machine)} == {*before}
    assert accounts(machine) == {ROW_ID, ANA}


@BOTH
def test_a_backup_of_a_schema_ahead_is_made_but_restored_by_its_own_version_only(request, which):
    machine = request.getfixturevalue(which)
    database = opened(machine)
    number = schema.numbers(schema.head())[0]
    at_version(database, f"{int(number) + 1:04}from{number}")
    database.dispose()
    assert machine.run("backup", "ahead.zip")[0] == 0
    code, output = machine.run("restore", "ahead.zip", "--replace")
    assert (code, len(output)) == (1, 1)
    assert "newer version of Learn ALL" in output[0]
    assert "from a newer version" in "".join(machine.run("backup", "--check", "ahead.zip")[1])


@pytest.mark.parametrize("version", ["9999"])
@BOTH
def test_a_backup_with_a_newer_schema_is_refused(request, which, version):
    machine = request.getfixturevalue(which)
    database = opened(machine)
    machine.run("backup", "good.zip")
    at_version(database, version)
    copy = machine.folder / "plain.sqlite3"
    if database.file:
        shutil.copy(database.file, copy)
        code, output = machine.run("restore", copy, "--replace")
        assert (code, len(output)) == (1, 1)
        assert "newer version of Learn ALL (schema 9999; this version knows" in output[0]
    assert "newer version" in machine.run("backup", "a.zip")[1][0]
    assert machine.run("restore", "good.zip", "--replace")[0] == 0
    assert schema.state(database) is schema.State.CURRENT
    database.dispose()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "can't be read: No such file"),
        (b"a text\n" * 100, "is no backup of Learn ALL."),
        (b"", "is no backup of Learn ALL."),
        (b"SQLite format 3\x00" + b"x" * 5000, "is damaged: "),
        ("other", "is a database of another program."),
        ("half", "ends too early."),
        ("half of a plain copy", "is damaged: "),
    ],
    ids=["missing", "text", "empty", "header", "other", "half", "half plain"],
)
def test_an_invalid_backup_is_refused(machine, content, says):
    file = machine.folder / "a.zip"
    if content == "other":
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE a (b)")
    elif content == "half":
        machine.run("backup", file)
        file.write_bytes(file.read_bytes()[:2000])
    elif content == "half of a plain copy":
        file.write_bytes(machine.file.read_bytes()[:60_000])
    elif content is not None:
        file.write_bytes(content)
    before = everything(machine)
    code, output = machine.run("restore", "a.zip", "--replace")

    assert (code, len(output)) == (1, 1), output
    assert says in output[0]
    assert everything(machine) == before
    assert not [*machine.file.parent.glob("*restor*")]


@BOTH
def test_a_backup_of_the_other_database_kind_is_refused(request, which, tmp_path_factory):
    machine = request.getfixturevalue(which)
    other = Machine(tmp_path_factory.mktemp("other"), machine.env["DATABASE_URL"])
    other.env["DATABASE_URL"] = "" if machine.env["DATABASE_URL"] else "postgresql:///nowhere"
    machine.run("backup", "a.zip")
    code, output = other.run("restore", machine.folder / "a.zip")

    assert (code, len(output)) == (1, 1)
    assert "is a backup of a database on" in output[0]


def test_a_server_database_with_tables_of_another_program_is_not_replaced(server_machine):
    server_machine.run("backup", "a.zip")
    database = opened(server_machine)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE patients (name text)"))
    database.dispose()
    code, output = server_machine.run("restore", "a.zip", "--replace")
    assert (code, len(output)) == (1, 1)
    assert "tables of another program, such as patients, which a restore would delete" in output[0]
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM patients")) == 0
    database.dispose()


@BOTH
@pytest.mark.parametrize("migration", ["", "0005"], ids=["no-migrations", "its-own-migrations"])
def test_another_programs_database_is_neither_migrated_nor_served(request, which, migration):
    machine = request.getfixturevalue(which)
    lose(machine)
    database = opened(machine)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE patients (name text)"))
        if migration:
            connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:id)"), {"id": migration})
    database.dispose()
    for command in (["migrate"], ["educator", "list"]):
        code, output = machine.run(*command)
        assert (code, len(output)) in {(1, 1), (2, 1)}
        assert "another program" in output[0]


def test_another_programs_database_on_the_server_is_not_replaced(server_machine):
    server_machine.run("backup", "a.zip")
    lose(server_machine)
    database = opened(server_machine)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE patients (name text)"))
    database.dispose()
    assert server_machine.run("restore", "a.zip", "--replace") == (
        1,
        ["The database belongs to another program: it has other tables."],
    )


def test_a_copy_over_40_days_old_is_restored_only_on_request(machine):
    copy = machine.folder / "old.sqlite3"
    shutil.copy(machine.file, copy)
    then = (NOW - timedelta(days=41)).timestamp()
    os.utime(copy, (then, then))
    code, output = machine.run("restore", copy, "--replace")
    assert (code, len(output)) == (1, 1)
    assert "more than 40 days old" in output[0]
    assert machine.run("restore", copy, "--replace", "--old")[0] == 0
