"""`learn regrade`, as an editor runs it, beside a site that is being used."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from learn import schema
from learn.app import create_app
from learn.config import Settings
from learn.database import Database
from learn.models import Item, MemoryRow, Notice, QuestionVersion, Regrade
from learn.my_data.actions import delete_everything
from learn.quizzes import queries as attempts
from learn.quizzes.taking import actions as quizzes
from learn.quizzes.taking.scored_answer import score_answer
from learn.regrading.actions import regrade
from questions.memory import Answered, replay
from tests.forked import learn
from tests.learn.edits import edited, with_another_key
from tests.learn.people import Person, made_for_tests, right_answer

ROOT = Path(__file__).parents[2]
QUIZ = "/quizzes/lesson/what-is-all"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Site:
    """A site on a database of its own, and the `learn` command on the same one."""

    def __init__(self, url: str, folder: Path, content) -> None:
        database = Database(url)
        schema.upgrade(database)
        database.dispose()
        settings = Settings(url, ("k" * 16,), folder)
        self.app = made_for_tests(create_app(settings, content=content, clock=lambda: NOW))
        self.database: Database = self.app.extensions["learn.database"]
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        own = {"DATABASE_URL": url, "LEARN_DATA": str(folder), "PYTHONPATH": str(ROOT)}
        self.env = kept | own
        self.folder = folder

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        ran = learn("regrade", *arguments, env=self.env, cwd=self.folder)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran

    def figures(self, *arguments: str):
        return json.loads(self.run(*arguments, "--json").stdout)

    def read(self, statement):
        with self.database.read_session() as session:
            return session.execute(statement).all()

    def count(self, model, *where) -> int:
        return self.read(select(func.count()).select_from(model).where(*where))[0][0]


@pytest.fixture
def site(request, tmp_path, content):
    if request.config.getoption("--database") == "postgresql":
        whole = Database(request.getfixturevalue("postgres_server"))
        with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("DROP DATABASE IF EXISTS regrading"))
            connection.execute(text("CREATE DATABASE regrading"))
        url = whole.url.set(database="regrading").render_as_string(hide_password=False)
        whole.dispose()
    else:
        url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    found = Site(url, tmp_path, content)
    yield found
    found.database.dispose()


@pytest.fixture
def question(site, content):
    """A question with another key on the site than in the files; two learners answered it."""
    people = (Person(site.app, content, uuid.UUID(int=n)) for n in itertools.count(1))
    first = next(people)
    first.open(QUIZ)
    found = first.question
    other = next(p for p in people if p.open(QUIZ) and p.question.id == found.id)
    old = with_another_key(found)
    site.app.extensions["learn.content"] = edited(content, old)
    for person, given in ((first, found), (other, old)):
        person.open(QUIZ)
        person.answer(right_answer(given))
    return found


def test_the_command_shows_the_earlier_version_if_it_was_kept(site, question):
    assert "Its words were not kept." in site.run(question.id).stdout
    old = with_another_key(question)
    with site.database.transaction() as session:
        kept = session.get(QuestionVersion, (question.id, question.version))
        earlier = kept.text.replace(question.stem, "What was asked then?")
        session.add(
            QuestionVersion(question_id=question.id, version=old.version, text=earlier, kept_at=NOW)
        )

    output = site.run(question.id).stdout
    assert f"  to version {old.version}: 2\n    What was asked then?\n" in output


def test_the_command_shows_a_dry_run_and_applies_only_once(site, question):
    shown = site.run(question.id)
    assert shown.returncode == 0
    assert "2 answers of 2 learners." in shown.stdout
    assert "Would change: 2 answers of 2 learners, in 2 attempts." in shown.stdout
    assert "from not right to right: 1" in shown.stdout
    assert "from right to not right: 1" in shown.stdout
    assert "Nothing was changed yet." in shown.stdout
    assert site.count(Regrade) == site.count(Notice) == 0

    done = site.run(question.id, "--apply", "--by", "Dr. Lee")
    assert "Changed: 2 answers of 2 learners, in 2 attempts." in done.stdout
    assert "Nothing was changed yet." not in done.stdout
    assert {*site.read(select(Regrade.regraded_by))} == {("Dr. Lee",)}
    assert site.count(Notice) == 2

    again = site.run(question.id, "--apply")
    assert again.returncode == 0
    assert "Changed: nothing." in again.stdout
    assert (site.count(Regrade), site.count(Notice)) == (2, 2)


def test_the_command_only_raises_grades_on_request(site, question):
    done = site.figures(question.id, "--apply", "--only-raise", "--by", "Dr. Lee")

    assert done["changed"] == {
        "answers": 1,
        "learners": 1,
        "attempts": 1,
        "right": 1,
        "not_right": 0,
        "more": 0,
        "less": 0,
    }
    assert (done["spared"], done["left"], done["applied"]) == (1, 0, True)
    assert site.count(Item, Item.question_id == question.id, Item.score == 1) == 2


def test_an_unknown_question_is_rejected(site, question):
    near = site.run(f"{question.id}s", "--apply")
    assert (near.returncode, near.stdout) == (1, "")
    assert f"Is it one of these? {question.id}" in near.stderr
    with site.database.transaction() as session:
        session.execute(
            update(Item).where(Item.question_id == question.id).values(question_id="long-gone")
        )
    gone = site.run("long-gone")
    assert gone.returncode == 1
    assert "has left the questions" in gone.stderr
    assert site.run("\x1b[31m").stderr == "There is no question “\N{REPLACEMENT CHARACTER}[31m”.\n"
    long = site.run(question.id, "--apply", "--by", "i" * 81)
    assert (long.returncode, site.count(Regrade)) == (1, 0)


def test_an_answer_given_during_regrading_continues_from_the_new_memory(site, content):
    """It had read what was remembered before the grades changed, and is kept after that."""
    ana = Person(site.app, content)
    ana.open(QUIZ)
    first = ana.question
    ana.answer_right()
    with site.database.transaction() as session:  # the next one is about the same objective
        session.execute(update(Item).where(Item.position == 2).values(objective_id=first.objective))
    ana.go_on()
    attempt_id = site.read(select(Item.attempt_id).limit(1))[0][0]
    with site.database.read_session() as session:
        place = attempts.ItemPlace(ana.account, attempt_id, 2)
        before = attempts.item_to_answer(session, place, content.bank)
    with site.database.transaction() as session:
        regrade(session, with_another_key(first), "Dr. Lee", NOW)
    given = score_answer(
        ana.question, [p.id for p in ana.question.parts], ana.question.right_response(), None
    )
    with site.database.transaction() as session:
        quizzes.record_answer(session, before, given, NOW + timedelta(days=3))

    answers = site.read(
        select(Item.score, Item.sure, Item.answered_at)
        .where(Item.answered_at.is_not(None))
        .order_by(Item.answered_at)
    )
    kept = site.read(select(MemoryRow.stability, MemoryRow.difficulty, MemoryRow.reviews))
    replayed = replay(Answered(*row) for row in answers)
    (old, *_), (new, *_) = answers
    assert old < 1 == new, "a match may keep a part of its score"
    assert kept == [(replayed.stability, replayed.difficulty, 2)]


def test_answers_and_regrades_during_deletion_leave_no_rows(site, content):
    """Somebody answers, somebody deletes everything, and the key is corrected twice, at once."""
    people = [Person(site.app, content) for _ in range(6)]
    for person in people:
        person.take("lesson/what-is-all")
    question = content.bank.questions[site.read(select(Item.question_id).limit(1))[0][0]]
    forms = []
    for person in people[:3]:
        person.open("/quizzes/mixed")
        forms.append((person, person.form() | right_answer(person.question)))
    ways = [lambda p=p, f=f: p.browser.post(p.address, data=f).status_code for p, f in forms]
    ways += [lambda p=p: _write(site, delete_everything, p.account, NOW) for p in people[3:]]
    ways += [
        lambda q=q, at=at: _write(site, regrade, q, "Dr. Lee", NOW + timedelta(minutes=at))
        for at, q in enumerate((question, with_another_key(question)))
    ]
    start, errors = threading.Barrier(len(ways)), []

    def go(way) -> None:
        start.wait()
        try:
            assert way() in (None, 303)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says so
            errors.append(error)

    threads = [threading.Thread(target=go, args=(way,)) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    _write(site, regrade, question, "Dr. Lee", NOW + timedelta(days=1))
    right = site.count(Item, Item.question_id == question.id, Item.score == 1)
    assert right == site.count(Item, Item.question_id == question.id, Item.score.is_not(None))
    for person in people[:3]:
        _is_remembered(site, person.account)


def _write(site: Site, act, *arguments) -> None:
    with site.database.transaction() as session:
        act(session, *arguments)


def _is_remembered(site: Site, account) -> None:
    kept = site.read(
        select(MemoryRow.objective_id, MemoryRow.stability, MemoryRow.reviews).where(
            MemoryRow.account_id == account
        )
    )
    for objective, stability, reviews in kept:
        answers = site.read(
            select(Item.score, Item.sure, Item.answered_at)
            .where(
                Item.account_id == account,
                Item.objective_id == objective,
                Item.answered_at.is_not(None),
            )
            .order_by(Item.answered_at, Item.attempt_id, Item.position)
        )
        found = replay(Answered(*row) for row in answers)
        assert (found.stability, len(answers)) == (stability, reviews)
