"""A reader whose pages take a while, and how often the site made a page."""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
import threading
import uuid
from typing import Any
from urllib.parse import urlencode

from questions.bank import load_bank
from tests.learn.http_learner import Learner
from tests.serving import Site

SLOW = "/progress"


MANY = 40


class Reader(Learner):
    """Somebody with so many answers that a page of theirs takes a while."""

    def __init__(self, site: Site) -> None:
        super().__init__(site, load_bank(), threading.Event())
        self.port = site.port
        self.answer_one("lesson/what-is-all")
        with contextlib.closing(sqlite3.connect(site.database)) as database, database:
            for number in range(2, 400):
                own = {"id": uuid.uuid4().bytes, "round": number}
                _copy(database, "attempt", "round = 1", own)
                its = "attempt_id = (SELECT id FROM attempt WHERE round = 1)"
                _copy(database, "item", its, {"attempt_id": own["id"]})

    def ask(self, path: str, form: dict[str, Any] | None = None) -> socket.socket:
        """Ask for a page, or send a form; return the connection before anything has come."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        body = urlencode(form, doseq=True) if form else ""
        head = f"Host: localhost\r\nCookie: {self._cookie}\r\n"
        if form:
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += f"Content-Length: {len(body)}\r\n"
        method = "POST" if form else "GET"
        connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
        return connection


def _copy(
    database: sqlite3.Connection, table: str, which: str, changes: dict[str, bytes | int]
) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(f":{name}" if name in changes else name for name in columns)
    database.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {which}",  # noqa: S608 - our own names
        changes,
    )


def ran(site: Site, endpoint: str) -> int:
    """How many requests for a page the site has run, as it logs."""
    lines = [json.loads(line) for line in site.log.read_text().splitlines() if line[:1] == "{"]
    return sum(line.get("endpoint") == endpoint for line in lines)
