"""Run `learn serve` in a process and a data folder of its own."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests import forked

_START = "Learn ALL is at "
_PATIENCE = 30.0


class Site:
    """A site that is up, at `address`; `database` is the file with everything it keeps.

    `named` is the same by a name and not by a number: passkeys belong to a name.
    """

    def __init__(
        self,
        data: Path,
        workers: int,
        env: Mapping[str, str] | None = None,
        *,
        has_no_stderr: bool = False,
    ) -> None:
        self.data = data
        self.database = data / "learn.sqlite3"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.named = f"http://localhost:{self.port}"
        self.log = data.with_suffix(".log")
        self._env = env or {}
        self._has_no_stderr = has_no_stderr
        self._process = self._start(workers)
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The id of the process that starts the workers."""
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end, as a supervisor does."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired, TimeoutError):
                self._process.wait(10)
        self.kill()

    def kill(self) -> None:
        """End it with its workers at once, in the middle of whatever they do."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        if self._process.stdout:
            self._process.stdout.close()

    def _start(self, workers: int) -> subprocess.Popen[str] | forked.Process:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LEARN_")}
        kept.pop("DATABASE_URL", None)
        env = kept | {"LEARN_DATA": str(self.data)} | self._env
        arguments = ["serve", f"--port={self.port}", f"--workers={workers}"]
        with self.log.open("a") as log:
            if not self._has_no_stderr:
                return forked.Process(*arguments, env=env, stderr=log.fileno())
            return subprocess.Popen(
                ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "learn", *arguments],
                env=env,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # so that it can be killed as a whole
            )

    def _wait(self) -> None:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line == f"{_START}{self.address}\n", line + self.log.read_text()
        until = time.monotonic() + _PATIENCE
        while not self._answers():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.02)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextlib.contextmanager
def serving(data: Path, *, workers: int = 2, **env: str) -> Iterator[Site]:
    """`learn serve` on a free port, until the end of the block; `env` has settings."""
    site = Site(data, workers, env)
    try:
        yield site
    finally:
        site.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
