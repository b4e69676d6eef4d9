"""Who has done an assignment, how many got how much right, and who answered what: pure functions.

What is shown of one person covers members who accepted the words about single answers. Members in
totals are in it only as whole blocks, each a sum over at least eleven people.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from learn.learner.group_assignments import GroupAssignment
from learn.learner.quiz_refs import QuizRef
from learn.library.content import Content
from learn.messages import gettext as _
from learn.results.assignment_queries import HIDDEN, AnswerOutcome, AssignmentWork, MemberWork
from learn.results.disclosure_blocks import Cell
from learn.results.learner_scores import distinct
from learn.results.queries import IdenticalAnswers
from questions.grading import Outcome
from questions.model import Question

NOT_REACHED = "not-reached"

Block = tuple[tuple[Cell, IdenticalAnswers], ...]
"""Answers of people in totals, which are counted as a whole or not at all."""


@dataclass(frozen=True, slots=True)
class WhoHasDoneIt:
    """Members by how far they are, of those who agreed to show it.

    `others` are the named members who haven't agreed, and `others_finished` how many of them have
    finished, which they did agree to show.
    """

    finished: tuple[MemberWork, ...]
    begun: tuple[MemberWork, ...]
    not_begun: tuple[MemberWork, ...]
    others: int
    others_finished: int
    totals: int

    @property
    def shown(self) -> int:
        """Number of members who are listed."""
        return len(self.finished) + len(self.begun) + len(self.not_begun)


@dataclass(frozen=True, slots=True)
class QuestionColumn:
    """A question of the assignment, a column. `question` is None if it is no longer asked.

    Of `n` answers in the column, `right` are right.
    """

    number: int
    id: str
    question: Question | None
    right: int
    n: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member who has finished a quiz, and a cell for each question.

    A cell is an outcome, `not-reached`, or `hidden`.
    """

    member: MemberWork
    cells: tuple[str, ...]
    scores: tuple[float | None, ...]

    @property
    def right(self) -> int:
        """Number of right answers."""
        return self.cells.count(Outcome.RIGHT)

    @property
    def is_whole(self) -> bool:
        """Whether no answer is hidden, so that the number of right ones says something."""
        return HIDDEN not in self.cells


@dataclass(frozen=True, slots=True)
class InTotals:
    """Right answers of `n` from people in totals, in whole blocks."""

    right: int
    n: int


@dataclass(frozen=True, slots=True)
class PartResult:
    """Results of one quiz of an assignment; `part` is its name, or empty if it is the only one."""

    part: str
    questions: tuple[QuestionColumn, ...]
    rows: tuple[PersonRow, ...]
    in_totals: InTotals

    @property
    def people_by_right(self) -> tuple[int, ...]:
        """How many people got 0, 1, … questions right."""
        counts = Counter(row.right for row in self.rows if row.is_whole)
        return tuple(counts[n] for n in range(len(self.questions) + 1))


def who_has_done_it(assignment: GroupAssignment, group: AssignmentWork) -> WhoHasDoneIt:
    """Sort the members by how far they are; all quizzes of the assignment are to be finished."""
    required = assignment.quizzes
    by_state: dict[str, list[MemberWork]] = defaultdict(list)
    others = others_finished = 0
    for member in group.named:
        is_done = bool(required) and required <= member.finished.keys()
        if not member.shows_latest:
            others += 1
            others_finished += is_done
        else:
            by_state["finished" if is_done else "begun" if member.begun else "not"].append(member)
    return WhoHasDoneIt(
        tuple(by_state["finished"]),
        tuple(by_state["begun"]),
        tuple(by_state["not"]),
        others,
        others_finished,
        group.totals,
    )


def part_results(
    content: Content,
    assignment: GroupAssignment,
    group: AssignmentWork,
    answers: Iterable[AnswerOutcome],
    blocks: Collection[Block] = (),
) -> tuple[PartResult, ...]:
    """Return the results of each quiz of the assignment.

    `blocks` are whole blocks of answers of people in totals, which may be added up.
    """
    by_attempt: dict[uuid.UUID, dict[str, AnswerOutcome]] = defaultdict(dict)
    for answer in answers:
        by_attempt[answer.attempt].setdefault(answer.question, answer)
    return tuple(
        _part_result(content, assignment, part, group, by_attempt, blocks)
        for part in assignment.parts
    )


