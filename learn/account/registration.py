"""Registration: save a guest's progress under a nickname and a passphrase."""

from __future__ import annotations

import uuid

import uuid_utils.compat
from flask import redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from learn import access, extensions, nicknames, rate_limits
from learn import session_cookie as cookie
from learn.access import Learner
from learn.account import actions, blueprint, codes, pages, passphrases, throttling
from learn.account.actions import RegistrationConflictError
from learn.account.forms import RegistrationForm
from learn.account.pages import Errors
from learn.account.queries import Credentials
from learn.account.signing_in import resent_code_page
from learn.account_merge.queries import merged_into
from learn.accounts import AccountGoneError
from learn.forms import checks_token
from learn.sign_in.flow import retry_merge, work_on_device
from learn.sign_in.sessions import start_session
from learn.sign_in.verified_account import VerifiedAccount
from learn.throttling import throttled


@blueprint.get("/keep")
@access.learner(is_for_signed_out=True)
def register(who: Learner) -> ResponseReturnValue:
    """Show the registration form."""
    if pages.own_credentials(who):
        return redirect(url_for("account.index"), 302)
    access.ensure_guest(who)
    return _registration_page(RegistrationForm(formdata=None), {})


@blueprint.post("/keep")
@checks_token
@access.learner(is_for_signed_out=True)
@throttled(rate_limits.NEW_GUEST)
def submit_registration(who: Learner) -> ResponseReturnValue:
    """Register the guest's account, and show its recovery code.

    The code is in this response, not after a redirect, so that a resent form shows it again.
    """
    form = RegistrationForm()
    has_valid_token = form.has_valid_token
    passphrase = passphrases.normalize(form.passphrase.data or "")
    if resent := resent_code_page(who, form, passphrase, has_valid_token=has_valid_token):
        return resent
    if pages.own_credentials(who):
        return redirect(url_for("account.index"), 303)
    if not has_valid_token or who.account is None:
        access.ensure_guest(who)
        return _registration_page(form, pages.token_error()), 400
    nickname, errors = pages.validate_nickname(form.nickname.data)
    if errors := errors | pages.checked_passphrase(passphrase, nickname):
        return _registration_page(form, errors), 422
    if wait := throttling.count_registration():
        return pages.throttled_page(wait)
    return _register(who, form, nickname, passphrase)


def _register(
    who: Learner, form: RegistrationForm, nickname: str, passphrase: str
) -> ResponseReturnValue:
    seed = pages.seed_or_new(form.code_seed.data)
    code = pages.code_from_seed(seed, form.owner)
    extensions.close_read_session()
    credentials = Credentials(
        account=uuid_utils.compat.uuid7(),
        nickname=nickname,
        nickname_key=nicknames.skeleton(nickname),
        passphrase_hash=extensions.hasher().hash(passphrase),
        recovery_digest=codes.digest(code),
        registered_at=access.now(),
    )
    try:
        session_id = _create_account(who, credentials)
    except (AccountGoneError, RegistrationConflictError) as error:
        # The same form, submitted twice at once?
        resent = resent_code_page(who, form, passphrase, has_valid_token=True)
        return resent or _conflict_page(who, form, error)
    throttling.record_sign_in(credentials.nickname_key, credentials.account)
    stay = not form.shared.data
    known = {
        key: browser[key] for key in (cookie.SAVED_QUESTIONS_KEY, cookie.PATH_KEY) if key in browser
    }
    access.sign_in(credentials.account, nickname, session_id, stay=stay, same_person=True)
    browser.update({cookie.SAVED_QUESTIONS_KEY: "", **known})  # nothing was saved elsewhere
    return pages.recovery_code_page(code, credentials)


def _create_account(who: Learner, credentials: Credentials) -> uuid.UUID:
    """Create the account from the guest, and return the id of its first session.

    Raises AccountGoneError or RegistrationConflictError.
    """
    guest = who.account
    if guest is None:
        raise AssertionError("ensure_guest was not called before")
    verified = VerifiedAccount(
        credentials.account, credentials.nickname, credentials.passphrase_hash
    )

    def create(session: Session) -> uuid.UUID:
        actions.register(session, credentials, guest, is_persisted=who.is_persisted)
        return start_session(session, who, verified)

    return retry_merge(create)


def _conflict_page(
    who: Learner, form: RegistrationForm, error: AccountGoneError | RegistrationConflictError
) -> ResponseReturnValue:
    """Show the form again: for another nickname, to a new guest, or with a link to sign in."""
    if isinstance(error, RegistrationConflictError):
        if error.is_nickname_taken:
            return _registration_page(form, {"nickname": "taken"}), 422
        form.code_seed.data = None
        return _registration_page(form, pages.token_error()), 400
    if who.account and merged_into(extensions.read_session(), who.account, access.now()):
        return _registration_page(form, {"": "registered"}), 422
    access.new_guest()  # deleted in another tab
    return _registration_page(form, pages.token_error()), 400


def _registration_page(form: RegistrationForm, errors: Errors) -> str:
    is_nickname_taken = errors.get("nickname") == "taken"
    return render_template(
        "account/register.html",
        form=form,
        errors=errors,
        work=work_on_device(access.current_learner()),
        code_seed=pages.seed_or_new(form.code_seed.data),
        suggestions=pages.suggestions(form.nickname.data) if is_nickname_taken else (),
    )
