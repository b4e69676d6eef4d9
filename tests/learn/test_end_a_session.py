"""Somebody signs out, here or elsewhere: the cookie is good for nothing from then on."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update
from werkzeug.test import TestResponse

from learn.models import Account, Base, Item, Notice, Passkey, RateLimit, SignIn, SignInSession
from learn.models.base import table_of
from tests.learn.leading import Room, join_named, make_group
from tests.learn.people import Person, right_answer, text_of
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
    QUIZ,
    code_on,
    recover,
    register,
    sign_in,
    sign_out,
)
from tests.learn.signing_in import LONG_AGO

SESSIONS = table_of(SignInSession)
NICKNAME = "Zuleika"
WORDS = "Quokkas ask: why me?"
SIGNED_OUT = "You’ve been signed out on this device"


def cookie(person: Person) -> str:
    return person.browser.get_cookie("learn_all").value


def copy_of(person: Person) -> Person:
    """Somebody with a copy of the person's cookie, as it is now."""
    found = Person(person.browser.application, person.content)
    found.browser.set_cookie("learn_all", cookie(person))
    return found


def sessions(connection: Connection) -> list[Any]:
    return [*connection.execute(select(SESSIONS).order_by(SESSIONS.c.created_at))]


# Every route


@dataclass
class Scene:
    """Somebody with something on every page; what stands in addresses; what only they may see."""

    person: Person
    given: dict[str, Any]
    own: set[str] = field(default_factory=set)

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """Every endpoint with its methods and its address."""
        app = self.person.browser.application
        for rule in app.url_map.iter_rules():
            if app.view_functions[rule.endpoint].guard == "anyone":  # type: ignore[attr-defined]
                continue
            values = {k: self.given[k] for k in rule.arguments if k in self.given}
            if rule.endpoint.startswith("membership."):
                values = {
                    k: self.given[f"my_{k}"] if k == "group_id" else v for k, v in values.items()
                }
            if rule.endpoint == "lessons.path":
                values["path_id"] = "this-week"
            if rule.endpoint.startswith("mistakes."):
                values |= {"kind": "lesson", "name": "what-is-all"}
            elif "name" in rule.arguments - (rule.defaults or {}).keys():
                values["name"] = "what-is-all"  # of a lesson and of a topic
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **(rule.defaults or {}), **values)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, address

    def told_by(self, page: TestResponse, address: str) -> set[str]:
        """What the response tells of its owner that its address does not."""
        body = page.get_data()
        if body.startswith(b"PK"):
            files = zipfile.ZipFile(io.BytesIO(body))
            body = b"".join(files.read(name) for name in files.namelist())
        said = body.decode() + str(page.headers)
        return {mark for mark in self.own if mark in said and mark not in address}


@pytest.fixture
def scene(ana: Person, room: Room, connection: Connection) -> Scene:
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    attempt = ana.address.split("/")[2]
    ana.take("lesson/what-causes-all")
    ana.open("/own-words/lesson/what-is-all")
    text_id = ana.post("/own-words/lesson/what-is-all", ana.form(text=WORDS)).location.split("/")[2]
    ana.open("/care-team")
    line = ana.post("/care-team/write", ana.form(text=WORDS)).location.partition("#line-")[2]
    return Scene(
        ana,
        {
            "attempt_id": attempt,
            "position": 2,
            "text_id": text_id,
            "line": line,
            "my_group_id": room.id,
            "group_id": uuid.uuid4(),
            "code": room.code,
            "token": "no-such-token",
            "lesson_id": "what-is-all",
            **dict.fromkeys(
                ("assignment_id", "membership_id", "question_id", "session_id"), uuid.uuid4()
            ),
            **dict.fromkeys(("passkey_id", "notice_id"), uuid.uuid5(uuid.NAMESPACE_DNS, "own")),
        },
        {WORDS, WORDS.replace("?", "%3F"), attempt, text_id, line},
    )


@pytest.fixture
def registered(scene: Scene, room: Room, connection: Connection) -> Scene:
    """They keep their progress, join a group, lead another, and have a passkey and a notice."""
    ana, given = scene.person, scene.given
    register(ana, NICKNAME)
    own = {"account_id": ana.account, "id": given["passkey_id"]}
    key = {"credential": b"x", "public_key": b"y", "sign_count": 0, "added_at": LONG_AGO}
    connection.execute(insert(Passkey).values(**own, **key, name=WORDS))
    question = ana.content.bank.of_lesson("what-is-all")[0].questions[0].id
    told = {"kind": "regraded", "question_id": question, "created_at": LONG_AGO}
    connection.execute(insert(Notice).values(**own, **told))
    join_named(ana, room.code, NICKNAME)
    educator = {"account_id": ana.account, "name": NICKNAME, "since": LONG_AGO}
    connection.execute(insert(Base.metadata.tables["educator"]).values(**educator))
    given["group_id"] = make_group(ana, WORDS)
    scene.own |= {NICKNAME, ana.account.hex, str(ana.account), str(given["group_id"])}
    return scene


