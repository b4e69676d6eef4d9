"""Accounts that were deleted stay deleted after a restore."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import delete

from learn import deletions
from learn.models import Account, Deletion, MergedGuest
from tests.learn.machine import Machine
from tests.learn.restoring import (
    ANA,
    BEN,
    BOTH,
    NOW,
    accounts,
    add,
    everything,
    leave,
    lose,
    opened,
)
from tests.learn.table_rows import ROW_ID
from tests.serving import free_port


@BOTH
@pytest.mark.parametrize("lost", [False, True], ids=["replaced", "lost"])
def test_deleted_accounts_stay_deleted_after_a_restore(request, which, lost):
    machine = request.getfixturevalue(which)
    add(machine, ANA, BEN)
    machine.run("backup", "a.zip")
    leave(machine, ANA)
    if lost:
        lose(machine)
    else:
        (machine.folder / "data" / "deleted_accounts").unlink()
    code, output = machine.run("restore", "a.zip", "--replace")

    assert code == 0, output
    assert output[1].startswith("1 account was deleted again")
    assert accounts(machine) == {ROW_ID, BEN}
    database = opened(machine)
    with database.read_session() as session:
        assert deletions.digest(ANA) in deletions.in_database(session)
    database.dispose()
    assert machine.run("restore", "a.zip", "--replace")[1][1].startswith("1 account was")


def test_a_guest_merged_since_the_backup_stays_merged(machine):
    """The backup is from before the guest became part of the account."""
    add(machine, ANA, BEN)
    machine.run("backup", "a.zip")
    database = opened(machine)
    with database.transaction() as session:
        session.execute(delete(Account).where(Account.id == BEN))
        session.add(MergedGuest(account_id=ANA, guest_id=BEN, joined_at=NOW))
    database.dispose()
    leave(machine, ANA)
    _, output = machine.run("restore", "a.zip", "--replace")

    assert output[1].startswith("2 accounts were deleted again")
    assert accounts(machine) == {ROW_ID}


def test_deletions_in_a_backup_apply_on_a_new_machine(machine, tmp_path_factory):
    """From an older copy and a newer one of the same site, whichever is restored last."""
    add(machine, ANA)
    machine.run("backup", "older.zip")
    leave(machine, ANA)
    machine.run("backup", "newer.zip")
    new = Machine(tmp_path_factory.mktemp("new"))
    assert new.run("restore", machine.folder / "newer.zip")[0] == 0
    _, output = new.run("restore", machine.folder / "older.zip", "--replace")

    assert output[1].startswith("1 account was deleted again")
    assert accounts(new) == {ROW_ID}


@BOTH
def test_a_copy_restored_by_other_means_is_detected_at_the_next_start(request, which):
    """As by a tool that knows nothing of the list."""
    machine = request.getfixturevalue(which)
    add(machine, ANA, BEN)
    leave(machine, ANA)
    database = opened(machine)
    with database.transaction() as session:
        session.add(Account(id=ANA, created_at=NOW))
        session.execute(delete(Deletion))
    assert deletions.reconcile(database, machine.folder / "data", NOW) == 1
    assert accounts(machine) == {ROW_ID, BEN}
    assert deletions.reconcile(database, machine.folder / "data", NOW) == 0
    database.dispose()


@BOTH
def test_each_backup_adds_deletions_from_other_machines_to_the_list(request, which):
    """Somebody left on another machine with the same database."""
    machine = request.getfixturevalue(which)
    add(machine, ANA)
    leave(machine, ANA)
    (machine.folder / "data" / "deleted_accounts").unlink()
    machine.run("backup", "a.zip")
    assert deletions.digest(ANA) in deletions.in_file(machine.folder / "data")


def test_a_backup_checkpoints_the_wal(machine):
    database = opened(machine)
    with database.engine.connect() as connection:  # somebody has the log open
        connection.exec_driver_sql("SELECT 1").all()
        connection.rollback()
        add(machine, ANA)
        log = machine.file.with_name("learn.sqlite3-wal")
        assert log.stat().st_size > 0
        machine.run("backup", "a.zip")
        assert log.stat().st_size == 0
    database.dispose()


def test_the_deletion_list_has_digests_and_days_and_forgets_them(machine):
    add(machine, ANA, BEN)
    leave(machine, ANA)
    file = machine.folder / "data" / "deleted_accounts"
    assert file.read_text() == f"{NOW.date()} {deletions.digest(ANA)}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    database, later = opened(machine), NOW + deletions.LIFETIME + timedelta(days=1)
    try:
        deletions.reconcile(database, machine.folder / "data", later)
        with database.read_session() as session:
            assert deletions.in_database(session) == {}
    finally:
        database.dispose()
    assert file.read_text() == ""


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"no line", id="words", marks=pytest.mark.every),
        pytest.param(b"2026-02-30 " + b"a" * 64, id="day"),
        pytest.param(b"0000-01-01 " + b"a" * 64, id="year", marks=pytest.mark.every),
        pytest.param(b"2026-11-01 abc", id="short", marks=pytest.mark.every),
        pytest.param(b"2026-11-01 " + b"a" * 65, id="long"),
        pytest.param(b"2026-11-01 " + b"\xff" * 64, id="bytes"),
        pytest.param(b'{"day": "2026-11-01"', id="JSON", marks=pytest.mark.every),
        pytest.param(b"\x00" * 76, id="zeros"),
        pytest.param(b"x2026-11-01 " + b"a" * 64, id="more", marks=pytest.mark.every),
    ],
)
def test_a_damaged_line_of_the_deletion_list_stops_the_start_and_a_restore(machine, damaged):
    """To pass over it could bring somebody back."""
    add(machine, ANA)
    machine.run("backup", "a.zip")
    leave(machine, ANA)
    file = machine.folder / "data" / "deleted_accounts"
    whole = file.read_bytes()
    file.write_bytes(whole + b"\n" + damaged + b"\n")
    before = everything(machine)
    said = (
        f"{file}:3: this line of the list of deleted accounts is damaged. "
        "docs/operations.md says how to repair it."
    )

    assert machine.run("serve", "--port", str(free_port())) == (2, [said])
    assert machine.run("restore", "a.zip", "--replace") == (2, [said])
    assert everything(machine) == before
    assert not [*machine.file.parent.glob("*before-restore*")]
    code, told = machine.run("backup", "b.zip")
    assert (code, told[-1]) == (0, said), "a backup is made all the same"
    assert file.read_bytes() == whole + b"\n" + damaged + b"\n"

    file.write_bytes(whole.replace(b"\n", b"\r\n"))
    assert deletions.in_file(file.parent) == {deletions.digest(ANA): NOW.date()}
    assert machine.run("restore", "a.zip", "--replace")[1][1].startswith("1 account was")


def test_an_unreadable_deletion_list_stops_the_start_and_a_missing_one_does_not(machine):
    add(machine, ANA)
    leave(machine, ANA)
    file = machine.folder / "data" / "deleted_accounts"
    listed = file.read_text()
    file.unlink()
    file.mkdir()
    code, output = machine.run("serve", "--port", str(free_port()))
    assert (code, output) == (
        2,
        [f"{file}: the list of deleted accounts can't be read: Is a directory."],
    )

    file.rmdir()
    database = opened(machine)
    deletions.reconcile(database, file.parent, NOW)
    database.dispose()
    assert file.read_text() == listed, "it is made again from the database"


def test_one_damaged_entry_of_the_replaced_database_loses_no_other(machine):
    add(machine, ANA)
    machine.run("backup", "a.zip")
    leave(machine, ANA)
    (machine.folder / "data" / "deleted_accounts").unlink()
    with closing(sqlite3.connect(machine.file)) as database:
        database.execute("INSERT INTO deletion VALUES ('0', '2026-02-30'), ('1', 'no day')")
        database.commit()

    assert machine.run("restore", "a.zip", "--replace")[1][1].startswith("1 account was")
    assert accounts(machine) == {ROW_ID}


@BOTH
def test_ten_thousand_deletions_are_replayed(request, which):
    """Each is found again, and no statement has more parameters than a database takes."""
    machine = request.getfixturevalue(which)
    many = [uuid.UUID(int=10**9 + number) for number in range(10_000)]
    add(machine, *many[::100], BEN)
    machine.run("backup", "a.zip")
    entries = {deletions.digest(one): NOW.date() for one in many}
    deletions.add_to_file(machine.folder / "data", entries, NOW)
    code, output = machine.run("restore", "a.zip", "--replace")

    assert code == 0, output
    assert output[1].startswith("100 accounts were deleted again")
    assert accounts(machine) == {ROW_ID, BEN}
