"""What clients do, each act with its entry in the ledger."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from questions.model import Question, Response
from tests.learn.people import form_fields, wrong_response
from tests.operations.browser import Form, Page
from tests.operations.ledger import Doubt, Person, Place
from tests.operations.visitor import Stopped, Visitor

_PLACE = re.compile(r"/quizzes/([0-9a-f-]{36})/(\d+)")
_NEXT = re.compile(r'class="button" href="(/quizzes/[0-9a-f-]{36}/\d+)"')
_LEADS_TO = {
    "sign in": ("sign_out", "save", "sign_in"),
    "save": ("save", "leave_device"),
    "delete": ("delete",),
    "own line": ("write_line",),
    "explanation": ("explain",),
    "join a group": ("join_group",),
}
"""What people do rather than answer while a request of that kind is aimed at."""

_PASSPHRASE = "four calm small words"
_ASK_AGAIN = {400, 404, 410, 422}


@dataclass(frozen=True)
class Surroundings:
    """What there is for clients to use; `versions` has every version of a question by its name."""

    versions: dict[tuple[str, str], Question]
    quizzes: tuple[str, ...]
    lessons: tuple[str, ...]
    code: str


class Client(threading.Thread):
    """Acts at random until it is told to stop."""

    def __init__(self, visitor: Visitor, around: Surroundings, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.visitor = visitor
        self._around = around
        self._stop_now = stop
        self._question: Page | None = None
        self._account: Person | None = None  # that they can sign in to
        self._texts = 0

    def run(self) -> None:
        """Act; a failure ends it."""
        try:
            while not self._stop_now.is_set():
                self._act()
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends the run as a failure
            self.visitor.tally.add_failure(f"{self.visitor.person.name}: {error!r}")
        finally:
            self.visitor.doubt = None
            self.visitor.traffic.client_ends()

    def _act(self) -> None:
        rng = self.visitor.rng
        acts = self._possible_acts()
        wanted = _LEADS_TO.get(self.visitor.traffic.aim, ())
        leading = [act for act in acts if act.__name__ in wanted]
        if leading and rng.random() < 0.8:
            leading[0]()
        else:
            rng.choices([*acts], [*acts.values()])[0]()

    def _possible_acts(self) -> dict[Callable[[], None], int]:
        """What this person can do now, and how often they do it."""
        person = self.visitor.person
        acts: dict[Callable[[], None], int] = {self.answer: 60, self.write_line: 6, self.explain: 5}
        if not person.memberships:
            acts[self.join_group] = 4
        if person.has_anything:
            acts[self.delete] = 2
            acts[self.leave_device] = 1
        if person.nickname:
            acts[self.sign_out] = 6
        elif self._account is not None and person.answers:
            acts[self.sign_in] = 20
        elif person.answers:
            acts[self.save] = 6
        return acts

    # quizzes

    def answer(self) -> None:
        """Answer a question, look at the feedback, and sometimes send another answer after it."""
        page = self._question or self.visitor.get(self.visitor.rng.choice(self._around.quizzes))
        self._question, form = None, page.form("question")
        if form is not None:
            self._answer_on(page, form)

    def _answer_on(self, page: Page, form: Form) -> None:
        hidden = dict(form.filled())
        question = self._around.versions[hidden["question"], hidden["version"]]
        given = self._two_responses(question)
        count = 2 if self.visitor.rng.random() < 0.25 else 1
        doubt = self._doubt_of_answer(page, question, given[:count])
        filled = [_fill_in(form, question, one) for one in given]
        reply = self.visitor.send(doubt, form, *filled[:count])
        place = _place(reply)
        if reply.status != 303 or place is None:
            self._expect(reply, _ASK_AGAIN)
            return
        self.visitor.person.answers.setdefault(place, [*given[:count]])
        self.visitor.tally.add("answers acknowledged")
        seen = self._feedback(place)
        if self.visitor.rng.random() < 0.2:
            self.visitor.send(Doubt("second answer", self.visitor.person), form, filled[-1])
        if match := _NEXT.search(seen.text):
            self._question = self.visitor.get(match.group(1))

    def _feedback(self, place: Place) -> Page:
        page = self.visitor.get(f"/quizzes/{place[0]}/{place[1]}")
        if page.form("question"):
            self.visitor.fail(f"no feedback at {page.address}")
        self.visitor.tally.add("feedback pages seen")
        return page

    def _two_responses(self, question: Question) -> tuple[Response, Response]:
        all_of_them = [
            question.right_response(),
            wrong_response(question),
            Response(unsure=True),
        ]
        first, second = self.visitor.rng.sample(all_of_them, 2)
        return first, second

    def _doubt_of_answer(
        self, page: Page, question: Question, given: tuple[Response, ...]
    ) -> Doubt:
        match = _PLACE.search(page.address)
        place = (uuid.UUID(match[1]), int(match[2])) if match else None
        kind = "answer" if place else "first answer"
        quiz = page.address.removeprefix("/quizzes/")
        return Doubt(kind, self.visitor.person, quiz, question.id, given, place)

    # texts and groups

    def write_line(self) -> None:
        """Write one's own question for the care team."""
        if len(self.visitor.person.lines) > 40:
            return
        form = _form_with_box(self.visitor.get("/care-team"))
        text = self._text("line")
        reply = self.visitor.send(
            Doubt("own line", self.visitor.person, text), form, form.filled(text=text)
        )
        if reply.status == 303:
            self.visitor.person.lines.add(text)
        self._expect(reply, {303})

    def explain(self) -> None:
        """Say a lesson in one's own words."""
        lesson = self.visitor.rng.choice(self._around.lessons)
        form = _form_with_box(self.visitor.get(f"/own-words/lesson/{lesson}"))
        text = self._text("explanation")
        reply = self.visitor.send(
            Doubt("explanation", self.visitor.person, text), form, form.filled(text=text)
        )
        if reply.status == 303:
            self.visitor.person.explanations.add(text)
        self._expect(reply, {303})

    def join_group(self) -> None:
        """Join the group, by a nickname."""
        page = self.visitor.get(f"/join/{self._around.code}")
        form = page.form("sharing", "nickname")
        if form is None:
            return
        text = self._text("member")
        reply = self.visitor.send(
            Doubt("join a group", self.visitor.person, text),
            form,
            form.filled(sharing="named", nickname=text),
        )
        if reply.status == 303:
            self.visitor.person.memberships.add(text)
        self._expect(reply, {303})

    # accounts

    def save(self) -> None:
        """Save my progress: a guest gets a nickname."""
        person = self.visitor.person
        form = self._need(self.visitor.get("/keep"), "draft", "passphrase")
        values = form.filled(nickname=person.name, passphrase=_PASSPHRASE)
        reply = self.visitor.send(Doubt("save", person, person.name), form, values)
        if reply.status == 200 and "<code>" in reply.text:
            person.nickname, person.passphrase = person.name, _PASSPHRASE
            self._account = person
        else:
            self.visitor.fail(f"{reply.status} for “save my progress”")

    def sign_out(self) -> None:
        """Leave the account, and be a new guest."""
        form = self._need(self.visitor.get("/sign-out"), "csrf_token", address="/sign-out")
        reply = self.visitor.send(Doubt("sign out", self.visitor.person), form, form.filled())
        self._expect(reply, {303})
        self._question = None
        self.visitor.person = self.visitor.new_person()

    def sign_in(self) -> None:
        """Sign in to the account; what the guest has goes with them."""
        guest, account = self.visitor.person, self._account
        if account is None:
            return
        form = self._need(self.visitor.get("/sign-in"), "nickname", "passphrase")
        more = {"mine": "y"} if "mine" in form.names() else {}
        values = form.filled(nickname=account.nickname, passphrase=account.passphrase, **more)
        doubt = Doubt("sign in", guest, account.nickname, merged_into=account)
        reply = self.visitor.send(doubt, form, values)
        self._expect(reply, {303})
        account.take_over(guest)
        self._question = None
        self.visitor.person = account

    def delete(self) -> None:
        """Delete everything, and be somebody else."""
        person = self.visitor.person
        reply = self._send_deletion(person)
        if reply.status == 403 and reply.form("current"):
            reply = self._send_deletion(person)  # five minutes had passed while the site was down
        self._expect(reply, {303})
        person.is_gone = True
        if self._account is person:
            self._account = None
        self._question = None
        self.visitor.person = self.visitor.new_person()

    def _send_deletion(self, person: Person) -> Page:
        page = self._confirmed("/my-data/delete")
        form = self._need(page, "csrf_token", address="/my-data/delete")
        return self.visitor.send(Doubt("delete", person, person.name), form, form.filled())

    def _confirmed(self, address: str) -> Page:
        """A page that may ask first who somebody is."""
        page, person = self.visitor.get(address), self.visitor.person
        form = page.form("current")
        if form is None:
            return page
        values = form.filled(current=person.passphrase)
        self._expect(self.visitor.send(Doubt("confirm", person), form, values), {303})
        return self.visitor.get(address)

    def leave_device(self) -> None:
        """Never come back; somebody else uses another device."""
        self._question = self._account = None
        self.visitor.begin_anew()

    # forms

    def _text(self, what: str) -> str:
        self._texts += 1
        return f"{self.visitor.person.name} {what} {self._texts}"

    def _need(self, page: Page, *names: str, address: str = "") -> Form:
        for form in page.forms:
            if form.names() >= {*names} and form.action.endswith(address):
                return form
        self.visitor.fail(f"no form with {names} at {page.address}")
        raise AssertionError

    def _expect(self, reply: Page, statuses: set[int]) -> None:
        if reply.status not in statuses:
            self.visitor.fail(f"{reply.status} for a form sent to {reply.address}")


def _form_with_box(page: Page) -> Form:
    return next(
        form
        for form in page.forms
        if any(one.kind == "textarea" and one.name == "text" for one in form.fields)
    )


def _fill_in(form: Form, question: Question, response: Response) -> list[tuple[str, str]]:
    given: Mapping[str, Any] = (
        {"answer": "?"} if response.unsure else form_fields(question, response)
    )
    return form.filled(**given)


def _place(reply: Page) -> Place | None:
    match = _PLACE.search(reply.header("location"))
    return (uuid.UUID(match[1]), int(match[2])) if match else None
