"""Tables as CSV, with cells that spreadsheets show and never run as formulas, and files' names."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar
from urllib.parse import quote

Cell = TypeVar("Cell")

_STARTS = r"=+\-@＝＋－＠"  # in some languages, the wide ones count, too
_RUNS = re.compile(rf"^(?=[{_STARTS}\t\r\n])|[;\t\r\n][\"' ]*(?=[{_STARTS}])")
"""Where a formula would begin. Where a comma separates decimals, a semicolon separates cells.

Then the quotes around a cell are in the middle of another one, and a line end in it ends the row.
"""


_LONGEST_PART = 40  # characters of a file's name; the whole name may have 255 bytes


def attachment(parts: Iterable[str], day: date, ending: str) -> str:
    """Return the header that names a downloaded file after what's in it and the day.

    Only letters and digits of the parts are kept. Browsers that know no others get ASCII.
    """
    kept = ("-".join(re.findall(r"[^\W_]+", part))[:_LONGEST_PART].strip("-") for part in parts)
    name = "-".join([*filter(None, kept), day.isoformat()]) + f".{ending}"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub("-+", "-", plain).strip("-")
    header = f'attachment; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"


def escape_formula(cell: Cell) -> Cell | str:
    """Return the cell, with an apostrophe before each text that a spreadsheet would run."""
    return _RUNS.sub(r"\g<0>'", cell) if isinstance(cell, str) else cell


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return the rows as CSV in UTF-8, with the byte-order mark that spreadsheets need."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
