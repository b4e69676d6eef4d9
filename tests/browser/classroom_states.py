"""States of assignments, for a visitor who is both educator and member of a group."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from uuid import UUID, uuid4

from tests.browser.seeding import sign_in_as
from tests.browser.visitor import Visitor
from tests.serving import Site

_GIVE = "Assign"
_JOIN = (
    "INSERT INTO membership (account_id, id, group_id, how, nickname, shares_from, since)"
    " VALUES (?, ?, ?, 'named', 'Eva', ?, ?)"
)


def lead(site: Site, account: UUID) -> UUID:
    """Seed a group with this educator as its named member; return its id."""
    group, now = uuid4(), time.time_ns() // 1000
    database = sqlite3.connect(site.database, isolation_level=None)
    with contextlib.closing(database):
        rows = (
            ("INSERT INTO educator (account_id, name, since) VALUES (?, 'Eva', ?)", (account, now)),
            (
                "INSERT INTO learning_group (id, name, made_at) VALUES (?, 'Tuesday class', ?)",
                (group, now),
            ),
            (
                "INSERT INTO group_educator (account_id, group_id, added_at) VALUES (?, ?, ?)",
                (account, group, now),
            ),
            (
                _JOIN,
                (account, uuid4(), group, now, now),
            ),
        )
        for statement, row in rows:
            values = [v.bytes if isinstance(v, UUID) else v for v in row]
            database.execute(statement, values)
    return group


def assignment_states(eva: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state, at the site's name; at its IP address is another visitor."""
    here = (
        f"{site.named}/groups/{lead(site, sign_in_as(eva.page.context, site, 'Eva'))}/assignments"
    )
    eva.open(here)
    yield "assignments-none"
    eva.open(f"{here}/new")
    yield "assignment-new"
    eva.press(_GIVE)
    yield "assignment-new-not-yet"
    give_all(eva, here, numbers=range(1, 4))  # so that each walk sees the same questions
    yield "assignments-used"
    for what in ("quiz", "answer key"):
        eva.open(here)
        eva.follow(f"Print the {what} “Week 2”")
        yield f"assignment-{what.split()[-1]}-on-paper"
    yield from _member(eva, site)
    eva.open(here)
    eva.press("Close “Week 2”")
    yield "assignments-closed"


def give_all(eva: Visitor, here: str, numbers: Iterable[int] = ()) -> None:
    """Create one assignment of each kind at `here`.

    Their questions are selected by the assignment's id, so the ids are fixed.
    """
    given = iter(numbers)
    for chosen, title in (
        ({"kind": "lessons", "lesson": ["what-is-all", "where-all-stands"]}, "Read these two"),
        ({"kind": "before-after", "about": "all"}, "Our course"),
        ({"kind": "quiz", "about": "all", "length": "20", "fixed": "y"}, "Week 2"),
    ):
        eva.open(f"{here}/new")
        eva.choose(chosen)
        if number := next(given, None):
            own = UUID(int=number).hex
            eva.page.locator("[name=new_id]").evaluate("(e, own) => { e.value = own }", own)
        eva.page.locator("#title").fill(title)
        eva.page.locator("#due_on").fill("2099-12-01" if title == "Week 2" else "")
        eva.press(_GIVE)


def _member(eva: Visitor, site: Site) -> Iterator[str]:
    eva.open(f"{site.named}/")
    yield "home-from-a-group"
    eva.follow("Week 2")
    yield "question-from-a-group"
    eva.open(f"{site.named}/")
    eva.follow("Our course")
    both = eva.page.url
    yield "before-and-after-from-a-group"
    eva.answer_over_http(f"{both}/before")
    eva.finish(f"{both}/before")
    yield "summary-before-from-a-group"
    eva.open(both)
    yield "before-and-after-from-a-group-half-done"
    eva.answer_over_http(f"{both}/after")
    eva.finish(f"{both}/after")
    eva.open(both)
    yield "before-and-after-from-a-group-done"
    eva.open(f"{site.named}/progress")
    yield "progress-from-a-group"
