"""The list of an educator's groups, a group's join code, and its settings."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator

import uuid_utils.compat
from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, join_codes
from learn.access import EducatorIdentity, OwnGroup
from learn.forms import checks_token
from learn.groups import actions, queries
from learn.groups.forms import LONGEST, NameForm

blueprint = Blueprint("groups", __name__, url_prefix="/groups")


@blueprint.get("")
@access.educator
def index(who: EducatorIdentity) -> ResponseReturnValue:
    """The educator's groups, and a box to make one."""
    return _index(who)


@blueprint.post("")
@checks_token
@access.educator
def make(who: EducatorIdentity) -> ResponseReturnValue:
    """Make a group, and show how people join it."""
    form = NameForm()
    if form.trouble:
        return _index(who, form), 422
    own = form.number(uuid_utils.compat.uuid7())
    with extensions.transaction() as session:
        actions.make(session, actions.New(own, form.text, who.account), _codes(), access.now())
    return redirect(url_for("groups.code", group_id=own), 303)


@blueprint.get("/<uuid:group_id>/code")
@access.group_educator
def code(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """How people join: the code, the link, a QR code; to print or to show on a wall."""
    return render_template(
        "groups/code.html",
        who=who,
        group=group,
        shown=join_codes.grouped(group.code),
        link=_link(group),
    )


@blueprint.get("/<uuid:group_id>/code.svg")
@access.group_educator
def code_picture(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """The link as a QR code."""
    import segno  # noqa: PLC0415 - only this page needs it

    if not group.code:
        access.not_found()
    drawn = io.BytesIO()
    made = segno.make(_link(group), error="m", micro=False)
    made.save(drawn, kind="svg", scale=8, border=4, light="#fff")  # dark on light, in the dark too
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/<uuid:group_id>/code/renew")
@access.group_educator
def renew_code(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """A new code; the one before lets nobody in any more."""
    with extensions.transaction() as session:
        actions.renew_code(session, group.id, _codes())
    return redirect(url_for("groups.code", group_id=group.id), 303)


@blueprint.post("/<uuid:group_id>/code/close")
@access.group_educator
def close_code(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Let nobody in any more."""
    with extensions.transaction() as session:
        actions.close(session, group.id)
    return redirect(url_for("groups.code", group_id=group.id), 303)


@blueprint.get("/<uuid:group_id>/settings")
@access.group_educator
def settings(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Name, educators, archive."""
    return _settings(who, group)


@blueprint.post("/<uuid:group_id>/settings/name")
@checks_token
@access.group_educator
def rename(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Another name for the group."""
    form = NameForm()
    if form.trouble:
        return _settings(who, group, form, "name"), 422
    with extensions.transaction() as session:
        actions.rename(session, group.id, form.text)
    return redirect(url_for("groups.settings", group_id=group.id), 303)


@blueprint.post("/<uuid:group_id>/settings/educators")
@checks_token
@access.group_educator
def add_educator(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Another educator leads the group, too."""
    form = NameForm()
    if form.trouble:
        return _settings(who, group, form, "educator"), 422
    with extensions.transaction() as session:
        added = actions.add_educator(session, group.id, form.text, access.now())
    if added is not actions.Added.DONE:
        return _settings(who, group, form, "educator", added.value), 422
    return redirect(url_for("groups.settings", group_id=group.id), 303)


@blueprint.post("/<uuid:group_id>/settings/leave")
@access.group_educator
def leave(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Lead the group no more, if somebody else does."""
    with extensions.transaction() as session:
        left = actions.leave(session, group.id, who.account)
    if not left:
        return _settings(who, group, None, "leave", "last"), 422
    return redirect(url_for("groups.index"), 303)


@blueprint.post("/<uuid:group_id>/settings/archive")
@access.group_educator
def archive(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Put the group away."""
    with extensions.transaction() as session:
        actions.archive(session, group.id, access.now())
    return redirect(url_for("groups.index"), 303)


@blueprint.post("/<uuid:group_id>/settings/take-out")
@access.group_educator
def take_out(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Take the group out of the archive."""
    with extensions.transaction() as session:
        actions.take_out(session, group.id)
    return redirect(url_for("groups.settings", group_id=group.id), 303)


def _codes() -> Iterator[str]:
    rng = secrets.SystemRandom()
    while True:
        yield join_codes.generate(rng)


def _link(group: OwnGroup) -> str:
    return url_for("membership.join", code=join_codes.grouped(group.code), _external=True)


def _index(who: EducatorIdentity, form: NameForm | None = None) -> str:
    return render_template(
        "groups/index.html",
        who=who,
        groups=queries.led(extensions.read_session(), who.account),
        name=form.text[: 2 * LONGEST] if form else "",
        trouble=form.trouble if form else "",
        own=uuid_utils.compat.uuid7().hex,
        longest=LONGEST,
    )


def _settings(
    who: EducatorIdentity,
    group: OwnGroup,
    form: NameForm | None = None,
    field: str = "",
    trouble: str = "",
) -> str:
    return render_template(
        "groups/settings.html",
        who=who,
        group=group,
        leading=queries.leading(extensions.read_session(), group.id),
        field=field,
        text=form.text[: 2 * LONGEST] if form else "",
        trouble=trouble or (form.trouble if form else ""),
        longest=LONGEST,
    )
