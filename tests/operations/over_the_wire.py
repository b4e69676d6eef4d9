"""The share of the fuzzer that goes through a real server: broken requests, and rows that stay."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from sqlalchemy import text

from learn.database import Database
from tests.operations import fuzz_checks, fuzz_inputs
from tests.operations.browser import Browser, over_http
from tests.operations.constraints import broken
from tests.operations.fuzz_transports import Wire
from tests.serving import Site

if TYPE_CHECKING:
    from tests.operations.fuzz import Fuzz
    from tests.operations.machine import Server

_PATIENCE = 20.0
_GIVES_UP = 0.7  # seconds: the server may wait for the rest of a broken request
_BYSTANDER = "zoe"
"""She sends nothing: nothing of hers may change or be shown, whatever the others do."""


class OverTheWire:
    """`learn serve` on a copy of the cast's database."""

    def __init__(self, folder: Path, server: Server | None, run: Fuzz, seed: int) -> None:
        self._folder = folder / "wire"
        self._server = server
        self._run = run
        self._seed = seed
        name = run.users.of(_BYSTANDER).text
        self._of_bystander = [text for text in run.users.texts if name in text]
        self._wrote: dict[str, set[str]] = {text: set() for text in self._of_bystander}

    def run(self, requests: int) -> None:
        """Send that many; then look at the log, the bystander's rows and all constraints."""
        from tests.operations.fuzz import KEY

        if not requests:
            return
        database = Database(self._copied())
        before = self._rows_of_bystander(database)
        env = {"SECRET_KEY": KEY, "LEARN_TRUSTED_PROXIES": "1"}
        if self._server:
            env["DATABASE_URL"] = database.url.render_as_string(hide_password=False)
        site = Site(self._folder, 2, env)
        try:
            for number in range(requests):
                self._shoot(Wire(site.port), number)
            if Browser(over_http(lambda: site.port), "192.0.2.9").get("/quizzes").status != 200:
                self._run.failures["the site doesn’t answer after it all"] = "over the wire"
        finally:
            site.stop()
        self._look_at_the_end(database, before)
        database.dispose()

    def _shoot(self, wire: Wire, number: int) -> None:
        rng = Random(f"{self._seed}/wire/{number}")  # noqa: S311 - not a secret
        user = self._run.generator.visitor(rng)
        while user.name == _BYSTANDER:
            user = self._run.generator.visitor(rng)
        request = self._run.generator.generate(rng, user, dict(user.browser.cookies))
        request.headers.append(("X-Forwarded-For", f"203.0.113.{rng.randrange(256)}"))
        request.headers.append(("Content-Length", str(len(request.body))))
        request.headers.append(("Connection", "close"))
        is_broken = rng.random() < 0.4
        raw = rng.choice(_BREAKS)(rng, request.wire()) if is_broken else request.wire()
        sent = unquote_to_bytes(raw.replace(b"+", b" "))
        for secret in self._of_bystander:  # what they write themselves stays, and is theirs, too
            if secret.encode() in sent:
                self._wrote[secret].add(user.name)
        page = wire.send(request, raw, _GIVES_UP if is_broken else _PATIENCE)
        self._run.statuses[page.status if page else 0] += 1
        where = f"over the wire, request {number}: {raw[:300]!r}"
        if page is not None and page.status >= 500:
            self._run.failures.setdefault(f"status {page.status} [{request.endpoint}]", where)
        if page is None:
            if not is_broken:
                self._run.failures.setdefault(f"no answer [{request.endpoint}]", where)
            return
        for secret in self._of_bystander:
            may_see = {*self._run.users.texts[secret], *self._wrote[secret]}
            if user.name not in may_see and secret.encode() in page.content:
                self._run.failures.setdefault(f"{user.name} sees “{secret}”", where)

    def _look_at_the_end(self, database: Database, before: fuzz_checks.Rows) -> None:
        if self._rows_of_bystander(database) != before:
            self._run.failures[f"rows of {_BYSTANDER} have changed"] = "over the wire"
        for failure in broken(database):
            self._run.failures[failure] = "over the wire"
        log = self._folder.with_suffix(".log").read_text()
        if "Traceback" in log:
            self._run.failures["a traceback in the log: " + log[-1500:]] = "over the wire"

    def _rows_of_bystander(self, database: Database) -> fuzz_checks.Rows:
        account = str(self._run.users.of(_BYSTANDER).account)
        with database.engine.connect() as connection:
            found = fuzz_checks.rows(connection)
        seen = {"viewing", "released"}
        return {k: v for k, v in found.items() if v[0] == account and k[0] not in seen}

    def _copied(self) -> str:
        """A copy of the cast’s database; its address."""
        self._folder.mkdir(mode=0o700)
        self._run.close()
        if self._server is None:
            shutil.copy(self._folder.parent / "learn.sqlite3", self._folder)
            return f"sqlite:///{self._folder / 'learn.sqlite3'}"
        whole = Database(self._server.url)
        name = whole.url.database
        other = whole.url.set(database="template1")
        whole.dispose()
        admin = Database(other.render_as_string(hide_password=False))
        with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f'CREATE DATABASE wire TEMPLATE "{name}"'))
        admin.dispose()
        return other.set(database="wire").render_as_string(hide_password=False)


def _cut(rng: Random, raw: bytes) -> bytes:
    return raw[: int(rng.random() * len(raw))]


def _more_length(_rng: Random, raw: bytes) -> bytes:
    return raw.replace(b"Content-Length: ", b"Content-Length: 9", 1)


def _two_lengths(_rng: Random, raw: bytes) -> bytes:
    return raw.replace(b"Content-Length: ", b"Content-Length: 0\r\nContent-Length: ", 1)


def _no_number(rng: Random, raw: bytes) -> bytes:
    wrong = rng.choice((b"-1", b"+5", b"0x10", b"9" * 30, b"", b"1, 1"))
    return raw.replace(b"Content-Length: ", b"Content-Length: " + wrong + b"\r\nX-Was: ", 1)


def _chunked(rng: Random, raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    head = head.replace(b"Content-Length: ", b"X-Was: ") + b"\r\nTransfer-Encoding: chunked"
    size = rng.choice((f"{len(body):x}".encode(), b"zz", b"-1", b"f" * 20, b"5;x=y"))
    return head + b"\r\n\r\n" + size + b"\r\n" + body + b"\r\n0\r\n\r\n"


def _odd_header(rng: Random, raw: bytes) -> bytes:
    line = rng.choice((b"X-\x00: y", b"No colon", b": empty", b"X: \xff\xfe", b"X" * 9000 + b": y"))
    return raw.replace(b"\r\n", b"\r\n" + line + b"\r\n", 1)


def _odd_target(rng: Random, raw: bytes) -> bytes:
    method, _, rest = raw.partition(b" ")
    wrong = rng.choice(
        (b"*", b"//evil.example/x", b"http://evil.example/", b"/%", b"/%zz%00", b"/\xff")
    )
    return method + b" " + wrong + b" " + rest.partition(b" ")[2]


def _odd_version(rng: Random, raw: bytes) -> bytes:
    return raw.replace(b"HTTP/1.1", rng.choice((b"HTTP/1.0", b"HTTP/0.9", b"HTTP/3.0", b"X")), 1)


def _bytes_in_it(rng: Random, raw: bytes) -> bytes:
    at = int(rng.random() * len(raw))
    return raw[:at] + fuzz_inputs.text(rng)[:50] + raw[at:]


_BREAKS: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_cut, _more_length, _two_lengths, _no_number, _chunked),
    *(_odd_header, _odd_target, _odd_version, _bytes_in_it),
)
