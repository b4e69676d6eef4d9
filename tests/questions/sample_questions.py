"""Small questions and objectives, made for the tests."""

from __future__ import annotations

from dataclasses import replace

from questions.kinds import Choice, Choices, Match, Order, Row
from questions.model import Objective
from questions.parts import Part

COMMON = {"objective": "cells", "stem": "Which?", "facts": ("F1",)}


def option(own: str, idea: str = "", text: str = "") -> Part:
    """An option; without the wrong idea behind it, it is right."""
    return Part(own, text or own, f"Why {own}.", ("F1",), right=not idea, misconception=idea)


def choice(*options: Part) -> Choice:
    return Choice(id="a-choice", **COMMON, parts=options or (A, WRONG_B, WRONG_C))


def choices(*options: Part) -> Choices:
    return Choices(id="a-choices", **COMMON, parts=options or (A, B, WRONG_C, WRONG_D))


def row(own: str, text: str, target: str, **more) -> Row:
    return Row(own, text, "Why.", ("F1",), target=target, misconception="all-alike", **more)


def match() -> Match:
    """Three rows and three targets; `red` given `clots` shows an idea of its own."""
    rows = (
        row("red", "Red cell", "oxygen", misconceptions={"clots": "red-cells-clot"}),
        row("white", "White cell", "germs"),
        row("platelet", "Platelet", "clots"),
    )
    targets = {"oxygen": "Carries oxygen", "germs": "Fights germs", "clots": "Stops bleeding"}
    return Match(id="a-match", **COMMON, parts=rows, targets=targets)


def order(*steps: str) -> Order:
    return Order(
        id="a-order",
        **COMMON,
        parts=tuple(Part(s, s, "Why.", ("F1",)) for s in steps or ("one", "two", "three", "four")),
        misconception="upside-down",
    )


def objective(own: str, questions: int) -> Objective:
    """An objective with that many questions: `own-0`, `own-1` …"""
    asked = tuple(
        replace(choice(A, WRONG_B), id=f"{own}-{i}", objective=own) for i in range(questions)
    )
    return Objective(own, "cells", "first", "You can …", ("F1",), "What about me?", (), asked)


A = option("a")
B = option("b")
WRONG_B = option("b", "all-alike")
WRONG_C = option("c", "one-cause")
WRONG_D = option("d", "all-alike")
