"""An editor who corrects a key and regrades, and is cut off in the middle of it."""

from __future__ import annotations

import subprocess
import time
from random import Random

from questions.grading import grade
from tests.operations.changing_content import ChangingContent
from tests.operations.ledger import Tally
from tests.operations.machine import Machine, end
from tests.operations.snapshot import Snapshot, response_in

_LONGEST = 60.0  # seconds
_EVERY = 3  # kills
_SHARE = 0.3
_NAME = "regrade"  # of its connections


class Regrading:
    """`learn regrade --apply` beside the site, each time by another editor."""

    def __init__(
        self, machine: Machine, content: ChangingContent, rng: Random, tally: Tally
    ) -> None:
        self._machine = machine
        self._content = content
        self._rng = rng
        self._tally = tally
        self._question = ""
        self._by = ""
        self._process: subprocess.Popen[str] | None = None
        self._answers: dict[str, int] = {}
        self._is_changed = False
        self._restarts = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def change_key(self) -> None:
        """While the site is down, correct the key of the question with the most answers."""
        self._restarts += 1
        if self._restarts % _EVERY or not self._answers or self._is_changed:
            return
        steps = [q.id for q in self._content.with_steps()]
        self._question = max(steps, key=lambda question: self._answers.get(question, 0))
        self._content.change_key(self._question)
        self._is_changed = True

    def start(self) -> None:
        """Regrade, if a key has changed; not each time, so that there is time for all else."""
        if self._is_changed and self._rng.random() < _SHARE:
            self._by = f"editor {self._restarts} {self._rng.randrange(10**6)}"
            self._process = self._run()

    def wait_for_a_moment(self) -> None:
        """Wait until it writes, or until it has ended."""
        while self._process is not None and self._process.poll() is None:
            is_writing = self._machine.is_writing(self._process.pid, _NAME)
            if is_writing and self._rng.random() < 0.4:
                time.sleep(self._rng.random() ** 3 * 0.1)
                return

    def stop(self) -> None:
        """Kill it, if it still runs."""
        if self._process is not None:
            end(self._process)
            self._process = None

    def judge(self, now: Snapshot) -> None:
        """See that the last run changed every grade that it had to, or none."""
        self._answers = _counts(now)
        if not self._by:
            return
        mine = [row for row in now.rows["regrade"] if row["regraded_by"] == self._by]
        self._tally.add_cut("regrading", "done" if mine else "not done")
        question = self._content.now.bank.questions[self._question]
        left = [
            row
            for row in now.rows["item"]
            if row["question_id"] == question.id
            and row["answered_at"] is not None
            and row["score"] != grade(question, response_in(row)).score
        ]
        if mine and left:
            self._tally.add_failure(f"half regraded: {len(mine)} grades, {len(left)} are left")
        self._is_changed = bool(left)
        self._by = ""

    def finish(self) -> None:
        """Regrade to the end, if it was cut off before."""
        if self._is_changed:
            self._by = "the last editor"
            self._process = self._run()
            if self._process.wait(_LONGEST):
                self._tally.add_failure("the last regrading failed")

    def _run(self) -> subprocess.Popen[str]:
        self._machine.env["PGAPPNAME"] = _NAME
        try:
            return self._machine.run("regrade", self._question, "--apply", "--by", self._by)
        finally:
            del self._machine.env["PGAPPNAME"]


def _counts(now: Snapshot) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in now.rows["item"]:
        if row["answered_at"] is not None:
            counts[row["question_id"]] = counts.get(row["question_id"], 0) + 1
    return counts
