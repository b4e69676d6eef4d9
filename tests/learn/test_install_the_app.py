"""Put the site on a home screen: its manifest and icons."""

from __future__ import annotations

import json
import struct
from dataclasses import replace

import pytest

from learn.app import create_app
from learn.offline.course import version
from tests.learn.people import made_for_tests


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


def test_the_service_worker_is_at_the_root_and_never_cached_for_long(ana):
    page = ana.open("/service-worker.js")

    assert page.mimetype == "text/javascript"
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in page.headers


def test_all_that_it_keeps_is_there_for_somebody_without_a_cookie(ana, somebody_new):
    course = json.loads(ana.open("/service-worker.js").text.split("= ", 1)[1].split(";\n", 1)[0])
    addresses = course["first"] + course["rest"]

    assert {"/", "/help", "/glossary", "/offline", "/lessons/paths/this-week"} < {*addresses}
    assert len(addresses) == len({*addresses}) > 40
    for address in addresses:
        page = somebody_new.browser.get(address)
        assert page.status_code == 200, address
        assert "Set-Cookie" not in page.headers, address


def test_another_text_is_another_version(settings, tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "a.md").write_text("One.")
    before = version(replace(settings, content=folder))
    (folder / "a.md").write_text("Two.")

    assert version(replace(settings, content=folder)) != before
    assert version(settings) == version(replace(settings))


def test_turned_off_it_removes_itself_and_no_page_asks_for_it(settings, content, tmp_path):
    off = replace(settings, database_url=f"sqlite:///{tmp_path / 'x.sqlite3'}", keeps_offline=False)
    app = made_for_tests(create_app(off, content=content))
    browser = app.test_client()

    assert "registration.unregister()" in browser.get("/service-worker.js").text
    assert "service-worker.js" not in browser.get("/lessons/what-is-all").text
    app.extensions["learn.database"].dispose()
