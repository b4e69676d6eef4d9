"""The person who runs the site backs it up, and checks what came of it."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from learn import schema
from learn.backups import archive, making, server
from learn.backups.errors import BackupError
from learn.database import Database
from tests.learn.machine import Machine
from tests.learn.restoring import BOTH

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
SERVER = Database("postgresql://ana@127.0.0.1/learn")


def described(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as opened:
        data: dict[str, Any] = json.loads(opened.read("manifest.json"))
        return data


def test_a_backup_is_one_private_file_with_a_description(machine):
    code, output = machine.run("backup", "a.zip")

    assert (code, output[0]) == (0, "a.zip has 1 account and 1 answer.")
    file = machine.folder / "a.zip"
    assert file.stat().st_mode & 0o777 == 0o600
    assert machine.files() == {"data", "a.zip"}
    about = described(file)
    assert (about["kind"], about["schema"]) == ("sqlite", schema.head())
    assert all(count == 1 for name, count in about["rows"].items())

    code, output = machine.run("backup", "--check", "a.zip")
    assert code == 0
    assert output[0].startswith("a.zip is a whole backup of Learn ALL 0.1.0, made on ")
    assert output[1:] == [
        "It has 1 account and 1 answer, without the secret key.",
        "It can be restored to SQLite.",
    ]


def test_tools_of_postgresql_write_files_that_only_their_owner_can_read(tmp_path):
    """From the first byte, also where the mask lets others read."""
    copy = tmp_path / "copy"
    mask = os.umask(0o022)
    try:
        with archive.create(tmp_path / "output") as output:
            server.run_tool(SERVER, ["sh", "-c", f"echo rows > {copy}"], [], output)
    finally:
        os.umask(mask)

    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_dump_goes_to_our_file_whatever_others_put_under_its_name(tmp_path):
    name, planted = tmp_path / "copy", tmp_path / "planted"
    planted.write_text("before")
    with archive.create(name) as copy:
        name.unlink()
        name.symlink_to(planted)
        server.run_tool(SERVER, ["sh", "-c", "echo rows"], [], copy)

        assert planted.read_text() == "before"
        assert archive.digest_of(copy) == (hashlib.sha256(b"rows\n").hexdigest(), 5)


@pytest.mark.parametrize("kind", ["file", "link"])
def test_no_file_is_taken_that_is_there_already(tmp_path, kind):
    name, planted = tmp_path / "copy", tmp_path / "planted"
    name.symlink_to(planted) if kind == "link" else name.touch()

    with pytest.raises(FileExistsError):
        archive.create(name)
    assert not planted.exists()


def test_unfinished_files_are_in_a_folder_that_nobody_else_can_open(tmp_path):
    """Also where everybody may write, and the mask takes nothing away."""
    tmp_path.chmod(0o777)
    mask = os.umask(0)
    try:
        with archive.atomic_file(tmp_path / "a.zip") as written:
            (folder,) = tmp_path.iterdir()
            (file,) = folder.iterdir()
            modes = [path.stat().st_mode & 0o777 for path in (folder, file)]
            written.write(b"all")
    finally:
        os.umask(mask)

    assert modes == [0o700, 0o600]
    assert [*tmp_path.iterdir()] == [tmp_path / "a.zip"]
    assert (tmp_path / "a.zip").read_bytes() == b"all"


def test_a_secret_that_tools_would_show_to_every_user_is_refused():
    database = Database("postgresql://ana@127.0.0.1/learn?sslpassword=hush")

    with pytest.raises(BackupError, match="DATABASE_URL has sslpassword") as refused:
        server.connection_for_tools(database)
    assert "hush" not in str(refused.value)


def test_an_address_in_a_message_has_no_secret():
    database = Database("postgresql://ana:hush@127.0.0.1/learn?password=hush&user=bob")

    assert database.address == "postgresql://ana:***@127.0.0.1/learn"


def test_a_backup_of_a_server_has_as_many_rows_as_it_says(server_machine):
    code, output = server_machine.run("backup", "a.zip")
    assert (code, output[0]) == (0, "a.zip has 1 account and 1 answer.")

    code, output = server_machine.run("backup", "--check", "a.zip")
    assert code == 0
    assert "PostgreSQL 18" in output[2]
    assert output[3] == "It can be restored to PostgreSQL."


@BOTH
def test_the_secret_key_is_included_only_on_request(request, which):
    machine = request.getfixturevalue(which)
    _, output = machine.run("backup", "without.zip")
    assert "isn't in it" in output[1]
    _, output = machine.run("backup", "with.zip", "--with-key")
    assert len(output) == 1

    key = (machine.folder / "data" / "secret_key").read_bytes().strip()
    without, there = (machine.folder / f"{name}.zip" for name in ("without", "with"))
    with zipfile.ZipFile(there) as opened:
        assert opened.read("secret_key").strip() == key
    with zipfile.ZipFile(without) as opened:
        assert all(key not in opened.read(name) for name in opened.namelist())


def test_an_existing_file_is_replaced_only_on_request(machine):
    file = machine.folder / "a.zip"
    file.write_text("precious")
    code, output = machine.run("backup", "a.zip")

    assert (code, output) == (1, ["a.zip is there already. To replace it, add --replace."])
    assert file.read_text() == "precious"
    assert machine.run("backup", "a.zip", "--replace")[0] == 0
    assert zipfile.is_zipfile(file)


@pytest.mark.parametrize(
    ("which", "share"),
    [
        ("machine", 0.3),
        pytest.param("server_machine", 0.5, marks=pytest.mark.every),
        pytest.param("server_machine", 1.0, marks=pytest.mark.every),
    ],
)
def test_a_full_disk_leaves_the_earlier_backup_and_no_other_file(request, which, share):
    """What is written beyond a limit fails as on a full disk: first the copy, then the zip.

    The zip of a dump is larger than the dump, by less than a percent.
    """
    machine = request.getfixturevalue(which)
    assert machine.run("backup", "a.zip")[0] == 0
    before = (machine.folder / "a.zip").read_bytes()
    there = machine.files()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    database = Database(machine.env["DATABASE_URL"] or f"sqlite:///{machine.file}")
    room = int(described(machine.folder / "a.zip")["size"] * share)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(BackupError) as refused, machine.tools_on_path():
            making.back_up(database, machine.folder / "a.zip", NOW, replace=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        database.dispose()

    assert "\n" not in str(refused.value)
    assert (machine.folder / "a.zip").read_bytes() == before
    assert machine.files() == there


def test_a_backup_blocks_no_writer_and_shows_one_moment(machine, monkeypatch):
    """While its pages are copied one by one, others write: none of that is in it, and all goes on.

    A copy that began anew after each write would never end.
    """
    monkeypatch.setattr("learn.backups.embedded._PAGES", 1)
    database, ended = Database(f"sqlite:///{machine.file}"), threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        with closing(sqlite3.connect(machine.file, isolation_level=None)) as other:
            while not ended.is_set():
                other.execute("INSERT INTO rate_limit VALUES (?, 1, 1)", (f"{written}",))
                written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written < 5:
            assert writer.is_alive()
        before = written
        about = making.back_up(database, machine.folder / "a.zip", NOW)
        after = written
    finally:
        ended.set()
        writer.join()
        database.dispose()

    assert before <= about.rows["rate_limit"] - 1 < after
    assert machine.run("backup", "--check", "a.zip")[0] == 0


# What is no whole backup


@pytest.fixture
def made(machine) -> Machine:
    machine.run("backup", "a.zip")
    return machine


def test_a_truncated_backup_is_detected(made):
    whole = (made.folder / "a.zip").read_bytes()
    for length in (3, 100, len(whole) // 2, len(whole) - 1):
        (made.folder / "b.zip").write_bytes(whole[:length])
        code, output = made.run("backup", "--check", "b.zip")
        assert (code, len(output)) == (1, 1)
        assert "ends too early" in output[0] or "no backup" in output[0]


def test_a_changed_byte_is_detected(made):
    """Wherever it changes what the database holds: a run of zeros can be packed in several ways."""
    file = made.folder / "a.zip"
    whole, was = file.read_bytes(), copy_in(file)
    with zipfile.ZipFile(file) as opened:
        copy = opened.getinfo("learn.sqlite3")
    ends = copy.header_offset + copy.compress_size
    noticed = 0
    for place in range(copy.header_offset + 100, ends, copy.compress_size // 5):
        changed = bytearray(whole)
        changed[place] ^= 0x10
        (made.folder / "b.zip").write_bytes(changed)
        code, output = made.run("backup", "--check", "b.zip")
        assert code == 0 or len(output) == 1
        assert code == 1 or copy_in(made.folder / "b.zip") == was, place
        noticed += code
    assert noticed


def copy_in(file: Path) -> bytes:
    with zipfile.ZipFile(file) as opened:
        return opened.read("learn.sqlite3")


def rewritten(made: Machine, **changes: Any) -> None:
    """Write b.zip: a.zip with another description."""
    with zipfile.ZipFile(made.folder / "a.zip") as old:
        content = {name: old.read(name) for name in old.namelist()}
    about = json.loads(content["manifest.json"]) | changes
    with zipfile.ZipFile(made.folder / "b.zip", "w") as new:
        for name, data in (content | {"manifest.json": json.dumps(about).encode()}).items():
            new.writestr(name, data)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"digest": "0" * 64}, "b.zip is damaged: its content isn't what was written."),
        ({"rows": {}}, "The database in the backup isn't what its description says."),
        ({"kind": "oracle"}, "The backup is damaged: its description names no database"),
        ({"made_at": "soon"}, "The backup is damaged: it has no description of itself."),
        ({"kind": "postgresql"}, "b.zip is damaged: the copy of the database is missing."),
        ({"format": 2}, "The backup was made by a newer version of Learn ALL."),
    ],
)
def test_a_false_description_is_detected(made, changes, says):
    rewritten(made, **changes)
    code, output = made.run("backup", "--check", "b.zip")

    assert (code, len(output)) == (1, 1)
    assert output[0].startswith(says)


@pytest.mark.parametrize("name", ["learn.sqlite3", "manifest.json"])
def test_what_is_larger_than_it_says_is_never_unpacked(made, name):
    with zipfile.ZipFile(made.folder / "a.zip") as old:
        content = {one: old.read(one) for one in old.namelist()}
    content[name] += bytes(20_000_000)
    with zipfile.ZipFile(made.folder / "b.zip", "w", zipfile.ZIP_DEFLATED) as new:
        for one, data in content.items():
            new.writestr(one, data)

    target = made.folder / "copy"
    with pytest.raises(BackupError, match=r"b\.zip is damaged"):
        archive.extract(made.folder / "b.zip", archive.describe(made.folder / "b.zip"), target)
    assert not target.exists() or not target.stat().st_size
    code, output = made.run("restore", "b.zip", "--replace")
    assert (code, len(output)) == (1, 1)


def test_a_copy_that_the_disk_has_no_room_for_is_not_begun(made):
    rewritten(made, size=1 << 60)
    code, output = made.run("backup", "--check", "b.zip")

    assert (code, len(output)) == (1, 1)
    assert f"has no room for a database of {1 << 60} bytes." in output[0]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.zip", "can't be read: No such file"),
        ("data", "can't be read: Is a directory"),
        ("text.zip", "is no backup of Learn ALL."),
        ("other.zip", "is no backup of Learn ALL."),
    ],
)
def test_a_file_that_is_not_a_backup_is_rejected(made, name, says):
    (made.folder / "text.zip").write_text("a text")
    with zipfile.ZipFile(made.folder / "other.zip", "w") as other:
        other.writestr("a", "b")
    code, output = made.run("backup", "--check", name)

    assert (code, len(output)) == (1, 1)
    assert says in output[0]


def test_without_a_database_there_is_nothing_to_back_up(tmp_path):
    machine = Machine(tmp_path)
    code, output = machine.run("backup", "a.zip")
    assert (code, len(output)) == (1, 1)
    assert "doesn't exist" in output[0]
    machine.file.touch(0o600)
    assert machine.run("backup", "a.zip")[1] == [
        "There is nothing to back up: the database is empty."
    ]
    assert machine.files() == {"data"}


def test_a_damaged_database_is_not_backed_up(machine):
    content = bytearray(machine.file.read_bytes())
    content[8192:16384] = b"x" * 8192
    machine.file.write_bytes(content)
    code, output = machine.run("backup", "a.zip")

    assert (code, len(output)) == (1, 1)
    assert "damaged" in output[0] or "malformed" in output[0]
    assert machine.files() == {"data"}


# The tools of PostgreSQL


def tool(machine: Machine, says: str) -> None:
    """Put a pg_dump on the path that says another version."""
    folder = machine.folder / "data"
    (folder / "pg_dump").write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / "pg_dump").chmod(0o755)
    machine.env["PATH"] = str(folder)


def test_a_missing_pg_dump_is_reported(server_machine):
    server_machine.env["PATH"] = str(server_machine.folder)
    code, output = server_machine.run("backup", "a.zip")

    assert (code, output) == (
        1,
        ["pg_dump is missing: install the client of PostgreSQL 18 (or later) first."],
    )


def test_a_pg_dump_older_than_the_server_is_reported(server_machine):
    shutil.rmtree(server_machine.folder / "data", ignore_errors=True)
    (server_machine.folder / "data").mkdir()
    tool(server_machine, "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)")
    code, output = server_machine.run("backup", "a.zip")

    assert (code, len(output)) == (1, 1)
    assert "is version 15, and the server is PostgreSQL 18" in output[0]
    assert server_machine.files() == {"data"}
