"""Export a report: one table as CSV, or all in one workbook. It contains no names."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask_babel.speaklater import LazyString

from learn.messages import gettext as _
from learn.messages import lazy_gettext
from learn.outcome_words import outcome_word
from learn.results import labels
from learn.results.report import LEADS, ObjectiveResult, Report, VersionResult
from learn.results.teach_next import Need
from questions.advice import ENOUGH
from questions.disclosure import CROWD
from questions.grading import Outcome

_LONGEST_SHEET_NAME = 31
_WIDTH = 14  # of columns of numbers
_CHART = "chart"
_BARS = 20  # of the chart; more are illegible
_MISSED = "#7d4500"  # as on the pages
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")

CellValue = str | int | float | None


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table with a title. None is an empty cell.

    A workbook shows the numbers of the columns `shares` as percentages, and those of `decimals`
    with two places.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    shares: frozenset[str] = frozenset()
    decimals: frozenset[str] = frozenset()

    @property
    def with_header(self) -> tuple[tuple[CellValue, ...], ...]:
        """Return the names of the columns, then the rows, with shares as percentages."""
        are_shares = [column in self.shares for column in self.columns]
        return (
            self.columns,
            *(
                tuple(
                    _("%(n)d%%", n=round(100 * cell))
                    if is_share and isinstance(cell, (int, float))
                    else cell
                    for is_share, cell in zip(are_shares, row, strict=True)
                )
                for row in self.rows
            ),
        )


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """Names of site and group, and the time of the report in the site's time zone."""

    site: str
    group: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How a table is made: what its link says, the widths of its first columns, and its rows."""

    link: LazyString
    widths: tuple[int, ...]
    build: Callable[[Report, Sequence[Need], ExportHeader], ExportTable]


def tables(
    report: Report, needs: Sequence[Need], header: ExportHeader
) -> Mapping[str, ExportTable]:
    """Return the tables of the report, by name."""
    return {name: table.build(report, needs, header) for name, table in TABLES.items()}


def as_xlsx(sheets: Mapping[str, ExportTable]) -> bytes:
    """Return the tables as an XLSX workbook. Text cells are never written as formulas.

    Heads stay in sight, on paper, too, and each table but the one about the file can be filtered.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - only this file needs it

    whole = io.BytesIO()
    titles = {name: table.title for name, table in sheets.items()} | {_CHART: _("Chart")}
    names = _sheet_names(titles)
    with Workbook(whole, {"constant_memory": True}) as book:
        formats = _Formats(
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            text=book.add_format({"text_wrap": True, "valign": "top"}),
            share=book.add_format({"num_format": "0%", "valign": "top"}),
            decimal=book.add_format({"num_format": "0.00", "valign": "top"}),
            number=book.add_format({"valign": "top"}),
        )
        for name in ("about", *(n for n in TABLES if n != "about")):
            sheet = book.add_worksheet(names[name])
            _write_sheet(sheet, sheets[name], TABLES[name].widths, formats)
            if name != "about":
                last = max(len(sheets[name].rows), 1), len(sheets[name].columns) - 1
                sheet.autofilter(0, 0, *last)
        if sheets["next"].rows and sheets["next"].shares:
            _add_chart(book, names[_CHART], sheets["next"], names["next"])
    return whole.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    """How the cells of a workbook look."""

    head: Any
    text: Any
    share: Any
    decimal: Any
    number: Any

    def of(self, table: ExportTable, column: str) -> Any:
        """Return the format of the numbers in a column."""
        if column in table.shares:
            return self.share
        return self.decimal if column in table.decimals else self.number


def _write_sheet(sheet: Any, table: ExportTable, widths: Sequence[int], formats: _Formats) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)  # as many pages long as it takes
    for place, _column in enumerate(table.columns):
        sheet.set_column(place, place, widths[place] if place < len(widths) else _WIDTH)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column, formats.head)
    numbers = [formats.of(table, column) for column in table.columns]
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell, formats.text)
            elif cell is not None:
                sheet.write_number(number, place, cell, numbers[place])


def _add_chart(book: Any, name: str, table: ExportTable, worksheet: str) -> None:
    """Add a sheet with a bar for each of the first ideas of What to teach next."""
    last = min(len(table.rows), _BARS)
    share = next(place for place, name in enumerate(table.columns) if name in table.shares)
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": [worksheet, 0, share],
            "categories": [worksheet, 1, 0, last, 0],
            "values": [worksheet, 1, share, last, share],
            # A workbook that is written row by row doesn't remember them.
            "categories_data": [row[0] for row in table.rows[:last]],
            "values_data": [row[share] for row in table.rows[:last]],
            "fill": {"color": _MISSED},
            "data_labels": {"value": True},
            "gap": 60,
        }
    )
    chart.set_title({"name": table.columns[share]})
    chart.set_legend({"none": True})
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_y_axis({"reverse": True})  # the first on top
    book.add_chartsheet(name).set_chart(chart)


