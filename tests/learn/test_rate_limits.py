"""Nobody fills the site: each write that anybody can cause has a limit, and loses no words."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from learn import nicknames, rate_limits
from learn.educators import actions
from learn.models import Base, MistakeReport, RateLimit
from learn.rate_limits import Limit, Per
from tests.learn.authenticator import Authenticator
from tests.learn.conftest import DAWN
from tests.learn.leading import Room
from tests.learn.limits import fill
from tests.learn.people import Person, right_answer
from tests.learn.registration import PASSPHRASE, register, sign_in, sign_out

HERE = "127.0.0.1"
QUIZ = "/quizzes/lesson/what-is-all"
WORDS = "Is it\n“contagious”? <b>"


class Scene:
    """Ana, who has registered; and, once they are asked for, somebody new and Kim's group."""

    def __init__(self, ana: Person, request: pytest.FixtureRequest) -> None:
        self.ana = ana
        self._request = request

    @property
    def somebody_new(self) -> Person:
        return self._request.getfixturevalue("somebody_new")

    @property
    def room(self) -> Room:
        return self._request.getfixturevalue("room")

    @property
    def kim(self) -> Person:
        return self.room.kim

    @property
    def pages(self) -> str:
        return f"/groups/{self.room.id}"


@pytest.fixture
def scene(ana, request) -> Scene:
    register(ana)
    return Scene(ana, request)


def send(person: Person, page: str, to: str | None = None, **fields: Any) -> Person:
    """Open a page, and send its form."""
    person.open(page)
    person.post(to or page, person.form(**fields))
    return person


def read(person: Person, address: str) -> Person:
    person.open(address)
    return person


def report(scene: Scene) -> Person:
    return send(scene.ana, "/mistake/lesson/what-is-all", text=WORDS)


def write_line(scene: Scene) -> Person:
    return send(scene.ana, "/care-team", "/care-team/write", text=WORDS)


def save_numbers(scene: Scene) -> Person:
    return send(scene.ana, "/care-team/numbers", daytime=WORDS)


def explain(scene: Scene) -> Person:
    return send(scene.ana, "/own-words/lesson/what-is-all", text=WORDS)


def join(scene: Scene) -> Person:
    return send(scene.ana, f"/join/{scene.room.code}", sharing="totals")


def add_passkey(scene: Scene) -> Person:
    scene.ana.open("/passkeys")
    form = scene.ana.form(name="My phone")
    asked = json.loads(scene.ana.browser.get("/passkeys/new.json").get_data())
    scene.ana.post("/passkeys/add", form | {"credential": Authenticator().make(asked)})
    return scene.ana


def sign_in_again(scene: Scene) -> Person:
    """As a guest whose work is merged."""
    sign_out(scene.ana)
    send(scene.ana, "/care-team", "/care-team/write", text="Another question")
    sign_in(scene.ana, mine="y")
    return scene.ana


def guess(scene: Scene) -> Person:
    sign_out(scene.ana)
    sign_in(scene.ana)
    return scene.ana


def new_assignment(scene: Scene) -> Person:
    to = f"{scene.pages}/assignments"
    return send(scene.kim, f"{to}/new", to, kind="quiz", about="all", length="5", title=WORDS)


def accept(scene: Scene) -> Person:
    with scene.ana.browser.application.extensions["learn.database"].transaction() as session:
        token = secrets.token_hex()
        actions.invite(session, "Nurse Ana", token, DAWN)
    return send(scene.ana, f"/educators/invite/{token}")


def data_copy(scene: Scene) -> Person:
    return read(scene.ana, "/my-data/copy.json")


def begin_quiz(scene: Scene) -> Person:
    scene.ana.open(QUIZ)
    scene.ana.post(QUIZ, scene.ana.form(**right_answer(scene.ana.question)))
    return scene.ana


def ask_the_room(scene: Scene) -> Person:
    question = next(iter(scene.ana.content.bank.counted.values())).questions[0]
    return send(scene.kim, f"{scene.pages}/room/ask/{question.id}")


def type_in_papers(scene: Scene) -> Person:
    lesson = next(iter(scene.kim.content.counted_lessons))
    return send(scene.kim, f"{scene.pages}/paper", source=f"lesson-{lesson}")


