"""The worker processes of a site."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

from tests.serving import Site


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def workers_of(site: Site) -> list[psutil.Process]:
    children = psutil.Process(site.pid).children()
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
