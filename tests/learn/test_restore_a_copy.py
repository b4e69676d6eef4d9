"""Restore a backup of the embedded database, step by step as docs/operations.md says."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from learn import schema
from learn.database import Database
from questions.bank import Bank
from tests import forked
from tests.learn.http_learner import Learner
from tests.our_content import our_content
from tests.serving import Site, serving

ROOT = Path(__file__).parents[2]


@cache
def bank() -> Bank:
    return our_content().bank


def answer(site: Site, quiz: str) -> None:
    who = Learner(site, bank(), threading.Event())
    who.answer_one(quiz)
    assert who.errors == []


def answers_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute("SELECT count(*) FROM item WHERE answered_at IS NOT NULL")
        count: int = rows.fetchone()[0]
        return count


class Machine:
    """A machine with a home folder, where people paste what operations.md says."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / "instance"
        self.copies = home / "learn-backups"
        (home / "bin").mkdir(parents=True)
        command = home / "bin" / "learn"
        command.write_text(forked.script())
        command.chmod(0o755)

    def paste(self, heading: str) -> None:
        """Run all commands below `heading`, in a shell as it is set up on most machines."""
        page = (ROOT / "docs" / "operations.md").read_text()
        section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        blocks = re.findall(r"^```(.*?)\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
        commands = "\n".join(text for language, text in blocks if not language)
        assert commands
        subprocess.run(
            ["sh", "-euc", commands],
            cwd=self.home,
            env=os.environ
            | {"HOME": str(self.home), "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}"},
            umask=0o022,
            check=True,
        )

    def answers(self) -> int:
        return answers_in(self.data / "learn.sqlite3")

    def modes(self) -> set[int]:
        """Return the permissions of all data and copies."""
        inside = (p for where in (self.data, self.copies) for p in where.rglob("*"))
        return {path.stat().st_mode & 0o777 for path in (self.data, *inside)}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "home")


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_following_the_docs_restores_a_backup(machine, end):
    with serving(machine.data) as site:
        answer(site, "topic/what-is-all")
        machine.paste("Backups")
        for quiz in ("topic/blood-cells", "topic/treatment", "mixed"):
            answer(site, quiz)
        getattr(site, end)()
    assert machine.answers() == 4

    machine.paste("Restoring a backup")
    with serving(machine.data) as site:
        answer(site, "topic/treatment")
    assert machine.answers() == 2
    assert machine.modes() == {0o600, 0o700}


def test_restoring_twice_keeps_each_earlier_database(machine):
    with serving(machine.data) as site:
        answer(site, "topic/what-is-all")
    machine.paste("Backups")
    for count in (2, 3):
        with serving(machine.data) as site:
            for quiz in ("topic/blood-cells", "topic/treatment", "mixed")[:count]:
                answer(site, quiz)
            site.kill()
        machine.paste("Restoring a backup")
        assert machine.answers() == 1

    kept = sorted(machine.data.glob("learn-before-restore-*"))
    assert [answers_in(file) for file in kept] == [3, 4]


def test_a_backup_is_restored_on_a_new_machine(machine, tmp_path: Path):
    """With the key, without which the cookies of guests would be nobody's."""
    with serving(machine.data) as site:
        answer(site, "topic/what-is-all")
        machine.paste("Backups")
    new = Machine(tmp_path / "new")
    shutil.copytree(machine.copies, new.copies)
    new.paste("Restoring a backup")

    with serving(new.data) as site:
        answer(site, "mixed")
    assert new.answers() == 2
    key = (new.data / "secret_key").read_text().split()
    assert key == (machine.data / "secret_key").read_text().split()
    assert new.modes() == {0o600, 0o700}


def test_a_copy_made_by_an_upgrade_is_restored(machine):
    with serving(machine.data) as site:
        answer(site, "topic/what-is-all")
    now = datetime.now(UTC)
    for days in (2, 1):
        made = schema.copy_name(
            machine.data / "learn.sqlite3", "upgrade", now - timedelta(days=days)
        )
        shutil.copy(machine.data / "learn.sqlite3", made)
        with serving(machine.data) as site:
            answer(site, "mixed")
    machine.paste("Upgrades")

    assert machine.answers() == 2
    assert machine.modes() == {0o600, 0o700}


def test_a_copy_of_a_stopped_sites_file_is_complete(tmp_path: Path):
    """After a stop there is no log beside the file that could belong to another one."""
    data = tmp_path / "instance"
    with serving(data) as site:
        answer(site, "topic/what-is-all")
    shutil.copy(data / "learn.sqlite3", tmp_path / "copy.sqlite3")
    with serving(data) as site:
        answer(site, "mixed")
    shutil.copy(tmp_path / "copy.sqlite3", data / "learn.sqlite3")
    with serving(data):
        pass

    assert answers_in(data / "learn.sqlite3") == 1


def test_files_of_an_earlier_version_are_made_private(tmp_path: Path):
    data = tmp_path / "instance"
    with serving(data) as site:
        answer(site, "mixed")
        site.kill()
    for file in data.iterdir():
        file.chmod(0o644)
    with serving(data):
        modes = {p.name: p.stat().st_mode & 0o777 for p in data.glob("learn.sqlite3*")}
    assert len(modes) == 3
    assert {*modes.values()} == {0o600}


def test_another_process_does_not_remove_the_wal(tmp_path: Path):
    """A running site keeps its WAL when another process opens and closes the database.

    SQLite knows that by locks, which end in a process as soon as it closes the file by itself.
    """
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with database.engine.connect() as first:
        first.exec_driver_sql("CREATE TABLE a (b)")
        first.commit()
        with database.engine.connect() as second:  # a new connection, while one is open
            second.exec_driver_sql("SELECT * FROM a").all()
        look = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM a')"
        subprocess.run([sys.executable, "-c", look, database.file or ""], check=True)
        assert (tmp_path / "a.sqlite3-wal").exists()
        first.exec_driver_sql("INSERT INTO a VALUES (1)")
        first.commit()
    database.dispose()
    assert not (tmp_path / "a.sqlite3-wal").exists()
