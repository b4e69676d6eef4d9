"""A restore is killed at any moment: the database is the one before, or the one from the backup."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from learn.database import Database
from learn.database_lock import DatabaseLock
from learn.models import Account
from tests.learn.machine import Machine

pytestmark = pytest.mark.operations
ROOT = Path(__file__).parents[2]
BEFORE, BACKUP = 400, 200  # accounts
KILLS = 12


class Killed:
    """A machine with a database, and a backup with fewer people in it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.machine = Machine(folder, url)
        self.url = url or f"sqlite:///{self.machine.file}"
        self.machine.run("migrate")
        self.add(BACKUP)
        assert self.machine.run("backup", "a.zip")[0] == 0
        self.add(BEFORE - BACKUP)

    def add(self, count: int) -> None:
        database = Database(self.url)
        now = datetime.now(UTC)
        with database.transaction() as session:
            session.add_all(Account(id=uuid.uuid4(), created_at=now) for _ in range(count))
        database.shut_down()

    def accounts(self) -> int:
        """The number of accounts, by a start of the site."""
        database = Database(self.url)
        held = DatabaseLock(database)
        if database.file is None:
            _wait_until_left(database)
        else:
            with database.engine.connect() as connection:
                found = connection.scalar(text("PRAGMA integrity_check"))
                assert found == "ok"
        with database.read_session() as session:
            count = session.scalar(select(func.count()).select_from(Account)) or 0
        database.shut_down()
        held.release()
        return count

    def restore(self, seconds: float | None) -> float:
        """Restore, and kill it after so many seconds; how long it took."""
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "learn", "restore", "a.zip", "--replace"],
            cwd=self.machine.folder,
            env=self.machine.env | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return time.monotonic() - began


def _wait_until_left(database: Database) -> None:
    """Wait until the server has noticed that a client is gone, and has undone what it began."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    for _ in range(200):
        with database.engine.connect() as connection:
            if connection.scalar(text(others)) == 1:
                return
        time.sleep(0.05)


@pytest.mark.parametrize("which", ["sqlite", "postgresql"])
def test_killed_at_any_moment_it_is_the_one_or_the_other(request, tmp_path, which):
    url = ""
    if which == "postgresql":
        empty: Database = request.getfixturevalue("empty_server")
        url = empty.url.render_as_string(hide_password=False)
    killed, seen = Killed(tmp_path, url), []
    chance = random.Random(11)  # noqa: S311
    whole = killed.restore(None)
    for _ in range(KILLS):
        if killed.accounts() == BACKUP:
            killed.add(BEFORE - BACKUP)
        killed.restore(whole * chance.uniform(0.3, 1.05))
        seen.append(killed.accounts())
        for copy in tmp_path.glob("data/learn-before-restore-*"):
            copy.unlink()

    assert {*seen} <= {BEFORE, BACKUP}
    assert BEFORE in seen
    killed.restore(None)
    assert killed.accounts() == BACKUP
    assert not [*tmp_path.glob("data/.restoring-*")]
