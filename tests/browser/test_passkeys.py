"""Passkeys in a real browser with a virtual authenticator."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.account_states import PASSPHRASE, fill
from tests.browser.seeding import confirm_everybody, sign_in_as
from tests.browser.visitor import Visitor
from tests.serving import Site

pytestmark = pytest.mark.browser


@dataclass
class Device:
    """A device with a fingerprint reader."""

    session: CDPSession
    authenticator: str

    @classmethod
    def of(cls, visitor: Visitor) -> Device:
        session = visitor.page.context.new_cdp_session(visitor.page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(session, made["authenticatorId"])

    def look_away(self) -> None:
        """Fail user verification from now on."""
        self._send("setUserVerified", isUserVerified=False)

    def passkeys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._send("getCredentials")["credentials"]
        return found

    def take(self, passkey: dict[str, Any]) -> None:
        """Store a passkey on this device."""
        self._send("addCredential", credential=passkey)

    def _send(self, what: str, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.session.send(
            f"WebAuthn.{what}", {"authenticatorId": self.authenticator} | more
        )
        return found


_NUMBERS = itertools.count(1)


@pytest.fixture
def ana(visit: Callable[..., Visitor], site: Site) -> Visitor:
    """She has registered and is signed in."""
    visitor = visit(base_url=site.named)
    sign_in_as(visitor.page.context, site, f"Ana {next(_NUMBERS)}")
    return visitor


def add(visitor: Visitor, name: str) -> None:
    visitor.open("/passkeys")
    visitor.page.get_by_label("Name", exact=True).fill(name)
    visitor.press("Add a passkey")
    expect(visitor.page.get_by_text("Your passkey is added")).to_be_visible()


def is_told(visitor: Visitor, words: str) -> None:
    """Check that only these messages of the script are shown."""
    said = visitor.page.locator("[data-says]:visible")
    expect(said).to_contain_text(words)
    expect(said).to_have_count(1)
    expect(visitor.page.locator("[data-without-passkeys]")).to_be_hidden()


def sign_out(visitor: Visitor) -> None:
    visitor.page.context.clear_cookies()


def test_add_name_sign_in_and_remove(ana: Visitor) -> None:
    device = Device.of(ana)
    add(ana, "My phone")
    expect(ana.page.locator("[data-says]:visible")).to_have_count(0)
    row = ana.page.locator(".passkey-list > li")
    expect(row).to_contain_text("My phone")
    expect(row).to_contain_text("Not used yet")
    [passkey] = device.passkeys()
    assert passkey["rpId"] == "localhost"
    assert passkey["isResidentCredential"]

    sign_out(ana)
    ana.open("/passkeys/sign-in")
    ana.press("Sign in with a passkey")
    assert ana.path == "/progress"
    ana.open("/passkeys")
    expect(row).to_contain_text("Last used on")

    ana.follow("Rename “My phone”")
    ana.page.get_by_label("New name").fill("Living room")
    ana.press("Save")
    expect(row).to_contain_text("Living room")

    ana.follow("Remove “Living room”")
    ana.press("Yes, remove it")
    expect(row).to_have_count(0)
    sign_out(ana)
    ana.open("/passkeys/sign-in")
    ana.press("Sign in with a passkey")
    expect(ana.page.get_by_role("alert")).to_be_focused()
    expect(ana.page.get_by_text("We don’t recognize this passkey.")).to_be_visible()


def test_signing_in_twice_with_a_passkey_that_does_not_count(ana: Visitor) -> None:
    Device.of(ana)
    ana.open("/account")
    ana.follow("Add, rename, or remove a passkey")
    add(ana, "My phone")
    for is_shared in (False, True):
        sign_out(ana)
        ana.open("/sign-in")
        ana.follow("Sign in with a passkey")
        ana.page.get_by_label("This is a shared computer").set_checked(is_shared)
        ana.press("Sign in with a passkey")
        assert ana.path == "/progress"
        assert (ana.page.context.cookies()[0].get("expires", -1) > 0) is not is_shared


def test_a_passkey_confirms_and_stands_in_for_the_passphrase(ana: Visitor, site: Site) -> None:
    Device.of(ana)
    add(ana, "My phone")
    confirm_everybody(site, minutes_ago=6)
    ana.open("/account/nickname")
    expect(ana.heading).to_have_text("Confirm it’s you")
    ana.follow("Use a passkey instead")
    ana.press("Use a passkey")
    assert ana.path == "/account/nickname"

    ana.open("/account/passphrase")
    expect(ana.page.locator("[name=current]")).to_have_count(0)


def test_a_form_that_was_open_for_long_goes_on_after_the_passphrase(
    visit: Callable[..., Visitor], site: Site
) -> None:
    """The page that asks for it has the browser send the form again."""
    visitor = visit()
    visitor.open("/keep")
    name = f"Ana {next(_NUMBERS)} who waits"
    fill(visitor, {"nickname": name, "passphrase": PASSPHRASE})
    visitor.press("Save my progress")
    visitor.open("/account/nickname")
    confirm_everybody(site, minutes_ago=6)
    fill(visitor, {"nickname": f"{name} long"})
    visitor.press("Change nickname")
    expect(visitor.heading).to_have_text("Confirm it’s you")
    fill(visitor, {"current": PASSPHRASE})
    visitor.press("Continue")

    assert visitor.path == "/account?done=nickname"
    expect(visitor.page.get_by_text(f"{name} long")).to_be_visible()


def test_the_same_device_twice_says_that_it_has_one(ana: Visitor) -> None:
    device = Device.of(ana)
    add(ana, "My phone")
    ana.page.get_by_role("button", name="Add a passkey").click()

    is_told(ana, "This device already has a passkey for you.")
    assert len(device.passkeys()) == 1


def test_looking_away_changes_nothing_and_the_button_is_still_there(ana: Visitor) -> None:
    device = Device.of(ana)
    device.look_away()
    ana.open("/passkeys")
    ana.page.get_by_label("Name", exact=True).fill("My phone")
    ana.page.get_by_role("button", name="Add a passkey").click()

    is_told(ana, "Nothing has changed. Press the button again")
    expect(ana.page.get_by_label("Name", exact=True)).to_have_value("My phone")
    assert device.passkeys() == []
    sign_out(ana)
    ana.open("/passkeys/sign-in")
    button = ana.page.get_by_role("button", name="Sign in with a passkey")
    button.click()
    is_told(ana, "Nothing has changed. Press the button again")
    expect(button).to_be_visible()


def test_signed_out_in_another_tab_the_page_says_to_load_it_again(ana: Visitor) -> None:
    Device.of(ana)
    ana.open("/passkeys")
    sign_out(ana)
    ana.page.get_by_role("button", name="Add a passkey").click()

    is_told(ana, "That didn’t work this time.")


def test_a_passkey_of_another_device_works_though_another_tab_asked_too(
    ana: Visitor, visit: Any, site: Site
) -> None:
    device = Device.of(ana)
    add(ana, "My phone")
    ben = visit(base_url=site.named)
    other = Device.of(ben)
    other.take(device.passkeys()[0])
    ben.open("/passkeys/sign-in")
    ben.page.evaluate("fetch('/passkeys/sign-in.json')")  # as another tab does
    ben.press("Sign in with a passkey")

    assert ben.path == "/progress"


@pytest.mark.parametrize("missing", ["PublicKeyCredential", "isSecureContext"])
def test_an_older_browser_is_told_that_the_passphrase_works(ana: Visitor, missing: str) -> None:
    ana.page.add_init_script(f"Object.defineProperty(window, '{missing}', {{value: undefined}})")
    for path in ("/passkeys", "/passkeys/sign-in"):
        ana.open(path)
        expect(ana.page.get_by_text("Passkeys need a newer browser")).to_be_visible()
        expect(ana.page.locator("main").get_by_role("button")).to_have_count(0)
        sign_out(ana)


def test_without_javascript_the_page_says_so(visit: Callable[..., Visitor], site: Site) -> None:
    ben = visit(base_url=site.named, java_script_enabled=False)
    ben.open("/passkeys/sign-in")

    expect(ben.page.get_by_text("Passkeys need a newer browser")).to_be_visible()
    expect(ben.page.locator("main").get_by_role("button")).to_have_count(0)
    ben.follow("Sign in with your nickname and passphrase")
    assert ben.path == "/sign-in"


def test_by_a_bare_number_the_page_says_that_there_are_none(visit: Callable[..., Visitor]) -> None:
    ben = visit()
    ben.open("/passkeys/sign-in")

    expect(ben.page.get_by_text("Passkeys don’t work at this address.")).to_be_visible()
    expect(ben.page.locator("main").get_by_role("button")).to_have_count(0)
