"""Ledger: what the source says, and what is ours."""

from __future__ import annotations

from datetime import date

import pytest

from learn.authoring.source_anchors import read_anchors
from learn.library import read_content as library
from learn.library.ledger import read_ledger
from questions.model import Safety
from tests.library.small import SOURCE, Small
from tests.our_content import our_content

ADDED = '[[added]]\nsays = "x"\ncitation = "x"\nid = "A-x"'


def errors(small: Small) -> list[str]:
    return [str(f) for f in read_ledger(small.path(SOURCE), SOURCE)[1]]


def test_the_ledger_matches_its_file(small):
    ledger, errors = read_ledger(small.path(SOURCE), SOURCE)

    assert errors == []
    assert (ledger.document.title, ledger.document.publisher) == ("About Blood", "A Clinic")
    assert ledger.document.read_on == date(2026, 3, 1)
    assert ledger.document.reviewed_by_clinician is False
    assert [(s.id, s.parent) for s in ledger.sections.values()] == [("S1", ""), ("S2", "S1")]
    assert [*ledger.facts] == ["F1", "F2", "F3", "F4"]
    assert ledger.facts["F4"].not_taught == "The number is disputed."
    assert ledger.added["A-bones"].citation == "A Handbook, 2025"
    assert [(n.id, n.sections, n.facts) for n in ledger.notes] == [("D1", ("S1",), ("F4",))]
    assert ledger.not_covered == ("Costs.",)


def test_only_facts_and_added_sources_are_known_references(small):
    ledger, _ = read_ledger(small.path(SOURCE), SOURCE)

    assert ledger.knows("F1")
    assert ledger.knows("A-bones")
    for other in ("F9", "f1", "S1", "D1", "us", ""):
        assert not ledger.knows(other)


def test_an_added_source_can_list_addresses_of_its_pages(small):
    cited = 'citation = "A Handbook, 2025"'
    small.change(SOURCE, cited, f'{cited}\naddresses = ["https://a.example/x", "http://b.example"]')
    ledger, errors = read_ledger(small.path(SOURCE), SOURCE)

    assert errors == []
    assert ledger.added["A-bones"].addresses == ("https://a.example/x", "http://b.example")


def test_the_document_can_have_an_address_that_somebody_checked(small):
    ledger, errors = read_ledger(small.path(SOURCE), SOURCE)
    assert (ledger.document.address, ledger.document.last_checked, errors) == ("", None, [])

    small.change(
        SOURCE,
        "read_on = 2026-03-01",
        'read_on = 2026-03-01\naddress = "https://a.example/x"\nlast_checked = 2026-03-02',
    )
    ledger, errors = read_ledger(small.path(SOURCE), SOURCE)

    assert errors == []
    assert ledger.document.address == "https://a.example/x"
    assert ledger.document.last_checked == date(2026, 3, 2)


def test_each_cited_source_of_some_facts_is_named_once():
    ledger = our_content().ledger
    cited = ledger.cited({"A-fertility", "A-se-tired", "A-fever", "F1"})

    assert "National Cancer Institute (NCI), Cancer Fatigue" in cited
    assert len(cited) == len({*cited})
    assert not any("; " in name for name in cited)
    assert ledger.cited({"F1", "us"}) == ()


def test_a_note_without_sections_is_about_the_whole_document(small):
    small.change(SOURCE, 'sections = ["S1"]', "sections = []")
    ledger, errors = read_ledger(small.path(SOURCE), SOURCE)

    assert errors == []
    assert ledger.notes[0].sections == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('id = "F2"', 'id = "F1" # twice', "# twice", "the fact id “F1” is used twice"),
        (
            "[[added]]",
            f"{ADDED} # once\n{ADDED} # twice\n[[added]]",
            "# twice",
            "the id “A-x” is used twice",
        ),
        (
            'section = "S2"\nsays',
            'section = "S9"\nsays',
            'section = "S9"',
            "unknown section “S9”",
        ),
        ('sections = ["S1"]', 'sections = ["S9"]', '["S9"]', "unknown section “S9”"),
        ('facts = ["F4"]', 'facts = ["F9"]', '["F9"]', "unknown fact “F9”"),
        ('says = "Marrow is soft."\n', "", '[[fact]]\nid = "F2"', "missing key “says”"),
        ('says = "Marrow is soft."', 'says = ""', 'says = ""', "“says” is empty"),
        ('citation = "A Handbook, 2025"\n', "", "[[added]]", "missing key “citation”"),
        (
            "read_on = 2026-03-01",
            'read_on = 2026-03-01\naddress = "a.example"',
            "address =",
            "an address begins with https:// or http://",
        ),
        (
            'citation = "A Handbook, 2025"',
            'citation = "A Handbook"\naddresses = ["a.example"]',
            "addresses",
            "an address begins with https:// or http://",
        ),
        ('heading = "Cells"', "heading = 2", "heading = 2", "“heading” must be a text"),
        ("read_on = 2026-03-01", 'read_on = "May"', "read_on", "“read_on” must be a date"),
        ("not_taught =", "untaught =", "untaught", "unknown key “untaught”"),
        ("[[not_covered]]", "[[uncovered]]", "[[uncovered]]", "unknown key “uncovered”"),
    ],
)
def test_an_error_is_named_with_its_line(small, old, new, at, message):
    small.change(SOURCE, old, new)

    assert small.at(SOURCE, at, message) in errors(small)


WITH_SAFETY = '[site]\nillness = "ALL"\nname'


def test_a_ledger_names_its_illness_and_the_sources_of_safety_lines(small):
    ledger, _ = read_ledger(small.path(SOURCE), SOURCE)
    assert (ledger.illness, ledger.plain_illness, {*ledger.safety.values()}) == ("", "", {()})

    small.change(SOURCE, "[site]\nname", WITH_SAFETY)
    small.change(SOURCE, "[document]", '[safety]\ncall-now = ["A-bones"]\n\n[document]')
    ledger, errors = read_ledger(small.path(SOURCE), SOURCE)

    assert (errors, ledger.illness, ledger.plain_illness) == ([], "ALL", "ALL")
    assert dict(ledger.safety) == {
        Safety.CALL_911: (),
        Safety.CALL_NOW: ("A-bones",),
        Safety.NEXT_VISIT: (),
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('call-911 = ["A-nothing"]', "unknown added source “A-nothing”"),
        ('call-911 = ["F1"]', "unknown added source “F1”"),
        ('call-me = ["A-bones"]', "unknown key “call-me”"),
        ('call-911 = "A-bones"', "“call-911” must be a list"),
    ],
)
def test_an_error_in_the_sources_of_safety_lines_is_named(small, line, message):
    small.change(SOURCE, "[document]", f"[safety]\n{line}\n\n[document]")

    assert errors(small) == [small.at(SOURCE, line, message)]


def test_a_document_without_a_title_is_an_error(small):
    small.change(SOURCE, 'title = "About Blood"\n', "")

    assert errors(small) == [f"{SOURCE}:{small.line(SOURCE, '[document]')}: missing key “title”"]


def test_an_unreadable_ledger_is_empty(small):
    small.change(SOURCE, "[document]", "[document")
    ledger, errors = read_ledger(small.path(SOURCE), SOURCE)

    assert len(errors) == 1
    assert not ledger.facts
    assert not ledger.knows("F1")


def test_each_of_our_facts_of_the_document_has_its_sentence():
    anchored = {fact for anchor in read_anchors(library.FOLDER) for fact in anchor.facts}

    assert {*our_content().ledger.facts} == anchored
