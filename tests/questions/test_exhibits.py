"""What a question shows: read, checked, and part of its version."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from questions.bank import load_bank, read_bank
from questions.exhibits import EXHIBITS
from questions.exhibits.chart import Chart
from questions.figures import Figure
from questions.model import version_of
from questions.versions import question_from, versions_of
from tests.exhibits import files
from tests.our_content import our_content
from tests.questions.bank_files import line_of

ERRORS = [
    ('kind = "lab-report"', 'kind = "x-ray"', "unknown kind of exhibit “x-ray”: lab-report"),
    (', flag = "low"', "", "Neutrophils: 0.6 in the range 1.8–7.7 is “low”, not “in range”"),
    ('flag = "low"', 'flag = "high"', "Neutrophils: 0.6 in the range 1.8–7.7 is “low”"),
    ('range = "12–16"', 'range = "14–16"', "Hemoglobin: 13.1 in the range 14–16 is “low”"),
    ('flag = "high"', 'flag = "odd"', "unknown flag “odd”: low, high, or none"),
    ('value = "13.1", ', "", "missing key “value”"),
    ("spoken = true", "said = true", "unknown key “said”"),
    ("day = 2026-03-09", "day = 2026-03-01", "2026-03-01 does not come after 2026-03-02"),
    ("value = 95.5", 'value = "95.5"', "“value” must be a number"),
    ("value = 95.5", "value = -1", "a value below 0 can't be drawn"),
    ('title = "Platelets"\n', "", "a chart needs a “title”: what is measured"),
    ('from = "Dr. Lee"\n', "", "missing key “from”"),
    ("count = 3", "count = 21", "“count” must be from 0 to 20"),
    ("count = 3", "count = true", "“count” must be a whole number"),
    ("of = 20", "of = 7", "“of” must be one of 10, 20, 50, 100"),
    ('figure = "bone"', 'figure = "brain"', "unknown figure “brain”"),
    ('figure = "spot"', 'figure = "dot"', "unknown figure “dot”"),
    ("{ 1 = ", "{ 7 = ", "the picture “bone” has no place 7"),
    ('1 = "the outer layer", ', "", "say under “places” where 1 stands in “bone”"),
]
"""What is changed in the file of exhibits, and the error that it makes."""


@pytest.fixture(scope="module")
def content():
    return our_content()


@pytest.fixture
def file(content, tmp_path) -> Path:
    return files.write(tmp_path, content)


def errors(file: Path) -> list[tuple[int, str]]:
    return [(f.line, f.message) for f in read_bank(file.parents[1])[1]]


def test_there_is_an_example_of_each_exhibit(file):
    bank = load_bank(file.parents[1])

    assert {q.exhibit.kind for q in bank.questions.values() if q.exhibit} == {*EXHIBITS}


def test_only_invented_exhibits_are_marked_as_made_up(file):
    questions = load_bank(file.parents[1]).questions
    made_up = {name: q.exhibit.is_made_up for name, q in questions.items() if q.exhibit}

    assert made_up == {
        "shows-lab": True,
        "shows-chart": True,
        "shows-letter": True,
        "shows-icons": False,
        "shows-figure": False,
    }
    assert questions["shows-lab"].exhibit.note == "Your lab’s ranges may differ."


@pytest.mark.parametrize(("old", "new", "message"), ERRORS)
def test_each_error_has_its_file_and_line(file, old, new, message):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")

    messages = errors(file)
    assert any(said.startswith(message) for _, said in messages), messages
    line = next(line for line, said in messages if said.startswith(message))
    at = line_of(text, old)
    start = text.rindex("[question.exhibit]", 0, text.index(old)) if "spot" not in old else 0
    first = text[:start].count("\n") + 1
    assert first <= line <= at


def test_there_is_an_error_of_each_exhibit():
    texts = {name: text for name, text in files.EXHIBITS.items() if text}
    without = {name for name, text in texts.items() if not any(old in text for old, *_ in ERRORS)}

    assert without == set()


def test_an_error_in_a_row_has_the_line_of_the_row(file):
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(', flag = "high"', ""), encoding="utf-8")

    assert [line for line, _ in errors(file)] == [line_of(text, 'name = "Glucose"')]


def test_a_report_or_a_chart_without_rows_is_an_error(file):
    text = file.read_text(encoding="utf-8")
    start, end = text.index("rows = ["), text.index("]\n", text.index("rows = [")) + 2
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    assert [said for _, said in errors(file)] == ["a lab report needs rows"]

    start, end = text.index("points = ["), text.index("]\n", text.index("points = [")) + 2
    file.write_text(text[:start] + "points = []\n" + text[end:], encoding="utf-8")
    assert [said for _, said in errors(file)] == ["a chart needs 2 to 8 points"]


@pytest.mark.parametrize(
    ("value", "range_", "flag"),
    [
        ("1,200", "1,000–2,000", ""),
        ("900", "1,000 to 2,000", "low"),
        ("5", "< 4", "high"),
        ("5", "at least 6", "low"),
        ("5", "> 4", ""),
        ("62%", "none", "high"),
        ("trace", "none", ""),
    ],
)
def test_a_flag_that_matches_the_reference_range_passes(file, value, range_, flag):
    row = f'{{ name = "Test", value = "{value}", range = "{range_}", flag = "{flag}" }}'
    row = row.replace(', flag = ""', "")
    lines = file.read_text(encoding="utf-8").split("\n")
    lines = [f"  {row}," if '"Neutrophils"' in line else line for line in lines]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert errors(file) == []


# versions


def test_a_question_without_an_exhibit_keeps_its_version(content):
    for question in content.bank.questions.values():
        if not question.exhibit and not question.figures:
            seen = [question.kind, question.vignette, question.stem, *question.version_payload()]
            assert len(seen) == 3 + len(question.version_payload())
            assert version_of(question) == question.version


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ('value = "0.6"', 'value = "0.7"', "shows-lab"),
        ("Your lab’s ranges may differ.", "Ranges may differ.", "shows-lab"),
        ("value = 95.5", "value = 96", "shows-chart"),
        ("Your counts are back", "The counts are back", "shows-letter"),
        ("3 of 20 people have it.", "3 of 20 do.", "shows-icons"),
        ("the space inside", "the inside", "shows-figure"),
        ('figure = "spot"', 'figure = "bone"', "shows-options"),
    ],
)
def test_a_version_changes_with_what_an_exhibit_shows(file, old, new, changes):
    before = load_bank(file.parents[1]).questions
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(old, new), encoding="utf-8")
    after = load_bank(file.parents[1]).questions

    assert [name for name in before if before[name].version != after[name].version] == [changes]


def test_a_version_changes_with_a_picture(file):
    before = load_bank(file.parents[1]).questions
    picture = file.parents[2] / "figures" / "bone.svg"
    picture.write_text(files.BONE.replace('rx="30"', 'rx="20"'), encoding="utf-8")
    after = load_bank(file.parents[1]).questions

    assert [name for name in before if before[name].version != after[name].version] == [
        "shows-figure"
    ]


def test_an_archived_version_has_its_exhibit_and_pictures_unchanged(file):
    bank = load_bank(file.parents[1])

    for kept in versions_of(bank):
        was = question_from(kept.text)
        assert was == bank.questions[kept.question]
        assert version_of(was) == kept.version


def test_ids_of_a_picture_can_be_made_unique():
    svg = '<svg aria-labelledby="a b"><title id="a">“a”</title><g id="b"/><use href="#b"/></svg>'
    drawn = Figure("x", "a", "b", svg).drawn_in("q")

    assert drawn == (
        '<svg aria-labelledby="a-q b-q"><title id="a-q">“a”</title><g id="b-q"/>'
        '<use href="#b-q"/></svg>'
    )


def charts() -> list[Chart]:
    shown = [q.exhibit for q in load_bank().questions.values()]
    found = [e for e in shown if isinstance(e, Chart)]
    assert found
    return found


def test_days_below_a_chart_never_run_into_each_other():
    for chart in charts():
        places = [p.x for p in chart.points if p.has_day]
        assert chart.points[0].has_day
        assert chart.points[-1].has_day
        assert all(b - a >= 55 for a, b in itertools.pairwise(places)), chart.title


def test_each_day_of_a_chart_stands_below_its_point_in_one_of_two_rows():
    for chart in charts():
        assert all(p.has_day != p.has_low_day for p in chart.points), chart.title
        low = [p.x for p in chart.points if p.has_low_day]
        assert all(b - a >= 55 for a, b in itertools.pairwise(low)), chart.title


def test_a_value_stands_clear_of_a_line_that_comes_from_above():
    """The value above a point is a box of 12 by 9 for each letter, on one side or the middle."""
    for chart in charts():
        for a, b in itertools.pairwise(chart.points):
            low, high = sorted((a, b), key=lambda p: p.y, reverse=True)
            width = 9 * len(low.label)
            left = low.x - {"start": 0, "middle": width / 2, "end": width}[low.anchor]
            top = low.y - 16  # the middle of the letters
            if low.y - high.y < 20:
                continue
            crossing = low.x + (high.x - low.x) * (low.y - top) / (low.y - high.y)
            assert not left + 1 < crossing < left + width - 1, (chart.title, low.label)
