"""Confirm with the passphrase that it is still the same person, before what is hard to undo."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, expired_form, extensions, rate_limits
from learn.access import Learner
from learn.account import blueprint, pages, passphrases, throttling
from learn.account.forms import CodeForm, ConfirmForm, PassphraseForm
from learn.account.pages import Errors
from learn.account.queries import Credentials
from learn.forms import checks_token
from learn.sent_form import SentForm, sent_form
from learn.sign_in.redirects import requested_page
from learn.sign_in.sessions import confirm_session
from learn.sign_in.verified_account import VerifiedAccount
from learn.sign_in_sessions import ConfirmedBy
from learn.throttling import throttled


@blueprint.get("/account/confirm")
@access.learner
def confirm(who: Learner) -> ResponseReturnValue:
    """Show the form for the passphrase, with a link to use a passkey."""
    if pages.own_credentials(who) is None:
        return redirect(url_for("account.register"), 302)
    if access.confirmed_by(who):
        return redirect(requested_page() or url_for("account.index"), 302)
    return _confirmation_page(who, {})


def _is_confirmed(who: Learner) -> ResponseReturnValue | None:
    return _go_on(_target(who)) if access.renewed_before(who) else None


@blueprint.post("/account/confirm")
@checks_token
@access.learner(when_sent_again=_is_confirmed)
@throttled(rate_limits.SIGNED_IN)
def submit_confirmation(who: Learner) -> ResponseReturnValue:
    """Check the passphrase, and redirect; a form that had lapsed is sent again, by a 307."""
    credentials, form, errors = pages.own_credentials(who), ConfirmForm(), Errors()
    if credentials is None:
        return redirect(url_for("account.register"), 303)
    if (wait := check_passphrase(who, credentials, form, errors)) or errors:
        return wait or (_confirmation_page(who, errors), pages.status_code(errors))
    target = _target(who)
    verified = VerifiedAccount(
        credentials.account, credentials.nickname, credentials.passphrase_hash
    )
    with extensions.transaction() as session:
        own = confirm_session(session, who, verified)
    if own is None:
        access.raise_if_ended(who)
        return _confirmation_page(who, {"current": "other"}), 422
    access.set_session(own)
    return _go_on(target)


def _target(who: Learner) -> str:
    return expired_form.read_target(who, ConfirmForm().lapsed.data or "")


def _go_on(target: str) -> ResponseReturnValue:
    if target:
        return redirect(target, 307)
    return redirect(requested_page() or url_for("account.index"), 303)


def check_passphrase(
    who: Learner,
    credentials: Credentials,
    form: PassphraseForm | CodeForm | ConfirmForm,
    errors: Errors,
) -> ResponseReturnValue | None:
    """Add to `errors` if the form lacks a valid token or the current passphrase.

    The passphrase is only compared if there are no other errors. It may be left out if a passkey
    was used to confirm in the last minutes. Returns a page if the visitor is throttled.
    """
    current = passphrases.normalize(form.current.data or "")
    if not form.has_valid_token:
        errors |= pages.token_error()
    elif not current:
        if access.confirmed_by(who) is not ConfirmedBy.PASSKEY:
            errors["current"] = "missing"
    elif not errors:
        return _compare(credentials, current, errors)
    return None


def _compare(credentials: Credentials, current: str, errors: Errors) -> ResponseReturnValue | None:
    if wait := throttling.count_sign_in_attempt(credentials.nickname_key, credentials.account):
        return pages.throttled_page(wait)
    extensions.close_read_session()
    if passphrases.verify(extensions.hasher(), credentials.passphrase_hash, current):
        throttling.record_sign_in(credentials.nickname_key, credentials.account)
    else:
        throttling.record_failed_sign_in(credentials.nickname_key)
        errors["current"] = "other"
    return None


def _confirmation_page(who: Learner, errors: Errors) -> str:
    lapsed = ConfirmForm().lapsed.data if _target(who) else ""
    return render_template(
        "account/confirm.html",
        nickname=who.nickname,
        to=requested_page(),
        sent=sent_form() if lapsed else SentForm(),
        lapsed=lapsed,
        errors=errors,
    )
