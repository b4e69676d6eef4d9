"""The people of the fuzzer: learners, guests and educators, each with rows in every table.

They come by the pages, as people do; only what no page makes is put into the tables directly.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import Connection, String, insert, select, update

from learn.educators import actions as educators
from learn.library.content import Content
from learn.models import Assignment, GroupEducator
from learn.models.base import table_of
from learn.models.types import Moment
from learn.my_data.queries import tables_with_account_id
from tests.learn.people import form_fields
from tests.learn.row_factory import add_row
from tests.operations.browser import Browser, Exchange, Form, Page

_NOT_FOR_EVERYBODY = {"demo", "educator", "group_educator", "sign_in", "account"}
_QUIZZES = ("/quizzes/lesson/what-is-all", "/quizzes/mixed", "/quizzes/before")
_LESSON = "what-is-all"


@dataclass(eq=False)
class Member:
    """Somebody of the cast: their cookies, and the ids and texts of their rows.

    `ids` has, by the name of an argument in addresses, what belongs to them.
    """

    name: str
    browser: Browser
    account: uuid.UUID | None = None
    leads: set[str] = field(default_factory=set)
    ids: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """What stands in all that they write, and nowhere else."""
        return f"Zq{self.name}{uuid.uuid5(uuid.NAMESPACE_OID, self.name).hex[:6]}"

    @property
    def passphrase(self) -> str:
        return f"calm words of {self.text}"

    @cached_property
    def forms(self) -> list[Form]:
        """All forms of all pages that they see."""
        return [form for page in self.pages.values() for form in page.forms]


@dataclass
class Cast:
    """Everybody; `texts` says who may see which text, `members_of` who is in whose group."""

    members: list[Member]
    codes: list[str]
    texts: dict[str, set[str]]
    members_of: dict[str, set[str]]

    def of(self, name: str) -> Member:
        return next(one for one in self.members if one.name == name)

    def known(self, argument: str) -> list[str]:
        """All ids that anybody has for that argument of an address, each once."""
        return [*dict.fromkeys(i for one in self.members for i in one.ids.get(argument, []))]


class Casting:
    """Makes the cast in an empty database."""

    def __init__(self, app: Flask, content: Content, exchange: Exchange) -> None:
        self._app = app
        self._content = content
        self._exchange = exchange
        self._members: list[Member] = []

    def cast(self) -> Cast:
        """Ana and Zoe are in the groups of Kim and Lee; Ben is a guest; Max leads none any more."""
        kim, lee, gone = self._educator("kim"), self._educator("lee"), self._educator("max")
        codes = [self._group(kim), self._group(lee), self._group(gone)]
        ana = self._learner("ana", codes[0], "named", registers=True)
        ben = self._learner("ben", codes[0], "totals", registers=False)
        zoe = self._learner("zoe", codes[1], "named", registers=True)
        self._learner("eve", "", "", registers=False)
        with self._app.extensions["learn.database"].transaction() as session:
            for one in (ana, ben, zoe):
                one.account = account_of(session.connection(), one)
                self._fill(session, one)
            for one in (kim, lee):
                self._assign(session, one)
            now = datetime.now(UTC)
            educators.remove(session, account_of(session.connection(), gone), now)
        cast = Cast(
            [*self._members, Member("nobody", self._browser())],
            codes,
            {},
            {"kim": {"ana", "ben"}, "lee": {"zoe"}},
        )
        with self._app.extensions["learn.database"].transaction() as session:
            _read(cast, session.connection())
        _say_who_sees_what(cast)
        return cast

    def _browser(self) -> Browser:
        return Browser(self._exchange, f"198.51.100.{len(self._members) + 1}")

    def _member(self, name: str) -> Member:
        self._members.append(Member(name, self._browser()))
        return self._members[-1]

    def _educator(self, name: str) -> Member:
        one = self._member(name)
        token = f"token-of-{name}"
        with self._app.extensions["learn.database"].transaction() as session:
            educators.invite(session, f"Nurse {one.text}", token, datetime.now(UTC))
        self._register(one)
        self._send(one, f"/educators/invite/{token}", "csrf_token")
        return one

    def _group(self, one: Member) -> str:
        page = self._send(one, "/groups", "name", name=f"Group {one.text}")
        group = page.header("location").split("/")[2]
        one.leads.add(group)
        code = re.search(r"/join/([A-Z-]+)", one.browser.get(f"/groups/{group}/code").text)
        assert code
        return code[1]

    def _learner(self, name: str, code: str, sharing: str, *, registers: bool) -> Member:
        one = self._member(name)
        for quiz in _QUIZZES:
            page = one.browser.get(quiz)
            for _ in range(2):
                page = self._answer(one, page)
        self._send(one, "/care-team", "text", text=f"A line of {one.text}")
        self._send(one, f"/own-words/lesson/{_LESSON}", "text", text=f"Words of {one.text}")
        if registers:
            self._register(one)
        if code:
            more = {"nickname": f"Member {one.text}"} if sharing == "named" else {}
            self._send(one, f"/join/{code}", "sharing", sharing=sharing, earlier="y", **more)
        return one

    def _register(self, one: Member) -> None:
        page = self._send(
            one, "/keep", "draft", nickname=f"Nick {one.text}", passphrase=one.passphrase
        )
        assert page.status == 200, page.text

    def _answer(self, one: Member, page: Page) -> Page:
        form = page.form("question")
        assert form, page.text
        question = self._content.bank.questions[dict(form.filled())["question"]]
        right = form_fields(question, question.right_response())
        answered = one.browser.post(form, form.filled(**right))
        shown = one.browser.get(answered.header("location"))
        following = re.search(r'class="button" href="([^"]+)"', shown.text)
        assert following
        return one.browser.get(following[1])

    def _send(self, one: Member, address: str, name: str, /, **given: str) -> Page:
        form = one.browser.get(address).form(name)
        assert form, address
        page = one.browser.post(form, form.filled(**given))
        assert page.status in {200, 303}, f"{page.status} at {address}: {page.text}"
        return page

    def _fill(self, session: Any, one: Member) -> None:
        """A row in each table in which they have none, with their name in each text."""
        assert one.account
        for table, owner in tables_with_account_id().items():
            if table.name in _NOT_FOR_EVERYBODY:
                continue
            if not session.execute(select(owner).where(owner == one.account).limit(1)).first():
                add_row(session, table, one.account)
            if table.name == "passkey":
                session.execute(
                    update(table).where(owner == one.account).values(name=f"Phone {one.text}")
                )

    def _assign(self, session: Any, one: Member) -> None:
        """A quiz for each group that they lead."""
        for group in one.leads:
            asked = {"questions": [*self._content.bank.questions][:3], "fixed": True}
            session.execute(
                insert(table_of(Assignment)).values(
                    id=uuid.uuid4(),
                    group_id=uuid.UUID(group),
                    kind="quiz",
                    title=f"Before {one.text}",
                    contents=asked,
                    due_on=None,
                    created_at=datetime.now(UTC),
                    closed_at=None,
                )
            )


def account_of(connection: Connection, one: Member) -> uuid.UUID:
    """The account that has their name in a row of some table."""
    for table, owner in tables_with_account_id().items():
        for column in table.columns:
            if isinstance(column.type, String):
                found = connection.scalar(select(owner).where(column.contains(one.text)))
                if found:
                    return found  # type: ignore[no-any-return]
    raise AssertionError(f"nothing of {one.name} is there")


_ARGUMENTS = {
    "attempt": ("attempt_id", "id"),
    "care_line": ("line", "id"),
    "explanation": ("text_id", "id"),
    "passkey": ("passkey_id", "id"),
    "notice": ("notice_id", "id"),
    "sign_in_session": ("session_id", "id"),
    "membership": ("membership_id", "id"),
}


def _read(cast: Cast, connection: Connection) -> None:
    """Find the account and the ids of everybody."""
    for one in cast.members:
        if one.name == "nobody":
            continue
        one.account = one.account or account_of(connection, one)
        for table, owner in tables_with_account_id().items():
            if table.name in _ARGUMENTS:
                name, column = _ARGUMENTS[table.name]
                made = next(c for c in table.columns if isinstance(c.type, Moment))
                own = select(table.c[column]).where(owner == one.account)
                rows = connection.scalars(own.order_by(made, table.c[column]))
                one.ids[name] = [str(row) for row in rows]
        led = select(GroupEducator.group_id).where(GroupEducator.account_id == one.account)
        one.leads = {str(group) for group in connection.scalars(led)}
        one.ids["group_id"] = sorted(one.leads)
        tasks = select(Assignment.id).where(Assignment.group_id.in_(map(uuid.UUID, one.leads)))
        one.ids["assignment_id"] = [str(own) for own in connection.scalars(tasks)]


def _say_who_sees_what(cast: Cast) -> None:
    """A learner's texts are seen by them; the nickname of a member also by who leads the group."""
    leads = {name: by for by, names in cast.members_of.items() for name in names}
    for one in cast.members:
        if one.name in {"nobody", "kim", "lee", "max"}:
            continue
        cast.texts[f"Member {one.text}"] = {one.name, leads.get(one.name, one.name)}
        for what in ("Nick", "A line of", "Words of", "Phone"):
            cast.texts[f"{what} {one.text}"] = {one.name}
        for name in ("attempt_id", "line", "text_id", "passkey_id", "notice_id", "session_id"):
            cast.texts |= {own: {one.name} for own in one.ids.get(name, [])}
        cast.texts |= {
            own: {one.name, leads.get(one.name, one.name)}
            for own in one.ids.get("membership_id", [])
        }
        cast.texts |= {str(one.account): {one.name}, one.account.hex: {one.name}}
