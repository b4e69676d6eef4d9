"""States of the pages about named members."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, select

from learn.database import Database
from learn.models import Membership
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import Visitor, bank
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE, ClassOf
from tests.serving import Site

_DAY = timedelta(days=1)
_NAMES = ("Ana", "ana", "Bo", "متى", "Grandma Ruth", "W" * 80, "Lee", "Mo", "Zoe")


def people_states(ana: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state, at `site.named`, where the visitor leads groups."""
    educator = sign_in_as(ana.page.context, site, "Kim of the people")
    database = Database(f"sqlite:///{site.database}")
    try:
        with database.engine.begin() as connection:
            empty, totals, full = (
                ClassOf(connection, bank(), name) for name in ("Nobody", "In totals", "People")
            )
            for group in (empty, totals, full):
                group.lead(educator, "Kim, nurse")
            totals.join("totals")
            people, own = _fill(full)
            quiz = _give(full, people)
            idle = full.assign(kind="lessons", contents={"lessons": ["what-is-all"]}, title="Read")
            memberships = [_membership(connection, one) for one in (people[0], people[-1])]
    finally:
        database.dispose()
    here = f"{site.named}/groups"
    for name, group in (("nobody", empty), ("totals-only", totals), ("used", full)):
        ana.open(f"{here}/{group.id}/people")
        yield f"people-{name}"
        ana.open(f"{here}/{group.id}/before-and-after")
        yield f"before-and-after-of-a-group-{name}"
    for summary in ana.page.locator("main summary").all():
        summary.click()
    yield "before-and-after-of-a-group-open"
    for name, membership in zip(("used", "not-begun"), memberships, strict=True):
        ana.open(f"{here}/{full.id}/people/{membership}")
        for summary in ana.page.locator("main summary").all():
            summary.click()
        yield f"person-{name}"
    ana.open(f"{here}/{full.id}/people?lesson=what-is-all")
    yield "people-a-lesson"
    yield from _assignment_states(ana, f"{here}/{full.id}/assignments", (quiz, own, idle))
    yield from _removal_states(ana, f"{here}/{full.id}/people/{memberships[1]}")


def _assignment_states(
    ana: Visitor, here: str, assignments: tuple[uuid.UUID, uuid.UUID, uuid.UUID]
) -> Iterator[str]:
    quiz, both, lessons = assignments
    for name, assignment in (("quiz", quiz), ("before-after", both), ("lessons", lessons)):
        ana.open(f"{here}/{assignment}")
        yield f"assignment-results-{name}"
    ana.open(f"{here}/{quiz}")
    for number, cell in enumerate(("unsure", "missed")):
        ana.open(f"{here}/{quiz}")
        ana.page.locator(f".cell-{cell} a").nth(number).click()
        yield f"assignment-answer-{cell}"
    ana.open(f"{here}/{quiz}?sort=right")
    ana.page.locator(".standing-table thead a").first.click()
    yield "assignment-who-answered"
    ana.open(f"{here}/{quiz}/preview")
    for summary in ana.page.locator("main summary").all():
        summary.click()
    yield "assignment-preview"
    for what in ("edit", "copy", "delete"):
        ana.open(f"{here}/{quiz}/{what}")
        yield f"assignment-{what}"
    ana.open(f"{here}/{quiz}/edit")
    ana.page.locator("#title").fill("")
    ana.press("Save")
    yield "assignment-edit-not-yet"


def _removal_states(ana: Visitor, person: str) -> Iterator[str]:
    ana.open(person)
    ana.press("Ask for another nickname")
    yield "person-asked-for-nickname"
    ana.open(f"{person}/remove")
    yield "person-remove"
    ana.press("Yes, remove them")
    yield "people-removed"


def _give(group: ClassOf, people: list[uuid.UUID]) -> uuid.UUID:
    """Give a quiz with a question of each kind; the people answer it differently."""
    questions = {question.kind: question.id for question in bank().questions.values()}
    quiz = group.assign(questions.values(), title="Quiz: a question of each kind")
    for number, one in enumerate(people[:-2]):
        how = {
            q: (RIGHT, MISSED, UNSURE)[(number + n) % 3] for n, q in enumerate(questions.values())
        }
        group.answer(one, how, quiz=f"assignment/{quiz.hex}", finished=number != 2)
    for _ in range(11):
        one = group.join("totals")
        given = dict.fromkeys(questions.values(), RIGHT)
        group.answer(one, given, quiz=f"assignment/{quiz.hex}")
    return quiz


def _fill(group: ClassOf) -> tuple[list[uuid.UUID], uuid.UUID]:
    """Add members: the first has everything that a page can show, the last has nothing.

    Returns them, and an assignment of before and after.
    """
    ideas = [*bank().objectives.values()]
    own = group.assign(kind="before-after", title="Before Tuesday, after Thursday", contents={})
    people = [group.join(nickname=name) for name in _NAMES]
    for n, one in enumerate(people[:-1]):
        how = (RIGHT, MISSED, UNSURE) if n else (RIGHT,)
        for day in (1, 2):
            given = {
                o.questions[0].id: how[i % len(how)] for i, o in enumerate(ideas[: 30 - 3 * n])
            }
            group.answer(one, given, at=BEGUN + day * _DAY)
        for day, part in ((3, "before"), (4, "after")):
            asked = {o.questions[day - 3].id: how[(day + n) % len(how)] for o in ideas[:4]}
            group.answer(one, asked, quiz=f"assignment/{own.hex}/{part}", at=BEGUN + day * _DAY)
    group.join("totals")
    every = dict.fromkeys(bank().questions, MISSED)
    group.answer(people[0], every, at=BEGUN + 5 * _DAY)
    group.answer(people[0], {"gone": MISSED}, quiz="before", at=BEGUN + 6 * _DAY)
    group.answer(people[0], {}, at=BEGUN + 7 * _DAY, finished=False)
    return people, own


def _membership(connection: Connection, account: uuid.UUID) -> uuid.UUID | None:
    return connection.scalar(select(Membership.id).where(Membership.account_id == account))
