"""What the pages of this feature have in common."""

from __future__ import annotations

import math
import secrets

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from learn import extensions, nicknames
from learn.access import Learner
from learn.account import codes, passphrases, queries
from learn.account.queries import WayIn
from learn.account_merge.redirects import next_page

_SUGGESTIONS = 3

Problems = dict[str, str]
"""What has to be mended before something is kept: a word for each field, "" for the whole page."""


def own(who: Learner) -> WayIn | None:
    """The way into the learner's account; None for a guest, and for whoever was deleted."""
    return queries.of_account(extensions.read_session(), who.account) if who.account else None


def expired() -> Problems:
    """The token was not that of our page."""
    return {"": "expired"}


def status(problems: Problems) -> int:
    """What a page that comes again is answered with."""
    return 400 if "" in problems else 422


def checked_nickname(typed: str | None) -> tuple[str, Problems]:
    """The nickname as it would be kept, or what is the matter with it."""
    try:
        return nicknames.prepared(typed or ""), {}
    except nicknames.NicknameError as error:
        return "", {"nickname": error.problem}


def checked_passphrase(passphrase: str, nickname: str) -> Problems:
    """What is the matter with a new passphrase, if anything."""
    problem = passphrases.problem(passphrase, nickname)
    return {"passphrase": problem} if problem else {}


def fresh_draft() -> str:
    """Chance, from which a recovery code will be made."""
    return secrets.token_urlsafe(16)


def draft_of(field: str | None) -> str:
    """The draft that our page carried, or a fresh one in its place."""
    return field if field and codes.is_draft(field) else fresh_draft()


def code_of(draft: str) -> str:
    """The recovery code that belongs to a draft."""
    return codes.from_draft(draft, extensions.settings().secret_keys[0])


def suggestions(nickname: str) -> list[str]:
    """Nicknames like the one that is taken, which are free as yet."""
    count = _SUGGESTIONS * 2
    words = [secrets.choice(nicknames.WORDS) for _ in range(count)]
    numbers = [11 + secrets.randbelow(89) for _ in range(count)]
    made = {nicknames.key(v): v for v in nicknames.variants(nickname, words, numbers)}
    taken = queries.taken(extensions.read_session(), [*made])
    return [variant for key, variant in made.items() if key not in taken][:_SUGGESTIONS]


def code_page(code: str, way: WayIn) -> str:
    """The recovery code, this once."""
    return render_template(
        "account/code.html",
        code=codes.grouped(code),
        nickname=way.nickname,
        address=request.host_url.rstrip("/"),
        next_page=next_page(),
    )


def wait_page(seconds: int) -> ResponseReturnValue:
    """Too many tries for now: how long to wait, and what else leads in."""
    minutes = math.ceil(seconds / 60)
    response: Response = make_response(
        render_template("account/wait.html", minutes=minutes), 429, {"Retry-After": str(seconds)}
    )
    return response
