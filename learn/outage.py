"""What visitors see while the database is away: calm words, and what they sent, to send again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, current_app, g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from learn import cross_site, deadlines, extensions
from learn.breaker import outage_scope
from learn.sent_form import SentForm, sent_form

P = ParamSpec("P")

RETRY_AFTER = 5
"""Seconds after which browsers and machines may ask again."""

_PAGE_LIMIT = 1.0  # seconds, where the page makes sense without it
_IS_OUT = "outage"  # in `g`: what the view did to the cookies is undone


def register(app: Flask, seconds: float) -> None:
    """Limit the waits of requests for the database; a request that times out changes no cookie."""

    @app.before_request
    def _begin() -> None:
        deadlines.start(seconds)

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        deadlines.clear()

    @app.after_request
    def _keep_cookies(response: Response) -> Response:
        """Set no cookie if the request stored nothing."""
        if _IS_OUT in g:
            response.headers.remove("Set-Cookie")  # the session's comes after this, if it changed
        return response


def fallback_on_outage(
    fallback: Callable[..., ResponseReturnValue], *, after: float = _PAGE_LIMIT
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let a view wait a moment for the database, and call `fallback` instead if it is away.

    `fallback` gets the view's arguments from the URL, and leaves out what is personal.
    """

    def decorated(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def either(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            try:
                with deadlines.at_most(after):
                    return view(*args, **kwargs)
            except SQLAlchemyError as error:
                if not is_away(error):
                    raise
            _undo()
            return fallback(*args, **kwargs)

        return either

    return decorated


def is_away(error: BaseException) -> bool:
    """Return whether the error means that the database is away."""
    return outage_scope(error) is not None


def page(answer: object = None) -> ResponseReturnValue:
    """Return a page that says so; if a form was sent, the page sends it again.

    `answer` is the answer to a question in that form, in words.
    """
    _undo()
    sent = sent_form() if cross_site.is_unsafe(request.environ) else SentForm()
    response = make_response(render_template("errors/away.html", sent=sent, answer=answer), 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _undo() -> None:
    """Make the request as it came: the session, the connection, and the token of its forms."""
    extensions.close_read_session()
    setattr(g, _IS_OUT, True)
    came_with = current_app.session_interface.open_session(current_app, request)
    if came_with is None:
        return
    session.clear()
    session.update(came_with)
    session.modified = False
    g.pop("csrf_token", None)
