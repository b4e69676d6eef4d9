"""List of an educator's groups, a group's join code, and its settings."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import uuid_utils.compat
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions, join_codes, rate_limits
from learn.access import EducatorIdentity, OwnGroup
from learn.audit_log.last_visit import since_last_visit
from learn.audit_log.page_views import today
from learn.forms import checks_token
from learn.groups import actions, queries
from learn.groups.forms import MAX_LENGTH, NameForm
from learn.throttling import throttled

_STEPS = ("renew", "close", "leave", "archive")

blueprint = Blueprint("groups", __name__, url_prefix="/groups")


@blueprint.get("")
@access.educator
def index(who: EducatorIdentity) -> ResponseReturnValue:
    """List the educator's groups, with a form to create one."""
    return _index_page(who)


@blueprint.post("")
@checks_token
@access.educator
@throttled(rate_limits.GROUP)
def create(who: EducatorIdentity) -> ResponseReturnValue:
    """Create a group and redirect to its join code."""
    form = NameForm()
    if form.error:
        return _index_page(who, form), 422
    group_id = form.id_or(uuid_utils.compat.uuid7())
    with extensions.transaction() as session:
        actions.create(
            session,
            actions.NewGroup(group_id, form.cleaned_name, who.account),
            _random_codes(),
            access.now(),
        )
    return redirect(url_for("groups.code", group_id=group_id, done="created"), 303)


@blueprint.get("/<uuid:group_id>/code")
@access.group_educator
def code(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show the code, the link, and a QR code, to print or to project."""
    return render_template(
        "groups/code.html",
        who=who,
        group=group,
        shown=join_codes.grouped(group.code),
        link=_join_link(group),
        done=request.args.get("done", ""),
    )


@blueprint.get("/<uuid:group_id>/code.svg")
@access.group_educator
def code_picture(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show the join link as a QR code (SVG)."""
    import segno  # noqa: PLC0415 - only this page needs it

    if not group.code:
        access.not_found()
    drawn = io.BytesIO()
    qr_code = segno.make(_join_link(group), error="m", micro=False)
    # Dark on light in dark mode, too.
    qr_code.save(drawn, kind="svg", scale=8, border=4, light="#fff")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/<uuid:group_id>/code/renew")
@access.group_educator
def renew_code(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Replace the join code."""
    with extensions.transaction() as session:
        actions.renew_code(session, group.id, _random_codes())
    return redirect(url_for("groups.code", group_id=group.id, done="renewed"), 303)


@blueprint.post("/<uuid:group_id>/code/close")
@access.group_educator
def close_code(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Remove the join code."""
    with extensions.transaction() as session:
        actions.close_code(session, group.id)
    return redirect(url_for("groups.code", group_id=group.id, done="closed"), 303)


@blueprint.get("/<uuid:group_id>/settings")
@access.group_educator
def settings(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Show the name, the educators, and the archive."""
    return _settings_page(who, group)


@blueprint.get("/<uuid:group_id>/sure/<step>")
@access.group_educator
def sure(who: EducatorIdentity, group: OwnGroup, step: str) -> ResponseReturnValue:
    """Ask once before a step that the educator can't take back by pressing another button."""
    if step not in _STEPS:
        access.not_found()
    return render_template("groups/sure.html", who=who, group=group, step=step)


@blueprint.post("/<uuid:group_id>/settings/name")
@checks_token
@access.group_educator
def rename(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Rename the group."""
    form = NameForm()
    if form.error:
        return _settings_page(who, group, form, "name"), 422
    with extensions.transaction() as session:
        actions.rename(session, group.id, form.cleaned_name)
    return redirect(url_for("groups.settings", group_id=group.id, done="renamed"), 303)


@blueprint.post("/<uuid:group_id>/settings/educators")
@checks_token
@access.group_educator
@throttled(rate_limits.CO_EDUCATOR)
def add_educator(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Add another educator to the group."""
    form = NameForm()
    if form.error:
        return _settings_page(who, group, form, "educator"), 422
    with extensions.transaction() as session:
        added = actions.add_educator(session, group.id, form.cleaned_name, access.now())
    if added is not actions.AddResult.ADDED:
        return _settings_page(who, group, form, "educator", added.value), 422
    return redirect(url_for("groups.settings", group_id=group.id, done="added"), 303)


@blueprint.post("/<uuid:group_id>/settings/leave")
@access.group_educator
def leave(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Stop leading the group, unless nobody else leads it."""
    with extensions.transaction() as session:
        left = actions.remove_educator(session, group.id, who.account)
    if not left:
        return _settings_page(who, group, None, "leave", "last"), 422
    return redirect(url_for("groups.index", done="left"), 303)


@blueprint.post("/<uuid:group_id>/settings/archive")
@access.group_educator
def archive(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Archive the group."""
    with extensions.transaction() as session:
        actions.archive(session, group.id, access.now())
    return redirect(url_for("groups.index", done="archived"), 303)


@blueprint.post("/<uuid:group_id>/settings/take-out")
@access.group_educator
def unarchive(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Restore the group from the archive."""
    with extensions.transaction() as session:
        actions.unarchive(session, group.id)
    return redirect(url_for("groups.settings", group_id=group.id, done="restored"), 303)


def _random_codes() -> Iterator[str]:
    rng = secrets.SystemRandom()
    while True:
        yield join_codes.generate(rng)


def _join_link(group: OwnGroup) -> str:
    return url_for("membership.join", code=join_codes.grouped(group.code), _external=True)


def _index_page(who: EducatorIdentity, form: NameForm | None = None) -> str:
    session = extensions.read_session()
    groups = queries.led_groups(session, who.account)
    zone = ZoneInfo(extensions.settings().time_zone)
    ids = [group.id for group in groups if not group.archived_at]
    news = since_last_visit(session, ids, who.name, today(), zone) if ids else {}
    return render_template(
        "groups/index.html",
        who=who,
        groups=groups,
        news=news,
        name=form.cleaned_name[: 2 * MAX_LENGTH] if form else "",
        error=form.error if form else "",
        done=request.args.get("done", ""),
        new_id=uuid_utils.compat.uuid7().hex,
        max_length=MAX_LENGTH,
    )


def _settings_page(
    who: EducatorIdentity,
    group: OwnGroup,
    form: NameForm | None = None,
    field: str = "",
    error: str = "",
) -> str:
    return render_template(
        "groups/settings.html",
        who=who,
        group=group,
        educators=queries.educators_of(extensions.read_session(), group.id),
        field=field,
        typed=form.cleaned_name[: 2 * MAX_LENGTH] if form else "",
        error=error or (form.error if form else ""),
        done="" if field else request.args.get("done", ""),
        max_length=MAX_LENGTH,
    )
