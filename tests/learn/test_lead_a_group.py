"""An educator makes a group, opens and closes it, shares the work, and archives it."""

from __future__ import annotations

import re
import uuid
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from learn import join_codes
from learn.config import texts
from learn.models import Account, Educator, SignIn
from learn.models.base import table_of
from tests.learn.leading import join
from tests.learn.people import Person
from tests.learn.signing_in import signed_in


@pytest.fixture
def educator(app, content, connection, clock) -> Any:
    """Makes an educator of that name, who is signed in."""

    def made(name: str) -> Person:
        account = uuid.uuid5(uuid.NAMESPACE_DNS, name)
        own = {"account_id": account}
        way = {"nickname": name, "nickname_key": name, "passphrase": "x", "recovery": name}
        connection.execute(insert(table_of(Account)).values(id=account, created_at=clock.now))
        connection.execute(insert(table_of(SignIn)).values(**own, **way, kept_since=clock.now))
        connection.execute(insert(table_of(Educator)).values(**own, name=name, since=clock.now))
        person = Person(app, content, account)
        with person.browser.session_transaction() as session:
            session.update(signed_in(connection, account, name))
        return person

    return made


@pytest.fixture
def kim(educator) -> Person:
    """A nurse with a class on Tuesdays."""
    found: Person = educator("Nurse Kim")
    return found


@pytest.fixture
def group(kim) -> str:
    """Return the address of Kim's group."""
    kim.open("/groups")
    kim.post("/groups", kim.form(name="  Tuesday   class "))
    kim.open(kim.page.location)
    return kim.address.removesuffix("/code")


def code_on(person: Person) -> str:
    match = re.search(r"<strong>([A-Z-]{14})</strong>", person.html)
    assert match
    return match.group(1)


def press(person: Person, page: str, action: str, **given: Any) -> None:
    """Press a button of a form on that page, and see what comes."""
    person.open(page)
    token = person.hidden("csrf_token")
    person.post(action, {"csrf_token": token} | given)
    if person.page.status_code == 303:
        person.open(person.page.location)


@pytest.mark.fast("groups")
def test_a_new_group_has_a_join_code(kim, group):
    assert "Join “Tuesday class”" in kim.text
    code = code_on(kim)
    assert f"/join/{code}" in kim.html
    picture = kim.browser.get(f"{group}/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in picture.get_data(), "or no browser shows it"
    kim.open("/groups")
    assert "Tuesday class" in kim.text
    assert "0 members" in kim.text


def test_a_double_click_creates_one_group(kim):
    kim.open("/groups")
    form = kim.form(name="Evening class")
    assert [kim.post("/groups", form).status_code for _ in range(2)] == [303, 303]

    kim.open("/groups")
    assert kim.html.count(">Evening class</a>") == 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Give the group a name."),
        ("  \t\u202e ", "Give the group a name."),
        ("x" * 61, "at most 60 characters"),
        ("x" * 10_000, "at most 60 characters"),
    ],
)
def test_an_invalid_group_name_comes_back_with_a_reason(kim, name, says):
    kim.open("/groups")
    kim.post("/groups", kim.form(name=name))

    assert kim.page.status_code == 422
    assert says in kim.text
    assert "What you wrote is still here" in kim.text


def test_an_expired_form_keeps_the_group_name(kim):
    kim.open("/groups")
    kim.post("/groups", kim.form(name="Evening class") | {"csrf_token": "old"})

    assert kim.page.status_code == 422
    assert 'value="Evening class"' in kim.html


def test_a_new_join_code_replaces_the_old_one(kim, group):
    before = code_on(kim)
    press(kim, f"{group}/settings", f"{group}/code/renew")

    assert code_on(kim) != before


def test_a_group_can_be_closed_and_reopened(kim, group):
    press(kim, f"{group}/sure/close", f"{group}/code/close")
    assert "Nobody can join now" in kim.text
    assert kim.browser.get(f"{group}/code.svg").status_code == 404
    press(kim, f"{group}/settings", f"{group}/code/renew")

    assert code_on(kim)


def test_a_group_can_be_renamed(kim, group):
    press(kim, f"{group}/settings", f"{group}/settings/name", name="Wednesday class")
    assert "Wednesday class" in kim.text
    press(kim, f"{group}/settings", f"{group}/settings/name", name=" ")

    assert kim.page.status_code == 422
    assert "Write a name first." in kim.text


def test_a_group_can_be_archived_and_restored(kim, group):
    press(kim, f"{group}/settings", f"{group}/settings/archive")
    assert "Archived" in kim.text
    kim.open(f"{group}/code")
    assert "Nobody can join now" in kim.text
    kim.post(f"{group}/code/renew", {"csrf_token": csrf(kim, group)})
    kim.open(f"{group}/code")
    assert "Nobody can join now" in kim.text, "not while it is put away"
    press(kim, f"{group}/settings", f"{group}/settings/take-out")
    kim.open("/groups")

    assert "Archived" not in kim.text


