"""Lose the primary again and again while people use the site, and see that nothing is lost.

Patroni keeps two PostgreSQL servers, of which the primary waits for the standby at each commit.
Two instances of the site lead to the one that leads: the first through HAProxy, the second through
PgBouncer and HAProxy. `python -m tests.operations.failovers --help` tells how to run it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil

from learn.database import Database
from tests.operations.asking import Asker
from tests.operations.browser import Browser, Page, over_http
from tests.operations.changing_content import ChangingContent
from tests.operations.crowd import Crowd
from tests.operations.ledger import Person, Tally
from tests.operations.patroni import LONGEST_WITHOUT_ETCD, PatroniCluster, missing
from tests.operations.summary import summary
from tests.operations.traffic import RestlessTraffic
from tests.serving import Site

KINDS = (
    *("primary killed", "primary stopped", "switchover", "primary frozen, and back as a second"),
    *("PostgreSQL alone killed", "standby killed", "HAProxy killed", "PgBouncer killed"),
    "etcd killed",
)
PAGES = ("/", "/lessons", "/quizzes", "/progress", "/care-team", "/groups", "/my-data", "/readyz")
"""What has to come back on each instance, with a cookie of somebody."""

FREE = ("/", "/help", "/lessons", "/lessons/what-is-all", "/glossary", "/healthz")
"""What never goes away."""

_WORKERS = 2
_IN_A_ROW = 6  # good answers of each page, so that each worker has given one
_RECOVERS_WITHIN = 30.0  # seconds after the servers are whole again
_SLOWEST = 15.0  # seconds for any page, on a busy machine
_PATIENCE = 60.0
_ANSWERS = "answers acknowledged"


class Clock(Tally):
    """Also knows how long nobody's answer was acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.monotonic()
        self._longest = 0.0

    def add(self, what: str) -> None:
        if what == _ANSWERS:
            now = time.monotonic()
            self._longest, self._last = max(self._longest, now - self._last), now
        super().add(what)

    def begin(self) -> None:
        """Forget what was before."""
        self._last, self._longest = time.monotonic(), 0.0

    def longest(self) -> float:
        """The longest time since `begin` in which no answer was acknowledged."""
        return max(self._longest, time.monotonic() - self._last)


