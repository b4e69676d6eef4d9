"""What members who share by name know: all in a table, one by one, and before and after.

Who looks is written down before anything is shown; members read it on their own page.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import EducatorIdentity, OwnGroup
from learn.people import actions, pairs, parts, queries, words
from learn.people.person import person as person_of
from learn.people.queries import Members
from learn.people.table import Table, as_csv, table

blueprint = Blueprint("people", __name__, url_prefix="/groups/<uuid:group_id>")


@blueprint.get("/people")
@access.group_educator
def index(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """Learners and ideas: who knows what."""
    members, found = _table(group)
    _note(who, group, actions.GROUP, (one.account for one in members.named))
    return render_template(
        "people/index.html",
        group=group,
        totals=members.totals,
        table=found,
        part=parts.part_of(len(found.learners), request.args.get("part", "")),
        words=words,
    )


@blueprint.get("/people.csv")
@access.group_educator
def file(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """The same table as a file."""
    members, found = _table(group)
    _note(who, group, actions.FILE, (one.account for one in members.named))
    return Response(
        as_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="people.csv"'},
    )


@blueprint.get("/people/<uuid:membership_id>")
@access.group_educator
def person(who: EducatorIdentity, group: OwnGroup, membership_id: uuid.UUID) -> ResponseReturnValue:
    """One learner, to be read together with them."""
    session, content = extensions.read_session(), extensions.content()
    member = queries.named_member(session, group.id, membership_id) or access.not_found()
    assigned = queries.assignments(session, group.id)
    tests = pairs.tests(assigned)
    outcomes = queries.outcomes(session, group.id, pairs.quizzes(tests), member.account)
    found = person_of(
        content,
        queries.answers_of(session, group.id, member.account),
        queries.taken(session, group.id, member.account),
        assigned,
        _zone(),
    )
    _note(who, group, actions.PERSON, [member.account])
    return render_template(
        "people/person.html",
        group=group,
        member=member,
        person=found,
        changes=pairs.changes(tests, outcomes, content.bank.objectives),
    )


@blueprint.get("/before-and-after")
@access.group_educator
def before_and_after(who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """What changed between two sittings, of those who share by name and sat both."""
    session = extensions.read_session()
    tests = pairs.tests(queries.assignments(session, group.id))
    outcomes = queries.outcomes(session, group.id, pairs.quizzes(tests))
    changes = pairs.changes(tests, outcomes, extensions.content().bank.objectives)
    _note(who, group, actions.GROUP, {own.account for one in changes for own in one.learners})
    return render_template(
        "people/before_and_after.html",
        group=group,
        changes=changes,
        enough=pairs.ENOUGH,
        words=words,
    )


def _table(group: OwnGroup) -> tuple[Members, Table]:
    session = extensions.read_session()
    members = queries.members(session, group.id)
    given = queries.answers(session, group.id) if members.named else {}
    return members, table(extensions.content(), members.named, given, _zone())


def _note(who: EducatorIdentity, group: OwnGroup, view: str, accounts: Iterable[uuid.UUID]) -> None:
    """Write down who looks at whom; to look at oneself is no news."""
    others = {account for account in accounts if account != who.account}
    if others:
        day = access.now().astimezone(_zone()).date()
        with extensions.transaction() as session:
            actions.note_look(session, actions.Look(group.id, day, who.name, view), others)


def _zone() -> ZoneInfo:
    return ZoneInfo(extensions.settings().time_zone)
