"""Who may see what. Every route names one of these guards, and nothing else decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec

import uuid_utils.compat
from flask import abort, g, session
from flask.typing import ResponseReturnValue

from learn import extensions

P = ParamSpec("P")

_ACCOUNT = "account"
_KNOWN = "known"
_NICKNAME = "nickname"
_VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Learner:
    """Whoever holds the cookie. `account` is None before the first question was shown.

    `known` says that an answer, or a line of the sheet for the care team, has been kept for the
    account; until then there is no row of it.
    `nickname` is that of somebody who signed in; a guest has none.
    """

    account: uuid.UUID | None
    known: bool = False
    nickname: str = ""


def anyone(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A page that is the same for everybody and shows nobody's data."""
    view.guard = "anyone"  # type: ignore[attr-defined]
    return view


def learner(
    view: Callable[Concatenate[Learner, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """A page about the learner who holds the cookie, given to the view first.

    Rows are found by that account and no other: another person's row answers 404.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.personal = True
        return view(current_learner(), *args, **kwargs)

    guarded.guard = "learner"  # type: ignore[attr-defined]
    return guarded


def current_learner() -> Learner:
    """Whoever holds the cookie. A cookie that is not ours, or not whole, is nobody's."""
    raw: Any = session.get(_ACCOUNT)
    try:
        account = uuid.UUID(hex=raw)
    except (ValueError, TypeError, AttributeError):
        return Learner(None)
    return Learner(account, known=bool(session.get(_KNOWN)), nickname=session.get(_NICKNAME) or "")


def greet(who: Learner) -> Learner:
    """Give a learner without a cookie an account's id, kept in the cookie alone for now."""
    if who.account is not None:
        return who
    account = uuid_utils.compat.uuid7()
    session[_ACCOUNT] = account.hex
    session.permanent = True
    return Learner(account)


def remember() -> None:
    """From now on the account has a row; the cookie lasts anew from this day.

    It is written once a day only: to sign it at each answer takes an eighth of the answer's time.
    """
    today = now().toordinal()
    if session.get(_KNOWN) != today:
        session[_KNOWN] = today
        session.permanent = _VISIT not in session


def become(account: uuid.UUID, nickname: str, *, stay: bool) -> None:
    """From now on this is the owner of that account: for good, or until the browser closes."""
    session.clear()
    session[_ACCOUNT] = account.hex
    session[_KNOWN] = now().toordinal()
    session[_NICKNAME] = nickname
    session.permanent = stay
    if not stay:
        session[_VISIT] = True


def rename(nickname: str) -> None:
    """The owner of this account goes by another nickname from now on."""
    session[_NICKNAME] = nickname


def forget() -> None:
    """Clear the cookie: from now on this is somebody new."""
    session.clear()


def not_found() -> NoReturn:
    """Not there, or not yours: the same answer."""
    abort(404)


def now() -> datetime:
    """The time of this request: the one place where the application looks at the clock."""
    if "now" not in g:
        g.now = extensions.clock()
    found: datetime = g.now
    return found
