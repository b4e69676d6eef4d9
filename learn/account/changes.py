"""What the owner of a kept account sees and changes."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, nicknames
from learn.access import Learner
from learn.account import actions, blueprint, codes, pages, passphrases, throttling
from learn.account.forms import CodeForm, NicknameForm, PassphraseForm
from learn.account.pages import Problems
from learn.account.queries import WayIn

_DONE = ("nickname", "passphrase")


@blueprint.get("/account")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """The nickname, and what can be changed. A guest is shown how to become one who is kept."""
    way = pages.own(who)
    if way is None:
        return _as_guest(who)
    if who.nickname != way.nickname:  # changed elsewhere, or the page after “Keep” got lost
        access.set_nickname(way.nickname)
    done = request.args.get("done")
    return render_template(
        "account/index.html",
        way=way,
        done=done if done in _DONE else "",
        is_educator=bool(access.educator_name(who)),
    )


@blueprint.get("/account/nickname")
@access.learner
def nickname(who: Learner) -> ResponseReturnValue:
    """Another nickname."""
    way = pages.own(who)
    return _nickname_page(NicknameForm(formdata=None, obj=way), {}) if way else _as_guest(who)


@blueprint.post("/account/nickname")
@extensions.csrf.exempt  # the form checks its token itself, so that the nickname can be kept
@access.learner
def change_nickname(who: Learner) -> ResponseReturnValue:
    """Take it, if it is free."""
    way, form = pages.own(who), NicknameForm()
    if way is None:
        return _as_guest(who)
    if not form.has_valid_token:
        return _nickname_page(form, pages.expired()), 400
    wanted, problems = pages.checked_nickname(form.nickname.data)
    if problems:
        return _nickname_page(form, problems), 422
    if wait := throttling.registration_delay():
        return pages.wait_page(wait)
    with extensions.transaction() as session:
        is_free = actions.change_nickname(session, way.account, wanted, nicknames.key(wanted))
    if not is_free:
        return _nickname_page(form, {"nickname": "taken"}), 422
    access.set_nickname(wanted)
    return redirect(url_for("account.index", done="nickname"), 303)


@blueprint.get("/account/passphrase")
@access.learner
def passphrase(who: Learner) -> ResponseReturnValue:
    """Another passphrase."""
    way = pages.own(who)
    return _passphrase_page(way, {}) if way else _as_guest(who)


@blueprint.post("/account/passphrase")
@extensions.csrf.exempt  # the form checks its token itself, so that the page can come again
@access.learner
def change_passphrase(who: Learner) -> ResponseReturnValue:
    """Take it, from somebody who knows the one before."""
    way, form = pages.own(who), PassphraseForm()
    if way is None:
        return _as_guest(who)
    wanted = passphrases.prepared(form.passphrase.data or "")
    problems = pages.checked_passphrase(wanted, way.nickname)
    if (wait := _ask_owner(way, form, problems)) or problems:
        return wait or (_passphrase_page(way, problems), pages.status(problems))
    encoded = extensions.hasher().hash(wanted)
    with extensions.transaction() as session:
        is_done = actions.change_passphrase(session, way, encoded)
    if not is_done:  # the same page, sent twice at once, or a change elsewhere
        return _passphrase_page(way, {"current": "other"}), 422
    return redirect(url_for("account.index", done="passphrase"), 303)


@blueprint.get("/account/code")
@access.learner
def code(who: Learner) -> ResponseReturnValue:
    """Another recovery code."""
    way = pages.own(who)
    return _code_page(way, CodeForm(formdata=None), {}) if way else _as_guest(who)


@blueprint.post("/account/code")
@extensions.csrf.exempt  # the form checks its token itself, so that the page can come again
@access.learner
def change_code(who: Learner) -> ResponseReturnValue:
    """Make it and show it, to somebody who knows the passphrase; sent again, it is the same."""
    way, form = pages.own(who), CodeForm()
    if way is None:
        return _as_guest(who)
    problems = Problems()
    if (wait := _ask_owner(way, form, problems)) or problems:
        return wait or (_code_page(way, form, problems), pages.status(problems))
    made = pages.code_of(pages.draft_of(form.draft.data))
    if codes.digest(made) != way.recovery:
        with extensions.transaction() as session:
            actions.change_recovery(session, way, codes.digest(made))
    return pages.code_page(made, way)


def _ask_owner(
    way: WayIn, form: PassphraseForm | CodeForm, problems: Problems
) -> ResponseReturnValue | None:
    """Whether the passphrase up to now is in the form: adds to `problems` where it is not.

    A page to wait with, where it was tried too often. It is not compared as long as there are
    other problems.
    """
    current = passphrases.prepared(form.current.data or "")
    if not form.has_valid_token:
        problems |= pages.expired()
    elif not current:
        problems["current"] = "missing"
    elif not problems:
        if wait := throttling.sign_in_delay(way.key):
            return pages.wait_page(wait)
        extensions.close_read_session()
        if passphrases.verify(extensions.hasher(), way.passphrase, current):
            throttling.record_sign_in(way.key)
        else:
            throttling.record_failed_sign_in(way.key)
            problems["current"] = "other"
    return None


def _as_guest(who: Learner) -> ResponseReturnValue:
    """Nothing is kept under a nickname; where it was once, it was deleted on another device."""
    if who.nickname:
        access.sign_out()
    return redirect(url_for("account.keep"), 302 if request.method == "GET" else 303)


def _nickname_page(form: NicknameForm, problems: Problems) -> str:
    is_taken = problems.get("nickname") == "taken"
    return render_template(
        "account/nickname.html",
        form=form,
        problems=problems,
        suggestions=pages.suggestions(form.nickname.data) if is_taken else (),
    )


def _passphrase_page(way: WayIn, problems: Problems) -> str:
    return render_template("account/passphrase.html", nickname=way.nickname, problems=problems)


def _code_page(way: WayIn, form: CodeForm, problems: Problems) -> str:
    return render_template(
        "account/new_code.html",
        nickname=way.nickname,
        problems=problems,
        draft=pages.draft_of(form.draft.data),
    )
