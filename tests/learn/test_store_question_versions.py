"""Starting the site stores every version of a question that it asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from learn import schema
from learn.database import Database
from learn.models import QuestionVersion
from learn.versions import queries
from learn.versions.store import store_versions
from questions.bank import load_bank
from questions.versions import load_archive, versions_of, write_archive
from tests.forked import learn
from tests.questions.bank_files import ONE, swap

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 29, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def bank_folder(tmp_path):
    folder = tmp_path / "bank"
    (folder / "cells").mkdir(parents=True)
    (folder / "cells" / "one.toml").write_text(ONE)
    return folder


@pytest.fixture
def database(request, tmp_path):
    if request.config.getoption("--database") == "postgresql":
        found = request.getfixturevalue("empty_server")
    else:
        found = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    schema.upgrade(found)
    yield found
    found.dispose()


def change(folder, old, new):
    file = folder / "cells" / "one.toml"
    file.write_text(swap(file.read_text(), old, new))
    return load_bank(folder)


def start(database, folder, now=NOW):
    store_versions(database, load_bank(folder), load_archive(folder), now)


def rows(database):
    table = QuestionVersion.__table__
    with database.read_session() as session:
        return session.execute(select(table).order_by(table.c.question_id, table.c.kept_at)).all()


def test_a_started_site_stores_the_versions_it_asks(app, content):
    with app.extensions["learn.database"].read_session() as session:
        kept = queries.texts(session)
        found = queries.find(session, {(q.id, q.version) for q in content.bank.questions.values()})

    assert {v.key: v.text for v in versions_of(content.bank)}.items() <= kept.items()
    assert {q: v.question for (q, _), v in found.items()} == content.bank.questions


def test_restarting_writes_nothing(database, bank_folder):
    start(database, bank_folder)
    before = rows(database)
    found = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    start(database, bank_folder, LATER)

    assert [s.split()[0] for s in found] == ["BEGIN", "SELECT"][-len(found) :]
    assert rows(database) == before
    assert {row.kept_at for row in before} == {NOW}


def test_an_edited_question_is_stored_beside_its_earlier_version(database, bank_folder):
    start(database, bank_folder)
    before = load_bank(bank_folder).questions["one-choice"]
    after = change(bank_folder, "Which cell carries oxygen?", "Which one brings oxygen?")
    start(database, bank_folder, LATER)

    with database.read_session() as session:
        found = queries.find(
            session,
            {(before.id, before.version), (before.id, after.questions[before.id].version)},
        )
    assert found[before.id, before.version].question == before
    assert {*found[before.id, before.version].misconceptions} == {"all-alike"}
    assert len(found) == 2
    assert len(rows(database)) == len(after.questions) + 1


def test_a_corrected_rationale_replaces_the_stored_one(database, bank_folder):
    start(database, bank_folder)
    bank = change(bank_folder, "Red cells carry oxygen.", "Red cells carry the oxygen.")
    start(database, bank_folder, LATER)

    (row,) = (r for r in rows(database) if r.question_id == "one-choice")
    assert "Red cells carry the oxygen." in row.text
    assert row.version == bank.questions["one-choice"].version
    assert row.kept_at == NOW


def test_a_removed_question_stays_stored(database, bank_folder):
    start(database, bank_folder)
    before = rows(database)
    file = bank_folder / "cells" / "one.toml"
    file.write_text(ONE[: ONE.index('[[question]]\nid = "one-order"')])
    start(database, bank_folder, LATER)

    assert rows(database) == before


def test_skipped_versions_come_from_the_archive(database, bank_folder):
    first = load_bank(bank_folder)
    write_archive(bank_folder, first)
    second = change(bank_folder, "Which cell carries oxygen?", "Which one brings oxygen?")
    write_archive(bank_folder, second)
    third = change(bank_folder, "Which one brings oxygen?", "What does a red cell carry?")

    start(database, bank_folder)
    keys = {(r.question_id, r.version) for r in rows(database)}
    assert {
        ("one-choice", bank.questions["one-choice"].version) for bank in (first, second, third)
    } <= keys
    assert len(keys) == len(first.questions) + 2


def test_the_current_bank_wins_over_the_archive(database, bank_folder):
    write_archive(bank_folder, load_bank(bank_folder))
    change(bank_folder, "Red cells carry oxygen.", "Red cells carry the oxygen.")
    start(database, bank_folder)

    assert any("Red cells carry the oxygen." in r.text for r in rows(database))


def test_a_version_written_by_a_newer_site_is_treated_as_missing(database, bank_folder):
    start(database, bank_folder)
    question = load_bank(bank_folder).questions["one-choice"]
    with database.transaction() as session:
        row = session.get(QuestionVersion, (question.id, question.version))
        row.text = row.text.replace('"kind":"choice"', '"kind":"riddle"')

    with database.read_session() as session:
        assert queries.find(session, {(question.id, question.version)}) == {}
        assert queries.find(session, {(question.id, "0" * 12), ("gone", "1" * 12)}) == {}


def test_two_starting_processes_store_each_version_once(database, bank_folder):
    script = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from learn.database import Database; from learn.versions.store import store_versions\n"
        "from questions.bank import load_bank; from questions.versions import load_archive\n"
        "folder = Path(sys.argv[2]); bank = load_bank(folder); archive = load_archive(folder)\n"
        "database = Database(sys.argv[1]); print('ready', flush=True); sys.stdin.readline()\n"
        "store_versions(database, bank, archive, datetime.now(UTC))\n"
    )
    url = database.url.render_as_string(hide_password=False)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, url, str(bank_folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0

    assert len(rows(database)) == len(load_bank(bank_folder).questions)


def test_the_command_writes_the_archive_and_a_second_run_does_nothing(tmp_path, bank_folder):
    env = {**os.environ, "LEARN_CONTENT": str(tmp_path)}

    def keep():
        ran = learn("versions", "keep", env=env)
        return ran.returncode, ran.stdout + ran.stderr

    assert keep() == (0, "4 new or changed.\n")
    assert keep() == (0, "All are kept already.\n")
    sibling = swap(ONE, "Which cell carries oxygen?", "¿Qué célula lleva oxígeno?")
    (bank_folder / "cells" / "one.es.toml").write_text(sibling)
    assert keep() == (0, "1 new or changed.\n")
    found = (bank_folder / "versions" / "one.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(found[-1])["question"]["ask"] == "¿Qué célula lleva oxígeno?"
    (bank_folder / "cells" / "one.toml").write_text(swap(ONE, 'kind = "order"', 'kind = "riddle"'))
    code, output = keep()
    assert code == 1
    assert "unknown kind “riddle”" in output


def test_a_broken_archive_stops_the_start_and_names_the_line(
    another_app, settings, tmp_path, repository
):
    folder = tmp_path / "content"
    (folder / "bank" / "versions").mkdir(parents=True)
    (folder / "bank" / "versions" / "x.jsonl").write_text("oops\n")
    own = replace(settings, content=folder)

    with pytest.raises(Exception, match=r"bank/versions/x\.jsonl:1: not a version of a question"):
        another_app(own)
