"""A primary that waits for its standby is killed under load: nothing acknowledged is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.asking import Asker
from tests.operations.cluster import Cluster
from tests.operations.outage_scene import SLOWEST, Scene
from tests.serving import Site

pytestmark = pytest.mark.operations

WRITERS = 3
LINES = 45  # a list of questions has room for 50


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    found = Cluster()
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> Iterator[Site]:
    env = {"DATABASE_URL": cluster.url}
    subprocess.run(
        [sys.executable, "-m", "learn", "migrate"],
        env=os.environ | env | {"LEARN_DATA": str(tmp_path / "data")},
        check=True,
    )
    found = Site(tmp_path / "data", 2, env)
    try:
        yield found
    finally:
        found.stop()


class Writer(threading.Thread):
    """Writes questions for the care team, one after the other, until the list is full."""

    def __init__(self, site: Site, ended: threading.Event) -> None:
        super().__init__()
        self.who = Asker(site.port)
        self.acknowledged: list[str] = []
        self.odd: list[str] = []
        self.was_refused = False
        self.is_back = False
        self._ended = ended
        self._token = self.who.get("/care-team").fields["csrf_token"]

    def run(self) -> None:
        try:
            self._write()
        except Exception as error:  # noqa: BLE001 - told by the test
            self.odd.append(repr(error))

    def _write(self) -> None:
        number = 0
        while not self._ended.is_set() and len(self.acknowledged) < LINES:
            number += 1
            text = f"Question {number}?"
            reply = self.who.post("/care-team/write", {"csrf_token": self._token, "text": text})
            if reply.seconds > SLOWEST:
                self.odd.append(f"{reply.status} after {reply.seconds:.1f} s")
            if reply.status == 303:
                self.acknowledged.append(text)
                self.is_back = self.was_refused
            elif reply.status == 503 and reply.fields["text"] == text:
                self.was_refused = True
            else:
                self.odd.append(f"{reply.status}: {reply.page[:200]}")
            time.sleep(0.05)


def test_a_primary_killed_under_load_loses_nothing_acknowledged(site, cluster):
    ended = threading.Event()
    writers = [Writer(site, ended) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    while min(len(writer.acknowledged) for writer in writers) < 5:
        assert all(writer.is_alive() for writer in writers), [w.odd for w in writers]
        time.sleep(0.05)
    cluster.kill_primary()
    time.sleep(3)
    assert "911" in writers[0].who.get("/help").page
    cluster.promote()
    until = time.monotonic() + 20
    while not all(writer.is_back or not writer.is_alive() for writer in writers):
        assert time.monotonic() < until, site.log.read_text()[-2000:]
        time.sleep(0.1)
    ended.set()
    for writer in writers:
        writer.join()

    assert [writer.odd for writer in writers] == [[]] * WRITERS
    assert any(writer.was_refused and writer.is_back for writer in writers)
    for writer in writers:
        page = writer.who.get("/care-team").page
        assert [text for text in writer.acknowledged if text not in page] == []
    log = site.log.read_text()
    assert "the database is back" in log
    assert "Traceback" not in log


def test_while_the_standby_says_nothing_nothing_is_acknowledged(site, cluster):
    scene = Scene(site)
    with cluster.frozen(1):
        for _ in range(3):
            reply = scene.write()
            assert reply.status == 503
            assert reply.seconds < SLOWEST
            assert reply.fields["text"].startswith("Question ")
            scene.left.append(reply)
    write_until_acknowledged(scene)
    assert_all_is_there(scene)


def write_until_acknowledged(scene: Scene, within: float = 20) -> None:
    until = time.monotonic() + within
    while (reply := scene.write()).status != 303:
        assert reply.status == 503
        assert time.monotonic() < until, scene.site.log.read_text()[-2000:]
        time.sleep(0.2)


def assert_all_is_there(scene: Scene, within: float = 10) -> None:
    """What was acknowledged is on the page, once the worker that is asked has noticed, too."""
    until = time.monotonic() + within
    while (seen := scene.who.get("/care-team")).status != 200:
        assert time.monotonic() < until, scene.site.log.read_text()[-2000:]
        time.sleep(0.2)
    assert [text for text in scene.acknowledged if text not in seen.page] == []


def test_a_primary_that_comes_back_as_a_second_one_acknowledges_nothing(site, cluster):
    scene = Scene(site)
    with cluster.frozen(0):
        cluster.promote()
        write_until_acknowledged(scene)
    assert cluster.is_primary(0)
    assert cluster.is_primary(1)
    cluster.end_connections(
        1
    )  # so that the site asks for a primary again, and the old one is first
    for _ in range(5):
        reply = scene.write()
        assert reply.status == 503, reply.page
        assert reply.seconds < SLOWEST
        assert reply.fields["text"].startswith("Question ")
        assert "911" in scene.who.get("/help").page

    cluster.kill_primary()
    write_until_acknowledged(scene)
    assert_all_is_there(scene)
    assert "Traceback" not in site.log.read_text()
