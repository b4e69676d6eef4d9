"""Sign in on a device with answers of a guest."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import func, select

from learn import access
from learn.account_merge import actions
from learn.models import Account, CareLine, Item, MemoryRow, SignInSession
from learn.models.base import table_of
from learn.my_data.queries import tables_with_account_id
from tests.learn.edits import without_objective
from tests.learn.people import Person, right_answer, text_of
from tests.learn.signing_in import add_credentials, sign_in, sign_out

QUIZ = "/quizzes/lesson/what-is-all"
OWN = uuid.UUID(int=0xACC)


@pytest.fixture
def account(app):
    """Ana's account, of which nothing is on this device yet."""
    return add_credentials(app, OWN)


@pytest.fixture
def answered(connection):
    def found(account: uuid.UUID) -> int:
        return connection.scalar(
            select(func.count()).where(Item.account_id == account, Item.answered_at.is_not(None))
        )

    return found


def cookie(person: Person) -> str:
    return person.browser.get_cookie("learn_all").value


def with_cookie(app, value: str):
    tab = app.test_client()
    tab.set_cookie("learn_all", value)
    return tab


def test_a_guests_work_belongs_to_the_account_after_signing_in(ana, account, answered):
    summary = ana.take("lesson/what-is-all")
    ana.read("where-all-stands")
    guest, before = ana.account, answered(ana.account)

    assert sign_in(ana, account)
    assert (ana.account, answered(account), answered(guest)) == (account, before, 0)
    assert "You’ve finished this quiz" in text_of(ana.open(summary))
    ana.open("/progress")
    assert "6 of 6 right on your first try" in ana.text


def test_an_open_quiz_continues_after_signing_in(ana, account, answered):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    sign_in(ana, account)
    ana.answer_right()  # the page is from before; so is its token

    assert "That’s right" in ana.text
    assert answered(account) == 2
    ana.open(QUIZ)
    assert "Question 3 of" in ana.text


def test_a_first_question_answered_after_signing_in_is_stored_once(app, ana, account, answered):
    """Its page was made for the guest, and the account already has that attempt number."""
    ben = Person(app, ana.content)
    sign_in(ben, account)
    ben.take("lesson/what-is-all")
    done = answered(account)
    ana.open(QUIZ)
    shown = re.findall(r'name="answer" value="([^"]+)"', ana.html)
    form, question = ana.form() | right_answer(ana.question), ana.question
    sign_in(ana, account)
    once = ana.browser.post(QUIZ, data=form)
    again = ana.browser.post(QUIZ, data=form)

    assert once.status_code == again.status_code == 303
    assert once.location == again.location
    assert answered(account) == done + 1
    page = ana.open(once.location)
    assert "That’s right" in text_of(page)
    ana.open("/progress")
    assert "Not finished. 1 answer is saved." in ana.text
    assert question.id in ana.content.bank.questions
    assert shown or question.kind in {"match", "order"}


def test_options_keep_their_order_after_signing_in(ana, account, connection):
    ana.open("/quizzes/topic/risk-factors")
    question = ana.question
    parts = "|".join(re.escape(p.id) for p in question.parts)
    seen = re.findall(rf'(?:value="|name="(?:row|step)-)({parts})"', ana.html)
    form = ana.form() | right_answer(question)
    sign_in(ana, account)
    ana.post("/quizzes/topic/risk-factors", form)
    packed = connection.scalar(
        select(Item.shown).where(Item.account_id == account, Item.question_id == question.id)
    )

    assert [question.parts[int(d)].id for d in packed] == [*dict.fromkeys(seen)]


def test_a_form_sent_before_and_after_signing_in_is_one_answer(ana, account, answered):
    ana.open(QUIZ)
    form = ana.form() | right_answer(ana.question)
    ana.post(QUIZ, form)
    sign_in(ana, account)
    ana.post(QUIZ, form)

    assert ana.page.status_code == 303
    assert answered(account) == 1


def test_an_answer_sent_during_sign_in_goes_to_the_account(app, ana, account, answered):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    before, form = cookie(ana), ana.form() | right_answer(ana.question)
    sign_in(ana, account)
    late = with_cookie(app, before)
    page = late.post(ana.address, data=form)

    assert (page.status_code, answered(account)) == (303, 2)
    assert "Set-Cookie" not in page.headers  # else it would sign this browser out again
    assert "That’s right" in text_of(ana.open(page.location))
    assert late.post(ana.address, data=form).status_code == 303
    assert answered(account) == 2


