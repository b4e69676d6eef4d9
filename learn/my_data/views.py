"""What is kept about me, a copy of it, and an end to it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.access import Learner
from learn.forms import checks_token
from learn.my_data import actions, copies, queries
from learn.my_data.forms import DeleteForm
from learn.my_data.queries import Kept, Rows

blueprint = Blueprint("my_data", __name__, url_prefix="/my-data")


@blueprint.get("")
@access.learner
def index(who: Learner) -> ResponseReturnValue:
    """What is kept, in numbers, and what can be done with it."""
    return render_template("my_data/index.html", kept=_kept(who), nickname=who.nickname)


@blueprint.get("/copy.json")
@access.learner
def copy_json(who: Learner) -> ResponseReturnValue:
    """Everything, for a program to read."""
    text = copies.as_json(_everything(who), access.now())
    return _file(text, "application/json", "my-data.json")


@blueprint.get("/copy.zip")
@access.learner
def copy_csv(who: Learner) -> ResponseReturnValue:
    """Everything, for a spreadsheet to read."""
    return _file(copies.as_zip(_everything(who), access.now()), "application/zip", "my-data.zip")


@blueprint.get("/delete")
@access.learner
def delete(who: Learner) -> ResponseReturnValue:
    """What goes, before it goes."""
    kept = _kept(who)
    if kept is None:
        return redirect(url_for("my_data.index"), 302)
    return _delete_page(who, kept, expired=False)


@blueprint.post("/delete")
@checks_token
@access.learner
def delete_everything(who: Learner) -> ResponseReturnValue:
    """Delete everything, and the cookie. Where nothing is kept any more, that is well, too."""
    has_valid_token = DeleteForm().has_valid_token
    kept = _kept(who)
    if kept is not None and not has_valid_token:
        return _delete_page(who, kept, expired=True), 400
    if who.account and kept is not None:
        with extensions.transaction() as session:
            actions.delete_everything(session, who.account)
    access.sign_out()
    return redirect(url_for("my_data.deleted"), 303)


@blueprint.get("/deleted")
@access.learner
def deleted(who: Learner) -> ResponseReturnValue:
    """It is done; somebody of whom something is kept is not told so."""
    if _kept(who) is not None:
        return redirect(url_for("my_data.index"), 302)
    return render_template("my_data/deleted.html")


def _kept(who: Learner) -> Kept | None:
    """What is kept, even if the cookie does not know: its first answer's page may have got lost."""
    return queries.kept(extensions.read_session(), who.account) if who.account else None


def _delete_page(who: Learner, kept: Kept, *, expired: bool) -> str:
    return render_template("my_data/delete.html", kept=kept, nickname=who.nickname, expired=expired)


def _everything(who: Learner) -> list[Rows]:
    return queries.everything(extensions.read_session(), who.account)


def _file(content: str | bytes, mimetype: str, name: str) -> Response:
    """A file to keep, not to look at."""
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
