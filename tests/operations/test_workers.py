"""Workers that die are replaced, again and again; and nothing outlives the site."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.operations.asking import Asker
from tests.operations.workers import wait_for, workers_of
from tests.serving import Site, serving

pytestmark = pytest.mark.operations


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path / "data") as found:
        yield found


def kill_workers(site: Site) -> None:
    for worker in workers_of(site):
        with contextlib.suppress(psutil.NoSuchProcess):
            worker.kill()


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def is_answered(site: Site) -> bool:
    try:
        return Asker(site.port).get("/").status == 200
    except OSError:
        return False


def test_workers_that_are_killed_again_and_again_are_replaced(site):
    parent = psutil.Process(site.pid)
    for _ in range(12):
        kill_workers(site)
        time.sleep(0.3)

    assert parent.is_running()
    assert wait_for(lambda: len(workers_of(site)) == 2)
    assert wait_for(lambda: is_answered(site))


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_while_workers_die(site, stop):
    for _ in range(3):
        kill_workers(site)
        time.sleep(0.1)
    parent, began = psutil.Process(site.pid), time.monotonic()
    parent.send_signal(stop)
    assert wait_for(lambda: is_gone(parent))
    assert time.monotonic() - began < 10
    assert not is_answered(site)


def test_no_worker_outlives_its_parent(site):
    workers = workers_of(site)
    psutil.Process(site.pid).kill()
    assert wait_for(lambda: all(is_gone(worker) for worker in workers))
