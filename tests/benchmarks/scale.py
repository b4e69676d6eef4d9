"""How the cost of a page grows with the answers of everybody else: `make bench-scale`.

A small database and a large one have the same learner and the same group of 30 in them, each with a
site of its own. Every page is asked of both in turn, so that both are measured in the same minute.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import text

from learn import schema
from learn.database import Database
from tests.benchmarks import groups, kept, multiplying, serving
from tests.benchmarks.people import Browser, Connection, Learner, content
from tests.benchmarks.report import Row, keep, table
from tests.benchmarks.serving import Server

SMALL = 10_000
DATABASES = ("sqlite", "postgresql")
_ANSWERS = (1_000_000, 10_000_000)
_LEARNERS = 30  # in the group
_OWN_PAGES = 1.2  # times the cost at the small database, at most
_GROUP_PAGES = 1.5
_GROUP_ADDRESSES = {
    "group page": "",
    "group's questions": "/questions",
    "group's people": "/people",
}
_GROUP_TIMES = 3  # in a round: nobody may open more than 60 such pages in a minute
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Site:
    """A database with a site of its own, and what is asked of it."""

    data: Path
    env: Mapping[str, str]
    answers: int
    server: Server
    group: uuid.UUID
    educators: list[str]  # their cookies, one for each round

    def learner(self) -> Learner:
        return Learner(Connection(self.server.port))

    def command(self, *arguments: str) -> float:
        """Run `learn` on this database; return the seconds. Raises CalledProcessError."""
        program = Path(sys.executable).with_name("learn")
        env = os.environ | {"LEARN_DATA": str(self.data)} | self.env
        before = time.perf_counter()
        subprocess.run([program, *arguments], env=env, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - before


def rows(folder: Path, server: str, answers: int, rounds: int) -> Iterator[Row]:
    """Yield what is measured with so many answers; `server` is PostgreSQL's address, or empty."""
    with _site(folder / "small", server, SMALL, rounds) as small:
        before = time.perf_counter()
        with _site(folder / "large", server, answers, rounds) as large:
            built = time.perf_counter() - before
            where = f"{'PostgreSQL' if server else 'SQLite'}, {large.answers / 1e6:.3g} million"
            yield Row(f"{where}: built", built, None, "s")
            yield from _pages(small, large, where, rounds)
            yield from _commands(large, where)
    starts = [[_start(site) for site in (small, large)] for _ in range(rounds)]
    yield _growth(f"{where}: start", starts, _OWN_PAGES)


def _pages(small: Site, large: Site, where: str, rounds: int) -> Iterator[Row]:
    """Yield the pages of a learner, and those of the educator, in rounds."""
    own: dict[str, list[list[float]]] = {}
    shared: dict[str, list[list[float]]] = {name: [] for name in _GROUP_ADDRESSES}
    for number in range(rounds + 1):
        learners = [small.learner(), large.learner()]
        steps = [_evening(learner) for learner in learners]
        measured: dict[str, list[list[float]]] = {}
        for both in zip(*steps, strict=True):
            times = [_seconds(act) for _, act in both]
            measured.setdefault(both[0][0], []).append(times)
        for name, address in _GROUP_ADDRESSES.items():
            for _ in range(_GROUP_TIMES):
                asking = [partial(_ask_as_educator, s, address, number) for s in (small, large)]
                times = [_seconds(ask) for ask in asking]
                measured.setdefault(name, []).append(times)
        if number:  # the first round only warms up
            for name, found in measured.items():
                (shared if name in shared else own).setdefault(name, []).extend(found)
    for name, found in own.items():
        yield _growth(f"{where}: {name}", found, _OWN_PAGES)
    for name, found in shared.items():
        yield _growth(f"{where}: {name}", found, _GROUP_PAGES)


