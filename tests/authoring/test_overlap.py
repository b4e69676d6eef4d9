"""Our words are our own."""

from __future__ import annotations

import hashlib

from learn.authoring.overlap import overlap, read_runs, runs_of
from tests.library.small import BANK, FIRST, SOURCE, Small

THEIRS = "A cat that’s old, grey and blind can still find 9 of its “lives” in the B-cell barn."


def errors(small: Small) -> list[str]:
    return [str(error) for error in overlap(small.content(), frozenset(runs_of(THEIRS)))]


def test_a_run_is_eight_words_ignoring_case_and_punctuation():
    [run] = runs_of("One TWO, three—four: “five” six; it’s B-cell")[:1]
    first = "one two three four five six it's b"

    assert {run, *runs_of("One TWO, three—four: “five” six; it’s B-cell")} >= {
        hashlib.sha256(first.encode()).hexdigest()[:10]
    }
    assert runs_of("one two three four five six seven") == []
    assert len(runs_of("one two three four five six seven eight")) == 1
    assert runs_of("it's a b c d e f g") == runs_of("It’s A, B; C. D E F G")


def test_runs_are_sorted_and_unique():
    runs = runs_of(f"{THEIRS} {THEIRS}")

    assert runs == sorted({*runs})


def test_original_text_has_no_errors(small):
    assert errors(small) == []


def test_seven_shared_words_pass_and_eight_do_not(small):
    small.change(BANK, "It pumps.", "A cat that's old, grey and blind cannot.")
    assert errors(small) == []

    small.change(BANK, "blind cannot", "blind can")
    assert errors(small) == [
        small.at(
            BANK,
            'id = "where"',
            "where: heart: why: these are the source’s own words: "
            "“a cat that's old grey and blind can”",
        )
    ]


def test_a_long_run_is_reported_once_and_whole(small):
    small.change(FIRST, "It makes blood.", f"{THEIRS} {{F1}} It makes blood.")

    assert errors(small) == [
        small.at(
            FIRST,
            "A cat",
            "these are the source’s own words: “a cat that's old grey and blind can still find 9 of"
            " its lives in the b cell barn”",
        )
    ]


def test_two_runs_in_one_text_are_both_reported(small):
    small.change(
        BANK,
        "It pumps.",
        "A cat that’s old grey and blind can sing. Can still find 9 of its lives in.",
    )

    assert len(errors(small)) == 2


def test_a_run_across_two_sentences_is_found(small):
    small.change(
        FIRST, "It makes blood.", "A cat that’s old. {F1} Grey and blind can. {F1} It makes blood."
    )

    assert len(errors(small)) == 1


def test_official_names_are_exempt_from_overlap(small):
    small.change(BANK, "It pumps.", "A cat that's old, grey and blind can.")
    small.change(SOURCE, 'publisher = "A', 'names = ["grey and blind"]\npublisher = "A')

    assert errors(small) == []


def test_the_runs_of_a_folder_are_read(small):
    assert read_runs(small.folder) is None

    small.write("learn/library/source-runs.txt", "\n".join(runs_of(THEIRS)) + "\n")
    assert read_runs(small.folder) == frozenset(runs_of(THEIRS))
