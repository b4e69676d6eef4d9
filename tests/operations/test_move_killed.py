"""A move is killed again and again: it goes on where it was, and nothing is lost or doubled."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from learn import schema
from learn.database import Database
from learn.models import Account, MistakeReport, Reading
from learn.schema import State
from tests.learn.machine import Machine
from tests.learn.moves import all_rows, url_of
from tests.learn.table_rows import fill

pytestmark = pytest.mark.operations
ROOT = Path(__file__).parents[2]
PEOPLE = 20_000
KILLS = 8


def filled(machine: Machine) -> Database:
    """Return the machine's database, with a row in every table and many in three of them."""
    (machine.folder / "data").mkdir(mode=0o700)
    database = Database(f"sqlite:///{machine.file}")
    schema.upgrade(database)
    fill(database)
    chance, now = random.Random(3), datetime.now(UTC)  # noqa: S311
    ids = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(PEOPLE)]
    with database.transaction() as session:
        run = session.connection().execute
        run(insert(Account), [{"id": one, "created_at": now} for one in ids])
        run(
            insert(Reading),
            [{"account_id": one, "lesson_id": "what-is-all", "first_read_at": now} for one in ids],
        )
        run(
            insert(MistakeReport),
            [{"id": one, "page": "lesson/x", "text": str(one), "reported_at": now} for one in ids],
        )
    database.shut_down()
    return database


def move(machine: Machine, target: Database, seconds: float | None) -> int:
    """Move, and kill it so many seconds after it has begun to copy; its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "learn", "move", "--to", url_of(target)],
        cwd=machine.folder,
        env=machine.env | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process.stdout as said:
        assert said.readline(), "it has begun"
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_killed_again_and_again_it_comes_to_the_same_rows(request, tmp_path, where):
    machine = Machine(tmp_path)
    before = all_rows(filled(machine))
    if where == "postgresql":
        target: Database = request.getfixturevalue("empty_server")
    else:
        target = Database(f"sqlite:///{tmp_path / 'data' / 'new.sqlite3'}")
    chance = random.Random(5)  # noqa: S311
    kills = 0
    for _ in range(KILLS):
        if move(machine, target, chance.uniform(0, 0.7)) != -9:
            break
        kills += 1
        if schema.state(target) is State.CURRENT:
            break
        code, output = Machine(tmp_path, url_of(target)).run("educator", "list")
        assert (code, len(output)) == (1, 1)
        assert "isn't finished" in output[0]
        target.dispose()
        time.sleep(0.1)

    assert kills > 1
    target.dispose()
    assert move(machine, target, None) == 0
    assert all_rows(target) == before
    assert [*tmp_path.glob("data/learn-before-move-*")]
