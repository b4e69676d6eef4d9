"""Pages to join a group by its code, see what it sees, change that, and leave.

And an educator's: to remove a member, let them join again, and ask for another nickname.
"""

from __future__ import annotations

import uuid

import uuid_utils.compat
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, code_entry, extensions, join_codes, rate_limits, throttling
from learn.access import EducatorIdentity, Learner, OwnGroup
from learn.accounts import AccountGoneError
from learn.audit_log.actions import PERSON
from learn.audit_log.page_views import log_view
from learn.forms import checks_token
from learn.membership import actions, queries
from learn.membership.actions import LeadsGroupError, RemovedError, SharingChoice
from learn.membership.forms import FieldErrors, LeaveForm, SharingForm, TermsForm
from learn.membership.queries import GroupRelation, JoinableGroup, OwnMembership
from learn.models import SharingMode, SharingTerms
from learn.throttling import throttled

blueprint = Blueprint("membership", __name__)

_MEMBER = "/groups/<uuid:group_id>/people/<uuid:membership_id>"

_DONE = ("joined", "already", "changed", "accepted", "kept", "left")


@blueprint.get("/join")
@access.learner
def index(_who: Learner) -> ResponseReturnValue:
    """Ask for the code. The form comes back here and is redirected to the group."""
    return code_entry.page("membership/index.html", join_codes.LENGTH)


@blueprint.get("/join/<code>")
@access.learner
def join(who: Learner, code: str) -> ResponseReturnValue:
    """Show what the group would see, and the choice what to share."""
    if wait := throttling.delay(rate_limits.WRONG_JOIN_CODE):
        return throttling.wait_page(wait, "membership/wait.html")
    group = queries.group_with_code(extensions.read_session(), join_codes.parse(code))
    if group is None:
        return _unknown_code_page()
    return _join_page(access.ensure_guest(who), group, SharingForm(formdata=None), {})


@blueprint.post("/join/<code>")
@checks_token
@access.learner
@throttled(rate_limits.NEW_GUEST, rate_limits.SHARING, rate_limits.SHARING_HERE)
def join_now(who: Learner, code: str) -> ResponseReturnValue:
    """Join the group. Sending the form twice changes nothing."""
    if wait := throttling.delay(rate_limits.WRONG_JOIN_CODE):
        return throttling.wait_page(wait, "membership/wait.html")
    form, who = SharingForm(), access.ensure_guest(who)
    group = queries.group_with_code(extensions.read_session(), join_codes.parse(code))
    if group is None:
        return _unknown_code_page()
    nickname, errors = form.parse()
    relation = _relation(who, group)
    if errors or who.account is None or relation.is_educator or relation.is_removed:
        return _join_page(who, group, form, errors)
    choice = SharingChoice(uuid_utils.compat.uuid7(), nickname)
    try:
        with extensions.transaction() as session:
            is_new = actions.join(
                session,
                who.account,
                group.id,
                choice,
                access.now(),
                earlier=bool(form.earlier.data),
                is_persisted=who.is_persisted,
            )
    except (LeadsGroupError, RemovedError):  # since a moment ago
        return _join_page(who, group, form, {})
    except AccountGoneError:  # deleted in another tab: show the form to a new guest
        return _join_page(access.new_guest(), group, form, {"": "expired"})
    access.refresh_cookie()
    return _redirect_to_groups("joined" if is_new else "already")


@blueprint.get("/my-groups")
@access.learner
def my_groups(who: Learner) -> ResponseReturnValue:
    """List my groups: what I share, since when, and who viewed it."""
    groups: list[OwnMembership] = []
    left: list[OwnMembership] = []
    count = 0
    if who.account:
        groups = queries.current_memberships(extensions.read_session(), who.account)
        count = queries.count_past(extensions.read_session(), who.account)
        if count:
            left = queries.past_memberships(extensions.read_session(), who.account)
    done = request.args.get("done", "")
    return render_template(
        "membership/my_groups.html",
        groups=groups,
        removed=[own for own in left if own.removal],
        left=[own for own in left if not own.removal] if "past" in request.args else (),
        count_past=sum(not own.removal for own in left),
        done=done if done in _DONE else "",
        length=join_codes.LENGTH,
        is_educator=bool(access.educator_name(who)),
    )