def is_shown(content: Content, question: str) -> bool:
    """Whether the question isn't for practice only by now."""
    now = content.bank.questions.get(question)
    return now is None or now.objective in content.bank.counted


def score_rows(part: PartResult) -> Iterator[Sequence[str | float | None]]:
    """Yield a header, and a row of scores for each person, as `learn analyse` reads them.

    People with the same nickname are numbered. A question that wasn't reached is empty.
    """
    yield [_("Person"), *(column.id for column in part.questions)]
    names = distinct(row.member.nickname for row in part.rows)
    for name, row in zip(names, part.rows, strict=True):
        yield [name, *row.scores]


def column_rows(
    part: PartResult, to_check: Mapping[str, str]
) -> Iterator[Sequence[str | int | None]]:
    """Yield a header, and what each column of the scores is, as it's asked now.

    `to_check` says of questions, by id, what is to be checked about them.
    """
    yield [
        _("Number"),
        _("Question ID"),
        _("Case"),
        _("Question"),
        _("Right answer"),
        _("What to check"),
    ]
    for column in part.questions:
        question = column.question
        yield [
            column.number,
            column.id,
            question.vignette or None if question else None,
            question.stem if question else None,
            "; ".join(_right_answer(question)) if question else None,
            to_check.get(column.id),
        ]


def _right_answer(question: Question) -> Iterator[str]:
    for line in question.describe(question.right_response()):
        yield (
            _("%(row)s: %(answer)s", row=line.text, answer=line.answer)
            if line.answer
            else (line.text)
        )


def _part_result(  # noqa: PLR0913, PLR0917 - a part is all of that
    content: Content,
    assignment: GroupAssignment,
    part: str,
    group: AssignmentWork,
    by_attempt: Mapping[uuid.UUID, Mapping[str, AnswerOutcome]],
    blocks: Collection[Block],
) -> PartResult:
    quiz = str(QuizRef.of_assignment(assignment.id, part))
    work = [
        (member, by_attempt.get(member.finished[quiz], {}))
        for member in group.named
        if member.shows_latest and quiz in member.finished
    ]
    fixed = assignment.questions(part)
    answered = (question for _member, answers in work for question in answers)
    question_ids = dict.fromkeys(id_ for id_ in (*fixed, *answered) if is_shown(content, id_))
    bank = content.bank.questions
    rows = tuple(
        PersonRow(
            member,
            tuple(_cell(answers.get(id_)) for id_ in question_ids),
            tuple(answers[id_].score if id_ in answers else None for id_ in question_ids),
        )
        for member, answers in work
    )
    columns = [[row.cells[place] for row in rows] for place in range(len(question_ids))]
    return PartResult(
        part,
        tuple(
            QuestionColumn(
                number,
                id_,
                bank.get(id_),
                cells.count(Outcome.RIGHT),
                sum(cell in {*Outcome} for cell in cells),
            )
            for number, (id_, cells) in enumerate(zip(question_ids, columns, strict=True), 1)
        ),
        rows,
        _in_totals(blocks, assignment.id, question_ids),
    )


def _cell(answer: AnswerOutcome | None) -> str:
    if answer is None or answer.outcome is None:
        return NOT_REACHED
    return answer.outcome


def _in_totals(
    blocks: Collection[Block], assignment: uuid.UUID, question_ids: Mapping[str, None]
) -> InTotals:
    """Add up whole blocks of answers to these questions in the assignment."""
    found = [
        answers
        for block in blocks
        for cell, answers in block
        if cell.assignment == assignment and cell.question in question_ids
    ]
    right = sum(answers.count for answers in found if answers.score == 1)
    return InTotals(right, sum(answers.count for answers in found))
