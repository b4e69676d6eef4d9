"""The question of a room: which can be asked, and what its pages show of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from flask import render_template

from learn import extensions
from learn.editorial.availability import available_content
from learn.library.lessons import Lesson
from learn.models import Phase
from learn.quizzes.taking.answered import passage_of
from learn.quizzes.taking.feedback import feedback
from learn.quizzes.taking.forms import UNSURE
from learn.room.counting import result_of
from learn.room.forms import RoomAnswerForm
from learn.room.queries import RoomView, RoundCounts
from questions.model import Objective, Question, Response
from questions.selection import pack, shown_order, unpack


@dataclass(frozen=True, slots=True)
class AskableLesson:
    """A lesson, and its ideas with questions that can be asked."""

    lesson: Lesson
    objectives: tuple[Objective, ...]


def lessons() -> tuple[AskableLesson, ...]:
    """Return the lessons with questions to ask: those that count, and are not on hold."""
    content = available_content()
    found = []
    for lesson in content.lessons.values():
        ideas = [
            o for o in content.bank.of_lesson(lesson.id) if o.questions and not o.practice_only
        ]
        if ideas:
            found.append(AskableLesson(lesson, tuple(ideas)))
    return tuple(found)


def askable(question: str) -> Question | None:
    """Return a question that can be asked: one for practice only can't, as in a group's quizzes."""
    bank = available_content().bank
    found = bank.questions.get(question)
    if found is None or bank.objective_of(question).practice_only:
        return None
    return found


def question_of(room: RoomView) -> Question | None:
    """Return what the room is asked; None if the question was changed, or is on hold, since."""
    found = askable(room.question_id)
    return found if found and found.version == room.version else None


def order_of(group: uuid.UUID, question: Question) -> tuple[str, ...]:
    """Return the order of the parts, which is the same on the projector and on every phone."""
    return shown_order(question, Random(f"room/{group}/{question.id}"))  # noqa: S311 - not a secret


def packed_order(group: uuid.UUID, question: Question) -> str:
    """Return the order of the parts as it is stored."""
    return pack(question, order_of(group, question))


def question_page(  # noqa: PLR0913 - all of that differs
    room: RoomView,
    question: Question,
    *,
    form: RoomAnswerForm | None,
    error: str,
    token: str,
    late: str,
) -> str:
    """Return the question for a phone, with what was chosen in `form`."""
    return render_template(
        "room/question.html",
        room=room,
        question=question,
        parts=[question.part(part) for part in unpack(question, room.shown)],
        response=form.response.data if form else Response(),
        error=error and str(error),
        token=token,
        late=late,
        UNSURE=UNSURE,
    )


def page_values(room: RoomView, rounds: Mapping[int, RoundCounts]) -> dict[str, Any]:
    """Return what the pages of a room show of its question, on a phone or on the projector."""
    question = question_of(room)
    if question is None:
        return {"question": None, "parts": (), "result": None, "told": None}
    content = extensions.content()
    shown = unpack(question, room.shown)
    values: dict[str, Any] = {
        "question": question,
        "parts": [question.part(part) for part in shown],
        "result": None,
        "told": None,
    }
    if not room.is_open:
        values["result"] = result_of(content, room, question, shown, rounds)
    if room.phase == Phase.TOLD:
        values["told"] = feedback(question, question.version, Response(unsure=True), shown)
        values["lesson"], values["anchor"] = passage_of(content, question) or (None, "")
    return values
