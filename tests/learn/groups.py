"""Groups in tests: who leads one, who is in it and what they answered, without the pages.

Everything is done on one connection, so that it works in a test's transaction and on a database
of a site that is up.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from learn.models import (
    Account,
    Assignment,
    Attempt,
    Educator,
    Group,
    GroupEducator,
    Item,
    Membership,
    SharingTerms,
)
from questions.bank import Bank
from questions.grading import grade
from questions.model import Question, Response
from tests.learn.people import Person, wrong_response
from tests.learn.signing_in import signed_in

BEGUN = datetime.fromisoformat("2026-11-01T08:00:00+00:00")
"""When groups are made, before anybody joins."""
MINUTE = timedelta(minutes=1)
RIGHT, MISSED, UNSURE = "right", "missed", "unsure"


class ClassOf:
    """A group. Each thing that happens in it takes a minute, unless it is said when (`at`)."""

    def __init__(self, connection: Connection, bank: Bank, name: str = "Tuesday class") -> None:
        self.id = uuid.uuid5(uuid.NAMESPACE_OID, name)
        self.name = name
        self.now = BEGUN
        self.connection = connection
        self._bank = bank
        self._numbers = count(1)
        self._rounds: Counter[tuple[uuid.UUID, str]] = Counter()
        self._put(Group, id=self.id, name=name, code=None, created_at=BEGUN, archived_at=None)

    def lead(self, account: uuid.UUID, name: str = "Kim, nurse") -> None:
        """From now on that account is an educator who leads the group."""
        self._exists(account)
        if not self._has(Educator, Educator.account_id == account):
            self._put(Educator, account_id=account, name=name, since=self.now, removed_at=None)
        self._put(GroupEducator, account_id=account, group_id=self.id, added_at=self.now)

    def join(  # noqa: PLR0913 - a membership is all of that
        self,
        sharing: str = "named",
        account: uuid.UUID | None = None,
        nickname: str = "",
        shares_from: datetime | None = None,
        at: datetime | None = None,
        *,
        terms: SharingTerms = SharingTerms.LATEST,
    ) -> uuid.UUID:
        """Join as `named` or `totals`; a current member starts another membership period."""
        now, account = self._at(at), account or self._id()
        self._exists(account)
        self.leave(account, at=now)
        if sharing == "named":
            nickname = nickname or f"Ana {next(self._numbers)}"
        self._put(
            Membership,
            account_id=account,
            id=self._id(),
            group_id=self.id,
            sharing=sharing,
            nickname=nickname,
            shares_from=shares_from or now,
            since=now,
            until=None,
            terms=terms,
        )
        return account

    def leave(self, account: uuid.UUID, at: datetime | None = None) -> None:
        """Their membership ends."""
        self.connection.execute(
            update(Membership)
            .where(
                Membership.account_id == account,
                Membership.group_id == self.id,
                Membership.until.is_(None),
            )
            .values(until=self._at(at))
        )

    def delete(self, account: uuid.UUID) -> None:
        """They delete everything."""
        self.connection.execute(delete(Account).where(Account.id == account))

    def answer(  # noqa: PLR0913 - an attempt is all of that
        self,
        account: uuid.UUID,
        given: Mapping[str, str | Response],
        quiz: str = "mixed",
        at: datetime | None = None,
        versions: Mapping[str, str] | None = None,
        *,
        finished: bool = True,
    ) -> uuid.UUID:
        """An attempt with these answers: question ids with RIGHT, MISSED, UNSURE, an option's id or
        a Response. A question that the bank does not have is kept with nothing chosen, as missed.
        """
        now, attempt = self._at(at), self._id()
        self._exists(account)
        self._rounds[account, quiz] += 1
        self._put(
            Attempt,
            account_id=account,
            id=attempt,
            quiz=quiz,
            round=self._rounds[account, quiz],
            started_at=now,
            finished_at=now + MINUTE * 5 if finished else None,
        )
        rows = [
            {"account_id": account, "attempt_id": attempt, "position": position}
            | {"answered_at": now + timedelta(seconds=position), "sure": None}
            | self._answered(name, how)
            | ({"version": versions[name]} if versions and name in versions else {})
            for position, (name, how) in enumerate(given.items(), 1)
        ]
        if rows:
            self.connection.execute(insert(Item), rows)
        return attempt

    def assign(  # noqa: PLR0913 - an assignment is all of that
        self,
        questions: Iterable[str] = (),
        kind: str = "quiz",
        *,
        title: str = "Before the class",
        fixed: bool = True,
        contents: Mapping[str, Any] | None = None,
        due_on: date | None = None,
    ) -> uuid.UUID:
        """Set the group something to do. Its attempts have the quiz `assignment/<hex>`."""
        assignment_id = self._id()
        self._put(
            Assignment,
            id=assignment_id,
            group_id=self.id,
            kind=kind,
            title=title,
            contents=dict(contents or {"questions": [*questions], "fixed": fixed}),
            due_on=due_on,
            created_at=self._at(None),
            closed_at=None,
        )
        return assignment_id

    def _answered(self, name: str, how: str | Response) -> dict[str, Any]:
        question = self._bank.questions.get(name)
        response = response_to(question, how) if question else Response(chosen=("gone",))
        return {
            "question_id": name,
            "objective_id": question.objective if question else "gone",
            "version": question.version if question else "0" * 12,
            "shown": "123456"[: len(question.parts)] if question else "1",
            "response": response.to_json(),
            "score": grade(question, response).score if question else 0.0,
        }

    def _at(self, at: datetime | None) -> datetime:
        if at is None:
            self.now += MINUTE
        return at or self.now

    def _id(self) -> uuid.UUID:
        return uuid.uuid5(self.id, str(next(self._numbers)))

    def _exists(self, account: uuid.UUID) -> None:
        if not self._has(Account, Account.id == account):
            self._put(Account, id=account, created_at=BEGUN)

    def _has(self, model: Any, condition: Any) -> bool:
        statement = select(1).select_from(model).where(condition)
        return self.connection.scalar(statement) is not None

    def _put(self, model: Any, **values: Any) -> None:
        self.connection.execute(insert(model), [values])


def response_to(question: Question, how: str | Response) -> Response:
    """RIGHT, MISSED (another answer, or everything turned around), UNSURE, or an option’s id."""
    if isinstance(how, Response):
        return how
    if how == UNSURE:
        return Response(unsure=True)
    right = how == RIGHT
    if how not in (RIGHT, MISSED):
        return Response(chosen=(how,))
    return question.right_response() if right else wrong_response(question)


def sign_in_as_educator(person: Person, group: ClassOf, name: str = "Kim, nurse") -> Person:
    """Sign the person in as an educator of the group."""
    account = person.account
    group.lead(account, name)
    with person.browser.session_transaction() as session:
        session.update(signed_in(group.connection, account, name))
    return person
