"""Pages that are the same for everybody."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.alphabet import first_letter

blueprint = Blueprint("about", __name__)


@blueprint.get("/help")
@access.anyone
def get_help() -> ResponseReturnValue:
    """Show when to call whom."""
    return _standing("help", "about/get_help.html")


@blueprint.get("/privacy")
@access.anyone
def privacy() -> ResponseReturnValue:
    """Show what is stored about a learner."""
    return _standing("privacy", "about/privacy.html")


@blueprint.get("/source")
@access.anyone
def source() -> ResponseReturnValue:
    """Show the source document, editor's notes, and what is not covered."""
    return _standing("about", "about/source.html")


@blueprint.get("/glossary")
@access.anyone
def glossary() -> ResponseReturnValue:
    """Show all terms in plain words."""
    content = extensions.content()
    letters = sorted({first_letter(t.term) for t in content.glossary.terms.values()})
    return extensions.page_cache().response(
        "glossary",
        lambda: render_template(
            "about/glossary.html", content=content, letters=letters, first_letter=first_letter
        ),
    )


def _standing(name: str, template: str) -> ResponseReturnValue:
    content = extensions.content()
    return extensions.page_cache().response(
        f"page/{name}",
        lambda: render_template(template, page=content.pages[name], content=content),
    )
