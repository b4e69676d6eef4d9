"""States of asking the room: the projector, and a phone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from learn import join_codes
from learn.database import Database
from learn.room import actions, queries
from learn.room.counting import counted
from questions.model import Question, Response
from tests.browser.classroom_states import lead
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import Visitor, bank
from tests.learn.people import wrong_response
from tests.serving import Site

CLOSE, TELL, AGAIN = "Close and show results", "Show the right answer", "Ask again after talking"
ASK, SEND = "Ask the room", "Send my answer"


def first_of(kind: str, *, exhibit: bool = False) -> Question:
    """Return the first question of that kind that can be asked; or the first with an exhibit."""
    return next(q for q in askable() if q.kind == kind and bool(q.exhibit) is exhibit)


def askable() -> list[Question]:
    return [q for o in bank().counted.values() for q in o.questions]


def ask(eva: Visitor, group: str, question: Question, query: str = "") -> str:
    """Open a question from its preview; return the room's code."""
    eva.open(f"{group}/room/ask/{question.id}{query}")
    eva.press(ASK)
    return code_on(eva)


def code_on(eva: Visitor) -> str:
    return join_codes.parse(eva.page.locator(".projector-code").inner_text())


def others_answer(site: Site, code: str, question: Question, right: int, missed: int) -> None:
    """Let other phones answer, without a browser each."""
    database = Database(f"sqlite:///{site.database}")
    given = [question.right_response()] * right + [wrong_response(question)] * missed
    given.append(Response(unsure=True))
    now = datetime.now(UTC)
    for response in given:
        with database.transaction() as session:
            room = queries.with_code(session, code, now)
            assert room
            actions.record(session, room, uuid.uuid4(), [*counted(question, response)], now)
    database.dispose()


def room_states(eva: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state, at the site's name."""
    group = f"{site.named}/groups/{lead(site, sign_in_as(eva.page.context, site, 'Eva who asks'))}"
    eva.open(f"{group}/room")
    yield "room-choose"
    question = first_of("choice")
    eva.open(f"{group}/room/ask/{question.id}")
    yield "room-preview"
    eva.press(ASK)
    room = _Room(eva, site, code_on(eva), eva.page.url)
    yield "room-projector-open"
    yield from _on_the_phone(room)
    yield from _bars_and_what_is_right(room, question)
    for kind in ("choices", "match", "order"):
        yield from _another_question(room, group, first_of(kind), kind)
    drawn = next(q for q in askable() if any(part.figure for part in q.parts))
    yield from _another_question(room, group, drawn, "pictures")
    ask(eva, group, first_of("choice", exhibit=True), room.query)
    yield "room-projector-exhibit"
    eva.press(CLOSE)
    yield "room-projector-asks-to-close"
    eva.press("Close anyway")
    yield "room-projector-few"
    yield from _around(eva, site, group, room)


@dataclass(frozen=True)
class _Room:
    """A room: who asks in it, its code, and the address of its projector."""

    eva: Visitor
    site: Site
    code: str
    screen: str

    @property
    def phone(self) -> str:
        return f"{self.site.named}/room/{self.code}"

    @property
    def query(self) -> str:
        return f"?room={self.screen.rsplit('/', 1)[1]}"


def _on_the_phone(room: _Room) -> Iterator[str]:
    room.eva.open(room.phone)
    yield "room-question"
    room.eva.press(SEND)
    yield "room-question-empty"
    room.eva.press("I’m not sure")
    yield "room-answered"


def _bars_and_what_is_right(room: _Room, question: Question) -> Iterator[str]:
    eva = room.eva
    others_answer(room.site, room.code, question, 9, 12)
    eva.open(room.screen)
    eva.press(CLOSE)
    yield "room-projector-closed"
    eva.open(room.phone)
    yield "room-result-closed"
    eva.open(room.screen)
    eva.press(AGAIN)
    others_answer(room.site, room.code, question, 18, 3)
    eva.open(room.screen)
    eva.press(CLOSE)
    eva.press(TELL)
    yield "room-projector-told"
    eva.open(room.phone)
    yield "room-result-told"


def _another_question(room: _Room, group: str, question: Question, name: str) -> Iterator[str]:
    eva = room.eva
    ask(eva, group, question, room.query)
    yield f"room-projector-{name}"
    eva.open(room.phone)
    yield f"room-question-{name}"
    others_answer(room.site, room.code, question, 5, 2)
    eva.open(room.screen)
    eva.press(CLOSE)
    eva.press(TELL)
    yield f"room-projector-{name}-told"
    eva.open(room.phone)
    yield f"room-result-{name}"


def _around(eva: Visitor, site: Site, group: str, room: _Room) -> Iterator[str]:
    eva.open(f"{group}/room{room.query}")
    yield "room-another"
    eva.open(f"{group}/room/{uuid.uuid4()}")
    yield "room-over"
    eva.open(f"{site.named}/room/DAGO-MELU")
    yield "room-closed"
    eva.open(f"{site.named}/room")
    yield "room-code"
    eva.press("Continue")
    yield "room-code-empty"
