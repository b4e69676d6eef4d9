"""A learner who answers over HTTP, in a thread, and knows which answers were acknowledged."""

from __future__ import annotations

import http.client
import http.cookies
import re
import threading
from contextlib import closing
from urllib.parse import urlencode
from uuid import UUID

from questions.bank import Bank
from questions.model import Question, Response
from tests.learn.people import right_answer
from tests.serving import Site

_QUIZZES = ("topic/what-is-all", "topic/classification", "topic/blood-cells", "mixed") * 50


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
