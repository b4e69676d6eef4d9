"""Rows of the made-up group, produced by the same engine as real answers."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from learn import nicknames
from learn.demo import papers
from learn.demo.answers import answer, traits
from learn.demo.group import DemoAssignment, Event, Plan, SimulatedLearner, events, seeded
from learn.learner.assignments import question_ids
from learn.learner.quiz_refs import QuizKind, QuizRef
from learn.library.content import Content
from learn.models import (
    Account,
    Assignment,
    AssignmentKind,
    Attempt,
    Base,
    Demo,
    Educator,
    Group,
    GroupEducator,
    Item,
    Membership,
    MemoryRow,
    Reading,
    SharingMode,
    SharingTerms,
    SignIn,
)
from learn.models.memory import replayed_memory
from learn.quizzes.planning import catalog
from learn.quizzes.planning.attempt_plan import AttemptPlan, attempt_id, seed
from questions.grading import grade
from questions.memory import Answered
from questions.model import Objective, Question
from questions.selection import pack, plan

Rows = Mapping[type[Base], Sequence[dict[str, Any]]]
_Tables = defaultdict[type[Base], list[dict[str, Any]]]

NICKNAME = "demo-educator"
EDUCATOR_NAME = "Demo educator"
GROUP_NAME = "Demo class"
_READS = timedelta(minutes=7)


def rows(plan_: Plan, content: Content, passphrase: str, recovery: str) -> Rows:
    """Return all rows by table, in an order in which they can be inserted.

    `passphrase` and `recovery` are hashes, for the educator to sign in.
    """
    tables: _Tables = defaultdict(list)
    _add_group(tables, plan_)
    tables[SignIn].append(
        {
            "account_id": plan_.educator,
            "nickname": NICKNAME,
            "nickname_key": nicknames.skeleton(NICKNAME),
            "passphrase": passphrase,
            "recovery": recovery,
            "kept_since": plan_.began_at,
        }
    )
    for learner in plan_.learners:
        _Simulation(tables, plan_, learner, content).run()
    for model, row in papers.rows(plan_, content):
        tables[model].append(row)
    # Each table after those that it points to.
    order = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    models = [order[table] for table in Base.metadata.sorted_tables]
    return {model: tables[model] for model in models if tables[model]}


def _add_group(tables: _Tables, plan_: Plan) -> None:
    began = plan_.began_at
    who = plan_.educator
    tables[Account].append({"id": who, "created_at": began})
    tables[Demo].append({"account_id": who})
    tables[Educator].append(
        {"account_id": who, "name": EDUCATOR_NAME, "since": began, "removed_at": None}
    )
    tables[Group].append(
        {
            "id": plan_.group,
            "name": GROUP_NAME,
            "code": plan_.code,
            "created_at": began,
            "archived_at": None,
        }
    )
    tables[GroupEducator].append({"account_id": who, "group_id": plan_.group, "added_at": began})
    for task in plan_.assignments:
        tables[Assignment].append(_assignment(plan_, task))


def _assignment(plan_: Plan, task: DemoAssignment) -> dict[str, Any]:
    return {
        "id": task.id,
        "group_id": plan_.group,
        "kind": task.kind,
        "title": task.title,
        "contents": task.contents,
        "due_on": (task.created_at + timedelta(days=7)).date()
        if task.kind == AssignmentKind.QUIZ
        else None,
        "created_at": task.created_at,
        "closed_at": None,
    }


class _Simulation:
    """Simulate a learner through the six weeks, and collect the rows."""

    def __init__(
        self, tables: _Tables, plan_: Plan, learner: SimulatedLearner, content: Content
    ) -> None:
        self.tables, self.plan, self.learner, self.content = tables, plan_, learner, content
        self.account = learner.account
        self.assignments = {task.id: task for task in plan_.assignments}
        self.attempt_numbers: Counter[QuizRef] = Counter()
        self.times_answered: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()
        self.taught: set[str] = set()
        self.answers: defaultdict[str, list[Answered]] = defaultdict(list)

    def run(self) -> None:
        """Simulate from joining to the last day."""
        self._join()
        free = self.learner.joined_at
        for event in events(self.plan, self.learner, self.content):
            at = max(event.at, free)
            if at + timedelta(hours=1) < self.plan.ends_at:
                free = self._take(event, at) + _READS
        for objective, answers in self.answers.items():
            self.tables[MemoryRow].append(replayed_memory(self.account, objective, answers))

    def _join(self) -> None:
        joined = self.learner.joined_at
        self.tables[Account].append({"id": self.account, "created_at": joined})
        self.tables[Demo].append({"account_id": self.account})
        self.tables[Membership].append(
            {
                "account_id": self.account,
                "id": uuid.uuid5(self.account, "membership"),
                "group_id": self.plan.group,
                "sharing": SharingMode.NAMED if self.learner.nickname else SharingMode.TOTALS,
                "nickname": self.learner.nickname,
                "shares_from": joined,
                "since": joined,
                "until": None,
                "terms": SharingTerms.LATEST,
            }
        )

    def _take(self, event: Event, at: datetime) -> datetime:
        """Take a quiz, after reading the lesson if it is a lesson's; return when it is over."""
        if event.quiz.kind is QuizKind.LESSON:
            self._read(event.quiz.name, at)
            at += _READS
        plan_ = self._plan(event.quiz)
        if not plan_.questions:
            return at
        rng = seeded(f"attempt/{plan_.attempt}")
        count = len(plan_.questions)
        stops_at = rng.randint(1, max(1, count - 1)) if event.stops else count
        items = []
        for position, question in enumerate(plan_.questions, 1):
            item = self._new_item(plan_, position, question)
            if position <= stops_at:
                at += timedelta(seconds=rng.randint(15, 95) if position > 1 else 0)
                item |= self._answer(question, at, rng)
            items.append(item)
        self.tables[Item].extend(items)
        self.tables[Attempt].append(
            {
                "account_id": self.account,
                "id": plan_.attempt,
                "quiz": str(plan_.quiz),
                "round": plan_.attempt_number,
                "started_at": items[0]["answered_at"],
                "finished_at": at if stops_at == count else None,
            }
        )
        return at

    def _read(self, lesson: str, at: datetime) -> None:
        if lesson not in self.taught:
            self.taught.add(lesson)
            self.tables[Reading].append(
                {"account_id": self.account, "lesson_id": lesson, "first_read_at": at}
            )

    def _plan(self, ref: QuizRef) -> AttemptPlan:
        self.attempt_numbers[ref] += 1
        number = self.attempt_numbers[ref]
        return AttemptPlan(
            account=self.account,
            attempt=attempt_id(self.account, ref, number),
            quiz=ref,
            attempt_number=number,
            questions=self._questions(ref, number),
            planned_for=self.account,
            fixed_order=self._is_fixed(ref),
        )

    def _questions(self, ref: QuizRef, number: int) -> tuple[Question, ...]:
        rng = Random(seed(self.account, ref, number))  # noqa: S311 - not a secret
        if ref.assignment:
            ids = [*question_ids(self.assignments[ref.assignment].contents, ref.part)]
            if not self._is_fixed(ref):
                rng.shuffle(ids)
            return tuple(self.content.bank.questions[i] for i in ids)
        quiz = catalog.find(self.content, ref)
        if quiz is None:
            return ()
        return plan(map(self._left, quiz.objectives), self.times_answered, quiz.length, rng)

    def _left(self, objective: Objective) -> Objective:
        """Return the objective without the questions that the group is yet to be asked."""
        later = self.plan.questions - self.times_answered.keys()
        return replace(
            objective, questions=tuple(q for q in objective.questions if q.id not in later)
        )

    def _is_fixed(self, ref: QuizRef) -> bool:
        return bool(ref.assignment and self.assignments[ref.assignment].contents.get("fixed"))

    def _new_item(self, plan_: AttemptPlan, position: int, question: Question) -> dict[str, Any]:
        return {
            "account_id": self.account,
            "attempt_id": plan_.attempt,
            "position": position,
            "question_id": question.id,
            "objective_id": question.objective,
            "version": question.version,
            "shown": pack(question, plan_.part_order(question)),
            "response": None,
            "sure": None,
            "score": None,
            "answered_at": None,
        }

    def _answer(self, question: Question, at: datetime, rng: Random) -> dict[str, Any]:
        objective = self.content.bank.objectives[question.objective]
        like = traits(objective, question, is_miskeyed=question.id == self.plan.miskeyed_question)
        response = answer(question, like, self._ability(objective), rng)
        score = grade(question, response.response).score
        self.times_answered[question.id] += 1
        self.tried[objective.id] += 1
        self.answers[objective.id].append(Answered(score, response.sure, at))
        return {
            "response": response.response.to_json(),
            "sure": response.sure,
            "score": score,
            "answered_at": at,
        }

    def _ability(self, objective: Objective) -> float:
        """Return the ability, which grows with each lesson, most for what it taught."""
        taught = 0.7 if objective.lesson in self.taught else -0.5
        return (
            self.learner.ability
            + taught
            + 0.03 * len(self.taught)
            + min(0.6, 0.15 * self.tried[objective.id])
        )
