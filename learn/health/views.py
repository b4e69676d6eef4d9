"""What monitors and load balancers ask: is the process alive, and can it serve people?"""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.health.database_probe import DatabaseProbe

blueprint = Blueprint("health", __name__)

_probe = DatabaseProbe()


@blueprint.get("/healthz")
@access.anyone
def alive() -> ResponseReturnValue:
    """Say that the process answers; the database isn't asked."""
    return _plain("ok", 200)


@blueprint.get("/readyz")
@access.anyone
def ready() -> ResponseReturnValue:
    """Say whether people can be served; if not, in one word what is missing."""
    missing = "" if extensions.content().lessons else "content"
    missing = missing or _probe.find_error(extensions.database())
    return _plain(missing or "ok", 503 if missing else 200)


def _plain(word: str, status: int) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(f"{word}\n", status, headers, mimetype="text/plain")
