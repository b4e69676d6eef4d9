"""The site starts after it was stopped, killed, or had its files exchanged."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import traceback
import uuid
import warnings
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text

from learn import database_lock
from learn.database import Database
from learn.database_lock import DatabaseLock
from learn.engines import Limits
from learn.models import Account, Explanation
from learn.schema import SchemaError
from tests.learn.machine import Machine
from tests.learn.table_rows import ROW_ID

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SECRET = "Blood is made in the marrow, and mine makes too many white cells."


def log(machine: Machine) -> Path:
    return machine.file.with_name("learn.sqlite3-wal")


def in_another_process(code: str) -> None:
    """Run code that ends its own process, in a fork of this one; nothing else of it goes on."""
    with warnings.catch_warnings(action="ignore"):  # the fork has none of our threads
        child = os.fork()
    if child == 0:
        try:
            exec(code, {})  # noqa: S102 - written above
        except BaseException:  # noqa: BLE001 - it must not come back to the tests
            traceback.print_exc()
        os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}


def killed(machine: Machine, more: str = "") -> None:
    """Use the database in a process that is killed, with rows in the log."""
    uses = f"""
import os, uuid
from datetime import UTC, datetime
from learn.database import Database
from learn.database_lock import DatabaseLock
from learn.models import Account
database = Database("sqlite:///{machine.file}")
held = DatabaseLock(database)
for number in range(200):
    with database.transaction() as session:
        session.add(Account(id=uuid.UUID(int=number + 1), created_at=datetime.now(UTC)))
{more}
os.kill(os.getpid(), 9)
"""
    in_another_process(uses)


def start(machine: Machine) -> str:
    """Start what uses the database, and end it as it should; return why it can't start."""
    database = Database(f"sqlite:///{machine.file}")
    try:
        held = DatabaseLock(database)
        database.shut_down()
        held.release()
    except SchemaError as error:
        return str(error)
    finally:
        database.dispose()
    return ""


def count(machine: Machine) -> int:
    with closing(sqlite3.connect(machine.file)) as raw:
        rows: int = raw.execute("SELECT count(*) FROM account").fetchone()[0]
        return rows


def test_after_a_kill_all_rows_are_there_and_the_check_passes(machine):
    killed(machine)
    assert log(machine).stat().st_size > 0
    assert start(machine) == ""
    assert count(machine) == 201
    assert not log(machine).exists()


def test_the_database_is_checked_by_whoever_uses_it_first(machine, monkeypatch):
    looked: list[Path] = []
    monkeypatch.setattr("learn.start_check._damage", lambda file: looked.append(file) or "")
    database = Database(f"sqlite:///{machine.file}")
    first, second = DatabaseLock(database), DatabaseLock(database)
    assert looked == [machine.file]
    first.release()
    second.release()
    database.dispose()
    assert start(machine) == ""
    assert looked == [machine.file] * 2, "after a stop, too: disks fail at any time"


