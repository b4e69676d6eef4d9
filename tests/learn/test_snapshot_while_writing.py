"""The files of the database are copied at each moment, as a power cut or a snapshot would."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from learn.database import Database
from learn.database_lock import DatabaseLock
from learn.library.content import Content
from tests.learn.machine import Machine
from tests.learn.people import Person, right_answer

QUIZ = "topic/what-is-all"
PAGE = 4096
ENDS = ("", "-wal")


class Copies:
    """Copies of the database's files, each with how many answers were acknowledged by then."""

    def __init__(self, file: Path, folder: Path) -> None:
        self._file, self._folder = file, folder
        self.acknowledged = 0
        self.made: list[tuple[Path, int]] = []

    def take(self, *_: Any) -> None:
        copy = self._folder / f"{len(self.made)}" / "data" / "learn.sqlite3"
        copy.parent.mkdir(parents=True)
        for end in ENDS:
            source = self._file.with_name(f"{self._file.name}{end}")
            if source.exists():
                shutil.copyfile(source, copy.with_name(f"{copy.name}{end}"))
        self.made.append((copy, self.acknowledged))


def answers_in(file: Path) -> int:
    """Open a copy as the site does, and count the answers of everybody."""
    database = Database(f"sqlite:///{file}")
    held = DatabaseLock(database)
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = raw.execute("SELECT count(*) FROM item WHERE answered_at IS NOT NULL")
        count: int = rows.fetchone()[0]
    database.dispose()
    held.release()
    return count


@pytest.fixture
def site(request: pytest.FixtureRequest, pooled_app: Flask) -> Flask:
    if request.config.getoption("--database") == "postgresql":
        pytest.skip("of files")
    return pooled_app


@pytest.fixture
def copies(site: Flask, tmp_path: Path) -> Copies:
    file: Path = site.extensions["learn.database"].file
    return Copies(file, tmp_path / "copies")


def answer(site: Flask, content: Content, copies: Copies, count: int) -> None:
    """Answer that many questions, and note each once it is acknowledged."""
    ana = Person(site, content)
    ana.open(f"/quizzes/{QUIZ}")
    for _ in range(count):
        assert ana.post(ana.address, ana.form() | right_answer(ana.question)).status_code == 303
        copies.acknowledged += 1
        copies.take()
        ana.open(f"/quizzes/{QUIZ}")


def test_each_copy_has_every_acknowledged_answer(site, content, copies):
    """After each statement of each answer, before each commit, and after each answer."""
    engine = site.extensions["learn.database"].engine
    for moment in ("after_cursor_execute", "commit"):
        event.listen(engine, moment, copies.take)
    answer(site, content, copies, 3)

    assert len(copies.made) > 20
    for copy, acknowledged in copies.made:
        assert acknowledged <= answers_in(copy) <= acknowledged + 1


def test_an_interrupted_checkpoint_loses_nothing(site, content, copies):
    """Any of the pages may have been written by then, in any order; the log is still there."""
    answer(site, content, copies, 4)
    copy, acknowledged = copies.made[-1]
    log = copy.with_name(f"{copy.name}-wal")
    before, kept = copy.read_bytes(), log.read_bytes()
    assert kept
    with closing(sqlite3.connect(copy)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    after = copy.read_bytes()
    changed = [n for n in range(0, len(after), PAGE) if before[n : n + PAGE] != after[n : n + PAGE]]
    assert len(changed) > 3
    chance = random.Random(7)  # noqa: S311
    for count in range(len(changed) + 1):
        mixed = bytearray(before.ljust(len(after), b"\0") if count else before)
        for start in chance.sample(changed, count):
            mixed[start : start + PAGE] = after[start : start + PAGE]
        copy.write_bytes(mixed)
        log.write_bytes(kept)
        copy.with_name(f"{copy.name}-shm").unlink(missing_ok=True)
        copy.with_suffix(".in-use").unlink(missing_ok=True)
        assert answers_in(copy) == acknowledged


def test_each_copy_can_be_restored(site, content, copies, tmp_path):
    """With the log beside it, as it was found."""
    engine = site.extensions["learn.database"].engine
    event.listen(engine, "commit", copies.take)
    answer(site, content, copies, 2)
    for number, (copy, acknowledged) in enumerate(copies.made):
        machine = Machine(tmp_path / f"new{number}")
        machine.folder.mkdir()
        code, output = machine.run("restore", copy)
        assert code == 0, output
        assert acknowledged <= answers_in(machine.file) <= acknowledged + 1
