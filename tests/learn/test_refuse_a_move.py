"""What is not moved, and what nothing is moved to."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from learn import database_lock, schema
from learn.app import create_app
from learn.database import Database
from learn.models import Account
from learn.moving.errors import MoveError, TargetRefusedError
from tests.learn.machine import Machine
from tests.learn.migrated import at_version
from tests.learn.moves import (
    EACH_WAY,
    NOW,
    Watcher,
    all_rows,
    interrupt,
    moved,
    run_on,
    settings_of,
    tables_of,
    url_of,
)
from tests.learn.restoring import BEN, accounts, opened

AHEAD = f"9998from{schema.numbers(schema.head())[0]}"  # which this version could run on


def test_a_site_that_runs_is_not_moved(machine, file_target):
    database = opened(machine)
    held = database_lock.DatabaseLock(database)
    code, output = machine.run("move", "--to", url_of(file_target))
    held.release()
    database.dispose()
    assert (code, output) == (1, ["The site is running, or another command. Stop it first."])
    assert not file_target.file.exists()


def test_a_site_that_runs_on_a_server_is_not_moved(server_machine, file_target):
    database = opened(server_machine)
    with database.engine.connect():
        code, output = server_machine.run("move", "--to", url_of(file_target))
    database.dispose()
    assert (code, len(output)) == (1, 1)
    assert output[0].startswith("The site is running: 1 other connections")


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
        code, output = source.run("move", "--to", url_of(target), *more)
        assert (code, len(output)) == (2, 1), output
        assert "isn't empty: there are rows in account" in output[0]
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
    app.extensions["learn.database_lock"].release()
    moved(source, target)
    assert all_rows(target) == before


@EACH_WAY
def test_a_target_of_another_program_is_refused(source, target):
    with target.engine.begin() as connection:
        connection.execute(text("CREATE TABLE patients (name text)"))
    target.dispose()
    code, output = source.run("move", "--to", url_of(target))
    assert (code, len(output)) == (2, 1), output
    assert "another program" in output[0]
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
    code, output = source.run("move", "--to", url_of(target))
    assert (code, len(output)) == (1, 1), output
    is_older = version == "0011"
    assert ("Run “learn migrate” first." if is_older else "made by a newer version") in output[0]
    if version == "0011":
        assert source.run("migrate")[0] == 0
        assert source.run("move", "--to", url_of(target))[0] == 0


@pytest.mark.parametrize("version", ["9999", AHEAD, "0011"])
def test_a_target_with_another_schema_is_refused(machine, file_target, version):
    schema.upgrade(file_target)
    at_version(file_target, version)
    code, output = machine.run("move", "--to", url_of(file_target))
    assert (code, len(output)) == (2, 1), output
    assert "the tables of another version" in output[0]


def test_the_same_database_is_refused_as_target(machine):
    for url in (f"sqlite:///{machine.file}", f"sqlite:///{machine.file.parent}/./learn.sqlite3"):
        code, output = machine.run("move", "--to", url)
        assert (code, output) == (2, ["--to names the database that DATABASE_URL names."])


def test_there_must_be_something_to_move(machine, file_target):
    machine.file.unlink()
    code, output = machine.run("move", "--to", url_of(file_target))
    assert (code, len(output)) == (1, 1)
    assert output[0].startswith("There is nothing to move: ")
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
    ended, output = machine.run("move", "--to", url)
    assert (ended, len(output)) == (code, 1), output
    assert says in output[0]
    assert "hidden" not in output[0]
    assert "-word" not in output[0]
    assert machine.run("educator", "list")[0] == 0


def test_a_text_file_is_no_target(machine, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("a text\n" * 2000)
    code, output = machine.run("move", "--to", f"sqlite:///{file}")
    assert (code, len(output)) == (2, 1)
    assert output[0].endswith("is no SQLite database: name another file in --to, or move it away.")


@pytest.mark.every
def test_a_role_without_rights_is_told_so_in_one_line(machine, empty_server):
    with empty_server.engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS guest"))
        connection.execute(text("CREATE ROLE guest LOGIN PASSWORD 'hidden-word'"))
    url = empty_server.url.set(username="guest", password="hidden-word")
    empty_server.dispose()
    code, output = machine.run("move", "--to", url.render_as_string(hide_password=False))
    assert (code, len(output)) == (1, 1), output
    assert "permission denied for schema public" in output[0]
    assert "hidden-word" not in output[0]


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
        code, output = machine.run("move", "--to", url.render_as_string(hide_password=False))
    finally:
        rules.write_text(before)
        reload_rules(empty_server)
    assert (code, len(output)) == (1, 1), output
    assert output[0].endswith('can\'t be opened: password authentication failed for user "locked".')
    assert "hidden-word" not in output[0]


def reload_rules(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("SELECT pg_sleep(0.5)"))
    database.dispose()
