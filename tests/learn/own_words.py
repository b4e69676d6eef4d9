"""Explain a lesson through the pages, and read what is stored."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from learn.models import Explanation
from learn.models.base import table_of
from tests.learn.people import Person

LESSON = "where-all-stands"
WRITE = f"/own-words/lesson/{LESSON}"
WORDS = "ALL has no stage. There are four words, and mine is “untreated”."
PRIVATE = "Only you can see this. Nobody scores it, and educators never see it."


def say(person: Person, words: str = WORDS, lesson: str = LESSON) -> str:
    """Write a text; the address at which it is compared."""
    person.open(f"/own-words/lesson/{lesson}")
    return send(person, words)


def send(person: Person, words: str, **more: Any) -> str:
    """Send the box on the page, and go where it leads."""
    page = person.post(WRITE, person.form(text=words, **more))
    assert page.status_code == 303, person.text
    person.open(page.headers["Location"])
    return person.address


def tick(person: Person, *points: str) -> None:
    """Tick points on the page, and look back."""
    page = person.post(person.address, person.form(point=[*points]))
    assert page.status_code == 303
    person.open(page.headers["Location"])


def box(person: Person) -> str:
    match = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", person.html, re.DOTALL)
    assert match
    return match.group(1)


def link(person: Person, words: str) -> str:
    match = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{words}', person.html)
    assert match, f"no link {words}"
    return match.group(1)


def part(person: Person, heading: str) -> str:
    """What stands under a heading of the second level."""
    return person.html.partition(f"<h2>{heading}</h2>")[2].partition("<h2>")[0]


def ticked(person: Person) -> set[str]:
    return {*re.findall(r'name="point" value="([^"]+)" checked', person.html)}


def texts_of(person: Person) -> list[Any]:
    """Return the texts of a person, as rows, the oldest first."""
    table = table_of(Explanation)
    mine = select(table).where(table.c.account_id == person.account)
    with person.browser.application.extensions["learn.database"].read_session() as session:
        return [*session.execute(mine.order_by(table.c.written_at, table.c.text))]
