"""Requests of one person that are sent at once, and the rows that they leave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.learn.people import Person


def tab_of(person: Person) -> Person:
    """Return one more tab in the person's browser: the cookie as it is now."""
    tab = Person(person.browser.application, person.content)
    if cookie := person.browser.get_cookie("learn_all"):
        tab.browser.set_cookie("learn_all", cookie.value)
    return tab


def together(ways: Iterable[Callable[[], TestResponse]]) -> list[TestResponse]:
    """Do all of them at the same time; return what came of each."""
    ways = [*ways]
    start, found = threading.Barrier(len(ways)), dict[int, TestResponse]()

    def go(number: int, way: Callable[[], TestResponse]) -> None:
        start.wait()
        found[number] = way()

    threads = [threading.Thread(target=go, args=one) for one in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(ways))]


def post(person: Person, address: str, form: dict[str, Any]) -> Callable[[], TestResponse]:
    """Return a way to send the form from a tab of its own."""
    tab = tab_of(person)
    return lambda: tab.post(address, form)


def count(app: Flask, what: Any, *where: Any) -> int:
    with app.extensions["learn.database"].read_session() as session:
        return session.scalar(select(func.count()).select_from(what).where(*where)) or 0
