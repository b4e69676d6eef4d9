"""An educator who has signed out opens an address of theirs, signs in, and is there."""

from __future__ import annotations

import re
import uuid
from html import unescape

import pytest

from learn import addresses
from tests.learn.leading import Room
from tests.learn.people import Person
from tests.learn.registration import PASSPHRASE, register

KIM = "Nurse Kim"
ELSEWHERE = [
    "https://evil.example/x",
    "https:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/groups//evil.example",
    "/learn/../other/collect",
    "/learn/./../other",
    "/learn/%2e%2e/other",
    "/learn/.%2E/other",
    "/learn/.../other",
    "/learn/..",
    "/learn/..?part=2",
    "/..",
    "/\t/evil.example",
    "/\n/evil.example",
    "/groups\r\nSet-Cookie: x=y",
    "/groups\n",
    "\x00/groups",
    " /groups",
    "/ /evil.example",
    "/%2f/evil.example",
    "/groups?next=//evil.example",
    "/groups#x",
    "/@evil.example",
    "/grоups",  # with a letter of another alphabet
    "evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/",
    "",
]


@pytest.fixture
def kim(room: Room, app, content) -> Person:
    """Return the educator in a browser where nobody is signed in."""
    return Person(app, content)


def sign_in(person: Person, nickname: str = KIM) -> str:
    """Fill in the page to which they were led; where it leads on to."""
    page = person.html
    action = re.search(r'<form method="post" action="(/sign-in[^"]*)"', page)
    assert action
    form = person.form(nickname=nickname, passphrase=PASSPHRASE)
    assert person.post(unescape(action.group(1)), form).status_code == 303
    return str(person.page.location)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "/questions",
        "/questions?assignment=&from=2026-11-03&to=2026-11-04&lesson=what-is-all",
        "/results.csv?table=objectives",
        "/people?part=2",
        "/settings",
        "/assignments/new",
    ],
)
def test_the_requested_page_opens_after_signing_in(kim, room, page):
    wanted = f"/groups/{room.id}{page}"
    kim.open(wanted)

    assert kim.address == "/sign-in"
    assert "After you sign in, you’ll go to the page you asked for." in kim.text
    assert sign_in(kim) == wanted
    assert kim.browser.get(wanted).status_code == 200


def test_the_list_of_groups_opens_after_signing_in(kim, room):
    kim.open("/groups")
    assert sign_in(kim) == "/groups"


def test_an_error_while_signing_in_keeps_the_requested_page(kim, room):
    kim.open("/groups")
    action = "/sign-in?to=/groups"
    assert kim.post(action, {"nickname": KIM}).status_code == 400
    assert kim.post(action, kim.form(nickname="", passphrase="")).status_code == 422
    form = kim.form(nickname=KIM, passphrase="another one")
    assert kim.post(action, form).status_code == 422
    for way in ("/recover", "/keep"):
        assert f'href="{way}?to=/groups"' in kim.html

    assert sign_in(kim) == "/groups"


def test_being_throttled_keeps_the_requested_page(kim, room):
    kim.open("/groups")
    for _ in range(30):
        form = kim.form(nickname=KIM, passphrase="another one")
        if kim.post("/sign-in?to=/groups", form).status_code == 429:
            break
    assert kim.page.status_code == 429
    for way in ("/recover", "/sign-in"):
        assert f'href="{way}?to=/groups"' in kim.html


def test_the_requested_page_opens_after_recovery(kim, room):
    kim.open("/recover?to=/groups")
    assert 'action="/recover?to=/groups"' in kim.html


def test_a_visitor_who_signed_in_meanwhile_is_redirected_at_once(room):
    page = room.kim.browser.get("/sign-in?to=/groups")
    assert (page.status_code, page.location) == (302, "/groups")
    assert room.kim.browser.get("/sign-in?to=//evil.example").location == "/account"


def test_a_signed_out_visitor_cannot_tell_whether_a_group_exists(kim, room, app, content):
    there, nowhere = f"/groups/{room.id}", f"/groups/{uuid.uuid4()}"
    told = []
    for group in (there, nowhere):
        page = Person(app, content).browser.get(f"{group}/people")
        told.append((page.status_code, str(page.location).replace(group, "…"), page.data[:40]))
        assert page.headers["Cache-Control"] == "no-store"

    assert told[0] == told[1]
    assert told[0][:2] == (302, "/sign-in?to=…/people")


def test_a_group_of_another_educator_is_not_found_after_signing_in(kim, room, ana, app, content):
    register(ana)
    guest = Person(app, content)
    guest.open(f"/groups/{room.id}")
    sign_in(guest, "Ana")

    assert guest.open(f"/groups/{room.id}").status_code == 404
    assert guest.open("/groups").status_code == 404


def test_a_form_sent_while_signed_out_sets_no_page_to_return_to(kim, room):
    kim.open("/care-team")
    for address in ("/groups", f"/groups/{room.id}/settings/name", f"/groups/{room.id}/code"):
        page = kim.browser.post(address, data=kim.form())
        assert page.status_code in {404, 405}, address


@pytest.mark.parametrize("to", ELSEWHERE)
def test_redirects_never_leave_this_site(kim, room, to):
    kim.open("/sign-in")
    form = kim.form(nickname=KIM, passphrase=PASSPHRASE)
    page = kim.browser.post("/sign-in", data=form, query_string={"to": to})

    assert (page.status_code, page.location) == (303, "/groups")


@pytest.mark.parametrize("to", ELSEWHERE)
def test_only_paths_of_this_site_are_local(to):
    assert addresses.local(to) == ""


@pytest.mark.parametrize("to", ["/a/.well-known", "/a..b/c.", "/a?part=..", "/..a/b"])
def test_dots_inside_a_path_segment_are_local(to):
    assert addresses.local(to) == to


def test_the_query_string_of_a_requested_page_is_kept_where_possible():
    assert addresses.local_page("/groups/a", "part=2") == "/groups/a?part=2"
    assert addresses.local_page("/groups/a", "x=//evil") == "/groups/a"
    assert addresses.local_page("/groups/a", "") == "/groups/a"


@pytest.mark.parametrize("to", ["/learn/groups", "/groups"])
def test_a_requested_page_below_a_path_prefix_opens(kim, room, to):
    below = {"SCRIPT_NAME": "/learn"}
    page = kim.browser.get("/groups", environ_overrides=below)
    assert page.location == "/learn/sign-in?to=/learn/groups"

    kim.open("/sign-in")
    sent = {"data": kim.form(nickname=KIM, passphrase=PASSPHRASE), "query_string": {"to": to}}
    page = kim.browser.post("/sign-in", **sent, environ_overrides=below)
    assert page.location == "/learn/groups"
