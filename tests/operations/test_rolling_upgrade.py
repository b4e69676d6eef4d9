"""Two versions at once on one database, behind nginx, under load: no request fails."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.deployed import HOST, Proxy, Visitor, hidden_fields, needs, proxying
from tests.operations.machine import Server
from tests.operations.versions import ROOT, Instance, later_version
from tests.serving import free_port

pytestmark = [pytest.mark.operations, needs("nginx")]

WRITERS = 3
LINES = 30  # for each guest; more than 50 have no room in a list


class Writer(threading.Thread):
    """One guest after the other, who write questions for the care team and read the list."""

    def __init__(self, proxy: Proxy, ended: threading.Event) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.acknowledged = 0
        self.missing: list[str] = []
        self._proxy = proxy
        self._ended = ended

    def run(self) -> None:
        try:
            while not self._ended.is_set():
                self._be_a_guest()
        except Exception as error:  # noqa: BLE001 - told by the test
            self.refused.append(repr(error))

    def _be_a_guest(self) -> None:
        who, wrote = Visitor(self._proxy), []
        page = who.get("/care-team")
        token = hidden_fields(page.text)["csrf_token"]
        for number in range(LINES):
            if self._ended.is_set():
                break
            text = f"Question {number} of {id(who)}?"
            sent = who.post("/care-team/write", {"csrf_token": token, "text": text})
            if sent.status != 303:
                self.refused.append(f"{sent.status} for a question")
                continue
            wrote.append(text)
            for path in ("/", "/quizzes"):
                if (status := who.get(path).status) != 200:
                    self.refused.append(f"{status} at {path}")
        page = who.get("/care-team")
        self.acknowledged += len(wrote)
        self.missing += [text for text in wrote if text not in page.text]


@contextlib.contextmanager
def load(proxy: Proxy) -> Iterator[list[Writer]]:
    """People who use the site until the end of the block; then nothing of theirs is missing."""
    ended = threading.Event()
    writers = [Writer(proxy, ended) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    assert [writer.refused for writer in writers] == [[]] * WRITERS
    assert [writer.missing for writer in writers] == [[]] * WRITERS
    assert all(writer.acknowledged > 3 for writer in writers)


class Scene:
    """Two places behind nginx, of which each runs one version or the other."""

    def __init__(self, folder: Path, database: str) -> None:
        self.port = free_port()
        later = folder / "later"
        later.mkdir()
        self.checkouts = {"this": ROOT, "later": later}
        self.env = {
            "LEARN_PUBLIC_URL": f"https://{HOST}:{self.port}",
            "LEARN_TRUSTED_PROXIES": "1",
            "SECRET_KEY": "the same on every machine",
        }
        if database:
            self.env["DATABASE_URL"] = database
        self.places = [Instance(ROOT, folder / "data", self.env) for _ in range(2)]

    def become(self, place: Instance, version: str) -> None:
        """Stop an instance, and start it again with some version."""
        place.stop()
        time.sleep(0.5)
        place.checkout = self.checkouts[version]
        place.start()

    def stop(self) -> None:
        for place in self.places:
            place.stop()


@pytest.fixture
def on_server(server: Server, tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, server.url)
    try:
        yield scene
    finally:
        scene.stop()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, "")
    try:
        yield scene
    finally:
        scene.stop()


def told(place: Instance, words: str) -> int:
    return place.log.read_text().count(words)


def test_a_rolling_upgrade_on_postgresql_fails_no_request(on_server):
    first, second = on_server.places
    later = later_version(on_server.checkouts["later"], only_adds=True)
    assert first.run("migrate").returncode == 0
    first.start()
    second.start()
    with proxying("nginx", first, on_server.port, second=second.port) as proxy, load(proxy):
        time.sleep(1)
        migrated = Instance(later, first.data, on_server.env).run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        assert first.is_ready()
        assert second.is_ready()
        time.sleep(1)
        on_server.become(first, "this")  # a crash, say: it starts again on the next schema
        assert told(first, "can run on it") == 1
        on_server.become(first, "later")
        on_server.become(second, "later")
        time.sleep(1)
        on_server.become(second, "this")  # and back
        time.sleep(1)
    assert "Traceback" not in first.log.read_text()


def test_a_rolling_upgrade_on_an_embedded_database_fails_no_request(embedded):
    first, second = embedded.places
    later_version(embedded.checkouts["later"], only_adds=True)
    first.start()
    second.start()
    with proxying("nginx", first, embedded.port, second=second.port) as proxy, load(proxy):
        time.sleep(1)
        embedded.become(second, "later")  # which migrates
        assert first.is_ready()
        embedded.become(first, "this")
        assert told(first, "can run on it") == 1
        time.sleep(1)
    assert "Traceback" not in first.log.read_text()


def test_after_a_migration_that_does_more_than_add_this_version_refuses_to_start(on_server):
    first, _ = on_server.places
    later = later_version(on_server.checkouts["later"], only_adds=False)
    assert first.run("migrate").returncode == 0
    assert Instance(later, first.data, on_server.env).run("migrate").returncode == 0
    ran = first.run("serve", f"--port={first.port}")

    assert ran.returncode == 1
    assert "newer version of Learn ALL" in ran.stderr
