"""Numbers for Prometheus: of all workers together, about nobody, and only where they are wanted."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.learn.http_learner import Learner
from tests.operations.asking import Asker
from tests.operations.workers import wait_for, workers_of
from tests.our_content import our_content
from tests.serving import Site, free_port, serving

pytestmark = pytest.mark.operations

_PAGE = "http://127.0.0.1:{}/metrics"
_LINE = re.compile(r"(\w+?)(?:\{(.*)\})? ([0-9.e+]+)")


class Numbers(Counter[tuple[str, str]]):
    """What is served at a port: values by name and labels."""

    def __init__(self, port: int) -> None:
        with closing(urllib.request.urlopen(_PAGE.format(port), timeout=10)) as page:  # noqa: S310
            self.text = page.read().decode()
        lines = [_LINE.fullmatch(line) for line in self.text.splitlines()]
        super().__init__({(m[1], m[2] or ""): float(m[3]) for m in lines if m})

    def requests(self, endpoint: str, status: int) -> float:
        return self["learn_requests_total", f'endpoint="{endpoint}",status="{status}"']


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def site(port: int, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path / "data", LEARN_METRICS_PORT=str(port)) as found:
        yield found


def test_requests_are_counted_over_all_workers(site, port):
    for _ in range(20):
        assert Asker(site.port).get("/help").status == 200
    assert Asker(site.port).get("/nothing/here").status == 404
    found = Numbers(port)

    assert found.requests("about.get_help", 200) == 20
    assert found.requests("none", 404) == 1
    assert found["learn_request_seconds_count", 'endpoint="about.get_help"'] == 20
    assert found["learn_request_seconds_bucket", 'endpoint="about.get_help",le="+Inf"'] == 20
    assert "# TYPE learn_request_seconds histogram" in found.text


def test_each_answer_that_is_kept_is_counted_once(site, port):
    ended = threading.Event()
    learner = Learner(site, our_content().bank, ended)  # two tabs send each answer
    learner.start()
    assert wait_for(lambda: len(learner.acknowledged) >= 6)
    ended.set()
    learner.join()

    assert Numbers(port)["learn_answers_total", ""] == len(learner.acknowledged)


def test_counts_outlive_a_worker_that_is_killed(site, port):
    for _ in range(10):
        Asker(site.port).get("/help")
    workers = [each for each in workers_of(site) if port not in listening(each)]
    for worker in workers:
        worker.kill()
    before = {worker.pid for worker in workers}
    assert wait_for(lambda: len({w.pid for w in workers_of(site)} - before) == 1 + len(workers))
    assert wait_for(lambda: Numbers(port).requests("about.get_help", 200) == 10)
    found = Numbers(port)

    assert found["learn_requests_waiting", ""] == 0


def test_errors_of_the_database_are_counted(site, port):
    who = Asker(site.port)
    who.get("/care-team")
    elsewhere = site.data.with_name("elsewhere")
    site.data.rename(elsewhere)
    try:
        assert wait_for(lambda: who.get("/progress").status == 503)
        assert wait_for(
            lambda: sum(n for (name, _), n in Numbers(port).items() if "errors_total" in name) > 0
        )
    finally:
        elsewhere.rename(site.data)


def test_nothing_of_a_person_or_a_path_is_in_them(site, port):
    who = Asker(site.port)
    who.get("/join/SECRETCODE")
    who.get("/search?q=am+i+going+to+die")
    token = who.get("/care-team").fields["csrf_token"]
    who.post("/care-team/write", {"csrf_token": token, "text": "What about my port?"})
    found = Numbers(port)

    labels = {re.sub('="[^"]*"', "", each) for _, each in found}
    assert {name for each in labels for name in each.split(",") if name} <= {
        "endpoint",
        "status",
        "le",
        "what",
    }
    values = set(re.findall('endpoint="([^"]*)"', found.text))
    assert all(re.fullmatch(r"none|asset|[a-z_]+\.[a-z_]+", value) for value in values), values
    for secret in ("SECRETCODE", "die", "my port", "127.0.0.1"):
        assert secret not in found.text


def test_the_process_that_serves_them_ends_with_the_site(site, port, tmp_path):
    parent = psutil.Process(site.pid)
    parent.kill()
    assert wait_for(lambda: not is_served(port))


def test_a_stop_ends_all_of_it_and_leaves_no_file(port, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving(tmp_path / "data", LEARN_METRICS_PORT=str(port)):
        assert is_served(port)
    assert not is_served(port)
    time.sleep(0.5)
    assert [*tmp_path.glob("learn-metrics-*")] == []


def is_served(port: int) -> bool:
    try:
        Numbers(port)
    except OSError:
        return False
    return True


def test_the_sites_own_port_is_refused_in_one_line(tmp_path):
    port = str(free_port())
    ran = subprocess.run(
        [sys.executable, "-m", "learn", "serve", f"--port={port}"],
        env={"LEARN_DATA": str(tmp_path / "other"), "LEARN_METRICS_PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"LEARN_METRICS_PORT is {port}, as the site's own port. Name another.\n"


def test_a_port_that_is_taken_is_told_in_one_line(site, port, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "learn", "serve", f"--port={free_port()}"],
        env={"LEARN_DATA": str(tmp_path / "other"), "LEARN_METRICS_PORT": str(port)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert ran.stderr == f"Can't listen on 127.0.0.1:{port}: address already in use.\n"


def test_without_the_setting_nothing_listens(port, tmp_path):
    with serving(tmp_path / "data") as site:
        own = psutil.Process(site.pid)
        ports = set().union(*(listening(each) for each in (own, *own.children())))
    assert ports == {site.port}


def listening(process: psutil.Process) -> set[int]:
    found = process.net_connections("tcp")
    return {each.laddr.port for each in found if each.status == psutil.CONN_LISTEN}
