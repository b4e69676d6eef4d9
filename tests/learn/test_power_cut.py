"""A power cut in the middle: what was acknowledged is there, once."""

from __future__ import annotations

import http.client
import http.cookies
import json
import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from questions.bank import Bank
from questions.model import Question, Response
from tests.learn.people import right_answer
from tests.our_content import our_content
from tests.serving import Site, serving

_LEARNERS = 6
_QUIZZES = ("topic/what-is-all", "topic/classification", "topic/blood-cells", "mixed") * 50
_ENOUGH = 60  # answers before the cut

Key = tuple[UUID, int]


class Learner(threading.Thread):
    """Takes one quiz after the other, each answer sent by two tabs at once, until the site is gone.

    `acknowledged` holds the answers that were: the attempt and the position, with what was sent.
    """

    def __init__(self, site: Site, bank: Bank, cut: threading.Event) -> None:
        super().__init__()
        self.acknowledged: dict[Key, Response] = {}
        self.errors: list[str] = []
        self.site = site
        self._bank, self._cut = bank, cut
        self._cookie = ""

    def run(self) -> None:
        try:
            for quiz in _QUIZZES:
                self._take(f"/quizzes/{quiz}")
        except (OSError, http.client.HTTPException):
            if not self._cut.is_set():
                self.errors.append("gone before the cut")

    def get(self, path: str) -> tuple[str, str]:
        """A page and its address, wherever it leads."""
        status, location, body = self._request("GET", path)
        while status == 302:
            path = location
            status, location, body = self._request("GET", path)
        if status != 200:
            self.errors.append(f"{status} at {path}")
        return path, body

    def answer_one(self, quiz: str) -> None:
        """Answer one question of a quiz."""
        address, page = self.get(f"/quizzes/{quiz}")
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
        self._answer(address, fields, self._bank.questions[fields["question"]])

    def _take(self, path: str) -> None:
        address, page = self.get(path)
        while 'name="question"' in page:
            fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
            question = self._bank.questions[fields["question"]]
            tabs = [
                threading.Thread(target=self._answer, args=(address, fields, question))
                for _ in range(2)
            ]
            for tab in tabs:
                tab.start()
            for tab in tabs:
                tab.join()
            if self._cut.is_set():
                return
            address, page = self.get(path if path == address else address.rpartition("/")[0])
            if "You’ve finished" in page:
                return

    def _answer(self, address: str, fields: dict[str, str], question: Question) -> None:
        try:
            status, location, _ = self._request(
                "POST", address, urlencode(fields | right_answer(question), doseq=True)
            )
        except (OSError, http.client.HTTPException):
            return  # not acknowledged
        if status != 303:
            self.errors.append(f"{status} for an answer at {address}")
            return
        _, _, attempt, position = location.split("/")
        self.acknowledged[UUID(attempt), int(position)] = question.right_response()

    def _request(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        with closing(connection):
            headers = {"Cookie": self._cookie} if self._cookie else {}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for name, morsel in http.cookies.SimpleCookie(response.getheader("Set-Cookie")).items():
                self._cookie = f"{name}={morsel.value}"
            return response.status, response.getheader("Location") or "", text


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
