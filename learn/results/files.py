"""The report as files: a table as CSV, or all tables in one workbook. No people are in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from learn.messages import gettext as _
from learn.results import words
from learn.results.report import Answered, Report
from learn.spreadsheets import harmless
from questions.advice import ENOUGH
from questions.disclosure import CROWD

Cell = str | int | float | None

TABLES = ("objectives", "questions", "options", "about")
_WIDTHS = {"about": (28, 90), "objectives": (60,), "questions": (30, 14, 60), "options": (30,)}


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its title, the names of its columns, its rows. None is an empty cell."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class About:
    """Whose report it is, and when it was made, in the site's time zone."""

    site: str
    group: str
    made_at: datetime


def tables(report: Report, about: About) -> Mapping[str, Table]:
    """All tables of the report, by name."""
    return {
        "about": Table(_("About"), (_("What"), _("Value")), tuple(_about(report, about))),
        "objectives": _objectives(report),
        "questions": _questions(report),
        "options": _options(report),
    }


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte-order mark, which spreadsheets need. No cell is run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Mapping[str, Table]) -> bytes:
    """A workbook with a sheet for each table: numbers are numbers, texts are never formulas."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only this file needs it

    whole = io.BytesIO()
    with Workbook(whole, {"constant_memory": True}) as book:
        strong = book.add_format({"bold": True, "bottom": 1})
        for name in ("about", *(n for n in TABLES if n != "about")):
            table, sheet = sheets[name], book.add_worksheet(sheets[name].title)
            sheet.freeze_panes(1, 0)
            for place, width in enumerate(_WIDTHS[name]):
                sheet.set_column(place, place, width)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, column, strong)
            for number, row in enumerate(table.rows, 1):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, place, cell)
                    elif cell is not None:
                        sheet.write_number(number, place, cell)
    return whole.getvalue()


def _about(report: Report, about: About) -> Iterator[tuple[Cell, ...]]:
    chosen, items = report.chosen, report.items
    yield _("Site"), about.site
    yield _("Group"), about.group
    yield _("Made at"), about.made_at.isoformat(timespec="minutes")
    yield _("First day"), chosen.since.isoformat() if chosen.since else _("all")
    yield _("Last day"), chosen.until.isoformat() if chosen.until else _("all")
    yield _("Assignment"), report.assignment or _("all")
    yield _("Lesson"), report.lesson or _("all")
    yield _("People who share by name"), report.members.named
    yield _("People who share in totals only"), report.members.totals
    yield _("First answers of people who share by name"), report.named
    yield _("First answers of people who share in totals only"), report.in_totals
    yield (
        _("Quizzes begun and not finished, by people who share by name"),
        (report.members.unfinished),
    )
    yield _("People behind reliability and discrimination"), items.n
    yield _("Questions behind them"), items.k
    yield _("Reliability (Cronbach’s alpha)"), items.alpha
    yield _("Standard error of measurement, in points"), items.sem
    if words.lack(items):
        yield _("Why they are not shown"), words.lack(items)
    yield _("What counts"), _("Everybody’s first answer to a question, once the quiz is finished.")
    yield (
        _("Totals only"),
        _(
            "Answers of up to %(few)d people wait until there are %(crowd)d.",
            few=CROWD - 1,
            crowd=CROWD,
        ),
    )
    yield _("Missed"), _("Not right in all parts. “I’m not sure” counts as missed.")
    yield _("Likely"), _("The share of right answers, with 95%% confidence (Wilson).")
    yield (
        _("Discrimination"),
        _(
            "How much those who did well elsewhere did better here, from -1 to 1. "
            "Shown from %(enough)d people on.",
            enough=ENOUGH,
        ),
    )


def _objectives(report: Report) -> Table:
    columns = (
        _("Objective"),
        _("Objective id"),
        _("Lesson"),
        _("First answers"),
        _("Missed"),
        _("Share missed"),
        _("Not sure"),
        _("Idea shown most often"),
        _("Answers that show it"),
        _("Answers that could show it"),
    )
    rows = tuple(
        (
            u.objective.you_can,
            u.objective.id,
            u.lesson,
            u.n,
            u.missed,
            u.share,
            u.unsure,
            u.belief.misconception.belief if u.belief else None,
            u.belief.count if u.belief else None,
            u.belief.of if u.belief else None,
        )
        for u in report.objectives
    )
    return Table(_("Objectives"), columns, rows)


def _questions(report: Report) -> Table:
    columns = (
        _("Question id"),
        _("Version"),
        _("Question"),
        _("Asked"),
        _("First answers"),
        _("Right"),
        _("Share right"),
        _("Likely from"),
        _("Likely to"),
        _("Missed"),
        _("Not sure"),
        _("Mean score"),
        _("Discrimination"),
        _("Discriminative efficiency"),
        _("People behind these two"),
        _("What to look at"),
    )
    return Table(_("Questions"), columns, tuple(map(_question, report.questions)))


def _question(answered: Answered) -> tuple[Cell, ...]:
    low, high = answered.likely or (None, None)
    return (
        answered.id,
        answered.version,
        answered.question.stem if answered.question else None,
        words.asked(answered),
        answered.n,
        answered.right,
        answered.share,
        low,
        high,
        answered.missed,
        answered.unsure,
        answered.facility,
        answered.figures.discrimination,
        answered.figures.efficiency,
        answered.figures.n or None,
        " ".join(words.advice(answered)) or None,
    )


def _options(report: Report) -> Table:
    columns = (
        _("Question id"),
        _("Version"),
        _("Part id"),
        _("Part"),
        _("What is counted"),
        _("Right answer"),
        _("Count"),
        _("First answers"),
        _("Share"),
        _("Idea behind it"),
    )
    rows = tuple(
        (
            answered.id,
            answered.version,
            part.id,
            part.text or None,
            words.counted(answered),
            None if part.right is None else _("yes") if part.right else _("no"),
            part.count,
            part.of,
            part.share,
            part.belief or None,
        )
        for answered in report.questions
        for part in answered.parts
    )
    return Table(_("Options"), columns, rows)
