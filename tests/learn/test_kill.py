"""A power cut in the middle: what was acknowledged is there, once."""

from __future__ import annotations

import http.client
import http.cookies
import json
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from questions.bank import Bank, load_bank
from tests.learn.people import right_answer
from tests.serving import Site, serving

_LEARNERS = 6
_QUIZZES = ("topic/what-is-all", "topic/classification", "topic/blood-cells", "mixed") * 50
_ENOUGH = 60  # answers before the cut

type Key = tuple[str, int]


class Learner(threading.Thread):
    """Takes one quiz after the other, each answer sent by two tabs at once, until the site is gone.

    `acknowledged` holds the answers that were: the attempt and the position, with what was sent.
    """

    def __init__(self, site: Site, bank: Bank, cut: threading.Event) -> None:
        super().__init__()
        self.acknowledged: dict[Key, dict[str, Any]] = {}
        self.errors: list[str] = []
        self._site, self._bank, self._cut = site, bank, cut
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

    def _take(self, path: str) -> None:
        address, page = self.get(path)
        while 'name="question"' in page:
            fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
            given = right_answer(self._bank.questions[fields["question"]])
            tabs = [
                threading.Thread(target=self._answer, args=(address, fields, given))
                for _ in range(2)
            ]
            for tab in tabs:
                tab.start()
            for tab in tabs:
                tab.join()
            if self._cut.is_set():
                return
            address, page = self.get(path if path == address else address.rpartition("/")[0])
            if "You have finished" in page:
                return

    def _answer(self, address: str, fields: dict[str, str], given: dict[str, Any]) -> None:
        try:
            status, location, _ = self._request(
                "POST", address, urlencode(fields | given, doseq=True)
            )
        except (OSError, http.client.HTTPException):
            return  # not acknowledged
        if status != 303:
            self.errors.append(f"{status} for an answer at {address}")
            return
        _, _, attempt, position = location.split("/")
        self.acknowledged[attempt, int(position)] = given

    def _request(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._site.port, timeout=20)
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
