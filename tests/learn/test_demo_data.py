"""Demo data looks like the data of real people."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import select

from learn.demo import group as demo_group
from learn.models import (
    Account,
    Assignment,
    Attempt,
    Demo,
    Item,
    Membership,
    MemoryRow,
    Reading,
)
from questions.analysis import analyze
from questions.gain import gain
from questions.grading import grade
from questions.model import Response
from questions.selection import unpack
from tests.learn.conftest import DAWN
from tests.learn.demo_database import (
    fill_as_the_command,
    fill_demo,
    make_rows,
    rows_of,
    same_rows,
)


@pytest.fixture
def fill(app, content):
    """Fills the database; returns how many answers were given."""
    return partial(fill_demo, app, content)


def scores(connection, quiz: str, accounts) -> dict[uuid.UUID, dict[str, float]]:
    """Of those who finished a quiz."""
    found: dict[uuid.UUID, dict[str, float]] = defaultdict(dict)
    rows = connection.execute(
        select(Item.account_id, Item.question_id, Item.score)
        .join(Attempt, (Attempt.account_id == Item.account_id) & (Attempt.id == Item.attempt_id))
        .where(Attempt.quiz == quiz, Attempt.finished_at.is_not(None))
    )
    for account, question, score in rows:
        if account in accounts:
            found[account][question] = score
    return found


def test_the_same_day_generates_identical_demo_data(content):
    assert make_rows(content) == same_rows(content)


def test_another_day_generates_the_same_people_with_shifted_dates(content):
    first, second = same_rows(content), make_rows(content, DAWN + timedelta(days=100))
    assert [r["id"] for r in first[Account]] == [r["id"] for r in second[Account]]
    assert [r["response"] for r in first[Item]] == [r["response"] for r in second[Item]]
    moved = second[Item][0]["answered_at"] - first[Item][0]["answered_at"]
    assert moved == timedelta(days=100)


def test_all_demo_data_is_within_its_six_weeks(content):
    found = same_rows(content)
    times = [r["answered_at"] for r in found[Item] if r["answered_at"]]
    times += [r["first_read_at"] for r in found[Reading]]
    assert DAWN - timedelta(days=43) < min(times) < DAWN - timedelta(days=40)
    assert DAWN - timedelta(days=3) < max(times) < DAWN


def test_there_are_forty_people_and_enough_share_by_name(fill, connection):
    fill()
    members = rows_of(Membership, connection)
    assert Counter(m.sharing for m in members) == {"named": 32, "totals": 8}
    names = [m.nickname for m in members if m.nickname]
    assert len({*names}) == len(names)
    assert {m.account_id for m in members} | {demo_group.EDUCATOR} == {
        d.account_id for d in rows_of(Demo, connection)
    }


def test_nobody_in_the_demo_has_the_name_of_a_person_in_a_question(content):
    told = " ".join(q.vignette + q.stem for q in content.bank.questions.values())
    assert "Omar" in told, "names are looked for where they are"
    for nickname in demo_group.NICKNAMES:
        for name in re.findall(r"\b[A-Z]\w{2,}", nickname):
            assert not re.search(rf"\b{name}\b", told), name


def test_demo_rows_look_like_rows_of_real_answers(fill, connection, content):
    fill()
    items = rows_of(Item, connection)
    of_attempt: dict[Any, list[Any]] = defaultdict(list)
    tried: Counter[Any] = Counter()
    for item in items:
        question = content.bank.questions[item.question_id]
        assert item.version == question.version
        assert {*unpack(question, item.shown)} == {p.id for p in question.parts}
        of_attempt[item.account_id, item.attempt_id].append(item)
        if item.answered_at:
            result = grade(question, Response.from_json(item.response))
            assert result.score == item.score
            assert not (result.unsure and item.sure is not None)
            tried[item.account_id, item.objective_id] += 1
    for attempt in rows_of(Attempt, connection):
        own = sorted(of_attempt[attempt.account_id, attempt.id], key=lambda i: i.position)
        assert [i.position for i in own] == [*range(1, len(own) + 1)]
        answered = [i.answered_at for i in own if i.answered_at]
        assert answered == sorted(answered)
        assert attempt.started_at == answered[0]
        assert attempt.finished_at == (answered[-1] if len(answered) == len(own) else None)
    reviews = {(m.account_id, m.objective_id): m.reviews for m in rows_of(MemoryRow, connection)}
    assert reviews == tried


def test_demo_quizzes_include_repeats_and_abandoned_attempts(fill, connection, content):
    fill()
    attempts = rows_of(Attempt, connection)
    kinds = Counter(a.quiz.partition("/")[0] for a in attempts)
    assert kinds["lesson"] > 300
    assert kinds["assignment"] > 90
    assert kinds["mixed"] > 10
    assert 5 < sum(a.finished_at is None for a in attempts) < 60
    assert sum(a.round > 1 for a in attempts) > 20
    read = Counter(r.account_id for r in rows_of(Reading, connection))
    stopped = sum(count < len(content.lessons_with_questions) / 2 for count in read.values())
    assert 4 < stopped < 20
    order = [*content.lessons]
    for account in read:
        own = [r for r in rows_of(Reading, connection) if r.account_id == account]
        own.sort(key=lambda r: r.first_read_at)
        assert [order.index(r.lesson_id) for r in own] == sorted(
            order.index(r.lesson_id) for r in own
        )
    items = [i for i in rows_of(Item, connection) if i.answered_at]
    unsure = sum(i.response == {"unsure": True} for i in items)
    assert 0.01 < unsure / len(items) < 0.1
    assert {i.sure for i in items} == {True, None}


def test_the_halfway_quiz_has_plausible_statistics(fill, connection, content):
    fill()
    named = {m.account_id for m in rows_of(Membership, connection) if m.sharing == "named"}
    quiz = next(a for a in rows_of(Assignment, connection) if a.kind == "quiz")
    found = scores(connection, f"assignment/{quiz.id.hex}", named)
    asked = quiz.contents["questions"]
    analysis = analyze({q: [row[q] for row in found.values()] for q in asked})

    assert analysis.test.n >= 30  # below, the pages hold these figures back
    assert analysis.test.alpha is not None
    assert 0.45 < analysis.test.alpha < 0.9
    facilities = [i.facility or 0 for i in analysis.items.values()]
    assert max(facilities) - min(facilities) > 0.3
    poor = demo_group.make_plan(content, frozenset(), DAWN).miskeyed_question
    below = [q for q, i in analysis.items.items() if (i.discrimination or 0) < 0]
    assert poor in below
    assert len(below) <= 2, "chance alone may turn one more around"


def test_the_demo_group_improves_from_before_to_after(fill, connection, content):
    fill()
    everybody = {m.account_id for m in rows_of(Membership, connection)}
    pairs = next(a for a in rows_of(Assignment, connection) if a.kind == "before-after")
    ref = f"assignment/{pairs.id.hex}"
    before = scores(connection, f"{ref}/before", everybody)
    after = scores(connection, f"{ref}/after", everybody)
    both = sorted({*before} & {*after})
    assert {*after} <= {*before}
    assert 25 < len(both) < len(before)
    questions = content.bank.questions
    objectives = [questions[q].objective for q in pairs.contents["before"]]
    assert objectives == [questions[q].objective for q in pairs.contents["after"]]
    assert not {*pairs.contents["before"]} & {*pairs.contents["after"]}
    found = gain(
        *(
            {questions[q].objective: [sitting[a][q] for a in both] for q in pairs.contents[part]}
            for part, sitting in (("before", before), ("after", after))
        )
    )
    assert found.of_class is not None
    assert 0.1 < found.of_class < 0.75


def test_each_objective_has_a_most_common_mistake(fill, connection, content):
    fill()
    beliefs: dict[str, Counter[str]] = defaultdict(Counter)
    for item in rows_of(Item, connection):
        if item.answered_at:
            question = content.bank.questions[item.question_id]
            shown = grade(question, Response.from_json(item.response)).misconceptions
            beliefs[item.objective_id].update(shown)
    often = [b for b in beliefs.values() if b.total() >= 10]
    assert len(often) > 15
    leading = [b.most_common(1)[0][1] / b.total() for b in often]
    assert sum(share > 0.4 for share in leading) > len(often) / 2


def test_demo_data_is_written_in_few_statements(app, content, statements):
    answers = fill_as_the_command(app, content)
    assert 2500 < answers < 5000
    assert len([s for s in statements if s.startswith("INSERT")]) <= 17
    assert len(statements) <= 21


def test_content_with_few_lessons_gets_a_smaller_demo_group(content):
    """A folder of one's own may have few lessons, and objectives with one question."""
    lessons = MappingProxyType(dict([*content.lessons.items()][:2]))
    bank = content.bank
    objectives = MappingProxyType(
        {
            o.id: replace(o, questions=o.questions[:1])
            for o in bank.objectives.values()
            if o.lesson in lessons
        }
    )
    small = replace(content, lessons=lessons, bank=replace(bank, objectives=objectives))
    found = make_rows(small)
    assert {a["kind"] for a in found[Assignment]} == {"quiz"}
    assert len(found[Membership]) == 40
