"""Many tries in a short time are slowed down, and the owner always gets in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import OperationalError

from learn import rate_limiter, rate_limits, schema, sweeper
from learn.account import codes
from learn.database import Database
from learn.models import RateLimit
from learn.models.base import table_of
from learn.rate_limiter import RateLimiter, seconds_until
from learn.rate_limits import Limit, Per
from learn.throttling import client_address
from tests.learn.limits import fill
from tests.learn.people import Person
from tests.learn.registration import ANOTHER, PASSPHRASE, code_on, recover, register, sign_in

TRIES = table_of(RateLimit)
THREE = Limit("tries", 3, 1, Per.NICKNAME, "to test")
LONGER = Limit("tries", 4, 15, Per.NICKNAME, "to test")


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


def test_five_wrong_tries_mean_a_minute_to_wait(ana, ben, clock):
    register(ana)
    at(ben, "203.0.113.5")
    for _ in range(5):
        assert sign_in(ben, passphrase=ANOTHER).status_code == 422
    page = sign_in(ben)

    assert page.status_code == 429
    assert page.headers["Retry-After"] == "60"
    assert "Please wait a moment" in ben.text
    assert "try again in a minute" in ben.text
    assert 'href="/recover"' in ben.html
    clock.forward(seconds=61)
    assert sign_in(ben).status_code == 303


def test_twenty_wrong_tries_mean_a_quarter_of_an_hour_at_most(ana, ben, clock):
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


def test_a_successful_sign_in_resets_its_limit(ana, ben):
    register(ana)
    for _ in range(4):
        for _ in range(4):
            sign_in(ben, passphrase=ANOTHER)
        assert sign_in(ben).status_code == 303
        ben.browser.delete_cookie("learn_all")


def test_other_peoples_guesses_never_lock_the_owner_out_at_home(ana, ben, clock):
    at(ana, "198.51.100.7")
    register(ana)
    ana.browser.delete_cookie("learn_all")
    guess_from_everywhere(ben)
    assert sign_in(at(ben, "203.0.113.99")).status_code == 429

    assert sign_in(ana).status_code == 303


def test_after_deletion_nothing_tells_from_where_a_nickname_was_used(ana, ben, somebody_new):
    """The next account with that nickname would notice: no address is trusted from before."""
    register(at(ana, "198.51.100.7"))
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())
    register(at(ben, "198.51.100.8"))
    guess_from_everywhere(somebody_new)

    assert sign_in(at(ana, "198.51.100.7")).status_code == 429


def test_a_locked_out_owner_elsewhere_can_recover_or_wait(ana, ben, clock):
    code = register(at(ana, "198.51.100.7"))
    guess_from_everywhere(ben)
    at(ana, "192.0.2.8").browser.delete_cookie("learn_all")
    assert sign_in(ana).status_code == 429
    assert recover(ana, code, PASSPHRASE).status_code == 200

    at(ana, "192.0.2.9").browser.delete_cookie("learn_all")
    clock.forward(minutes=15)
    assert sign_in(ana).status_code == 303


def test_an_address_that_tries_many_nicknames_is_throttled(app, ana, ben, clock):
    ben.open("/sign-in")
    form = ben.form(passphrase=PASSPHRASE)
    fill(app, rate_limits.WRONG_PASSPHRASE_PER_IP, "127.0.0.1", left=4)
    for number in range(4):
        assert ben.post("/sign-in", form | {"nickname": f"{number}"}).status_code == 422
    assert sign_in(ben, "another").status_code == 429

    assert sign_in(at(ana, "203.0.113.5"), "another").status_code == 422
    clock.forward(minutes=15)
    assert sign_in(ben, "another").status_code == 422


def test_an_ipv6_network_counts_as_one_address(ana, ben):
    register(at(ana, "2001:db8::1"))
    for number in range(5):
        sign_in(at(ben, f"2001:db8:0:7::{number:x}"), passphrase=ANOTHER)

    assert sign_in(at(ben, "2001:db8:0:7::ffff")).status_code == 429
    assert sign_in(at(ben, "2001:db8:0:8::1")).status_code == 303


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("203.0.113.5:51234", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:0:7::5", "2001:db8:0:7::/64"),
        ("[2001:db8:0:7::5]:443", "2001:db8:0:7::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", ""),
        ("", ""),
        ("1.2.3.4, 5.6.7.8", ""),
    ],
)
def test_all_notations_of_an_address_count_as_one(app, told, counted):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": told}):
        assert client_address() == counted


def test_recovery_codes_are_throttled_by_address(app, ana, ben, clock):
    code = register(ana)
    unknown = "2" * 22
    fill(app, rate_limits.WRONG_RECOVERY_CODE, "127.0.0.1", left=4)
    for number in range(4):
        recover(ben, codes.from_seed(f"{unknown}{number}", "owner", "other"))
        assert ben.page.status_code == 422
    assert recover(ben, code).status_code == 429
    assert recover(at(ben, "203.0.113.5"), code).status_code == 200


def test_malformed_recovery_codes_are_not_counted(app, ana, ben):
    code = register(ana)
    fill(app, rate_limits.WRONG_RECOVERY_CODE, "127.0.0.1", left=1)
    for _ in range(2):
        recover(ben, code[:-1])

    assert recover(ben, code).status_code == 200


def test_registrations_of_a_whole_class_fit_the_limit(app, content, ana):
    for number in range(40):
        register(Person(app, content), f"learner {number}")
    fill(app, rate_limits.REGISTRATION, "127.0.0.1")
    ana.open("/keep")
    page = ana.post("/keep", ana.form(nickname="Ana", passphrase=PASSPHRASE))

    assert page.status_code == 429


@pytest.mark.parametrize(("page", "field"), [("passphrase", "passphrase"), ("code", "draft")])
def test_guessing_the_passphrase_on_a_signed_in_device_is_throttled(ana, page, field, clock):
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


@pytest.mark.parametrize("page", ["/keep", "/recover"])
def test_guessing_the_passphrase_beside_a_seed_is_throttled(ana, ben, clock, page):
    fields = {"nickname": "Ana"} if page == "/keep" else {"code": register(ana)}
    ana.open(page)
    sent = ana.form(**fields, passphrase=PASSPHRASE)
    ana.post(page, sent)
    code = code_on(ana)
    at(ben, "203.0.113.5").open(page)
    guess = ben.form(**fields, passphrase=ANOTHER) | {"draft": sent["draft"]}
    for _ in range(5):
        assert ben.post(page, guess).status_code in {422, 429}  # on /keep, what the nickname allows
    right = guess | {"passphrase": PASSPHRASE}
    assert ben.post(page, right).status_code == 429
    assert sign_in(ben).status_code == 429, "it is one limit"
    clock.forward(seconds=61)

    assert ben.post(page, right | {"csrf_token": ""}).status_code == 400
    assert ben.post(page, right).status_code == 200
    assert code_on(ben) == code


def test_addresses_and_nicknames_are_stored_as_digests_and_deleted(
    app, ana, ben, connection, clock
):
    register(at(ana, "198.51.100.7"))
    sign_in(at(ben, "203.0.113.5"), passphrase=ANOTHER)
    rows = connection.execute(select(TRIES)).all()

    assert len(rows) >= 5
    assert all(len(row.key) == 64 and int(row.key, 16) for row in rows)
    assert not any(said in str(rows) for said in ("198.51", "203.0", "ana", "Ana"))
    assert all(row.ends_at <= clock() + timedelta(days=30) for row in rows)
    clock.forward(days=31)
    assert app.extensions["learn.limiter"].sweep() == len(rows)
    assert connection.execute(select(TRIES)).all() == []


# The counts


@pytest.fixture
def limiter(app, clock):
    return RateLimiter(app.extensions["learn.database"], "secret", clock)


def test_counts_rise_and_expire_with_their_window(limiter, clock):
    assert [limiter.hit((THREE, "ana")) for _ in range(5)] == [0, 0, 0, 60, 60]
    assert limiter.wait((THREE, "ana")) == 60
    assert limiter.wait((THREE, "ben")) == 0
    clock.forward(seconds=59)
    assert limiter.hit((THREE, "ana")) == 1
    clock.forward(seconds=1)
    assert limiter.wait((THREE, "ana")) == 0
    assert [limiter.hit((THREE, "ana")) for _ in range(4)] == [0, 0, 0, 60]


def test_several_limits_take_one_statement_and_return_the_longest_wait(limiter, statements):
    two = (THREE, "ana"), (LONGER, "ana")
    assert [limiter.hit(*two) for _ in range(3)] == [0, 0, 0]
    assert len(statements) == 3
    assert limiter.hit(*two) == 60
    assert limiter.hit(*two) == 900
    assert limiter.wait(*two) == 900


def test_a_count_can_be_reset(limiter):
    for _ in range(4):
        limiter.hit((THREE, "ana"), (THREE, "ben"))
    limiter.clear((THREE, "ana"))
    assert limiter.wait((THREE, "ana")) == 0
    assert limiter.wait((THREE, "ben")) == 60


def test_limits_expire_after_the_clock_goes_back(limiter, clock):
    for _ in range(4):
        limiter.hit((THREE, "ana"))
    clock.forward(hours=-1)
    assert limiter.wait((THREE, "ana"))
    clock.forward(hours=1, seconds=60)
    assert not limiter.wait((THREE, "ana"))


def test_counts_are_keyed_by_the_sites_secret(app, clock, limiter):
    for _ in range(4):
        limiter.hit((THREE, "ana"))
    other = RateLimiter(app.extensions["learn.database"], "another secret", clock)

    assert other.wait((THREE, "ana")) == 0


def test_the_wait_is_a_positive_number_of_whole_seconds():
    now = datetime(2026, 11, 22, tzinfo=UTC)

    assert seconds_until(now + timedelta(seconds=59.1), now) == 60
    assert seconds_until(now - timedelta(seconds=5), now) == 1


def test_a_process_keeps_the_counts_that_went_up_last(limiter, monkeypatch):
    """Somebody who adds new ones makes no request slower, and fills no memory."""
    monkeypatch.setattr(rate_limiter, "_MAX_COUNTS", 3)
    assert [limiter.hit_here((THREE, "ana")) > 0 for _ in range(4)] == [False] * 3 + [True]
    for number in range(20):
        limiter.hit_here((THREE, str(number)))
        assert limiter.hit_here((THREE, "ana"))

    for number in range(3):
        limiter.hit_here((THREE, f"another {number}"))
    assert not limiter.hit_here((THREE, "ana"))


def test_a_sweep_deletes_only_expired_counts(limiter, clock, statements):
    limiter.hit(*((THREE, str(number)) for number in range(1001)))
    clock.forward(seconds=30)
    limiter.hit((THREE, "still there"))
    clock.forward(seconds=30)
    statements.clear()

    assert limiter.sweep() == 1001
    assert len(statements) == 2 * 4, "some hundred in a transaction"
    assert limiter.sweep() == 0
    assert [limiter.hit((THREE, "still there")) for _ in range(3)] == [0, 0, 30]


def test_a_sweep_uses_the_index(app, connection):
    over = select(TRIES.c.key).where(TRIES.c.ends_at <= datetime(2026, 11, 22, tzinfo=UTC))
    plan = over.compile(connection, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "postgresql":  # it reads all of a small table otherwise
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.execute(text(f"EXPLAIN {plan}")).all()
    else:
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {plan}")).all()

    assert "ix_rate_limit_ends_at" in str(rows)


def test_the_sweeper_thread_goes_on_after_a_failure(caplog):
    done, twice = [], threading.Event()

    def sweep() -> None:
        done.append(threading.current_thread().name)
        if len(done) == 1:
            raise OperationalError("DELETE", {}, Exception("the database is away"))
        twice.set()

    end = sweeper.start(sweep, pause=0.01)
    assert twice.wait(30)
    end()
    assert {*done} == {"sweeper"}
    assert "the sweep failed: OperationalError" in caplog.text


def test_simultaneous_tries_are_all_counted(database_url, tmp_path, request):
    """On two connections to the database itself, and so on two machines; both sweep all along."""
    url = database_url if "postgres" in database_url else f"sqlite:///{tmp_path / 'x.sqlite3'}"
    databases = [Database(url) for _ in range(2)]
    now = datetime(2026, 11, 22, tzinfo=UTC)
    try:
        schema.upgrade(databases[0])
        limiters = [RateLimiter(d, "at once", lambda: now) for d in databases]
        names = ["one", "two", "three"]
        old = RateLimiter(databases[0], "at once", lambda: now - timedelta(days=1))
        old.hit(*((THREE, name) for name in names))
        old.hit(*((THREE, f"over {number}") for number in range(50)))
        with ThreadPoolExecutor(8) as pool:
            tried = [
                pool.submit(
                    limiters[i % 2].hit, (THREE, names[i // 2 % 3]), (LONGER, names[i // 2 % 3])
                )
                for i in range(60)
            ]
            swept = [pool.submit(limiter.sweep) for limiter in limiters]
            told = [t.result() for t in tried]
        assert sum(wait == 0 for wait in told) == 9
        assert sum(s.result() for s in swept) >= 50
        with databases[0].read_session() as session:
            assert sorted(session.scalars(select(TRIES.c.hits))) == [20] * 6
    finally:
        with databases[0].transaction() as session:
            session.execute(delete(TRIES))
        for database in databases:
            database.dispose()


def test_reloading_the_code_page_is_not_throttled(ana):
    ana.open("/keep")
    form = ana.form(nickname="Ana", passphrase=PASSPHRASE)
    for _ in range(70):
        ana.post("/keep", form)
    assert code_on(ana)
