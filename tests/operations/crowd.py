"""Everybody who uses the site in a run: clients, an educator with a group, and their things."""

from __future__ import annotations

import argparse
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from learn.database import Database
from tests.operations import deletion_list, verdict
from tests.operations.browser import Browser, over_http
from tests.operations.changing_content import ChangingContent
from tests.operations.clients import Client, Surroundings
from tests.operations.constraints import broken
from tests.operations.ledger import Person, Tally
from tests.operations.snapshot import Snapshot
from tests.operations.traffic import Traffic
from tests.operations.visitor import Visitor


class Crowd:
    """People at whatever port the site has by then."""

    def __init__(
        self,
        options: argparse.Namespace,
        content: ChangingContent,
        port: Callable[[], int],
        traffic: Traffic,
        tally: Tally,
    ) -> None:
        self.code = ""  # to join the group
        self.others: list[Person] = [Person("Nurse Kim")]
        """Who uses the site beside the clients; the educator is the first."""
        self._options = options
        self._content = content
        self._port = port
        self._traffic = traffic
        self._tally = tally
        self._stop = threading.Event()
        self._clients: list[Client] = []

    @property
    def people(self) -> list[Person]:
        return [*self.others, *(p for c in self._clients for p in c.visitor.people)]

    def begin(self, invitation: str) -> None:
        """Let an educator make a group, and start the clients.

        `invitation` is what `learn educator invite "Nurse Kim"` printed.
        """
        self.code = self._join_code(invitation)
        around = Surroundings(
            self._content.versions,
            self._quizzes(),
            tuple(i for i, lesson in self._content.now.lessons.items() if lesson.points),
            self.code,
        )
        for number in range(self._options.clients):
            rng = Random(f"{self._options.seed}/{number}")  # noqa: S311 - not a secret
            name = f"q{chr(97 + number)}"
            visitor = Visitor(name, rng, self._port, self._traffic, self._tally)
            self._clients.append(Client(visitor, around, self._stop))
        for client in self._clients:
            client.start()

    def stop(self) -> None:
        """Tell the clients to end."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Wait for each client to end what it does; nothing is in doubt then."""
        for client in self._clients:
            client.join(seconds)

    def judge(self, database: Database, folders: Sequence[Path]) -> Snapshot:
        """Compare the database and the data folders with what the people were told."""
        doubts = [c.visitor.doubt for c in self._clients if c.visitor.doubt is not None]
        for failure in broken(database):
            self._tally.add_failure(failure)
        snapshot = Snapshot(database)
        verdict.judge(snapshot, self.people, doubts, self._content.versions, self._tally)
        deletion_list.judge(snapshot, self.people, folders, self._tally)
        return snapshot

    def come_from_other_devices(self) -> None:
        """All who have an account sign in elsewhere, and find what is theirs."""
        for client in self._clients:
            client.visitor.doubt = None
        for person in (p for c in self._clients for p in c.visitor.people):
            if person.nickname and not person.is_gone and not self._tally.failures:
                self._come_from_another_device(person)

    def _quizzes(self) -> tuple[str, ...]:
        """Quizzes to take: often those that ask what the editor changes."""
        lessons = [self._content.lesson_of(q) for q in self._content.with_steps()]
        topics = [f"/quizzes/topic/{topic}" for topic in self._content.now.topics]
        return (*(f"/quizzes/lesson/{one}" for one in lessons), *topics, "/quizzes/mixed")

    def _join_code(self, invitation: str) -> str:
        """Accept the invitation, and make a group; the code to join it."""
        address = re.search(r"/educators/invite/\S+", invitation)
        assert address, invitation
        kim = Browser(over_http(self._port), "192.0.2.1")
        form = kim.get(f"/keep?to={address[0]}").form("draft", "passphrase")
        assert form
        kim.post(form, form.filled(nickname="Nurse Kim", passphrase="four calm small words"))
        self.others[0].nickname = "Nurse Kim"
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

    def _come_from_another_device(self, person: Person) -> None:
        """Sign in there, and find an answer and all texts."""
        browser = Browser(over_http(self._port), "192.0.2.2")
        form = browser.get("/sign-in").form("nickname", "passphrase")
        assert form
        values = form.filled(nickname=person.nickname, passphrase=person.passphrase)
        if browser.post(form, values).status != 303:
            self._tally.add_failure(f"{person.name} can’t sign in")
            return
        self._tally.add("people signed in from another device")
        pages = dict.fromkeys(person.lines, "/my-data/copy.json")  # a long list is shown in parts
        pages |= dict.fromkeys(person.memberships, "/my-data/copy.json")
        pages |= dict.fromkeys(person.explanations, "/my-data/copy.json")
        seen = {address: browser.get(address).text for address in {*pages.values()}}
        for text, address in pages.items():
            if text not in seen[address]:
                self._tally.add_failure(f"{person.name} doesn’t find “{text}”")
        for attempt, position in [*person.answers][:3]:
            page = browser.get(f"/quizzes/{attempt}/{position}")
            if page.status != 200 or page.form("question"):
                self._tally.add_failure(f"{person.name} doesn’t find an answer")
