"""Signing in and out, and recovery."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, nicknames, rate_limits
from learn.access import Learner
from learn.account import (
    actions,
    blueprint,
    changes,
    codes,
    confirmation,
    pages,
    passphrases,
    queries,
    registration,
    sessions,
    throttling,
)
from learn.account.forms import RecoverForm, SignInForm, SignOutForm
from learn.account.pages import Errors
from learn.account.queries import Credentials
from learn.account.signing_in import resent_code_page, sign_in_with_form
from learn.forms import checks_token
from learn.sign_in.flow import work_on_device
from learn.sign_in.redirects import next_page, requested_page
from learn.throttling import throttled

__all__ = ["blueprint", "changes", "confirmation", "registration", "sessions"]


@blueprint.get("/sign-in")
@access.learner(is_for_signed_out=True)
def sign_in(who: Learner) -> ResponseReturnValue:
    """Show the sign-in form."""
    if who.nickname and pages.own_credentials(who):
        return redirect(requested_page() or url_for("account.index"), 302)
    return _sign_in_page(who, SignInForm(formdata=None), {})


@blueprint.post("/sign-in")
@checks_token
@access.learner(is_for_signed_out=True)
@throttled(rate_limits.SIGNED_IN)
def submit_sign_in(who: Learner) -> ResponseReturnValue:
    """Sign in; an unknown nickname and a wrong passphrase look and take the same.

    Who is signed in by that nickname has sent the form twice, and goes on.
    """
    form = SignInForm()
    nickname, errors = pages.validate_nickname(form.nickname.data)
    if who.nickname and nicknames.skeleton(nickname) == nicknames.skeleton(who.nickname):
        return redirect(next_page(), 303)
    passphrase = passphrases.normalize(form.passphrase.data or "")
    errors = {field: "missing" for field, why in errors.items() if why == "empty"}
    errors |= {} if passphrase else {"passphrase": "missing"}
    if not form.has_valid_token:
        errors = pages.token_error()
    if errors:
        return _sign_in_page(who, form, errors), pages.status_code(errors)
    key = nicknames.skeleton(nickname)
    credentials = queries.find_by_nickname(extensions.read_session(), key)
    extensions.close_read_session()
    if wait := throttling.count_sign_in_attempt(key, credentials.account if credentials else None):
        return pages.throttled_page(wait)
    hasher = extensions.hasher()
    is_correct = passphrases.verify(
        hasher, credentials.passphrase_hash if credentials else None, passphrase
    )
    if credentials is None or not is_correct:
        throttling.record_failed_sign_in(key)
        return _sign_in_page(who, form, {"": "together"}), 422
    if hasher.check_needs_rehash(credentials.passphrase_hash):
        credentials = _renew_hash(credentials, passphrase)
    throttling.record_sign_in(key, credentials.account)
    if not sign_in_with_form(who, credentials, form):
        return _sign_in_page(who, form, {"": "together"}), 422
    return redirect(next_page(), 303)


@blueprint.get("/recover")
@access.learner(is_for_signed_out=True)
def recover(who: Learner) -> ResponseReturnValue:
    """Show the form for a recovery code and a new passphrase."""
    return _recovery_page(who, RecoverForm(formdata=None), {})


@blueprint.post("/recover")
@checks_token
@access.learner(is_for_signed_out=True)
@throttled(rate_limits.SIGNED_IN)
def submit_recovery(who: Learner) -> ResponseReturnValue:
    """Replace the passphrase and the recovery code, and sign in."""
    form = RecoverForm()
    has_valid_token = form.has_valid_token
    passphrase = passphrases.normalize(form.passphrase.data or "")
    if resent := resent_code_page(who, form, passphrase, has_valid_token=has_valid_token):
        return resent
    code, errors, count = _read_code(form)
    errors |= pages.checked_passphrase(passphrase, "")
    if not has_valid_token:
        errors = pages.token_error()
    if errors:
        return _recovery_page(who, form, errors, count), pages.status_code(errors)
    if wait := throttling.recovery_delay():
        return pages.throttled_page(wait)
    credentials = queries.find_by_recovery_code(extensions.read_session(), codes.digest(code))
    if credentials is None:
        throttling.record_failed_recovery()
        errors = {"code": "unknown"}
    else:
        errors = pages.checked_passphrase(passphrase, credentials.nickname)
    if credentials is None or errors:
        return _recovery_page(who, form, errors), 422
    return _recover(who, form, credentials, passphrase)


@blueprint.get("/sign-out")
@access.learner(is_for_signed_out=True)
def sign_out(who: Learner) -> ResponseReturnValue:
    """Ask for confirmation."""
    if not who.nickname:
        return redirect(url_for("account.signed_out"), 302)
    return render_template("account/sign_out.html", nickname=who.nickname, expired=False)


@blueprint.post("/sign-out")
@checks_token
@access.learner(is_for_signed_out=True)
def submit_sign_out(who: Learner) -> ResponseReturnValue:
    """Clear the session, and the browser's copies of our pages."""
    if who.nickname and not SignOutForm().has_valid_token:
        return render_template("account/sign_out.html", nickname=who.nickname, expired=True), 400
    if who.account is None or who.session is None:
        return redirect(url_for("account.signed_out"), 303)
    with extensions.transaction() as session:
        actions.end_session(session, who.account, who.session)
    return sessions.signed_out_response()


