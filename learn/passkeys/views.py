"""Add, name and remove passkeys, and sign in with one."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import uuid_utils.compat
from babel.dates import format_skeleton
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, to_user_timezone

from learn import access, extensions
from learn.access import Learner
from learn.account_merge.redirects import next_page, requested_page
from learn.account_merge.sign_in import complete_sign_in
from learn.messages import gettext as _
from learn.passkeys import actions, ceremony, names, queries
from learn.passkeys.actions import Added, NewPasskey, Used
from learn.passkeys.ceremony import RefusedError
from learn.passkeys.forms import AddForm, RenameForm, UseForm
from learn.passkeys.place import Place, place
from learn.passkeys.queries import PasskeyView
from learn.session_cookie import CHALLENGE

blueprint = Blueprint("passkeys", __name__, url_prefix="/passkeys")

_DONE = frozenset({"new", "there", "renamed", "removed"})
_IN_THE_WAY = {Used.BEFORE: "expired", Used.WENT_BACK: "went-back", Used.GONE: "unknown"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A challenge, and when it was made."""

    challenge: bytes
    at: datetime


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """My passkeys, and a form to add one. A guest is led to where they get a nickname first."""
    if not _nickname(who):
        return _to_keep()
    return _list(who, name=_usual_name())


@blueprint.get("/new.json")
@access.learner
def creation_options(who: Learner) -> ResponseReturnValue:
    """What the browser needs to make a passkey, with a new challenge."""
    here, nickname = _here(), _nickname(who)
    if here is None or not nickname or who.account is None:
        access.not_found()
    known = queries.credentials(extensions.read_session(), who.account)
    owner = ceremony.Owner(who.account, nickname, known)
    site = extensions.content().ledger.site
    return _json(ceremony.creation_options(here, site, owner, _ask("add")))


@blueprint.post("/add")
@extensions.csrf.exempt  # the form checks its token itself, so that the name can be kept
@access.learner
def add(who: Learner) -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    given = AddForm()
    asked, here = _asked("add"), _here()
    if who.account is None or not _nickname(who):
        return _to_keep()
    name = names.clean(given.name.data or "")[: names.LONGEST] or _usual_name()
    if here is None or asked is None or not given.validate():
        return _list(who, name=name, trouble="expired"), 400
    try:
        key = ceremony.new_key(given.credential.data or "", asked.challenge, here)
    except RefusedError as refused:
        return _list(who, name=name, trouble=_note("unread", refused)), 400
    new = NewPasskey(uuid_utils.compat.uuid7(), name, key)
    with extensions.transaction() as session:
        added = actions.add(session, who.account, new, access.now())
    if added in {Added.ANOTHERS, Added.FULL}:
        return _list(who, name=name, trouble=added.value), 422
    return redirect(url_for("passkeys.index", done=added.value), 303)