def everything(connection: Connection) -> dict[str, list[Any]]:
    """Every row of every table, but of the limits, which count whatever anybody tries."""
    return {
        table.name: sorted(map(str, connection.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table is not table_of(RateLimit)
    }


@dataclass(frozen=True)
class Walk:
    """Asks for every route with a cookie, and looks at what that tells and changes."""

    scene: Scene
    connection: Connection
    statements: list[str]

    def on(self, value: str, token: str) -> list[tuple[str, str, set[str], set[str]]]:
        """Each endpoint and method, what it told of the owner, and which tables it changed."""
        before = everything(self.connection)
        return [self._ask(cell, value, token, before) for cell in self.scene.cells()]

    def _ask(
        self, cell: tuple[str, str, str], value: str, token: str, before: dict[str, list[Any]]
    ) -> tuple[str, str, set[str], set[str]]:
        endpoint, method, address = cell
        tab = self.scene.person.browser.application.test_client()
        tab.set_cookie("learn_all", value)
        savepoint = self.connection.begin_nested()
        self.statements.clear()
        form = {"csrf_token": token, "text": "New.", "name": "New", "nickname": "New"}
        page = tab.get(address) if method == "GET" else tab.post(address, data=form)
        assert page.status_code < 500, (endpoint, page.status_code)
        changed = set()
        if any(s.startswith(("INSERT", "UPDATE", "DELETE")) for s in self.statements):
            now = everything(self.connection)
            changed = {table for table in now if now[table] != before[table]}
        savepoint.rollback()
        return endpoint, method, self.scene.told_by(page, address), changed


@pytest.fixture
def walk(scene: Scene, connection: Connection, statements: list[str]) -> Walk:
    return Walk(scene, connection, statements)


def test_a_copied_cookie_opens_no_route_after_signing_out(registered, walk):
    ana = registered.person
    value, token = cookie(ana), ana.open("/care-team") and ana.hidden("csrf_token")
    while_in = walk.on(value, token)
    sign_out(ana)
    after = walk.on(value, token)

    assert len(after) > 120
    assert [cell for cell in after if cell[2] or cell[3]] == []
    assert len([cell for cell in while_in if cell[2]]) > 40, "else this test finds nothing"
    assert len([cell for cell in while_in if cell[3]]) >= 20


def test_a_copied_guest_cookie_opens_nothing_after_registration(scene, walk, request):
    ana = scene.person
    value, token = cookie(ana), ana.open("/care-team") and ana.hidden("csrf_token")
    request.getfixturevalue("registered")
    after = walk.on(value, token)

    assert [cell for cell in after if cell[2]] == []
    theirs = {"item", "membership", "notice", "passkey", "sign_in", "sign_in_session"}
    assert [cell for cell in after if cell[3] & theirs] == []


def test_an_early_copy_of_a_guest_cookie_restores_no_merged_guest(ana, connection):
    ana.open("/care-team")
    early, guest = ana.browser.get_cookie("learn_all"), ana.account
    register(ana)
    ana.browser.set_cookie("learn_all", early.value)
    ana.open("/care-team")
    page = ana.post("/care-team/write", ana.form(text="Why?"))

    assert page.status_code == 400
    assert "Why?" in ana.html
    assert guest not in {*connection.scalars(select(Account.id))}
    assert ana.post("/care-team/write", ana.form(text="Why?")).status_code == 303


# Ways to end one


@pytest.fixture
def two(ana: Person, ben: Person) -> tuple[Person, Person]:
    """One account on two devices."""
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    register(ana)
    sign_in(ben)
    return ana, ben


def is_in(person: Person) -> bool:
    return person.browser.get("/account").status_code == 200


def test_signing_out_ends_only_this_devices_session(two, connection):
    ana, ben = two
    copy = copy_of(ana)
    assert len(sessions(connection)) == 2
    sign_out(ana)

    assert (is_in(copy), is_in(ben)) == (False, True)
    assert len(sessions(connection)) == 1


def test_changing_the_passphrase_ends_all_other_sessions(two):
    ana, ben = two
    ana.open("/account/passphrase")
    ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER))

    assert (is_in(ana), is_in(ben)) == (True, False)
    assert sign_in(ben, passphrase=ANOTHER).status_code == 303


