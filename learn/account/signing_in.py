"""Sign the visitor in with a form, and show a recovery code again."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from learn import extensions
from learn.access import Learner
from learn.account import codes, pages, passphrases, queries, throttling
from learn.account.forms import RecoverForm, RegistrationForm, SignInForm
from learn.account.queries import Credentials
from learn.sign_in.flow import SignInOptions, complete_sign_in
from learn.sign_in.verified_account import VerifiedAccount


def resent_code_page(
    who: Learner, form: RegistrationForm | RecoverForm, passphrase: str, *, has_valid_token: bool
) -> ResponseReturnValue | None:
    """Return the page with the recovery code again if this very form made that code.

    This is a double click or a reload: only our page has the seed, and the passphrase must match.
    It is limited as at sign-in: returns a page that says so if the visitor is throttled.
    """
    seed = form.code_seed.data or ""
    if not codes.is_seed(seed):
        return None
    code = pages.code_from_seed(seed, form.owner)
    credentials = queries.find_by_recovery_code(extensions.read_session(), codes.digest(code))
    extensions.close_read_session()
    is_own = credentials is not None and who.account == credentials.account
    if credentials is None or not (is_own or has_valid_token):
        return None
    if wait := throttling.count_sign_in_attempt(credentials.nickname_key, credentials.account):
        return pages.throttled_page(wait)
    if not passphrases.verify(extensions.hasher(), credentials.passphrase_hash, passphrase):
        throttling.record_failed_sign_in(credentials.nickname_key)
        return None
    throttling.record_sign_in(credentials.nickname_key, credentials.account)
    if not is_own:
        sign_in_with_form(who, credentials, form)
    recovery = pages.Recovery(None) if isinstance(form, RecoverForm) else None
    return pages.recovery_code_page(code, credentials, recovery)


def sign_in_with_form(
    who: Learner, credentials: Credentials, form: RegistrationForm | SignInForm | RecoverForm
) -> bool:
    """Sign in; return False if the account was deleted or its passphrase changed at this moment."""
    merge = not isinstance(form, RegistrationForm) and bool(form.mine.data)
    return complete_sign_in(
        who,
        VerifiedAccount(credentials.account, credentials.nickname, credentials.passphrase_hash),
        SignInOptions(stay=not form.shared.data, merge=merge),
    )
