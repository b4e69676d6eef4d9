"""The disk of the data is full, and somebody backs up, restores, or upgrades."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from learn.database import Database
from learn.models import Account
from tests.learn.machine import Machine
from tests.learn.migrated import at_version
from tests.learn.moves import fill_with_odd_rows
from tests.learn.restoring import ANA, BEN, accounts, add, everything, leave, opened
from tests.serving import free_port

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")


@pytest.fixture
def small(machine: Machine) -> Iterator[Machine]:
    """Return the machine, with all its files on a small disk of its own."""
    disk = machine.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", disk], check=True)
    try:
        found = Machine(disk)
        found.file.parent.mkdir(mode=0o700)
        shutil.copy(machine.file, found.file)
        found.file.chmod(0o600)
        assert found.run("backup", "a.zip")[0] == 0
        yield found
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def fill(machine: Machine, leave_bytes: int) -> Path:
    """Use up the disk but for so many bytes; return the file that does."""
    there = os.statvfs(machine.folder)
    filler = machine.folder / "filler"
    filler.write_bytes(b"x" * max(0, there.f_bavail * there.f_frsize - leave_bytes))
    return filler


def files(machine: Machine) -> set[str]:
    return {str(path) for path in machine.folder.rglob("*")}


@pytest.mark.parametrize("room", [0, 4096, 200_000])
def test_a_backup_fails_in_one_line_and_leaves_no_file(small, room):
    filler = fill(small, room)
    there = files(small) - {f"{small.file}-wal", f"{small.file}-shm"}
    code, output = small.run("backup", "b.zip")

    assert (code, len(output)) == (1, 1), output
    assert "secret key" not in output[0]
    assert files(small) - {f"{small.file}-wal", f"{small.file}-shm"} == there
    filler.unlink()
    assert small.run("backup", "b.zip")[0] == 0


@pytest.mark.parametrize("room", [0, 4096, 200_000])
def test_a_restore_fails_in_one_line_and_names_the_full_disk(small, room):
    add(small, ANA, BEN)
    leave(small, ANA)
    before = everything(small)
    filler = fill(small, room)
    code, output = small.run("restore", "a.zip", "--replace")

    assert (code, len(output)) == (1, 1), output
    assert "a.zip can't be read" not in output[0]
    assert "secret key" not in output[0]
    filler.unlink()
    assert everything(small) == before
    assert not [*small.file.parent.glob(".*")]
    assert small.run("restore", "a.zip", "--replace")[0] == 0


def test_an_upgrade_makes_no_partial_copy_and_changes_nothing(small):
    database = Database(f"sqlite:///{small.file}")
    at_version(database, "0006", drop="deletion")
    database.dispose()
    filler = fill(small, 200_000)
    code, output = small.run("serve", "--port", str(free_port()))

    assert (code, len(output)) == (1, 1), output
    assert not [*small.file.parent.glob("*before-upgrade*")]
    filler.unlink()
    assert small.run("migrate")[0] == 0


def test_the_key_is_only_read_once_it_is_there(small):
    """So that a full disk, or a folder that can't be written, stops no command for it."""
    key = small.folder / "data" / "secret_key"
    before = key.read_bytes(), key.stat().st_mtime_ns
    filler = fill(small, 0)
    assert small.run("educator", "list")[0] in {0, 1}
    filler.unlink()
    assert (key.read_bytes(), key.stat().st_mtime_ns) == before
    assert not [*key.parent.glob(".secret_key.*")]


@pytest.fixture
def little() -> Iterator[Path]:
    """Return a little disk, where a server with another user can be let in."""
    disk = Path(tempfile.mkdtemp(prefix="disk"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()


@pytest.mark.parametrize("size", ["64k", "500k", "700k"])
def test_a_move_stops_in_one_line_and_goes_on_once_there_is_room(machine, little, size):
    fill_with_odd_rows(machine)
    before = everything(machine)
    resize(little, size)
    target = f"sqlite:///{little / 'new.sqlite3'}"
    code, output = machine.run("move", "--to", target)
    assert code == 1
    assert [line for line in output if not line.startswith("Copying: ")] == output[-1:]
    assert "full" in output[-1] or "disk" in output[-1], output
    assert machine.run("educator", "list")[0] == 0, "the site still runs where it was"

    resize(little, "24m")
    code, output = machine.run("move", "--to", target)
    assert code == 0, output
    assert everything(Machine(machine.folder, target)) == before


@pytest.mark.every
def test_a_move_to_a_server_whose_disk_is_full_goes_on_once_there_is_room(
    machine, little, postgres_server
):
    database = opened(machine)
    now = datetime.now(UTC)
    with database.transaction() as session:
        many = [{"id": uuid.uuid4(), "created_at": now} for _ in range(150_000)]
        session.execute(insert(Account), many)
    database.dispose()
    before = len(accounts(machine))
    resize(little, "12m")
    whole = Database(postgres_server)
    with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        folder = Path(connection.scalar(text("SHOW data_directory")))
        os.chown(little, folder.stat().st_uid, folder.stat().st_gid)
        connection.execute(text(f"CREATE TABLESPACE little LOCATION '{little}'"))
        connection.execute(text("CREATE DATABASE full_disk TABLESPACE little"))
    target = whole.url.set(database="full_disk").render_as_string(hide_password=False)
    try:
        code, output = machine.run("move", "--to", target)
        assert code == 1
        assert "No space left on device" in output[-1]
        assert output[-1].endswith("it goes on where it was.")
        assert len(output) == 2

        resize(little, "64m")
        assert machine.run("move", "--to", target)[0] == 0
        assert len(accounts(Machine(machine.folder, target))) == before
    finally:
        with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("DROP DATABASE full_disk WITH (FORCE)"))
            connection.execute(text("DROP TABLESPACE little"))
        whole.dispose()


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)
