"""Seed accounts, passkeys and groups in the database, without the pages."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import time
from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext

from learn import join_codes
from tests.serving import Site


def sign_in_as(context: BrowserContext, site: Site, nickname: str) -> UUID:
    """Sign in a new, empty account at `site.named`; return its id."""
    account = uuid4()
    now = time.time_ns() // 1000
    _run(site, "INSERT INTO account (id, created_at) VALUES (?, ?)", [(account.bytes, now)])
    _run(
        site,
        "INSERT INTO sign_in (account_id, nickname, nickname_key, passphrase, recovery, kept_since)"
        " VALUES (?, ?, ?, 'a print', ?, ?)",
        [(account.bytes, nickname, nickname.casefold(), uuid4().hex, now)],
    )
    app = Flask("cookies")
    app.secret_key = (site.data / "secret_key").read_text().strip()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    today = date.today().toordinal()  # noqa: DTZ011 - only when it was written
    session = uuid4()
    _run(
        site,
        "INSERT INTO sign_in_session (account_id, id, created_at, last_used_on, browser, system,"
        " confirmed_at, confirmed_by_passkey) VALUES (?, ?, ?, date('now'), '', '', ?, 1)",
        [(account.bytes, session.bytes, now, now)],
    )
    held = {
        "account": account.hex,
        "session": session.hex,
        "known": today,
        "nickname": nickname,
    }
    context.add_cookies(
        [{"name": "learn_all", "value": signer.dumps(held), "url": site.named, "httpOnly": True}]
    )
    return account


def account_of(site: Site, nickname: str) -> UUID:
    """Return the id of the account with that nickname."""
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        found = "SELECT account_id FROM sign_in WHERE nickname = ?"
        return UUID(bytes=database.execute(found, (nickname,)).fetchone()[0])


def give_passkeys(site: Site, account: UUID, names: Iterable[str]) -> None:
    """Add passkeys that no device has; every other one has been used."""
    now = time.time_ns() // 1000
    _run(
        site,
        "INSERT INTO passkey"
        " (account_id, id, name, credential, public_key, sign_count, added_at, used_at)"
        " VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
        [
            (
                account.bytes,
                uuid4().bytes,
                name,
                secrets.token_bytes(32),
                b"a key",
                now + n,
                now if n % 2 else None,
            )
            for n, name in enumerate(names)
        ],
    )


def confirm_everybody(site: Site, minutes_ago: int = 0) -> None:
    """Make each session confirmed at that time, by the passphrase."""
    then = time.time_ns() // 1000 - minutes_ago * 60_000_000
    statement = "UPDATE sign_in_session SET confirmed_at = ?, confirmed_by_passkey = 0"
    _run(site, statement, [(then,)])


def give_group(site: Site, name: str, educators: Iterable[str]) -> str:
    """Create a group with new educators that can be joined; return its formatted code."""
    group, code, now = uuid4(), join_codes.generate(secrets.SystemRandom()), time.time_ns() // 1000
    _run(
        site,
        "INSERT INTO learning_group (id, name, code, made_at) VALUES (?, ?, ?, ?)",
        [(group.bytes, name, code, now)],
    )
    for educator in educators:
        account = uuid4().bytes
        _run(site, "INSERT INTO account (id, created_at) VALUES (?, ?)", [(account, now)])
        _run(
            site,
            "INSERT INTO educator (account_id, name, since) VALUES (?, ?, ?)",
            [(account, educator, now)],
        )
        _run(
            site,
            "INSERT INTO group_educator (account_id, group_id, added_at) VALUES (?, ?, ?)",
            [(account, group.bytes, now)],
        )
    return join_codes.grouped(code)


def archive_group(site: Site, name: str) -> None:
    """Archive the group with that name."""
    now = time.time_ns() // 1000
    _run(
        site,
        "UPDATE learning_group SET archived_at = ?, code = NULL WHERE name = ?",
        [(now, name)],
    )


def seed_audit_log(site: Site, days: int) -> None:
    """Log a view of all named members on each of so many days."""
    whats = ("person", "group", "file")
    _run(
        site,
        "INSERT INTO viewing (account_id, group_id, viewed_on, educator, what, times)"
        " SELECT account_id, group_id, ?, 'Nurse Kim', ?, ? FROM membership WHERE how = 'named'",
        [(f"2026-11-{day:02}", whats[day % 3], 1 + day % 2) for day in range(1, days + 1)],
    )


def join_before_latest_answers(site: Site) -> None:
    """Let all members have joined when educators saw first answers only."""
    _run(site, "UPDATE membership SET terms = 'first' WHERE how = ?", [("named",)])


def mend(site: Site, scores: Iterable[tuple[int, int]]) -> None:
    """Change the scores of the latest answers, and add notices."""
    now = time.time_ns() // 1000
    for old, new in scores:
        change = (now, old, new)
        _run(site, f"INSERT INTO regrade {_LATEST}", [change])
    _run(
        site,
        "INSERT INTO notice (account_id, id, kind, question_id, made_at)"
        " SELECT account_id, randomblob(16), 'regraded', question_id, ? FROM item"
        " NATURAL JOIN regrade",
        [(now,)],
    )
    _run(
        site,
        "UPDATE item SET version = ? WHERE attempt_id IN (SELECT attempt_id FROM regrade)"
        " AND position IN (SELECT position FROM regrade)",
        [("older",)],
    )


_LATEST = """
SELECT account_id, attempt_id, position, ?, version, 'newer', ?, ?, 'Dr. Lee' FROM item
WHERE answered_at IS NOT NULL AND question_id NOT IN
(SELECT question_id FROM item NATURAL JOIN regrade) ORDER BY answered_at DESC LIMIT 1
"""


def _run(site: Site, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    database = sqlite3.connect(site.database, isolation_level=None)
    with contextlib.closing(database):
        database.executemany(statement, rows)


def execute(site: Site, statement: str, *values: object) -> int:
    """Execute a statement in the site's database; return the number of rows changed."""
    database = sqlite3.connect(site.database, isolation_level=None)
    try:
        return database.execute(statement, values).rowcount
    finally:
        database.close()
