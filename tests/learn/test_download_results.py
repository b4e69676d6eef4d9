"""Each table of a group's results has a link and a worksheet, and hides up to ten people."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from learn.results.export import TABLES, ExportTable, as_xlsx
from tests.learn.groups import MISSED, ClassOf, sign_in_as_educator


@pytest.fixture
def group(connection, content):
    return ClassOf(connection, content.bank)


@pytest.fixture
def kim(ben, group):
    return sign_in_as_educator(ben, group)


@pytest.fixture
def asked(content):
    return next(iter(content.bank.questions))


@pytest.mark.parametrize("page", ["", "/first-answers", "/questions"])
def test_each_page_of_results_links_to_each_table(kim, group, asked, page):
    group.answer(group.join(), {asked: MISSED})
    kim.open(f"/groups/{group.id}{page}")

    links = [link for link in kim.html.split('"') if "results.csv" in link]
    assert links == [f"/groups/{group.id}/results.csv?table={name}" for name in TABLES]


def test_the_workbook_has_a_worksheet_for_each_table(kim, group, asked):
    group.answer(group.join(), {asked: MISSED})
    page = kim.browser.get(f"/groups/{group.id}/results.xlsx")
    workbook = load_workbook(io.BytesIO(page.data))

    assert len(workbook.sheetnames) == len(TABLES)
    assert workbook.sheetnames[:2] == ["About", "What to teach next"]
    assert all(sheet.max_column > 1 for sheet in workbook)


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
    workbook = load_workbook(io.BytesIO(as_xlsx(tables)))

    assert workbook.sheetnames[: len(titles)] == worksheets


def test_no_table_counts_the_answers_of_ten_people_in_totals(kim, group, asked):
    def files():
        return {
            name: kim.browser.get(f"/groups/{group.id}/results.csv?table={name}").text
            for name in TABLES
        }

    people = [group.join("totals") for _ in range(11)]
    before = files()
    for person in people[:10]:
        group.answer(person, {asked: MISSED})
    assert files() == before

    group.answer(people[10], {asked: MISSED})
    after = files()
    assert {name for name in TABLES if after[name] == before[name]} == {"next"}
