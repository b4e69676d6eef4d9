"""Checks and pages that `views` and `changes` share."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learn import extensions, nicknames, throttling
from learn.access import Learner
from learn.account import codes, passphrases, queries
from learn.account.queries import Credentials
from learn.sign_in.redirects import next_page

_SUGGESTIONS = 3

Errors = dict[str, str]
"""Error codes by field name; "" is the whole form."""


def own_credentials(who: Learner) -> Credentials | None:
    """Return the visitor's credentials; None for a guest and for a deleted account."""
    return queries.find_by_account(extensions.read_session(), who.account) if who.account else None


def token_error() -> Errors:
    """Return the error of a form without a valid token."""
    return {"": "expired"}


def status_code(errors: Errors) -> int:
    """Return the status of a page with errors: 400 for a token error, else 422."""
    return 400 if "" in errors else 422


def validate_nickname(typed: str | None) -> tuple[str, Errors]:
    """Return the normalized nickname and its errors."""
    try:
        return nicknames.normalize(typed or ""), {}
    except nicknames.NicknameError as error:
        return "", {"nickname": error.reason}


def checked_passphrase(passphrase: str, nickname: str) -> Errors:
    """Return the errors of a new passphrase."""
    problem = passphrases.find_error(passphrase, nickname)
    return {"passphrase": problem} if problem else {}


def new_seed() -> str:
    """Return random text that a recovery code can be made from."""
    return secrets.token_urlsafe(16)


def seed_or_new(field: str | None) -> str:
    """Return the seed from the form if it is well-formed, else a new one."""
    return field if field and codes.is_seed(field) else new_seed()


def code_from_seed(seed: str, owner: str) -> str:
    """Return the recovery code of a seed for its owner: what they typed, or their account's id."""
    return codes.from_seed(seed, owner, extensions.settings().secret_keys[0])


def suggestions(nickname: str) -> list[str]:
    """Return up to three nicknames like the taken one that are free now."""
    count = _SUGGESTIONS * 2
    words = [secrets.choice(nicknames.SUGGESTION_WORDS) for _ in range(count)]
    numbers = [11 + secrets.randbelow(89) for _ in range(count)]
    variants = {nicknames.skeleton(v): v for v in nicknames.variants(nickname, words, numbers)}
    taken = queries.taken_keys(extensions.read_session(), [*variants])
    return [variant for key, variant in variants.items() if key not in taken][:_SUGGESTIONS]


@dataclass(frozen=True, slots=True)
class Recovery:
    """The names of the passkeys that were removed; None if they are unknown by now."""

    removed_passkeys: list[str] | None


def recovery_code_page(
    code: str, credentials: Credentials, recovery: Recovery | None = None
) -> str:
    """Render the recovery code, which is shown only once; after a recovery, say what it ended."""
    return render_template(
        "account/code.html",
        code=codes.grouped(code),
        recovery=recovery,
        nickname=credentials.nickname,
        address=request.url_root.rstrip("/"),
        next_page=next_page(),
    )


def throttled_page(seconds: int) -> ResponseReturnValue:
    """Render a 429 page that says how long to wait."""
    return throttling.wait_page(seconds, "account/wait.html")
