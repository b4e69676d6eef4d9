"""Errors: pages that are not there, forms that expired, a database that is away."""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

from learn.breaker import PROBE_INTERVAL
from tests.browser.care_team_states import write
from tests.browser.seeding import execute
from tests.browser.visitor import Visitor
from tests.learn.people import right_answer
from tests.serving import Site


def error_states(ana: Visitor, site: Site) -> Iterator[str]:
    ana.open("/lessons/not-there")
    yield "error-404"
    ana.open("/care-team/add")
    yield "error-405"
    ana.open("/care-team")
    forged = ana.page.locator("form:has(.care-sheet)")
    forged.locator("[name=csrf_token]").evaluate("field => field.value = 'x'.repeat(99999)")
    with ana.page.expect_navigation():
        forged.locator(".tick-button").first.click()
    yield "error-413"
    ana.open("/care-team")
    forged.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")
    with ana.page.expect_navigation():
        forged.locator(".tick-button").first.click()
    yield "error-expired"
    yield from _too_many_reports(ana, site)
    yield from _database_away(ana, site)

    attempt = ana.begin("topic/blood-cells")
    ana.go_on()
    ana.page.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")
    ana.choose(right_answer(ana.question))
    ana.send()
    yield "question-expired"
    ana.open(f"{attempt}/2")
    ana.page.locator("[name=version]").evaluate("field => field.value = 'older'")
    ana.send()
    yield "question-changed"

    _keep_earlier_words(site, attempt)
    ana.open(f"{attempt}/1")
    yield "feedback-earlier"
    _alter(site, attempt, "version = 'oldest', response = '{\"chosen\": [\"not-there\"]}'", 1)
    ana.open(f"{attempt}/1")
    yield "feedback-changed"
    _alter(site, attempt, "question_id = 'not-there'", 2)
    ana.open(f"{attempt}/2")
    yield "question-gone"
    ana.open(f"{attempt}/3")
    yield "question-after-one-is-gone"
    _alter(site, attempt, "response = '[]'", 1)
    ana.open(f"{attempt}/1")
    yield "error-500"

    attempt = ana.begin("mixed")
    _sign_in_elsewhere(site, attempt)
    ana.open(f"{attempt}/2")
    yield "question-of-an-account-by-now"


def _database_away(ana: Visitor, site: Site) -> Iterator[str]:
    """Another process holds the lock for writing until the site gives up, and answers 503."""
    ana.open("/care-team")
    ana.page.locator("#text").fill("Which of my tests is next,\nand why?")
    with _held(site), ana.page.expect_navigation():
        ana.page.locator("form.field").evaluate("form => form.submit()")
    yield "error-503-with-the-form"
    _wait_until_it_is_back(ana)
    for _ in range(3):  # an answer that waited on the device leads elsewhere first
        ana.begin("lesson/how-all-is-found")
        ana.go_on()
        if ana.has_question:
            break
    ana.choose(right_answer(ana.question))
    with _held(site), ana.page.expect_navigation():
        ana.page.locator("form:has([name=question])").evaluate("form => form.submit()")
    yield "error-503-with-the-answer"
    _wait_until_it_is_back(ana)


@contextlib.contextmanager
def _held(site: Site) -> Iterator[None]:
    """Hold the lock that the site takes to write."""
    with site.database.with_suffix(".gate").open("r+") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _wait_until_it_is_back(ana: Visitor) -> None:
    """Write until that works several times in a row: each process tries the database by itself."""
    until, in_a_row = time.monotonic() + 20, 0
    while in_a_row < 4:
        assert time.monotonic() < until, "the site did not come back"
        time.sleep(PROBE_INTERVAL / 2)
        ana.open("/care-team")
        ana.page.locator("#text").fill("Is it back?")
        with ana.page.expect_navigation():
            ana.page.locator("form.field").evaluate("form => form.submit()")
        in_a_row = 0 if "That isn’t saved yet" in ana.page.content() else in_a_row + 1


def _too_many_reports(ana: Visitor, site: Site) -> Iterator[str]:
    for _ in range(2):
        ana.open("/mistake/lesson/what-is-all")
        write(ana, "The picture shows\ntoo many cells.")
        execute(site, "UPDATE rate_limit SET hits = 100000")
    yield "error-429"
    execute(site, "DELETE FROM rate_limit")


def _alter(site: Site, attempt: str, change: str, position: int) -> None:
    """Change an item in the database, as an upgrade of the questions or a bug would."""
    key = UUID(attempt.rpartition("/")[2]).bytes
    statement = f"UPDATE item SET {change} WHERE attempt_id = ? AND position = ?"  # noqa: S608
    assert execute(site, statement, key, position) == 1


def _keep_earlier_words(site: Site, attempt: str) -> None:
    """Make the first answer one to an archived version of its question."""
    _alter(site, attempt, "version = 'older'", 1)
    statement = """
    INSERT INTO question_version
    SELECT question_id, 'older', replace(text, '"ask":"', '"ask":"Earlier: '), kept_at
    FROM question_version JOIN item USING (question_id)
    WHERE attempt_id = ? AND position = 1 AND item.version = 'older'
    LIMIT 1
    """
    assert execute(site, statement, UUID(attempt.rpartition("/")[2]).bytes) == 1


def _sign_in_elsewhere(site: Site, attempt: str) -> None:
    """Merge the guest of that attempt into an account, as another tab could at any time."""
    with contextlib.closing(sqlite3.connect(site.database)) as database, database:
        key = UUID(attempt.rpartition("/")[2]).bytes
        (guest,) = database.execute(
            "SELECT account_id FROM attempt WHERE id = ?", (key,)
        ).fetchone()
        account = uuid4().bytes
        now = int(time.time() * 1_000_000)
        database.execute("INSERT INTO account VALUES (?, ?)", (account, now))
        database.execute(
            "INSERT INTO joined (account_id, guest_id, joined_at) VALUES (?, ?, ?)",
            (account, guest, now),
        )
        for table in ("attempt", "item"):
            database.execute(
                f"UPDATE {table} SET account_id = ? WHERE account_id = ?",  # noqa: S608
                (account, guest),
            )