@blueprint.get("/signed-out")
@access.learner(is_for_signed_out=True)
def signed_out(who: Learner) -> ResponseReturnValue:
    """Confirm; somebody who is signed in is sent to their account."""
    if who.nickname:
        return redirect(url_for("account.index"), 302)
    has_passkeys = request.args.get("passkeys") == "kept"
    return render_template("account/signed_out.html", has_passkeys=has_passkeys)


def _renew_hash(credentials: Credentials, passphrase: str) -> Credentials:
    """Hash the passphrase again, by the current parameters."""
    encoded = extensions.hasher().hash(passphrase)
    with extensions.transaction() as session:
        is_done = actions.renew_hash(session, credentials, encoded)
    return replace(credentials, passphrase_hash=encoded) if is_done else credentials


def _read_code(form: RecoverForm) -> tuple[str, Errors, int]:
    """Return the code, its errors, and the number of letters and digits that were typed."""
    try:
        return codes.parse(form.code.data or ""), {}, codes.LENGTH
    except codes.CodeError as error:
        return "", {"code": error.reason}, error.count


def _recover(
    who: Learner, form: RecoverForm, credentials: Credentials, passphrase: str
) -> ResponseReturnValue:
    code = pages.code_from_seed(pages.seed_or_new(form.code_seed.data), form.owner)
    extensions.close_read_session()
    encoded = extensions.hasher().hash(passphrase)
    try:
        with extensions.transaction() as session:
            removed = actions.recover(session, credentials, encoded, codes.digest(code))
    except actions.RecoveryCodeTakenError:  # by another account, with the same seed
        code = pages.code_from_seed(pages.new_seed(), form.owner)
        with extensions.transaction() as session:
            removed = actions.recover(session, credentials, encoded, codes.digest(code))
    credentials = replace(credentials, passphrase_hash=encoded)
    if removed is None:  # the same page, sent twice at once
        resent = resent_code_page(who, form, passphrase, has_valid_token=True)
        return resent or (_recovery_page(who, form, {"code": "unknown"}), 422)
    throttling.record_sign_in(credentials.nickname_key, credentials.account)
    if not sign_in_with_form(who, credentials, form):
        return _recovery_page(who, form, {"code": "unknown"}), 422
    return pages.recovery_code_page(code, credentials, pages.Recovery(removed))


def _sign_in_page(who: Learner, form: SignInForm, errors: Errors) -> str:
    return render_template(
        "account/sign_in.html",
        form=form,
        errors=errors,
        work=work_on_device(who),
        requested_page=requested_page(),
    )


def _recovery_page(who: Learner, form: RecoverForm, errors: Errors, count: int = 0) -> str:
    return render_template(
        "account/recover.html",
        form=form,
        errors=errors,
        count=count,
        length=codes.LENGTH,
        code_seed=pages.seed_or_new(form.code_seed.data),
        work=work_on_device(who),
    )
