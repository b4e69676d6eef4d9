"""A site whose database goes away, and clients who press on."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from tests.operations.asking import Asker, Reply
from tests.serving import Site

SLOWEST = 5.0  # seconds


BACK_WITHIN = 10.0


MAX_LINES = 8  # in the log, from both workers, about an outage of 20 s


FREE = ("/help", "/lessons", "/lessons/what-is-all", "/glossary", "/healthz")


class Scene:
    """A site, somebody with questions for the care team, and what was acknowledged."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.who = Asker(site.port)
        self.acknowledged: list[str] = []
        self.left: list[Reply] = []
        self._token = self.who.get("/care-team").fields["csrf_token"]
        self._number = 0
        assert self.write().status == 303

    def write(self) -> Reply:
        """Write a question for the care team; note it if it was acknowledged."""
        self._number += 1
        text = f"Question {self._number}?"
        reply = self.who.post("/care-team/write", {"csrf_token": self._token, "text": text})
        if reply.status == 303:
            self.acknowledged.append(text)
        return reply

    def endure(self, seconds: float, *, reads: bool) -> None:
        """While it is away, write and read; nothing is acknowledged, and nobody waits long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            reply = self.write()
            assert reply.seconds < SLOWEST
            assert reply.status == 503, reply.page
            assert reply.retry_after == "5"
            assert reply.fields["text"].startswith("Question ")
            self.left.append(reply)
            for path in ("/", *FREE):
                reply = self.who.get(path)
                assert (path, reply.status) == (path, 200)
                assert reply.seconds < SLOWEST
            reply = self.who.get("/progress")
            assert reply.seconds < SLOWEST
            assert reply.status == (200 if reads else 503)

    def crowd(self) -> None:
        """Many ask at the same moment, before anybody knows: none of them waits long."""
        sent = {"csrf_token": self._token, "text": "Together?"}
        paths = ["/care-team/write", "/", "/lessons/what-is-all", "/progress", "/help"] * 8
        with ThreadPoolExecutor(len(paths)) as crowd:
            replies = crowd.map(
                lambda path: self.who.post(path, sent) if "write" in path else self.who.get(path),
                paths,
            )
            for path, reply in zip(paths, replies, strict=True):
                assert reply.status == (503 if "write" in path else reply.status), path
                assert reply.status in {200, 503}, path
                assert reply.seconds < SLOWEST, path

    def come_back(self, *, is_outage: bool = True) -> None:
        """It is back: the form that was answered last is sent again, and everything is there.

        A lock on one table is no outage: nothing is logged, and other pages went on.
        """
        again = self.left[-1].fields
        until = time.monotonic() + BACK_WITHIN
        while (reply := self.who.post("/care-team/write", again)).status != 303:
            assert time.monotonic() < until, reply.page
            time.sleep(0.1)
        self.acknowledged.append(again["text"])
        for _ in range(6):  # from each worker
            while (page := self.who.get("/care-team")).status != 200:
                assert time.monotonic() < until
            assert [text for text in self.acknowledged if text not in page.page] == []
        said = self.site.log.read_text()
        assert "Traceback" not in said
        lines = said.count("the database is away")
        assert 1 <= lines <= MAX_LINES if is_outage else lines == 0