def csrf(person: Person, group: str) -> str:
    person.open(f"{group}/settings")
    return person.hidden("csrf_token")


def test_another_educator_can_be_added_and_the_last_one_cannot_leave(kim, group, educator):
    lee = educator("Dr. Lee")
    assert lee.open(f"{group}/code").status_code == 404
    press(kim, f"{group}/settings", f"{group}/settings/leave")
    assert kim.page.status_code == 422
    assert "You’re the only educator" in kim.text
    press(kim, f"{group}/settings", f"{group}/settings/educators", name="dr. lee")
    assert "Dr. Lee" in kim.text
    assert lee.open(f"{group}/code").status_code == 200
    press(kim, f"{group}/settings", f"{group}/settings/leave")

    assert kim.open(f"{group}/code").status_code == 404
    assert lee.open(f"{group}/code").status_code == 200


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Élodie Müller", "élodie müller"),
        ("ÉLODIE MÜLLER", "E\u0301lodie  Mu\u0308ller"),
        ("Сестра Анна", "СЕСТРА АННА"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("Frau Weiß", "frau weiss"),
    ],
)
def test_an_educator_is_found_by_nickname_in_any_script_and_case(kim, group, educator, name, typed):
    other = educator(name)
    press(kim, f"{group}/settings", f"{group}/settings/educators", name=typed)

    assert name in kim.text
    assert other.open(f"{group}/code").status_code == 200


def test_no_statement_uses_the_databases_own_case_rules(repository):
    """SQLite's lower() and LIKE know ASCII alone, and PostgreSQL's follow the server's locale."""
    by_the_database = re.compile(r"func\.(?:lower|upper|casefold)|\.i?like\(|\.collate\(|NOCASE")
    for path in repository.glob("learn/**/*.py"):
        assert not by_the_database.search(path.read_text()), path


def test_a_member_of_the_group_does_not_lead_it_too(kim, group, educator):
    lee = educator("Dr. Lee")
    join(lee, code_on(kim))
    press(kim, f"{group}/settings", f"{group}/settings/educators", name="Dr. Lee")

    assert kim.page.status_code == 422
    assert "This educator is a member of the group." in kim.text
    assert lee.open(f"{group}/code").status_code == 404
    left = f"/my-groups/{group.rpartition('/')[2]}/leave"
    press(lee, left, left)
    press(kim, f"{group}/settings", f"{group}/settings/educators", name="Dr. Lee")
    assert lee.open(f"{group}/code").status_code == 200


@pytest.mark.parametrize("name", ["Nobody here", "Two of them"])
def test_an_ambiguous_nickname_adds_no_educator(kim, group, educator, connection, name):
    for number in (1, 2):
        educator(f"Two {number}")
    connection.execute(
        table_of(Educator)
        .update()
        .where(Educator.name.startswith("Two "))
        .values(name="Two of them")
    )
    press(kim, f"{group}/settings", f"{group}/settings/educators", name=name)

    assert kim.page.status_code == 422
    assert f'value="{name}"' in kim.html


@pytest.mark.parametrize("page", ["/code", "/code.svg", "/settings"])
def test_another_educators_group_is_not_found(group, educator, ana, somebody_new, page):
    assert educator("Dr. Lee").open(f"{group}{page}").status_code == 404
    for guest in (ana, somebody_new):
        assert guest.is_led_to_sign_in(f"{group}{page}")


@pytest.mark.parametrize("path", ["questions//x", "/questions/x", "questions/%2F%5Cevil.example"])
def test_another_educators_group_is_not_found_at_an_address_with_two_slashes(group, ana, path):
    assert ana.open(f"{group}/{path}").status_code == 404


def test_join_codes_are_readable_and_read_back_however_typed():
    rng = Random(7)  # noqa: S311 - not a secret
    for _ in range(200):
        code = join_codes.generate(rng)
        assert re.fullmatch("([BDGKLMNPRTVZ][AEOU]){6}", code)
        typed = join_codes.grouped(code).lower().replace("-", " ")
        assert join_codes.parse(f"  {typed} ") == code


MAIN_NAVIGATION = re.compile(r'<nav aria-label="Main">.*?</nav>', re.DOTALL)


def header_of(person: Person, address: str) -> str:
    found = MAIN_NAVIGATION.search(person.open(address).get_data(as_text=True))
    assert found, address
    return found.group()


EVERYWHERE = ("/", "/lessons", "/lessons/treatment", "/glossary", "/handouts", "/help", "/progress")


@pytest.mark.parametrize("address", EVERYWHERE)
def test_the_header_leads_educators_to_their_groups_and_nobody_else(kim, ana, address):
    assert ">Your groups</a>" not in header_of(kim, address), "no page has looked yet"
    kim.open("/groups")
    assert ">Your groups</a>" in header_of(kim, address)
    assert ">Your groups</a>" not in header_of(ana, address), "pages for everybody stay apart"
    assert ">Your groups</a>" in header_of(kim, address)


