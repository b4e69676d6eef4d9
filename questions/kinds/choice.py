"""`choice`: options to tick, exactly one of them right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean
from types import MappingProxyType
from typing import ClassVar

from questions.kinds.option_question import OptionQuestion
from questions.model import Response, ResponseError, Rules
from questions.parts import Part
from questions.reading import Table
from questions.wording import ABSOLUTE, ALL_OF_THE_ABOVE, content_words, singular


def _one_key(question: Choice) -> Iterator[str]:
    keys = sum(bool(o.right) for o in question.parts)
    if keys != 1:
        yield f"a choice has exactly one right option, not {keys}"


def _options_together(question: Choice) -> Iterator[str]:
    yield from OptionQuestion.lint_errors["options-together"](question)
    for option in question.parts:
        option_words = {*content_words(option.text)}
        others = [{*content_words(o.text)} for o in question.parts if o is not option]
        takes_in = sum(bool(words) and words < option_words for words in others)
        if takes_in >= 2 and not ALL_OF_THE_ABOVE.search(option.text):
            yield f"“{option.text}” takes other options together"


def _absolute_words(question: Choice) -> Iterator[str]:
    key = question.only_key
    if key and not ABSOLUTE.search(key.text):
        absolute = [m.group() for o in question.parts if (m := ABSOLUTE.search(o.text))]
        if len(absolute) >= 2:
            yield f"“{'”, “'.join(absolute)}” in wrong options, and no such word in the right one"


def _key_longest(question: Choice) -> Iterator[str]:
    key = question.only_key
    if key and all(len(o.text) < len(key.text) for o in question.parts if o is not key):
        ratio = len(key.text) / mean(len(o.text) for o in question.parts)
        if ratio > 1.3:
            yield f"the right option is the longest, {ratio:.1f} times the mean"


def _stem_and_key(question: Choice) -> Iterator[str]:
    if key := question.only_key:
        prompt = content_words(f"{question.vignette} {question.stem}")
        stem = {singular(word) for word in prompt if len(word) >= 5}
        shared = stem & {singular(word) for word in content_words(key.text)}
        for option in question.parts:
            if option is not key:
                shared -= {singular(word) for word in content_words(option.text)}
        if shared:
            yield f"of the options, only the right one repeats “{'”, “'.join(sorted(shared))}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(OptionQuestion):
    """A question with one right option. The score is 1 or 0."""

    kind: ClassVar[str] = "choice"
    partial_credit: ClassVar[bool] = False
    lint_errors: ClassVar[Rules] = MappingProxyType(
        {
            **OptionQuestion.lint_errors,
            "one-key": _one_key,
            "options-together": _options_together,
            "absolute-words": _absolute_words,
        }
    )
    lint_warnings: ClassVar[Rules] = MappingProxyType(
        {
            "key-longest": _key_longest,
            **OptionQuestion.lint_warnings,
            "stem-and-key": _stem_and_key,
        }
    )

    @property
    def only_key(self) -> Part | None:
        keys = [o for o in self.parts if o.right]
        return keys[0] if len(keys) == 1 else None

    def check_keys(self, table: Table) -> None:
        keys = sum(bool(o.right) for o in self.parts)
        if keys != 1:
            table.error(f"a choice needs exactly one right option, not {keys}")

    def random_score(self) -> float:
        return 1 / len(self.parts)

    def error_in(self, response: Response) -> ResponseError | None:
        error = OptionQuestion.error_in(self, response)
        if error is None and len({*response.chosen}) > 1:
            return ResponseError.TOO_MANY
        return error
