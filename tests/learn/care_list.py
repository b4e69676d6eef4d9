"""The list of questions for the care team, through its pages."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.learn.people import Person

SHEET = "/care-team"
LINE = re.compile(
    r'<li id="line-([^"]+)".*?aria-pressed="(\w+)".*?<p dir="auto">(.*?)</p>', re.DOTALL
)


def lines(person: Person) -> dict[str, str]:
    """Return the ids of the lines by their words, in the order of the page."""
    person.open(SHEET)
    return {html.unescape(words): line for line, _, words in LINE.findall(person.html)}


def ticked_lines(person: Person) -> list[str]:
    """Return the words of the lines that are ticked."""
    person.open(SHEET)
    return [html.unescape(words) for _, on, words in LINE.findall(person.html) if on == "true"]


def write(person: Person, *questions: str) -> None:
    for question in questions:
        person.open(SHEET)
        person.post(f"{SHEET}/write", person.form(text=question))


def do(person: Person, what: str, line: str, **more: Any) -> None:
    person.open(SHEET)
    person.post(f"{SHEET}/lines/{line}/{what}", person.form(**more))


def add(person: Person, *objectives: str) -> None:
    person.open(SHEET)
    person.post(f"{SHEET}/add", person.form(objective=[*objectives]))


def typed(person: Person) -> str:
    """What stands in the box for a question of one's own."""
    match = re.search(r'<textarea id="text".*?>\n(.*?)</textarea>', person.html, re.DOTALL)
    assert match
    return html.unescape(match.group(1))
