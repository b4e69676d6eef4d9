"""The manifest of the app."""

from __future__ import annotations

from flask import Blueprint, Response, json, url_for
from flask.typing import ResponseReturnValue

from learn import access, extensions
from learn.messages import gettext

blueprint = Blueprint("offline", __name__)

_PAPER = "#faf7f1"
_TEAL = "#0a5c63"
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
)


@blueprint.get("/app.webmanifest")
@access.anyone
def manifest() -> ResponseReturnValue:
    """Describe the site to devices that put it on their home screen."""
    settings, site, home = extensions.settings(), extensions.content().ledger.site, _home()
    described = {
        "id": home,
        "name": site,
        "short_name": site,
        "description": gettext("Short lessons and quizzes, in plain words"),
        "lang": settings.language.replace("_", "-"),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _TEAL,
        "icons": [
            {"src": _asset(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return Response(
        json.dumps(described, separators=(",", ":")),
        headers={"Cache-Control": "public, max-age=86400"},
        mimetype="application/manifest+json",
    )


def _home() -> str:
    return url_for("home.index")


def _asset(name: str) -> str:
    return url_for("asset", name=extensions.assets().address(name))
