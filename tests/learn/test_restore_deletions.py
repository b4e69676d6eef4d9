"""Accounts that were deleted stay deleted after a restore."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from learn import deletions
from learn.models import Account, Deletion, MergedGuest
from tests.learn.machine import Machine
from tests.learn.reflected import HERE
from tests.learn.restoring import ANA, BEN, BOTH, NOW, accounts, add, leave, lose, opened


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
    code, said = machine.run("restore", "a.zip", "--replace")

    assert code == 0, said
    assert said[1].startswith("1 account was deleted again")
    assert accounts(machine) == {HERE, BEN}
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
    _, said = machine.run("restore", "a.zip", "--replace")

    assert said[1].startswith("2 accounts were deleted again")
    assert accounts(machine) == {HERE}


def test_deletions_in_a_backup_apply_on_a_new_machine(machine, tmp_path_factory):
    """From an older copy and a newer one of the same site, whichever is restored last."""
    add(machine, ANA)
    machine.run("backup", "older.zip")
    leave(machine, ANA)
    machine.run("backup", "newer.zip")
    new = Machine(tmp_path_factory.mktemp("new"))
    assert new.run("restore", machine.folder / "newer.zip")[0] == 0
    _, said = new.run("restore", machine.folder / "older.zip", "--replace")

    assert said[1].startswith("1 account was deleted again")
    assert accounts(new) == {HERE}


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
    assert accounts(machine) == {HERE, BEN}
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


def test_unknown_lines_of_the_deletion_list_are_ignored(machine):
    file = machine.folder / "data" / "deleted_accounts"
    file.write_text(f"no line\n{date(2026, 11, 1)} abc\n\xff\n", encoding="latin-1")
    add(machine, ANA)
    leave(machine, ANA)
    assert deletions.in_file(file.parent) == {deletions.digest(ANA): NOW.date()}
