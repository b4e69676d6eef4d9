"""Read the visitor's care team numbers, where the cookie says that there may be some."""

from __future__ import annotations

from flask import session

from learn import extensions
from learn import session_cookie as cookie
from learn.access import Learner, now
from learn.learner.care_numbers import OwnCareNumbers, care_numbers

_HAS = 1  # else the cookie has the day on which there were none


def own_numbers(who: Learner) -> OwnCareNumbers | None:
    """Return the visitor's numbers, or None.

    Most people have none, and their pages are the same for everybody. So a guest is asked about
    in the database once, and who is signed in, and may have saved some elsewhere, once a day.
    """
    if who.account is None or not who.is_persisted:
        return None
    noted, today = session.get(cookie.NUMBERS), now().toordinal()
    if noted not in (None, _HAS) and (who.session is None or noted == today):
        return None
    found = care_numbers(extensions.read_session(), who.account, who.session)
    note(has_some=found is not None)
    return found


def note(*, has_some: bool) -> None:
    """Note in the cookie whether the visitor has numbers."""
    value = _HAS if has_some else now().toordinal()
    if session.get(cookie.NUMBERS) != value:
        session[cookie.NUMBERS] = value
