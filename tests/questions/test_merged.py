"""Objectives that were merged into others, as `merged.toml` says."""

from __future__ import annotations

from datetime import date

import pytest

from questions.bank import load_bank
from tests.questions.bank_files import ONE, TWO, errors_of, line_of, swap

MERGED = """\
[three]
into = "one"
on = 2026-11-29
why = "Both ask about the same cells."

[four]
into = "two"
on = 2026-11-30
why = "Both ask where blood is made."
"""


def write(folder, text):
    (folder / "merged.toml").write_text(text, encoding="utf-8")


def test_a_bank_without_the_file_has_no_merges(folder):
    bank = load_bank(folder)

    assert not bank.merged
    assert bank.current_id("one") == "one"
    assert bank.current_id("never-was") == "never-was"


def test_an_old_id_resolves_to_the_objective_it_was_merged_into(folder):
    write(folder, MERGED)

    bank = load_bank(folder)

    assert [bank.current_id(o) for o in ("one", "two", "three", "four")] == [
        "one",
        "two",
        "one",
        "two",
    ]
    merge = bank.merged["three"]
    assert (merge.on, merge.why) == (date(2026, 11, 29), "Both ask about the same cells.")


FAULTS = [
    # what is changed, into what, what then stands on the line of the error, the error
    ('into = "two"', 'into = "tow"', "tow", "there is no objective “tow” to merge “four” into"),
    (
        'into = "two"',
        'into = "three"',
        'into = "three"',
        "“three” was merged itself: name the objective that exists now, “one”",
    ),
    ("[four]", "[two]", "[two]", "“two” is still an objective: remove its file, or this entry"),
    ("[four]", '["Four!"]', "Four!", "bad id “Four!”: lower case letters"),
    ("on = 2026-11-29\n", "", "[three]", "missing key “on”"),
    ("on = 2026-11-29", 'on = "today"', "today", "“on” must be a date"),
    ('why = "Both ask about the same cells."', 'why = ""', 'why = ""', "“why” is empty"),
    ('into = "one"\n', "", "[three]", "missing key “into”"),
    ("[three]", "[three]\nbecause = 1", "because", "unknown key “because”"),
    ("[three]", "three = 1\n[other]", "three = 1", "“three” must be a table"),
]


@pytest.mark.parametrize(("old", "new", "on_the_line", "message"), FAULTS)
def test_each_error_is_named_with_its_file_and_line(folder, old, new, on_the_line, message):
    text = swap(MERGED, old, new)
    write(folder, text)
    line = line_of(text, on_the_line)

    errors = errors_of(folder)

    assert any(e.startswith(f"bank/merged.toml:{line}: {message}") for e in errors), errors


def test_a_circular_merge_is_rejected(folder):
    text = MERGED.replace('into = "one"', 'into = "four"').replace('into = "two"', 'into = "three"')
    write(folder, text)

    assert errors_of(folder) == [
        "bank/merged.toml:2: the merge of “three” leads back to itself",
        "bank/merged.toml:7: the merge of “four” leads back to itself",
    ]


def test_a_chain_with_an_unknown_end_names_its_end(folder):
    text = MERGED.replace('into = "one"', 'into = "four"').replace('into = "two"', 'into = "tow"')
    write(folder, text)

    assert errors_of(folder) == [
        "bank/merged.toml:2: “four” was merged itself, into “tow”, which is no objective",
        "bank/merged.toml:7: there is no objective “tow” to merge “four” into",
    ]


def test_a_removed_objective_can_be_merged_with_its_questions(folder):
    (folder / "cells" / "two.toml").unlink()
    moved = swap(TWO[TWO.index("[[question]]") :], "no-marrow", "upside-down")
    (folder / "cells" / "one.toml").write_text(f"{ONE}\n{moved}", encoding="utf-8")
    write(folder, MERGED.replace('into = "two"', 'into = "one"').replace("[four]", "[two]"))

    bank = load_bank(folder)

    assert bank.current_id("two") == "one"
    assert bank.questions["two-choice"].objective == "one"


def test_a_merges_file_with_invalid_toml_is_rejected(folder):
    write(folder, "[three\n")

    assert [e.split(":")[:2] for e in errors_of(folder)] == [["bank/merged.toml", "1"]]