def _sheet_names(titles: Mapping[str, str]) -> Mapping[str, str]:
    """Return each title as spreadsheets allow it, in whichever language it is."""
    names: dict[str, str] = {}
    for number, (name, whole) in enumerate(titles.items(), 1):
        title = _NOT_IN_SHEET_NAMES.sub(" ", whole)[:_LONGEST_SHEET_NAME].strip(" '")
        if not title or title.casefold() in map(str.casefold, names.values()):
            title = f"{number} {title}".strip()[:_LONGEST_SHEET_NAME]
        names[name] = title
    return names


def _about(report: Report, _needs: Sequence[Need], header: ExportHeader) -> ExportTable:
    columns = (_("Item"), _("Value"))
    return ExportTable(_("About"), columns, tuple(_about_rows(report, header)))


def _about_rows(report: Report, header: ExportHeader) -> Iterator[tuple[CellValue, ...]]:
    filters, statistics = report.filters, report.statistics
    yield _("Site"), header.site
    yield _("Group"), header.group
    yield _("Created"), header.created_at.isoformat(timespec="minutes")
    yield _("First day"), filters.since.isoformat() if filters.since else _("all")
    yield _("Last day"), filters.until.isoformat() if filters.until else _("all")
    yield _("Assignment"), report.assignment or _("all")
    yield _("Lesson"), report.lesson or _("all")
    yield _("People who share with a nickname"), report.members.named
    yield _("People whose latest answers count"), report.latest
    yield _("People who share without a nickname"), report.members.totals
    yield _("First answers of people who share with a nickname"), report.named
    yield _("First answers of people who share without a nickname"), report.in_totals
    yield (
        _("Unfinished quizzes of people who share with a nickname"),
        (report.members.unfinished),
    )
    yield _("People included in reliability and item discrimination"), statistics.n
    yield _("Questions included"), statistics.k
    yield _("Reliability (Cronbach’s alpha)"), statistics.alpha
    yield _("Standard error of measurement, in points"), statistics.sem
    if labels.missing_reason(statistics):
        yield _("Why these numbers aren’t shown"), labels.missing_reason(statistics)
    yield (
        _("What counts in “What to teach next”"),
        _(
            "Each person’s latest answer about an idea, from a finished quiz. "
            "Pre-lesson quizzes don’t count. "
            "It includes only people who share with a nickname and agreed to show these answers."
        ),
    )
    yield (
        _("What counts in the other tables"),
        _(
            "Each person’s first answer to a question, from a finished quiz. "
            "Pre-lesson quizzes count."
        ),
    )
    yield (
        _("Order"),
        _(
            "“What to teach next” and “Ideas” are sorted by the low end of the likely range for "
            "the share of people who missed the idea. Ideas with fewer than %(few)d answers come "
            "last.",
            few=LEADS,
        ),
    )
    yield (
        _("Totals only"),
        _(
            "Answers from up to %(few)d people may not be counted yet. "
            "We add them once there are %(crowd)d.",
            few=CROWD - 1,
            crowd=CROWD,
        ),
    )
    yield _("Missed"), _("Not quite right, or “I’m not sure.” Almost right never counts as missed.")
    yield (
        outcome_word(Outcome.ALMOST),
        _("At least two thirds of it is right. The mean score counts parts, from 0 to 1."),
    )
    yield _("Likely range"), _("The likely range of the true share, with 95%% confidence (Wilson).")
    yield (
        _("Item discrimination"),
        _(
            "Whether people who did well on the other questions also did better on this one, "
            "from -1 to 1. Shown once there are %(enough)d people.",
            enough=ENOUGH,
        ),
    )


def _outcome_columns() -> tuple[str, ...]:
    return tuple(map(outcome_word, Outcome))


def _outcome_counts(result: VersionResult | ObjectiveResult | Need) -> tuple[int, ...]:
    return tuple(result.outcomes.get(outcome, 0) for outcome in Outcome)


def _doubt(report: Report, question: str) -> str | None:
    return labels.doubt(report.doubted[question]) if question in report.doubted else None


