"""Put a copy of the embedded database back, step by step as docs/operations.md says."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from learn.database import Database
from questions.bank import load_bank
from tests.learn.test_kill import Learner
from tests.serving import Site, serving


def answer(site: Site, quiz: str) -> None:
    who = Learner(site, load_bank(), threading.Event())
    who.answer_one(quiz)
    assert who.errors == []


def answers_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = database.execute("SELECT count(*) FROM item WHERE answered_at IS NOT NULL")
        count: int = found.fetchone()[0]
        return count


def steps(repository: Path) -> list[str]:
    """The commands that operations.md gives for this, between stopping and starting the site."""
    page = (repository / "docs" / "operations.md").read_text()
    section = page.split("\n## Putting a copy back\n")[1]
    block = re.search(r"```\n(.*?)```", section, re.DOTALL)
    assert block
    return [line.split("#")[0].strip() for line in block.group(1).splitlines()]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_copy_is_put_back_by_the_docs_alone(tmp_path: Path, repository, end):
    data = tmp_path / "instance"
    with serving(data) as site:
        answer(site, "topic/what-is-all")
    shutil.copy(data / "learn.sqlite3", tmp_path / "copy.sqlite3")
    with serving(data) as site:
        for quiz in ("topic/blood-cells", "topic/treatment", "mixed"):
            answer(site, quiz)
        getattr(site, end)()
    assert answers_in(data / "learn.sqlite3") == 4

    commands = steps(repository)
    assert len(commands) >= 3
    for command in commands:
        subprocess.run(command, shell=True, cwd=tmp_path, check=True)  # noqa: S602 - ours

    with serving(data) as site:
        answer(site, "topic/treatment")
    assert answers_in(data / "learn.sqlite3") == 2
    assert (data / "learn.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_copy_over_a_stopped_sites_file_is_whole(tmp_path: Path):
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


def test_files_of_an_earlier_version_become_private(tmp_path: Path):
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


def test_a_program_that_looks_in_takes_no_log_away(tmp_path: Path):
    """The last process that closes the database removes its WAL; a running site has it open.

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