@pytest.mark.parametrize("known", [True, False], ids=["known", "nothing kept yet"])
def test_a_first_answer_sent_during_sign_in_goes_to_the_account(
    ana, account, answered, known, connection
):
    if known:
        ana.take("lesson/where-all-stands")
    ana.open(QUIZ)
    guest, before, done = ana.account, cookie(ana), answered(ana.account)
    form = ana.form() | right_answer(ana.question)
    sign_in(ana, account)
    late = with_cookie(ana.browser.application, before)
    page, again = late.post(QUIZ, data=form), late.post(QUIZ, data=form)

    assert page.status_code == again.status_code == 303
    assert page.location == again.location
    assert answered(account) == done + 1
    assert connection.scalar(select(func.count()).where(Account.id == guest)) == 0
    assert "That’s right" in text_of(ana.open(page.location))


def test_the_old_guest_cookie_never_shows_the_accounts_pages(app, ana, account):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    before, here = cookie(ana), ana.address
    sign_in(ana, account)
    late = with_cookie(app, before)

    for address in (here, here.rsplit("/", 1)[0], f"{here.rsplit('/', 1)[0]}/stop"):
        page = late.get(address)
        assert page.status_code == 404
        assert "Your answers are now in your account" in text_of(page)
        assert 'name="question"' not in page.get_data(as_text=True)
    assert "Welcome back" not in text_of(late.get("/"))
    assert account.hex not in late.get("/my-data/copy.json").get_data(as_text=True).replace("-", "")


def test_an_old_guest_cookie_expires(app, ana, account, answered, clock):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    here, form = ana.address, ana.form() | right_answer(ana.question)
    ana.open("/quizzes/mixed")
    first, before = ana.form() | right_answer(ana.question), cookie(ana)
    sign_in(ana, account)
    clock.forward(hours=2)
    late = with_cookie(app, before)

    assert late.post(here, data=form).status_code == 404
    assert (
        late.post("/quizzes/mixed", data=first).status_code == 400
    )  # shown again, to somebody new
    assert answered(account) == 1


def test_the_old_guest_cookie_changes_nothing_of_the_account(
    app, ana, account, connection, content
):
    ana.take("lesson/what-is-all")
    before, form = cookie(ana), {"objective": [*content.bank.objectives][:2]}
    token = ana.open("/my-data/delete") and ana.hidden("csrf_token")
    sign_in(ana, account)
    late = with_cookie(app, before)

    assert late.get("/lessons/where-all-stands").status_code == 200
    page = late.post("/care-team/add", data=form | {"csrf_token": token})
    assert page.status_code == 303
    assert late.post("/my-data/delete", data={"csrf_token": token}).status_code == 303
    assert connection.scalar(select(func.count()).where(Account.id == account)) == 1
    assert connection.scalar(select(func.count()).where(CareLine.account_id == account)) == 0


def test_after_deletion_the_old_guest_cookie_is_a_new_guest(app, ana, account, connection):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    before, here, form = cookie(ana), ana.address, ana.form() | right_answer(ana.question)
    sign_in(ana, account)
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())
    late = with_cookie(app, before)

    assert late.post(here, data=form).status_code == 404
    assert late.get(QUIZ).status_code == 200
    tables = tables_with_account_id()
    counts = [connection.scalar(select(func.count()).select_from(table)) for table in tables]
    assert counts == [0] * len(counts)


def test_signing_in_to_an_account_deleted_meanwhile_keeps_the_guest(ana):
    ana.open(QUIZ)
    ana.answer_right()
    guest = ana.account

    assert not sign_in(ana, OWN)
    assert not sign_in(ana, OWN, merge=False)
    assert ana.account == guest
    ana.go_on()
    assert "Question 2 of" in ana.text


def test_signing_in_twice_changes_nothing(app, ana, account, answered, connection):
    ana.take("lesson/what-is-all")
    guest, before = ana.account, cookie(ana)
    tab = with_cookie(app, before)
    assert sign_in(ana, account)
    first = _all(connection, account)

    assert sign_in(tab, account)
    assert _all(connection, account) == first
    with app.extensions["learn.database"].transaction() as session:
        assert not actions.merge_guest(session, guest, account, actions_now(app))
    assert _all(connection, account) == first


def test_another_account_is_never_merged(app, ana, ben, account, answered):
    ben.take("lesson/what-is-all")
    add_credentials(app, ben.account, "Ben")
    his, count = ben.account, answered(ben.account)
    with app.extensions["learn.database"].transaction() as session:
        assert not actions.merge_guest(session, his, account, actions_now(app))

    sign_in(ben, account)  # and this browser does not even say that he was signed in
    assert (answered(his), answered(account)) == (count, 0)
    assert ben.account == account


