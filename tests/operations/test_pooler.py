"""The real PgBouncer in transaction mode between the site and PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.learn.http_learner import Learner
from tests.learn.machine import TOOLS
from tests.operations.asking import Asker
from tests.operations.deployed import needs
from tests.operations.machine import Server
from tests.operations.outage_scene import SLOWEST, Scene
from tests.operations.pooler import Pooler
from tests.our_content import our_content
from tests.serving import Site

pytestmark = [pytest.mark.operations, needs("pgbouncer")]

CLIENTS = 3
QUESTIONS = 25  # for the care team, of each client


@pytest.fixture
def pooler(server: Server) -> Iterator[Pooler]:
    found = Pooler(server)
    try:
        yield found
    finally:
        found.kill()


def run(data: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "learn", *arguments],
        env=os.environ | {"LEARN_DATA": str(data), "PATH": f"{TOOLS}:{os.environ['PATH']}"} | env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def site(server: Server, pooler: Pooler, tmp_path: Path) -> Iterator[Site]:
    assert run(tmp_path / "data", "migrate", DATABASE_URL=server.url).returncode == 0
    env = {"DATABASE_URL": pooler.url, "LEARN_POOLER": "yes"}
    found = Site(tmp_path / "data", 2, env)
    try:
        yield found
    finally:
        found.stop()


def test_every_request_is_answered_whatever_session_it_gets(site):
    failed: list[str] = []

    def write() -> None:
        who = Asker(site.port)
        token = who.get("/care-team").fields["csrf_token"]
        for number in range(QUESTIONS):
            sent = who.post(
                "/care-team/write", {"csrf_token": token, "text": f"Question {number}?"}
            )
            pages = [who.get(path) for path in ("/care-team", "/progress", "/quizzes")]
            failed.extend(str(page.status) for page in pages if page.status != 200)
            if sent.status != 303:
                failed.append(f"{sent.status} for a question")

    ended = threading.Event()
    learners = [Learner(site, our_content().bank, ended) for _ in range(CLIENTS)]
    writers = [threading.Thread(target=write) for _ in range(CLIENTS)]
    for client in (*learners, *writers):
        client.start()
    for writer in writers:
        writer.join()
    ended.set()
    for learner in learners:
        learner.join()

    assert failed == []
    assert [learner.errors for learner in learners] == [[]] * CLIENTS
    assert all(len(learner.acknowledged) > 5 for learner in learners)
    assert "Traceback" not in site.log.read_text()


def test_a_pooler_that_is_killed_and_starts_again(site, pooler):
    scene = Scene(site)
    pooler.kill()
    scene.endure(4, reads=False)
    pooler.start()
    scene.come_back()


def test_a_server_behind_it_that_is_killed_and_starts_again(site, server):
    scene = Scene(site)
    server.kill()
    scene.endure(4, reads=False)
    server.start()
    scene.come_back()


def test_the_poolers_own_limits_end_a_statement_that_waits(site, server):
    scene = Scene(site)
    with psycopg.connect(server.url) as other:
        other.execute("LOCK TABLE care_line")
        for _ in range(3):
            reply = scene.write()
            assert reply.status == 503
            assert reply.seconds < SLOWEST
            scene.left.append(reply)
        other.rollback()
    scene.come_back(is_outage=False)


def test_commands_that_change_a_session_ask_for_the_server_itself(site, server, pooler, tmp_path):
    file, data = str(tmp_path / "a.zip"), tmp_path / "data"
    through = run(data, "backup", file, DATABASE_URL=pooler.url, LEARN_POOLER="yes")
    assert through.returncode == 1
    assert "LEARN_POOLER=no" in through.stderr
    assert len(through.stderr.strip().splitlines()) == 1

    direct = run(data, "backup", file, DATABASE_URL=server.url)
    assert direct.returncode == 0, direct.stderr
    assert Asker(site.port).get("/quizzes").status == 200
