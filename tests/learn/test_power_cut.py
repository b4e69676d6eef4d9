"""A power cut in the middle: what was acknowledged is there, once."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

from questions.model import Response
from tests.learn.http_learner import Learner
from tests.our_content import our_content
from tests.serving import serving

_LEARNERS = 6
_ENOUGH = 60  # answers before the cut


def _read(database: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_killing_the_site_loses_and_duplicates_no_acknowledged_answer(tmp_path: Path) -> None:
    bank, cut = our_content().bank, threading.Event()
    with serving(tmp_path / "data") as site:
        learners = [Learner(site, bank, cut) for _ in range(_LEARNERS)]
        for learner in learners:
            learner.start()
        while sum(len(learner.acknowledged) for learner in learners) < _ENOUGH:
            assert any(learner.is_alive() for learner in learners), learners[0].errors
            time.sleep(0.005)
        cut.set()
        site.kill()
    for learner in learners:
        learner.join()
        assert learner.errors == []

    with serving(tmp_path / "data") as site:
        for learner in learners:
            learner.site = site
            attempt, position = max(learner.acknowledged)
            _, page = learner.get(f"/quizzes/{attempt}/{position}")
            assert "That’s right" in page
            learner.get(f"/quizzes/{attempt}")
            assert learner.errors == []
    _check(site.database, learners)


def _check(database: Path, learners: list[Learner]) -> None:
    assert _read(database, "PRAGMA integrity_check") == [("ok",)]
    rows = _read(
        database,
        "SELECT attempt_id, position, response, score FROM item WHERE answered_at IS NOT NULL",
    )
    kept = {(UUID(bytes=r[0]), r[1]): (Response.from_json(json.loads(r[2])), r[3]) for r in rows}
    acknowledged = {k: v for learner in learners for k, v in learner.acknowledged.items()}
    assert {k: kept.get(k) for k in acknowledged} == {k: (v, 1.0) for k, v in acknowledged.items()}
    assert len(kept) == len(rows)
    assert len(kept) - len(acknowledged) <= len(learners)  # those on their way at the cut

    counted = _read(
        database,
        "SELECT account_id, objective_id, count(*) FROM item WHERE answered_at IS NOT NULL "
        "GROUP BY account_id, objective_id ORDER BY account_id, objective_id",
    )
    remembered = "SELECT account_id, objective_id, reviews FROM memory"
    assert _read(database, f"{remembered} ORDER BY account_id, objective_id") == counted
    rounds = _read(
        database,
        "SELECT account_id, quiz FROM attempt WHERE finished_at IS NULL "
        "GROUP BY account_id, quiz HAVING count(*) > 1",
    )
    assert rounds == []
    assert _read(database, "SELECT count(*) FROM account") == [(len(learners),)]
