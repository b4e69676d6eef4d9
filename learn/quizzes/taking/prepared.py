"""HTML about a question that is the same for every learner, rendered once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from flask import current_app, request
from jinja2 import Environment
from markupsafe import Markup

from learn import extensions
from learn.library.content import Content
from learn.library.glossary import Term
from learn.library.question_terms import QuestionTerms, TermFinder
from questions.model import Question

_MAX_KEPT = 4096
"""Pieces that are kept: more than the questions of the bank have, so that none is rendered twice.

Beyond that, as when addresses change all the time, all are let go.
"""

_T = TypeVar("_T")


class PreparedHtml:
    """The templates of `quizzes/parts`, rendered once for each question of the bank.

    A template gets the question and the values that it is called with, nothing of the request. So
    what it renders depends on them, and on the address of the site, alone. Earlier versions of a
    question aren't kept, and their terms aren't explained.
    """

    def __init__(self, environment: Environment, content: Content) -> None:
        self._environment = environment
        self._finder = TermFinder(content)
        self._bank = content.bank
        self._kept: dict[tuple[Hashable, ...], tuple[Question, object]] = {}
        environment.filters["explained"] = self._explained

    def __len__(self) -> int:
        return len(self._kept)

    def __call__(self, part: str, question: Question, /, **values: Hashable) -> Markup:
        """Return the HTML of a `part` of a question's page."""
        return self._once(
            question,
            (part, request.script_root, *values.items()),
            lambda: self._render(part, question=question, **values),
        )

    def words(self, question: Question) -> Markup:
        """Return the terms in its answers, to tap below them: a label holds no button."""
        terms = tuple(term for _, found in self._terms(question).parts for term in found)
        return self._once(question, ("the words",), lambda: self._render("words", terms=terms))

    def meanings(self, question: Question) -> Markup:
        """Return what the terms mean, hidden until one is tapped."""
        return self._once(
            question,
            ("the meanings",),
            lambda: self._render("meanings", terms=self._terms(question).all),
        )

    def _render(self, part: str, **values: object) -> Markup:
        template = self._environment.get_template(f"quizzes/parts/{part}.html")
        return Markup(template.render(**values))  # noqa: S704 - our own template

    def _terms(self, question: Question) -> QuestionTerms:
        if self._bank.questions.get(question.id) is not question:
            return QuestionTerms()
        return self._once(question, ("the terms",), lambda: self._finder.terms(question))

    def _explained(self, html: str, question: Question) -> Markup:
        """Return what is asked with its terms to tap. What it is made from is escaped."""
        terms = self._terms(question).prompt
        module = self._environment.get_template("macros/prose.html").module
        button = cast("Callable[[Term, str, str], Markup]", vars(module)["term_button"])
        return Markup(  # noqa: S704 - escaped, see above
            self._finder.mark(html, terms, lambda *found: button(found[0], *map(Markup, found[1:])))
        )

    def _once(self, question: Question, what: tuple[Hashable, ...], make: Callable[[], _T]) -> _T:
        """Return what was made of the question before, or make it."""
        key = question.id, *what
        kept = self._kept.get(key)
        if kept is not None and kept[0] is question:
            return cast("_T", kept[1])
        made = make()
        if extensions.content().bank.questions.get(question.id) is question:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            self._kept[key] = question, made
        return made


def prepared() -> PreparedHtml:
    """Return the pieces of this application."""
    return cast("PreparedHtml", current_app.jinja_env.globals["prepared"])
