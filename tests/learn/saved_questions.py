"""Save a question, as a page offers it."""

from __future__ import annotations

import re
from typing import Any

from tests.learn.people import Person

HERE = {"Sec-Fetch-Site": "same-origin"}


FORM = re.compile(r'<form method="post" action="/care-team/save">(.*?)</form>', re.DOTALL)


FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


def offers(person: Person) -> list[dict[str, Any]]:
    """Return the fields of each button that saves."""
    found = []
    for form in FORM.findall(person.html):
        fields: dict[str, Any] = {}
        for name, value in FIELD.findall(form):
            fields.setdefault(name, []).append(value)
        found.append(fields)
    return found


def press(person: Person, fields: dict[str, Any], **more: Any) -> Person:
    """Press a button that saves, as a browser does."""
    person.page = person.browser.post("/care-team/save", data=fields | more, headers=HERE)
    return person