def answer_in_the_room(scene: Scene) -> Person:
    screen = ask_the_room(scene).page.location
    scene.kim.open(screen)
    code = re.search(r'projector-code">([A-Z-]+)', scene.kim.html)
    assert code
    return send(scene.somebody_new, f"/room/{code[1]}", answer="?")


WAYS: dict[Limit, Callable[[Scene], Person]] = {
    rate_limits.SIGN_IN_BURST: guess,
    rate_limits.SIGN_IN: guess,
    rate_limits.REGISTRATION: lambda s: send(
        s.somebody_new, "/keep", nickname="Somebody", passphrase=PASSPHRASE
    ),
    rate_limits.WRONG_PASSPHRASE_PER_IP: guess,
    rate_limits.WRONG_PASSPHRASE: guess,
    rate_limits.WRONG_RECOVERY_CODE: lambda s: send(
        s.somebody_new, "/recover", code="2345-6789" * 3, passphrase=PASSPHRASE
    ),
    rate_limits.WRONG_JOIN_CODE: lambda s: read(s.ana, f"/join/{s.room.code}"),
    rate_limits.WRONG_ROOM_CODE: lambda s: read(s.somebody_new, "/room/DAGO-MELU"),
    rate_limits.WRONG_INVITATION: lambda s: read(s.ana, "/educators/invite/over"),
    rate_limits.NEW_GUEST: lambda s: send(
        s.somebody_new, "/care-team", "/care-team/write", text=WORDS
    ),
    rate_limits.SIGNED_IN: sign_in_again,
    rate_limits.ATTEMPT: begin_quiz,
    rate_limits.MISTAKE_REPORT: report,
    rate_limits.MISTAKE_REPORT_HERE: report,
    rate_limits.CARE_LINE: write_line,
    rate_limits.CARE_LINE_HERE: write_line,
    rate_limits.CARE_NUMBERS: save_numbers,
    rate_limits.CARE_NUMBERS_HERE: save_numbers,
    rate_limits.EXPLANATION: explain,
    rate_limits.EXPLANATION_HERE: explain,
    rate_limits.SHARING: join,
    rate_limits.SHARING_HERE: join,
    rate_limits.PASSKEY: add_passkey,
    rate_limits.PASSKEY_HERE: add_passkey,
    rate_limits.ACCEPTED_INVITATION: accept,
    rate_limits.GROUP: lambda s: send(s.kim, "/groups", name="Wednesday class"),
    rate_limits.CO_EDUCATOR: lambda s: send(
        s.kim, f"{s.pages}/settings", f"{s.pages}/settings/educators", name="Nurse Lee"
    ),
    rate_limits.ASSIGNMENT: new_assignment,
    rate_limits.ROOM: ask_the_room,
    rate_limits.PAPER: type_in_papers,
    rate_limits.ROOM_ANSWER: answer_in_the_room,
    rate_limits.DATA_COPY: data_copy,
    rate_limits.DATA_COPY_HERE: data_copy,
    rate_limits.REPORT: lambda s: read(s.kim, s.pages),
    rate_limits.RESULTS_FILE: lambda s: read(s.kim, f"{s.pages}/results.csv"),
}
"""How to do once what each limit counts."""


def whom(limit: Limit, scene: Scene) -> str:
    if limit.per is Per.ADDRESS:
        return HERE
    if limit.per is Per.ACCOUNT:
        is_kims = limit in {
            rate_limits.GROUP,
            rate_limits.CO_EDUCATOR,
            rate_limits.ASSIGNMENT,
            rate_limits.ROOM,
            rate_limits.PAPER,
            rate_limits.REPORT,
            rate_limits.RESULTS_FILE,
        }
        return (scene.kim if is_kims else scene.ana).account.hex
    key = nicknames.skeleton("Ana")
    return key if limit.per is Per.NICKNAME else f"{key} {HERE}"


