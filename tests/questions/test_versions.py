"""Every version of a question is kept as text, and read back as it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions import bank as questions_bank
from questions.bank import Bank, load_bank
from questions.grading import grade
from questions.kinds import KINDS
from questions.model import Misconception, Response, Safety, version_of
from questions.reading import InvalidContentError
from questions.versions import (
    best_version,
    load_archive,
    not_archived,
    question_from,
    read_archive,
    unreadable,
    versions_of,
    write_archive,
)
from tests.our_content import our_content
from tests.questions.bank_files import ONE, TWO, swap
from tests.questions.sample_questions import (
    WRONG_B,
    WRONG_C,
    A,
    choice,
    choices,
    match,
    option,
    order,
)

BANK = our_content().bank


@pytest.fixture
def folder(tmp_path):
    """A bank of two objectives, to change."""
    copied = tmp_path / "bank"
    (copied / "cells").mkdir(parents=True)
    (copied / "cells" / "one.toml").write_text(ONE)
    (copied / "cells" / "two.toml").write_text(TWO)
    return copied


def change(folder, old: str, new: str) -> Bank:
    file = folder / "cells" / "one.toml"
    file.write_text(swap(file.read_text(), old, new))
    return load_bank(folder)


def lines(folder, name="one") -> list[str]:
    return (folder / "versions" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()


# texts


def test_each_question_of_the_bank_survives_storing():
    kept = {v.question: v for v in versions_of(BANK)}

    assert kept.keys() == BANK.questions.keys()
    for question_id, question in BANK.questions.items():
        read = question_from(kept[question_id].text)
        assert read == question, question_id
        assert kept[question_id].version == question.version == version_of(read)


def test_every_archived_version_can_be_read_and_matches_its_digest():
    archive = load_archive()

    assert len(archive.kept) >= 199
    assert unreadable(archive) == ()
    for (question, version), kept in archive.kept.items():
        read = question_from(kept.text)
        assert (read.id, read.version, version_of(read)) == (question, version, version)


def test_the_archive_has_every_current_question():
    assert not_archived(BANK, load_archive()) == ()
    assert (questions_bank.FOLDER / "versions").is_dir()


def test_a_version_stores_its_own_misconceptions_only(folder):
    kept = {v.question: json.loads(v.text) for v in versions_of(load_bank(folder))}

    assert {*kept["one-choice"]["misconceptions"]} == {"all-alike"}
    assert {*kept["one-match"]["misconceptions"]} == {"all-alike", "upside-down"}
    assert (
        kept["one-order"]["misconceptions"]["upside-down"]["truth"] == "They start in the marrow."
    )


def test_unknown_fields_of_a_table_are_stored():
    question = choice()
    table = {"id": question.id, "exhibit": {"kind": "chart", "rows": [1, 2]}}
    bank = Bank({}, {question.id: question}, {}, {}, {question.id: table})

    (kept,) = versions_of(bank)
    assert json.loads(kept.text)["question"] == table


def test_a_translation_has_the_safety_line_of_the_english_question(folder):
    english = change(
        folder, 'case = "Ana is tired."', 'case = "Ana is tired."\nsafety = "call-now"'
    )
    sibling = ONE.replace("Ana is tired.", "Ana está cansada.")
    (folder / "cells" / "one.es.toml").write_text(sibling)
    spanish = load_bank(folder, "es")

    texts = {v.question: v.text for v in versions_of(spanish)}
    assert question_from(texts["one-choice"]).safety is Safety.CALL_NOW
    assert question_from(texts["one-choice"]) == spanish.questions["one-choice"]
    assert spanish.questions["one-choice"].version != english.questions["one-choice"].version


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(st.lists(WORDS, min_size=2, max_size=6), WORDS, WORDS)
def test_any_text_is_read_back_unchanged(tmp_path_factory, texts, ask, why):
    options = [
        {"id": f"o{n}", "text": text, "why": why}
        | ({"misconception": "idea"} if n else {"right": True})
        for n, text in enumerate(texts)
    ]
    table = {"id": "q", "kind": "choice", "ask": ask, "facts": ["F1"], "option": options}
    ideas = {"idea": {"belief": why, "truth": ask}}
    whole = {"version": "0", "objective": "o", "question": table, "misconceptions": ideas}
    read = question_from(json.dumps(whole))
    question = replace(read, version=version_of(read))
    bank = Bank({}, {"q": question}, {"idea": Misconception("idea", why, ask)}, {}, {"q": table})
    folder = tmp_path_factory.mktemp("bank")
    write_archive(folder, bank)

    (kept,) = load_archive(folder).kept.values()
    assert question_from(kept.text) == question
    assert version_of(question_from(kept.text)) == question.version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "missing key “version”"),
        ("{}", "missing key “question”"),
        ('{"question": {"id": "q", "kind": "riddle"}}', "unknown kind “riddle”"),
        ('{"question": {}, "more": 1}', "unknown key “more”"),
    ],
)
def test_an_invalid_stored_question_is_rejected(text, message):
    with pytest.raises(InvalidContentError, match=message):
        question_from(text)


# the archive


def test_a_folder_without_an_archive_has_no_versions(folder):
    archive, errors = read_archive(folder)

    assert (dict(archive.kept), errors) == ({}, [])


def test_the_archive_has_a_line_for_each_question_and_rewriting_changes_nothing(folder):
    bank = load_bank(folder)

    assert write_archive(folder, bank) == len(bank.questions)
    for objective in bank.objectives.values():
        archived = [json.loads(line)["question"]["id"] for line in lines(folder, objective.id)]
        assert archived == [question.id for question in objective.questions]
    assert write_archive(folder, bank) == 0
    assert not_archived(bank, load_archive(folder)) == ()


def test_an_edited_question_is_appended_to_the_archive(folder):
    write_archive(folder, load_bank(folder))
    before = lines(folder)
    bank = change(folder, "Which cell carries oxygen?", "Which cell brings oxygen?")
    (error,) = not_archived(bank, load_archive(folder))
    assert str(error) == "bank/cells/one.toml:17: one-choice: run “learn versions keep”"

    assert write_archive(folder, bank) == 1
    assert lines(folder)[:-1] == before
    assert not_archived(bank, load_archive(folder)) == ()


def test_a_corrected_rationale_keeps_the_version_and_replaces_its_text(folder):
    write_archive(folder, load_bank(folder))
    before = lines(folder)
    bank = change(folder, "Red cells carry oxygen.", "Red cells carry the oxygen.")
    assert len(not_archived(bank, load_archive(folder))) == 1

    assert write_archive(folder, bank) == 1
    assert len(lines(folder)) == len(before)
    assert lines(folder)[1:] == before[1:]
    assert "carry the oxygen" in lines(folder)[0]


def test_a_removed_question_stays_in_the_archive(folder):
    write_archive(folder, load_bank(folder))
    (folder / "cells" / "two.toml").unlink()

    assert write_archive(folder, load_bank(folder)) == 0
    assert len(lines(folder, "two")) == 1


def test_broken_lines_are_reported(folder):
    write_archive(folder, load_bank(folder))
    file = folder / "versions" / "one.jsonl"
    good = lines(folder)
    file.write_text("\n".join([good[0], "oops", good[0], "", '{"version": 3}', *good[1:]]))

    _, errors = read_archive(folder)
    version = json.loads(good[0])["version"]
    assert [str(error) for error in errors] == [
        "bank/versions/one.jsonl:2: not a version of a question",
        f"bank/versions/one.jsonl:3: one-choice {version} twice",
        "bank/versions/one.jsonl:4: not a version of a question",
        "bank/versions/one.jsonl:5: not a version of a question",
    ]
    with pytest.raises(InvalidContentError, match=r"one\.jsonl:2"):
        load_archive(folder)


def test_a_line_that_can_no_longer_be_read_is_reported(folder):
    write_archive(folder, load_bank(folder))
    file = folder / "versions" / "one.jsonl"
    file.write_text(swap(file.read_text(), '"kind":"order"', '"kind":"riddle"'))

    kinds = ", ".join(KINDS)
    assert f"bank/versions/one.jsonl:4: unknown kind “riddle”: {kinds}" in [
        str(error) for error in unreadable(load_archive(folder))
    ]


# which version an answer is shown with

RIGHT_A, RIGHT_B = Response(chosen=("a",)), Response(chosen=("b",))
REWORDED = choice(A, replace(WRONG_B, text="Something else"), WRONG_C)
MENDED = choice(replace(A, right=False, misconception="x"), replace(WRONG_B, right=True), WRONG_C)
REPLACED = choice(option("x"), option("y", "all-alike"))


def test_an_answer_is_shown_with_the_version_it_was_given_to():
    for response in (RIGHT_A, RIGHT_B, Response(unsure=True)):
        assert best_version(response, choice(), REWORDED) == choice()
        assert best_version(response, choice(), None) == choice()
    assert best_version(RIGHT_A, choice(), REPLACED) == choice()


@pytest.mark.parametrize("chosen", ["a", "b", "c"])
def test_after_a_corrected_key_the_current_version_is_shown(chosen):
    """Even an answer that neither key calls right: the old key is not true."""
    assert best_version(Response(chosen=(chosen,)), choice(), MENDED) is MENDED
    assert best_version(Response(unsure=True), choice(), MENDED) is MENDED


def test_without_its_text_an_answer_is_shown_with_the_current_question_if_it_fits():
    assert best_version(RIGHT_A, None, REWORDED) is REWORDED
    assert best_version(RIGHT_A, None, REPLACED) is None
    assert best_version(RIGHT_A, None, None) is None
    assert best_version(RIGHT_A, REPLACED, None) is None


@pytest.mark.parametrize("question", [choice(), choices(), match(), order()], ids=lambda q: q.kind)
def test_the_right_response_scores_one(question):
    assert grade(question, question.right_response()).right
    assert question.kind in KINDS
