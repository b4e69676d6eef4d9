"""Add, rename and remove passkeys, and sign in with one."""

from __future__ import annotations

import uuid
from functools import partial

import uuid_utils.compat
from babel.dates import format_skeleton
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, to_user_timezone

from learn import access, extensions, own_passkeys, rate_limits
from learn.access import Learner
from learn.forms import checks_token
from learn.messages import gettext as _
from learn.own_passkeys import PasskeyView
from learn.passkeys import actions, ceremony, names, queries
from learn.passkeys.actions import AddPasskeyResult, NewPasskey
from learn.passkeys.ceremony import RefusedError
from learn.passkeys.challenges import current_party, new_challenge, pop_challenge
from learn.passkeys.forms import AddForm, RemovalForm, RenameForm, UseForm
from learn.passkeys.proof import (
    NotVerifiedError,
    log_refusal,
    record,
    session_id,
    started_session_of,
    verify,
)
from learn.sign_in.flow import SignInOptions, complete_sign_in, repeat_sign_in, work_on_device
from learn.sign_in.redirects import next_page, requested_page
from learn.sign_in.sessions import confirm_session, end_other_sessions, renew_session
from learn.throttling import throttled

blueprint = Blueprint("passkeys", __name__, url_prefix="/passkeys")

_DONE = frozenset({"new", "there", "renamed", "removed"})


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """List the passkeys, with a form to add one. A guest is sent to register."""
    if not _nickname(who):
        return _redirect_to_registration()
    return _index_page(who, name=_default_name())


@blueprint.get("/new.json")
@access.learner
def creation_options(who: Learner) -> ResponseReturnValue:
    """Return the options for making a passkey, with a new challenge."""
    party, nickname = current_party(), _nickname(who)
    if party is None or not nickname or who.account is None:
        access.not_found()
    known = queries.credential_ids(extensions.read_session(), who.account)
    owner = ceremony.Owner(who.account, nickname, known)
    site = extensions.content().ledger.site
    return _json(ceremony.creation_options(party, site, owner, new_challenge("add")))


@blueprint.post("/add")
@checks_token
@access.learner
@access.confirmed
@throttled(rate_limits.PASSKEY, rate_limits.PASSKEY_HERE)
def add(who: Learner) -> ResponseReturnValue:
    """Add the passkey that the browser made."""
    form = AddForm()
    challenge, party = pop_challenge("add"), current_party()
    if who.account is None or who.session is None or not _nickname(who):
        return _redirect_to_registration()
    name = names.clean(form.name.data or "")[: names.MAX_LENGTH] or _default_name()
    if challenge is None and _has_already(who.account, form):  # sent twice
        return _to_list(AddPasskeyResult.ALREADY_ADDED.value)
    if party is None or challenge is None or not form.has_valid_token:
        return _index_page(who, name=name, error="expired"), 400
    try:
        key = ceremony.verify_new_key(form.credential.data or "", challenge.value, party)
    except RefusedError as refused:
        return _index_page(who, name=name, error=log_refusal("unread", refused)), 400
    new = NewPasskey(uuid_utils.compat.uuid7(), name, key)
    with extensions.transaction() as session:
        added = actions.add(session, who.account, who.session, new, access.now())
    if added in {AddPasskeyResult.TAKEN, AddPasskeyResult.FULL}:
        return _index_page(who, name=name, error=added.value), 422
    return _to_list(added.value)


def _has_already(account: uuid.UUID, form: AddForm) -> bool:
    named = ceremony.credential_named_in(form.credential.data or "")
    return named in queries.credential_ids(extensions.read_session(), account)