def test_recovery_ends_all_sessions(ana, ben, somebody_new):
    code = register(ana)
    sign_in(ben)
    recover(somebody_new, code)

    assert code_on(somebody_new) != code
    assert [is_in(p) for p in (ana, ben, somebody_new)] == [False, False, True]


def test_deleting_the_account_ends_all_sessions(two, connection):
    ana, ben = two
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())

    assert not is_in(ben)
    assert sessions(connection) == []


def test_each_sign_in_gets_a_new_session_id(two, connection):
    _ana, ben = two
    before = cookie(ben)
    sign_out(ben)
    sign_in(ben)
    old = copy_of(ben)
    old.browser.set_cookie("learn_all", before)

    assert (is_in(ben), is_in(old)) == (True, False)
    ids = {row.id for row in sessions(connection)}
    assert len(ids) == 2
    assert all(uuid.UUID(int=0) != i for i in ids)


def test_signing_in_as_someone_else_ends_the_previous_session(ana, ben, connection):
    register(ben, "Ben")
    register(ana)
    copy = copy_of(ana)
    ana.open("/care-team")  # the sign-in page would lead to the account
    form = ana.form(nickname="Ben", passphrase=PASSPHRASE)

    assert ana.post("/sign-in", form).status_code == 303
    assert not is_in(copy)


def test_a_sign_in_with_the_old_passphrase_during_its_change_is_refused(app, two, monkeypatch):
    """It was checked before the change and started after it."""
    ana, ben = two
    sign_out(ben)
    ben.open("/sign-in")
    form = ben.form(nickname="Ana", passphrase=PASSPHRASE)
    from learn.account import throttling

    once = iter([True])

    def change(_key: str) -> None:
        if next(once, False):
            ana.open("/account/passphrase")
            ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER))

    monkeypatch.setattr(throttling, "record_sign_in", change)
    assert ben.post("/sign-in", form).status_code == 422
    assert not is_in(ben)


# What somebody sees


def test_an_ended_session_sees_a_new_visitors_page_with_a_message(two):
    ana, ben = two
    ben.open("/progress")
    assert "Saved as Ana" in ben.text
    sign_out_everywhere_but(ana)
    page = ben.open("/progress")

    assert page.status_code == 200
    assert SIGNED_OUT in ben.text
    assert 'href="/sign-in?to=/progress"' in ben.html
    assert "Ana" not in ben.text
    assert SIGNED_OUT not in text_of(ben.open("/progress")), "it is said once"


def sign_out_everywhere_but(person: Person) -> None:
    person.open("/account/passphrase")
    person.post("/account/passphrase", person.form(current=PASSPHRASE, passphrase=ANOTHER))


def test_the_message_follows_a_redirect_and_is_on_no_public_page(two):
    ana, ben = two
    sign_out_everywhere_but(ana)

    assert ben.open("/account").request.path == "/keep"
    assert SIGNED_OUT in ben.text
    sign_in(ben, passphrase=ANOTHER)
    sign_out_everywhere(ana)
    ben.browser.get("/account")
    for page in ("/lessons/what-is-all", "/help", "/lessons/what-is-all"):
        assert SIGNED_OUT not in text_of(ben.open(page))


def sign_out_everywhere(person: Person) -> None:
    """End every session of the person's account but theirs, whatever its passphrase is."""
    sessions_of = table_of(SignInSession)
    with person.browser.session_transaction() as session:
        own = uuid.UUID(hex=session["session"])
    database = person.browser.application.extensions["learn.database"]
    with database.transaction() as writing:
        writing.execute(delete(sessions_of).where(sessions_of.c.id != own))


def test_a_question_page_leads_to_sign_in_and_back(two):
    ana, ben = two
    ben.open(f"/quizzes/{QUIZ}")
    here = ben.address
    sign_out_everywhere_but(ana)
    page = ben.open(here)

    assert page.status_code == 404
    assert SIGNED_OUT in ben.text
    assert f'href="/sign-in?to={here}"' in ben.html
    ben.open(f"/sign-in?to={here}")
    form = ben.form(nickname="Ana", passphrase=ANOTHER)
    assert ben.post(f"/sign-in?to={here}", form).location == here
    assert "Question 2 of" in text_of(ben.open(here))


