"""A bank that follows the rules for writing, and ways to break them."""

from __future__ import annotations

from dataclasses import replace

from questions.bank import Bank
from questions.kinds import Choice, Choices, Match, Order, Row
from questions.lint import Lint, lint
from questions.model import Misconception, Objective, Question, Safety
from questions.parts import Part

F = ("F1",)
PLACE = ("bank/cells/cells.toml", 7)
TWENTY = " ".join(["word"] * 20)
LONG = f"{TWENTY} word"


def option(own: str, text: str, *, right: bool = False, why: str = "This is so.") -> Part:
    return Part(own, text, why, F, right=right, misconception="" if right else "alike")


def choice(own: str, stem: str, key: str, *wrong: str, key_at: int = 0, **more) -> Choice:
    options = [option(f"w{i}", text) for i, text in enumerate(wrong)]
    options.insert(key_at, option("key", key, right=True))
    return Choice(id=own, objective="cells", stem=stem, facts=F, parts=(*options,), **more)


def row(own: str, text: str, target: str) -> Row:
    return Row(own, text, "This is so.", F, target=target, misconception="alike")


CHOICE = choice(
    "choice",
    "What helps when Ana is short of breath?",
    "Red cells from blood",
    "Platelets in plasma",
    "White cells in a bag",
    safety=Safety.CALL_911,
    signs={Safety.CALL_911: "Trouble breathing"},
)
CHOICES = Choices(
    id="choices",
    objective="cells",
    stem="What can be seen in blood? Choose all that apply.",
    facts=F,
    parts=(
        option("red", "Red cells", right=True),
        option("plate", "Platelets", right=True),
        option("nerve", "Nerve cells"),
    ),
)
MATCH = Match(
    id="match",
    objective="cells",
    stem="Which job fits?",
    facts=F,
    targets={"oxygen": "Carries oxygen", "germs": "Fights germs"},
    parts=(row("red", "Red cell", "oxygen"), row("white", "White cell", "germs")),
)
ORDER = Order(
    id="order",
    objective="cells",
    stem="Put these in order, from first to last.",
    facts=F,
    parts=tuple(Part(s, f"A {s} cell", "This is so.", F) for s in ("stem", "young", "grown")),
    misconception="alike",
)
SECOND = choice(
    "second",
    "Where do they come from?",
    "The soft marrow",
    "The warm heart",
    "The long nerves",
    key_at=1,
)
THIRD = choice(
    "third", "What do they stop?", "A bad bleed", "A high fever", "A sore throat", key_at=2
)


def bank_of(*questions: Question, truth: str = "Each kind has its own job.") -> Bank:
    misconception = Misconception("alike", "They are alike.", truth)
    objective = Objective(
        "cells", "blood", "first", "You can …", F, "What about me?", (misconception,), questions
    )
    return Bank(
        {"cells": objective},
        {q.id: q for q in questions},
        {"alike": misconception},
        {"cells": ("bank/cells/cells.toml", 1)} | {q.id: PLACE for q in questions},
    )


def with_options(question: Question, *options: Part) -> Question:
    return replace(question, parts=options)


def with_text(question: Question, own: str, text: str) -> Question:
    """`question` with another text for one of its parts."""
    parts = tuple(replace(p, text=text) if p.id == own else p for p in question.parts)
    return replace(question, parts=parts)


def with_why(question: Question, why: str) -> Question:
    return with_options(question, replace(question.parts[0], rationale=why), *question.parts[1:])


def waiting(question: Question, **more) -> Question:
    """`question` with a sign that can wait until the next visit."""
    return signed(question, Safety.NEXT_VISIT, **more)


def signed(question: Question, safety: Safety, **more) -> Question:
    """`question` with a sign that has a name."""
    return replace(question, safety=safety, signs={safety: "Being tired"}, **more)


WHOLE = (CHOICE, CHOICES, MATCH, ORDER, SECOND)


def linted(*changed: Question) -> Lint:
    """Lint the whole bank with some of its questions changed."""
    new = {q.id: q for q in changed}
    return lint(bank_of(*(new.pop(q.id, q) for q in WHOLE), *new.values()))


def broken(result: Lint) -> list[str]:
    """Return the rules of the errors."""
    return [error.message.split(": ")[1] for error in result.errors]


NONE = dict.fromkeys(lint(bank_of()).warnings, 0)


def budget_file(**changes: object) -> str:
    values = NONE | {name.replace("_", "-"): value for name, value in changes.items()}
    return "[warnings]\n" + "".join(f"{rule} = {value}\n" for rule, value in values.items())
