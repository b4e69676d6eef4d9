"""A report about many members who have learned for months: each page takes a bounded time."""

from __future__ import annotations

import math
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from learn import patience
from learn.engines import PAGE_LIMITS
from learn.models import DisclosedAnswer
from learn.models.base import table_of
from learn.results import actions, disclosure_blocks
from tests.learn.groups import RIGHT, ClassOf, sign_in_as_educator
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
def kim(ben: Person, group: ClassOf) -> Person:
    return sign_in_as_educator(ben, group)


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
        left.append(patience.left(math.inf))
        return count(*given)

    monkeypatch.setattr(disclosure_blocks, "countable_answers", note)
    look(kim, group)

    assert left
    assert min(left) > PAGE_LIMITS.request
