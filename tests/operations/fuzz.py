"""Send the site what nobody sends, as everybody, and see that it stays calm and tells nothing.

`python -m tests.operations.fuzz --help` tells how to run it. Each visit, a few requests of one
person, follows from the seed and its number, and begins with the same rows: `--only NUMBER` sends
that visit alone, and shows it.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event

from learn import schema
from learn.app import create_app
from learn.config import Settings, texts
from learn.database import Database
from learn.library.read_content import load_content
from tests.operations import fuzz_checks
from tests.operations.browser import Page, keep_cookies
from tests.operations.constraints import broken
from tests.operations.fuzz_requests import FuzzRequest, RequestGenerator
from tests.operations.fuzz_transports import InProcess
from tests.operations.fuzz_users import FuzzUser, FuzzUserFactory
from tests.operations.machine import Server
from tests.operations.over_the_wire import OverTheWire

KEY = "a key that only the fuzzer knows"
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_SLOW = 2.0  # seconds
_GIVES_UP = 4.0  # seconds, after which the site may answer that its database is away
_SHARE_OF_WIRE = 0.1
_LONGEST_VISIT = 6
_MAX_FAILURES = 25


class Fuzz:
    """One run: the users, the visits, and what was found."""

    def __init__(self, folder: Path, url: str, options: argparse.Namespace) -> None:
        self._options = options
        self._url = url
        self._settings = Settings(url, (KEY,), folder)
        self.statuses: Counter[int] = Counter()
        self.failures: dict[str, str] = {}
        self.slow: list[str] = []
        self._content = load_content(texts({}))
        self._log = fuzz_checks.LogWatch()
        self._app = self._application()
        self._database: Database = self._app.extensions["learn.database"]
        self._sender = InProcess(self._app)
        self.users = FuzzUserFactory(self._app, self._content, self._sender.exchange).build()
        self._look_at_all_pages()
        self.generator = RequestGenerator(self._app, self._content, self.users)
        self._writes = 0
        self._took = 0.0

    def run(self, requests: int) -> None:
        """Visit until that many requests were sent, each visit in a transaction of its own."""
        with self._database.engine.connect() as connection:
            before = fuzz_checks.rows(connection)
        event.listen(self._database.engine, "before_cursor_execute", self._note_writes)
        number = 0
        while self.statuses.total() < requests and len(self.failures) < _MAX_FAILURES:
            self.visit(number, before)
            number += 1
        with self._database.engine.connect() as connection:
            if fuzz_checks.rows(connection) != before:
                self.failures["rows stayed after they were rolled back"] = "at the end"
        for failure in broken(self._database):
            self.failures[failure] = "at the end"

    def visit(self, number: int, before: fuzz_checks.Rows | None = None) -> None:
        """Send the requests of a visit, and look at each answer and at the rows after it."""
        rng = Random(f"{self._options.seed}/{number}")  # noqa: S311 - not a secret
        user = self.generator.visitor(rng)
        is_new = user.name == "nobody" and rng.random() < 0.6
        cookies = {} if is_new else dict(user.browser.cookies)
        sent = b""
        with self._database.engine.connect() as connection, connection.begin() as transaction:
            self._database.use_connection(connection)
            self._app.extensions.pop("learn.available_content", None)
            try:
                for _ in range(rng.randint(1, _LONGEST_VISIT)):
                    request = self.generator.generate(rng, user, cookies)
                    self._writes = 0
                    page = self._answer(request, number)
                    sent += unquote_to_bytes(request.wire()).lower()
                    self._look(request, page, user, number, sent)
                    if connection.invalidated:  # given up, after seconds on a busy machine
                        break
                    keep_cookies(cookies, page.headers)
                    if self._writes and before is not None:
                        now = fuzz_checks.rows(connection)
                        for failure in fuzz_checks.changes_of_others(before, now, self.users, user):
                            self._found(failure, request, number)
            finally:
                self._database.use_connection(None)
                transaction.rollback()

    def replay(self, number: int) -> None:
        """Send one visit, and show each request and its answer."""
        self._options.shows = True
        with self._database.engine.connect() as connection:
            before = fuzz_checks.rows(connection)
        event.listen(self._database.engine, "before_cursor_execute", self._note_writes)
        self.visit(number, before)

    def close(self) -> None:
        self._sender.close()
        self._database.dispose()

    def _application(self) -> Flask:
        database = Database(self._url)
        schema.upgrade(database)
        database.dispose()
        app = create_app(self._settings, content=self._content, hasher=_QUICK)
        for logger in (app.logger, logging.getLogger()):
            logger.handlers[:] = [self._log]
        app.logger.propagate = False
        return app

    def _look_at_all_pages(self) -> None:
        """Let everybody see every page that they may, for its forms."""
        for user in self.users.everyone:
            for address in self._addresses(user):
                page = user.browser.request("GET", address)
                if page.status == 200:
                    user.pages[address] = page

    def _addresses(self, user: FuzzUser) -> Iterator[str]:
        values = {name: ids[0] for name, ids in user.ids.items() if ids}
        values |= {"lesson_id": "what-is-all", "name": "what-is-all", "code": self.users.codes[1]}
        values |= {"room_code": self.users.room_codes[0]}
        values |= {"question_id": next(iter(self._content.bank.questions)), "token": "x"}
        values |= {"step": "renew"}
        values |= {"idea_id": next(iter(self._content.bank.misconceptions))}
        with self._app.test_request_context():
            for rule in self._app.url_map.iter_rules():
                given: dict[str, Any] = {**values, "kind": "lesson", "position": 3}
                given |= rule.defaults or {}
                is_page = "GET" in (rule.methods or ()) and rule.endpoint != "asset"
                if is_page and {*rule.arguments} <= {*given}:
                    named = {argument: given[argument] for argument in rule.arguments}
                    yield self._app.url_for(rule.endpoint, **named)
        for attempt in user.ids.get("attempt_id", []):
            yield f"/quizzes/{attempt}/3"

    def _answer(self, request: FuzzRequest, number: int) -> Page:
        began = time.perf_counter()
        try:
            page = self._sender.send(request)
        except Exception as error:  # noqa: BLE001 - the server would answer 500
            self._found(f"raised {error!r}"[:300], request, number)
            page = Page(500, request.target, [], b"")
        self._took = time.perf_counter() - began
        if self._took > _SLOW:
            self.slow.append(f"{self._took:.1f} s, {page.status}, visit {number}: {request}")
        self.statuses[page.status] += 1
        if getattr(self._options, "shows", False):
            print(request.wire()[:4000].decode("latin-1"), "\n->", page.status, page.headers)
            print(page.text[:2000], "\n", "=" * 60)
        return page

    def _look(
        self, request: FuzzRequest, page: Page, user: FuzzUser, number: int, sent: bytes
    ) -> None:
        logged, self._log.found = self._log.found, []
        if self._took > _GIVES_UP and page.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return  # it is among the slow ones
        for failure in fuzz_checks.failures(request, page, self.users, user, sent):
            self._found(failure, request, number)
        for line in logged:
            self._found(f"logged: {line.splitlines()[-1]}", request, number)

    def _found(self, failure: str, request: FuzzRequest, number: int) -> None:
        self.failures.setdefault(f"{failure} [{request.endpoint}]", f"--only {number}: {request}")

    def _note_writes(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and "rate_limit" not in statement:
            self._writes += 1


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz") as place:
        folder = Path(place)
        server = Server() if options.database == "postgresql" else None
        try:
            url = server.url if server else f"sqlite:///{folder / 'learn.sqlite3'}"
            run = Fuzz(folder, url, options)
            if options.only is not None:
                run.replay(options.only)
            else:
                on_wire = int(options.requests * _SHARE_OF_WIRE)
                run.run(options.requests - on_wire)
                OverTheWire(folder, server, run, options.seed).run(on_wire)
            run.close()
        finally:
            if server:
                server.stop()
    _say(run, options)
    sys.exit(bool(run.failures))


def _say(run: Fuzz, options: argparse.Namespace) -> None:
    print(f"{options.database}, seed {options.seed}: {run.statuses.total()} requests")
    print("  " + ", ".join(f"{s}: {n}" for s, n in sorted(run.statuses.items())))
    for line in run.slow:
        print(f"  slow: {line}")
    if not run.failures:
        print("No failure was found.")
    for failure, where in run.failures.items():
        print(f"FAILURE: {failure}\n  --seed {options.seed} --database {options.database} {where}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tests.operations.fuzz", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of all requests")
    parser.add_argument("--requests", type=int, default=2000, help="how many (%(default)s)")
    parser.add_argument("--only", type=int, help="send this visit alone, and show it")
    return parser


if __name__ == "__main__":
    main()
