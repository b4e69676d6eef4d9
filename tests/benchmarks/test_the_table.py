"""`make bench` prints each row beside its goal and what was kept of it last."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.benchmarks import kept
from tests.benchmarks.kept import Kept
from tests.benchmarks.report import Row, table, written

PAGE = Row("group page", 46.04, 20, "× hello", "13 µs")
ERRORS = Row("errors", 0, 0, "", "of 100 answers")


def kept_as(row: Row, measured: float, unit: str | None = None) -> dict[str, Kept]:
    unit = row.unit if unit is None else unit
    return {row.name: Kept(measured, unit, written(row.target, unit), "2026-11-30", "2 cores")}


def test_what_was_written_is_read_again():
    lines = kept_as(PAGE, 46.04) | kept_as(ERRORS, 0)
    assert kept.read(kept.page(lines)) == lines


def test_a_page_that_was_read_is_written_as_it_was():
    page = kept.page(kept_as(PAGE, 46.04) | kept_as(ERRORS, 0))
    assert kept.page(kept.read(page)) == page


def test_the_page_in_the_repository_is_one_that_is_read():
    text = kept.PAGE.read_text(encoding="utf-8")
    assert kept.page(kept.read(text)) == text


@pytest.mark.parametrize(
    "line",
    [
        "| a | b |",
        "a | 1 | 2 | 3 | 4",
        "| a | about 3 | 2 | today | here |",
        "",
        "| a || 2 | 3 | 4 |",
    ],
)
def test_what_is_no_line_of_the_table_is_passed_over(line):
    assert kept.read(line) == {}


def test_each_row_stands_beside_its_goal_and_the_change_since_it_was_kept():
    lines = table([PAGE, ERRORS], kept_as(PAGE, 92.08)).splitlines()
    assert lines[0].split() == ["measured", "at", "most", "kept"]
    assert "46.04 × hello  20 × hello  NOT  92.08 (-50%)  13 µs" in lines[1]
    assert lines[2].split() == ["errors", "0", "0", "ok", "of", "100", "answers"]


def test_what_grew_from_nothing_has_no_percentage():
    line = table([Row("errors", 3, 0, "")], kept_as(ERRORS, 0)).splitlines()[1]
    assert line.split() == ["errors", "3", "0", "NOT", "0"]


def test_another_unit_is_shown_and_not_compared():
    seconds = Row("start", 0.9, 0.6, "s")
    assert "900 ms" in table([seconds], kept_as(seconds, 900, "ms"))
    assert "%" not in table([seconds], kept_as(seconds, 900, "ms"))


def test_a_part_is_measured_and_kept_beside_what_was_there(tmp_path):
    """The part that needs no server: what is installed."""
    page = tmp_path / "benchmarks.md"
    page.write_text(kept.page(kept_as(PAGE, 46)), encoding="utf-8")
    program = (
        "import pathlib, sys; from tests.benchmarks import __main__, kept\n"
        "kept.PAGE = pathlib.Path(sys.argv.pop(1)); __main__.main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(page), "install", "--keep"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "install for running, on disk" in ran.stdout
    lines = kept.read(page.read_text(encoding="utf-8"))
    assert [*lines] == ["group page", "install for running, on disk"]
    assert lines["group page"].measured == 46
    assert "cores" in lines["install for running, on disk"].machine
