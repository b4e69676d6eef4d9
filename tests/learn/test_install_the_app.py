"""Put the site on a home screen: its manifest and icons."""

from __future__ import annotations

import struct

import pytest


@pytest.mark.fast("offline")
def test_the_manifest_names_the_site_and_begins_at_home(ana):
    page = ana.open("/app.webmanifest")
    manifest = page.get_json()

    assert page.mimetype == "application/manifest+json"
    assert "Set-Cookie" not in page.headers
    assert manifest["name"] == "Learn ALL"
    assert manifest["start_url"] == manifest["scope"] == manifest["id"] == "/"
    assert manifest["display"] == "standalone"


def test_its_icons_are_small_and_of_the_sizes_that_it_names(ana):
    icons = ana.open("/app.webmanifest").get_json()["icons"]

    assert {(i["sizes"], i["purpose"]) for i in icons} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in icons:
        picture = ana.browser.get(icon["src"])
        width, height = struct.unpack(">II", picture.data[16:24])
        assert picture.mimetype == "image/png"
        assert icon["sizes"] == f"{width}x{height}"
        assert len(picture.data) < 16_000


def test_every_page_leads_to_the_manifest_and_the_policy_allows_it(ana):
    for address in ("/", "/lessons/what-is-all", "/quizzes/mixed", "/help"):
        page = ana.open(address)
        assert '<link rel="manifest" href="/app.webmanifest">' in ana.html
        assert ana.html.count('<meta name="theme-color"') == 2
        assert "manifest-src 'self'" in page.headers["Content-Security-Policy"]
