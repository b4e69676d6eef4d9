"""Documents that were counted by hand, with a pencil, against what the reader finds in them.

They are made up. The Word documents and PDFs were saved by LibreOffice Writer, with tracked
changes, footnotes, a table of contents, and a text box, or in columns, with broken words and a
table; the web pages are whole, with cookies, menus, and footers.
"""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from learn.authoring import source_anchors
from learn.authoring.documents.blocks import BOLD_DOUBT, LINK_DOUBT
from learn.authoring.documents.read import read_document
from learn.authoring.scaffold import scaffold
from learn.authoring.source_check import SourceCheck, check_source

DOCUMENTS = Path(__file__).with_name("documents")


class Counts(NamedTuple):
    """What somebody counted: a row of a table is a sentence; a heading is none."""

    headings: int
    paragraphs: int
    items: int
    tables: int
    rows: int
    sentences: int


BY_HAND = {
    "asthma.docx": Counts(5, 6, 10, 1, 4, 26),
    "bile-duct-cancer.html": Counts(11, 10, 4, 1, 3, 25),
    "burns.docx": Counts(3, 5, 3, 0, 0, 10),
    "celiac.pdf": Counts(6, 15, 7, 0, 0, 38),
    "diabetes.pdf": Counts(5, 7, 6, 1, 4, 20),
    "epilepsia.docx": Counts(4, 5, 6, 1, 2, 18),
    "flu.txt": Counts(5, 5, 6, 0, 0, 18),
    "gout.docx": Counts(5, 8, 5, 1, 2, 21),
    "kidney-stones.html": Counts(7, 6, 8, 1, 3, 21),
    "migraine.md": Counts(3, 7, 8, 1, 2, 22),
    "shingles.html": Counts(8, 8, 10, 1, 2, 24),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_reader_counts_as_a_person_does(name):
    read = read_document(DOCUMENTS / name)
    sentences = sum(not s.is_heading for s in read.sentences)

    assert Counts(*read.parts.values(), sentences) == BY_HAND[name]


def test_every_document_was_counted():
    assert {p.name for p in DOCUMENTS.iterdir()} == {*BY_HAND}


ORANGE = (
    "Zone: Orange; Peak flow: 40% to 49%; What to do: Call the clinic. Say which zone you are in."
)
JUICE = (
    "Drink: Orange juice; Sugar: 21 g a cup, as much as five lumps of sugar;"
    " How often: once a week, in a small glass, and better with a meal"
)
VACCINE = (
    "Ask about a bone density test, about vitamin D, and about the vaccine against pneumococcal"
    " infections."
)


def told(name: str) -> list[str]:
    return [s.text for s in read_document(DOCUMENTS / name).sentences]


def test_tracked_changes_are_taken_as_accepted_and_comments_left_out():
    said = " ".join(told("gout.docx"))

    assert "Rest the joint and cool it. Drink plenty of water. Take the pills" in said
    assert "Never walk on it" not in said
    assert "Which pills" not in said


def test_a_footnote_stands_after_the_paragraph_that_it_belongs_to():
    said = told("gout.docx")

    at = said.index("The big toe hurts most often.")
    assert said[at + 1 : at + 3] == ["Arthritis means a swollen joint.", "It has many causes."]
    assert "↑" not in "".join(said)


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("gout.docx", "Contents"),
        ("gout.docx", "Page"),
        ("gout.docx", "Hill Clinic"),
        ("celiac.pdf", "Hill Clinic"),
        ("celiac.pdf", "Revised"),
        ("shingles.html", "cookies"),
        ("shingles.html", "Urgent advice"),
        ("shingles.html", "reviewed"),
        ("shingles.html", "Nerve pain"),
        ("kidney-stones.html", "cookies"),
        ("kidney-stones.html", "Campus"),
        ("kidney-stones.html", "Visitor"),
        ("kidney-stones.html", "Specialists"),
        ("kidney-stones.html", "Facebook"),
        ("kidney-stones.html", "Appointment"),
        ("kidney-stones.html", "inbox"),
        ("bile-duct-cancer.html", "Enlarge"),
        ("bile-duct-cancer.html", "Email"),
        ("bile-duct-cancer.html", "Updated"),
        ("bile-duct-cancer.html", "government"),
    ],
)
def test_what_stands_around_a_document_is_left_out(name, absent):
    assert absent not in " ".join(told(name))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kidney-stones.html", "Shock waves"),  # a button that unfolds its part
        ("kidney-stones.html", "Stent: A soft tube that keeps urine flowing."),
        ("kidney-stones.html", "Size: Over 6 mm; Chance to pass by itself: 20%"),
        ("shingles.html", "Doses by age"),
        ("bile-duct-cancer.html", "Stage by size"),
        ("bile-duct-cancer.html", "A made-up table."),
        (
            "bile-duct-cancer.html",
            "Stage: II; Tumor Size: more than 5 cm; Tumor Spread: blood vessels, one, several",
        ),
        ("asthma.docx", ORANGE),
        ("epilepsia.docx", "Hora: 8:00 a.m.; Quién la da: La familia"),
        ("diabetes.pdf", JUICE),
        ("celiac.pdf", VACCINE),  # two of its lines end in a broken word
        ("celiac.pdf", "Your pharmacist can look it up."),  # from one column to the next
        ("burns.docx", "Never use ice."),  # in a box of its own
        ("burns.docx", "it is on the face"),  # a hyphen and a space as its bullet
    ],
)
def test_headings_terms_and_rows_are_read_whole(name, said):
    assert said in told(name)


