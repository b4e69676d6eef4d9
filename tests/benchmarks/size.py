"""What goes over the wire, what stays in memory and on disk, and how fast it is there."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

import uuid_utils.compat
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from learn import schema
from learn.database import Database
from learn.learner.quiz_refs import MIXED
from learn.models import Item
from learn.quizzes import queries
from learn.quizzes.planning.attempt_plan import AttemptPlan
from learn.quizzes.taking import actions, recording
from learn.quizzes.taking.scored_answer import score_answer
from questions.model import Question, Response
from questions.selection import plan, unpack
from tests.benchmarks import serving
from tests.benchmarks.people import Answer, Browser, Connection, Learner, content
from tests.benchmarks.report import Row

_REPOSITORY = Path(__file__).parents[2]
_PART = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_ZIPPED = {"Accept_Encoding": "gzip, br"}


def wire(folder: Path) -> Iterator[Row]:
    """Yield the first visit to a lesson, and the next one: of the heaviest lesson."""
    with serving.learn(folder / "wire") as site:
        first = [_visit(site.port, f"/lessons/{lesson}") for lesson in content().lessons]
    size, requests, again = (max(column) for column in zip(*first, strict=True))
    yield Row("first visit to a lesson, over the wire", size / 1000, 40, "KB")
    yield Row("first visit to a lesson", requests, 5, "requests")
    yield Row("repeat visit to a lesson, over the wire", again / 1000, 2, "KB")


def _visit(port: int, address: str) -> tuple[int, int, int]:
    browser = Browser(Connection(port))
    page = browser.send(address, **_ZIPPED)
    plain = Browser(Connection(port)).send(address).body.decode()
    parts = [browser.send(part, **_ZIPPED) for part in sorted({*_PART.findall(plain)})]
    again = browser.send(address, **_ZIPPED, If_None_Match=page.headers["etag"])
    asked_again = [p for p in parts if "immutable" not in p.headers["cache-control"]]
    everything = [page, *parts]
    return _sum(everything), len(everything), _sum([again, *asked_again])


def _sum(answers: list[Answer]) -> int:
    return sum(a.size for a in answers)


def memory(folder: Path, *, requests: int) -> Iterator[Row]:
    """A worker when it has started, and when it has served so many requests."""
    with serving.learn(folder / "memory") as site:
        started = site.memory()
        pages = _browsing(site.port)
        for _ in range(requests):
            next(pages)
        later = site.memory()
    yield Row("memory of a worker, started", started, 90, "MB")
    yield Row(f"memory after {requests:,} requests", later / started, 1.2, "× started")


def _browsing(port: int) -> Iterator[Answer]:
    connection = Connection(port)
    others = ["/", "/lessons", "/progress", "/quizzes", "/care-team", "/glossary"]
    others += [f"/lessons/{lesson}" for lesson in content().lessons]
    while True:
        learner = Learner(connection)
        yield from learner.take_a_quiz()
        for address in others:
            yield learner.send(address)


def start(folder: Path, *, times: int) -> Iterator[Row]:
    """From the command to the first page, with a database that is there already."""
    seconds = []
    for _ in range(times + 1):
        with serving.learn(folder / "start") as site:
            seconds.append(site.seconds_to_first_page)
    yield Row("`learn serve` to the first page", median(seconds[1:]), 0.6, "s")


def answers_on_disk(folder: Path, *, answers: int) -> Iterator[Row]:
    """Everything that is kept, by the number of answers in it."""
    file = folder / "disk.sqlite3"
    kept, size = _fill(f"sqlite:///{file}", answers)
    yield Row("an answer on disk, SQLite", size / kept, 250, "bytes", f"{kept:,} answers")
    with serving.postgres() as server:
        if not server:
            return
        kept, size = _fill(server, answers)
    yield Row("an answer on disk, PostgreSQL", size / kept, 350, "bytes", f"{kept:,} answers")


def _fill(url: str, answers: int) -> tuple[int, int]:
    """Fill an empty database by the real actions. How many answers it has, and bytes more."""
    database = Database(url)
    schema.upgrade(database)
    empty = _bytes(database)
    kept = give_answers(database, answers)
    size = _bytes(database) - empty
    database.dispose()
    return kept, size


def give_answers(database: Database, answers: int) -> int:
    """Let guests give at least so many answers, 50 each, by the real actions; return how many."""
    rounds = 5
    accounts = [uuid_utils.compat.uuid7() for _ in range(-(-answers // (rounds * 10)))]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(1, rounds + 1):
        for start in range(0, len(accounts), 50):
            with database.transaction() as session:
                for account in accounts[start : start + 50]:
                    _take(session, account, number, now)
                    now += timedelta(minutes=1)
        if not database.is_sqlite:  # as its own housekeeping does now and then
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
                c.execute(text("VACUUM"))
    with database.read_session() as session:
        return session.scalar(select(func.count()).where(Item.answered_at.is_not(None))) or 0


def _take(session: Session, account: uuid.UUID, number: int, now: datetime) -> None:
    bank = content().bank
    rng = Random(f"{account}/{number}")  # noqa: S311 - not a secret
    questions = plan(bank.objectives.values(), {}, 10, rng)
    planned = AttemptPlan(account, uuid_utils.compat.uuid7(), MIXED, number, questions, account)
    attempt = recording.start(session, planned, now, is_persisted=False)
    for item, question in zip(attempt.items, questions, strict=True):
        answer = score_answer(
            question, unpack(question, item.shown), _response(question, rng), sure=True
        )
        now += timedelta(seconds=30)
        place = queries.ItemPlace(account, attempt.id, item.position)
        found = queries.item_to_answer(session, place, bank)
        assert found is not None
        actions.record_answer(session, found, answer, now)
    actions.finish_attempt(session, account, attempt.id, now)


def _response(question: Question, rng: Random) -> Response:
    if question.partial_credit:
        return question.right_response()
    return Response(chosen=(rng.choice(question.parts).id,))


def _bytes(database: Database) -> int:
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            tables = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
            return int(connection.scalar(text(tables)))
        connection.rollback()
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    if database.file is None:
        raise AssertionError("an embedded database is a file")
    return database.file.stat().st_size


def installed() -> Iterator[Row]:
    """Yield the installed packages of requirements.txt, with compiled files, and our own."""
    pinned = (_REPOSITORY / "requirements.txt").read_text(encoding="utf-8")
    sizes = {name: _package(name) for name in re.findall(r"^([\w.-]+)==", pinned, re.MULTILINE)}
    folders = [_REPOSITORY / name for name in ("learn", "questions", "templates", "migrations")]
    sizes["learn-all"] = sum(_on_disk(f) for folder in folders for f in folder.rglob("*"))
    biggest = sorted(sizes, key=sizes.__getitem__)[-3:]
    note = ", ".join(f"{name} {sizes[name] / 1e6:.0f}" for name in reversed(biggest))
    yield Row("install for running, on disk", sum(sizes.values()) / 1e6, 170, "MB", note)


def _package(name: str) -> int:
    files = {Path(str(f.locate())) for f in importlib.metadata.files(name) or ()}
    compiled = {
        f.parent / "__pycache__" / f"{f.stem}.{sys.implementation.cache_tag}.pyc"
        for f in files
        if f.suffix == ".py"
    }
    return sum(_on_disk(f) for f in files | compiled)


def _on_disk(file: Path) -> int:
    return file.stat().st_blocks * 512 if file.is_file() else 0
