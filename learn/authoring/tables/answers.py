"""Read the answers of a table, and find which of them are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from learn.authoring.tables.cells import CODES, TEXT, Kind, read_cell
from learn.authoring.tables.errors import TableError, quoted
from learn.authoring.tables.forms import Form, ItemColumns
from learn.authoring.tables.table import Answers, RawTable, TextMeanings

_NO_ANSWER_CODES = frozenset({"na", "n/a", "nan", "null", "#null!"})


def holds_answers(table: RawTable) -> bool:
    """Return whether a table holds answers: in a plain one, texts or numbers of options."""
    if table.layout.form is not Form.PLAIN:
        return any(item.score is None for item in table.layout.items)
    return any(
        (cell := read_cell(text)) is TEXT or cell.value > 1
        for item in table.layout.items
        if item.score is not None
        for text in table.grid.columns[item.score][:200]
    )


def choose_answers(table: RawTable) -> None:
    """Decide whether a plain table holds answers, which need a key, or scores."""
    if table.layout.form is not Form.PLAIN:
        return
    key = table.options.key
    if table.right_row or (key and _fits(table, key)):
        for item in table.layout.items:
            item.answer, item.score = item.score, None
    elif not key:
        texts = Counter(
            read_cell(cell) is TEXT
            for item in table.layout.items
            for cell in table.grid.columns[item.score or 0][:200]
            if cell
        )
        if texts[True] > texts[False] and texts[True] > 1:
            reason = (
                "it has answers, not scores: name the right ones with --key FILE, or in a "
                "row of the table that is called “Key”."
            )
            raise TableError(table.path, [reason])


def _fits(table: RawTable, key: Mapping[str, frozenset[str]]) -> bool:
    """Return whether the cells are answers that this key is about."""
    if holds_answers(table):
        return True
    cells = {
        item.name: {*map(_normalized, table.grid.columns[item.score])}
        for item in table.layout.items
        if item.score is not None
    }
    return any({*map(_normalized, right)} & cells.get(name, set()) for name, right in key.items())


def read_answers(
    table: RawTable,
    item: ItemColumns,
    answers: dict[str, Answers],
    right: dict[str, frozenset[str]],
    meanings: TextMeanings,
) -> None:
    """Read what was chosen, and find what is right: by the key, by a column, or by scores."""
    column = table.grid.columns[item.answer or 0]
    chosen: list[frozenset[str]] = [*map(table.choice, column)]
    key = _right_options(table, item, chosen)
    if key is None:
        if item.score is None:
            _report_no_key(table, item)
        return
    spelled = {_normalized(option): option for option in sorted(key)}
    for place, one in enumerate(chosen):
        for option in one:
            if _is_code(option) and _normalized(option) not in spelled:
                chosen[place] = frozenset()
                meanings.missing[option] += 1
                continue
            spelled.setdefault(_normalized(option), option)
    answers[item.name] = [frozenset(spelled[_normalized(o)] for o in one) for one in chosen]
    right[item.name] = frozenset(spelled[_normalized(o)] for o in key)


def _right_options(table: RawTable, item: ItemColumns, chosen: Answers) -> frozenset[str] | None:
    if table.options.key is not None and item.name in table.options.key:
        return table.options.key[item.name]
    if item.right is not None:
        return frozenset(cell for cell in table.grid.columns[item.right] if cell)
    if item.answer is not None and (cell := table.right_row.get(item.answer)):
        return frozenset({cell})
    if item.score is None or table.options.key is not None:
        return None
    table.by_scores.append(item.name)
    most = table.max_points(item)
    full: dict[str, bool] = {}
    for one, text in zip(chosen, table.grid.columns[item.score], strict=True):
        points = read_cell(text)
        worth = points.most if points.kind is Kind.OF else most
        for option in one:
            is_full = points.is_score and points.value >= worth
            full[option] = full.get(option, True) and is_full
    return frozenset(option for option, is_full in full.items() if is_full)


def _report_no_key(table: RawTable, item: ItemColumns) -> None:
    table.remarks.guess(f"the column {quoted(item.name)} has no right answer; left out.")


def _is_code(option: str) -> bool:
    """Return whether a text can hardly be an option, but stands for no answer."""
    if option.casefold() in _NO_ANSWER_CODES:
        return True
    cell = read_cell(option)
    return cell.kind is Kind.NUMBER and cell.value in CODES


def _normalized(option: str) -> str:
    return " ".join(option.casefold().split())
