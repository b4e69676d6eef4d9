"""Passkeys, and confirming that it is you."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.seeding import confirm_everybody, give_passkeys, sign_in_as
from tests.browser.visitor import Visitor
from tests.serving import Site


def passkey_states(ana: Visitor, site: Site) -> Iterator[str]:
    """Passkeys, at the site's name, where somebody else is signed in."""
    ana.open("/passkeys")
    yield "passkeys-not-at-this-address"
    here = f"{site.named}/passkeys"
    ana.open(f"{site.named}/sign-in")
    yield "sign-in-or-with-a-passkey"
    ana.open(f"{here}/sign-in")
    yield "passkeys-sign-in"
    for name in ("waiting", "cancelled", "there", "unable", "other"):
        ana.page.locator(f"[data-says={name}]").evaluate("words => { words.hidden = false }")
    yield "passkeys-sign-in-all-that-is-said"
    with ana.page.expect_navigation():
        ana.page.locator("main form").evaluate("form => form.submit()")
    yield "passkeys-sign-in-expired"
    account = sign_in_as(ana.page.context, site, "Ana")
    ana.open(f"{here}/sign-in")
    yield "passkeys-signed-in-already"
    ana.open(here)
    yield "passkeys-none"
    with ana.page.expect_navigation():
        ana.page.locator("main form").evaluate("form => form.submit()")
    yield "passkeys-not-added"
    give_passkeys(site, account, ["My phone", "The computer in the living room", "M" * 40])
    ana.open(f"{here}?done=new")
    yield "passkeys-used"
    confirm_everybody(site)
    ana.follow("Rename “My phone”")
    yield "passkeys-rename"
    confirm_everybody(site)
    ana.page.get_by_label("New name").fill("")
    ana.press("Save")
    yield "passkeys-rename-empty"
    ana.open(here)
    confirm_everybody(site)
    ana.follow("Remove “My phone”")
    yield "passkeys-remove"
    yield from _confirming(ana, site)
    give_passkeys(site, account, [f"Phone {n}" for n in range(4, 11)])
    ana.open(here)
    yield "passkeys-full"


def _confirming(ana: Visitor, site: Site) -> Iterator[str]:
    """Five minutes later, at the site's name: she is asked for her passphrase or a passkey."""
    confirm_everybody(site, minutes_ago=6)
    ana.open(f"{site.named}/account/nickname")
    yield "confirm"
    ana.page.get_by_label("Your passphrase").fill("not this one")
    ana.press("Continue")
    yield "confirm-other"
    ana.follow("Use a passkey instead")
    yield "confirm-with-a-passkey"
    with ana.page.expect_navigation():
        ana.page.locator("main form").evaluate("form => form.submit()")
    yield "confirm-with-a-passkey-expired"
    ana.open(f"{site.named}/passkeys")
    yield "passkeys-to-confirm-first"
    confirm_everybody(site)
