"""Reviews of what a learner has answered before."""

from __future__ import annotations

import re

from tests.learn.people import Person

REVIEW = "/quizzes/review"


HURTS = re.compile(r"overdue|backlog|behind|too long|late for|should have|\bdue\b", re.IGNORECASE)


def learn_lessons(person: Person, *lessons: str) -> None:
    for lesson in lessons:
        person.take(f"lesson/{lesson}")


def reviewed(person: Person) -> list[str]:
    """Take the review right, and return the objectives it asked about, in order."""
    asked = []
    person.open(REVIEW)
    while 'name="question"' in person.html:
        asked.append(person.question.objective)
        person.answer_right()
        person.go_on()
    return asked


def answered_before(rows, person: Person) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows(person):
        if row.answered_at:
            found.setdefault(row.objective_id, []).append(row.question_id)
    return found
