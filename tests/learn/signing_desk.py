"""A content folder whose lessons are signed with `learn sign`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.forked import learn
from tests.library.small import Small

ROOT = Path(__file__).parents[2]


class Desk:
    """A folder of content, and the `learn review` command for it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.small = Small(home)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        env = kept | {"LEARN_DATA": str(self.home / "data"), "PYTHONPATH": str(ROOT)}
        folder = str(self.small.folder)
        ran = learn("--content", folder, "review", *arguments, env=env, cwd=self.home)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran

    def sign(self, *arguments: str) -> str:
        """Sign, and return what was said; "" stands for nothing."""
        ran = self.run("sign", *arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def refusal(self, *arguments: str) -> str:
        """Return why the signature was refused. Nothing was written."""
        before = self.small.read()[0].signatures
        ran = self.run("sign", *arguments)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert self.small.read()[0].signatures == before
        return ran.stderr

    def status(self) -> dict[str, dict[str, object]]:
        rows = json.loads(self.run("status", "--json").stdout)
        return {row.get("lesson") or row["page"]: row for row in rows}