def test_an_account_is_not_merged_with_itself(app, ana, answered):
    ana.take("lesson/what-is-all")
    own, count = add_credentials(app, ana.account), answered(ana.account)

    assert sign_in(ana, own)
    assert (ana.account, answered(own)) == (own, count)


def test_a_guest_that_is_not_merged_is_stashed_and_returns(ana, account, answered):
    ana.open(QUIZ)
    ana.answer_right()
    guest = ana.account
    sign_in(ana, account, merge=False)

    assert (ana.account, answered(account)) == (account, 0)
    assert "Welcome back" not in text_of(ana.open("/"))
    sign_out(ana)
    assert "Welcome back" in text_of(ana.open("/"))
    assert (ana.account, answered(guest)) == (guest, 1)
    assert ana.browser.get_cookie("learn_all_aside") is None
    assert sign_in(ana, account)
    assert answered(account) == 1


def test_a_stashed_guest_returns_after_the_browser_was_closed(ana, account):
    ana.open(QUIZ)
    ana.answer_right()
    sign_in(ana, account, merge=False, stay=False)
    ana.browser.delete_cookie("learn_all")  # as a browser does with the cookie of a visit

    assert "Welcome back" in text_of(ana.open("/"))


def test_a_forged_guest_cookie_is_ignored(ana, somebody_new):
    ana.open(QUIZ)
    ana.answer_right()
    for forged in ("x", f'["{ana.account.hex}",true]', f'WyJ{ana.account.hex}"XQ.x'):
        somebody_new.browser.set_cookie("learn_all_aside", forged)
        assert "Welcome back" not in text_of(somebody_new.open("/"))
        assert somebody_new.browser.get_cookie("learn_all_aside") is None


def test_a_token_from_before_signing_in_cannot_delete_data(ana, account):
    """Its token does not delete what is the account's."""
    ana.open(QUIZ)
    ana.answer_right()
    ana.open("/my-data/delete")
    form = ana.form()
    sign_in(ana, account)

    assert ana.post("/my-data/delete", form).status_code == 400


def test_one_form_sent_by_two_people_is_two_answers(app, ana, account, answered):
    ana.open(QUIZ)
    form, guest = ana.form() | right_answer(ana.question), cookie(ana)
    ana.post(QUIZ, form)
    sign_in(ana, account, merge=False)
    token = ana.open("/quizzes/mixed") and ana.hidden("csrf_token")
    ana.post(QUIZ, form | {"csrf_token": token})
    assert answered(account) == 1
    tab = with_cookie(app, guest)
    sign_in(tab, account)

    assert answered(account) == 2


def test_two_open_attempts_at_one_quiz_are_both_kept(ana, ben, account):
    sign_in(ben, account)
    for person in (ben, ana):
        person.open(QUIZ)
        person.answer_right()
    sign_in(ana, account)
    open_ones = set()
    for address in ("/", "/progress"):
        ana.open(address)
        assert "Continue" in ana.text
    open_ones |= {*re.findall(r'href="(/quizzes/[0-9a-f-]{36})"', ana.html)}

    assert len(open_ones) == 2
    for attempt in open_ones:
        ana.open(attempt)
        while 'name="question"' in ana.html:
            ana.answer_right()
            ana.go_on()
        assert "You’ve finished this quiz" in ana.text
    ana.open("/progress")
    assert "Open." not in ana.text


def test_a_removed_objective_is_merged_too(app, ana, account, connection, content):
    ana.take("lesson/what-is-all")
    gone = content.bank.of_lesson("what-is-all")[0].id
    app.extensions["learn.content"] = without_objective(content, gone)
    sign_in(ana, account)

    assert connection.scalar(
        select(MemoryRow.reviews).where(
            MemoryRow.account_id == account, MemoryRow.objective_id == gone
        )
    )
    assert ana.open("/progress").status_code == 200


def test_a_quiz_does_not_end_before_it_started_after_a_clock_change(ana, clock, rows):
    ana.open(QUIZ)
    ana.answer_right()
    clock.forward(days=-2)
    ana.take("lesson/what-is-all")

    assert "You’ve finished this quiz" in ana.text


def actions_now(app):
    with app.test_request_context():
        return access.now()


def _all(connection, account: uuid.UUID):
    """Every row of the account, by table, except where it is signed in."""
    return {
        table: connection.execute(select(table).where(owner == account)).all()
        for table, owner in tables_with_account_id().items()
        if table is not table_of(SignInSession)
    }
