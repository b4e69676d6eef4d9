"""Kinds of exhibit that a question can show, one module each."""

from __future__ import annotations

import re

from questions.exhibits.chart import Chart
from questions.exhibits.exhibit import Exhibit, ExhibitKeys, Figures
from questions.exhibits.figure import FigureExhibit
from questions.exhibits.icon_array import IconArray
from questions.exhibits.lab_report import LabReport
from questions.exhibits.letter import Letter
from questions.reading import Table

EXHIBITS: dict[str, type[Exhibit]] = {
    kind.kind: kind for kind in (LabReport, Chart, Letter, IconArray, FigureExhibit)
}


_MADE_UP = re.compile(r"made up\b[.,:;!]?\s*", re.IGNORECASE)  # the page already says so


def read_exhibit(table: Table, figures: Figures) -> Exhibit | None:
    """Read the exhibit in `table`; None for an unknown kind. Errors go to the table's file."""
    named = table.text("kind")
    kind = EXHIBITS.get(named)
    if kind is None:
        table.error(f"unknown kind of exhibit “{named}”: {', '.join(EXHIBITS)}", "kind")
        return None
    keys = ExhibitKeys(
        title=table.text("title", default=""),
        note=table.text("note", default=""),
        is_made_up=table.flag("made_up", default=kind.made_up_by_default),
    )
    if keys["is_made_up"] and (match := _MADE_UP.match(keys["note"])):
        keys["note"] = keys["note"][match.end() :]
    exhibit = kind.read(table, keys, figures)
    table.close()
    return exhibit
