"""The anchors file: written atomically, read strictly, updated by accepting a change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from learn.authoring.source_anchors import NAME, accept, anchors_of, read_anchors, write_anchors
from learn.authoring.source_check import Anchor, SourceCheck, check_source, make_anchor
from learn.authoring.source_text import read_sentences, words
from questions.reading import InvalidContentError

DAY = date(2026, 4, 5)
HEADINGS = {"S1": "Bees", "S2": "Ants"}
TEXT = """\
# Bees

Bees hum in the warm grass all day long. They carry pollen home to the hive.

# Ants

Ants walk in long lines to the sugar.
"""
FACTS = {1: ["F1", "F2"], 2: ["F3"], 4: ["F4"]}
NOW = "Bees hum in the cool grass all day long."


@pytest.fixture
def anchors() -> list[Anchor]:
    return anchors_of(read_sentences(TEXT), HEADINGS, FACTS)


def check(text: str, anchors: list[Anchor]) -> SourceCheck:
    return check_source(read_sentences(text), anchors, HEADINGS)


# the file


def test_the_anchors_of_a_document_are_its_sentences(anchors):
    assert [(a.section, a.facts) for a in anchors] == [
        ("S1", ()),
        ("S1", ("F1", "F2")),
        ("S1", ("F3",)),
        ("S2", ()),
        ("S2", ("F4",)),
    ]
    assert [a.length for a in anchors] == [len(s.words) for s in read_sentences(TEXT)]


def test_text_before_the_first_heading_belongs_to_the_first_section():
    [first, *_] = anchors_of(read_sentences("Before it all.\n\nAnts\n\nThey walk."), HEADINGS, {})

    assert first.section == "S1"


def test_anchors_are_read_back_unchanged(tmp_path, anchors):
    anchors.append(
        Anchor(
            "S2", "0123456789abcdef", (0, 17, 4095), ("F5", "A-b"), "2026-04-05", 'Ana "A." Öz\\'
        )
    )
    write_anchors(tmp_path, anchors)

    assert read_anchors(tmp_path) == (*anchors,)
    before = (tmp_path / NAME).read_bytes()
    write_anchors(tmp_path, read_anchors(tmp_path))
    assert (tmp_path / NAME).read_bytes() == before


def test_the_anchor_file_contains_no_text_of_the_document(tmp_path, anchors):
    write_anchors(tmp_path, anchors)
    entries = (tmp_path / NAME).read_text().lower().split("[[sentence]]", 1)[1]

    for word in {w for s in read_sentences(TEXT) for w in s.words if len(w) > 3}:
        assert not re.search(rf"\b{word}\b", entries), word


def test_an_empty_list_of_anchors_can_be_written_and_read(tmp_path):
    write_anchors(tmp_path, [])

    assert read_anchors(tmp_path) == ()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidContentError) as refused:
        read_anchors(tmp_path)

    assert str(refused.value) == (
        f"{tmp_path.parent.name}/{tmp_path.name}/sentences.toml:1: no such file"
    )


@pytest.mark.parametrize(
    ("find", "put", "says"),
    [
        ('section = "S1"', 'section = "S1', "5: not valid TOML"),
        ('section = "S1"', "", "4: missing key “section”"),
        ('digest = "', 'digit = "', "4: missing key “digest”"),
        ('numbers = "', 'numbers = "zebra ', "7: “numbers” must be hexadecimal numbers"),
        ('numbers = "', 'numbers = " ', "7: “numbers” must be hexadecimal numbers"),
        ('facts = ["F1", "F2"]', 'facts = "F1"', "13: “facts” must be a list"),
        ('facts = ["F1", "F2"]', 'fact = ["F1"]', "13: unknown key “fact”"),
        ("[[sentence]]", "[[sentences]]", "4: unknown key “sentences”"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, anchors, find, put, says):
    write_anchors(tmp_path, anchors)
    path = tmp_path / NAME
    text = path.read_text()
    assert find in text
    path.write_text(text.replace(find, put))
    with pytest.raises(InvalidContentError) as refused:
        read_anchors(tmp_path)

    errors = [str(f) for f in refused.value.errors]
    assert any(re.search(rf"/sentences\.toml:{re.escape(says)}", f) for f in errors), errors


def test_a_file_that_is_not_text_is_named_with_its_line(tmp_path):
    (tmp_path / NAME).write_bytes(b"# one\n# \xff\n")
    with pytest.raises(InvalidContentError, match=r"sentences\.toml:2: not UTF-8"):
        read_anchors(tmp_path)


def test_anchors_are_written_atomically(tmp_path, anchors):
    write_anchors(tmp_path, anchors)
    before = (tmp_path / NAME).read_bytes()

    def broken() -> Iterator[Anchor]:
        yield anchors[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_anchors(tmp_path, broken())
    assert (tmp_path / NAME).read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [NAME]


def test_a_write_error_leaves_the_old_file(tmp_path, anchors):
    write_anchors(tmp_path, anchors)
    (tmp_path / f"{NAME}.new").mkdir()  # where the new file would be begun
    with pytest.raises(IsADirectoryError):
        write_anchors(tmp_path, [])

    assert read_anchors(tmp_path) == (*anchors,)


# accepting


def edited(anchors: list[Anchor]) -> tuple[str, SourceCheck]:
    text = TEXT.replace("Bees hum in the warm grass all day long.", NOW)
    return text, check(text, anchors)


def test_accepting_all_facts_of_a_sentence_moves_its_anchor(anchors):
    text, checked = edited(anchors)
    assert checked.changed == ("F1", "F2")
    after = accept(anchors, checked.changes, ["F2", "F1"], "Ana", DAY)

    assert check(text, after).is_unchanged
    assert len(after) == len(anchors)
    assert after[1].facts == ("F1", "F2")
    assert (after[1].accepted_on, after[1].accepted_by) == ("2026-04-05", "Ana")
    assert after[1].digest == make_anchor("", words(NOW)).digest
    assert [a for a in after if a.accepted_on] == [after[1]]
    assert [*after[:1], *after[2:]] == [*anchors[:1], *anchors[2:]]


def test_accepting_one_of_two_facts_leaves_the_other_changed(anchors):
    text, checked = edited(anchors)
    after = accept(anchors, checked.changes, ["F1"], "Ana", DAY)
    again = check(text, after)

    assert (again.changed, again.missing) == (("F2",), ())
    assert [c.now for c in again.changes] == [NOW]
    assert again.new == ()


def test_the_other_fact_can_be_accepted_later_by_another_reviewer(anchors):
    text, checked = edited(anchors)
    after = accept(anchors, checked.changes, ["F1"], "Ana", DAY)
    after = accept(after, check(text, after).changes, ["F2"], "Ben", DAY)

    assert check(text, after).is_unchanged
    accepted = [(a.facts, a.accepted_by) for a in after if a.accepted_by]
    assert sorted(accepted) == [(("F1",), "Ana"), (("F2",), "Ben")]


def test_facts_of_two_joined_and_extended_sentences_are_accepted(anchors):
    text = TEXT.replace("all day long. They", "all day long, but they never")
    checked = check(text, anchors)
    assert checked.changed == ("F1", "F2", "F3")

    for facts in (["F1", "F2", "F3"], ["F3"], ["F1", "F2"]):
        after = accept(anchors, checked.changes, facts, "Ana", DAY)
        again = check(text, after)
        assert {*again.changed} == {"F1", "F2", "F3"} - {*facts}
        assert again.missing == ()
        rest = accept(after, again.changes, again.changed, "Ben", DAY)
        assert check(text, rest).is_unchanged


def test_a_sentence_that_was_split_and_extended_is_accepted_whole(anchors):
    text = TEXT.replace("warm grass all day long.", "warm grass. All day long, often.")
    checked = check(text, anchors)
    assert checked.changed == ("F1", "F2")
    after = accept(anchors, checked.changes, ["F1", "F2"], "Ana", DAY)

    assert check(text, after).is_unchanged


def test_an_accepted_sentence_is_reported_when_it_changes_again(anchors):
    text, checked = edited(anchors)
    after = accept(anchors, checked.changes, ["F1", "F2"], "Ana", DAY)

    assert check(text.replace("cool grass", "wet grass"), after).changed == ("F1", "F2")
    assert check(text.replace(NOW, ""), after).missing == ("F1", "F2")


def test_two_equal_sentences_change_independently():
    text = "# Bees\n\nMind the open hive, please. So far so good.\n\nMind the open hive, please.\n"
    equal = anchors_of(read_sentences(text), HEADINGS, {1: ["F1"], 3: ["F1"]})
    now = text.replace("Mind the open hive", "Mind each open hive", 1)
    checked = check(now, equal)
    assert checked.changed == ("F1",)
    after = accept(equal, checked.changes, ["F1"], "Ana", DAY)

    assert check(now, after).is_unchanged


@pytest.mark.parametrize("facts", [[], ["F3"], ["F99"]])
def test_accepting_an_unchanged_fact_changes_nothing(anchors, facts):
    _text, checked = edited(anchors)

    assert accept(anchors, checked.changes, facts, "Ana", DAY) == anchors
