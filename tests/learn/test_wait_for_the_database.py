"""Every wait for the database has a limit, and who comes later is not worse off."""

from __future__ import annotations

import fcntl
import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.errors import IdleInTransactionSessionTimeout, LockNotAvailable, QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from learn import breaker, deadlines
from learn.breaker import Breaker, DatabaseAwayError, OutageScope, outage_scope
from learn.database import Database
from learn.engines import Limits
from learn.file_lock import FileLock

HURRIED = Limits(connect=1, lock=0.05, statement=1, reply=1)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "x.gate"


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock as another process does: by a handle of its own."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def test_waiting_for_a_lock_ends_after_the_timeout(gate):
    lock = FileLock(gate)
    with held(gate):
        assert not lock.acquire(0.02)
        assert not lock.acquire(0.02)
    assert lock.acquire(10)
    lock.release()


def test_a_waiter_that_gave_up_leaves_the_lock_to_others(gate):
    first, second = FileLock(gate), FileLock(gate)
    with held(gate):
        assert not first.acquire(0.02)
    assert second.acquire(10)
    assert not first.acquire(0.02)
    second.release()
    assert first.acquire(10)
    assert not second.acquire(0.02)
    first.release()


def test_a_lock_is_reentrant_for_one_thread_at_a_time(gate):
    lock = FileLock(gate)
    assert lock.acquire()
    assert lock.acquire(0)
    others = list[bool]()
    thread = threading.Thread(target=lambda: others.append(lock.acquire(0.02)))
    thread.start()
    thread.join()
    lock.release()
    assert not FileLock(gate).acquire(0.02)
    lock.release()
    assert others == [False]
    assert FileLock(gate).acquire(10)


def test_a_deadline_shortens_each_wait():
    assert deadlines.remaining(2) == 2
    with deadlines.at_most(0):
        assert deadlines.remaining(math.inf) == 0
    deadlines.start(100)
    try:
        assert deadlines.remaining(2) == 2
        with deadlines.at_most(1), deadlines.at_most(50):
            assert deadlines.remaining(math.inf) <= 1
    finally:
        deadlines.clear()
    assert deadlines.remaining(math.inf) == math.inf


def test_an_open_breaker_refuses_at_once_until_a_probe_succeeds(monkeypatch):
    monkeypatch.setattr(breaker, "PROBE_INTERVAL", 0.001)
    may_read, may_write, probed = threading.Event(), threading.Event(), threading.Event()

    def probe(scope: OutageScope) -> None:
        probed.set()
        if not (may_read if scope is OutageScope.ALL else may_write).is_set():
            raise OSError("away")

    found = Breaker(probe)
    found.check(OutageScope.ALL)
    found.open(OutageScope.ALL, "unplugged")
    for scope in (OutageScope.ALL, OutageScope.WRITES):
        with pytest.raises(DatabaseAwayError):
            found.check(scope)
    assert probed.wait(10)

    may_read.set()
    wait_until(lambda: found.scope is OutageScope.WRITES)
    found.check(OutageScope.ALL)
    with pytest.raises(DatabaseAwayError):
        found.check(OutageScope.WRITES)

    may_write.set()
    wait_until(lambda: found.scope is None)
    found.check(OutageScope.WRITES)


def wait_until(condition) -> None:
    pause = threading.Event()
    for _ in range(10_000):
        if condition():
            return
        pause.wait(0.001)
    raise AssertionError("it never comes")


def test_no_probe_goes_on_once_the_database_is_disposed(database, monkeypatch):
    monkeypatch.setattr(breaker, "PROBE_INTERVAL", 0.001)
    before = {*threading.enumerate()}
    with held(database.file.with_suffix(".gate")):
        database.breaker.open(OutageScope.ALL, "unplugged")
        wait_until(lambda: database.breaker.scope is OutageScope.WRITES)
        database.dispose()
        assert breaker.PROBE not in {t.name for t in {*threading.enumerate()} - before}
    add_line(database)  # it can be used again, as in a worker that was forked


def test_an_outage_is_logged_in_few_lines(caplog, monkeypatch):
    monkeypatch.setattr(breaker, "PROBE_INTERVAL", 0.001)
    gone = [True]

    def probe(_scope: OutageScope) -> None:
        if gone[0]:
            raise OSError("away")

    found = Breaker(probe)
    for _ in range(50):
        found.open(OutageScope.WRITES, "the disk is full")
    assert len(caplog.records) == 1
    assert "the disk is full" in caplog.text
    for _ in range(50):
        with pytest.raises(DatabaseAwayError):
            found.check(OutageScope.WRITES)
    gone[0] = False
    wait_until(lambda: len(caplog.records) == 2)
    assert "is back" in caplog.text
    assert "50 requests refused" in caplog.text


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "x.sqlite3"
    made = Database(f"sqlite:///{file}")
    with made.transaction() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        session.execute(text("CREATE TABLE line (text TEXT)"))
    made.dispose()
    found = Database(f"sqlite:///{file}", HURRIED, has_breaker=True)
    yield found
    found.dispose()


def add_line(database: Database, then: Callable[[], object] = int) -> None:
    with database.transaction() as session:
        session.execute(text("INSERT INTO line VALUES ('x')"))
        then()


def test_a_moved_database_file_is_not_written_to(database, tmp_path):
    add_line(database)
    elsewhere = tmp_path / "elsewhere.sqlite3"
    with pytest.raises(DatabaseAwayError):
        add_line(database, then=lambda: database.file.rename(elsewhere))
    with pytest.raises(OperationalError) as caught:
        add_line(database)
    assert outage_scope(caught.value) is OutageScope.ALL
    assert not database.file.exists()
    with pytest.raises(DatabaseAwayError):
        database.read_session()


def test_a_deleted_wal_is_not_written_to(database):
    add_line(database)
    wal = database.file.with_name(f"{database.file.name}-wal")
    with pytest.raises(DatabaseAwayError):
        add_line(database, then=wal.unlink)


def test_an_unavailable_write_lock_does_not_affect_reading(database):
    with held(database.file.with_suffix(".gate")):
        with pytest.raises(DatabaseAwayError):
            add_line(database)
        with database.read_session() as session:
            assert session.execute(text("SELECT count(*) FROM line")).scalar() == 0
        assert database.breaker.scope is OutageScope.WRITES


def test_another_error_is_no_outage(database):
    with pytest.raises(OperationalError) as caught, database.read_session() as session:
        session.execute(text("SELECT no_such_column FROM line"))
    assert outage_scope(caught.value) is None
    assert database.breaker.scope is None


@pytest.mark.parametrize(
    "ended", [IdleInTransactionSessionTimeout, LockNotAvailable, QueryCanceled]
)
def test_a_transaction_that_the_server_ended_for_its_time_asks_to_try_again(ended):
    error = DBAPIError("SELECT 1", {}, ended("too long"))

    assert outage_scope(error) is OutageScope.STATEMENT


def test_a_page_with_a_short_timeout_does_not_open_the_breaker(database):
    with held(database.file.with_suffix(".gate")):
        for _ in range(2):
            with deadlines.at_most(0.01), pytest.raises(DatabaseAwayError):
                add_line(database)
        assert database.breaker.scope is None
        with deadlines.at_most(0.01), pytest.raises(DatabaseAwayError):
            database.read_session()
    add_line(database)


def test_a_row_that_somebody_else_locks_is_no_outage_for_others():
    """A merge of many answers, or a report that two educators open, locks rows for seconds."""
    error = DBAPIError("SELECT 1 FOR UPDATE", {}, LockNotAvailable("lock timeout"))

    assert outage_scope(error) is OutageScope.STATEMENT
