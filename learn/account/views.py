"""Keep my progress, sign in, come back by the recovery code, sign out."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, nicknames
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
from learn.account.forms import KeepForm, RecoverForm, SignInForm, SignOutForm
from learn.account.pages import Problems
from learn.account.queries import WayIn
from learn.account_merge.redirects import next_page, requested_page
from learn.account_merge.sign_in import complete_sign_in
from learn.accounts import AccountGoneError

__all__ = ["blueprint", "changes"]


@blueprint.get("/keep")
@access.learner
def keep(who: Learner) -> ResponseReturnValue:
    """A nickname and a passphrase, for whoever wants to go on elsewhere."""
    if pages.own(who):
        return redirect(url_for("account.index"), 302)
    access.ensure_guest(who)
    return _keep_page(KeepForm(formdata=None), {})


@blueprint.post("/keep")
@extensions.csrf.exempt  # the form checks its token itself, so that the nickname can be kept
@access.learner
def keep_now(who: Learner) -> ResponseReturnValue:
    """Make the guest's account a kept one, and show its recovery code.

    The page comes with this answer and not after a redirect: sent again, it is the same page.
    """
    form = KeepForm()
    is_ours = form.has_valid_token
    passphrase = passphrases.prepared(form.passphrase.data or "")
    if again := _sent_before(who, form, passphrase, is_ours=is_ours):
        return again
    if pages.own(who):
        return redirect(url_for("account.index"), 303)
    if not is_ours or who.account is None:
        access.ensure_guest(who)
        return _keep_page(form, pages.expired()), 400
    nickname, problems = pages.checked_nickname(form.nickname.data)
    if problems := problems | pages.checked_passphrase(passphrase, nickname):
        return _keep_page(form, problems), 422
    if wait := throttling.registration_delay():
        return pages.wait_page(wait)
    return _keep(who, form, nickname, passphrase)


@blueprint.get("/sign-in")
@access.learner
def sign_in(who: Learner) -> ResponseReturnValue:
    """By nickname and passphrase."""
    if who.nickname and pages.own(who):
        return redirect(requested_page() or url_for("account.index"), 302)
    return _sign_in_page(who, SignInForm(formdata=None, mine=True), {})


@blueprint.post("/sign-in")
@extensions.csrf.exempt  # the form checks its token itself, so that the nickname can be kept
@access.learner
def sign_in_now(who: Learner) -> ResponseReturnValue:
    """One answer to an unknown nickname and to another passphrase, after the same time."""
    form = SignInForm()
    if not form.has_valid_token:
        return _sign_in_page(who, form, pages.expired()), 400
    nickname, problems = pages.checked_nickname(form.nickname.data)
    passphrase = passphrases.prepared(form.passphrase.data or "")
    problems = {field: "missing" for field, why in problems.items() if why == "empty"}
    if problems := problems | ({} if passphrase else {"passphrase": "missing"}):
        return _sign_in_page(who, form, problems), 422
    key = nicknames.key(nickname)
    if wait := throttling.sign_in_delay(key):
        return pages.wait_page(wait)
    way = queries.of_nickname(extensions.read_session(), key)
    extensions.close_read_session()
    hasher = extensions.hasher()
    is_it = passphrases.verify(hasher, way.passphrase if way else None, passphrase)
    if way is None or not is_it:
        throttling.record_failed_sign_in(key)
        return _sign_in_page(who, form, {"": "together"}), 422
    if hasher.check_needs_rehash(way.passphrase):
        encoded = hasher.hash(passphrase)
        with extensions.transaction() as session:
            actions.change_passphrase(session, way, encoded)
    throttling.record_sign_in(key)
    if not _come_in(who, way, form):
        return _sign_in_page(who, form, {"": "together"}), 422
    return redirect(next_page(), 303)


@blueprint.get("/recover")
@access.learner
def recover(who: Learner) -> ResponseReturnValue:
    """By the recovery code, for whoever has forgotten the passphrase, or the nickname."""
    return _recover_page(who, RecoverForm(formdata=None, mine=True), {})


@blueprint.post("/recover")
@extensions.csrf.exempt  # the form checks its token itself, so that the code can be kept
@access.learner
def recover_now(who: Learner) -> ResponseReturnValue:
    """A new passphrase for whoever has the code, and a new code in place of it."""
    form = RecoverForm()
    is_ours = form.has_valid_token
    passphrase = passphrases.prepared(form.passphrase.data or "")
    if again := _sent_before(who, form, passphrase, is_ours=is_ours):
        return again
    code, problems, count = _read_code(form)
    problems |= pages.checked_passphrase(passphrase, "")
    if not is_ours:
        problems = pages.expired()
    if problems:
        return _recover_page(who, form, problems, count), pages.status(problems)
    if wait := throttling.recovery_delay():
        return pages.wait_page(wait)
    way = queries.of_recovery(extensions.read_session(), codes.digest(code))
    if way is None:
        throttling.record_failed_recovery()
        problems = {"code": "unknown"}
    else:
        problems = pages.checked_passphrase(passphrase, way.nickname)
    if way is None or problems:
        return _recover_page(who, form, problems), 422
    return _recover(who, form, way, passphrase)


@blueprint.get("/sign-out")
@access.learner
def sign_out(who: Learner) -> ResponseReturnValue:
    """Before somebody leaves this device."""
    if not who.nickname:
        return redirect(url_for("account.signed_out"), 302)
    return render_template("account/sign_out.html", nickname=who.nickname, expired=False)


@blueprint.post("/sign-out")
@extensions.csrf.exempt  # the form checks its token itself, so that the page can come again
@access.learner
def sign_out_now(who: Learner) -> ResponseReturnValue:
    """Clear the cookie, and what the browser has kept of our pages."""
    if who.nickname and not SignOutForm().has_valid_token:
        return render_template("account/sign_out.html", nickname=who.nickname, expired=True), 400
    access.sign_out()
    response = redirect(url_for("account.signed_out"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/signed-out")
@access.learner
def signed_out(who: Learner) -> ResponseReturnValue:
    """It is done; somebody who is signed in is not told so."""
    if who.nickname:
        return redirect(url_for("account.index"), 302)
    return render_template("account/signed_out.html")


def _keep(who: Learner, form: KeepForm, nickname: str, passphrase: str) -> ResponseReturnValue:
    if who.account is None:
        raise AssertionError("a learner was greeted before")
    draft = pages.draft_of(form.draft.data)
    code = pages.code_of(draft)
    extensions.close_read_session()
    way = WayIn(
        account=who.account,
        nickname=nickname,
        key=nicknames.key(nickname),
        passphrase=extensions.hasher().hash(passphrase),
        recovery=codes.digest(code),
        kept_since=access.now(),
    )
    try:
        with extensions.transaction() as session:
            not_kept = actions.keep(session, way, is_persisted=who.is_persisted)
    except AccountGoneError:  # deleted in another tab: a new guest, and the same page
        access.new_guest()
        return _keep_page(form, pages.expired()), 400
    if not_kept is None:
        throttling.record_sign_in(way.key)
        _come_in(who, way, form)
        return pages.code_page(code, way)
    if not_kept.is_kept:  # the same page, sent twice at once
        again = _sent_before(who, form, passphrase, is_ours=True)
        return again or redirect(url_for("account.index"), 303)
    if not_kept.is_taken:
        return _keep_page(form, {"nickname": "taken"}), 422
    form.draft.data = None
    return _keep_page(form, pages.expired()), 400


def _read_code(form: RecoverForm) -> tuple[str, Problems, int]:
    """The code, or what is the matter with it, and how many letters and numbers it has."""
    try:
        return codes.read(form.code.data or ""), {}, codes.LENGTH
    except codes.CodeError as error:
        return "", {"code": error.problem}, error.count


def _recover(who: Learner, form: RecoverForm, way: WayIn, passphrase: str) -> ResponseReturnValue:
    code = pages.code_of(pages.draft_of(form.draft.data))
    extensions.close_read_session()
    encoded = extensions.hasher().hash(passphrase)
    with extensions.transaction() as session:
        is_done = actions.recover(session, way, encoded, codes.digest(code))
    if not is_done:  # the same page, sent twice at once
        again = _sent_before(who, form, passphrase, is_ours=True)
        return again or (_recover_page(who, form, {"code": "unknown"}), 422)
    throttling.record_sign_in(way.key)
    if not _come_in(who, way, form):
        return _recover_page(who, form, {"code": "unknown"}), 422
    return pages.code_page(code, way)


def _sent_before(
    who: Learner, form: KeepForm | RecoverForm, passphrase: str, *, is_ours: bool
) -> str | None:
    """The page with the recovery code once more, if this very form made that code.

    A double click or a reload: only our page has the draft, only its writer the passphrase.
    """
    draft = form.draft.data or ""
    if not codes.is_draft(draft):
        return None
    code = pages.code_of(draft)
    way = queries.of_recovery(extensions.read_session(), codes.digest(code))
    extensions.close_read_session()
    if way is None or not passphrases.verify(extensions.hasher(), way.passphrase, passphrase):
        return None
    if who.account != way.account:
        if not is_ours:
            return None
        _come_in(who, way, form)
    return pages.code_page(code, way)


def _come_in(who: Learner, way: WayIn, form: KeepForm | SignInForm | RecoverForm) -> bool:
    """Sign them in; False if the account was deleted at this very moment."""
    was_asked = _has_answers(who) and not isinstance(form, KeepForm)
    merge = bool(form.mine.data) if was_asked else True
    return complete_sign_in(who, way.account, way.nickname, stay=not form.shared.data, merge=merge)


def _keep_page(form: KeepForm, problems: Problems) -> str:
    is_taken = problems.get("nickname") == "taken"
    return render_template(
        "account/keep.html",
        form=form,
        problems=problems,
        draft=pages.draft_of(form.draft.data),
        suggestions=pages.suggestions(form.nickname.data) if is_taken else (),
    )


def _sign_in_page(who: Learner, form: SignInForm, problems: Problems) -> str:
    return render_template(
        "account/sign_in.html",
        form=form,
        problems=problems,
        has_answers=_has_answers(who),
        requested_page=requested_page(),
    )


def _recover_page(who: Learner, form: RecoverForm, problems: Problems, count: int = 0) -> str:
    return render_template(
        "account/recover.html",
        form=form,
        problems=problems,
        count=count,
        length=codes.LENGTH,
        draft=pages.draft_of(form.draft.data),
        has_answers=_has_answers(who),
    )


def _has_answers(who: Learner) -> bool:
    """Whether a guest has answered on this device."""
    return bool(who.account and who.is_persisted and not who.nickname)
