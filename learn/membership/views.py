"""Join a group by its code; see what it sees, change that, and leave."""

from __future__ import annotations

import math
import uuid

import uuid_utils.compat
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, join_codes
from learn.access import Learner
from learn.accounts import AccountGoneError
from learn.forms import checks_token
from learn.membership import actions, queries, throttling
from learn.membership.actions import Choice
from learn.membership.forms import NAMED, TOTALS, ChoiceForm, LeaveForm, Problems
from learn.membership.queries import Before, Mine, Open

blueprint = Blueprint("membership", __name__)

_DONE = ("joined", "already", "changed", "left")


@blueprint.get("/join")
@access.learner
def index(_who: Learner) -> ResponseReturnValue:
    """A box for the code. What was typed in it comes here, too, and goes on to its group."""
    typed = request.args.get("code", "")
    code = join_codes.parse(typed)
    if len(code) == join_codes.LENGTH:
        return redirect(url_for("membership.join", code=join_codes.grouped(code)), 302)
    page = render_template(
        "membership/index.html",
        typed="".join(c for c in typed if c.isprintable()),
        asked="code" in request.args,
        count=len(code),
        length=join_codes.LENGTH,
    )
    return page, 422 if "code" in request.args else 200


@blueprint.get("/join/<code>")
@access.learner
def join(who: Learner, code: str) -> ResponseReturnValue:
    """What the group will see, before anything: and the choice how to be in it."""
    if wait := throttling.join_delay():
        return _wait_page(wait)
    found = queries.of_code(extensions.read_session(), join_codes.parse(code))
    if found is None:
        return _lets_nobody_in()
    return _join_page(access.ensure_guest(who), found, ChoiceForm(formdata=None), {})


@blueprint.post("/join/<code>")
@checks_token
@access.learner
def join_now(who: Learner, code: str) -> ResponseReturnValue:
    """Be in the group. Sent again, it changes nothing."""
    if wait := throttling.join_delay():
        return _wait_page(wait)
    form, who = ChoiceForm(), access.ensure_guest(who)
    found = queries.of_code(extensions.read_session(), join_codes.parse(code))
    if found is None:
        return _lets_nobody_in()
    nickname, problems = form.checked()
    if problems or who.account is None or _before(who, found).leads:
        return _join_page(who, found, form, problems)
    choice = Choice(uuid_utils.compat.uuid7(), nickname)
    try:
        with extensions.transaction() as session:
            is_new = actions.join(
                session,
                who.account,
                found.id,
                choice,
                access.now(),
                earlier=bool(form.earlier.data),
                is_persisted=who.is_persisted,
            )
    except AccountGoneError:  # deleted in another tab: a new guest, and the same page
        return _join_page(access.new_guest(), found, form, {"": "expired"})
    access.mark_persisted()
    return _back("joined" if is_new else "already")


@blueprint.get("/my-groups")
@access.learner
def my_groups(who: Learner) -> ResponseReturnValue:
    """Each group that I am in: what I share, since when, and who looked."""
    groups: list[Mine] = []
    left: list[Mine] = []
    count = 0
    if who.account:
        groups = queries.current(extensions.read_session(), who.account)
        count = queries.count_past(extensions.read_session(), who.account)
        if count and "past" in request.args:
            left = queries.past(extensions.read_session(), who.account)
    done = request.args.get("done", "")
    return render_template(
        "membership/my_groups.html",
        groups=groups,
        left=left,
        count_past=count,
        done=done if done in _DONE else "",
        length=join_codes.LENGTH,
        is_educator=bool(access.educator_name(who)),
    )


@blueprint.get("/my-groups/<uuid:group_id>/change")
@access.learner
def change(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """Share something else with a group, from now on."""
    form = ChoiceForm(formdata=None)
    own = _own(who, group_id)
    form.how.data = NAMED if own.nickname else TOTALS
    return _change_page(who, own, form, {})


@blueprint.post("/my-groups/<uuid:group_id>/change")
@checks_token
@access.learner
def change_it(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """It counts from now on. Whoever has left meanwhile stays out."""
    form, done = ChoiceForm(), False
    own = _own_or_left(who, group_id)
    nickname, problems = form.checked()
    if own is None or who.account is None:
        return _back()
    if problems:
        return _change_page(who, own, form, problems)
    choice = Choice(uuid_utils.compat.uuid7(), nickname)
    with extensions.transaction() as session:
        done = actions.change(session, who.account, group_id, choice, access.now())
    return _back("changed" if done else "")


@blueprint.get("/my-groups/<uuid:group_id>/leave")
@access.learner
def leave(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """What ends, before it ends."""
    own = _own_or_left(who, group_id)
    return _leave_page(own, expired=False) if own else _back("left")


@blueprint.post("/my-groups/<uuid:group_id>/leave")
@checks_token
@access.learner
def leave_now(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """Be in the group no more, at once. Where that is so already, that is well, too."""
    own = _own_or_left(who, group_id)
    if own is not None and not LeaveForm().has_valid_token:
        return _leave_page(own, expired=True), 400
    if own is not None and who.account:
        with extensions.transaction() as session:
            actions.leave(session, who.account, group_id, access.now())
    return _back("left")


def _own(who: Learner, group: uuid.UUID) -> Mine:
    """The group that the learner is in; any other is not there."""
    found = queries.one(extensions.read_session(), who.account, group) if who.account else None
    return found or access.not_found()


def _own_or_left(who: Learner, group: uuid.UUID) -> Mine | None:
    """The group that the learner is in, None if they left it; any other is not there."""
    if who.account is None or not queries.was_ever(extensions.read_session(), who.account, group):
        access.not_found()
    return queries.one(extensions.read_session(), who.account, group)


def _before(who: Learner, found: Open) -> Before:
    return (
        queries.before(extensions.read_session(), who.account, found.id)
        if who.account
        else Before()
    )


def _back(done: str = "") -> ResponseReturnValue:
    """To the list, and what is to be said there."""
    return redirect(url_for("membership.my_groups", done=done or None), 303)


def _join_page(
    who: Learner, found: Open, form: ChoiceForm, problems: Problems
) -> ResponseReturnValue:
    """The page of the group; or, for whoever is in it or leads it, what they look for."""
    before = _before(who, found)
    if before.member:
        return _back("already")
    if before.leads:
        return render_template("membership/leads.html", found=found)
    page = render_template(
        "membership/join.html",
        who=who,
        found=found,
        before=before,
        form=form,
        nickname=who.nickname if form.nickname.data is None else form.typed,
        problems=problems,
    )
    return page, _status(problems)


def _change_page(
    who: Learner, own: Mine, form: ChoiceForm, problems: Problems
) -> ResponseReturnValue:
    nickname = own.nickname or who.nickname if form.nickname.data is None else form.typed
    page = render_template(
        "membership/change.html", own=own, form=form, nickname=nickname, problems=problems
    )
    return page, _status(problems)


def _leave_page(own: Mine, *, expired: bool) -> str:
    return render_template("membership/leave.html", own=own, expired=expired)


def _lets_nobody_in() -> ResponseReturnValue:
    """One answer to a code that never was, and to one that is no good any more."""
    throttling.record_wrong_code()
    return render_template("membership/closed.html", length=join_codes.LENGTH), 404


def _wait_page(seconds: int) -> ResponseReturnValue:
    page = render_template("membership/wait.html", minutes=math.ceil(seconds / 60))
    response: Response = make_response(page, 429, {"Retry-After": str(seconds)})
    return response


def _status(problems: Problems) -> int:
    if not problems:
        return 200
    return 400 if "" in problems else 422
