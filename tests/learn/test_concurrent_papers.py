"""Educators who type in papers at the same moment, on a real file or server."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from learn.models import PaperSheet
from learn.paper import actions
from learn.paper.actions import FormLine, NewSitting, SaveState
from learn.paper.queries import PrintedVersion
from tests.learn.concurrency import together
from tests.learn.conftest import pooled_clock
from tests.learn.groups import ClassOf

SITTING = uuid.UUID(int=0x9A9E8)
UNSURE = {"unsure": True}


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture(autouse=True)
def _sitting(app: Flask, content) -> None:
    with app.extensions["learn.database"].transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        asked = tuple(PrintedVersion(f"q{n}", "1", "0") for n in range(1, 31))
        new = NewSitting(SITTING, group.id, "Quiz", asked, 0)
        assert actions.create(session, new, [4711], pooled_clock())


def saving(app: Flask, lines: list[FormLine], batch: uuid.UUID):
    def save():
        with app.extensions["learn.database"].transaction() as session:
            return actions.save(session, SITTING, batch, lines, pooled_clock())

    return save


def stored(app: Flask):
    with app.extensions["learn.database"].read_session() as session:
        columns = PaperSheet.number, PaperSheet.batch, PaperSheet.line
        return [tuple(row) for row in session.execute(select(*columns).order_by(*columns))]


def test_all_papers_of_two_educators_are_saved_with_numbers_of_their_own(app):
    batches = [uuid.UUID(int=n) for n in range(1, 9)]
    ways = [
        saving(app, [FormLine(i, {str(n * 3 + i): UNSURE}) for i in (1, 2, 3)], batch)
        for n, batch in enumerate(batches)
    ]
    results = together(ways)

    assert {result.state for result in results} == {SaveState.SAVED}
    assert [number for number, _, _ in stored(app)] == [*range(1, 25)]
    told = sorted((result.first, result.last) for result in results)
    assert told == [(n, n + 2) for n in range(1, 25, 3)]


def test_a_form_sent_many_times_at_the_same_moment_is_saved_once(app):
    lines = [FormLine(i, {str(i): UNSURE}) for i in (1, 2, 3)]
    results = together([saving(app, lines, uuid.UUID(int=1)) for _ in range(6)])

    assert sorted(result.state for result in results) == [SaveState.ALREADY] * 5 + [SaveState.SAVED]
    assert {(result.first, result.last) for result in results} == {(1, 3)}
    assert len(stored(app)) == 3


def test_the_same_papers_typed_in_by_two_educators_at_once_are_noticed(app):
    lines = [FormLine(i, {str(i): UNSURE}) for i in (1, 2, 3)]
    results = together([saving(app, lines, uuid.UUID(int=n)) for n in (1, 2, 3)])

    assert sorted(result.state for result in results) == [
        SaveState.ALIKE,
        SaveState.ALIKE,
        SaveState.SAVED,
    ]
    assert len(stored(app)) == 3


def test_sittings_made_at_the_same_moment_are_made_once(app, content):
    with app.extensions["learn.database"].read_session() as session:
        group = session.scalar(select(actions.PaperSitting.group_id))
    asked = (PrintedVersion("q", "1", "0"),)

    def make(number: int):
        def create():
            with app.extensions["learn.database"].transaction() as session:
                new = NewSitting(uuid.UUID(int=number), group, "Quiz", asked, 0)
                return actions.create(session, new, [4711, 4712, 4713, 4714], pooled_clock())

        return create

    assert together([make(1), make(1), make(2), make(3)]) == [True] * 4
    with app.extensions["learn.database"].read_session() as session:
        numbers = session.scalars(select(actions.PaperSitting.number)).all()
    assert sorted(numbers) == [4711, 4712, 4713, 4714]