@blueprint.get("/my-groups/<uuid:group_id>/change")
@access.learner
def change(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form to change what is shared."""
    form = SharingForm(formdata=None)
    membership = _own_membership(who, group_id)
    form.sharing.data = SharingMode.NAMED if membership.nickname else SharingMode.TOTALS
    return _change_page(who, membership, form, {})


@blueprint.post("/my-groups/<uuid:group_id>/change")
@checks_token
@access.learner
@throttled(rate_limits.SHARING, rate_limits.SHARING_HERE)
def change_now(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """Change what is shared from now on. Does nothing for a member who has left meanwhile."""
    form, done = SharingForm(), False
    membership = _own_or_past_membership(who, group_id)
    nickname, errors = form.parse()
    if membership is None or who.account is None:
        return _redirect_to_groups()
    if errors:
        return _change_page(who, membership, form, errors)
    choice = SharingChoice(uuid_utils.compat.uuid7(), nickname)
    with extensions.transaction() as session:
        done = actions.change(session, who.account, group_id, choice, access.now())
    return _redirect_to_groups("changed" if done else "")


@blueprint.post("/my-groups/<uuid:group_id>/terms")
@access.learner
@throttled(rate_limits.SHARING, rate_limits.SHARING_HERE)
def decide_terms(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """Let educators see latest answers, too, or leave it as it is.

    Does nothing for a member who has left meanwhile, or shares in totals only.
    """
    membership = _own_or_past_membership(who, group_id)
    if membership is None or who.account is None:
        return _redirect_to_groups()
    accepts = TermsForm().accepts.data == "yes"
    with extensions.transaction() as session:
        done = actions.decide_terms(
            session,
            who.account,
            group_id,
            SharingTerms.LATEST if accepts else SharingTerms.KEPT,
        )
    return _redirect_to_groups(("accepted" if accepts else "kept") if done else "")


@blueprint.get("/my-groups/<uuid:group_id>/leave")
@access.learner
def leave(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """Show what leaving means, before doing it."""
    membership = _own_or_past_membership(who, group_id)
    return _leave_page(membership, expired=False) if membership else _redirect_to_groups("left")


@blueprint.post("/my-groups/<uuid:group_id>/leave")
@checks_token
@access.learner
def leave_now(who: Learner, group_id: uuid.UUID) -> ResponseReturnValue:
    """Leave the group. Does nothing if the member has left already."""
    membership = _own_or_past_membership(who, group_id)
    if membership is not None and not LeaveForm().has_valid_token:
        return _leave_page(membership, expired=True), 400
    if membership is not None and who.account:
        with extensions.transaction() as session:
            actions.leave(session, who.account, group_id, access.now())
    return _redirect_to_groups("left")


@blueprint.get(f"{_MEMBER}/remove")
@access.group_educator
def remove(who: EducatorIdentity, group: OwnGroup, membership_id: uuid.UUID) -> ResponseReturnValue:
    """Show what it means to remove a member, before doing it."""
    member = queries.named_member(extensions.read_session(), group.id, membership_id)
    account, nickname = member or access.not_found()
    log_view(who, group.id, PERSON, [account])
    return render_template(
        "membership/remove.html", group=group, membership_id=membership_id, nickname=nickname
    )


@blueprint.post(f"{_MEMBER}/remove")
@access.group_educator
def remove_now(
    _who: EducatorIdentity, group: OwnGroup, membership_id: uuid.UUID
) -> ResponseReturnValue:
    """Remove the member, and say whom, this once. Pressed twice, it does nothing more."""
    if not queries.was_in_group(extensions.read_session(), group.id, membership_id):
        access.not_found()
    member = queries.named_member(extensions.read_session(), group.id, membership_id)
    with extensions.transaction() as session:
        removed = actions.remove(session, group.id, membership_id, access.now())
    if member is None or not removed:
        return redirect(url_for("people.index", group_id=group.id), 303)
    # Not a redirect: the name would have to be stored, or stand in an address.
    return render_template(
        "membership/member_removed.html",
        group=group,
        membership_id=membership_id,
        nickname=member[1],
    )


@blueprint.post(f"{_MEMBER}/allow")
@access.group_educator
def allow_again(
    _who: EducatorIdentity, group: OwnGroup, membership_id: uuid.UUID
) -> ResponseReturnValue:
    """Let somebody who was removed join again with the code."""
    if not queries.was_in_group(extensions.read_session(), group.id, membership_id):
        access.not_found()
    with extensions.transaction() as session:
        actions.allow_again(session, group.id, membership_id)
    return redirect(url_for("people.index", group_id=group.id, done="allowed"), 303)


@blueprint.post(f"{_MEMBER}/ask-for-nickname")
@access.group_educator
def ask_for_nickname(
    _who: EducatorIdentity, group: OwnGroup, membership_id: uuid.UUID
) -> ResponseReturnValue:
    """Ask the member for another nickname."""
    with extensions.transaction() as session:
        requested = actions.ask_for_nickname(session, group.id, membership_id, access.now())
    if not requested:
        access.not_found()
    return redirect(
        url_for("people.person", group_id=group.id, membership_id=membership_id, done="asked"),
        303,
    )


def _own_membership(who: Learner, group: uuid.UUID) -> OwnMembership:
    """Return the learner's current membership of the group. Raises 404 if there is none."""
    membership = (
        queries.current_membership(extensions.read_session(), who.account, group)
        if who.account
        else None
    )
    return membership or access.not_found()


def _own_or_past_membership(who: Learner, group: uuid.UUID) -> OwnMembership | None:
    """Return the learner's membership of the group, None if they left; 404 if they never joined."""
    if who.account is None or not queries.was_ever_member(
        extensions.read_session(), who.account, group
    ):
        access.not_found()
    return queries.current_membership(extensions.read_session(), who.account, group)


def _relation(who: Learner, group: JoinableGroup) -> GroupRelation:
    return (
        queries.relation(extensions.read_session(), who.account, group.id)
        if who.account
        else GroupRelation()
    )


def _redirect_to_groups(done: str = "") -> ResponseReturnValue:
    """Redirect to the list of groups, with a confirmation for `done`."""
    return redirect(url_for("membership.my_groups", done=done or None), 303)


def _join_page(
    who: Learner, group: JoinableGroup, form: SharingForm, errors: FieldErrors
) -> ResponseReturnValue:
    """Show the form to join, or the group's page to somebody who is in it already."""
    relation = _relation(who, group)
    if relation.is_member:
        return _redirect_to_groups("already")
    if relation.is_educator:
        return render_template("membership/leads.html", group=group)
    if relation.is_removed:
        return render_template("membership/removed.html", group=group)
    page = render_template(
        "membership/join.html",
        who=who,
        group=group,
        relation=relation,
        form=form,
        nickname=who.nickname if form.nickname.data is None else form.typed,
        errors=errors,
    )
    return page, _status(errors)


def _change_page(
    who: Learner, membership: OwnMembership, form: SharingForm, errors: FieldErrors
) -> ResponseReturnValue:
    nickname = membership.nickname or who.nickname if form.nickname.data is None else form.typed
    page = render_template(
        "membership/change.html", own=membership, form=form, nickname=nickname, errors=errors
    )
    return page, _status(errors)


def _leave_page(membership: OwnMembership, *, expired: bool) -> str:
    return render_template("membership/leave.html", own=membership, expired=expired)


def _unknown_code_page() -> ResponseReturnValue:
    """Show one page for codes that never existed and those no longer valid."""
    throttling.record(rate_limits.WRONG_JOIN_CODE)
    return render_template("membership/closed.html", length=join_codes.LENGTH), 404


def _status(errors: FieldErrors) -> int:
    if not errors:
        return 200
    return 400 if "" in errors else 422
