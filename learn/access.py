"""Access control: the guards that routes name, and who is signed in on this browser."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Concatenate, NoReturn, ParamSpec, overload

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from learn import (
    accounts,
    addresses,
    expired_form,
    extensions,
    session_renewal,
    sign_in_sessions,
    signed_out,
)
from learn.models import Educator, Group, GroupEducator, SignInSession
from learn.sent_form import SentForm, sent_form
from learn.sign_in_sessions import SessionEndedError
from learn.visitor import (
    Learner,
    confirmed_by,
    current_learner,
    ensure_guest,
    forget_session,
    has_current_session,
    new_guest,
    note_leads,
    now,
    refresh_cookie,
    renew_daily,
    set_nickname,
    set_session,
    sign_in,
    sign_out,
    stash_guest,
)

__all__ = [
    "EducatorIdentity",
    "Learner",
    "OwnGroup",
    "anyone",
    "confirmed",
    "confirmed_by",
    "current_learner",
    "educator",
    "educator_name",
    "ensure_guest",
    "group_educator",
    "has_current_session",
    "hold_session",
    "learner",
    "new_guest",
    "not_found",
    "now",
    "raise_if_ended",
    "refresh_cookie",
    "renewed_before",
    "set_nickname",
    "set_session",
    "sign_in",
    "sign_out",
    "stash_guest",
]

P = ParamSpec("P")
_Guarded = Callable[P, ResponseReturnValue]


_LearnerView = Callable[Concatenate[Learner, P], ResponseReturnValue]
_SentAgain = Callable[[Learner], ResponseReturnValue | None]


@dataclass(frozen=True, slots=True)
class EducatorIdentity:
    """An educator who is signed in. `name` is what the members of their groups see."""

    account: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group that the educator leads; `code` is empty if the group is closed."""

    id: uuid.UUID
    name: str
    code: str
    created_at: datetime
    archived_at: datetime | None


