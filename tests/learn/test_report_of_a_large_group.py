"""A report about many members who have learned for months: each page takes a bounded time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, DateTime, Uuid, event, func, insert, literal, select, text
from sqlalchemy.orm import Session

from learn import deadlines
from learn.engines import PAGE_LIMITS
from learn.models import DisclosedAnswer, Item
from learn.models.base import table_of
from learn.results import actions, disclosure_blocks, queries
from tests.learn.groups import BEGUN, RIGHT, ClassOf
from tests.learn.people import Person

DISCLOSED = table_of(DisclosedAnswer)
PEOPLE, QUESTIONS = 12, 5


@pytest.fixture
def group(connection: Connection, content: Any) -> ClassOf:
    """Nobody has looked at the totals yet."""
    group = ClassOf(connection, content.bank)
    asked = [*content.bank.questions][:QUESTIONS]
    for _ in range(PEOPLE):
        group.answer(group.join("totals"), dict.fromkeys(asked, RIGHT))
    return group


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.extensions["learn.database"].read_session() as session:
        yield session


def disclosed(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(DISCLOSED)) or 0


def look(kim: Person, group: ClassOf) -> None:
    assert kim.open(f"/groups/{group.id}").status_code == 200


def test_a_first_look_takes_a_portion_and_the_next_ones_the_rest(
    kim, group, connection, monkeypatch
):
    monkeypatch.setattr(actions, "MAX_BATCH_SIZE", PEOPLE + 1)
    found = []
    for _ in range(4):
        look(kim, group)
        found.append(disclosed(connection))

    assert found == [2 * PEOPLE, 4 * PEOPLE, 5 * PEOPLE, 5 * PEOPLE]


def test_each_portion_has_whole_blocks_only(kim, group, connection, monkeypatch):
    monkeypatch.setattr(actions, "MAX_BATCH_SIZE", 1)
    look(kim, group)
    sizes = connection.execute(select(DISCLOSED.c.block_size, func.count()).group_by("block_size"))

    assert [tuple(row) for row in sizes] == [(PEOPLE, PEOPLE)]


def test_what_was_never_disclosed_is_not_searched_to_be_deleted(kim, group, statements):
    look(kim, group)

    assert not [s for s in statements if s.startswith("DELETE FROM released")]


def test_a_report_may_wait_longer_than_other_pages(kim, group, monkeypatch):
    left = list[float]()
    count = disclosure_blocks.countable_answers

    def note(*given: Any) -> Any:
        left.append(deadlines.remaining(math.inf))
        return count(*given)

    monkeypatch.setattr(disclosure_blocks, "countable_answers", note)
    look(kim, group)

    assert left
    assert min(left) > PAGE_LIMITS.request


@pytest.mark.parametrize("read", [queries.first_answers, queries.totals_answers])
def test_a_report_needs_no_statistics_of_its_own_blocks(read, kim, group, connection, session):
    if connection.dialect.name != "postgresql":
        pytest.skip("SQLite looks rows up by their key")
    for number in range(20):  # the statistics know all groups but the one that is looked at
        other = ClassOf(connection, kim.content.bank, f"Class {number}")
        _disclose_in(connection, other)
    connection.execute(text("ANALYZE"))
    look(kim, group)

    plan = _plan_of(connection, lambda: read(session, group.id, *_times(read)))
    assert "released" in plan
    assert "ix_released_group_id" not in plan, plan


def _disclose_in(connection: Connection, group: ClassOf) -> None:
    """Have all answers there disclosed in the group, too, as if all had been its members."""
    columns = Item.account_id, literal(group.id, Uuid), Item.attempt_id, Item.position
    block = literal(group.id, Uuid), literal(PEOPLE), literal(BEGUN, DateTime(timezone=True))
    names = ["account_id", "group_id", "attempt_id", "position"]
    names += ["block", "block_size", "disclosed_at"]
    connection.execute(insert(DISCLOSED).from_select(names, select(*columns, *block)))


def _times(read: Any) -> list[datetime]:
    return [BEGUN, BEGUN + timedelta(days=900)] if read is queries.first_answers else []


def _plan_of(connection: Connection, act: Callable[[], object]) -> str:
    """Return how PostgreSQL executes the last statement of `act`."""
    last: list[Any] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        last[:] = statement, parameters

    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    found = connection.exec_driver_sql(f"EXPLAIN {last[0]}", last[1]).scalars()
    return "\n".join(found)
