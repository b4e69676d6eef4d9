"""The manifest of the app, its service worker, and the page without a network."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, json, jsonify, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from learn import access, extensions
from learn import session_cookie as cookie
from learn.access import Learner, now
from learn.messages import gettext
from learn.offline.course import lesson_places, version
from learn.owner_tokens import AnswerOwner, owner_of
from learn.page_cache import PARTS

blueprint = Blueprint("offline", __name__)

_PAPER = "#faf7f1"
_TEAL = "#0a5c63"
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
)
_LONGEST_MARK = 200
_UNUSED_BY_PAGES = {*PARTS, "link.png", *(name for name, _, _ in ICONS)}


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


@blueprint.get("/service-worker.js")
@access.anyone
def service_worker() -> ResponseReturnValue:
    """Return the service worker with what it keeps, or one that lets go of everything."""
    is_on = extensions.settings().keeps_offline
    return extensions.page_cache().response(
        "service-worker", _service_worker if is_on else _turned_off, "text/javascript"
    )


@blueprint.get("/offline")
@access.anyone
def page() -> ResponseReturnValue:
    """Show what browsers show in place of a page that is neither here nor on the device."""
    return extensions.page_cache().response(
        "offline", lambda: render_template("offline/page.html", content=extensions.content())
    )


@blueprint.get("/offline/sender")
@access.learner
def sender(who: Learner) -> ResponseReturnValue:
    """Say to the script whose the answers that wait are, and give it a token to send them with.

    Unless they are the visitor's, the cookie stays as it is: somebody may be signing in just now.
    With somebody else's comes the day, as a device's clock may be wrong: they don't wait forever.
    """
    owner = owner_of(request.args.get("owner", "")[:_LONGEST_MARK], who)
    is_you = owner is AnswerOwner.YOU
    session.modified = session.modified and is_you
    day = {"day": now().toordinal()} if owner is AnswerOwner.ELSEWHERE else {}
    return jsonify(owner=owner, token=_token() if is_you else "", **day)


def _token() -> str:
    """Return a token for answers: right after signing in, the one from before, which still counts.

    A new one would replace that of a page which is opened in another tab at this moment.
    """
    is_earlier = cookie.CSRF_TOKEN_KEY not in session and cookie.EARLIER_CSRF_TOKEN_KEY in session
    token: str = generate_csrf(
        token_key=cookie.EARLIER_CSRF_TOKEN_KEY if is_earlier else cookie.CSRF_TOKEN_KEY
    )
    return token


def _service_worker() -> str:
    """Return the service worker; what a page without a network needs is kept first."""
    settings, content, assets = extensions.settings(), extensions.content(), extensions.assets()
    lessons = [
        url_for("lessons.lesson", lesson_id=lesson, path=path)
        for lesson, path in lesson_places(content)
    ]
    paths = [url_for("lessons.path", path_id=path) for path in content.paths]
    course = {
        "version": version(settings),
        "corrected": content.ledger.safety_correction or "never",
        "language": settings.language.replace("_", "-"),
        "home": _home(),
        "help": url_for("about.get_help"),
        "offline": url_for("offline.page"),
        "files": _asset("style.css").rpartition("/")[0] + "/",
        "first": [
            url_for("offline.page"),
            url_for("about.get_help"),
            *(_asset(name) for name in assets.names if name not in _UNUSED_BY_PAGES),
        ],
        "rest": [
            _home(),
            url_for("lessons.index"),
            *paths,
            *lessons,
            *map(url_for, ("about.glossary", "about.card", "about.source", "about.privacy")),
            url_for("quizzes.index"),
        ],
    }
    return f"const COURSE = {json.dumps(course)};\n{_script('service-worker.js')}"


def _turned_off() -> str:
    return f"const COURSE = {json.dumps({'home': _home()})};\n{_script('turned-off.js')}"


def _script(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _home() -> str:
    return url_for("home.index")


def _asset(name: str) -> str:
    return url_for("asset", name=extensions.assets().address(name))
