"""Who may see what. Every route names one of these guards, and nothing else decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec

import uuid_utils.compat
from flask import (
    Response,
    abort,
    after_this_request,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from wtforms import ValidationError

from learn import addresses, extensions
from learn import session_cookie as cookie
from learn.models import Educator, Group, GroupEducator

P = ParamSpec("P")

_ASIDE = "learn_all_aside"  # a cookie of its own: it outlasts a visit


@dataclass(frozen=True, slots=True)
class Learner:
    """Whoever holds the cookie. `account` is None before the first question was shown.

    `known` says that an answer, a line of the sheet for the care team, or a place in a group has
    been kept for the account; until then there is no row of it.
    `nickname` is that of somebody who signed in; a guest has none.
    """

    account: uuid.UUID | None
    known: bool = False
    nickname: str = ""


@dataclass(frozen=True, slots=True)
class Teacher:
    """An educator who is signed in. `name` is what the members of their groups read."""

    account: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group of the educator who asks for it; `code` is empty while nobody can join."""

    id: uuid.UUID
    name: str
    code: str
    made_at: datetime
    archived_at: datetime | None


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


def educator(
    view: Callable[Concatenate[Teacher, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """A page for educators, given to the view first; to anybody else it is not there.

    It takes somebody who signed in: a guest’s cookie is no educator’s, whatever account it names.
    Who has not signed in is led to do so, and back.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.personal = True
        who = current_learner()
        if not who.nickname:
            return _sign_in_first()
        name = teaches(who)
        if not name or who.account is None:
            not_found()
        return view(Teacher(who.account, name), *args, **kwargs)

    guarded.guard = "educator"  # type: ignore[attr-defined]
    return guarded


def _sign_in_first() -> ResponseReturnValue:
    """Nobody is signed in: the way in, and back to this page. Whether it is there is not told."""
    if request.method not in {"GET", "HEAD"}:
        not_found()
    path, query = request.script_root + request.path, request.query_string.decode("latin-1")
    return redirect(url_for("account.sign_in", to=addresses.local_page(path, query)), 302)


def teaches(who: Learner) -> str:
    """The name by which somebody who is signed in is an educator; empty for everybody else."""
    if not who.nickname:
        return ""
    own = (Educator.account_id == who.account) & Educator.removed_at.is_(None)
    return extensions.read_session().scalar(select(Educator.name).where(own)) or ""


def group_educator(
    view: Callable[Concatenate[Teacher, OwnGroup, P], ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """A page about one of the educator's own groups, in one statement; other groups answer 404."""

    @wraps(view)
    def guarded(group_id: uuid.UUID, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.personal = True
        who = current_learner()
        if not who.nickname:
            return _sign_in_first()
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
        return view(Teacher(who.account, row[0]), own, *args, **kwargs)

    guarded.guard = "group_educator"  # type: ignore[attr-defined]
    return guarded


def current_learner() -> Learner:
    """Whoever holds the cookie. A cookie that is not ours, or not whole, is nobody's."""
    if cookie.ACCOUNT not in session and _ASIDE in request.cookies:
        _come_back()
    raw: Any = session.get(cookie.ACCOUNT)
    try:
        account = uuid.UUID(hex=raw)
    except (ValueError, TypeError, AttributeError):
        return Learner(None)
    return Learner(
        account, known=bool(session.get(cookie.KNOWN)), nickname=session.get(cookie.NICKNAME) or ""
    )


def greet(who: Learner) -> Learner:
    """Give a learner without a cookie an account's id, kept in the cookie alone for now."""
    if who.account is not None:
        return who
    account = uuid_utils.compat.uuid7()
    session[cookie.ACCOUNT] = account.hex
    session.permanent = True
    return Learner(account)


def remember() -> None:
    """From now on the account has a row; the cookie lasts anew from this day.

    It is written once a day only: to sign it at each answer takes an eighth of the answer's time.
    """
    today = now().toordinal()
    if session.get(cookie.KNOWN) != today:
        session[cookie.KNOWN] = today
        session.permanent = cookie.VISIT not in session


def become(account: uuid.UUID, nickname: str, *, stay: bool, same_person: bool = False) -> None:
    """From now on this is the owner of that account: for good, or until the browser closes.

    Where they are the `same_person` as before, an answer on a page that is open still counts.
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


def sent_from_our_page(*, or_before_signing_in: bool = False) -> bool:
    """Whether the form came with the token of a page that its sender was shown.

    With `or_before_signing_in`, also one that was shown to the same person just before, as a guest.
    """
    token = request.form.get("csrf_token")
    for kept_as in (None, cookie.EARLIER_TOKEN) if or_before_signing_in else (None,):
        try:
            validate_csrf(token, token_key=kept_as)
        except ValidationError:
            continue
        return True
    return False


def put_aside(who: Learner) -> None:
    """Keep this device's guest for later, in a cookie of its own, while somebody is signed in.

    They are back as soon as nobody is signed in any more, or the browser was closed meanwhile.
    """
    if who.account is None or who.nickname:
        return
    value = str(_aside().dumps([who.account.hex, who.known]))
    _on_the_response(
        lambda response: response.set_cookie(
            _ASIDE,
            value,
            max_age=current_app.permanent_session_lifetime,
            path=current_app.session_interface.get_cookie_path(current_app),
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    )


def _come_back() -> None:
    """The guest who was put aside holds this device again."""
    try:
        account, known = _aside().loads(request.cookies[_ASIDE])
    except (BadData, TypeError, ValueError):
        account, known = "", False
    if account and isinstance(account, str):
        session[cookie.ACCOUNT] = account
        if known:
            session[cookie.KNOWN] = now().toordinal()
        session.permanent = True
    path = current_app.session_interface.get_cookie_path(current_app)
    _on_the_response(lambda response: response.delete_cookie(_ASIDE, path=path))


def _aside() -> URLSafeSerializer:
    newest_last = [*reversed(extensions.settings().secret_keys)]
    return URLSafeSerializer(newest_last, salt="a guest put aside")


def _on_the_response(change: Callable[[Response], None]) -> None:
    def changed(response: Response) -> Response:
        change(response)
        return response

    after_this_request(changed)


def rename(nickname: str) -> None:
    """The owner of this account goes by another nickname from now on."""
    session[cookie.NICKNAME] = nickname


def forget() -> None:
    """Clear the cookie: from now on this is somebody new, or the guest who was put aside."""
    session.clear()


def leave() -> None:
    """Sign out. The guest of this device, if one was put aside, is back with the next page."""
    forget()


def not_found() -> NoReturn:
    """Not there, or not yours: the same answer."""
    abort(404)


def now() -> datetime:
    """The time of this request: the one place where the application looks at the clock."""
    if "now" not in g:
        g.now = extensions.clock()
    found: datetime = g.now
    return found