@blueprint.get("/<uuid:passkey_id>/rename")
@access.learner
def rename(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """A box for another name."""
    found = _mine(who, passkey_id)
    return _naming(found, found.name)


@blueprint.post("/<uuid:passkey_id>/rename")
@extensions.csrf.exempt  # the form checks its token itself, so that the name can be kept
@access.learner
def rename_it(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the other name."""
    found = _mine(who, passkey_id)
    given = RenameForm()
    name = names.clean(given.name.data or "")
    trouble = "empty" if not name else "long" if len(name) > names.LONGEST else ""
    status = 422
    if not given.validate():
        trouble, status = "expired", 400
    if trouble or who.account is None:
        return _naming(found, name[: names.LONGEST * 2], trouble), status
    with extensions.transaction() as session:
        actions.rename(session, who.account, passkey_id, name)
    return redirect(url_for("passkeys.index", done="renamed"), 303)


@blueprint.get("/<uuid:passkey_id>/remove")
@access.learner
def remove(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """What it means to remove a passkey, before it is removed."""
    return render_template("passkeys/remove.html", passkey=_mine(who, passkey_id))


@blueprint.post("/<uuid:passkey_id>/remove")
@access.learner
def remove_it(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Remove it. One that is not there any more is removed, too."""
    if who.account is None or not _nickname(who):
        return _to_keep()
    with extensions.transaction() as session:
        actions.remove(session, who.account, passkey_id)
    return redirect(url_for("passkeys.index", done="removed"), 303)


@blueprint.get("/sign-in")
@access.learner
def sign_in(who: Learner) -> ResponseReturnValue:
    """One button; nothing to type."""
    return _door(who)


@blueprint.get("/sign-in.json")
@access.learner
def request_options(_who: Learner) -> ResponseReturnValue:
    """What the browser needs to use a passkey, with a new challenge."""
    here = _here()
    if here is None:
        access.not_found()
    return _json(ceremony.request_options(here, _ask("use")))


@blueprint.post("/sign-in")
@extensions.csrf.exempt  # the form checks its token itself: then the button is on the page
@access.learner
def come_in(who: Learner) -> ResponseReturnValue:
    """Let in whoever has used their passkey."""
    given = UseForm()
    asked, here = _asked("use"), _here()
    if here is None or asked is None or not given.validate():
        return _door(who, "expired"), 400
    trouble = _let_in(who, given, asked, here)
    if trouble:
        return _door(who, trouble), 400 if trouble in {"expired", "unread"} else 422
    return redirect(next_page(), 303)


@blueprint.app_template_global()
def passkeys_work_here() -> bool:
    """Can a passkey be made and used at the address of this request?"""
    return _here() is not None


def _let_in(who: Learner, given: UseForm, asked: _Asked, here: Place) -> str:
    """Let the passkey’s owner in; what stands in the way, or nothing."""
    sent = given.credential.data or ""
    try:
        claim = ceremony.claim(sent)
        key = queries.key(extensions.read_session(), claim.account, claim.credential)
        if key is None:
            return "unknown"
        count = ceremony.counter(sent, asked.challenge, here, key.public_key)
    except RefusedError as refused:
        return _note("unread", refused)
    with extensions.transaction() as session:
        used = actions.use(session, claim, count, asked_at=asked.at, now=access.now())
    if used is Used.IN:
        merge = not _has_answers(who) or bool(given.mine.data)
        is_in = complete_sign_in(
            who, claim.account, key.nickname, stay=not given.shared.data, merge=merge
        )
        return "" if is_in else "unknown"
    return _note(_IN_THE_WAY[used], used.value)


def _list(who: Learner, *, name: str, trouble: str = "") -> str:
    found = queries.passkeys(extensions.read_session(), who.account) if who.account else []
    done = request.args.get("done", "")
    return render_template(
        "passkeys/index.html",
        passkeys=found,
        most=actions.MOST,
        longest=names.LONGEST,
        name=name,
        trouble=trouble,
        done=done if done in _DONE and not trouble else "",
    )


def _door(who: Learner, trouble: str = "") -> str:
    return render_template(
        "passkeys/sign_in.html",
        nickname="" if trouble else _nickname(who),
        trouble=trouble,
        form=UseForm() if trouble else UseForm(formdata=None, mine=True),
        has_answers=_has_answers(who),
        requested_page=requested_page(),
    )


def _has_answers(who: Learner) -> bool:
    """Whether a guest has answered on this device."""
    return bool(who.account and who.is_persisted and not who.nickname)


def _naming(passkey: PasskeyView, name: str, trouble: str = "") -> str:
    return render_template(
        "passkeys/rename.html",
        passkey=passkey,
        name=name,
        trouble=trouble,
        longest=names.LONGEST,
    )


def _mine(who: Learner, passkey_id: uuid.UUID) -> PasskeyView:
    """The learner's own passkey, or 404."""
    if who.account is None or not _nickname(who):
        access.not_found()
    return queries.passkey(extensions.read_session(), who.account, passkey_id) or access.not_found()


def _nickname(who: Learner) -> str:
    """The nickname of somebody who signed in, and whose account is still there."""
    if who.account is None or not who.nickname:
        return ""
    return queries.nickname(extensions.read_session(), who.account) or ""


def _ask(purpose: str) -> bytes:
    """A new challenge, bound to this browser by its cookie; it takes the place of the last."""
    challenge = secrets.token_bytes(32)
    cookie[CHALLENGE] = [purpose, challenge.hex(), access.now().isoformat()]
    return challenge


def _asked(purpose: str) -> _Asked | None:
    """The challenge for that purpose, once; None if there is none, or none that is still good.

    An old cookie can be sent again with the challenge in it: so `actions.use` looks, too.
    """
    kept = cookie.pop(CHALLENGE, None)
    if not kept or kept[0] != purpose:
        return None
    try:
        challenge, made = bytes.fromhex(kept[1]), datetime.fromisoformat(kept[2]).astimezone(UTC)
    except ValueError:
        return None
    return _Asked(challenge, made) if made <= access.now() < made + ceremony.LASTS else None


def _here() -> Place | None:
    return place(request.scheme, request.host)


def _usual_name() -> str:
    """A name for whoever gives none."""
    day = format_skeleton("MMMMd", to_user_timezone(access.now()), locale=get_locale())
    return names.clean(_("My passkey, %(day)s", day=day))[: names.LONGEST]


def _note(trouble: str, why: object) -> str:
    """Put into the log why a passkey was refused, and nothing about whose it is."""
    current_app.logger.warning("passkey refused at %s: %s", request.path, why)
    return trouble


def _to_keep() -> ResponseReturnValue:
    return redirect(url_for("account.register"), 303 if request.method == "POST" else 302)


def _json(options: str) -> Response:
    return Response(options, mimetype="application/json")