class Onlooker(threading.Thread):
    """Reads all the time what needs no database, on one instance."""

    def __init__(self, site: Site, tally: Tally, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.slowest = 0.0
        self._who = Asker(site.port)
        self._tally = tally
        self._stop_now = stop

    def run(self) -> None:
        while not self._stop_now.wait(0.5):
            for path in FREE:
                try:
                    reply = self._who.get(path)
                except OSError as error:
                    self._tally.add_failure(f"{path}: {error!r}")
                    return
                self.slowest = max(self.slowest, reply.seconds)
                self._tally.add("pages that need no database")
                if reply.status != 200 or reply.seconds > _SLOWEST:
                    self._tally.add_failure(f"{path}: {reply.status} in {reply.seconds:.1f} s")


class Failovers:
    """One run: a cluster, two instances of the site, people, and what happens to them."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.tally = Clock()
        self.cluster = PatroniCluster()
        self.away: dict[str, list[float]] = defaultdict(list)
        self.logs = ""  # their ends, once it is over
        self._folder = folder
        self._options = options
        self._rng = Random(options.seed)  # noqa: S311 - not a secret
        self._content = ChangingContent(folder / "content")
        self._traffic = RestlessTraffic(options.clients)
        self._crowd = Crowd(options, self._content, self._port, self._traffic, self.tally)
        self._sites: list[Site] = []
        self._stop = threading.Event()
        self._onlookers: list[Onlooker] = []
        self._browsers: list[Browser] = []

    @property
    def slowest(self) -> float:
        """The longest that a page took that needs no database."""
        return max((one.slowest for one in self._onlookers), default=0.0)

    def run(self) -> None:
        """Fail over until it was often enough; then look at everything once more."""
        try:
            self.cluster.start()
            self._start_sites()
            processes = self._processes()
            for kind in self._kinds():
                if self.tally.failures or self.tally.counts["failovers"] >= self._options.failovers:
                    break
                self._cycle(kind)
            self._end()
            if self._processes() != processes:
                self.tally.add_failure("a process of the site is another one than at the start")
        finally:
            self._stop.set()
            self._crowd.stop()
            self.logs = self._ends_of_logs()
            self._traffic.end_outage()
            for site in self._sites:
                site.kill()
            self.cluster.stop()

    def _ends_of_logs(self) -> str:
        own = [f"{s.log.name}:\n{s.log.read_text()[-2000:]}" for s in self._sites]
        return "\n".join([*own, self.cluster.end_of_logs()])

    def _kinds(self) -> Iterator[str]:
        """All kinds in an order by chance, again and again."""
        while True:
            yield from self._rng.sample(KINDS, len(KINDS))

    def _port(self) -> int:
        """Any instance, as a proxy before both would choose."""
        return self._rng.choice(self._sites).port

    def _start_sites(self) -> None:
        shared = {
            "SECRET_KEY": "a key of the failovers",
            "LEARN_TRUSTED_PROXIES": "1",
            "LEARN_CONTENT": str(self._content.folder),
            "LEARN_LOG_REQUESTS": "no",
        }
        own = {"LEARN_DATA": str(self._folder / "command"), "DATABASE_URL": self.cluster.url}
        invited = ""
        for arguments in (("migrate",), ("educator", "invite", "Nurse Kim")):
            invited = subprocess.run(
                [sys.executable, "-m", "learn", *arguments],
                env=os.environ | shared | own,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        through = (
            {"DATABASE_URL": self.cluster.url},
            {"DATABASE_URL": self.cluster.pooled_url, "LEARN_POOLER": "yes"},
        )
        for number, leads in enumerate(through, 1):
            self._sites.append(Site(self._folder / f"site{number}", _WORKERS, shared | leads))
        self._crowd.begin(invited)
        for site in self._sites:
            self._onlookers.append(Onlooker(site, self.tally, self._stop))
            self._onlookers[-1].start()
            self._browsers.append(self._somebody(site))

    def _somebody(self, site: Site) -> Browser:
        """Somebody with a question for the care team, who looks at all pages of one instance."""
        browser = Browser(over_http(lambda: site.port), "192.0.2.3")
        form = next(form for form in browser.get("/care-team").forms if "text" in form.names())
        text = f"Who can I call at night, from {site.data.name}?"
        assert browser.post(form, form.filled(text=text)).status == 303
        self._crowd.others.append(Person(site.data.name, lines={text}))
        return browser

    def _cycle(self, kind: str) -> None:
        """Let people work, let something happen, wait until all is well, and judge."""
        time.sleep(self._rng.uniform(0.5, 3))
        self.tally.begin()
        self._traffic.is_down = True
        began = time.monotonic()
        leader = self.cluster.leader()
        self._happen(kind, leader)
        if not self.cluster.wait_until_whole():
            self.tally.add("Patroni had to be helped")
        if self.cluster.leader() != leader:
            self.tally.add("another server leads")
        self.tally.add("failovers")
        self.tally.add(f"failovers: {kind}")
        self._wait_for_recovery()
        with self._traffic.held() as is_still:
            self.away[kind].append(self.tally.longest())
            if not is_still:
                self.tally.add_failure("a client still waits for an answer")
            self._traffic.is_down = False
            self._judge()
        number = self.tally.counts["failovers"]
        print(
            f"{number}/{self._options.failovers} {kind}: no answer taken for at most "
            f"{self.away[kind][-1]:.1f} s, whole after {time.monotonic() - began:.0f} s",
            flush=True,
        )

    def _happen(self, kind: str, leader: str) -> None:
        cluster = self.cluster
        match kind:
            case "primary killed":
                cluster.kill(leader)
                cluster.wait_for_other_leader(leader)
                self._let_some_time_pass()
                cluster.start_node(leader)
            case "primary stopped":
                cluster.terminate(leader)
                cluster.wait_for_other_leader(leader)
                self._let_some_time_pass()
                cluster.start_node(leader)
            case "switchover":
                cluster.switch_over()
            case "primary frozen, and back as a second":
                self._freeze(leader)
            case "PostgreSQL alone killed":
                cluster.kill_postgres(leader)
                time.sleep(1)
            case "standby killed":
                standby = next(name for name in cluster.members() if name != leader)
                cluster.kill(standby)
                self._let_some_time_pass()
                cluster.start_node(standby)
            case _:
                program = kind.split(maxsplit=1)[0].lower()
                cluster.kill_program(program)
                self._let_some_time_pass()
                time.sleep(LONGEST_WITHOUT_ETCD if program == "etcd" else 0)
                cluster.start_program(program)

    def _freeze(self, leader: str) -> None:
        """Freeze the primary until the standby leads; then it goes on, and takes itself for one."""
        with self.cluster.frozen(leader) as thaw_postgres:
            self.cluster.wait_for_other_leader(leader)
            self._let_some_time_pass()
            thaw_postgres()
            if self.cluster.is_primary(leader):
                self.tally.add("second primaries")
            if self.cluster.try_to_write(leader, 4):
                self.tally.add_failure("a second primary acknowledged a write")

    def _let_some_time_pass(self) -> None:
        time.sleep(self._rng.uniform(0.5, 5))

    def _wait_for_recovery(self) -> None:
        """Wait until every worker of each instance shows every page again."""
        until = time.monotonic() + _RECOVERS_WITHIN
        for browser in self._browsers:
            for path in (*PAGES, f"/join/{self._crowd.code}"):
                in_a_row = 0
                page: Page | None = None
                while in_a_row < _IN_A_ROW:
                    if page is not None and time.monotonic() > until:
                        self.tally.add_failure(f"{path} doesn’t come back: {page.status}")
                        return
                    page = browser.get(path)
                    is_well = page.status == 200 and (
                        path != "/care-team" or "at night" in page.text
                    )
                    in_a_row = in_a_row + 1 if is_well else 0
                    time.sleep(0 if is_well else 0.1)
                self.tally.add("pages that came back")

    def _judge(self) -> None:
        database = Database(self.cluster.url)
        try:
            self._crowd.judge(database, [site.data for site in self._sites])
        finally:
            database.dispose()

    def _end(self) -> None:
        self._crowd.stop()
        self._crowd.wait(_PATIENCE)
        self._judge()
        self._crowd.come_from_other_devices()
        for site in self._sites:
            if "Traceback" in site.log.read_text():
                self.tally.add_failure(f"there is a traceback in the log of {site.data.name}")

    def _processes(self) -> set[int]:
        """The processes of both instances; they stay the same to the end."""
        first = [psutil.Process(site.pid) for site in self._sites]
        return {p.pid for one in first for p in (one, *one.children(recursive=True))}


def main() -> None:
    options = _parser().parse_args()
    if what_to_do := missing():
        print(what_to_do, file=sys.stderr)
        sys.exit(2)
    with tempfile.TemporaryDirectory(prefix="failovers") as folder:
        run = Failovers(Path(folder), options)
        try:
            run.run()
        except (Exception, KeyboardInterrupt) as error:
            run.tally.add_failure(f"the run broke: {error!r}"[:3000])
            raise
        finally:
            print(summary(run.tally, options))
            print("Seconds without an acknowledged answer (median, longest):")
            for kind, seconds in sorted(run.away.items()):
                median, longest = statistics.median(seconds), max(seconds)
                print(f"  {kind}: {median:.1f}, {longest:.1f} ({len(seconds)} times)")
            print(f"The slowest page that needs no database: {run.slowest:.1f} seconds")
            if run.tally.failures:
                print(run.logs)
    sys.exit(bool(run.tally.failures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tests.operations.failovers", description=__doc__)
    parser.add_argument("--failovers", type=int, default=60, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of what happens when")
    parser.add_argument("--clients", type=int, default=6, help="at once (%(default)s)")
    parser.set_defaults(database="postgresql, kept by Patroni")
    return parser


if __name__ == "__main__":
    main()
