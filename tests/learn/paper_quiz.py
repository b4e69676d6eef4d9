"""A quiz on paper, as an educator prints it and types it in."""

from __future__ import annotations

import re
import uuid
from typing import Any

from sqlalchemy import Connection, select

from learn.library.content import Content
from learn.models import PaperQuestion, PaperSheet, PaperSitting
from questions.model import Question
from questions.selection import unpack
from tests.learn.people import Person


class PaperQuiz:
    """A sitting, by its pages."""

    def __init__(self, kim: Person, group: uuid.UUID, connection: Connection) -> None:
        self.kim = kim
        self.group = group
        self.connection = connection
        self.content: Content = kim.content
        self.address = ""

    @property
    def here(self) -> str:
        return f"/groups/{self.group}/paper"

    def make(self, source: str) -> None:
        """Make a sitting by the page for it."""
        self.kim.open(self.here)
        page = self.kim.post(self.here, self.kim.form(source=source))
        assert page.status_code == 303, self.kim.text
        self.address = page.location

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(self.address.rsplit("/", 1)[1])

    @property
    def number(self) -> int:
        wanted = select(PaperSitting.number).where(PaperSitting.id == self.id)
        found: int | None = self.connection.scalar(wanted)
        assert found
        return found

    @property
    def questions(self) -> list[tuple[Question, tuple[str, ...]]]:
        """Its questions, with the order of their options."""
        rows = self.connection.execute(
            select(PaperQuestion.question_id, PaperQuestion.shown)
            .where(PaperQuestion.sitting_id == self.id)
            .order_by(PaperQuestion.place)
        )
        questions = self.content.bank.questions
        return [(questions[row[0]], unpack(questions[row[0]], row[1])) for row in rows]

    def key(self, place: int) -> str:
        """Return the right letters of a question, from 1."""
        question, shown = self.questions[place - 1]
        return " ".join(e.letter for e in question.on_paper(shown) if e.part.right)

    def other(self, place: int) -> str:
        """A letter that isn't right."""
        question, shown = self.questions[place - 1]
        return next(e.letter for e in question.on_paper(shown) if not e.part.right)

    def fields(self, *rows: list[str]) -> dict[str, str]:
        """Return the cells of rows, as a browser sends them."""
        return {f"{n}-{p}": c for n, row in enumerate(rows, 1) for p, c in enumerate(row, 1)}

    def right(self) -> list[str]:
        """A row of right answers."""
        return [self.key(place) for place in range(1, len(self.questions) + 1)]

    def open_grid(self) -> None:
        self.kim.open(f"{self.address}/papers")

    def send(self, *rows: list[str], **more: Any) -> int:
        """Type rows into the page that is open, or into a new one, and save them."""
        if 'id="papers"' not in (self.kim.html if self.kim.page else ""):
            self.open_grid()
        return self.post(self.kim.form(**self.fields(*rows)) | more)

    def post(self, form: dict[str, Any]) -> int:
        return self.kim.post(f"{self.address}/papers", form).status_code

    def save(self, *rows: list[str], **more: Any) -> str:
        """Save rows from a new page, and return what the page says that this leads to."""
        self.open_grid()
        assert self.send(*rows, **more) == 303, self.kim.text
        assert self.kim.page is not None
        self.kim.open(self.kim.page.location)
        return self.kim.text

    def stored(self) -> list[tuple[int, dict[str, Any]]]:
        """Number and answers of each paper."""
        rows = self.connection.execute(
            select(PaperSheet.number, PaperSheet.answers)
            .where(PaperSheet.sitting_id == self.id)
            .order_by(PaperSheet.number)
        )
        return [(row[0], row[1]) for row in rows]

    def cell(self, name: str) -> str:
        """What stands in a cell of the page."""
        match = re.search(
            rf'<input name="(?:[0-9a-f]{{6}}-)?{name}"(?: value="([^"]*)")?', self.kim.html
        )
        assert match, name
        return match[1] or ""


def letters_only(content: Content) -> list[str]:
    """Ids of counted questions that are answered with one letter."""
    return [
        q.id
        for o in content.bank.counted.values()
        for q in o.questions
        if q.counts_chosen and not q.partial_credit
    ]


def of_parts(content: Content) -> list[str]:
    """Ids of counted questions that are answered with several letters."""
    return [
        q.id
        for o in content.bank.counted.values()
        for q in o.questions
        if q.counts_chosen and q.partial_credit
    ]
