"""States of reports: an empty group, no answers, many answers, one question."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import UUID

from learn.database import Database
from questions.bank import Bank
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import Visitor, bank
from tests.learn.groups import MISSED, RIGHT, UNSURE, ClassOf
from tests.serving import Site

_CHOICE, _MATCH, _ORDER = "how-all-begins-start", "blood-jobs-together-low", "crowding-out-chain"


def results_states(ana: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state, at the site's name, where an educator is signed in."""
    account = sign_in_as(ana.page.context, site, "Kim of the results")
    empty, full, assigned = _groups(site, account)
    here = f"{site.named}/groups"
    ana.open(f"{here}/{empty}")
    yield "results-nobody"
    ana.open(f"{here}/{empty}/questions")
    yield "results-questions-nobody"
    ana.open(f"{here}/{full}")
    yield "results"
    for summary in ana.page.locator("main summary").all():
        summary.click()
    yield "results-all-open"
    ana.open(f"{here}/{full}?from=now&assignment={assigned.hex}&lesson=what-is-all")
    yield "results-a-part"
    ana.open(f"{here}/{full}?from=2026-12-01")
    yield "results-nothing-fits"
    ana.open(f"{here}/{full}/first-answers")
    yield "results-first-answers"
    ana.open(f"{here}/{full}/questions")
    yield "results-questions"
    for summary in ana.page.locator(".idea-results > li:nth-child(-n+3) summary").all():
        summary.click()
    yield "results-questions-open"
    for name in (_CHOICE, _MATCH, _ORDER, "not-there"):
        ana.open(f"{here}/{full}/questions/{name}")
        yield f"results-question-{name}"


def _groups(site: Site, educator: UUID) -> tuple[UUID, UUID, UUID]:
    """Seed an empty group, a group with many answers, and an assignment of the latter."""
    database = Database(f"sqlite:///{site.database}")
    with database.transaction() as session:
        empty = ClassOf(session.connection(), bank(), "New class")
        full = ClassOf(session.connection(), bank(), "Tuesday class of people newly diagnosed")
        for group in (empty, full):
            group.lead(educator)
        assigned = full.assign([_CHOICE], title="Before the class on Tuesday")
        _answer(full, assigned, bank())
    database.dispose()
    return empty.id, full.id, assigned


def _answer(group: ClassOf, assigned: UUID, every: Bank) -> None:
    rng = random.Random(1)  # noqa: S311 - the same every time
    question_ids = [
        _CHOICE,
        _MATCH,
        _ORDER,
        *(o.questions[0].id for o in every.objectives.values()),
    ]
    for number in range(45):
        who = group.join("named" if number < 32 else "totals")
        quiz = "mixed" if number % 4 else f"assignment/{assigned.hex}"
        how = {q: rng.choice([RIGHT, RIGHT, MISSED, UNSURE]) for q in question_ids}
        group.answer(who, how | ({"not-there": MISSED} if number == 7 else {}), quiz)
    group.answer(who, {"no-stage-lump": RIGHT}, finished=False)
