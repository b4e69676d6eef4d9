"""Access control: the guards that routes name, and who is signed in on this browser."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec

import uuid_utils.compat
from flask import (
    abort,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from sqlalchemy import select
from wtforms import ValidationError

from learn import addresses, extensions, guest_cookie
from learn import session_cookie as cookie
from learn.models import Educator, Group, GroupEducator

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Learner:
    """The visitor that the session cookie identifies.

    `account` is None for a new visitor. `is_persisted` says that the account has a row in the
    database. `nickname` is empty for a guest.
    """

    account: uuid.UUID | None
    is_persisted: bool = False
    nickname: str = ""

    @property
    def is_persisted_guest(self) -> bool:
        """Whether this is a guest with rows in the database."""
        return self.account is not None and self.is_persisted and not self.nickname


@dataclass(frozen=True, slots=True)
class EducatorIdentity:
    """An educator who is signed in. `name` is what the members of their groups see."""

    account: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group that the educator leads; `code` is empty while nobody can join."""

    id: uuid.UUID
    name: str
    code: str
    made_at: datetime
    archived_at: datetime | None


def anyone(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Guard a page that is the same for everybody and shows no personal data."""
    view.guard = "anyone"  # type: ignore[attr-defined]
    return view


def learner(
    view: Callable[Concatenate[Learner, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Guard a page about the visitor; the view gets the `Learner` first.

    Views look rows up by that account alone, so another person's row is a 404.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.personal = True
        return view(current_learner(), *args, **kwargs)

    guarded.guard = "learner"  # type: ignore[attr-defined]
    return guarded


def educator(
    view: Callable[Concatenate[EducatorIdentity, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Guard a page for educators; the view gets the `EducatorIdentity` first.

    Guests are sent to sign in and come back; other accounts get 404. A guest's cookie never
    counts as an educator's, whatever account it names.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.personal = True
        who = current_learner()
        if not who.nickname:
            return _require_sign_in()
        name = educator_name(who)
        if not name or who.account is None:
            not_found()
        return view(EducatorIdentity(who.account, name), *args, **kwargs)

    guarded.guard = "educator"  # type: ignore[attr-defined]
    return guarded


def _require_sign_in() -> ResponseReturnValue:
    """Redirect to the sign-in page, which leads back here; 404 for anything but a GET."""
    if request.method not in {"GET", "HEAD"}:
        not_found()
    path, query = request.script_root + request.path, request.query_string.decode("latin-1")
    return redirect(url_for("account.sign_in", to=addresses.local_page(path, query)), 302)


def educator_name(who: Learner) -> str:
    """Return the educator's name of a visitor who is signed in; empty if they are none."""
    if not who.nickname:
        return ""
    own = (Educator.account_id == who.account) & Educator.removed_at.is_(None)
    return extensions.read_session().scalar(select(Educator.name).where(own)) or ""


def group_educator(
    view: Callable[Concatenate[EducatorIdentity, OwnGroup, P], ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """Guard a page about a group that the educator leads, in one query; other groups are a 404."""

    @wraps(view)
    def guarded(group_id: uuid.UUID, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.personal = True
        who = current_learner()
        if not who.nickname:
            return _require_sign_in()
        row = (
            extensions.read_session()
            .execute(
                select(
                    Educator.name,
                    Group.id,
                    Group.name,
                    Group.code,
                    Group.made_at,
                    Group.archived_at,
                )
                .join(GroupEducator, GroupEducator.account_id == Educator.account_id)
                .join(Group, Group.id == GroupEducator.group_id)
                .where(
                    Educator.account_id == who.account,
                    Educator.removed_at.is_(None),
                    GroupEducator.group_id == group_id,
                )
            )
            .first()
        )
        if not row or who.account is None:
            not_found()
        own = OwnGroup(row[1], row[2], row[3] or "", row[4], row[5])
        return view(EducatorIdentity(who.account, row[0]), own, *args, **kwargs)

    guarded.guard = "group_educator"  # type: ignore[attr-defined]
    return guarded


def current_learner() -> Learner:
    """Return the visitor; a new one where the cookie is missing or malformed."""
    if cookie.ACCOUNT not in session and guest_cookie.is_set():
        _restore_guest()
    raw: Any = session.get(cookie.ACCOUNT)
    try:
        account = uuid.UUID(hex=raw)
    except (ValueError, TypeError, AttributeError):
        return Learner(None)
    return Learner(
        account,
        is_persisted=bool(session.get(cookie.KNOWN)),
        nickname=session.get(cookie.NICKNAME) or "",
    )


def ensure_guest(who: Learner) -> Learner:
    """Give a new visitor an account id, which so far only the cookie holds."""
    if who.account is not None:
        return who
    account = uuid_utils.compat.uuid7()
    session[cookie.ACCOUNT] = account.hex
    session.permanent = True
    return Learner(account)


def new_guest() -> Learner:
    """Clear the cookie, as of a deleted account, and begin as another guest."""
    sign_out()
    return ensure_guest(Learner(None))


def mark_persisted() -> None:
    """Note in the cookie that the account has a row, and extend the cookie's life.

    At most once a day: signing the cookie takes an eighth of the time of an answer.
    """
    today = now().toordinal()
    if session.get(cookie.KNOWN) != today:
        session[cookie.KNOWN] = today
        session.permanent = cookie.VISIT not in session


def sign_in(account: uuid.UUID, nickname: str, *, stay: bool, same_person: bool = False) -> None:
    """Sign the visitor in to `account`: permanently if they `stay`, else until the browser closes.

    With `same_person`, forms that are open from before signing in stay valid.
    """
    token = session.get(cookie.TOKEN) if same_person else None
    session.clear()
    session[cookie.ACCOUNT] = account.hex
    session[cookie.KNOWN] = now().toordinal()
    session[cookie.NICKNAME] = nickname
    session.permanent = stay
    if not stay:
        session[cookie.VISIT] = True
    if token:
        session[cookie.EARLIER_TOKEN] = token


def has_valid_token(*, allow_earlier: bool = False) -> bool:
    """Return whether the request carries the visitor's CSRF token.

    With `allow_earlier`, the token from before the same person signed in is valid, too.
    """
    token = request.form.get("csrf_token")
    for key in (None, cookie.EARLIER_TOKEN) if allow_earlier else (None,):
        try:
            validate_csrf(token, token_key=key)
        except ValidationError:
            continue
        return True
    return False


def stash_guest(who: Learner) -> None:
    """Keep this device's guest in a second cookie while somebody else is signed in.

    The guest is restored on the first request after signing out or closing the browser.
    """
    if who.account is None or who.nickname:
        return
    guest_cookie.store(who.account, is_persisted=who.is_persisted)


def _restore_guest() -> None:
    """Move the guest from the second cookie back to the session."""
    account, is_persisted = guest_cookie.pop()
    if account:
        session[cookie.ACCOUNT] = account
        if is_persisted:
            session[cookie.KNOWN] = now().toordinal()
        session.permanent = True


def set_nickname(nickname: str) -> None:
    """Change the nickname of the visitor who is signed in, in the cookie."""
    session[cookie.NICKNAME] = nickname


def sign_out() -> None:
    """Clear the session cookie. A stashed guest is restored on the next request."""
    session.clear()


def not_found() -> NoReturn:
    """Raise 404, both for what does not exist and for what is somebody else's."""
    abort(404)


def now() -> datetime:
    """Return the time of this request, the same all through it."""
    if "now" not in g:
        g.now = extensions.clock()
    found: datetime = g.now
    return found