@pytest.mark.parametrize("ends", [killed, lambda machine, *_: start(machine)], ids=["kill", "stop"])
def test_a_damaged_database_is_never_served(machine, ends):
    ends(machine, "database.shut_down()")
    content = bytearray(machine.file.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\x0d\x01" * 6144
    machine.file.write_bytes(content)
    why = start(machine)

    assert why.startswith(f"The database {machine.file} is damaged: ")
    assert why.endswith("Restore a backup with “learn restore”.")
    assert "\n" not in why
    code, output = machine.run("educator", "list")
    assert (code, output) == (1, [start(machine)])


def test_a_wal_of_another_database_is_detected_and_removed_by_a_restore(machine, tmp_path):
    """Somebody puts an older copy in place after a crash, and leaves the log."""
    start(machine)
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(machine.file, copy)
    machine.run("backup", "a.zip")
    killed(machine)
    shutil.copy(copy, machine.file)
    before = log(machine).read_bytes()
    why = start(machine)

    assert "the log of the one before is still beside it: learn.sqlite3-wal" in why
    assert "\n" not in why
    for command in (["backup", "b.zip"], ["migrate"], ["educator", "list"]):
        assert machine.run(*command) == (1, [why])
    assert log(machine).read_bytes() == before
    assert machine.run("restore", "a.zip", "--replace")[0] == 0
    (aside,) = machine.file.parent.glob("learn-before-restore-*.sqlite3")
    assert aside.read_bytes() == copy.read_bytes()
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == before
    assert start(machine) == ""
    assert count(machine) == 1


def test_a_copy_made_while_the_site_ran_is_detected_as_another_database(machine):
    database = Database(f"sqlite:///{machine.file}")
    held = DatabaseLock(database)
    assert machine.run("backup", "a.zip")[0] == 0
    database.dispose()
    held.release()
    killed(machine)
    with zipfile.ZipFile(machine.folder / "a.zip") as opened:
        machine.file.write_bytes(opened.read("learn.sqlite3"))
    assert "the log of the one before" in start(machine)


def test_the_site_starts_after_a_kill_at_any_step_of_its_start(machine, monkeypatch):
    """Between the note of the new mark, its write, and the checkpoint."""
    for step in ("mark_of", "new_mark", "try_to_write"):
        killed(machine, "" if step == "mark_of" else "os._exit(0)")
        breaks = f"""
import os
from learn import start_check
from learn.database import Database
from learn.database_lock import DatabaseLock
start_check.{step} = lambda *_: os.kill(os.getpid(), 9)
DatabaseLock(Database("sqlite:///{machine.file}"))
"""
        in_another_process(breaks)
        assert start(machine) == "", step
        with closing(sqlite3.connect(machine.file)) as raw:
            raw.execute("DELETE FROM account WHERE id <> ?", (ROW_ID.bytes,))
            raw.commit()


def test_an_unwritable_database_is_reported_at_the_start(machine):
    """Here another program writes for too long; a full disk or a read-only one is the same."""
    database = Database(f"sqlite:///{machine.file}", Limits(lock=0.3))
    with closing(sqlite3.connect(machine.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SchemaError) as refused:
            DatabaseLock(database)
    database.dispose()
    assert str(refused.value) == (
        f"The database {machine.file} can't be written: database is locked."
    )


def test_a_second_process_starting_meanwhile_skips_the_check(machine, monkeypatch):
    database = Database(f"sqlite:///{machine.file}")
    held = DatabaseLock(database)
    noted = database_lock.recorded_marks(database)
    assert start(machine) == ""
    assert database_lock.recorded_marks(database) == noted  # not closed: one still has it
    database.dispose()
    held.release()
    assert database_lock.recorded_marks(database) == []


def test_stopping_does_not_wait_for_a_reader_of_the_database(machine):
    """Nor loses anything: the log stays, and the next start finds it."""
    database = Database(f"sqlite:///{machine.file}")
    held = DatabaseLock(database)
    with closing(sqlite3.connect(machine.file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM account").fetchall()
        with database.transaction() as session:
            session.add(Account(id=uuid.UUID(int=5), created_at=NOW))
        database.shut_down()
        held.release()
        assert log(machine).stat().st_size > 0
        assert database_lock.recorded_marks(database) != []
        assert start(machine) == ""
    assert start(machine) == ""
    assert count(machine) == 2


def test_deleted_text_is_overwritten_in_the_file(machine):
    database = Database(f"sqlite:///{machine.file}")
    with database.transaction() as session:
        session.add_all(
            Explanation(
                account_id=ROW_ID,
                id=uuid.UUID(int=n),
                lesson_id="what-is-all",
                text=f"{SECRET} {n} " * 40,
                checked_points=[],
                written_at=NOW,
            )
            for n in range(1, 30)
        )
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    assert SECRET.encode() in machine.file.read_bytes()
    with database.transaction() as session:
        session.execute(delete(Explanation).where(Explanation.text.startswith(SECRET)))
        assert session.scalars(select(Explanation.text)).all()
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    for file in machine.file.parent.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file
    database.dispose()


def test_only_what_is_fleeting_does_not_wait_for_the_disk(machine):
    """The next transaction on the same connection does again."""
    database = Database(f"sqlite:///{machine.file}")

    def level(*, is_fleeting: bool) -> int:
        with database.transaction(is_fleeting=is_fleeting) as session:
            return int(session.scalar(text("PRAGMA synchronous")))

    levels = [level(is_fleeting=fleeting) for fleeting in (False, True, True, False, False)]
    database.dispose()

    assert levels == [2, 1, 1, 2, 2]


@pytest.mark.parametrize("option", ["secure_delete", "synchronous", "foreign_keys"])
def test_every_connection_sets_the_pragma(machine, option):
    """What a connection doesn't ask for depends on how SQLite was built."""
    database = Database(f"sqlite:///{machine.file}")
    expected = {"secure_delete": 1, "synchronous": 2, "foreign_keys": 1}[option]
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {option}").scalar() == expected
    database.dispose()
