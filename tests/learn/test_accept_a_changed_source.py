"""`learn source accept`: questions on hold are asked again."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.learn.source_workspace import (
    ADDED_SENTENCE,
    CHANGED_RULE,
    CHANGED_TIME,
    REMOVED_SENTENCE,
    WASH_SENTENCE,
    SourceWorkspace,
    assert_fails_with,
    make_workspace,
)
from tests.second_document import questions_on


@pytest.fixture
def workspace(tmp_path: Path, finished_folder: Path) -> SourceWorkspace:
    return make_workspace(tmp_path, finished_folder)


def test_question_on_hold_is_asked_again_after_its_fact_is_accepted(workspace):
    workspace.edit(CHANGED_TIME, CHANGED_RULE)
    assert "not asked until" in workspace.check("--hold").stdout
    assert workspace.questions_on_hold == sorted(questions_on("F4", "F21"))

    before = datetime.now(UTC).date()
    result = workspace.accept("F4", "--by", "Ana Öz")
    days = {before.isoformat(), datetime.now(UTC).date().isoformat()}
    assert (result.returncode, result.stdout) == (0, "Accepted by Ana Öz: F4.\n")
    assert workspace.questions_on_hold == questions_on("F21")
    [entry] = [s for s in workspace.sentences if "accepted_on" in s]
    assert (entry["facts"], entry["accepted_by"]) == (["F4"], "Ana Öz")
    assert entry["accepted_on"] in days

    assert "23 of 24 facts anchored." in workspace.check().stdout
    assert workspace.accept("F21", "--by", "Ben").returncode == 0
    assert workspace.questions_on_hold == []
    assert workspace.check().returncode == 0


def test_without_the_option_no_question_is_put_on_hold(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check()

    assert workspace.run("reports").returncode == 0  # which makes the database
    assert workspace.questions_on_hold == []


def test_putting_on_hold_twice_adds_no_second_hold(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check("--hold")
    workspace.check("--hold")

    assert workspace.questions_on_hold == questions_on("F4")


def test_a_document_restored_to_its_old_text_releases_the_questions(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check("--hold")
    workspace.edit()

    assert workspace.check("--hold").returncode == 0
    assert workspace.questions_on_hold == []


def test_the_reviewer_is_the_login_name_by_default(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.env["LOGNAME"] = "dora"
    workspace.check()

    assert workspace.accept("F4").stdout == "Accepted by dora: F4.\n"


def test_a_reviewers_name_cannot_break_the_file(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check()
    result = workspace.accept("F4", "--by", 'A\x7f\n"\\' + os.fsdecode(b"\xff"))

    assert result.returncode == 0
    [entry] = [s for s in workspace.sentences if "accepted_on" in s]
    assert entry["accepted_by"] == 'A\N{REPLACEMENT CHARACTER} "\\\N{REPLACEMENT CHARACTER}'
    assert workspace.check().returncode == 0


def test_accepting_needs_an_earlier_check_or_the_document(workspace):
    workspace.edit(CHANGED_TIME)
    assert_fails_with(
        workspace.accept("F4"), "Run “learn source check FILE” first, or give --from FILE."
    )
    assert workspace.accept("F4", "--from", workspace.document).returncode == 0
    assert workspace.check().returncode == 0


def test_accepting_works_after_the_document_was_removed(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check()
    workspace.document.unlink()

    assert_fails_with(workspace.accept("F4"), "can't be read: No such file")


def test_an_invalid_acceptance_is_reported_in_one_line_and_writes_nothing(workspace):
    workspace.edit(CHANGED_TIME, REMOVED_SENTENCE)
    workspace.check()
    before = workspace.sentences

    assert_fails_with(workspace.accept("F99"), "F99 is not in the ledger.")
    assert_fails_with(workspace.accept("f4"), "f4 is not in the ledger.")
    assert_fails_with(workspace.accept("F1"), "F1 has not changed: there is nothing to accept.")
    assert_fails_with(
        workspace.accept("F21"), "The sentence of F21 is gone. Say where the fact stands now with"
    )
    assert_fails_with(workspace.accept("F4", "F21"), "The sentence of F21 is gone.")
    assert_fails_with(workspace.accept("F4", "F1"), "F1 has not changed")
    assert_fails_with(workspace.accept(), "Which facts? Name them, such as F12, or give --rest.")
    assert_fails_with(
        workspace.accept("F21", "--sentence", "Bees hum."), "That is no sentence of the document"
    )
    assert_fails_with(
        workspace.accept("F4", "F21", "--sentence", WASH_SENTENCE), "--sentence goes with one fact."
    )
    assert_fails_with(
        workspace.accept("--rest", "--sentence", WASH_SENTENCE), "--sentence goes with one fact."
    )
    assert workspace.sentences == before


def test_if_anchors_cannot_be_written_no_question_is_released(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check("--hold")
    before = workspace.sentences
    (workspace.content_dir / "sentences.toml.new").mkdir()  # where the new file would be begun

    assert_fails_with(workspace.accept("F4"), "garden can't be written: Is a directory.")
    assert workspace.sentences == before
    assert workspace.questions_on_hold == questions_on("F4")


def test_a_fact_whose_sentence_is_gone_can_get_a_new_one(workspace):
    workspace.edit((REMOVED_SENTENCE[0], "Never join anybody unasked. "))
    assert "gone    (F21)" in workspace.check("--hold").stdout
    result = workspace.accept("F21", "--sentence", "never join anybody UNASKED", "--by", "Ana")

    assert result.returncode == 0, result.stderr
    assert workspace.check().returncode == 0
    assert workspace.questions_on_hold == []
    assert [s["facts"] for s in workspace.sentences if "accepted_on" in s] == [["F21"]]


def test_the_new_sentence_can_have_another_fact_already(workspace):
    workspace.edit(REMOVED_SENTENCE)
    workspace.check()
    result = workspace.accept("F21", "--sentence", WASH_SENTENCE)

    assert result.returncode == 0, result.stderr
    assert workspace.check().returncode == 0
    workspace.edit(REMOVED_SENTENCE, ("- A sun hat", "- A rain hat"))
    assert "23 of 24 facts anchored" in workspace.check().stdout


def test_the_new_sentence_can_be_one_without_a_fact(workspace):
    workspace.edit(ADDED_SENTENCE)
    workspace.check()
    assert workspace.accept("--rest").returncode == 0
    workspace.edit(ADDED_SENTENCE, REMOVED_SENTENCE)
    workspace.check()
    assert workspace.accept("F21", "--sentence", "Parking costs nothing.").returncode == 0

    assert workspace.check().returncode == 0
    workspace.edit(REMOVED_SENTENCE)
    assert "gone    (F21)" in workspace.check().stdout


def test_a_fact_that_is_no_longer_taught_can_be_accepted(workspace):
    workspace.edit(REMOVED_SENTENCE)
    workspace.check()
    ledger = workspace.content_dir / "source.toml"
    ledger.write_text(
        ledger.read_text().replace('id = "F21"', 'id = "F21"\nnot_taught = "It left the page."')
    )
    result = workspace.accept("F21")

    assert result.returncode == 0, result.stderr
    assert workspace.check().stdout.startswith("23 of 23 facts anchored.\nNothing is new")


def test_rest_accepts_all_changes_without_a_fact(workspace):
    workspace.edit(
        CHANGED_TIME, ADDED_SENTENCE, ("Working Near Patients", "Working Near the Patients")
    )
    assert workspace.check().returncode == 1
    result = workspace.accept("--rest", "--by", "Ana")

    assert result.stdout == "Accepted by Ana: what carries no fact.\n"
    told = workspace.check().stdout
    assert "1 fact: F4" in told
    assert "new " not in told
    assert "(no fact)" not in told
    assert workspace.accept("F4", "--rest").returncode == 0
    assert workspace.check().returncode == 0


def test_rest_accepts_a_repeated_sentence_and_its_removal(workspace):
    workspace.edit(ADDED_SENTENCE)
    workspace.check()
    workspace.accept("--rest")
    twice = (
        ADDED_SENTENCE[0],
        f"{ADDED_SENTENCE[1]}\nParking costs nothing.\n\nParking costs nothing.\n",
    )
    workspace.edit(twice)
    assert workspace.check().returncode == 1
    workspace.accept("--rest")
    assert workspace.check().returncode == 0
    workspace.edit(ADDED_SENTENCE)
    assert workspace.check().returncode == 1
    workspace.accept("--rest")
    assert workspace.check().returncode == 0


def test_two_facts_of_one_sentence_are_accepted_one_by_one(workspace):
    path = workspace.content_dir / "sentences.toml"
    path.write_text(path.read_text().replace('["F4"]', '["F4", "F5"]').replace('["F5"]', "[]"))
    assert workspace.check().returncode == 0
    workspace.edit(CHANGED_TIME)
    workspace.check("--hold")

    assert workspace.accept("F4").returncode == 0
    assert "1 fact: F5" in workspace.check().stdout
    assert workspace.questions_on_hold == questions_on("F5")
    assert workspace.accept("F5").returncode == 0
    assert workspace.check().returncode == 0
    assert workspace.questions_on_hold == []


def test_an_accepted_fact_is_reported_when_it_changes_again(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check()
    workspace.accept("F4")
    workspace.edit((CHANGED_TIME[0], "at noon"))

    assert "1 fact: F4" in workspace.check().stdout