def test_the_header_marks_the_pages_of_a_group(kim, group):
    for address in ("/groups", group, f"{group}/settings", f"{group}/people"):
        assert 'href="/groups" aria-current="true"' in header_of(kim, address)
    assert 'href="/groups" aria-current' not in header_of(kim, "/lessons")


def test_the_header_takes_no_statement(kim, statements):
    kim.open("/groups")
    kim.open("/glossary")
    statements.clear()
    assert ">Your groups</a>" in header_of(kim, "/glossary")
    assert statements == []


def test_the_header_forgets_an_educator_who_was_removed(kim, group, connection, clock):
    kim.open("/groups")
    connection.execute(table_of(Educator).update().values(removed_at=clock.now))
    assert kim.open("/groups").status_code == 404
    assert ">Your groups</a>" not in header_of(kim, "/glossary")


STEPS = {
    "renew": ("code", "/code/renew", "This is the new code."),
    "close": ("code", "/code/close", "The code no longer works."),
    "leave": ("settings", "/settings/leave", "You no longer lead that group."),
    "archive": ("settings", "/settings/archive", "The group is archived."),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_nothing_takes_back_asks_once_and_says_that_it_is_done(
    kim, group, educator, step
):
    page, action, said = STEPS[step]
    educator("Dr. Lee")
    press(kim, f"{group}/settings", f"{group}/settings/educators", name="Dr. Lee")
    kim.open(f"{group}/{page}")
    assert f'action="{group}{action}"' not in kim.html, "no button does it at once"
    assert f'href="{group}/sure/{step}"' in kim.html

    kim.open(f"{group}/sure/{step}")
    assert f'action="{group}{action}"' in kim.html
    assert f'href="{group}/{page}"' in kim.html, "there is a way back"
    press(kim, f"{group}/sure/{step}", f"{group}{action}")
    assert said in kim.text


def test_asking_changes_nothing_and_knows_no_other_step(kim, group):
    code = code_on(kim)
    for step in STEPS:
        kim.open(f"{group}/sure/{step}")
    assert kim.open(f"{group}/sure/delete").status_code == 404
    kim.open(f"{group}/code")
    assert code_on(kim) == code


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("settings/name", "The new name is saved."),
        ("settings/educators", "They lead this group with you now."),
        ("settings/take-out", "The group is active again."),
    ],
)
def test_a_saved_change_says_so(kim, group, educator, action, said):
    educator("Dr. Lee")
    press(kim, f"{group}/settings", f"{group}/{action}", name="Dr. Lee")
    assert said in kim.text
    assert 'role="status"' in kim.html


def test_every_page_of_an_archived_group_says_so(kim, group):
    pages = ("", "/first-answers", "/people", "/questions", "/before-and-after", "/assignments")
    pages += ("/assignments/new", "/room", "/code", "/settings", "/sure/leave")
    for page in pages:
        assert "This group is archived." not in kim.open(f"{group}{page}").get_data(as_text=True)
    press(kim, f"{group}/settings", f"{group}/settings/archive")
    for page in pages:
        assert kim.open(f"{group}{page}").status_code == 200, page
        assert "This group is archived." in kim.text, page


def test_the_settings_say_how_a_colleague_gets_an_account(kim, group):
    kim.open(f"{group}/settings")

    assert "Someone who runs this site invites educators, with a link that works once." in kim.text
    assert "Not sure who that is? Ask whoever sent you your own invitation." in kim.text
    assert "its join code will stop working for good" in kim.text


def test_the_settings_name_who_runs_the_site_if_that_is_set(kim, group, monkeypatch):
    known = texts({"LEARN_CONTACT": "Ida Lee,\n ida@example.org"})
    monkeypatch.setitem(kim.browser.application.jinja_env.globals, "texts", known)
    kim.open(f"{group}/settings")
    assert "This site is run by: Ida Lee, ida@example.org" in kim.text
    assert "Not sure who that is?" not in kim.text


def test_the_list_of_groups_says_who_is_new_since_the_last_visit(kim, group, app, clock):
    kim.open(f"{group}/code")
    code = code_on(kim)

    def joins(number, sharing="named"):
        person = Person(app, kim.content, uuid.UUID(int=number))
        join(person, code, sharing, **({"nickname": f"Ana {number}"} if sharing == "named" else {}))

    joins(1)
    joins(2)
    kim.open("/groups")
    assert "your last visit" not in kim.text, "nobody was looked at on another day"
    kim.open(f"{group}/people")
    day = f"{clock.now:%B} {clock.now.day}, {clock.now.year}"
    clock.forward(days=7)
    kim.open("/groups")
    assert f"2 new members since your last visit on {day}" in kim.text, "they joined that day"
    kim.open(f"{group}/people")
    clock.forward(days=1)
    kim.open("/groups")
    assert "No new members since your last visit on" in kim.text
    joins(3, "totals")
    kim.open("/groups")
    assert "1 new member since your last visit on" in kim.text