def _objectives(report: Report, _needs: Sequence[Need], _header: ExportHeader) -> ExportTable:
    columns = (
        _("Idea"),
        _("Lesson"),
        _("First answers"),
        *_outcome_columns(),
        _("Missed"),
        _("Share missed"),
        _("Mean score"),
        _("Most common myth"),
        _("Answers that show it"),
        _("Answers that could have shown it"),
        _("What to check"),
        _("Idea ID"),
    )
    rows = tuple(
        (
            u.objective.to_teach,
            u.lesson,
            u.n,
            *_outcome_counts(u),
            u.missed,
            u.share,
            u.mean_score,
            u.belief.misconception.belief if u.belief else None,
            u.belief.count if u.belief else None,
            u.belief.total if u.belief else None,
            _doubt(report, u.most_missed),
            u.objective.id,
        )
        for u in report.objectives
    )
    return ExportTable(
        _("Ideas"),
        columns,
        rows,
        shares=frozenset({_("Share missed")}),
        decimals=frozenset({_("Mean score")}),
    )


def _next(report: Report, needs: Sequence[Need], _header: ExportHeader) -> ExportTable:
    columns = (
        _("Idea"),
        _("Lesson"),
        _("People"),
        *_outcome_columns(),
        _("Don’t know it yet"),
        _("Share who don’t know it yet"),
        _("Likely range: low end"),
        _("Common myth"),
        _("People who chose it"),
        _("What to check"),
        _("Idea ID"),
    )
    rows = tuple(
        (
            need.objective.to_teach,
            need.lesson,
            need.n,
            *_outcome_counts(need),
            need.missed,
            need.share,
            need.lower_bound,
            need.belief.misconception.belief if need.belief else None,
            need.belief.count if need.belief else None,
            _doubt(report, need.question.id),
            need.objective.id,
        )
        for need in needs
    )
    shares = frozenset({_("Share who don’t know it yet"), _("Likely range: low end")})
    return ExportTable(_("What to teach next"), columns, rows, shares)


def _questions(report: Report, _needs: Sequence[Need], _header: ExportHeader) -> ExportTable:
    columns = (
        _("Question"),
        _("Asked"),
        _("First answers"),
        *_outcome_columns(),
        _("Missed"),
        _("Share right"),
        _("Likely range: low end"),
        _("Likely range: high end"),
        _("Mean score"),
        _("Item discrimination"),
        _("Discriminative efficiency"),
        _("People included in these two"),
        _("What to check"),
        _("Exhibit"),
        _("Question ID"),
        _("Version"),
    )
    return ExportTable(
        _("Questions"),
        columns,
        tuple(_question(result, report.doubted) for result in report.questions),
        shares=frozenset(
            {_("Share right"), _("Likely range: low end"), _("Likely range: high end")}
        ),
        decimals=frozenset(
            {_("Mean score"), _("Item discrimination"), _("Discriminative efficiency")}
        ),
    )


def _question(result: VersionResult, doubted: Mapping[str, str]) -> tuple[CellValue, ...]:
    low, high = result.wilson95 or (None, None)
    return (
        result.question.stem if result.question else None,
        labels.version_status(result),
        result.n,
        *_outcome_counts(result),
        result.missed,
        result.share,
        low,
        high,
        result.facility,
        result.statistics.discrimination,
        result.statistics.efficiency,
        result.statistics.n or None,
        " ".join(labels.what_to_check(result, doubted)) or None,
        labels.exhibit(result) or None,
        result.id,
        result.version,
    )


def _options(report: Report, _needs: Sequence[Need], _header: ExportHeader) -> ExportTable:
    columns = (
        _("Question"),
        _("Part"),
        _("What is counted"),
        _("Right answer"),
        _("Count"),
        _("First answers"),
        _("Share"),
        _("Myth behind it"),
        _("Question ID"),
        _("Version"),
        _("Part ID"),
    )
    rows = tuple(
        (
            result.question.stem if result.question else None,
            part.text or None,
            labels.part_count(result),
            None if part.right is None else _("yes") if part.right else _("no"),
            part.count,
            part.total,
            part.share,
            part.belief or None,
            result.id,
            result.version,
            part.id,
        )
        for result in report.questions
        for part in result.parts
    )
    return ExportTable(_("Options"), columns, rows, shares=frozenset({_("Share")}))


DEFAULT_TABLE = "objectives"
TABLES: Mapping[str, TableFormat] = MappingProxyType(
    {
        "next": TableFormat(lazy_gettext("What to teach next (CSV)"), (60, 24), _next),
        "objectives": TableFormat(lazy_gettext("Ideas (CSV)"), (60, 24), _objectives),
        "questions": TableFormat(lazy_gettext("Questions (CSV)"), (60, 20), _questions),
        "options": TableFormat(lazy_gettext("Answers to each question (CSV)"), (60, 60), _options),
        "about": TableFormat(lazy_gettext("About these files (CSV)"), (28, 90), _about),
    }
)
"""The tables by name, in the order of their links; in the workbook, `about` comes first."""