def test_bold_lines_are_the_headings_of_a_document_without_any_and_a_doubt():
    read = read_document(DOCUMENTS / "burns.docx")

    assert [(s.text, s.line) for s in read.sentences if s.is_heading] == [
        ("A small burn", 1),
        ("When to get help", 5),
        ("The days after", 10),
    ]
    assert {s.doubt for s in read.sentences if s.is_heading} == {BOLD_DOUBT}
    assert read.place == "paragraph"


def test_a_link_of_its_own_is_a_doubt():
    sentences = read_document(DOCUMENTS / "bile-duct-cancer.html").sentences

    assert [s.text for s in sentences if s.doubt] == ["Find a trial"]
    assert next(s for s in sentences if s.doubt).doubt == LINK_DOUBT


# a copy that changed

Edit = Callable[[str], str]


def checked(folder: Path, name: str, edit: Edit) -> SourceCheck:
    """Begin a course from a document, and compare it with an edited copy."""
    original = DOCUMENTS / name
    scaffold(folder / "course", original, date(2026, 1, 2))
    copy = folder / name
    if copy.suffix == ".docx":
        with zipfile.ZipFile(original) as archive, zipfile.ZipFile(copy, "w") as made:
            for part in archive.namelist():
                raw = archive.read(part)
                made.writestr(part, edit(raw.decode()) if part.endswith(".xml") else raw)
    else:
        copy.write_text(edit(original.read_text("utf-8")), "utf-8")
    ledger = tomllib.loads((folder / "course/source.toml").read_text("utf-8"))
    headings = {s["id"]: s["heading"] for s in ledger["section"]}
    anchors = source_anchors.read_anchor_file(folder / "course").anchors
    return check_source(read_document(copy).sentences, anchors, headings)


def other_links(text: str) -> str:
    return re.sub(r'(href|title|src)="(?!#)[^"]*"', r'\1="/somewhere-else"', text)


def other_dates(text: str) -> str:
    return text.replace("March 2026", "May 2027").replace("March 2029", "May 2030")


def other_furniture(text: str) -> str:
    return text.replace("Nerve pain", "Back pain").replace("Live Well", "Live Better")


def without_contents(text: str) -> str:
    return re.sub(r"<w:sdt>.*?</w:sdt>", "", text, flags=re.DOTALL)


def without_changes(text: str) -> str:
    """Accept all tracked changes, as an editor does before the next edition."""
    return re.sub(r"<w:del .*?</w:del>|</?w:ins\b[^>]*>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("shingles.html", other_links),
        ("bile-duct-cancer.html", other_links),
        ("shingles.html", other_dates),
        ("shingles.html", other_furniture),
        ("gout.docx", without_changes),
        ("gout.docx", without_contents),
    ],
)
def test_links_dates_and_what_stands_around_ring_no_alarm(tmp_path, name, edit):
    assert checked(tmp_path, name, edit).is_unchanged


@pytest.mark.parametrize(
    ("name", "old", "new", "now"),
    [
        (
            "shingles.html",
            "loose clothes",
            "cotton clothes",
            "wear cotton clothes",
        ),
        ("shingles.html", "<td>65 to 79</td>", "<td>60 to 79</td>", "Age: 60 to 79; Doses: 2"),
        ("asthma.docx", "Below 40%", "Below 45%",
         "Zone: Red; Peak flow: Below 45%; What to do: Call 911"),
        ("asthma.docx", "morning and night", "every morning", "Take it every morning"),
        ("gout.docx", "It has many causes", "It has few causes", "It has few causes."),
    ],
)  # fmt: skip
def test_one_word_or_cell_touches_one_fact(tmp_path, name, old, new, now):
    check = checked(tmp_path, name, lambda text: text.replace(old, new))

    assert [change.now for change in check.changes] == [now]
    assert len(check.changed) == 1
    assert (check.missing, check.new, check.removed) == ((), (), ())
