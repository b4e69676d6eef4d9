"""HTML about a question that is the same for every learner, rendered once."""

from __future__ import annotations

from collections.abc import Hashable

from flask import request
from jinja2 import Environment
from markupsafe import Markup

from learn import extensions
from questions.model import Question

_MOST = 4096
"""Pieces that are kept: more than the questions of the bank have, so that none is rendered twice.

Beyond that, as when addresses change all the time, all are let go.
"""


class PreparedHtml:
    """The templates of `quizzes/parts`, rendered once for each question of the bank.

    A template gets the question and the values that it is called with, nothing of the request. So
    what it renders depends on them, and on the address of the site, alone. Earlier versions of a
    question aren't kept.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: dict[tuple[Hashable, ...], tuple[Question, Markup]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def __call__(self, part: str, question: Question, /, **values: Hashable) -> Markup:
        """Return the HTML of a `part` of a question's page."""
        key = part, question.id, request.script_root, *values.values()
        kept = self._kept.get(key)
        if kept is not None and kept[0] is question:
            return kept[1]
        template = self._environment.get_template(f"quizzes/parts/{part}.html")
        html = Markup(template.render(question=question, **values))  # noqa: S704 - our own template
        if extensions.content().bank.questions.get(question.id) is question:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = question, html
        return html
