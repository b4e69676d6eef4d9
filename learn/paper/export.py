"""Files of a sitting: how each question went, and a row for each paper. No names stand in them."""

from __future__ import annotations

from collections.abc import Iterator

from learn.messages import gettext as _
from learn.outcome_words import outcome_word
from learn.paper.printed import PaperItem
from learn.paper.results import ItemResult, PaperReport
from questions.grading import Outcome

Row = tuple[object, ...]


def question_rows(report: PaperReport) -> Iterator[Row]:
    """Yield a header, and a row for each question: the figures of the page."""
    yield (
        _("Number"),
        _("Question ID"),
        _("Version"),
        _("Question"),
        _("Papers"),
        *map(outcome_word, Outcome),
        _("Blank or unclear"),
        _("Share right"),
        _("Mean score"),
        _("Common myth"),
        _("Papers that chose it"),
        _("Item discrimination"),
        _("Discriminative efficiency"),
    )
    for result in report.results:
        yield _question_row(result)


def _question_row(result: ItemResult) -> Row:
    item, statistics = result.item, result.statistics
    return (
        item.number,
        item.id,
        item.version,
        item.question.stem if item.question else None,
        result.n,
        *(result.outcomes.get(outcome, 0) for outcome in Outcome),
        result.blank,
        result.share,
        result.mean,
        result.belief.misconception.belief if result.belief else None,
        result.belief.count if result.belief else None,
        statistics.discrimination if statistics else None,
        statistics.discriminative_efficiency if statistics else None,
    )


def score_rows(report: PaperReport) -> Iterator[Row]:
    """Yield a header, and a row of scores for each paper, as `learn analyse` reads them.

    A blank or unclear answer has 0 points, as on the page. Questions without their words, which
    can't be graded, are left out.
    """
    graded = [place for place, item in enumerate(report.items) if item.question is not None]
    yield (_("Paper"), *(report.items[place].id for place in graded))
    for row in report.rows:
        yield (row.number, *(row.answers[place].score for place in graded))


def letter_rows(report: PaperReport) -> Iterator[Row]:
    """Yield a header, and a row of letters for each paper, as they were typed; last, the key."""
    yield (_("Paper"), *map(_heading, report.items), _("Points"))
    for row in report.rows:
        yield (row.number, *(answer.letters or None for answer in row.answers), row.points)
    yield (_("Answer key"), *(item.key or None for item in report.items), len(report.items))


def _heading(item: PaperItem) -> int:
    return item.number
