"""A ledger of an older reader: compared by its own rules, and brought to the newest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from learn.authoring.documents.read import NEWEST, read_document
from learn.authoring.source_anchors import (
    accept,
    anchors_of,
    read_anchor_file,
    read_anchors,
    write_anchors,
)
from learn.authoring.source_check import SourceCheck, check_source
from learn.authoring.source_rebase import RebaseError, rebase, to_text
from learn.authoring.source_text import read_sentences
from tests.second_document import TEXT as GARDEN

TEXT = """\
---
title: Cuts at home
date: 2026-01-05
---

# Cuts

Ask Dr. Lee first. Wash it with [clean water](https://a.example/water).

| Age | Cups |
| --- | --- |
| Over 9 | 2 |
| Under 9 | 1 |

- a bandage, called a
plaster
"""
HEADINGS = {"S1": "title: Cuts at home date: 2026-01-05", "S2": "Cuts"}


def facts_of(text: str) -> dict[int, list[str]]:
    """A fact for each sentence of the first reader, but not for its headings."""
    read = read_sentences(text)
    said = [n for n, s in enumerate(read) if not s.is_heading]
    return {n: [f"F{i}"] for i, n in enumerate(said, 1)}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document, and beside it the ledger that the first reader made."""
    path = tmp_path / "cuts.md"
    path.write_text(TEXT)
    write_anchors(tmp_path, anchors_of(read_sentences(TEXT), HEADINGS, facts_of(TEXT)))
    return path


def check(folder: Path, document: Path) -> SourceCheck:
    ledger = read_anchor_file(folder)
    read = read_document(document, ledger.reader)
    return check_source(read.sentences, ledger.anchors, HEADINGS)


def test_a_ledger_that_names_no_reader_is_compared_by_the_first_one(tmp_path, document):
    assert "reader" not in (tmp_path / "sentences.toml").read_text()
    assert read_anchor_file(tmp_path).reader == 1
    assert check(tmp_path, document).is_unchanged


def test_a_page_that_the_first_reader_read_with_its_tags_rings_no_alarm(tmp_path):
    page = "<html><body>\n\n<h1>Cuts</h1>\n\n<p>Wash it. Dry it.</p>\n\n</body></html>\n"
    document = tmp_path / "cuts.html"
    document.write_text(page)
    write_anchors(tmp_path, anchors_of(read_sentences(page), {"S1": "Cuts"}, {}))

    assert check(tmp_path, document).is_unchanged


def test_rebasing_keeps_each_fact_and_shows_where_it_rests_now(tmp_path, document):
    before = [s.text for s in read_sentences(TEXT)]
    assert sum("| --- |" in s for s in before) == 1  # the table was one
    result = rebase(tmp_path, document, HEADINGS)
    write_anchors(tmp_path, result.anchors, NEWEST)

    assert "reader = 2" in (tmp_path / "sentences.toml").read_text()
    read = read_document(document).sentences
    by_text = {s.text: a.facts for s, a in zip(read, result.anchors, strict=False)}
    facts = facts_of(TEXT)
    table = facts[next(n for n, s in enumerate(before) if "| --- |" in s)]
    assert by_text["Age: Over 9; Cups: 2"] == by_text["Age: Under 9; Cups: 1"] == tuple(table)
    joined = facts[before.index("Ask Dr.")] + facts[before.index("Lee first.")]
    assert by_text["Ask Dr. Lee first."] == tuple(joined)
    assert by_text["Wash it with clean water."]
    told = to_text(result)
    assert f"{table[0]} now rests on: Age: Over 9; Cups: 2 | Age: Under 9; Cups: 1" in told
    kept = {f for a in read_anchors(tmp_path) for f in a.facts}
    assert kept == {f for each in facts.values() for f in each}


def test_after_rebasing_only_what_has_no_sentence_is_reported(tmp_path, document):
    result = rebase(tmp_path, document, HEADINGS)
    write_anchors(tmp_path, result.anchors, NEWEST)
    checked = check(tmp_path, document)

    assert {*checked.missing, *checked.changed} == {*result.lost}
    assert checked.new == ()


def test_a_document_that_reads_the_same_loses_nothing(tmp_path):
    path = tmp_path / "garden.md"
    path.write_text(GARDEN)
    read = read_sentences(GARDEN)
    headings = {f"S{n}": s.text for n, s in enumerate((s for s in read if s.is_heading), 1)}
    anchors = anchors_of(read, headings, facts_of(GARDEN))
    write_anchors(tmp_path, anchors)
    result = rebase(tmp_path, path, headings)

    assert [*result.anchors] == anchors
    assert to_text(result) == (
        "Reader 1 to 2: 29 sentences before, 29 now.\n  Nothing reads otherwise."
    )


def test_who_accepted_a_sentence_stays(tmp_path):
    path = tmp_path / "garden.md"
    now = GARDEN.replace("one deep soak", "a deep soak")
    path.write_text(now)
    read = read_sentences(GARDEN)
    headings = {f"S{n}": s.text for n, s in enumerate((s for s in read if s.is_heading), 1)}
    anchors = anchors_of(read, headings, {6: ["F5", "F25"]})
    for fact, who in (("F5", "Ana"), ("F25", "Ben")):
        changes = check_source(read_sentences(now), anchors, headings).changes
        anchors = accept(anchors, changes, [fact], who, date(2026, 4, 5))
    write_anchors(tmp_path, anchors)
    result = rebase(tmp_path, path, headings)

    accepted = {(a.facts, a.accepted_by) for a in result.anchors if a.accepted_on}
    assert accepted == {(("F5",), "Ana"), (("F25",), "Ben")}
    write_anchors(tmp_path, result.anchors, NEWEST)
    checked = check_source(read_document(path).sentences, read_anchors(tmp_path), headings)
    assert checked.is_unchanged


def test_a_changed_document_is_not_rebased(tmp_path, document):
    document.write_text(TEXT.replace("clean", "warm"))
    before = (tmp_path / "sentences.toml").read_bytes()
    with pytest.raises(RebaseError, match="has changed"):
        rebase(tmp_path, document, HEADINGS)

    assert (tmp_path / "sentences.toml").read_bytes() == before


def test_a_ledger_of_the_newest_reader_stays(tmp_path, document):
    write_anchors(tmp_path, read_anchors(tmp_path), NEWEST)
    with pytest.raises(RebaseError, match="at reader 2 already"):
        rebase(tmp_path, document, HEADINGS)
