"""States of a quiz on paper: what is printed, the rows that are typed in, and how it went."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import cycle, islice

from learn.database import Database
from learn.paper import actions, letters
from learn.paper.actions import FormLine, NewSitting
from learn.paper.queries import PrintedVersion
from questions.model import Question
from questions.selection import pack
from tests.browser.classroom_states import lead
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import Visitor, bank
from tests.serving import Site

SAVE, CHECK, MORE = "Save these papers", "Check without saving", "Add 10 rows"
QUESTIONS = 8


def paper_states(eva: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state, at the site's name."""
    group = lead(site, sign_in_as(eva.page.context, site, "Eva with paper"))
    here = f"{site.named}/groups/{group}/paper"
    eva.open(here)
    yield "paper-none"
    eva.press("Make the paper quiz")
    yield "paper-not-chosen"
    sitting = make(site, group)
    eva.open(here)
    yield "paper-list"
    eva.open(f"{here}/{sitting}")
    yield "paper-no-papers"
    eva.open(f"{here}/{sitting}/quiz")
    yield "paper-quiz"
    eva.open(f"{here}/{sitting}/key")
    yield "paper-key"
    yield from _typing(eva, f"{here}/{sitting}")
    yield from _results(eva, site, f"{here}/{sitting}", sitting)


def _typing(eva: Visitor, here: str) -> Iterator[str]:
    eva.open(f"{here}/papers")
    yield "paper-type"
    type_row(eva, 1, ["A", "b", "?", "", "A", "B", "A", "AB"])
    type_row(eva, 2, ["B", "Z", "A", "A", "A B", "", "C", "A ?"])
    eva.press(SAVE)
    yield "paper-type-unreadable"
    type_row(eva, 2, ["B", "B", "A", "A", "A", "", "C", "A"])
    eva.press(CHECK)
    yield "paper-type-readable"
    eva.press(SAVE)
    yield "paper-saved"
    eva.open(f"{here}/papers")
    type_row(eva, 1, ["A", "B", "?", "", "A", "B", "A", "A B"])
    type_row(eva, 2, ["B", "B", "A", "A", "A", "", "C", "A"])
    eva.press(SAVE)
    yield "paper-typed-twice"
    eva.open(f"{here}/papers/2")
    yield "paper-edit"
    eva.open(f"{here}/papers/2/delete")
    yield "paper-remove"
    eva.open(f"{here}/delete")
    yield "paper-delete"


def _results(eva: Visitor, site: Site, here: str, sitting: uuid.UUID) -> Iterator[str]:
    eva.open(f"{here}/papers")
    type_row(eva, 1, ["A", "A"])
    fill(site, sitting, 30)
    eva.open(here)
    yield "paper-results"
    eva.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    yield "paper-results-open"


def type_row(eva: Visitor, row: int, typed: list[str]) -> None:
    """Type letters into a row of the page."""
    for place, text in enumerate(typed, 1):
        eva.page.fill(f'[name$="-{row}-{place}"], [name="{row}-{place}"]', text)


def asked() -> list[Question]:
    """Return questions for a paper, the last one with several letters."""
    counted = [q for o in bank().counted.values() for q in o.questions if q.counts_chosen]
    single = [q for q in counted if not q.partial_credit]
    several = [q for q in counted if q.partial_credit]
    return [*single[: QUESTIONS - 1], several[0]]


def make(site: Site, group: uuid.UUID) -> uuid.UUID:
    """Make a sitting, the same in each walk; return its id."""
    questions = tuple(
        PrintedVersion(q.id, q.version, pack(q, [p.id for p in q.parts])) for q in asked()
    )
    new = NewSitting(uuid.uuid4(), group, "Before the class", questions, 2)
    database = Database(f"sqlite:///{site.database}")
    with database.transaction() as session:
        actions.create(session, new, [4711], _now())
    database.dispose()
    return new.id


def fill(site: Site, sitting: uuid.UUID, papers: int) -> None:
    """Type in so many papers, without the pages."""
    questions = asked()
    rows = []
    for number in range(1, papers + 1):
        typed = islice(cycle("ABACAB?"), number % 5, None)
        cells = [
            letters.read(
                letter if (place + number) % 4 else "", question, [p.id for p in question.parts]
            ).response
            or (question.right_response() if (place * number) % 3 else None)
            for place, (question, letter) in enumerate(zip(questions, typed, strict=False))
        ]
        rows.append(
            FormLine(number, {str(n): r.to_json() for n, r in enumerate(cells, 1) if r is not None})
        )
    database = Database(f"sqlite:///{site.database}")
    with database.transaction() as session:
        actions.save(session, sitting, uuid.uuid4(), rows, _now(), anyway=True)
    database.dispose()


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)
