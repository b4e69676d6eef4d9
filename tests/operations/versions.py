"""This version of the software, and one that would come after it, as processes."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from learn import schema
from tests.serving import free_port

ROOT = Path(__file__).parents[2]
_PATIENCE = 40.0
_STEP = '''"""A step that a later version might have.

Revision ID: {id}
Revises: {before}
"""

import sqlalchemy as sa
from alembic import op

from learn.models.types import Id

revision = "{id}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "later",
        sa.Column(
            "account_id", Id(), sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("text", sa.String(20), nullable=False),
    )
    op.add_column("item", sa.Column("later", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("care_line", sa.Column("later", sa.String(20), nullable=True))
    op.create_index("ix_later_text", "later", ["text"])


def downgrade() -> None:
    op.drop_column("care_line", "later")
    op.drop_column("item", "later")
    op.drop_table("later")
'''


def later_version(folder: Path, *, only_adds: bool) -> Path:
    """The checkout of a version with one more migration, which may say that it only adds."""
    for name in ("learn", "questions", "templates"):
        (folder / name).symlink_to(ROOT / name)
    steps = folder / "migrations" / "versions"
    steps.mkdir(parents=True)
    for file in ("env.py", "script.py.mako"):
        (folder / "migrations" / file).symlink_to(ROOT / "migrations" / file)
    for file in (ROOT / "migrations" / "versions").glob("*.py"):
        (steps / file.name).symlink_to(file)
    before = schema.head()
    number, oldest = schema.numbers(before)
    own = f"{int(number) + 1:04}" + (f"from{oldest}" if only_adds else "")
    (steps / f"{own}_later.py").write_text(_STEP.format(id=own, before=before))
    (folder / "migrations" / ".current-alembic-head").write_text(f"{own}\n")
    return folder


class Instance:
    """`learn serve` of some version, at a port that stays the same when it starts again."""

    def __init__(self, checkout: Path, data: Path, env: Mapping[str, str]) -> None:
        self.data = data
        self.log = data.with_name(f"{data.name}-{checkout.name}.log")
        self.port = free_port()
        self._env = {k: v for k, v in os.environ.items() if not k.startswith("LEARN_")}
        self._env |= {"LEARN_DATA": str(data)} | dict(env)
        self.checkout = checkout
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of this version."""
        return subprocess.run(
            [sys.executable, "-m", "learn", *arguments],
            cwd=self.checkout,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "learn", "serve", f"--port={self.port}", "--workers=1"],
                cwd=self.checkout,
                env=self._env,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + _PATIENCE
        while not self.is_ready():
            assert self._process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < until, self.log.read_text()[-3000:]
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        self._process = None

    def is_ready(self) -> bool:
        """Whether people can be served, as a load balancer asks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
