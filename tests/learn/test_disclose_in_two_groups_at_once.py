"""Totals of two groups that are looked at in the same moment disclose no answer twice.

Twelve people share in the totals of one group, and eleven of them also in another. If both groups
made a block of the same answers, the difference would be the twelfth person's answers.
"""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import DisclosedAnswer
from learn.results import actions
from tests.learn.groups import BEGUN, RIGHT, ClassOf

WAIT = 0.5
"""Seconds in which the second call would be done if nothing held it up."""


@pytest.fixture
def database(pooled_app):
    return pooled_app.extensions["learn.database"]


@pytest.fixture
def groups(database, content):
    """Return two groups with eleven members in common."""
    asked = next(iter(content.bank.questions))
    with database.transaction() as session:
        connection = session.connection()
        all_, some = (ClassOf(connection, content.bank, name) for name in ("All", "Some"))
        people = [all_.join("totals") for _ in range(12)]
        for person in people[1:]:
            some.join("totals", person)
        for person in people:
            some.answer(person, {asked: RIGHT})
    return all_.id, some.id


def test_an_answer_is_in_the_block_of_one_group_only(database, groups):
    first, second = groups
    begun = Event()
    ids = count(1)

    def disclose(session: Session, group) -> int:
        return actions.disclose(session, group, lambda: uuid.UUID(int=next(ids)), BEGUN)

    def later() -> int:
        with database.transaction() as session:
            begun.set()
            return disclose(session, second)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            assert disclose(session, first) == 1
            other = pool.submit(later)
            begun.wait(WAIT)  # on SQLite, its transaction can't begin before this one has ended
            with pytest.raises(TimeoutError):
                other.result(WAIT)
        assert other.result() == 0

    with database.read_session() as session:
        shown = session.execute(select(DisclosedAnswer.group_id)).scalars()
        assert [*shown] == [first] * 12
