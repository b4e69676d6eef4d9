"""Which glossary terms are explained inside a question: those that give no answer away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from learn.library.content import Content
from learn.library.glossary import Term
from learn.library.prose import OURS
from questions.model import Objective, Question
from questions.wording import content_words, singular

_MIN_LETTERS = 4  # of a word that tells something
_COMMON = 6  # a word in one of so many meanings tells nothing, such as “cell” and “kind”

_TAG = re.compile(r"(<[^>]*>)")
_LEFT_ALONE = re.compile(r"<(/?)(?:svg|details|button|a)\b")
_MARKS = ".,;:!?”’)"


@dataclass(frozen=True, slots=True)
class TermMatch:
    """Where a term stands in a text, by one of its names."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """The terms to explain in a question: above its answers, and in each part, by the part's id.

    Each is explained once, where it is read first.
    """

    prompt: tuple[Term, ...] = ()
    parts: tuple[tuple[str, tuple[Term, ...]], ...] = ()

    @property
    def all(self) -> tuple[Term, ...]:
        """All of them, in the order of reading."""
        return (*self.prompt, *(term for _, terms in self.parts for term in terms))


class TermFinder:
    """Finds the terms of the glossary in texts, and decides which a question explains."""

    def __init__(self, content: Content) -> None:
        self._content = content
        terms = content.glossary.terms.values()
        names = sorted((n for t in terms for n in (t.term, *t.also)), key=len, reverse=True)
        any_name = "|".join(map(_pattern, names)) or "(?!)"
        self._names = re.compile(rf"(?<!\w)(?:{any_name})(?!\w)")
        told = Counter(word for term in terms for word in _telling(term.meaning))
        self._common = {word for word, count in told.items() if count * _COMMON >= len(terms)}

    def find(self, text: str) -> Iterator[TermMatch]:
        """Yield the terms in a text. Of names that overlap, the longest counts."""
        for found in self._names.finditer(text):
            if (term := self._content.glossary.find(found.group())) is not None:
                yield TermMatch(term, found.start(), found.end())

    def terms(self, question: Question) -> QuestionTerms:
        """Return the terms that are explained in a question of the bank.

        The labels of an exhibit are explained all or none, and so are the answers: a term that
        isn't would stand out as the one that is asked about.
        """
        bank = self._content.bank
        objective = bank.objectives.get(bank.current_id(question.objective))
        if objective is None:
            return QuestionTerms()
        explained: dict[str, Term] = {}

        def first_in(*texts: str) -> tuple[Term, ...]:
            found = {
                name: term
                for name, term in self._medical(texts).items()
                if name not in explained and not self.gives_away(term, question, objective)
            }
            explained.update(found)
            return tuple(found.values())

        def are_alike(texts: Iterable[str]) -> bool:
            terms = self._medical(texts).values()
            return not any(self.gives_away(term, question, objective) for term in terms)

        labels = question.exhibit.author_texts if question.exhibit else ()
        shown = labels if are_alike(labels) else ()
        prompt = first_in(question.vignette, *shown, question.stem)
        if not are_alike(_answers(question)):
            return QuestionTerms(prompt)
        parts = ((part.id, first_in(part.text)) for part in question.parts)
        return QuestionTerms(prompt, tuple((part, terms) for part, terms in parts if terms))

    def gives_away(self, term: Term, question: Question, objective: Objective) -> bool:
        """Return whether the meaning of a term may tell the key.

        It may if it rests on a fact of the question or its objective, if the objective or an answer
        is about the word itself, or if it repeats a word of an answer.
        """
        facts = {*question.facts, *objective.facts, *(f for p in question.parts for f in p.facts)}
        if {*term.facts} & (facts - {OURS}):
            return True
        names = " | ".join((term.term, *term.also))
        about = f"{objective.id.replace('-', ' ')} {objective.you_can}"
        if any(found.term is term for found in self.find(about)):
            return True
        own, answers = _telling(names), [_telling(answer) for answer in _answers(question)]
        if any(own & answer and len(answer - own) <= 1 for answer in answers):
            return True  # it is hardly more than the term
        told = _telling(term.meaning) - own - self._common
        return any(told & answer for answer in answers)

    def mark(self, html: str, terms: Iterable[Term], write: Callable[[Term, str, str], str]) -> str:
        """Return HTML in which each of `terms` is written anew where it stands first.

        `write` gets the term, its name as it stands there, and the marks after it. Pictures and
        folded texts are left alone.
        """
        left, inside, written = {term.id for term in terms}, 0, list[str]()
        for piece in _TAG.split(html):
            if tag := _LEFT_ALONE.match(piece):
                inside += -1 if tag.group(1) else 1
            end = 0
            for found in self.find(piece) if left and not inside and piece[:1] != "<" else ():
                if found.term.id not in left:
                    continue
                left.remove(found.term.id)
                name, after = piece[found.start : found.end], piece[found.end :]
                marks = after[: len(after) - len(after.lstrip(_MARKS))]
                written += piece[end : found.start], write(found.term, name, marks)
                end = found.end + len(marks)
            written.append(piece[end:])
        return "".join(written)

    def _medical(self, texts: Iterable[str]) -> dict[str, Term]:
        """Return the terms in the texts that aren't everyday words, by id."""
        matches = (match for text in texts for match in self.find(text))
        return {match.term.id: match.term for match in matches if not match.term.everyday}


def _answers(question: Question) -> list[str]:
    return [*(part.text for part in question.parts), *question.extra_texts.values()]


def _telling(text: str) -> set[str]:
    return {singular(word) for word in content_words(text) if len(word) >= _MIN_LETTERS}


def _pattern(name: str) -> str:
    """Return a pattern for a name; only abbreviations have to be written as they are."""
    is_fixed = any(letter.isupper() for letter in name[1:])
    return re.escape(name) if is_fixed else f"(?i:{re.escape(name)})"
