"""Kill the site again and again while people use it, and see that nothing is lost or half done.

`python -m tests.operations.crash --help` tells how to run it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from random import Random

from tests.operations.browser import Browser, over_http
from tests.operations.changing_content import ChangingContent
from tests.operations.crowd import Crowd
from tests.operations.ledger import Tally
from tests.operations.machine import Machine
from tests.operations.regrading import Regrading
from tests.operations.summary import summary
from tests.operations.traffic import Traffic

_RECOVERS_WITHIN = 15.0  # seconds
_IN_A_ROW = 12  # good answers, so that each worker has given one
_STOPS_AT = 0.3  # of the moments at which it is seen that something is written
_LONGEST_TRANSACTION = 0.1  # seconds, on a busy machine
_PATIENCE = 60.0  # seconds until every client has noticed an outage
_AIMS = (
    *("first answer", "answer", "second answer", "own line", "explanation", "join a group"),
    *("save", "save", "sign in", "sign in", "sign in", "delete", "delete"),
)


class Crash:
    """One run: clients, a machine, and the kills."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.rng = Random(options.seed)  # noqa: S311 - not a secret
        self.tally = Tally()
        self._options = options
        self._content = ChangingContent(folder / "content")
        self.machine = Machine(folder, options.database, self._content.folder)
        self._traffic = Traffic(options.clients)
        self._crowd = Crowd(options, self._content, self._port, self._traffic, self.tally)
        self._regrading = Regrading(self.machine, self._content, self.rng, self.tally)

    def run(self) -> None:
        """Kill until the time or the number of kills is over; then look at everything once more."""
        try:
            self.machine.start()
            self._begin()
            until = time.monotonic() + self._options.seconds
            while not self.tally.failures and self._is_going_on(until):
                self._cycle()
            self._end()
        finally:
            self._crowd.stop()
            self._traffic.end_outage()
            self._regrading.stop()
            self.machine.kill()
            self.machine.stop()

    def _is_going_on(self, until: float) -> bool:
        if self._options.kills:
            return self.tally.counts["kills"] < self._options.kills
        return time.monotonic() < until

    def _port(self) -> int:
        return self.machine.port

    def _begin(self) -> None:
        invite = self.machine.run("educator", "invite", "Nurse Kim", output=subprocess.PIPE)
        self._crowd.begin(invite.communicate()[0])

    def _cycle(self) -> None:
        """Let them work, kill something, start it again, and judge."""
        targets = ("site",) if self.machine.is_sqlite else ("site", "database", "both")
        target = self.rng.choice(targets)
        self._regrading.start()
        self._wait_for_a_moment()
        self._traffic.begin_outage()
        if target != "site":
            self.machine.kill_database()
        if target != "database":
            self.machine.kill()
        self.tally.add("kills")
        self.tally.add(f"kills: {target}")
        if not self._traffic.wait_for_clients(_PATIENCE):
            self.tally.add_failure("a client still waits for an answer of a site that is gone")
        self._regrading.stop()
        if target != "site":
            self.machine.start_database()
        if target != "database":
            self._restart()
        else:
            self._wait_for_recovery()
        self._judge()
        self._traffic.end_outage()

    def _wait_for_a_moment(self) -> None:
        """Wait for a random time, or for something that is sent just now, or until it regrades."""
        if self._regrading.is_running:
            self._regrading.wait_for_a_moment()
        elif self.rng.random() < 0.75 and self._traffic.aim_at(self.rng.choice(_AIMS), 4.0):
            self._wait_until_it_is_written()
        else:
            time.sleep(self.rng.uniform(0.1, 1.2))

    def _wait_until_it_is_written(self) -> None:
        """Wait until what is aimed at is in the middle of a write transaction, or is answered."""
        while self._traffic.is_busy:
            if self.machine.is_writing() and self.rng.random() < _STOPS_AT:
                time.sleep(self.rng.random() ** 3 * _LONGEST_TRANSACTION)
                return

    def _wait_for_recovery(self) -> None:
        """Wait until all workers have noticed that the database is back, without a restart."""
        until = time.monotonic() + _RECOVERS_WITHIN
        in_a_row = 0
        while in_a_row < _IN_A_ROW:
            if time.monotonic() > until:
                self.tally.add_failure("the site didn’t recover from an outage of its database")
                return
            address = f"/join/{self._crowd.code}"
            status = Browser(over_http(self._port), "192.0.2.3").get(address).status
            in_a_row = in_a_row + 1 if status == HTTPStatus.OK else 0
            time.sleep(0.05)

    def _restart(self) -> None:
        self._regrading.change_key()
        if self.rng.random() < 0.15:
            self.machine.kill_in_start(self.rng.uniform(0.3, 2.5))
            self.tally.add("kills in the middle of a start")
        self.machine.start()

    def _judge(self) -> None:
        database = self.machine.open_database()
        try:
            snapshot = self._crowd.judge(database, [self.machine.data])
        finally:
            database.dispose()
        self._regrading.judge(snapshot)

    def _end(self) -> None:
        """Let everybody end what they do; regrade as a whole; everybody finds what is theirs."""
        self._crowd.stop()
        self._crowd.wait(_PATIENCE)
        self._regrading.finish()
        self._judge()
        self._crowd.come_from_other_devices()


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="crash") as folder:
        run = Crash(Path(folder), options)
        try:
            run.run()
        except Exception as error:
            run.tally.add_failure(f"the run broke: {error!r}")
            raise
        finally:
            print(summary(run.tally, options))
            if run.tally.failures:
                print("The end of the log:", run.machine.end_of_log())
    sys.exit(bool(run.tally.failures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tests.operations.crash", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of what is done when")
    parser.add_argument("--seconds", type=float, default=60, help="how long (%(default)s)")
    parser.add_argument("--kills", type=int, default=0, help="how many, instead of --seconds")
    parser.add_argument("--clients", type=int, default=6, help="at once (%(default)s)")
    return parser


if __name__ == "__main__":
    main()
