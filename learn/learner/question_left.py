"""The question that a visitor left to look something up, as the address of the page names it.

It is written as its attempt and position, or before the first answer as its quiz.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for

from learn import extensions
from learn.learner.quiz_refs import CHECK, QuizKind, QuizRef

_ITEM = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,4})")


@dataclass(frozen=True, slots=True)
class QuestionLeft:
    """Where the question is, and the `arguments` with which another page keeps the way back."""

    address: str
    arguments: Mapping[str, str]


def question_left() -> QuestionLeft | None:
    """Return the question that the visitor came from, if the page's address names one."""
    if not (args := request.args):
        return None
    arguments = {name: args[name] for name in ("question", "path") if name in args}
    address = _address(arguments.get("question", ""), arguments.get("path"))
    return QuestionLeft(address, arguments) if address else None


def _address(question: str, path: str | None) -> str | None:
    if match := _ITEM.fullmatch(question):
        return url_for("quizzes.item", attempt_id=match[1], position=int(match[2]))
    quiz, content = QuizRef.parse(question), extensions.content()
    if quiz is None or quiz == CHECK:  # the address of a check has choices
        return None
    if quiz.assignment:
        return url_for("quizzes.assigned", assignment_id=quiz.assignment, part=quiz.part)
    lessons = {*content.lessons, *content.topics}
    if quiz.name and quiz.name not in (content.paths if quiz.kind is QuizKind.PATH else lessons):
        return None
    return url_for("quizzes.take", kind=quiz.kind, name=quiz.name, path=path)