def test_an_answer_can_be_sent_again_after_signing_in(two, rows):
    ana, ben = two
    ben.open(f"/quizzes/{QUIZ}")
    here, question = ben.address, ben.question
    sign_out_everywhere_but(ana)
    page = ben.post(here, ben.form() | right_answer(question))
    again = sent_again(ben)

    assert page.status_code == 403
    assert SIGNED_OUT in ben.text
    assert sum(row.answered_at is not None for row in rows(ana)) == 1
    sign_in(ben, passphrase=ANOTHER)
    assert ben.post(here, again).status_code == 303
    assert sum(row.answered_at is not None for row in rows(ana)) == 2
    assert "That’s right" in text_of(ben.open(here))


def sent_again(person: Person) -> dict[str, Any]:
    """Return the form that the page offers to send again."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', person.html)
    texts = re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', person.html, re.DOTALL
    )
    found: dict[str, Any] = {}
    for name, value in [*fields, *texts]:
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("address", "name"),
    [("/own-words/lesson/what-is-all", "text"), ("/care-team/write", "text")],
)
def test_typed_text_is_shown_again_and_can_be_sent_again(two, address, name, connection):
    ana, ben = two
    ben.open(address.removesuffix("/write"))
    form = ben.form(**{name: WORDS})
    sign_out_everywhere_but(ana)
    before = everything(connection)
    page = ben.post(address, form)

    assert page.status_code == 403
    assert WORDS in ben.html
    assert everything(connection) == before
    again = sent_again(ben)
    sign_in(ben, passphrase=ANOTHER)
    if ben.post(address, again).status_code != 303:  # the page asks to press the button once more
        assert WORDS in ben.html
        ben.post(address, ben.form(**{name: WORDS}))
    assert ben.page.status_code == 303
    assert WORDS in ana.open("/my-data/copy.json").get_data(as_text=True)


def test_a_passphrase_is_never_shown_again(two):
    ana, ben = two
    ben.open("/account/passphrase")
    form = ben.form(current=ANOTHER, passphrase="yet another set of words")
    sign_out_everywhere_but(ana)
    ben.post("/account/passphrase", form)

    assert ben.page.status_code == 403
    assert "another set" not in ben.html


def test_a_stashed_guest_returns_after_the_session_ends(two, rows):
    ana, ben = two
    sign_out(ben)
    ben.open(f"/quizzes/{QUIZ}")
    ben.answer_right()
    guest = ben.account
    ben.open("/sign-in")
    form = ben.form(nickname="Ana", passphrase=PASSPHRASE)
    form.pop("mine", None)
    ben.post("/sign-in", form)
    assert ben.account == ana.account
    sign_out_everywhere_but(ana)
    page = ben.open("/")

    assert SIGNED_OUT in text_of(page)
    assert "Welcome back" in text_of(page)
    assert ben.account == guest
    assert ben.post("/sign-out", {}).status_code == 303
    assert ben.account == guest


# Bad input


def test_signing_out_twice_or_in_two_tabs_is_no_error(two, connection):
    ana, _ben = two
    tab = copy_of(ana)
    forms = [p.open("/sign-out") and p.form() for p in (ana, tab)]
    first, second = ana.post("/sign-out", forms[0]), tab.post("/sign-out", forms[1])

    assert (first.status_code, second.status_code) == (303, 303)
    assert SIGNED_OUT not in text_of(tab.open("/signed-out"))
    assert len(sessions(connection)) == 1


@pytest.mark.parametrize("value", ["", "x", 5, ["x"], None, "0" * 31, {"a": 1}])
def test_a_malformed_session_id_is_ignored(two, value):
    ana, _ben = two
    with ana.browser.session_transaction() as session:
        session["session"] = value

    assert not is_in(ana)
    assert ana.open("/progress").status_code == 200
    assert "Saved as" not in ana.text
    ana.open(f"/quizzes/{QUIZ}")
    assert ana.answer_right().status_code == 200


def test_a_session_signed_with_an_unknown_key_is_ignored(two, app, another_app, settings):
    ana, _ben = two
    from dataclasses import replace

    other = another_app(replace(settings, secret_keys=("another key of sixteen",)))
    with other.test_request_context():
        from flask.sessions import SecureCookieSessionInterface

        signer = SecureCookieSessionInterface().get_signing_serializer(other)
        with ana.browser.session_transaction() as session:
            forged = signer.dumps({**session})
    ana.browser.set_cookie("learn_all", forged)

    assert not is_in(ana)


def test_another_accounts_session_is_ignored(two, app, content):
    """A cookie that names one account and the session of another."""
    ana, _ben = two
    kim = Person(app, content)
    register(kim, "Kim")
    with kim.browser.session_transaction() as session:
        taken = session["session"]
    with ana.browser.session_transaction() as session:
        session["session"] = taken

    assert not is_in(ana)


# Last used


def test_a_session_stores_its_device_roughly_and_its_last_use(ana, clock, connection):
    ana.browser.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.6478.71 Mobile Safari/537.36"
    )
    register(ana)
    (row,) = sessions(connection)
    assert (row.browser, row.system) == ("Chrome", "Android")
    assert (row.created_at, row.last_used_on) == (clock.now, clock.now.date())
    for days, page in ((1, "/progress"), (2, "/account")):
        clock.forward(days=days)
        ana.open(page)
        (row,) = sessions(connection)
        assert row.last_used_on == clock.now.date()


def test_answers_update_the_last_use_once_a_day(ana, clock, connection, statements):
    register(ana)
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    clock.forward(days=1)
    statements.clear()
    ana.answer_right()
    assert len([s for s in statements if s.startswith("UPDATE sign_in_session")]) == 1
    assert sessions(connection)[0].last_used_on == clock.now.date()
    ana.go_on()
    statements.clear()
    ana.answer_right()
    assert not [s for s in statements if s.startswith("UPDATE sign_in_session")]


def test_an_expired_session_is_deleted_at_the_next_sign_in(two, clock, connection):
    _ana, ben = two
    clock.forward(days=401)
    sign_out(ben)
    sign_in(ben)

    assert len(sessions(connection)) == 1


# What it costs


def test_checking_the_session_costs_no_statement_in_a_quiz(ana, statements):
    """Here, as for a guest: `test_answer_a_question`."""
    register(ana)
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    form = right_answer(ana.question)
    for page, most in ((ana.address, 1), ("/lessons/where-all-stands", 1)):
        statements.clear()
        ana.browser.get(page)
        assert len(statements) <= most, statements
    statements.clear()
    ana.browser.post(ana.address, data=ana.form() | form)
    assert len(statements) <= 4, statements
    statements.clear()
    ana.browser.get(ana.address)
    assert len(statements) <= 1, statements


def test_checking_the_session_costs_one_statement_elsewhere(ana, statements):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    counts = []
    for turn in range(2):
        if turn:
            register(ana)
        statements.clear()
        ana.open("/care-team")
        counts.append(len(statements))
    assert counts[1] == counts[0] + 1


# From before


def test_an_old_guest_cookie_opens_nothing_after_registration(ana, connection):
    """Until there were sessions, a guest's account was the one that was registered."""
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        del session["session"]
        account = uuid.UUID(hex=session["account"])
    way = {"nickname": "Ana", "nickname_key": "ana", "passphrase": "x", "recovery": "y"}
    connection.execute(insert(SignIn).values(account_id=account, **way, kept_since=LONG_AGO))

    assert not is_in(ana)
    assert "Ana" not in ana.open("/progress").get_data(as_text=True)
    assert connection.scalar(select(func.count()).where(Item.account_id == account))


