"""Add a passkey and sign in with it, as the page’s script does."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from learn.models import Passkey
from tests.learn.authenticator import Authenticator, written
from tests.learn.people import Person


def ceremony_options(person: Person, what: str) -> dict[str, Any]:
    """What the page's script is told to ask the browser for."""
    data: dict[str, Any] = json.loads(person.browser.get(f"/passkeys/{what}.json").get_data())
    return data


def add(person: Person, device: Authenticator, name: str = "My phone", **tampered: Any) -> int:
    """Add a passkey as the page's script does."""
    person.open("/passkeys")
    form = person.form(name=name)
    made = device.make(ceremony_options(person, "new"), **tampered)
    status = person.post("/passkeys/add", form | {"credential": made}).status_code
    if status == 303:
        person.open(person.page.location)
    return status


def sign_in(person: Person, device: Authenticator, **tampered: Any) -> int:
    """Sign in as the page's script does."""
    person.open("/passkeys/sign-in")
    more = tampered.pop("more", {})
    used = device.use(ceremony_options(person, "sign-in"), **tampered)
    return person.post("/passkeys/sign-in", person.form(credential=used) | more).status_code


def is_in(person: Person) -> str:
    """Return the nickname with which somebody is signed in, by the cookie."""
    with person.browser.session_transaction() as session:
        return session.get("nickname", "")


NOT_OURS = [
    {"challenge": written(b"another challenge, 32 bytes long")},
    {"origin": "http://localhost:8001"},
    {"origin": "https://localhost"},
    {"origin": "http://localhost.example.org"},
    {"domain": "example.org"},
    {"verified": False},
    {"kind": "webauthn.steal"},
]


def passkeys_of(person: Person) -> list[Any]:
    """Return the passkeys of a person, as rows, the oldest first."""
    mine = select(Passkey.__table__).where(Passkey.account_id == person.account)
    with person.browser.application.extensions["learn.database"].read_session() as session:
        return [*session.execute(mine.order_by(Passkey.added_at))]
