"""Learners over the network: a cookie each, on a connection that is kept open."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from learn.config import texts
from learn.library.content import Content, load_content
from tests.learn.people import right_answer, wrong_answer

QUIZ = "/quizzes/mixed"
_QUESTIONS = 10
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@cache
def content() -> Content:
    return load_content(texts({}))


@dataclass(frozen=True)
class Answer:
    """What came back. `size` is what went over the wire: the head and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    size: int


class Browser:
    """Somebody's cookie. Several may share a connection."""

    def __init__(self, connection: HTTPConnection) -> None:
        self.connection = connection
        self._cookie = ""

    def send(
        self, path: str, form: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Post `form`, or get the page where there is none."""
        everything = (headers or {}) | ({"Cookie": self._cookie} if self._cookie else {})
        if form is None:
            self.connection.request("GET", path, headers=everything)
        else:
            body = urlencode(form, doseq=True)
            self.connection.request("POST", path, body, everything | _FORM)
        response = self.connection.getresponse()
        content = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self._cookie = value.partition(";")[0]
        head = len(str(response.msg)) + len(f"HTTP/1.1 {response.status} {response.reason}\r\n")
        return Answer(response.status, response.headers, content, head + len(content))


class Learner(Browser):
    """Takes the mixed quiz, again and again: every third answer is not right."""

    def __init__(self, connection: HTTPConnection) -> None:
        super().__init__(connection)
        self._answers = 0

    def begin(self) -> list[str]:
        """Answer the first question of a new round. The addresses of those that are left."""
        form = self.fill_in(self.send(QUIZ))
        answer = self.send(QUIZ, form)
        if answer.status != 303:
            raise RuntimeError(f"the first answer got {answer.status}")
        attempt = answer.headers["Location"].rpartition("/")[0]
        return [f"{attempt}/{n}" for n in range(2, _QUESTIONS + 1)]

    def fill_in(self, page: Answer) -> dict[str, Any]:
        """The form of a question page, with an answer."""
        text = page.body.decode()
        form: dict[str, Any] = {k: html.unescape(v) for k, v in _HIDDEN.findall(text)}
        question = content().bank.questions[form["question"]]
        self._answers += 1
        answer = wrong_answer if self._answers % 3 == 0 else right_answer
        return form | answer(question) | {"sure": "yes"}

    def take_a_quiz(self) -> Iterator[Answer]:
        """A whole round, page by page."""
        for address in self.begin():
            page = self.send(address)
            yield page
            yield self.send(address, self.fill_in(page))
            yield self.send(address)


def connect(port: int) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", port, timeout=60)
