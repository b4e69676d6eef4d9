"""States of the pages about keeping progress, signing in, and signing out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playwright.sync_api import Page

from tests.browser.seeding import account_of, give_passkeys
from tests.browser.visitor import Visitor
from tests.serving import Site

NICKNAME = "Ana-teal-47"
PASSPHRASE = "four calm small words"
_KEEP = "Save my progress"
_SIGN_IN = "Sign in"
_PASSKEYS = ("My phone", "The computer in the living room", "M" * 40)


def account_states(ana: Visitor, site: Site) -> Iterator[str]:
    """Yield the name of each state, from a guest with answers to a signed-in visitor."""
    codes = list[str]()
    yield from _keeping(ana, codes)
    yield from _changing(ana)
    yield from _locking_others_out(ana, site)
    yield from _signed_out_elsewhere(ana)
    yield from _leaving_and_coming(ana)
    yield from _recovering(ana, codes)


def fill(ana: Visitor, fields: Mapping[str, str]) -> None:
    """Fill in the fields with these names."""
    for name, text in fields.items():
        ana.page.locator(f"input[name={name}]").fill(text)


def sign_in(ana: Visitor, passphrase: str = PASSPHRASE) -> None:
    ana.open("/sign-in")
    fill(ana, {"nickname": NICKNAME, "passphrase": passphrase})
    ana.press(_SIGN_IN)


def code_on(ana: Visitor) -> str:
    """The recovery code on the page."""
    return ana.page.locator(".recovery-code").inner_text()


def _spoil_token(ana: Visitor) -> None:
    ana.page.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")


def _keeping(ana: Visitor, codes: list[str]) -> Iterator[str]:
    ana.open("/keep")
    yield "keep"
    ana.press(_KEEP)
    yield "keep-nothing-filled-in"
    fill(ana, {"nickname": "i" * 41, "passphrase": "password1"})
    ana.press(_KEEP)
    yield "keep-too-long-and-too-easy"
    fill(ana, {"nickname": NICKNAME, "passphrase": PASSPHRASE})
    _spoil_token(ana)
    ana.press(_KEEP)
    yield "keep-expired"
    fill(ana, {"passphrase": PASSPHRASE})
    ana.press(_KEEP)
    codes.append(code_on(ana))
    yield "keep-code"
    ana.go_on()
    yield "progress-kept"


def _changing(ana: Visitor) -> Iterator[str]:
    ana.open("/account")
    yield "account"
    _open_confirmed(ana, "/account/nickname")
    yield "account-nickname"
    fill(ana, {"nickname": ""})
    ana.press("Change nickname")
    yield "account-nickname-empty"
    _open_confirmed(ana, "/account/nickname")
    fill(ana, {"nickname": NICKNAME})
    ana.press("Change nickname")
    yield "account-changed"
    ana.open("/account/passphrase")
    yield "account-passphrase"
    fill(ana, {"current": "not this one", "passphrase": PASSPHRASE})
    ana.press("Change passphrase")
    yield "account-passphrase-other"
    ana.open("/account/code")
    yield "account-code"
    ana.press("Get a new recovery code")
    yield "account-code-nothing-filled-in"
    ana.open("/my-data")
    yield "my-data-kept"
    _open_confirmed(ana, "/my-data/delete")
    yield "my-data-delete-kept"


def _locking_others_out(ana: Visitor, site: Site) -> Iterator[str]:
    """She chooses a new passphrase, and checks which passkeys there are."""
    give_passkeys(site, account_of(site, NICKNAME), _PASSKEYS)
    ana.open("/account/passphrase")
    fill(ana, {"current": PASSPHRASE, "passphrase": PASSPHRASE})
    ana.press("Change passphrase")
    yield "account-passphrase-changed-with-passkeys"
    ana.page.get_by_role("link", name="Remove “The computer in the living room”").click()
    yield "account-passkey-remove"
    elsewhere = Visitor(_elsewhere(ana))
    sign_in(elsewhere)
    elsewhere.page.context.close()
    ana.open("/account")
    ana.press("Sign out everywhere, here too")
    yield "signed-out-everywhere-with-passkeys"
    sign_in(ana)


def _open_confirmed(ana: Visitor, path: str) -> None:
    """Open a page, with the passphrase if five minutes are over."""
    ana.open(path)
    if ana.path.startswith("/account/confirm"):
        fill(ana, {"current": PASSPHRASE})
        ana.press("Continue")


def _signed_out_elsewhere(ana: Visitor) -> Iterator[str]:
    """On another device, she signs out on all others; on this one, she was writing."""
    elsewhere = Visitor(_elsewhere(ana))
    sign_in(elsewhere)
    ana.open("/account")
    yield "account-devices"
    ana.open("/care-team")
    ana.page.locator("textarea[name=text]").fill("Which of my tests is next, and why?")
    _sign_others_out(elsewhere)
    with ana.page.expect_navigation():
        ana.page.locator("form:has(textarea[name=text]) button").first.click()
    yield "signed-out-form"
    sign_in(ana)
    _sign_others_out(elsewhere)
    ana.open("/progress")
    yield "signed-out-elsewhere"
    elsewhere.page.context.close()
    sign_in(ana)


def _elsewhere(ana: Visitor) -> Page:
    browser = ana.page.context.browser
    assert browser
    address = "/".join(ana.page.url.split("/")[:3])
    return browser.new_context(base_url=address).new_page()


def _sign_others_out(ana: Visitor) -> None:
    ana.open("/account")
    ana.press("Sign out on all other devices")


def _leaving_and_coming(ana: Visitor) -> Iterator[str]:
    ana.open("/sign-out")
    yield "sign-out"
    _spoil_token(ana)
    ana.press("Sign out")
    yield "sign-out-expired"
    ana.press("Sign out")
    yield "signed-out"
    ana.open("/keep")
    fill(ana, {"nickname": NICKNAME.upper(), "passphrase": PASSPHRASE})
    ana.press(_KEEP)
    yield "keep-nickname-taken"
    ana.open("/groups")
    yield "sign-in-to-come-back"
    ana.open("/sign-in")
    yield "sign-in"
    ana.press(_SIGN_IN)
    yield "sign-in-nothing-filled-in"
    ana.begin("lesson/what-causes-all")
    sign_in(ana, "not this one")
    yield "sign-in-not-together"
    for _ in range(5):
        sign_in(ana, "not this one")
    yield "sign-in-wait"


def _recovering(ana: Visitor, codes: list[str]) -> Iterator[str]:
    """Recover with a code, since a test can't wait a minute. Her passkeys are removed."""
    ana.open("/recover")
    yield "recover"
    ana.press("Continue")
    yield "recover-nothing-filled-in"
    fill(ana, {"code": "K7QF-2M9X"})
    ana.press("Continue")
    yield "recover-too-few-letters"
    fill(ana, {"code": codes[0].lower(), "passphrase": PASSPHRASE})
    ana.press("Continue")
    yield "recover-code"