@blueprint.get("/<uuid:passkey_id>/rename")
@access.learner
@access.confirmed
def rename(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form for another name."""
    passkey = _own_passkey(who, passkey_id)
    return _rename_page(passkey, passkey.name)


@blueprint.post("/<uuid:passkey_id>/rename")
@checks_token
@access.learner
@access.confirmed
def submit_name(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Rename the passkey."""
    passkey = _own_passkey(who, passkey_id)
    form = RenameForm()
    name = names.clean(form.name.data or "")
    error = "empty" if not name else "long" if len(name) > names.MAX_LENGTH else ""
    status = 422
    if not form.has_valid_token:
        error, status = "expired", 400
    if error or who.account is None:
        return _rename_page(passkey, name[: names.MAX_LENGTH * 2], error), status
    with extensions.transaction() as session:
        access.hold_session(session, who)
        actions.rename(session, who.account, passkey_id, name)
    return _to_list("renamed")


@blueprint.get("/<uuid:passkey_id>/remove")
@access.learner
@access.confirmed
def remove(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for confirmation."""
    return render_template("passkeys/remove.html", passkey=_own_passkey(who, passkey_id))


def _is_removed(who: Learner) -> ResponseReturnValue | None:
    return _to_list("removed") if access.renewed_before(who) else None


@blueprint.post("/<uuid:passkey_id>/remove")
@access.learner(when_sent_again=_is_removed)
@access.confirmed
def submit_removal(who: Learner, passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Delete the passkey, if it is still there, and end all other sessions if that is asked for."""
    if who.account is None or not _nickname(who):
        return _redirect_to_registration()
    ends_others = bool(RemovalForm().others.data)
    with extensions.transaction() as session:
        access.hold_session(session, who)
        actions.remove(session, who.account, passkey_id)
        # With another id, a kept request of before adds no passkey again.
        own = end_other_sessions(session, who) if ends_others else renew_session(session, who)
    access.set_session(own)
    return _to_list("removed")


@blueprint.get("/sign-in")
@access.learner(is_for_signed_out=True)
def sign_in(who: Learner) -> ResponseReturnValue:
    """Show the button to sign in with a passkey."""
    return _sign_in_page(who)


@blueprint.get("/sign-in.json")
@access.learner(is_for_signed_out=True)
def request_options(_who: Learner) -> ResponseReturnValue:
    """Return the options for using a passkey, with a new challenge."""
    party = current_party()
    if party is None:
        access.not_found()
    return _json(ceremony.request_options(party, new_challenge("use")))


@blueprint.post("/sign-in")
@checks_token
@access.learner(is_for_signed_out=True)
@throttled(rate_limits.SIGNED_IN)
def submit_sign_in(who: Learner) -> ResponseReturnValue:
    """Sign in with the browser's response; sent twice, it leads to the same session twice."""
    form = UseForm()
    if started_session_of(who, form):
        return redirect(next_page(), 303)
    refused = NotVerifiedError("unknown")
    try:
        use = verify(form)
    except NotVerifiedError as unverified:
        return _sign_in_page(who, unverified.error), unverified.status
    options = SignInOptions(
        stay=not form.shared.data,
        merge=bool(form.mine.data),
        before_session=partial(record, use=use),
        session_id=session_id(form, use.verified_account.account),
    )
    is_in = repeat_sign_in(who, use.verified_account, options)
    try:
        is_in = is_in or complete_sign_in(who, use.verified_account, options)
    except NotVerifiedError as used:
        refused = used
    if not is_in and not repeat_sign_in(who, use.verified_account, options):  # at the same moment
        return _sign_in_page(who, refused.error), refused.status
    return redirect(next_page(), 303)


@blueprint.get("/confirm")
@access.learner
def confirm(who: Learner) -> ResponseReturnValue:
    """Show the button to confirm with a passkey that it is still the same person."""
    if not _nickname(who):
        return _redirect_to_registration()
    return _confirmation_page()


def _is_confirmed(who: Learner) -> ResponseReturnValue | None:
    return _go_on() if access.renewed_before(who) else None


@blueprint.post("/confirm")
@checks_token
@access.learner(when_sent_again=_is_confirmed)
@throttled(rate_limits.SIGNED_IN)
def submit_confirmation(who: Learner) -> ResponseReturnValue:
    """Confirm with the browser's response, and go on."""
    if who.account is None or not _nickname(who):
        return _redirect_to_registration()
    try:
        use = verify(UseForm(), who.account)
        with extensions.transaction() as session:
            own = confirm_session(session, who, record(session, use))
    except NotVerifiedError as refused:
        access.raise_if_ended(who)
        return _confirmation_page(refused.error), refused.status
    if own is None:
        return _confirmation_page("unknown"), 422
    access.set_session(own)
    return _go_on()


@blueprint.app_template_global()
def passkeys_work_here() -> bool:
    """Return whether browsers can use passkeys at the address of this request."""
    return current_party() is not None


def _index_page(who: Learner, *, name: str, error: str = "") -> str:
    passkeys = own_passkeys.passkeys(extensions.read_session(), who.account) if who.account else []
    done = request.args.get("done", "")
    return render_template(
        "passkeys/index.html",
        passkeys=passkeys,
        most=actions.MAX_PASSKEYS,
        longest=names.MAX_LENGTH,
        name=name,
        error=error,
        done=done if done in _DONE and not error else "",
        is_confirmed=access.confirmed_by(who) is not None,
    )


def _sign_in_page(who: Learner, error: str = "") -> str:
    return render_template(
        "passkeys/sign_in.html",
        nickname="" if error else _nickname(who),
        error=error,
        form=UseForm() if error else UseForm(formdata=None),
        work=work_on_device(who),
        requested_page=requested_page(),
    )


def _confirmation_page(error: str = "") -> str:
    return render_template("passkeys/confirm.html", error=error)


def _rename_page(passkey: PasskeyView, name: str, error: str = "") -> str:
    return render_template(
        "passkeys/rename.html",
        passkey=passkey,
        name=name,
        error=error,
        longest=names.MAX_LENGTH,
    )


def _own_passkey(who: Learner, passkey_id: uuid.UUID) -> PasskeyView:
    """Return the visitor's own passkey, or raise 404."""
    if who.account is None or not _nickname(who):
        access.not_found()
    passkey = own_passkeys.passkey(extensions.read_session(), who.account, passkey_id)
    return passkey or access.not_found()


def _go_on() -> ResponseReturnValue:
    return redirect(requested_page() or url_for("account.index"), 303)


def _nickname(who: Learner) -> str:
    """Return the nickname of a visitor who is signed in and whose account still exists."""
    if who.account is None or not who.nickname:
        return ""
    return queries.nickname(extensions.read_session(), who.account) or ""


def _default_name() -> str:
    """Return a name for a passkey whose owner gives none."""
    day = format_skeleton("MMMMd", to_user_timezone(access.now()), locale=get_locale())
    return names.clean(_("My passkey, %(day)s", day=day))[: names.MAX_LENGTH]


def _redirect_to_registration() -> ResponseReturnValue:
    return redirect(url_for("account.register"), 303 if request.method == "POST" else 302)


def _to_list(done: str) -> ResponseReturnValue:
    return redirect(url_for("passkeys.index", done=done), 303)


def _json(options: str) -> Response:
    return Response(options, mimetype="application/json")