def test_an_old_guest_cookie_is_checked_once(ana, statements):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        del session["session"]
    counts = []
    for _ in range(2):
        statements.clear()
        ana.open("/")
        counts.append(len(statements))
    assert "Welcome back" in ana.text
    assert counts[0] == counts[1] + 1


def test_an_old_cookie_counts_as_one_session_until_it_ends(ana, ben, app, connection, content):
    register(ana)
    (row,) = sessions(connection)
    connection.execute(update(SESSIONS).values(id=uuid.UUID(int=0)))
    old = copy_of(ana)
    for person in (ana, old):
        with person.browser.session_transaction() as session:
            del session["session"]

    assert (is_in(ana), is_in(old)) == (True, True)
    sign_in(ben)
    assert (is_in(ana), is_in(old)) == (True, True)
    sign_out_everywhere_but(ana)
    assert (is_in(ana), is_in(old), is_in(ben)) == (True, False, False)
    assert row.id not in {r.id for r in sessions(connection)}


def test_signing_out_with_an_old_cookie_ends_all_old_sessions(ana, connection):
    register(ana)
    connection.execute(update(SESSIONS).values(id=uuid.UUID(int=0)))
    old = copy_of(ana)
    for person in (ana, old):
        with person.browser.session_transaction() as session:
            del session["session"]
    sign_out(ana)

    assert (is_in(ana), is_in(old)) == (False, False)
