"""What is stored about a learner, a copy of it, and its deletion."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, deletions, extensions, rate_limits
from learn.access import Learner
from learn.deletions import DeletionListError, Deletions
from learn.forms import checks_token
from learn.my_data import actions, answers, copies, queries
from learn.my_data.forms import DeleteDataForm
from learn.my_data.queries import StoredCounts, TableRows
from learn.throttling import throttled
from learn.versions import queries as versions

blueprint = Blueprint("my_data", __name__, url_prefix="/my-data")


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """Show how much is stored."""
    return render_template("my_data/index.html", kept=_stored(who), nickname=who.nickname)


@blueprint.get("/copy.json")
@access.learner
@throttled(rate_limits.DATA_COPY, rate_limits.DATA_COPY_HERE, at_once=True)
def copy_json(who: Learner) -> ResponseReturnValue:
    """Return all data as JSON."""
    text = copies.as_json(_everything(who), access.now())
    return _file(text, "application/json", "my-data.json")


@blueprint.get("/copy.zip")
@access.learner
@throttled(rate_limits.DATA_COPY, rate_limits.DATA_COPY_HERE, at_once=True)
def copy_csv(who: Learner) -> ResponseReturnValue:
    """Return all data as CSV in a zip file."""
    return _file(copies.as_zip(_everything(who), access.now()), "application/zip", "my-data.zip")


@blueprint.get("/delete")
@access.learner
@access.confirmed
def delete(who: Learner) -> ResponseReturnValue:
    """Ask for confirmation."""
    counts = _stored(who)
    if counts is None:
        return redirect(url_for("my_data.index"), 302)
    return _delete_page(who, counts, expired=False)


def _is_deleted(who: Learner) -> ResponseReturnValue | None:
    """Answer as before if nothing is left: the form was sent twice."""
    return _deleted_response() if _stored(who) is None else None


@blueprint.post("/delete")
@checks_token
@access.learner(when_sent_again=_is_deleted)
@access.confirmed
def delete_everything(who: Learner) -> ResponseReturnValue:
    """Delete all data and the cookie."""
    has_valid_token = DeleteDataForm().has_valid_token
    counts = _stored(who)
    if counts is not None and not has_valid_token:
        return _delete_page(who, counts, expired=True), 400
    if who.account and counts is not None:
        with extensions.transaction() as session:
            access.hold_session(session, who)
            deleted = actions.delete_everything(session, who.account, access.now())
        _add_to_file(deleted)
    return _deleted_response()


@blueprint.get("/deleted")
@access.learner
def deleted(who: Learner) -> ResponseReturnValue:
    """Confirm; somebody who has data again is sent to the index."""
    if _stored(who) is not None:
        return redirect(url_for("my_data.index"), 302)
    return render_template("my_data/deleted.html")


def _stored(who: Learner) -> StoredCounts | None:
    """Return what is stored, even if the cookie says that there is nothing yet."""
    return queries.count_stored(extensions.read_session(), who.account) if who.account else None


def _deleted_response() -> ResponseReturnValue:
    access.sign_out()
    return redirect(url_for("my_data.deleted"), 303)


def _add_to_file(deleted: Deletions) -> None:
    """Add to the list outside the database; it is added at the next start if that fails now."""
    try:
        deletions.add_to_file(extensions.settings().data, deleted, access.now())
    except (OSError, DeletionListError) as error:
        current_app.logger.error("the list of deleted accounts can't be written: %s", error)  # noqa: TRY400 - the reason is enough


def _delete_page(who: Learner, counts: StoredCounts, *, expired: bool) -> str:
    return render_template(
        "my_data/delete.html", kept=counts, nickname=who.nickname, expired=expired
    )


def _everything(who: Learner) -> list[TableRows]:
    session = extensions.read_session()
    tables = queries.export_rows(session, who.account)
    stored_versions = versions.find(session, answers.versions_in(tables))
    return [*tables, answers.in_words(tables, stored_versions)]


def _file(content: str | bytes, mimetype: str, name: str) -> Response:
    """Return a response that browsers save as a file."""
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
