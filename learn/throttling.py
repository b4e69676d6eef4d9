"""Throttle requests: count them by the limits in `rate_limits`, and say when to try again."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec

from flask import Response, abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from learn import cross_site, extensions, rate_limits
from learn.networks import network_of
from learn.rate_limiter import Count
from learn.rate_limits import Limit, Per
from learn.sent_form import sent_form

P = ParamSpec("P")


class TooManyError(Exception):
    """A limit is reached; `seconds` is how long to wait.

    `is_own` says that it counts this account alone, and nobody else at the address.
    """

    def __init__(self, seconds: int, *, is_own: bool = False) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.is_own = is_own


def throttled(
    *limits: Limit, at_once: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Decorate a view that a guard gives the visitor: count what it writes, by these limits.

    The count is part of the view's first transaction that commits, so forms with errors are not
    counted, and it costs no transaction. With `at_once`, the view counts before it runs, for
    views that only read. Over a limit, nothing is written, and `TooManyError` is raised.
    """

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def counted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            counts = _counts(limits, args[0])
            if at_once:
                _refuse_other_sites()
                _check(extensions.limiter().hit(*counts))
            else:
                g.count_write = partial(_count_write, counts)
            return view(*args, **kwargs)

        counted.limits = limits  # type: ignore[attr-defined]
        return counted

    return decorate


def paced(
    limit: Limit,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Decorate a view: count its calls in this process, before it runs.

    Nothing is written to count, so each process allows as many. A view that gets no visitor can be
    counted by address only.
    """

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def counted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            _refuse_other_sites()
            for count in _counts((limit,), args[0] if args else None):
                if seconds := extensions.pacer()(count):
                    raise TooManyError(seconds, is_own=limit.per is Per.ACCOUNT)
            return view(*args, **kwargs)

        counted.limits = (limit,)  # type: ignore[attr-defined]
        return counted

    return decorate


def delay(limit: Limit) -> int:
    """Return the seconds to wait at this address, or 0; count nothing.

    Raises 403 for another site's page: it could use up its reader's limits.
    """
    _refuse_other_sites()
    return extensions.limiter().wait((limit, client_address()))


def record(limit: Limit) -> int:
    """Count one at this address; return the seconds to wait, or 0."""
    return extensions.limiter().hit((limit, client_address()))


def wait_page(
    seconds: int, template: str = "errors/429.html", *, is_own: bool = False
) -> ResponseReturnValue:
    """Render a page that says how long to wait and for whom, with the form that was sent."""
    page = render_template(
        template, minutes=math.ceil(seconds / 60), sent=sent_form(), is_own=is_own
    )
    response: Response = make_response(page, 429, {"Retry-After": str(seconds)})
    return response


def client_address() -> str:
    """Return the client's IPv4 address, or its /64 network in IPv6; empty if it is unknown."""
    return network_of(request.remote_addr or "")


def _counts(limits: tuple[Limit, ...], who: Any) -> list[Count]:
    """Return what to count for a visitor; guests that have a row already are not new."""
    counts = []
    for limit in limits:
        if limit is rate_limits.NEW_GUEST and who.is_persisted:
            continue
        if limit.per is Per.ADDRESS:
            counts.append((limit, client_address()))
        elif who.account is not None:
            counts.append((limit, who.account.hex))
    return counts


def _count_write(counts: list[Count], session: Session) -> None:
    _check(extensions.limiter().count(session, counts))


def _refuse_other_sites() -> None:
    if cross_site.is_from_another_site(request.environ):
        abort(403)


def _check(seconds: int) -> None:
    if seconds:
        raise TooManyError(seconds)
