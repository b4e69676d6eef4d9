"""Learners over the network: a cookie each, on a connection that is kept open."""

from __future__ import annotations

import html
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from learn.config import texts
from learn.library.content import Content
from learn.library.read_content import load_content
from tests.learn.people import right_answer, wrong_answer

QUIZ = "/quizzes/mixed"
_QUESTIONS = 10
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


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


class Connection:
    """A connection that is kept open. Leaner than http.client, to leave the server the machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)

    def exchange(self, request: bytes) -> Answer:
        """Send a request that may be sent twice, again where the server closed an idle socket."""
        try:
            self.send(request)
            return self.receive()
        except ConnectionError:
            self._socket.close()
            self._open()
            self.send(request)
            return self.receive()

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def receive(self) -> Answer:
        head, _, body = self._more(b"").partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body = self._more(body)
        return Answer(int(first.split()[1]), headers, body, len(head) + 4 + len(body))

    def _more(self, before: bytes) -> bytes:
        if not (more := self._socket.recv(1 << 17)):
            raise ConnectionError("the server has closed the connection")
        return before + more


class Browser:
    """Somebody's cookie. Several may share a connection."""

    def __init__(self, connection: Connection | None = None) -> None:
        self._connection = connection
        self._cookie = ""

    def request(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> bytes:
        """What a browser sends to post `form`, or to get the page where there is none."""
        lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if self._cookie:
            lines.append(f"Cookie: {self._cookie}")
        body = urlencode(form or {}, doseq=True)
        if form is not None:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return ("\r\n".join(lines) + f"\r\n\r\n{body}").encode()

    def send(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Send that, keep the cookie that comes back, and return the answer."""
        if self._connection is None:
            raise RuntimeError("a browser without a connection")
        request = self.request(path, form, **headers)
        if form is None:
            answer = self._connection.exchange(request)
        else:
            self._connection.send(request)
            answer = self._connection.receive()
        if cookie := answer.headers.get("set-cookie"):
            self._cookie = cookie.partition(";")[0]
        return answer


class Learner(Browser):
    """Takes the mixed quiz, again and again: every third answer is not right."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._answers = 0

    def begin(self) -> list[str]:
        """Answer the first question of a new round. The addresses of those that are left."""
        answer = self.send(QUIZ, self.fill_in(self.send(QUIZ)))
        if answer.status != 303:
            raise RuntimeError(f"the first answer got {answer.status}")
        attempt = answer.headers["location"].rpartition("/")[0]
        return [f"{attempt}/{n}" for n in range(2, _QUESTIONS + 1)]

    def fill_in(self, page: Answer) -> dict[str, Any]:
        """Return the form of a question page, with an answer."""
        form: dict[str, Any] = {
            name: html.unescape(value) for name, value in _HIDDEN.findall(page.body.decode())
        }
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
