"""Questions that item analysis doubts, by the assignment whose answers say so: pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from learn.results.build_report import ReportRequest
from learn.results.disclosure_blocks import assignment_of, cell_of
from learn.results.item_statistics import group_statistics
from learn.results.queries import AssignedQuiz, NamedScore


def asking(request: ReportRequest, questions: Collection[str]) -> tuple[AssignedQuiz, ...]:
    """Return the chosen assignments that ask one of these questions of everybody."""
    wanted = {*questions}
    return tuple(
        one
        for one in request.assigned
        if request.filters.assignment in {None, one.id}
        and not wanted.isdisjoint(one.fixed_questions)
    )


def doubted_questions(
    request: ReportRequest, scores: Iterable[NamedScore], questions: Collection[str]
) -> Mapping[str, str]:
    """Return which of the questions discriminate negatively in an assignment, with its title.

    It is what the page of the questions says of that assignment.
    """
    bank, found = request.content.bank, dict[str, str]()
    ids = frozenset(one.id for one in request.assigned)
    by_assignment = defaultdict(list)
    for score in scores:
        by_assignment[assignment_of(score.quiz, ids)].append(score)
    for one in asking(request, questions):
        of_one = replace(request, filters=replace(request.filters, assignment=one.id))
        included = (s for s in by_assignment[one.id] if of_one.includes(cell_of(s, ids)))
        statistics = group_statistics(included, of_one.fixed_questions)
        for (id_, version), item in statistics.by_version.items():
            is_asked = id_ in questions and bank.questions[id_].version == version
            if is_asked and item.discrimination is not None and item.discrimination < 0:
                found.setdefault(id_, one.title)
    return found
