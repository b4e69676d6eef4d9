"""Challenges of the WebAuthn ceremonies, in the session cookie, and the site that they are for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request
from flask import session as cookie

from learn import access
from learn.passkeys import ceremony
from learn.passkeys.relying_party import RelyingParty, relying_party
from learn.session_cookie import CHALLENGE_KEY


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge, and when it was made."""

    value: bytes
    created_at: datetime


def new_challenge(purpose: str) -> bytes:
    """Make a challenge, and store it in the cookie in place of the last one."""
    challenge = secrets.token_bytes(32)
    cookie[CHALLENGE_KEY] = [purpose, challenge.hex(), access.now().isoformat()]
    return challenge


def pop_challenge(purpose: str) -> Challenge | None:
    """Take the challenge for that purpose from the cookie; None if there is no valid one.

    An old cookie can be replayed with its challenge, so `actions.use` checks the time, too.
    """
    stored = cookie.pop(CHALLENGE_KEY, None)
    if not stored or stored[0] != purpose:
        return None
    try:
        challenge, created_at = (
            bytes.fromhex(stored[1]),
            datetime.fromisoformat(stored[2]).astimezone(UTC),
        )
    except ValueError:
        return None
    return (
        Challenge(challenge, created_at)
        if created_at <= access.now() < created_at + ceremony.CHALLENGE_LIFETIME
        else None
    )


def current_party() -> RelyingParty | None:
    """Return the relying party of this request; None where browsers make no passkeys."""
    return relying_party(request.scheme, request.host)
