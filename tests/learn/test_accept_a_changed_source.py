"""`learn source accept`: questions on hold are asked again."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.learn.content_desk import GONE, LATE, NEW, RULE, WASH, Desk, new_desk, refused
from tests.second_document import questions_on


@pytest.fixture
def desk(tmp_path: Path, finished_folder: Path) -> Desk:
    return new_desk(tmp_path, finished_folder)


def test_question_on_hold_is_asked_again_after_its_fact_is_accepted(desk):
    desk.edit(LATE, RULE)
    assert "not asked until" in desk.check("--hold").stdout
    assert desk.held == sorted(questions_on("F4", "F21"))

    before = datetime.now(UTC).date()
    ran = desk.accept("F4", "--by", "Ana Öz")
    days = {before.isoformat(), datetime.now(UTC).date().isoformat()}
    assert (ran.returncode, ran.stdout) == (0, "Accepted by Ana Öz: F4.\n")
    assert desk.held == questions_on("F21")
    [entry] = [s for s in desk.sentences if "accepted_on" in s]
    assert (entry["facts"], entry["accepted_by"]) == (["F4"], "Ana Öz")
    assert entry["accepted_on"] in days

    assert "23 of 24 facts anchored." in desk.check().stdout
    assert desk.accept("F21", "--by", "Ben").returncode == 0
    assert desk.held == []
    assert desk.check().returncode == 0


def test_without_the_option_no_question_is_put_on_hold(desk):
    desk.edit(LATE)
    desk.check()

    assert desk.run("reports").returncode == 0  # which makes the database
    assert desk.held == []


def test_putting_on_hold_twice_adds_no_second_hold(desk):
    desk.edit(LATE)
    desk.check("--hold")
    desk.check("--hold")

    assert desk.held == questions_on("F4")


def test_a_document_restored_to_its_old_text_releases_the_questions(desk):
    desk.edit(LATE)
    desk.check("--hold")
    desk.edit()

    assert desk.check("--hold").returncode == 0
    assert desk.held == []


def test_the_reviewer_is_the_login_name_by_default(desk):
    desk.edit(LATE)
    desk.env["LOGNAME"] = "dora"
    desk.check()

    assert desk.accept("F4").stdout == "Accepted by dora: F4.\n"


def test_a_reviewers_name_cannot_break_the_file(desk):
    desk.edit(LATE)
    desk.check()
    ran = desk.accept("F4", "--by", 'A\x7f\n"\\' + os.fsdecode(b"\xff"))

    assert ran.returncode == 0
    [entry] = [s for s in desk.sentences if "accepted_on" in s]
    assert entry["accepted_by"] == 'A\N{REPLACEMENT CHARACTER} "\\\N{REPLACEMENT CHARACTER}'
    assert desk.check().returncode == 0


def test_accepting_needs_an_earlier_check_or_the_document(desk):
    desk.edit(LATE)
    refused(desk.accept("F4"), "Run “learn source check FILE” first, or give --from FILE.")
    assert desk.accept("F4", "--from", desk.document).returncode == 0
    assert desk.check().returncode == 0


def test_accepting_works_after_the_document_was_removed(desk):
    desk.edit(LATE)
    desk.check()
    desk.document.unlink()

    refused(desk.accept("F4"), "can't be read: No such file")


def test_an_invalid_acceptance_is_reported_in_one_line_and_writes_nothing(desk):
    desk.edit(LATE, GONE)
    desk.check()
    before = desk.sentences

    refused(desk.accept("F99"), "F99 is no fact of the ledger.")
    refused(desk.accept("f4"), "f4 is no fact of the ledger.")
    refused(desk.accept("F1"), "F1 has not changed: there is nothing to accept.")
    refused(desk.accept("F21"), "The sentence of F21 is gone. Say where the fact stands now with")
    refused(desk.accept("F4", "F21"), "The sentence of F21 is gone.")
    refused(desk.accept("F4", "F1"), "F1 has not changed")
    refused(desk.accept(), "Which facts? Name them, such as F12, or give --rest.")
    refused(desk.accept("F21", "--sentence", "Bees hum."), "That is no sentence of the document")
    refused(desk.accept("F4", "F21", "--sentence", WASH), "--sentence goes with one fact.")
    refused(desk.accept("--rest", "--sentence", WASH), "--sentence goes with one fact.")
    assert desk.sentences == before


def test_if_anchors_cannot_be_written_no_question_is_released(desk):
    desk.edit(LATE)
    desk.check("--hold")
    before = desk.sentences
    (desk.garden / "sentences.toml.new").mkdir()  # where the new file would be begun

    refused(desk.accept("F4"), "garden can't be written: Is a directory.")
    assert desk.sentences == before
    assert desk.held == questions_on("F4")


def test_a_fact_whose_sentence_is_gone_can_get_a_new_one(desk):
    desk.edit((GONE[0], "Never join anybody unasked. "))
    assert "gone    (F21)" in desk.check("--hold").stdout
    ran = desk.accept("F21", "--sentence", "never join anybody UNASKED", "--by", "Ana")

    assert ran.returncode == 0, ran.stderr
    assert desk.check().returncode == 0
    assert desk.held == []
    assert [s["facts"] for s in desk.sentences if "accepted_on" in s] == [["F21"]]


def test_the_new_sentence_can_have_another_fact_already(desk):
    desk.edit(GONE)
    desk.check()
    ran = desk.accept("F21", "--sentence", WASH)

    assert ran.returncode == 0, ran.stderr
    assert desk.check().returncode == 0
    desk.edit(GONE, ("- A sun hat", "- A rain hat"))
    assert "23 of 24 facts anchored" in desk.check().stdout


def test_the_new_sentence_can_be_one_without_a_fact(desk):
    desk.edit(NEW)
    desk.check()
    assert desk.accept("--rest").returncode == 0
    desk.edit(NEW, GONE)
    desk.check()
    assert desk.accept("F21", "--sentence", "Parking costs nothing.").returncode == 0

    assert desk.check().returncode == 0
    desk.edit(GONE)
    assert "gone    (F21)" in desk.check().stdout


def test_a_fact_that_is_no_longer_taught_can_be_accepted(desk):
    desk.edit(GONE)
    desk.check()
    ledger = desk.garden / "source.toml"
    ledger.write_text(
        ledger.read_text().replace('id = "F21"', 'id = "F21"\nnot_taught = "It left the page."')
    )
    ran = desk.accept("F21")

    assert ran.returncode == 0, ran.stderr
    assert desk.check().stdout.startswith("23 of 23 facts anchored.\nNothing is new")


def test_rest_accepts_all_changes_without_a_fact(desk):
    desk.edit(LATE, NEW, ("Working Near Patients", "Working Near the Patients"))
    assert desk.check().returncode == 1
    ran = desk.accept("--rest", "--by", "Ana")

    assert ran.stdout == "Accepted by Ana: what carries no fact.\n"
    told = desk.check().stdout
    assert "1 fact: F4" in told
    assert "new " not in told
    assert "(no fact)" not in told
    assert desk.accept("F4", "--rest").returncode == 0
    assert desk.check().returncode == 0


def test_rest_accepts_a_repeated_sentence_and_its_removal(desk):
    desk.edit(NEW)
    desk.check()
    desk.accept("--rest")
    twice = (NEW[0], f"{NEW[1]}\nParking costs nothing.\n\nParking costs nothing.\n")
    desk.edit(twice)
    assert desk.check().returncode == 1
    desk.accept("--rest")
    assert desk.check().returncode == 0
    desk.edit(NEW)
    assert desk.check().returncode == 1
    desk.accept("--rest")
    assert desk.check().returncode == 0


def test_two_facts_of_one_sentence_are_accepted_one_by_one(desk):
    path = desk.garden / "sentences.toml"
    path.write_text(path.read_text().replace('["F4"]', '["F4", "F5"]').replace('["F5"]', "[]"))
    assert desk.check().returncode == 0
    desk.edit(LATE)
    desk.check("--hold")

    assert desk.accept("F4").returncode == 0
    assert "1 fact: F5" in desk.check().stdout
    assert desk.held == questions_on("F5")
    assert desk.accept("F5").returncode == 0
    assert desk.check().returncode == 0
    assert desk.held == []


def test_an_accepted_fact_is_reported_when_it_changes_again(desk):
    desk.edit(LATE)
    desk.check()
    desk.accept("F4")
    desk.edit((LATE[0], "at noon"))

    assert "1 fact: F4" in desk.check().stdout
