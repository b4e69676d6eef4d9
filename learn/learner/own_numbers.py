"""Read the visitor's care team numbers, where the cookie says that there may be some."""

from __future__ import annotations

from dataclasses import replace

from flask import session

from learn import extensions
from learn import session_cookie as cookie
from learn.access import Learner, now
from learn.learner.care_numbers import OwnCareNumbers, care_numbers


def own_numbers(who: Learner) -> OwnCareNumbers | None:
    """Return the visitor's numbers, or None.

    Most people have none, and their pages are the same for everybody. A guest's cookie says so;
    who is signed in may have saved some elsewhere, and is looked up once a day.
    """
    if who.account is None or not who.is_persisted:
        return None
    noted, today = session.get(cookie.CARE_NUMBERS_KEY), now().toordinal()
    if noted != cookie.HAS_CARE_NUMBERS and (who.session is None or noted == today):
        return None
    numbers = care_numbers(extensions.read_session(), who.account, who.session)
    note(has_some=numbers is not None)
    return replace(numbers, is_shared_device=is_shared_device()) if numbers else None


def is_shared_device() -> bool:
    """Return whether the visitor said, when signing in, that others use this device, too."""
    return cookie.VISIT_KEY in session


def note(*, has_some: bool) -> None:
    """Note in the cookie whether the visitor has numbers."""
    value = cookie.HAS_CARE_NUMBERS if has_some else now().toordinal()
    if session.get(cookie.CARE_NUMBERS_KEY) != value:
        session[cookie.CARE_NUMBERS_KEY] = value
