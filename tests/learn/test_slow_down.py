"""Many tries in a short time are slowed down, and the owner always gets in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import select

from learn import schema
from learn.account import codes
from learn.database import Database
from learn.models import RateLimit
from learn.models.base import table_of
from learn.rate_limits import limiter, seconds_until
from tests.learn.people import Person
from tests.learn.registration import ANOTHER, PASSPHRASE, code_on, recover, register, sign_in

TRIES = table_of(RateLimit)
MINUTE = RateLimitItemPerMinute(3)


def at(person: Person, address: str) -> Person:
    """Return the same browser with another IP address."""
    person.browser.environ_base["REMOTE_ADDR"] = address
    return person


def guess_from_everywhere(person: Person) -> None:
    """Somebody who has many addresses."""
    person.open("/sign-in")
    form = person.form(nickname="Ana", passphrase=ANOTHER)
    for number in range(60):
        at(person, f"203.0.113.{number}").post("/sign-in", form)


def test_after_five_tries_there_is_a_minute_to_wait(ana, ben, clock):
    register(ana)
    at(ben, "203.0.113.5")
    for _ in range(5):
        assert sign_in(ben, passphrase=ANOTHER).status_code == 422
    page = sign_in(ben)

    assert page.status_code == 429
    assert page.headers["Retry-After"] == "60"
    assert "Let’s wait a moment" in ben.text
    assert "try again in a minute" in ben.text
    assert 'href="/recover"' in ben.html
    clock.forward(seconds=61)
    assert sign_in(ben).status_code == 303


def test_after_twenty_tries_it_is_a_quarter_of_an_hour_and_no_more(ana, ben, clock):
    register(ana)
    at(ben, "203.0.113.5")
    for _ in range(4):
        for _ in range(5):
            assert sign_in(ben, passphrase=ANOTHER).status_code == 422
        clock.forward(seconds=61)
    page = sign_in(ben)

    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 15 * 60
    assert "minutes" in ben.text
    clock.forward(minutes=15)
    assert sign_in(ben).status_code == 303


def test_a_sign_in_forgets_the_tries_before(ana, ben):
    register(ana)
    for _ in range(4):
        for _ in range(4):
            sign_in(ben, passphrase=ANOTHER)
        assert sign_in(ben).status_code == 303
        ben.browser.delete_cookie("learn_all")


def test_others_who_guess_never_keep_the_owner_out_at_home(ana, ben, clock):
    at(ana, "198.51.100.7")
    register(ana)
    ana.browser.delete_cookie("learn_all")
    guess_from_everywhere(ben)
    assert sign_in(at(ben, "203.0.113.99")).status_code == 429

    assert sign_in(ana).status_code == 303


def test_elsewhere_the_owner_gets_in_by_the_code_at_once_or_after_a_while(ana, ben, clock):
    code = register(at(ana, "198.51.100.7"))
    guess_from_everywhere(ben)
    at(ana, "192.0.2.8").browser.delete_cookie("learn_all")
    assert sign_in(ana).status_code == 429
    assert recover(ana, code, PASSPHRASE).status_code == 200

    at(ana, "192.0.2.9").browser.delete_cookie("learn_all")
    clock.forward(minutes=15)
    assert sign_in(ana).status_code == 303


def test_one_address_that_tries_many_nicknames_is_slowed_down(ana, ben, clock):
    ben.open("/sign-in")
    form = ben.form(passphrase=PASSPHRASE)
    for number in range(100):
        assert ben.post("/sign-in", form | {"nickname": f"{number}"}).status_code == 422
    assert sign_in(ben, "another").status_code == 429

    assert sign_in(at(ana, "203.0.113.5"), "another").status_code == 422
    clock.forward(minutes=15)
    assert sign_in(ben, "another").status_code == 422


def test_a_network_of_ipv6_is_one_address(ana, ben):
    register(at(ana, "2001:db8::1"))
    for number in range(5):
        sign_in(at(ben, f"2001:db8:0:7::{number:x}"), passphrase=ANOTHER)

    assert sign_in(at(ben, "2001:db8:0:7::ffff")).status_code == 429
    assert sign_in(at(ben, "2001:db8:0:8::1")).status_code == 303


def test_codes_are_slowed_down_by_address(ana, ben, clock):
    code = register(ana)
    unknown = "2" * 22
    for number in range(20):
        recover(ben, codes.from_draft(f"{unknown}{number}", "other"))
        assert ben.page.status_code == 422
    assert recover(ben, code).status_code == 429
    assert recover(at(ben, "203.0.113.5"), code).status_code == 200


def test_slips_of_the_pen_are_not_counted(ana, ben):
    code = register(ana)
    for _ in range(30):
        recover(ben, code[:-1])

    assert recover(ben, code).status_code == 200


def test_a_class_can_keep_at_once_and_no_more_than_that(app, content, ana):
    for number in range(60):
        register(Person(app, content), f"learner {number}")
    ana.open("/keep")
    page = ana.post("/keep", ana.form(nickname="Ana", passphrase=PASSPHRASE))

    assert page.status_code == 429


@pytest.mark.parametrize(("page", "field"), [("passphrase", "passphrase"), ("code", "draft")])
def test_whoever_finds_a_device_signed_in_can_not_guess_on(ana, page, field, clock):
    register(ana)
    for _ in range(5):
        ana.open(f"/account/{page}")
        ana.post(f"/account/{page}", ana.form(current="not this one") | {"passphrase": ANOTHER})
        assert ana.page.status_code == 422
    ana.open(f"/account/{page}")
    ana.post(f"/account/{page}", ana.form(current=PASSPHRASE) | {"passphrase": ANOTHER})
    assert ana.page.status_code == 429
    clock.forward(minutes=1, seconds=1)
    ana.open(f"/account/{page}")
    ana.post(f"/account/{page}", ana.form(current=PASSPHRASE) | {"passphrase": ANOTHER})
    assert ana.page.status_code in {200, 303}


def test_no_address_and_no_nickname_is_kept_and_what_is_over_goes(ana, ben, connection, clock):
    register(at(ana, "198.51.100.7"))
    sign_in(at(ben, "203.0.113.5"), passphrase=ANOTHER)
    rows = connection.execute(select(TRIES)).all()

    assert len(rows) >= 5
    assert all(len(row.key) == 64 and int(row.key, 16) for row in rows)
    assert not any(said in str(rows) for said in ("198.51", "203.0", "ana", "Ana"))
    assert all(row.ends_at <= clock() + timedelta(days=30) for row in rows)
    clock.forward(days=31)
    sign_in(at(ben, "203.0.113.5"), passphrase=ANOTHER)
    later = connection.execute(select(TRIES)).all()
    assert not {row.key for row in later if row.ends_at <= clock()}
    assert len(later) == 4


# The counts


@pytest.fixture
def counts(app, clock):
    return limiter(app.extensions["learn.database"], "secret", clock)


def test_counts_rise_and_end_with_their_span(counts, clock):
    assert [counts.hit(MINUTE, "ana") for _ in range(5)] == [True, True, True, False, False]
    assert not counts.test(MINUTE, "ana")
    assert counts.test(MINUTE, "ben")
    assert counts.get_window_stats(MINUTE, "ana").remaining == 0
    clock.forward(seconds=59)
    assert not counts.hit(MINUTE, "ana")
    clock.forward(seconds=1)
    assert counts.test(MINUTE, "ana")
    assert counts.hit(MINUTE, "ana")
    assert counts.get_window_stats(MINUTE, "ana").remaining == 2


def test_counts_can_be_forgotten(counts):
    for _ in range(4):
        counts.hit(MINUTE, "ana")
        counts.hit(MINUTE, "ben")
    counts.clear(MINUTE, "ana")
    assert counts.test(MINUTE, "ana")
    assert not counts.test(MINUTE, "ben")
    assert counts.storage.check()
    assert counts.storage.reset() == 1
    assert counts.test(MINUTE, "ben")


def test_a_clock_that_goes_back_keeps_nobody_out_for_good(counts, clock):
    for _ in range(4):
        counts.hit(MINUTE, "ana")
    clock.forward(hours=-1)
    assert not counts.test(MINUTE, "ana")
    clock.forward(hours=1, seconds=60)
    assert counts.test(MINUTE, "ana")


def test_another_site_can_not_read_the_counts(app, clock, counts):
    counts.hit(MINUTE, "ana")
    other = limiter(app.extensions["learn.database"], "another secret", clock)

    assert other.get_window_stats(MINUTE, "ana").remaining == 3


def test_waiting_is_in_whole_seconds_and_never_none():
    now = datetime(2026, 11, 22, tzinfo=UTC)

    assert seconds_until(now.timestamp() + 59.1, now) == 60
    assert seconds_until(now.timestamp() - 5, now) == 1


def test_no_try_is_lost_when_many_come_at_once(database_url, tmp_path, request):
    """On two connections to the database itself, and so on two machines."""
    url = database_url if "postgres" in database_url else f"sqlite:///{tmp_path / 'x.sqlite3'}"
    databases = [Database(url) for _ in range(2)]
    now = datetime(2026, 11, 22, tzinfo=UTC)
    try:
        schema.upgrade(databases[0])
        counts = [limiter(d, "at once", lambda: now) for d in databases]
        keys = ["one", "two", "three"]
        old = limiter(databases[0], "at once", lambda: now - timedelta(days=1))
        for key in keys:
            old.hit(MINUTE, key)
        with ThreadPoolExecutor(8) as pool:
            tried = [pool.submit(counts[i % 2].hit, MINUTE, keys[i // 2 % 3]) for i in range(60)]
            told = [t.result() for t in tried]
        assert sum(told) == 9
        assert counts[0].storage.get(MINUTE.key_for("one")) == 20
        assert counts[0].storage.reset() == 3
    finally:
        for database in databases:
            database.dispose()


def test_the_code_page_is_not_slowed_down_by_reloading(ana):
    ana.open("/keep")
    form = ana.form(nickname="Ana", passphrase=PASSPHRASE)
    for _ in range(70):
        ana.post("/keep", form)
    assert code_on(ana)
