"""What an educator's page about a group costs, and how long it takes for a large group."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from learn.database import Database
from tests.benchmarks import serving
from tests.benchmarks.people import Browser, Connection, content
from tests.benchmarks.report import Row
from tests.benchmarks.serving import Server
from tests.learn.groups import MISSED, RIGHT, UNSURE, ClassOf
from tests.learn.signing_in import signed_in

_OBJECTIVES = 45
_HELLOS_A_PAGE = 20
_PAGES = 20  # in a round


def rows(folder: Path, *, rounds: int) -> Iterator[Row]:
    data = folder / "groups"
    with serving.hello() as bare, serving.learn(data) as site:
        # One for each round: nobody may open more than 60 such pages in a minute.
        educators = [uuid.uuid4() for _ in range(rounds + 1)]
        database = Database(f"sqlite:///{data / 'learn.sqlite3'}")
        small, class_, large = (make(database, educators, learners) for learners in (30, 440, 500))
        key = (data / "secret_key").read_text().strip()
        cookies = [signed_in_cookie(database, key, educator) for educator in educators]
        database.dispose()
        ratio, micros = _ratio(bare, site, f"/groups/{small}", cookies)
        yield Row("group page, 30 learners", ratio, 20, "× hello", f"{micros:.0f} µs")
        seconds = _seconds(site, f"/groups/{class_}", cookies[1:])
        yield Row("440 learners: group page", seconds, 0.1, "s")
        for page in ("", "/people", "/questions", "/results.xlsx"):
            seconds = _seconds(site, f"/groups/{large}{page}", cookies[1:])
            yield Row(f"500 learners: {page or 'group page'}", seconds, 1, "s")


def make(database: Database, educators: list[uuid.UUID], learners: int) -> uuid.UUID:
    """Make a group of so many learners, who have all answered a question of each objective."""
    rng = random.Random(learners)  # noqa: S311 - the same every time
    objectives = [*content().bank.objectives.values()][:_OBJECTIVES]
    with database.transaction() as session:
        group = ClassOf(session.connection(), content().bank, f"{learners} learners")
        for educator in educators:
            group.lead(educator)
        for _ in range(learners):
            how = {
                o.questions[0].id: rng.choice([RIGHT, RIGHT, MISSED, UNSURE]) for o in objectives
            }
            group.answer(group.join(), how)
    return group.id


def signed_in_cookie(database: Database, key: str, account: uuid.UUID) -> str:
    """Return the cookie of an account that is signed in, for a site with that secret key."""
    app = Flask("cookies")
    app.secret_key = key
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise RuntimeError("no key to sign with")
    with database.transaction() as session:
        held = signed_in(session, account, "Kim")
    held |= {"account": account.hex, "known": datetime.now(UTC).toordinal()}
    return f"learn_all={signer.dumps(held)}"


def _ratio(bare: Server, site: Server, page: str, cookies: list[str]) -> tuple[float, float]:
    """How many hellos a page costs, and how many microseconds; the first round only warms up."""
    greeting, asking = Connection(bare.port), Connection(site.port)
    ratios, micros = [], []
    for number, cookie in enumerate(cookies):
        before = bare.cpu(), site.cpu()
        for _ in range(_PAGES):
            _ask(asking, page, cookie)
            for _ in range(_HELLOS_A_PAGE):
                _ask(greeting, "/", "")
        base, cost = bare.cpu() - before[0], site.cpu() - before[1]
        if number:
            ratios.append(cost / base * _HELLOS_A_PAGE)
            micros.append(cost / _PAGES * 1e6)
    return median(ratios), median(micros)


def _seconds(site: Server, page: str, cookies: list[str]) -> float:
    connection, taken = Connection(site.port), []
    for cookie in cookies:
        before = time.perf_counter()
        _ask(connection, page, cookie)
        taken.append(time.perf_counter() - before)
    return median(taken)


def _ask(connection: Connection, page: str, cookie: str) -> None:
    headers = {"Cookie": cookie} if cookie else {}
    connection.send(Browser().request(page, **headers))
    if (got := connection.receive().status) != 200:
        raise RuntimeError(f"{page}: {got} instead of 200")