def anyone(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Guard a page that reads no account, and shows no personal data."""
    view.guard = "anyone"  # type: ignore[attr-defined]
    return view


@overload
def learner(view: _LearnerView[P], /) -> _Guarded[P]: ...


@overload
def learner(
    *,
    checks_session_in_query: bool = False,
    is_for_signed_out: bool = False,
    when_sent_again: _SentAgain | None = None,
) -> Callable[[_LearnerView[P]], _Guarded[P]]: ...


def learner(
    view: _LearnerView[P] | None = None,
    /,
    *,
    checks_session_in_query: bool = False,
    is_for_signed_out: bool = False,
    when_sent_again: _SentAgain | None = None,
) -> _Guarded[P] | Callable[[_LearnerView[P]], _Guarded[P]]:
    """Guard a page about the visitor; the view gets the `Learner` first.

    Views look rows up by that account alone, so another person's row is a 404. A visitor whose
    session has ended is a new one; a form that they sent is refused, and offered to be sent again.

    With `checks_session_in_query`, the view's first statement includes `IS_CURRENT`, and finds
    nothing if the session has ended. With `is_for_signed_out`, such forms still reach the view.
    `when_sent_again` answers a form whose session ended by that very form, sent twice: where the
    first one led. It returns None for any other form.
    """
    if view is None:
        return partial(
            _learner_guard,
            checks_session_in_query=checks_session_in_query,
            is_for_signed_out=is_for_signed_out,
            when_sent_again=when_sent_again,
        )
    return _learner_guard(view)


def _learner_guard(
    view: _LearnerView[P],
    *,
    checks_session_in_query: bool = False,
    is_for_signed_out: bool = False,
    when_sent_again: _SentAgain | None = None,
) -> _Guarded[P]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.personal = True
        who = current_learner()
        if checks_session_in_query and who.session is not None:
            with contextlib.suppress(NotFound):
                return view(who, *args, **kwargs)
            if has_current_session(who):
                not_found()
        elif has_current_session(who):
            renew_daily(who)
            with contextlib.suppress(SessionEndedError):
                return view(who, *args, **kwargs)
        if when_sent_again and (answer := when_sent_again(who)):
            return answer
        forget_session()
        if not is_for_signed_out:
            if request.method not in {"GET", "HEAD"}:
                return signed_out.form_page()
            signed_out.note()
        return view(current_learner(), *args, **kwargs)

    guarded.guard = "learner"  # type: ignore[attr-defined]
    guarded.is_answered_again = when_sent_again is not None  # type: ignore[attr-defined]
    return guarded


def renewed_before(who: Learner) -> bool:
    """Return whether this very form has renewed the visitor's session; note its id in the cookie.

    Then the form was sent twice, as with a double tap, and the first one did all of it.
    """
    own = session_renewal.find(who)
    if own is not None:
        set_session(own)
    return own is not None


def raise_if_ended(who: Learner) -> None:
    """Raise SessionEndedError if the visitor's session has ended since the guard looked."""
    extensions.close_read_session()
    if not has_current_session(who):
        raise SessionEndedError


def hold_session(session: Session, who: Learner) -> None:
    """Lock the account's row in a transaction, before what is hard to undo.

    Raises SessionEndedError if the visitor's session has ended since the guard looked, as by the
    owner's recovery.
    """
    if who.account is None or who.session is None:
        return
    accounts.lock(session, who.account)
    if not sign_in_sessions.is_current(session, who.account, who.session):
        raise SessionEndedError


def confirmed(view: _LearnerView[P]) -> _LearnerView[P]:
    """Decorate a view that `learner` guards: a visitor who is signed in confirms it is them first.

    They do so with the passphrase or a passkey, unless they have in the last minutes. A form that
    they sent is sent again then. Guests have nothing to confirm with.
    """

    @wraps(view)
    def checked(who: Learner, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if who.session is None or confirmed_by(who):
            return view(who, *args, **kwargs)
        here = signed_out.requested_page()
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("account.confirm", to=here), 302)
        raise_if_ended(who)  # as by the same form, sent twice
        expired = expired_form.sign_target(who)
        page = render_template(
            "account/confirm.html",
            nickname=who.nickname,
            to=here,
            sent=sent_form() if expired else SentForm(),
            lapsed=expired,
            errors={},
        )
        return page, 403

    checked.is_confirmed = True  # type: ignore[attr-defined]
    return checked


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
        if not has_current_session(who):
            return _end_for_educator()
        if not who.nickname:
            return _require_sign_in()
        name = educator_name(who)
        if not name or who.account is None:
            not_found()
        renew_daily(who)
        return view(EducatorIdentity(who.account, name), *args, **kwargs)

    guarded.guard = "educator"  # type: ignore[attr-defined]
    return guarded


def _require_sign_in() -> ResponseReturnValue:
    """Redirect to the sign-in page, which leads back here; 404 for anything but a GET."""
    if request.method not in {"GET", "HEAD"}:
        not_found()
    path, query = request.script_root + request.path, request.query_string.decode("latin-1")
    return redirect(url_for("account.sign_in", to=addresses.local_page(path, query)), 302)


def _end_for_educator() -> ResponseReturnValue:
    """Answer a visitor whose session has ended at a page for educators."""
    forget_session()
    if request.method not in {"GET", "HEAD"}:
        return signed_out.form_page()
    signed_out.note()
    return _require_sign_in()


def educator_name(who: Learner) -> str:
    """Return the educator's name of a visitor who is signed in; empty if they are none."""
    if not who.nickname:
        return ""
    own = (Educator.account_id == who.account) & Educator.removed_at.is_(None)
    name = extensions.read_session().scalar(select(Educator.name).where(own)) or ""
    note_leads(leads=bool(name))
    return name


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
                    Group.created_at,
                    Group.archived_at,
                )
                .join(GroupEducator, GroupEducator.account_id == Educator.account_id)
                .join(Group, Group.id == GroupEducator.group_id)
                .join(SignInSession, SignInSession.account_id == Educator.account_id)
                .where(
                    Educator.account_id == who.account,
                    SignInSession.id == who.session,
                    Educator.removed_at.is_(None),
                    GroupEducator.group_id == group_id,
                )
            )
            .first()
        )
        if not row and not has_current_session(who):
            return _end_for_educator()
        if not row or who.account is None:
            not_found()
        renew_daily(who)
        note_leads(leads=True)
        own = OwnGroup(row[1], row[2], row[3] or "", row[4], row[5])
        return view(EducatorIdentity(who.account, row[0]), own, *args, **kwargs)

    guarded.guard = "group_educator"  # type: ignore[attr-defined]
    return guarded


def not_found() -> NoReturn:
    """Raise 404, both for what does not exist and for what belongs to another account."""
    abort(404)
