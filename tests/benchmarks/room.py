"""A room whose 300 phones all answer at once: how long they wait, and whether anything is lost."""

from __future__ import annotations

import random
import selectors
import socket
import sqlite3
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from learn.database import Database
from learn.models import CountKind
from learn.room import actions
from learn.room.actions import NewRoom, RoomQuestion
from tests.benchmarks import serving
from tests.benchmarks.people import _HIDDEN, Browser, Connection, content
from tests.benchmarks.report import Row
from tests.benchmarks.serving import Server
from tests.learn.groups import ClassOf
from tests.learn.people import right_answer, wrong_answer

_PHONES = 300
_CODE = "DAGOMELU"
_PAGE = f"/room/{_CODE}"
_PATIENCE = 60.0  # seconds
_MOST = 200  # milliseconds, for 99 of 100 answers of a class that was told to tap now
_MOST_OF_A_BURST = 1000  # milliseconds, where all are sent before the first one is read


def rows(folder: Path) -> Iterator[Row]:
    data = folder / "room"
    with serving.learn(data, workers=2) as site:
        room = _open(data, uuid.uuid4(), _CODE)
        yield from _round(site, data, "within a second", 1.0)
        _ask_again(data, room)
        yield from _round(site, data, "in one burst", 0.0)


def _round(site: Server, data: Path, name: str, seconds: float) -> Iterator[Row]:
    """Let all phones answer; in the last round, the site is killed as soon as they have."""
    phones = [_Phone(site.port, number) for number in range(_PHONES)]
    before = site.cpu()
    answers, pages = _answer_all(phones, seconds)
    cost = (site.cpu() - before) / _PHONES * 1000
    for phone in phones:
        phone.close()
    if not seconds:
        site.kill()  # what was acknowledged has to be there all the same
    waits, after = ([wait * 1000 for wait in each.values()] for each in (answers, pages))
    note = f"p50 {_hundredth(waits, 50):.0f} ms; p99 of the page after it"
    note += f" {_hundredth(after, 99):.0f} ms; both take {cost:.1f} ms of processor"
    most = _MOST if seconds else _MOST_OF_A_BURST
    yield Row(f"300 phones {name}, p99", _hundredth(waits, 99), most, "ms", note)
    lost = _PHONES - min(_kept(data))
    yield Row(f"300 phones {name}: lost", lost, 0, "", f"of {_PHONES} answers")


@dataclass
class _Phone:
    """A phone with a connection of its own, which it keeps open, and the form filled in."""

    port: int
    number: int

    def __post_init__(self) -> None:
        connection = Connection(self.port)
        browser = Browser(connection)
        page = browser.send(_PAGE)
        form = dict(_HIDDEN.findall(page.body.decode()))
        question = content().bank.questions[form["question"]]
        answer = (wrong_answer if self.number % 3 == 0 else right_answer)(question)
        self.form = browser.request(_PAGE, form | answer)
        self.page = browser.request(_PAGE)
        self.socket: socket.socket = connection._socket  # noqa: SLF001 - to wait for all at once
        self.socket.setblocking(False)

    def close(self) -> None:
        self.socket.close()


def _answer_all(phones: list[_Phone], seconds: float) -> tuple[dict[int, float], dict[int, float]]:
    """Let each phone send its answer, at some moment, and open the page that it is led to.

    Return how long each waited for both, by its number.
    """
    rng = random.Random(len(phones))  # noqa: S311 - the same every time
    start = time.perf_counter() + 0.05
    waiting = sorted(phones, key=lambda _: rng.random())
    moments = sorted(start + rng.random() * seconds for _ in phones)
    due = [*zip(moments, waiting, strict=True)][::-1]
    sent: dict[int, float] = {}
    answers: dict[int, float] = {}
    pages: dict[int, float] = {}
    with selectors.DefaultSelector() as selector:
        for phone in phones:
            selector.register(phone.socket, selectors.EVENT_READ, phone)
        while len(pages) < len(phones):
            now = time.perf_counter()
            if now > start + _PATIENCE:
                raise RuntimeError(f"only {len(answers)} phones got an answer")
            while due and due[-1][0] <= now:
                _, phone = due.pop()
                sent[phone.number] = time.perf_counter()
                phone.socket.sendall(phone.form)
            for key, _ in selector.select(max(0.0, due[-1][0] - now) if due else 1.0):
                _receive(key.data, sent, answers, pages)
    return answers, pages


def _receive(
    phone: _Phone, sent: dict[int, float], answers: dict[int, float], pages: dict[int, float]
) -> None:
    head = phone.socket.recv(1 << 17)
    now = time.perf_counter()
    if phone.number not in answers:
        if not head.startswith(b"HTTP/1.1 303"):
            raise RuntimeError(f"an answer got {head[:60]!r}")
        answers[phone.number] = now - sent[phone.number]
        sent[phone.number] = now
        phone.socket.sendall(phone.page)
    else:
        pages.setdefault(phone.number, now - sent[phone.number])


def _open(data: Path, room: uuid.UUID, code: str) -> uuid.UUID:
    """Open a room with a question."""
    bank = content().bank
    question = next(iter(bank.counted.values())).questions[0]
    room_question = RoomQuestion(question.id, question.version, "0")
    database = Database(f"sqlite:///{data / 'learn.sqlite3'}")
    with database.transaction() as session:
        group = ClassOf(session.connection(), bank, "A full room")
        actions.open_room(
            session, NewRoom(room, group.id), room_question, [code], datetime.now(UTC)
        )
    database.dispose()
    return room


def _ask_again(data: Path, room: uuid.UUID) -> None:
    database = Database(f"sqlite:///{data / 'learn.sqlite3'}")
    with database.transaction() as session:
        actions.close(session, room, 1)
        actions.ask_again(session, room, 1, datetime.now(UTC))
    database.dispose()


def _kept(data: Path) -> tuple[int, int]:
    """How many answers were counted in the round that is open, and how many phones are marked."""
    with sqlite3.connect(data / "learn.sqlite3") as database:
        counted = database.execute(
            "SELECT coalesce(sum(n), 0) FROM room_count JOIN room ON room.id = room_id"
            " WHERE kind = ? AND room_count.round = room.round",
            (CountKind.OUTCOME,),
        )
        marked = database.execute("SELECT count(*) FROM room_mark")
        found = counted.fetchone()[0], marked.fetchone()[0]
    database.close()
    return found


def _hundredth(waits: list[float], number: int) -> float:
    return quantiles(waits, n=100)[number - 1]
