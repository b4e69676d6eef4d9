"""Questions without keys, for somebody who hasn't read the lessons, and the grades of answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from string import ascii_uppercase

from learn.authoring.item_sheets import exhibit_lines
from learn.authoring.masking import masked_lines
from questions.bank import Bank
from questions.grading import error_in
from questions.guessing import Guesses, guesses
from questions.model import Question, Response, ResponseError
from questions.parts import Part
from questions.reading import ContentError, read_utf8
from questions.selection import shown_order

_LINE = re.compile(r"\s*([^:\s]+)\s*:\s*(.*?)\s*")
_ERRORS = {
    ResponseError.NOTHING: "no letter",
    ResponseError.TOO_MANY: "one letter, please",
}


@dataclass(frozen=True, slots=True)
class BlindItem:
    """A question, and its options in the order of their letters."""

    question: Question
    options: tuple[Part, ...]


def draw(bank: Bank, seed: str, count: int) -> tuple[BlindItem, ...]:
    """Return `count` questions with options to tick, or all if there are fewer, by the seed."""
    able = [q for q in bank.questions.values() if all(isinstance(p.right, bool) for p in q.parts)]
    rng = Random(seed)  # noqa: S311 - the same seed gives the same test
    chosen = rng.sample(sorted(able, key=lambda q: q.id), min(count, len(able)))
    return tuple(
        BlindItem(q, tuple(q.part(i) for i in shown_order(q, Random(f"{seed}/{q.id}"))))  # noqa: S311
        for q in chosen
    )


def sheet(items: tuple[BlindItem, ...], seed: str, *, masked: bool = False) -> Iterator[str]:
    """Yield the lines of the test: no key, no rationale."""
    yield "Answer each question in a line of its own: its number, a colon, and the letters, as 1: B"
    for number, item in enumerate(items, 1):
        yield ""
        yield f"{number}:"  # an id would tell what it is about
        question = item.question
        options = [option.text for option in item.options]
        lines = [question.vignette, *exhibit_lines(question), question.stem]
        if masked:
            lines, options = masked_lines(question, options, seed)
        yield from (f"  {line}" for line in lines if line)
        for letter, option in zip(ascii_uppercase, options, strict=False):
            yield f"    {letter}  {option}"


def grade_answers(
    items: tuple[BlindItem, ...], path: Path
) -> tuple[Guesses | None, list[ContentError]]:
    """Return how well the answers in a file do, beside chance, and the errors in the file."""
    name = path.name
    try:
        text, errors = read_utf8(path, name)
    except OSError as error:
        return None, [ContentError(name, 1, f"it can't be read: {error.strerror}")]
    by_name = {str(number): item for number, item in enumerate(items, 1)}
    by_name |= {item.question.id: item for item in items}
    scores: dict[str, float] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        item = by_name.get(match[1]) if match else None
        if match is None:
            message = "not an answer such as “1: B”"
        elif item is None:
            message = f"“{match[1]}” is not in this test"
        elif item.question.id in scores:
            message = f"“{match[1]}” is answered twice"
        else:
            response, message = _response(item, match[2])
            scores[item.question.id] = 0.0 if message else item.question.grade(response).score
        if message:
            errors.append(ContentError(name, number, message))
    missing = [str(n) for n, item in enumerate(items, 1) if item.question.id not in scores]
    if missing and not errors:
        errors.append(ContentError(name, 1, f"no answer to {', '.join(missing)}"))
    if errors:
        return None, errors
    return guesses((scores[i.question.id], i.question.random_score()) for i in items), []


def _response(item: BlindItem, letters: str) -> tuple[Response, str]:
    """Return the response that the letters stand for, and what is wrong with them."""
    named = [letter for letter in letters.upper() if letter not in " ,;/.()"]
    places = [ascii_uppercase.find(letter) for letter in named]
    if bad := [n for n, p in zip(named, places, strict=True) if not 0 <= p < len(item.options)]:
        last = ascii_uppercase[len(item.options) - 1]
        return Response(), f"“{bad[0]}” is not a letter from A to {last}"
    response = Response(chosen=tuple(item.options[p].id for p in places))
    error = error_in(item.question, response)
    return response, _ERRORS.get(error, str(error)) if error else ""
