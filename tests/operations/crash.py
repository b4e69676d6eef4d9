"""Kill the site again and again while people use it, and see that nothing is lost or half done.

`python -m tests.operations.crash --help` tells how to run it.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import threading
import time
from http import HTTPStatus
from pathlib import Path
from random import Random

from tests.operations import deletion_list, verdict
from tests.operations.browser import Browser, over_http
from tests.operations.changing_content import ChangingContent
from tests.operations.clients import Client, Surroundings
from tests.operations.constraints import broken
from tests.operations.ledger import Person, Tally
from tests.operations.machine import Machine
from tests.operations.regrading import Regrading
from tests.operations.snapshot import Snapshot
from tests.operations.summary import summary
from tests.operations.traffic import Traffic
from tests.operations.visitor import Visitor

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
        self._stop = threading.Event()
        self._educator = Person("Nurse Kim")
        self._clients: list[Client] = []
        self._code = ""  # to join the group
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
            self._stop.set()
            self._traffic.end_outage()
            self._regrading.stop()
            self.machine.kill()
            self.machine.stop()

    def _is_going_on(self, until: float) -> bool:
        if self._options.kills:
            return self.tally.counts["kills"] < self._options.kills
        return time.monotonic() < until

    def _begin(self) -> None:
        self._code = self._join_code()
        around = Surroundings(
            self._content.versions,
            self._quizzes(),
            tuple(i for i, lesson in self._content.now.lessons.items() if lesson.points),
            self._code,
        )
        for number in range(self._options.clients):
            rng = Random(f"{self._options.seed}/{number}")  # noqa: S311 - not a secret
            name = f"q{chr(97 + number)}"
            visitor = Visitor(name, rng, lambda: self.machine.port, self._traffic, self.tally)
            self._clients.append(Client(visitor, around, self._stop))
        for client in self._clients:
            client.start()

    def _quizzes(self) -> tuple[str, ...]:
        """Quizzes to take: often those that ask what the editor changes."""
        lessons = [self._content.lesson_of(q) for q in self._content.with_steps()]
        topics = [f"/quizzes/topic/{topic}" for topic in self._content.now.topics]
        return (*(f"/quizzes/lesson/{one}" for one in lessons), *topics, "/quizzes/mixed")

    def _join_code(self) -> str:
        """Invite an educator, who makes a group; the code to join it."""
        invite = self.machine.run("educator", "invite", "Nurse Kim", output=subprocess.PIPE)
        said = invite.communicate()[0]
        address = re.search(r"/educators/invite/\S+", said)
        assert address, said
        kim = Browser(over_http(lambda: self.machine.port), "192.0.2.1")
        form = kim.get(f"/keep?to={address[0]}").form("draft", "passphrase")
        assert form
        kim.post(form, form.filled(nickname="Nurse Kim", passphrase="four calm small words"))
        self._educator.nickname = "Nurse Kim"
        accept = kim.get(address[0]).form("csrf_token")
        assert accept
        kim.post(accept, accept.filled())
        new = kim.get("/groups").form("name")
        assert new
        group = kim.post(new, new.filled(name="Tuesday class")).header("location").split("/")[2]
        page = kim.get(f"/groups/{group}/code")
        code = re.search(r'join-code-letters"><strong>([^<]+)<', page.text)
        assert code
        return code[1]

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
            address = f"/join/{self._code}"
            status = Browser(over_http(lambda: self.machine.port), "192.0.2.3").get(address).status
            in_a_row = in_a_row + 1 if status == HTTPStatus.OK else 0
            time.sleep(0.05)

    def _restart(self) -> None:
        self._regrading.change_key()
        if self.rng.random() < 0.15:
            self.machine.kill_in_start(self.rng.uniform(0.3, 2.5))
            self.tally.add("kills in the middle of a start")
        self.machine.start()

    def _judge(self) -> None:
        people = [self._educator, *(p for c in self._clients for p in c.visitor.people)]
        doubts = [c.visitor.doubt for c in self._clients if c.visitor.doubt is not None]
        database = self.machine.open_database()
        try:
            for failure in broken(database):
                self.tally.add_failure(failure)
            snapshot = Snapshot(database)
        finally:
            database.dispose()
        verdict.judge(snapshot, people, doubts, self._content.versions, self.tally)
        deletion_list.judge(snapshot, people, self.machine.data, self.tally)
        self._regrading.judge(snapshot)

    def _end(self) -> None:
        """Let everybody end what they do; regrade as a whole; everybody finds what is theirs."""
        self._stop.set()
        for client in self._clients:
            client.join(_PATIENCE)
        self._regrading.finish()
        self._judge()
        for client in self._clients:
            client.visitor.doubt = None
        for person in (p for c in self._clients for p in c.visitor.people):
            if person.nickname and not person.is_gone and not self.tally.failures:
                self._come_from_another_device(person)

    def _come_from_another_device(self, person: Person) -> None:
        """Sign in there, and find an answer and all texts."""
        browser = Browser(over_http(lambda: self.machine.port), "192.0.2.2")
        form = browser.get("/sign-in").form("nickname", "passphrase")
        assert form
        values = form.filled(nickname=person.nickname, passphrase=person.passphrase)
        if browser.post(form, values).status != 303:
            self.tally.add_failure(f"{person.name} can’t sign in")
            return
        self.tally.add("people signed in from another device")
        pages = dict.fromkeys(person.lines, "/my-data/copy.json")  # a long list is shown in parts
        pages |= dict.fromkeys(person.memberships, "/my-data/copy.json")
        pages |= dict.fromkeys(person.explanations, "/my-data/copy.json")
        seen = {address: browser.get(address).text for address in {*pages.values()}}
        for text, address in pages.items():
            if text not in seen[address]:
                self.tally.add_failure(f"{person.name} doesn’t find “{text}”")
        for attempt, position in [*person.answers][:3]:
            page = browser.get(f"/quizzes/{attempt}/{position}")
            if page.status != 200 or page.form("question"):
                self.tally.add_failure(f"{person.name} doesn’t find an answer")


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
