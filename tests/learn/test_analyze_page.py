"""`learn analyse --html` writes a page that needs nothing else and that a person can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest

from learn.authoring import item_words
from learn.authoring.item_plots import bins
from learn.results import labels
from questions.advice import Advice
from tests.learn.analyses import FIVE, KEY, SAID, Ran, analyses
from tests.learn.exported_tables import ANSWERS, FORM

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    return analyses(tmp_path, monkeypatch, capsys)


def page(ran: Ran) -> ET.Element:
    assert ran.code == 0, ran.said
    text = Path("page.html").read_text(encoding="utf-8")
    parser = html5lib.HTMLParser(html5lib.treebuilders.getTreeBuilder("etree"), strict=True)
    found: ET.Element = parser.parse(text)
    return found


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def rows(tree: ET.Element, caption: str, place: int = 0) -> list[list[str]]:
    tables = [
        table
        for table in tree.iter(f"{XHTML}table")
        if words(next(table.iter(f"{XHTML}caption"))) == caption
    ]
    return [[words(cell) for cell in row] for row in tables[place].iter(f"{XHTML}tr")]


def test_the_page_is_written_beside_the_same_json(run):
    ran = run(FIVE, flags=["--html", "page.html"])

    assert (ran.out, ran.said) == (run(FIVE).out, run(FIVE).said)
    assert "5 people answered 3 questions. On average they had 1.4 of 3 points." in words(page(ran))


def test_the_page_needs_no_other_file_and_no_script(run):
    tree = page(run(FIVE, options=SAID, key=KEY, pre=FIVE, flags=["--html", "page.html"]))
    text = Path("page.html").read_text(encoding="utf-8")

    assert not re.search(r"https?:|url\(|@import|<script|<link|<img|\son\w+=", text)
    links = [a.get("href", "") for a in tree.iter(f"{XHTML}a")]
    ids = {element.get("id") for element in tree.iter()}
    assert links
    assert all(link[0] == "#" and link[1:] in ids for link in links)


def test_each_plot_has_a_name_and_a_table_of_the_same_numbers(run):
    tree = page(run(FIVE, options=SAID, key=KEY, flags=["--html", "page.html"]))
    plots = [*tree.iter(f"{SVG}svg")]

    assert len(plots) == 5  # totals, the map, and each question
    assert all(plot.get("role") == "img" and plot.get("aria-label") for plot in plots)
    assert len({plot.get("aria-label") for plot in plots}) == 5
    assert rows(tree, "People by their total")[1:] == [
        ["0", "1", "20%"], ["1", "2", "40%"], ["2", "1", "20%"], ["3", "1", "20%"]
    ]  # fmt: skip
    assert [row[:3] for row in rows(tree, "Questions")[1:]] == [
        ["1. one", "60%", "23%–88%"], ["2. two", "40%", "12%–77%"], ["3. three", "40%", "12%–77%"]
    ]  # fmt: skip
    assert rows(tree, "Who chose what")[1:] == [
        ["a (right)", "3", "60%", "2.0", "0.33", "50%", "50%", "100%"],
        ["b", "1", "20%", "1.0", "0.13", "0%", "50%", "0%"],
    ]


def test_headings_go_down_by_one_and_tables_name_rows_and_columns(run):
    tree = page(run(FIVE, options=SAID, key=KEY, flags=["--html", "page.html"]))
    levels = [
        int(e.tag[-1]) for e in tree.iter() if re.fullmatch(rf"{re.escape(XHTML)}h[1-6]", e.tag)
    ]

    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert all(th.get("scope") in {"col", "row"} for th in tree.iter(f"{XHTML}th"))
    regions = [div.get("aria-label") for div in tree.iter(f"{XHTML}div")]
    assert len(regions) == len({*regions}) == 5


def test_what_was_guessed_is_on_the_page(run):
    ran = run(ANSWERS, flags=["--html", "page.html"])

    assert all(line in words(page(ran)) for line in ran.said.splitlines())
    assert "How the table was read" not in words(page(run(FIVE, flags=["--html", "page.html"])))


def test_what_to_look_at_first_leads_to_the_question(run):
    rows_ = [f"p{i},{int(i < 20)},{int(i < 18)},{int(i >= 22)}\n" for i in range(40)]
    ran = run("learner,a,b,c\n" + "".join(rows_), flags=["--html", "page.html"])
    tree = page(ran)
    (first,) = [e for e in tree.iter(f"{XHTML}ul") if e.get("class") == "first"]

    assert words(first).startswith("1. a: Check the answer key") or "3. c: Check" in words(first)
    assert "alpha is negative" in ran.said
    assert "so the items don’t measure one thing together" in words(tree)
    assert "How the table was read" not in words(tree)


def test_marks_of_html_and_control_marks_in_names_are_only_text(run):
    name = "<b>a&amp;\"'\x1b\u202e"
    raw = f'learner,"{name.replace(chr(34), chr(34) * 2)}",two\nana,1,0\nben,0,1\n'
    tree = page(run(raw, flags=["--html", "page.html"]))

    assert not [*tree.iter(f"{XHTML}b")]
    assert "1. <b>a&amp;\"'��" in words(tree)


def test_a_table_without_learners_and_one_with_one_learner_have_pages(run):
    none = page(run("learner,a,b\n", flags=["--html", "page.html"]))
    one = page(run("learner,a,b\nana,1,0\n", flags=["--html", "page.html"]))

    assert "no learners, so there is nothing to show" in words(none)
    assert "1 person answered 2 questions." in words(one)


def test_before_and_after_are_on_the_page(run):
    tree = page(run(FIVE, pre=FIVE.replace("1,1,1", "0,1,1"), flags=["--html", "page.html"]))

    assert "5 people are in both tables. Together they gained 11% of what they could" in words(tree)
    assert rows(tree, "McNemar’s test of each question")[1] == ["one", "1.000"]


def test_answers_in_peoples_own_words_are_marked_by_letters(run):
    tree = page(run(FORM, flags=["--html", "page.html"]))

    assert [row[0] for row in rows(tree, "Who chose what", 1)[1:]] == [
        "A: Bone marrow (right)", "B: The blood"
    ]  # fmt: skip


def test_many_answers_are_shown_in_part(run):
    rows_ = [f"p{i},word {i},x\n" for i in range(50)]
    key = "item,key\na,word 3\nb,x\n"
    tree = page(run("learner,a,b\n" + "".join(rows_), key=key, flags=["--html", "page.html"]))

    assert "20 more answers, each chosen as rarely or less, aren’t shown." in words(tree)
    assert len(rows(tree, "Who chose what")) == 31


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("scores.csv", "scores.csv is a table that was read; name another."),
        ("./scores.csv", "scores.csv is a table that was read; name another."),
        ("folder", "folder can't be written: Is a directory."),
        ("none/page.html", "none/page.html can't be written: No such file"),
    ],
)
def test_a_page_that_cannot_be_written_is_an_error(run, tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    ran = run(FIVE, flags=["--html", name])

    assert said in ran.said
    assert (ran.code, ran.out) == (1, "")
    assert (tmp_path / "scores.csv").read_text() == FIVE


def test_totals_in_points_are_counted_one_by_one_and_others_by_tenths():
    assert [(b.name, b.count) for b in bins([0, 2, 2], 2)] == [("0", 1), ("1", 0), ("2", 2)]
    assert [b.count for b in bins([0.5, 3, 3], 3)] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert [b.count for b in bins([0.3, 0.6], 1)] == [0, 0, 0, 1, 0, 0, 1, 0, 0, 0]


def test_the_words_are_those_of_the_educators_pages():
    """A page's words are translated, so the page of the command has a copy of the English ones."""
    for advice, said in item_words.ADVICE.items():
        assert labels._ADVICE[advice]._args[0] == said  # noqa: SLF001
    assert {*labels._ADVICE} | {Advice.TOO_FEW, Advice.SHARED_MISTAKE} == {*Advice}  # noqa: SLF001
    source = re.sub(r'"\s*"', "", Path(labels.__file__).read_text(encoding="utf-8"))
    for said in (
        item_words.SHARED_MISTAKE,
        item_words.TELLS_APART,
        item_words.HARDLY_TELLS_APART,
    ):
        assert f'"{said}"' in source
    assert item_words.ENOUGH_TO_TELL == labels._TELLS_APART  # noqa: SLF001
