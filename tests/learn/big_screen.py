"""A question on the projector of a room, and the phones that answer it."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Flask
from sqlalchemy import Connection, select

from learn.library.content import Content
from learn.models import Base, RoomCount, RoomMark
from learn.models import Room as RoomRow
from questions.model import Question, Response
from tests.learn.leading import Room
from tests.learn.people import Person, form_fields, wrong_response

SEEN = {"Sec-Fetch-Site": "same-origin"}


class BigScreen:
    """What an educator does with a room, by its pages."""

    def __init__(self, room: Room, app: Flask, content: Content, kim: Person | None = None) -> None:
        self.kim = kim or room.kim
        self.group = room.id
        self.connection: Connection = room.connection
        self.app = app
        self.content = content
        self.address = ""

    @property
    def here(self) -> str:
        return f"/groups/{self.group}/room"

    def ask(self, question: Question, query: str = "") -> None:
        """Open a question from its preview."""
        self.kim.open(f"{self.here}/ask/{question.id}{query}")
        page = self.kim.post(f"{self.here}/ask/{question.id}", self.kim.form())
        assert page.status_code == 303, self.kim.text
        self.address = page.location
        self.look()

    def look(self) -> str:
        """Open the projector's page, and return what it says."""
        self.kim.open(self.address)
        return self.kim.text

    def press(self, button: str, form: dict[str, Any] | None = None) -> str:
        """Press a button of the page that was seen last."""
        sent = form or self.kim.form()
        page = self.kim.post(f"{self.address}/{button}", sent)
        assert page.status_code == 303
        self.kim.open(page.location)
        return self.kim.text

    def close_anyway(self) -> str:
        """Close a question that too few have answered, which is asked once."""
        self.look()
        assert "Close anyway?" in self.press("close")
        return self.press("close")

    def lands(self, button: str) -> str:
        """Press a button of the page that was seen last, and open where it leads."""
        location = str(self.kim.post(f"{self.address}/{button}", self.kim.form()).location)
        self.kim.open(location)
        return location

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(self.address.rsplit("/", 1)[1])

    @property
    def code(self) -> str:
        code = self.connection.scalar(select(RoomRow.code).where(RoomRow.id == self.id))
        assert code
        return str(code)

    @property
    def question(self) -> Question:
        found = self.connection.scalar(select(RoomRow.question_id).where(RoomRow.id == self.id))
        assert found
        return self.content.bank.questions[found]

    def phone(self) -> Phone:
        """Somebody who opens the room's page."""
        found = Phone(Person(self.app, self.content), self.code)
        found.open()
        return found

    def answers(self, *given: Response) -> list[Phone]:
        """One phone for each answer."""
        phones = []
        for response in given:
            phones.append(self.phone())
            phones[-1].answer(self.question, response)
        return phones

    def counts(self) -> dict[tuple[int, str, str], int]:
        columns = RoomCount.round, RoomCount.kind, RoomCount.name, RoomCount.n
        rows = self.connection.execute(select(*columns).where(RoomCount.room_id == self.id))
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    def marks(self) -> list[uuid.UUID]:
        return [*self.connection.scalars(select(RoomMark.digest))]


class Phone:
    """A phone in the room."""

    def __init__(self, person: Person, code: str) -> None:
        self.person = person
        self.code = code

    def open(self) -> str:
        self.person.open(f"/room/{self.code}")
        return self.person.text

    def send(self, fields: dict[str, Any]) -> int:
        """Send the form that the page shows, and return the status."""
        sent = self.person.form() | fields
        status = self.person.post(f"/room/{self.code}", sent).status_code
        if status == 303:
            assert self.person.page is not None
            self.person.open(self.person.page.location)
        return status

    def answer(self, question: Question, response: Response) -> int:
        return self.send(fields_of(question, response))

    @property
    def now(self) -> str:
        return self.person.browser.get(f"/room/{self.code}/now").get_data(as_text=True)


def fields_of(question: Question, response: Response) -> dict[str, Any]:
    if response.unsure:
        return {"answer": "?"}
    return form_fields(question, response)


def right(question: Question) -> Response:
    return question.right_response()


def missed(question: Question) -> Response:
    return wrong_response(question)


UNSURE = Response(unsure=True)


def first_of(content: Content, kind: str) -> Question:
    """Return the first question of that kind that can be asked."""
    return next(
        q
        for o in content.bank.counted.values()
        for q in o.questions
        if q.kind == kind and (kind != "choice" or sum(bool(p.right) for p in q.parts) == 1)
    )


def shares_on(text: str) -> list[str]:
    """Every “3 of 5 chose it” on a page."""
    return re.findall(r"\d+ of \d+ (?:chose it|put it in the right place)", text)


def all_rows(connection):
    return {
        table.name: [*map(tuple, connection.execute(select(table)))]
        for table in Base.metadata.sorted_tables
    }
