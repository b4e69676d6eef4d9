"""Small questions and objectives, made for the tests."""

from __future__ import annotations

from questions.model import Kind, Objective, Option, Question, Row, Step


def made(kind: Kind, **parts) -> Question:
    return Question(
        id=f"a-{kind}", objective="cells", kind=kind, ask="Which?", case="", facts=("F1",), **parts
    )


def option(own: str, idea: str | None = None, text: str = "") -> Option:
    """An option; without the wrong idea behind it, it is right."""
    return Option(own, text or own, f"Why {own}.", ("F1",), right=idea is None, misconception=idea)


def choice(*options: Option) -> Question:
    return made(Kind.CHOICE, options=options or (A, WRONG_B, WRONG_C))


def choices(*options: Option) -> Question:
    return made(Kind.CHOICES, options=options or (A, B, WRONG_C, WRONG_D))


def match() -> Question:
    """Three rows and three targets; `red` given `clots` shows an idea of its own."""
    red = Row(
        "red", "Red cell", "Why.", ("F1",), "oxygen", "all-alike", {"clots": "red-cells-clot"}
    )
    white = Row("white", "White cell", "Why.", ("F1",), "germs", "all-alike")
    platelet = Row("platelet", "Platelet", "Why.", ("F1",), "clots", "all-alike")
    targets = {"oxygen": "Carries oxygen", "germs": "Fights germs", "clots": "Stops bleeding"}
    return made(Kind.MATCH, rows=(red, white, platelet), targets=targets)


def order(*steps: str) -> Question:
    return made(
        Kind.ORDER,
        steps=tuple(Step(s, s, "Why.", ("F1",)) for s in steps or ("one", "two", "three", "four")),
        misconception="upside-down",
    )


def objective(own: str, questions: int) -> Objective:
    """An objective with that many questions: `own-0`, `own-1` …"""
    asked = tuple(
        Question(f"{own}-{i}", own, Kind.CHOICE, "Which?", "", ("F1",), (A, WRONG_B))
        for i in range(questions)
    )
    return Objective(own, "cells", "first", "You can …", ("F1",), "What about me?", (), asked)


A = option("a")
B = option("b")
WRONG_B = option("b", "all-alike")
WRONG_C = option("c", "one-cause")
WRONG_D = option("d", "all-alike")
