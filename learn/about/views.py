"""Pages that are the same for everybody."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learn import access, extensions

blueprint = Blueprint("about", __name__)


@blueprint.get("/help")
@access.anyone
def get_help() -> ResponseReturnValue:
    """When to call whom."""
    return _standing("help", "about/get_help.html")


@blueprint.get("/privacy")
@access.anyone
def privacy() -> ResponseReturnValue:
    """What is kept about a learner, and what is not."""
    return _standing("privacy", "about/privacy.html")


@blueprint.get("/source")
@access.anyone
def source() -> ResponseReturnValue:
    """Where our words come from, what is odd there, and what is not covered."""
    return _standing("about", "about/source.html")


@blueprint.get("/glossary")
@access.anyone
def glossary() -> ResponseReturnValue:
    """Every hard word in plain words."""
    content = extensions.content()
    letters = sorted({t.term[0].upper() for t in content.glossary.terms.values()})
    return extensions.prepared().response(
        "glossary",
        lambda: render_template("about/glossary.html", content=content, letters=letters),
    )


def _standing(name: str, template: str) -> ResponseReturnValue:
    content = extensions.content()
    return extensions.prepared().response(
        f"page/{name}",
        lambda: render_template(template, page=content.pages[name], content=content),
    )
