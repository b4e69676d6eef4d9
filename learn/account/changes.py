"""The account page, and changes of nickname, passphrase and recovery code."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, nicknames, own_passkeys, rate_limits, sign_in_sessions
from learn.access import Learner
from learn.account import actions, blueprint, codes, pages, passphrases, queries, throttling
from learn.account.actions import RecoveryCodeTakenError
from learn.account.confirmation import check_passphrase
from learn.account.forms import CodeForm, NicknameForm, PassphraseForm
from learn.account.pages import Errors
from learn.account.queries import Credentials, OwnSession
from learn.forms import checks_token
from learn.own_passkeys import PasskeyView
from learn.sign_in.sessions import renew_session
from learn.sign_in_sessions import ConfirmedBy
from learn.throttling import throttled

_DONE = ("nickname", "passphrase", "device", "others")
_SECURITY_CHANGES = ("passphrase", "device", "others")
"""After these, the page asks to check what else can get into the account."""


@blueprint.get("/account")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """Show the account; a guest is sent to register."""
    credentials = pages.own_credentials(who)
    if credentials is None:
        return _redirect_guest(who)
    if who.nickname != credentials.nickname:  # changed elsewhere, or the page after “Keep” got lost
        access.set_nickname(credentials.nickname)
    done = request.args.get("done")
    is_security_change = done in _SECURITY_CHANGES
    return render_template(
        "account/index.html",
        credentials=credentials,
        done=done if done in _DONE else "",
        is_security_change=is_security_change,
        passkeys=_own_passkeys(who) if is_security_change else [],
        sessions=_own_sessions(who),
        is_educator=bool(access.educator_name(who)),
    )


@blueprint.get("/account/nickname")
@access.learner
@access.confirmed
def nickname(who: Learner) -> ResponseReturnValue:
    """Show the form for another nickname."""
    credentials = pages.own_credentials(who)
    return (
        _nickname_page(NicknameForm(formdata=None, obj=credentials), {})
        if credentials
        else _redirect_guest(who)
    )


@blueprint.post("/account/nickname")
@checks_token
@access.learner
@access.confirmed
def change_nickname(who: Learner) -> ResponseReturnValue:
    """Change the nickname if it is free."""
    credentials, form = pages.own_credentials(who), NicknameForm()
    if credentials is None:
        return _redirect_guest(who)
    if not form.has_valid_token:
        return _nickname_page(form, pages.token_error()), 400
    wanted, errors = pages.validate_nickname(form.nickname.data)
    if errors:
        return _nickname_page(form, errors), 422
    if wait := throttling.count_registration():
        return pages.throttled_page(wait)
    with extensions.transaction() as session:
        access.hold_session(session, who)
        is_free = actions.change_nickname(
            session, credentials.account, wanted, nicknames.skeleton(wanted)
        )
    if not is_free:
        return _nickname_page(form, {"nickname": "taken"}), 422
    access.set_nickname(wanted)
    return redirect(url_for("account.index", done="nickname"), 303)


@blueprint.get("/account/passphrase")
@access.learner
def passphrase(who: Learner) -> ResponseReturnValue:
    """Show the form for another passphrase."""
    credentials = pages.own_credentials(who)
    return _passphrase_page(who, credentials, {}) if credentials else _redirect_guest(who)


def _is_changed(who: Learner) -> ResponseReturnValue | None:
    if not access.renewed_before(who):
        return None
    return redirect(url_for("account.index", done="passphrase"), 303)


@blueprint.post("/account/passphrase")
@checks_token
@access.learner(when_sent_again=_is_changed)
@throttled(rate_limits.SIGNED_IN)
def change_passphrase(who: Learner) -> ResponseReturnValue:
    """Change the passphrase, given the current one."""
    credentials, form = pages.own_credentials(who), PassphraseForm()
    if credentials is None:
        return _redirect_guest(who)
    wanted = passphrases.normalize(form.passphrase.data or "")
    errors = pages.checked_passphrase(wanted, credentials.nickname)
    if (wait := check_passphrase(who, credentials, form, errors)) or errors:
        access.raise_if_ended(who)
        return wait or (_passphrase_page(who, credentials, errors), pages.status_code(errors))
    encoded = extensions.hasher().hash(wanted)
    if not _replace_passphrase(who, credentials, encoded):
        access.raise_if_ended(who)  # the same page, sent twice at once, or a change elsewhere
        return _passphrase_page(who, credentials, {"current": "other"}), 422
    return redirect(url_for("account.index", done="passphrase"), 303)


@blueprint.get("/account/code")
@access.learner
def code(who: Learner) -> ResponseReturnValue:
    """Show the form for another recovery code."""
    credentials = pages.own_credentials(who)
    return (
        _code_page(who, credentials, CodeForm(formdata=None), {})
        if credentials
        else _redirect_guest(who)
    )


@blueprint.post("/account/code")
@checks_token
@access.learner
@throttled(rate_limits.SIGNED_IN)
def change_code(who: Learner) -> ResponseReturnValue:
    """Replace the recovery code and show it, given the passphrase; a resend changes nothing."""
    credentials, form = pages.own_credentials(who), CodeForm()
    if credentials is None:
        return _redirect_guest(who)
    errors = Errors()
    if (wait := check_passphrase(who, credentials, form, errors)) or errors:
        return wait or (_code_page(who, credentials, form, errors), pages.status_code(errors))
    owner = credentials.account.hex
    code = pages.code_from_seed(pages.seed_or_new(form.code_seed.data), owner)
    try:
        is_stored = _store_code(credentials, code)
    except RecoveryCodeTakenError:  # by another account, with the same seed
        code = pages.code_from_seed(pages.new_seed(), owner)
        is_stored = _store_code(credentials, code)
    if not is_stored:
        return _code_page(who, credentials, form, {"current": "other"}), 422
    return pages.recovery_code_page(code, credentials)


def _own_sessions(who: Learner) -> list[OwnSession]:
    if who.account is None or who.session is None:
        return []
    return queries.own_sessions(extensions.read_session(), who.account, who.session)


def _own_passkeys(who: Learner) -> list[PasskeyView]:
    return own_passkeys.passkeys(extensions.read_session(), who.account) if who.account else []


def _store_code(credentials: Credentials, code: str) -> bool:
    """Store the recovery code; return False if the code or the passphrase changed since.

    The same form, submitted twice at once, stores one code. Raises RecoveryCodeTakenError.
    """
    digest = codes.digest(code)
    if digest == credentials.recovery_digest:
        return True
    with extensions.transaction() as session:
        if actions.change_recovery_code(session, credentials, digest):
            return True
    now = queries.find_by_account(extensions.read_session(), credentials.account)
    return now is not None and now.recovery_digest == digest


def _replace_passphrase(who: Learner, credentials: Credentials, new_hash: str) -> bool:
    """Change the passphrase and end all other sessions; return False if it changed meanwhile."""
    if who.session is None:
        raise AssertionError("nobody is signed in")
    is_by_passkey = access.confirmed_by(who) is ConfirmedBy.PASSKEY
    with extensions.transaction() as session:
        if not actions.change_passphrase(session, credentials, new_hash, but=who.session):
            return False
        own = renew_session(session, who)
        if not is_by_passkey:  # else that stays
            by = ConfirmedBy.PASSPHRASE
            sign_in_sessions.confirm(session, credentials.account, own, access.now(), by)
    access.set_session(own)
    return True


def _redirect_guest(who: Learner) -> ResponseReturnValue:
    """Redirect to registration; sign out first if the account was deleted elsewhere."""
    if who.nickname:
        access.sign_out()
    return redirect(url_for("account.register"), 302 if request.method == "GET" else 303)


def _nickname_page(form: NicknameForm, errors: Errors) -> str:
    is_nickname_taken = errors.get("nickname") == "taken"
    return render_template(
        "account/nickname.html",
        form=form,
        errors=errors,
        suggestions=pages.suggestions(form.nickname.data) if is_nickname_taken else (),
    )


def _passphrase_page(who: Learner, credentials: Credentials, errors: Errors) -> str:
    return render_template(
        "account/passphrase.html",
        nickname=credentials.nickname,
        errors=errors,
        used_passkey=access.confirmed_by(who) is ConfirmedBy.PASSKEY,
    )


def _code_page(who: Learner, credentials: Credentials, form: CodeForm, errors: Errors) -> str:
    return render_template(
        "account/new_code.html",
        nickname=credentials.nickname,
        errors=errors,
        used_passkey=access.confirmed_by(who) is ConfirmedBy.PASSKEY,
        code_seed=pages.seed_or_new(form.code_seed.data),
    )
