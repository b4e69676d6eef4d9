"""Sign a test browser in and out, without the forms."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any

import flask
from flask import Flask, make_response
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from learn import access
from learn.models import Account, SignIn, SignInSession
from learn.models.base import table_of
from learn.sign_in.flow import SignInOptions, complete_sign_in
from learn.sign_in.verified_account import VerifiedAccount
from tests.learn.people import Person

TODAY = date(2026, 11, 22)
"""The day on which the tests' clock starts."""

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

PASSPHRASE_HASH = "-"
"""What is stored of the passphrase of an account that nobody registered by the form."""


def add_credentials(app: Flask, account: uuid.UUID, nickname: str = "Ana") -> uuid.UUID:
    """Give the account a nickname, so that one can sign in to it."""
    with app.extensions["learn.database"].transaction() as session:
        if session.scalar(select(Account.id).where(Account.id == account)) is None:
            session.add(Account(id=account, created_at=LONG_AGO))
            session.flush()
        session.add(
            SignIn(
                account_id=account,
                nickname=nickname,
                nickname_key=account.hex,
                passphrase=PASSPHRASE_HASH,
                recovery=account.hex,
                kept_since=LONG_AGO,
            )
        )
    return account


def signed_in(
    connection: Connection | Session, account: uuid.UUID, nickname: str
) -> dict[str, Any]:
    """Start a session of the account; return what the cookie holds of it."""
    new = SignInSession(
        account_id=account,
        id=uuid.uuid4(),
        created_at=LONG_AGO,
        last_used_on=TODAY,
        browser="Firefox",
        system="Linux",
        confirmed_at=datetime(2026, 11, 22, 2, tzinfo=UTC),
        confirmed_by_passkey=False,
    )
    columns = table_of(SignInSession).columns.keys()
    connection.execute(insert(SignInSession).values({c: getattr(new, c) for c in columns}))
    return {"session": new.id.hex, "known": TODAY.toordinal(), "nickname": nickname}


def sign_in(browser: Any, account: uuid.UUID, *, stay: bool = True, **options: Any) -> bool:
    """Sign the browser in to `account`, and say that what is on this device is theirs."""
    browser = browser.browser if isinstance(browser, Person) else browser
    app: Flask = browser.application
    names = ("learn_all", "learn_all_aside")
    there = [(name, browser.get_cookie(name)) for name in names]
    header = "; ".join(f"{name}={cookie.value}" for name, cookie in there if cookie)
    with app.test_request_context("/", headers={"Cookie": header}):
        who, verified = access.current_learner(), VerifiedAccount(account, "Ana", PASSPHRASE_HASH)
        done = complete_sign_in(
            who, verified, SignInOptions(stay=stay, **{"merge": True} | options)
        )
        response = app.process_response(make_response(""))
    for line in response.headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            browser.set_cookie(name, morsel.value)
            if morsel["max-age"] == "0":
                browser.delete_cookie(name)
    return done


def sign_out(person: Person) -> None:
    """Leave the account, and keep what else this browser holds."""
    with person.browser.session_transaction() as session:
        held = {**session}
    with person.browser.application.test_request_context("/"):
        flask.session.update(held)
        access.sign_out()
        left = {**flask.session}
    with person.browser.session_transaction() as session:
        session.clear()
        session.update(left)