def rows(connection: Any) -> dict[str, int]:
    """How many rows each table has, other than that of the limits."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table is not RateLimit.__table__
    }


def test_every_limit_is_tested():
    assert {*WAYS} == {*rate_limits.TABLE}


@pytest.mark.parametrize("limit", WAYS, ids=lambda limit: f"{limit.what}, by {limit.per}")
def test_over_a_limit_nothing_is_written_and_the_page_says_when_to_retry(
    app, scene, connection, clock, limit
):
    if limit is rate_limits.WRONG_PASSPHRASE:  # it never counts where its owner has signed in
        scene.ana.browser.environ_base["REMOTE_ADDR"] = "203.0.113.5"
    fill(app, limit, whom(limit, scene))
    if limit.what in {"changes of what a group sees", "unknown join codes", "answers in a room"}:
        assert scene.room.code
    before = rows(connection)
    person = WAYS[limit](scene)

    page = person.page
    assert page.status_code == 429, person.text
    assert 0 < int(page.headers["Retry-After"]) <= limit.minutes * 60 <= 900
    assert page.headers["Cache-Control"] == "no-store"
    assert "Please wait a moment" in person.text
    minutes = "a minute" if limit.minutes == 1 else f"{limit.minutes} minutes"
    assert f"Please try again in {minutes}." in person.text
    added = {name for name, count in rows(connection).items() if count > before[name]}
    assert added <= ADDED_BEFORE.get(limit, set())

    clock.forward(minutes=limit.minutes, seconds=1)
    assert WAYS[limit](scene).page.status_code not in {429, 500}


ADDED_BEFORE = {
    rate_limits.SIGNED_IN: {"account", "care_line"},
    rate_limits.ACCEPTED_INVITATION: {"invite"},
    rate_limits.ROOM_ANSWER: {"room"},
}
"""What the way there writes by itself."""


def test_an_educator_who_waits_is_led_back_to_the_group(app, scene):
    fill(app, rate_limits.REPORT, scene.kim.account.hex)
    kim = WAYS[rate_limits.REPORT](scene)

    assert kim.page.status_code == 429
    assert "This counts only you, and not others on your network." in kim.text
    assert re.search(r'href="/groups/[^"]+">Open this page again<', kim.html)
    assert kim.open("/groups").status_code == 200, "nothing about a group slows down the list"


def test_typed_text_is_returned_and_sent_again_with_one_button(app, scene, connection, clock):
    fill(app, rate_limits.MISTAKE_REPORT_HERE, HERE)
    ana = report(scene)
    assert "What you wrote is still here." in ana.text
    kept = re.search(r'<textarea [^>]*name="text"[^>]*>\n(.*?)</textarea>', ana.html, re.DOTALL)
    assert kept[1] == "Is it\n“contagious”? &lt;b&gt;"

    clock.forward(minutes=15)
    ana.post("/mistake/lesson/what-is-all", ana.form(text=WORDS))
    assert ana.page.status_code == 303
    assert connection.scalars(select(MistakeReport.text)).all() == [WORDS]


def test_every_field_is_returned_except_secrets(app, scene):
    fill(app, rate_limits.REGISTRATION, HERE)
    ana = scene.somebody_new
    ana.open("/keep")
    ana.post("/keep", ana.form(nickname="Somebody", passphrase=PASSPHRASE, more=["a", "b"]))

    assert ana.page.status_code == 429
    assert 'name="nickname" value="Somebody"' in ana.html
    assert len(re.findall('name="more" value="[ab]"', ana.html)) == 2
    assert PASSPHRASE not in ana.html
    assert re.search(r'<input type="password" id="secret-1" name="passphrase"[^>]*>', ana.html)


def test_a_first_answer_over_the_limit_stays_on_the_page_and_counts_later(
    app, somebody_new, connection, clock
):
    fill(app, rate_limits.NEW_GUEST, HERE)
    somebody_new.open("/quizzes/lesson/what-is-all")
    address = somebody_new.address
    somebody_new.answer_right()
    assert somebody_new.page.status_code == 429
    assert rows(connection)["account"] == 0

    clock.forward(minutes=15)
    form = somebody_new.form()
    somebody_new.post(address, form)
    assert somebody_new.page.status_code == 303
    assert rows(connection)["attempt"] == 1


def test_a_learner_with_answers_does_not_count_as_a_new_guest(app, ana):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    fill(app, rate_limits.NEW_GUEST, HERE)

    assert send(ana, "/care-team", "/care-team/write", text=WORDS).page.status_code == 303
    ana.open("/quizzes/mixed")
    ana.answer_right()
    assert ana.page.status_code == 200


def test_an_invalid_form_does_not_count(app, connection, ana):
    for _ in range(3):
        send(ana, "/mistake/lesson/what-is-all", text=" ")
        assert ana.page.status_code == 422

    assert connection.scalar(select(func.count()).select_from(RateLimit)) == 0


def test_a_limit_takes_one_statement_and_no_extra_commit(ana, statements):
    ana.open("/mistake/lesson/what-is-all")
    statements.clear()
    ana.post("/mistake/lesson/what-is-all", ana.form(text=WORDS))

    assert [s.split()[2] for s in statements] == ["rate_limit", "mistake_report"]


@pytest.mark.parametrize(
    "how",
    [
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
    ids=["a picture", "a frame"],
)
@pytest.mark.parametrize("address", ["/join/A", "/educators/invite/x", "/my-data/copy.json"])
def test_a_cross_site_request_uses_up_no_limit(ana, connection, address, how):
    headers = {"Sec-Fetch-Site": "cross-site"} | how

    assert ana.browser.get(address, headers=headers).status_code == 403
    assert connection.scalar(select(func.count()).select_from(RateLimit)) == 0
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    followed = ana.browser.get(address, headers=link | {"Sec-Fetch-Dest": "document"})
    assert followed.status_code in {200, 404, 410}


def test_a_class_of_sixty_is_read_person_by_person_in_a_minute(scene, clock):
    codes = [read(scene.kim, f"{scene.pages}/people").page.status_code for _ in range(61)]

    assert codes == [200] * 60 + [429]
    assert read(scene.ana, "/lessons/what-is-all").page.status_code == 200
    assert read(scene.kim, "/groups").page.status_code == 200, "all else goes on"
    clock.forward(minutes=1, seconds=1)
    assert read(scene.kim, scene.pages).page.status_code == 200


def test_limits_by_address_allow_three_hundred_people():
    """Once each, in the same quarter of an hour: for what people do together in a session."""
    rare = {
        rate_limits.WRONG_RECOVERY_CODE,
        rate_limits.WRONG_JOIN_CODE,
        rate_limits.WRONG_INVITATION,
        rate_limits.MISTAKE_REPORT_HERE,
    }
    for limit in rate_limits.TABLE:
        if limit.per is Per.ADDRESS and limit not in rare:
            assert limit.maximum >= 300, limit


@pytest.mark.parametrize(
    "page", ["/sign-in", "/account/confirm", "/account/passphrase", "/account/code"]
)
def test_over_the_limit_of_sign_ins_no_passphrase_is_compared(app, ana, clock, page):
    """It takes long: the right one, again and again, would stop the site as a wrong one would."""
    register(ana)
    clock.forward(minutes=6)  # else nobody is asked to confirm
    if page == "/sign-in":
        sign_out(ana)
    fill(app, rate_limits.SIGNED_IN, HERE)

    fields = {"nickname": "Ana"} if page == "/sign-in" else {"current": "wrong words here"}
    send(ana, page, passphrase="other wrong words", **fields)
    assert ana.page.status_code == 429
    assert ana.page.headers["Retry-After"]


@pytest.mark.parametrize("page", ["/account/confirm", "/account/passphrase", "/account/code"])
def test_each_use_of_the_passphrase_counts_as_a_sign_in(app, ana, connection, clock, page):
    register(ana)
    clock.forward(minutes=6)
    before = hits(app, connection)
    send(ana, page, current=PASSPHRASE, passphrase="another set of plain words")

    assert ana.page.status_code in {200, 303}
    assert hits(app, connection) == before + 1


def hits(app: Any, connection: Any) -> int:
    """How often somebody at this address has used a passphrase or signed in."""
    key = app.extensions["learn.limiter"]._key(rate_limits.SIGNED_IN, HERE)  # noqa: SLF001
    return connection.scalar(select(RateLimit.hits).where(RateLimit.key == key)) or 0
