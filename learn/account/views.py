"""Registration, signing in and out, and recovery."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, nicknames, rate_limits
from learn.access import Learner
from learn.account import (
    actions,
    blueprint,
    changes,
    codes,
    pages,
    passphrases,
    queries,
    throttling,
)
from learn.account.forms import RecoverForm, RegistrationForm, SignInForm, SignOutForm
from learn.account.pages import Errors
from learn.account.queries import Credentials
from learn.account_merge.redirects import next_page, requested_page
from learn.account_merge.sign_in import complete_sign_in
from learn.accounts import AccountGoneError
from learn.forms import checks_token
from learn.throttling import throttled

__all__ = ["blueprint", "changes"]


@blueprint.get("/keep")
@access.learner
def register(who: Learner) -> ResponseReturnValue:
    """Show the registration form."""
    if pages.own_credentials(who):
        return redirect(url_for("account.index"), 302)
    access.ensure_guest(who)
    return _registration_page(RegistrationForm(formdata=None), {})


@blueprint.post("/keep")
@checks_token
@access.learner
@throttled(rate_limits.NEW_GUEST)
def submit_registration(who: Learner) -> ResponseReturnValue:
    """Register the guest's account, and show its recovery code.

    The code is in this response, not after a redirect, so that a resent form shows it again.
    """
    form = RegistrationForm()
    has_valid_token = form.has_valid_token
    passphrase = passphrases.normalize(form.passphrase.data or "")
    if resent := _resent_code_page(who, form, passphrase, has_valid_token=has_valid_token):
        return resent
    if pages.own_credentials(who):
        return redirect(url_for("account.index"), 303)
    if not has_valid_token or who.account is None:
        access.ensure_guest(who)
        return _registration_page(form, pages.token_error()), 400
    nickname, errors = pages.checked_nickname(form.nickname.data)
    if errors := errors | pages.checked_passphrase(passphrase, nickname):
        return _registration_page(form, errors), 422
    if wait := throttling.registration_delay():
        return pages.throttled_page(wait)
    return _register(who, form, nickname, passphrase)


@blueprint.get("/sign-in")
@access.learner
def sign_in(who: Learner) -> ResponseReturnValue:
    """Show the sign-in form."""
    if who.nickname and pages.own_credentials(who):
        return redirect(requested_page() or url_for("account.index"), 302)
    return _sign_in_page(who, SignInForm(formdata=None, mine=True), {})


@blueprint.post("/sign-in")
@checks_token
@access.learner
@throttled(rate_limits.SIGNED_IN)
def submit_sign_in(who: Learner) -> ResponseReturnValue:
    """Sign in; an unknown nickname and a wrong passphrase look and take the same."""
    form = SignInForm()
    if not form.has_valid_token:
        return _sign_in_page(who, form, pages.token_error()), 400
    nickname, errors = pages.checked_nickname(form.nickname.data)
    passphrase = passphrases.normalize(form.passphrase.data or "")
    errors = {field: "missing" for field, why in errors.items() if why == "empty"}
    if errors := errors | ({} if passphrase else {"passphrase": "missing"}):
        return _sign_in_page(who, form, errors), 422
    key = nicknames.key(nickname)
    if wait := throttling.sign_in_delay(key):
        return pages.throttled_page(wait)
    credentials = queries.find_by_nickname(extensions.read_session(), key)
    extensions.close_read_session()
    hasher = extensions.hasher()
    is_correct = passphrases.verify(
        hasher, credentials.passphrase_hash if credentials else None, passphrase
    )
    if credentials is None or not is_correct:
        throttling.record_failed_sign_in(key)
        return _sign_in_page(who, form, {"": "together"}), 422
    if hasher.check_needs_rehash(credentials.passphrase_hash):
        encoded = hasher.hash(passphrase)
        with extensions.transaction() as session:
            actions.change_passphrase(session, credentials, encoded)
    throttling.record_sign_in(key)
    if not _sign_in(who, credentials, form):
        return _sign_in_page(who, form, {"": "together"}), 422
    return redirect(next_page(), 303)


@blueprint.get("/recover")
@access.learner
def recover(who: Learner) -> ResponseReturnValue:
    """Show the form for a recovery code and a new passphrase."""
    return _recovery_page(who, RecoverForm(formdata=None, mine=True), {})


@blueprint.post("/recover")
@checks_token
@access.learner
@throttled(rate_limits.SIGNED_IN)
def submit_recovery(who: Learner) -> ResponseReturnValue:
    """Replace the passphrase and the recovery code, and sign in."""
    form = RecoverForm()
    has_valid_token = form.has_valid_token
    passphrase = passphrases.normalize(form.passphrase.data or "")
    if resent := _resent_code_page(who, form, passphrase, has_valid_token=has_valid_token):
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
@access.learner
def sign_out(who: Learner) -> ResponseReturnValue:
    """Ask for confirmation."""
    if not who.nickname:
        return redirect(url_for("account.signed_out"), 302)
    return render_template("account/sign_out.html", nickname=who.nickname, expired=False)


@blueprint.post("/sign-out")
@checks_token
@access.learner
def submit_sign_out(who: Learner) -> ResponseReturnValue:
    """Clear the session, and the browser's copies of our pages."""
    if who.nickname and not SignOutForm().has_valid_token:
        return render_template("account/sign_out.html", nickname=who.nickname, expired=True), 400
    access.sign_out()
    response = redirect(url_for("account.signed_out"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/signed-out")
@access.learner
def signed_out(who: Learner) -> ResponseReturnValue:
    """Confirm; somebody who is signed in is sent to their account."""
    if who.nickname:
        return redirect(url_for("account.index"), 302)
    return render_template("account/signed_out.html")


def _register(
    who: Learner, form: RegistrationForm, nickname: str, passphrase: str
) -> ResponseReturnValue:
    if who.account is None:
        raise AssertionError("ensure_guest was not called before")
    draft = pages.draft_or_new(form.draft.data)
    code = pages.code_from_draft(draft)
    extensions.close_read_session()
    credentials = Credentials(
        account=who.account,
        nickname=nickname,
        nickname_key=nicknames.key(nickname),
        passphrase_hash=extensions.hasher().hash(passphrase),
        recovery_digest=codes.digest(code),
        registered_at=access.now(),
    )
    try:
        with extensions.transaction() as session:
            conflict = actions.register(session, credentials, is_persisted=who.is_persisted)
    except AccountGoneError:  # deleted in another tab: a new guest, and the same page
        access.new_guest()
        return _registration_page(form, pages.token_error()), 400
    if conflict is None:
        throttling.record_sign_in(credentials.nickname_key)
        _sign_in(who, credentials, form)
        return pages.recovery_code_page(code, credentials)
    if conflict.is_registered:  # the same page, sent twice at once
        resent = _resent_code_page(who, form, passphrase, has_valid_token=True)
        return resent or redirect(url_for("account.index"), 303)
    if conflict.is_nickname_taken:
        return _registration_page(form, {"nickname": "taken"}), 422
    form.draft.data = None
    return _registration_page(form, pages.token_error()), 400


def _read_code(form: RecoverForm) -> tuple[str, Errors, int]:
    """Return the code, its errors, and the number of letters and digits that were typed."""
    try:
        return codes.parse(form.code.data or ""), {}, codes.LENGTH
    except codes.CodeError as error:
        return "", {"code": error.reason}, error.count


def _recover(
    who: Learner, form: RecoverForm, credentials: Credentials, passphrase: str
) -> ResponseReturnValue:
    code = pages.code_from_draft(pages.draft_or_new(form.draft.data))
    extensions.close_read_session()
    encoded = extensions.hasher().hash(passphrase)
    with extensions.transaction() as session:
        is_done = actions.recover(session, credentials, encoded, codes.digest(code))
    if not is_done:  # the same page, sent twice at once
        resent = _resent_code_page(who, form, passphrase, has_valid_token=True)
        return resent or (_recovery_page(who, form, {"code": "unknown"}), 422)
    throttling.record_sign_in(credentials.nickname_key)
    if not _sign_in(who, credentials, form):
        return _recovery_page(who, form, {"code": "unknown"}), 422
    return pages.recovery_code_page(code, credentials)


def _resent_code_page(
    who: Learner, form: RegistrationForm | RecoverForm, passphrase: str, *, has_valid_token: bool
) -> str | None:
    """Return the page with the recovery code again if this very form made that code.

    This is a double click or a reload: only our page has the draft, and the passphrase must match.
    """
    draft = form.draft.data or ""
    if not codes.is_draft(draft):
        return None
    code = pages.code_from_draft(draft)
    credentials = queries.find_by_recovery_code(extensions.read_session(), codes.digest(code))
    extensions.close_read_session()
    if credentials is None or not passphrases.verify(
        extensions.hasher(), credentials.passphrase_hash, passphrase
    ):
        return None
    if who.account != credentials.account:
        if not has_valid_token:
            return None
        _sign_in(who, credentials, form)
    return pages.recovery_code_page(code, credentials)


def _sign_in(
    who: Learner, credentials: Credentials, form: RegistrationForm | SignInForm | RecoverForm
) -> bool:
    """Sign in; return False if the account was deleted at this moment."""
    was_asked = who.is_persisted_guest and not isinstance(form, RegistrationForm)
    merge = bool(form.mine.data) if was_asked else True
    return complete_sign_in(
        who, credentials.account, credentials.nickname, stay=not form.shared.data, merge=merge
    )


def _registration_page(form: RegistrationForm, errors: Errors) -> str:
    is_nickname_taken = errors.get("nickname") == "taken"
    return render_template(
        "account/register.html",
        form=form,
        errors=errors,
        draft=pages.draft_or_new(form.draft.data),
        suggestions=pages.suggestions(form.nickname.data) if is_nickname_taken else (),
    )


def _sign_in_page(who: Learner, form: SignInForm, errors: Errors) -> str:
    return render_template(
        "account/sign_in.html",
        form=form,
        errors=errors,
        has_answers=who.is_persisted_guest,
        requested_page=requested_page(),
    )


def _recovery_page(who: Learner, form: RecoverForm, errors: Errors, count: int = 0) -> str:
    return render_template(
        "account/recover.html",
        form=form,
        errors=errors,
        count=count,
        length=codes.LENGTH,
        draft=pages.draft_or_new(form.draft.data),
        has_answers=who.is_persisted_guest,
    )
