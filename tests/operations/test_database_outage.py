"""The database goes away under a running site: each is answered within 5 s, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.operations.machine import Server
from tests.operations.outage_scene import SLOWEST, Scene
from tests.serving import Site, serving

pytestmark = pytest.mark.operations

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
REFUSED_IN_A_ROW = 20  # and a disk is taken to be full


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with serving(tmp_path / "data") as site:
        yield Scene(site)


def holder(code: str, file: Path) -> subprocess.Popen[str]:
    """Another process that does something to a file, says so, and waits."""
    script = f"import sys, fcntl, sqlite3; {code}; print('ready', flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@contextlib.contextmanager
def held(code: str, file: Path) -> Iterator[None]:
    process = holder(code, file)
    try:
        process.send_signal(signal.SIGSTOP)  # frozen, with what it holds
        yield
    finally:
        process.kill()
        process.communicate()


LOCKS = {
    "the gate": ("f = open(sys.argv[1], 'r+'); fcntl.flock(f, fcntl.LOCK_EX)", "learn.gate"),
    "the database": (
        "c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE')",
        "learn.sqlite3",
    ),
}


@pytest.mark.parametrize("what", LOCKS)
def test_another_process_holds_the_lock_for_20_seconds(scene, what):
    code, name = LOCKS[what]
    with held(code, scene.site.data / name):
        scene.crowd()
        scene.endure(20, reads=True)
    scene.come_back()


def test_the_file_is_moved_and_put_back(scene):
    data, elsewhere = scene.site.data, scene.site.data.with_name("elsewhere")
    data.rename(elsewhere)
    scene.endure(4, reads=False)
    assert not data.exists()
    elsewhere.rename(data)
    scene.come_back()


def test_the_file_is_deleted_and_a_copy_takes_its_place(scene):
    file = scene.site.database
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(f"{file}.copy")) as copy:
        source.backup(copy)
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    scene.endure(4, reads=False)
    assert not file.exists()
    shutil.move(f"{file}.copy", file)
    scene.come_back()


def test_another_empty_file_is_not_taken_for_the_database(scene):
    file = scene.site.database
    kept = file.with_name("kept")
    kept.mkdir()
    for end in ("", "-wal", "-shm"):
        shutil.move(f"{file}{end}", kept)
    file.touch()
    scene.endure(4, reads=False)
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.move(kept / f"{file.name}{end}", file.parent)
    scene.come_back()


@ROOT_ONLY
def test_the_disk_is_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk], check=True)
    try:
        with serving(disk / "data") as site:
            scene = Scene(site)
            fill(disk / "filler", scene)
            scene.endure(5, reads=True)
            (disk / "filler").unlink()
            scene.come_back()
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@ROOT_ONLY
def test_the_files_are_read_only(scene):
    files = [f"{scene.site.database}{end}" for end in ("", "-wal")]
    if subprocess.run(["chattr", "+i", *files], check=False).returncode:
        pytest.skip("this disk has no immutable files")
    try:
        scene.endure(5, reads=True)
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)
    scene.come_back()


def fill(filler: Path, scene: Scene) -> None:
    """Fill the disk to the last byte, and write until there is no room left.

    A write that fails closes the log of SQLite, which gives room back for a few more.
    """
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    refused = 0
    for _ in range(200):
        refused = refused + 1 if scene.write().status == 503 else 0
        if refused == REFUSED_IN_A_ROW:
            return
        scene.who.get("/progress")
    raise AssertionError("it is never full")


@pytest.fixture
def served(server: Server, tmp_path: Path) -> Iterator[Scene]:
    env = {"DATABASE_URL": server.url}
    subprocess.run(
        [sys.executable, "-m", "learn", "migrate"],
        env=os.environ | env | {"LEARN_DATA": str(tmp_path / "data")},
        check=True,
    )
    site = Site(tmp_path / "data", 2, env)
    try:
        yield Scene(site)
    finally:
        site.stop()


@contextlib.contextmanager
def frozen(server: Server) -> Iterator[None]:
    """All processes of the server stand still, with their connections."""
    first = psutil.Process(server.pid)
    processes = [first, *first.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()


def test_a_server_that_is_frozen(served, server):
    with frozen(server):
        served.crowd()
        served.endure(8, reads=False)
    served.come_back()


def test_a_server_that_is_killed_and_starts_again(served, server):
    server.kill()
    served.endure(4, reads=False)
    server.start()
    served.come_back()


def test_a_server_that_becomes_read_only(served, server):
    run = "psql", "-q", server.url, "-c"
    change = "ALTER DATABASE postgres SET default_transaction_read_only = {}"
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
    subprocess.run([*run, change.format("on"), "-c", end], check=True, stdout=subprocess.DEVNULL)
    served.endure(4, reads=True)
    undo = "SET default_transaction_read_only = off"
    subprocess.run([*run, undo, "-c", change.format("off")], check=True)
    served.come_back()


def test_a_table_that_is_locked_on_the_server(served, server):
    code = "import psycopg; c = psycopg.connect(sys.argv[1]); c.execute('LOCK TABLE care_line')"
    process = holder(code, server.url)
    try:
        for _ in range(3):
            reply = served.write()
            assert reply.status == 503
            assert reply.seconds < SLOWEST
            served.left.append(reply)
    finally:
        process.kill()
        process.communicate()
    served.come_back(is_outage=False)