def _evening(learner: Learner) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what a learner does, from the first question to the end, by its name."""
    for address in learner.begin():
        yield "question page", partial(_want, learner, 200, address)
        form = learner.fill_in(learner.send(address))
        yield "answer a question", partial(_want, learner, 303, address, form)
    for name, address in {
        "home": "/",
        "progress": "/progress",
        "review": "/quizzes/review",
    }.items():
        for _ in range(5):
            yield name, partial(_want, learner, 200, address)
    yield "own data as a file", partial(_want, learner, 200, "/my-data/copy.json")
    page = learner.send("/my-data/delete").body.decode()
    form = {name: html.unescape(value) for name, value in _HIDDEN.findall(page)}
    yield "delete everything", partial(_want, learner, 303, "/my-data/delete", form)


def _want(learner: Learner, status: int, address: str, form: dict[str, str] | None = None) -> None:
    if (got := learner.send(address, form).status) != status:
        raise RuntimeError(f"{address}: {got} instead of {status}")


def _ask_as_educator(site: Site, address: str, number: int) -> None:
    connection = Connection(site.server.port)
    page = f"/groups/{site.group}{address}"
    connection.send(Browser().request(page, Cookie=site.educators[number]))
    if (got := connection.receive().status) != 200:
        raise RuntimeError(f"{page}: {got} instead of 200")


def _seconds(act: Callable[[], None]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def _growth(name: str, times: list[list[float]], target: float) -> Row:
    small, large = (median(column) for column in zip(*times, strict=True))
    note = f"{small * 1e3:.3g} ms, {large * 1e3:.3g} ms"
    return Row(name, large / small, target, f"× at {SMALL:,}", note)


def _commands(large: Site, where: str) -> Iterator[Row]:
    """Yield what takes as long as there are answers, so that it has no goal."""
    backup = large.data / "backup"
    yield Row(f"{where}: backup", large.command("backup", str(backup)), None, "s")
    yield Row(f"{where}: backup, in a file", backup.stat().st_size / 1e6, None, "MB")
    yield Row(f"{where}: check it", large.command("backup", "--check", str(backup)), None, "s")
    backup.unlink()
    question = next(iter(content().bank.questions))
    yield Row(f"{where}: regrade a question", large.command("regrade", question), None, "s")


def _start(site: Site) -> float:
    with serving.learn(site.data, **site.env) as server:
        return server.seconds_to_first_page


@contextlib.contextmanager
def _site(folder: Path, server: str, answers: int, rounds: int) -> Iterator[Site]:
    """Build a database with at least so many answers, and serve it."""
    folder.mkdir()
    key = secrets.token_hex(32)
    url = f"sqlite:///{folder / 'learn.sqlite3'}"
    env = {"SECRET_KEY": key}
    if server:
        url = _new_database(server)
        env["DATABASE_URL"] = url
    database = Database(url)
    schema.upgrade(database)
    there = multiplying.fill(database, answers)
    educators = [uuid.uuid4() for _ in range(rounds + 1)]
    group = groups.make(database, educators, _LEARNERS)
    cookies = [groups.signed_in_cookie(database, key, educator) for educator in educators]
    database.dispose()
    with serving.learn(folder, **env) as running:
        yield Site(folder, env, there, running, group, cookies)


def _new_database(server: str) -> str:
    """Create an empty database on the server; return its address."""
    name = f"scale_{secrets.token_hex(4)}"
    whole = Database(server)
    with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    address = whole.url.set(database=name).render_as_string(hide_password=False)
    whole.dispose()
    return address


def main() -> None:
    options = _parser().parse_args()
    before = kept.kept_before()
    found: list[tuple[Row, str]] = []
    for database in options.database or DATABASES:
        for answers in options.answers:
            print(f"{database}, {answers:,} answers …", file=sys.stderr)
            with contextlib.ExitStack() as stack:
                place = stack.enter_context(tempfile.TemporaryDirectory())
                server = ""
                if database == "postgresql":
                    server = stack.enter_context(serving.postgres())
                new = rows(Path(place), server, answers, options.rounds)
                found += ((row, kept.machine()) for row in new)
    if options.json:
        print(json.dumps([asdict(row) | {"ok": row.ok} for row, _ in found], indent=1))
    else:
        print(table((row for row, _ in found), before))
    if options.keep:
        keep(found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tests.benchmarks.scale", description=__doc__)
    parser.add_argument("--answers", type=int, nargs="+", default=_ANSWERS)
    parser.add_argument("--database", nargs="+", choices=DATABASES, help="(both)")
    parser.add_argument("--rounds", type=int, default=10, help="of each page (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="write the rows to docs/benchmarks.md")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


if __name__ == "__main__":
    main()
