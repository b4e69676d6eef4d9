"""The people of the fuzzer: learners, guests and educators, each with rows in every table.

Created through the site where possible; rows that no page makes are inserted directly.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import Connection, String, insert, select, update

from learn.educators import actions as educators
from learn.library.content import Content
from learn.models import Assignment, GroupEducator, PaperSitting, Room
from learn.models.base import table_of
from learn.models.types import Moment
from learn.my_data.queries import tables_with_account_id
from learn.paper import actions as papers
from learn.paper.actions import FormLine, NewSitting
from learn.paper.queries import PrintedVersion
from tests.learn.people import form_fields
from tests.learn.row_factory import add_row
from tests.operations.browser import Browser, Exchange, Form, Page

_NOT_FOR_EVERYBODY = {"demo", "educator", "group_educator", "sign_in", "account"}
_QUIZZES = ("/quizzes/lesson/what-is-all", "/quizzes/mixed", "/quizzes/before")
_LESSON = "what-is-all"


@dataclass(eq=False)
class FuzzUser:
    """One user of the fuzzer: their cookies, and the ids and texts of their rows.

    `ids` has, by the name of an argument in addresses, what belongs to them.
    """

    name: str
    browser: Browser
    account: uuid.UUID | None = None
    groups_led: set[str] = field(default_factory=set)
    ids: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """A unique marker in everything that this user writes."""
        return f"Zq{self.name}{uuid.uuid5(uuid.NAMESPACE_OID, self.name).hex[:6]}"

    @property
    def passphrase(self) -> str:
        return f"calm words of {self.text}"

    @cached_property
    def forms(self) -> list[Form]:
        """All forms of all pages that they see."""
        return [form for page in self.pages.values() for form in page.forms]


@dataclass
class FuzzUsers:
    """All users; `texts` says who may see a text, `members_of` lists members by educator."""

    everyone: list[FuzzUser]
    codes: list[str]
    texts: dict[str, set[str]]
    members_of: dict[str, set[str]]
    room_codes: list[str] = field(default_factory=list)

    def of(self, name: str) -> FuzzUser:
        return next(user for user in self.everyone if user.name == name)

    def known(self, argument: str) -> list[str]:
        """All ids that anybody has for that argument of an address, each once."""
        return [*dict.fromkeys(i for user in self.everyone for i in user.ids.get(argument, []))]


class FuzzUserFactory:
    """Create the users in an empty database."""

    def __init__(self, app: Flask, content: Content, exchange: Exchange) -> None:
        self._app = app
        self._content = content
        self._exchange = exchange
        self._everyone: list[FuzzUser] = []

    def build(self) -> FuzzUsers:
        """Put Ana and Zoe into the groups of Kim and Lee; Ben is a guest; Max is removed."""
        kim, lee, gone = self._educator("kim"), self._educator("lee"), self._educator("max")
        codes = [self._group(kim), self._group(lee), self._group(gone)]
        ana = self._learner("ana", codes[0], "named", registers=True)
        ben = self._learner("ben", codes[0], "totals", registers=False)
        zoe = self._learner("zoe", codes[1], "named", registers=True)
        self._learner("eve", "", "", registers=False)
        with self._app.extensions["learn.database"].transaction() as session:
            for user in (ana, ben, zoe):
                user.account = account_of(session.connection(), user)
                self._fill(session, user)
            for user in (kim, lee):
                self._assign(session, user)
                self._ask_a_room(session, user)
                self._type_in_papers(session, user)
            now = datetime.now(UTC)
            educators.remove(session, account_of(session.connection(), gone), now)
        users = FuzzUsers(
            [*self._everyone, FuzzUser("nobody", self._browser())],
            codes,
            {},
            {"kim": {"ana", "ben"}, "lee": {"zoe"}},
        )
        with self._app.extensions["learn.database"].transaction() as session:
            _load_ids(users, session.connection())
            users.room_codes = [*session.scalars(select(Room.code).order_by(Room.code))]
        _record_who_may_see(users)
        return users

    def _browser(self) -> Browser:
        return Browser(self._exchange, f"198.51.100.{len(self._everyone) + 1}")

    def _user(self, name: str) -> FuzzUser:
        self._everyone.append(FuzzUser(name, self._browser()))
        return self._everyone[-1]

    def _educator(self, name: str) -> FuzzUser:
        user = self._user(name)
        token = f"token-of-{name}"
        with self._app.extensions["learn.database"].transaction() as session:
            educators.invite(session, f"Nurse {user.text}", token, datetime.now(UTC))
        self._register(user)
        self._send(user, f"/educators/invite/{token}", "csrf_token")
        return user

    def _group(self, user: FuzzUser) -> str:
        page = self._send(user, "/groups", "name", name=f"Group {user.text}")
        group = page.header("location").split("/")[2]
        user.groups_led.add(group)
        code = re.search(r"/join/([A-Z-]+)", user.browser.get(f"/groups/{group}/code").text)
        assert code
        return code[1]

    def _learner(self, name: str, code: str, sharing: str, *, registers: bool) -> FuzzUser:
        user = self._user(name)
        for quiz in _QUIZZES:
            page = user.browser.get(quiz)
            for _ in range(2):
                page = self._answer(user, page)
        self._send(user, "/care-team", "text", text=f"A line of {user.text}")
        self._send(user, f"/own-words/lesson/{_LESSON}", "text", text=f"Words of {user.text}")
        if registers:
            self._register(user)
        if code:
            more = {"nickname": f"Member {user.text}"} if sharing == "named" else {}
            self._send(user, f"/join/{code}", "sharing", sharing=sharing, earlier="y", **more)
        return user

    def _register(self, user: FuzzUser) -> None:
        page = self._send(
            user, "/keep", "draft", nickname=f"Nick {user.text}", passphrase=user.passphrase
        )
        assert page.status == 200, page.text

    def _answer(self, user: FuzzUser, page: Page) -> Page:
        form = page.form("question")
        assert form, page.text
        question = self._content.bank.questions[dict(form.filled())["question"]]
        right = form_fields(question, question.right_response())
        answered = user.browser.post(form, form.filled(**right))
        shown = user.browser.get(answered.header("location"))
        following = re.search(r'class="button" href="([^"]+)"', shown.text)
        assert following
        return user.browser.get(following[1])

    def _send(self, user: FuzzUser, address: str, name: str, /, **given: str) -> Page:
        form = user.browser.get(address).form(name)
        assert form, address
        page = user.browser.post(form, form.filled(**given))
        assert page.status in {200, 303}, f"{page.status} at {address}: {page.text}"
        return page

    def _fill(self, session: Any, user: FuzzUser) -> None:
        """A row in each table in which they have none, with their name in each text."""
        assert user.account
        for table, owner in tables_with_account_id().items():
            if table.name in _NOT_FOR_EVERYBODY:
                continue
            if not session.execute(select(owner).where(owner == user.account).limit(1)).first():
                add_row(session, table, user.account)
            if table.name == "passkey":
                session.execute(
                    update(table).where(owner == user.account).values(name=f"Phone {user.text}")
                )

    def _assign(self, session: Any, user: FuzzUser) -> None:
        """A quiz for each group that they lead."""
        for group in user.groups_led:
            asked = {"questions": [*self._content.bank.questions][:3], "fixed": True}
            session.execute(
                insert(table_of(Assignment)).values(
                    id=uuid.uuid4(),
                    group_id=uuid.UUID(group),
                    kind="quiz",
                    title=f"Before {user.text}",
                    contents=asked,
                    due_on=None,
                    created_at=datetime.now(UTC),
                    closed_at=None,
                )
            )

    def _ask_a_room(self, session: Any, user: FuzzUser) -> None:
        """A room with a question, open or closed, for each group that they lead."""
        for number, group in enumerate(sorted(user.groups_led)):
            question = [*self._content.bank.counted.values()][number].questions[0]
            session.execute(
                insert(table_of(Room)).values(
                    id=uuid.uuid4(),
                    group_id=uuid.UUID(group),
                    code=f"{'DAGOMEL' if user.name == 'kim' else 'BULEGAP'}{'AEOU'[number]}",
                    question_id=question.id,
                    version=question.version,
                    shown="0",
                    turn=1,
                    round=1,
                    phase="open",
                    ends_at=datetime.now(UTC) + timedelta(days=1),
                )
            )

    def _type_in_papers(self, session: Any, user: FuzzUser) -> None:
        """A quiz on paper with two papers for each group that they lead."""
        for group in sorted(user.groups_led):
            question = next(q for q in self._content.bank.questions.values() if q.counts_chosen)
            asked = (PrintedVersion(question.id, question.version, "0"),)
            sitting = NewSitting(uuid.uuid4(), uuid.UUID(group), f"Paper of {user.text}", asked, 0)
            now = datetime.now(UTC)
            papers.create(session, sitting, iter(range(1000, 9999)), now)
            right = {"1": question.right_response().to_json()}
            lines = [FormLine(1, right), FormLine(2, {})]
            papers.save(session, sitting.id, uuid.uuid4(), lines, now)


def account_of(connection: Connection, user: FuzzUser) -> uuid.UUID:
    """The account that has their name in a row of some table."""
    for table, owner in tables_with_account_id().items():
        for column in table.columns:
            if isinstance(column.type, String):
                found = connection.scalar(select(owner).where(column.contains(user.text)))
                if found:
                    return found  # type: ignore[no-any-return]
    raise AssertionError(f"nothing of {user.name} is there")


_ARGUMENTS = {
    "attempt": ("attempt_id", "id"),
    "care_line": ("line", "id"),
    "explanation": ("text_id", "id"),
    "passkey": ("passkey_id", "id"),
    "notice": ("notice_id", "id"),
    "sign_in_session": ("session_id", "id"),
    "membership": ("membership_id", "id"),
}


def _load_ids(users: FuzzUsers, connection: Connection) -> None:
    """Load the account and the ids of each user from the database."""
    for user in users.everyone:
        if user.name == "nobody":
            continue
        user.account = user.account or account_of(connection, user)
        for table, owner in tables_with_account_id().items():
            if table.name in _ARGUMENTS:
                name, column = _ARGUMENTS[table.name]
                made = next(c for c in table.columns if isinstance(c.type, Moment))
                own = select(table.c[column]).where(owner == user.account)
                rows = connection.scalars(own.order_by(made, table.c[column]))
                user.ids[name] = [str(row) for row in rows]
        led = select(GroupEducator.group_id).where(GroupEducator.account_id == user.account)
        user.groups_led = {str(group) for group in connection.scalars(led)}
        user.ids["group_id"] = sorted(user.groups_led)
        tasks = select(Assignment.id).where(
            Assignment.group_id.in_(map(uuid.UUID, user.groups_led))
        )
        user.ids["assignment_id"] = [str(own) for own in connection.scalars(tasks)]
        rooms = select(Room.id).where(Room.group_id.in_(map(uuid.UUID, user.groups_led)))
        sittings = select(PaperSitting.id).where(
            PaperSitting.group_id.in_(map(uuid.UUID, user.groups_led))
        )
        user.ids["sitting_id"] = [str(own) for own in connection.scalars(sittings)]
        user.ids["room_id"] = [str(own) for own in connection.scalars(rooms)]


def _record_who_may_see(users: FuzzUsers) -> None:
    """A learner's texts are seen by them; the nickname of a member also by who leads the group."""
    educator_of = {name: by for by, names in users.members_of.items() for name in names}
    for user in users.everyone:
        if user.name in {"nobody", "kim", "lee", "max"}:
            continue
        users.texts[f"Member {user.text}"] = {user.name, educator_of.get(user.name, user.name)}
        for what in ("Nick", "A line of", "Words of", "Phone"):
            users.texts[f"{what} {user.text}"] = {user.name}
        for name in ("attempt_id", "line", "text_id", "passkey_id", "notice_id", "session_id"):
            users.texts |= {own: {user.name} for own in user.ids.get(name, [])}
        users.texts |= {
            own: {user.name, educator_of.get(user.name, user.name)}
            for own in user.ids.get("membership_id", [])
        }
        users.texts |= {str(user.account): {user.name}, user.account.hex: {user.name}}
