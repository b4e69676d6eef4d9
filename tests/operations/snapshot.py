"""The whole database at one moment, and who owns what in it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from sqlalchemy import select

from learn.database import Database
from learn.models import Base
from questions.memory import Answered, Memory, replay
from questions.model import Response
from tests.operations.ledger import Person, Place

_WITHOUT_TEXTS = {"item", "attempt", "memory", "question_version", "reading", "released"}
_replayed: dict[Any, Memory | None] = {}
"""Memories by the answers that they come from: most are the same as after the kill before."""


class Snapshot:
    """All rows of all tables. Rows have the names of the model's columns."""

    def __init__(self, database: Database) -> None:
        self.rows: dict[str, list[Any]] = {}
        with database.engine.connect() as connection:
            for table in Base.metadata.sorted_tables:
                self.rows[table.name] = connection.execute(select(table)).mappings().all()
        self.accounts: set[uuid.UUID] = {row["id"] for row in self.rows["account"]}

    @cached_property
    def attempts(self) -> dict[uuid.UUID, list[Any]]:
        return _by(self.rows["attempt"], "id")

    @cached_property
    def items(self) -> dict[tuple[uuid.UUID, uuid.UUID], list[Any]]:
        """The items of each attempt, by account and attempt, in order."""
        found = defaultdict(list)
        for row in sorted(self.rows["item"], key=lambda row: row["position"]):
            found[row["account_id"], row["attempt_id"]].append(row)
        return found

    @cached_property
    def answers(self) -> dict[Place, list[Any]]:
        found = defaultdict(list)
        for row in self.rows["item"]:
            if row["answered_at"] is not None:
                found[row["attempt_id"], row["position"]].append(row)
        return found

    @cached_property
    def lines(self) -> dict[str, list[Any]]:
        return _by(self.rows["care_line"], "text")

    @cached_property
    def explanations(self) -> dict[str, list[Any]]:
        return _by(self.rows["explanation"], "text")

    @cached_property
    def memberships(self) -> dict[str, list[Any]]:
        return _by(self.rows["membership"], "nickname")

    @cached_property
    def nicknames(self) -> dict[str, list[Any]]:
        return _by(self.rows["sign_in"], "nickname")

    @cached_property
    def regrades(self) -> dict[tuple[uuid.UUID, uuid.UUID, int], list[Any]]:
        """The regrades of each item, in the order of time."""
        found = defaultdict(list)
        for row in sorted(self.rows["regrade"], key=lambda row: row["regraded_at"]):
            found[row["account_id"], row["attempt_id"], row["position"]].append(row)
        return found

    @cached_property
    def texts(self) -> str:
        """Everything that people wrote, and all else that is text, to find a name in."""
        return "\n".join(
            str(value)
            for name, rows in self.rows.items()
            if name not in _WITHOUT_TEXTS
            for row in rows
            for value in row.values()
            if isinstance(value, str | dict)
        )

    def found(self, person: Person) -> list[tuple[str, list[Any]]]:
        """Each thing that was acknowledged to the person, with its rows."""
        return [
            *((f"attempt {a}", self.attempts.get(a, [])) for a in person.attempts),
            *((f"line “{t}”", self.lines.get(t, [])) for t in person.lines),
            *((f"explanation “{t}”", self.explanations.get(t, [])) for t in person.explanations),
            *((f"member “{t}”", self.memberships.get(t, [])) for t in person.memberships),
            *((f"nickname “{n}”", self.nicknames.get(n, [])) for n in (person.nickname,) if n),
        ]

    def memories_as_replayed(self) -> dict[tuple[uuid.UUID, str], tuple[Memory | None, int]]:
        """What each memory has to be, from the answers of its account to its objective."""
        given = defaultdict(list)
        for row in self.rows["item"]:
            if row["answered_at"] is not None:
                at = (row["answered_at"], row["attempt_id"], row["position"])
                given[row["account_id"], row["objective_id"]].append(
                    (at, Answered(row["score"], row["sure"], row["answered_at"]))
                )
        found = {}
        for key, answers in given.items():
            in_order = tuple(answer for _, answer in sorted(answers, key=lambda one: one[0]))
            if in_order not in _replayed:
                _replayed[in_order] = replay(in_order)
            found[key] = _replayed[in_order], len(answers)
        return found


def response_in(row: Any) -> Response:
    """The response of an answered item, without the order in which options were ticked."""
    return in_any_order(Response.from_json(row["response"]))


def in_any_order(response: Response) -> Response:
    return Response(
        response.unsure, tuple(sorted(response.chosen)), {**response.pairs}, {**response.places}
    )


def _by(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        if row[name]:
            found[row[name]].append(row)
    return found
