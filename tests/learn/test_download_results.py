"""Each table of a group's results has a link and a worksheet, and hides up to ten people."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from learn.results.export import TABLES, ExportTable, as_xlsx
from tests.learn.groups import MISSED, RIGHT
from tests.learn.results_pages import workbook


@pytest.fixture
def question_id(content):
    return next(iter(content.bank.questions))


@pytest.mark.parametrize("page", ["", "/first-answers", "/questions"])
def test_each_page_of_results_links_to_each_table(kim, group, question_id, page):
    group.answer(group.join(), {question_id: MISSED})
    kim.open(f"/groups/{group.id}{page}")

    links = [link for link in kim.html.split('"') if "results.csv" in link]
    assert links == [f"/groups/{group.id}/results.csv?table={name}" for name in TABLES]


def test_the_workbook_has_a_worksheet_for_each_table(kim, group, question_id):
    group.answer(group.join(), {question_id: MISSED})
    book = workbook(kim, group)

    assert len(book.worksheets) == len(TABLES)
    assert book.sheetnames[:2] == ["About", "What to teach next"]
    assert all(sheet.max_column > 1 for sheet in book)


SHARES = {
    "What to teach next": ["Share who don’t know it yet", "Likely range: low end"],
    "Ideas": ["Share missed"],
    "Questions": ["Share right", "Likely range: low end", "Likely range: high end"],
    "Options": ["Share"],
}


def test_shares_are_percentages_and_scores_have_two_places(kim, group, question_id):
    for how in (MISSED, MISSED, RIGHT):
        group.answer(group.join(), {question_id: how})
    book = workbook(kim, group)

    for name, shares in SHARES.items():
        rows = [*book[name].iter_rows()]
        head = [cell.value for cell in rows[0]]
        found = {
            head[place]
            for row in rows[1:]
            for place, cell in enumerate(row)
            if cell.number_format == "0%" and isinstance(cell.value, (int, float))
        }
        assert found == {*shares}, name
        for row in rows[1:]:
            assert all(
                0 <= cell.value <= 1
                for place, cell in enumerate(row)
                if head[place] in shares and cell.value is not None
            )
    rows = [*book["Questions"].iter_rows()]
    head = [cell.value for cell in rows[0]]
    right, mean = rows[1][head.index("Share right")], rows[1][head.index("Mean score")]
    assert (right.value, right.number_format) == (pytest.approx(1 / 3), "0%")
    assert mean.number_format == "0.00"
    missed = rows[1][head.index("Missed")]
    assert (missed.value, missed.number_format) == (2, "General")


def test_files_begin_with_words_show_percentages_and_end_with_ids(kim, group, question_id, content):
    for how in (MISSED, MISSED, RIGHT):
        group.answer(group.join(), {question_id: how})

    question = content.bank.questions[question_id]
    idea = content.bank.objective_of(question_id)
    for name, words, id_, share in (
        ("next", idea.to_teach, idea.id, "67%"),
        ("objectives", idea.to_teach, idea.id, "67%"),
        ("questions", question.stem, question.version, "33%"),
        ("options", question.stem, question.parts[0].id, "%"),
    ):
        page = kim.browser.get(f"/groups/{group.id}/results.csv?table={name}")
        head, first, *_ = csv.reader(io.StringIO(page.data.decode("utf-8-sig")))
        assert (first[0], first[-1]) == (words, id_), name
        assert any(cell.endswith(share) for cell in first), name
        assert not any("objective" in column.casefold() for column in head)


def test_heads_stay_in_sight_and_each_table_can_be_filtered_and_printed(kim, group, question_id):
    group.answer(group.join(), {question_id: MISSED})
    for sheet in workbook(kim, group):
        rows = [*sheet.iter_rows()]
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert all(cell.alignment.wrap_text for cell in rows[0])
        last = f"{rows[0][-1].column_letter}{len(rows)}"
        assert sheet.auto_filter.ref == (None if sheet.title == "About" else f"A1:{last}")


def test_a_chart_shows_the_first_ideas_of_what_to_teach_next(kim, group, content):
    question_ids = [o.questions[0].id for o in content.bank.counted.values()][:22]
    for number in range(3):
        known = dict.fromkeys(question_ids[: number + 1], RIGHT)
        group.answer(group.join(), dict.fromkeys(question_ids, MISSED) | known)
    book = workbook(kim, group)

    assert book.sheetnames[-1] == "Chart"
    (chart,) = book["Chart"]._charts  # noqa: SLF001 - openpyxl has no other way
    (bars,) = chart.series
    assert chart.type == "bar"
    assert bars.cat.strRef.f == "'What to teach next'!$A$2:$A$21"
    head = [cell.value for cell in book["What to teach next"][1]]
    first = book["What to teach next"].cell(2, head.index("Share who don’t know it yet") + 1)
    column = first.column_letter
    assert bars.val.numRef.numCache.pt[0].v == first.value == 1
    assert bars.val.numRef.f == f"'What to teach next'!${column}$2:${column}$21"


def test_without_latest_answers_there_is_no_chart(kim, group):
    assert "Chart" not in workbook(kim, group).sheetnames


@pytest.mark.parametrize(
    ("titles", "worksheets"),
    [
        (["Was als Nächstes unterrichtet werden sollte"], ["Was als Nächstes unterrichtet w"]),
        (["¿Qué enseñar?", "Sí/no"], ["¿Qué enseñar", "Sí no"]),
        (["Questions", "questions"], ["Questions", "2 questions"]),
        (["'Questions'", "[]"], ["Questions", "2"]),
    ],
)
def test_a_title_in_any_language_names_a_worksheet(titles, worksheets):
    names = ["about", *(name for name in TABLES if name != "about")]
    tables = {name: ExportTable(name, ("a",), ()) for name in names}
    for name, title in zip(names, titles, strict=False):
        tables[name] = ExportTable(title, ("a",), ())
    book = load_workbook(io.BytesIO(as_xlsx(tables)))

    assert book.sheetnames[: len(titles)] == worksheets


def test_no_table_counts_the_answers_of_ten_people_in_totals(kim, group, question_id):
    def files():
        return {
            name: kim.browser.get(f"/groups/{group.id}/results.csv?table={name}").text
            for name in TABLES
        }

    people = [group.join("totals") for _ in range(11)]
    before = files()
    for person in people[:10]:
        group.answer(person, {question_id: MISSED})
    assert files() == before

    group.answer(people[10], {question_id: MISSED})
    after = files()
    assert {name for name in TABLES if after[name] == before[name]} == {"next"}
