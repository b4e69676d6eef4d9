"""Requests at the same moment: real threads, and a tab for each."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from learn.models import (
    Attempt,
    Base,
    Deletion,
    Item,
    MemoryRow,
    QuestionVersion,
    RateLimit,
)
from learn.models.base import table_of
from tests.learn.people import Person

TOGETHER = 6


def at_once(app: Flask, cookie: str, address: str, forms: list[dict]) -> list[int]:
    """Send all forms together, each from a tab of its own; the status of each."""
    return all_at_once(app, cookie, [(address, form) for form in forms])


def all_at_once(app: Flask, cookie: str, ways: list[tuple[str, dict | None]]) -> list[int]:
    """Send all forms together, or open a page where there is none; the status of each."""
    start, statuses = threading.Barrier(len(ways)), []

    def send(address: str, data: dict | None) -> None:
        tab = app.test_client()
        tab.set_cookie("learn_all", cookie)
        start.wait()
        page = tab.post(address, data=data) if data else tab.get(address)
        statuses.append(page.status_code)

    threads = [threading.Thread(target=send, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def count(app: Flask, what, *where) -> int:
    with app.extensions["learn.database"].read_session() as session:
        return session.scalar(select(func.count()).select_from(what).where(*where))


def left_over(app: Flask) -> list[str]:
    """Return the tables with rows of people; limits and the list of deleted accounts stay."""
    stays = {table_of(model) for model in (QuestionVersion, Deletion, RateLimit)}
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if table not in stays and count(app, table)
    ]


def together(ways: list[Callable[[], object]]) -> list[object]:
    """Do all of it at the same time; what came of each."""
    start, came = threading.Barrier(len(ways)), [None] * len(ways)

    def go(number: int, way: Callable[[], object]) -> None:
        start.wait()
        came[number] = way()

    threads = [threading.Thread(target=go, args=way) for way in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def tab_of(app: Flask, person: Person):
    """One more tab in somebody's browser: the cookie as it is now."""
    tab = app.test_client()
    tab.set_cookie("learn_all", person.browser.get_cookie("learn_all").value)
    return tab


def sending(app: Flask, person: Person, answer: Callable[..., dict]) -> Callable[[], int]:
    """A tab that will send an answer to the question that the person has open."""
    tab, here = tab_of(app, person), person.address
    form = person.form() | answer(person.question)
    return lambda: tab.post(here, data=form).status_code


def is_all_there(app: Flask, account: uuid.UUID, answered: int) -> None:
    """So many answers, all the account's, and each behind its objective's memory."""
    assert count(app, Item, Item.answered_at.is_not(None)) == answered
    with app.extensions["learn.database"].read_session() as session:
        given = session.scalars(
            select(Item.objective_id).where(
                Item.account_id == account, Item.answered_at.is_not(None)
            )
        ).all()
        remembered = session.execute(
            select(MemoryRow.objective_id, MemoryRow.reviews).where(MemoryRow.account_id == account)
        )
        assert dict(map(tuple, remembered)) == Counter(given)
        rounds = session.execute(
            select(Attempt.quiz, Attempt.attempt_number).where(Attempt.account_id == account)
        ).all()
    assert len(given) == answered
    numbers = Counter(quiz for quiz, _ in rounds)
    assert {*map(tuple, rounds)} == {(q, n + 1) for q in numbers for n in range(numbers[q])}


def write(person: Person, *questions: str) -> list[str]:
    """Write questions on the sheet for the care team; the ids of all its lines."""
    for question in questions:
        person.open("/care-team")
        person.post("/care-team/write", person.form(text=question))
    person.open("/care-team")
    return re.findall(r'<li id="line-([^"]+)"', person.html)
