"""Share a lesson: its own address, what a link shows of it, and what search engines may list."""

from __future__ import annotations

import html
import re
import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from learn.paths import STATIC
from learn.public_url import parse
from tests.learn.access_scene import cells
from tests.learn.people import Person

LESSON = "/lessons/what-is-all"
PUBLIC = {
    "home.index",
    "lessons.index",
    "lessons.lesson",
    "lessons.path",
    "about.get_help",
    "about.glossary",
    "about.source",
    "about.lesson_sources",
    "about.added_sources",
    "about.source_notes",
    "about.privacy",
}
"""The pages that search engines may list. A new page isn't, until it stands here."""

SITE = "https://learn.example.org/all"


def canonical(person: Person) -> str:
    return re.search(r'<link rel="canonical" href="([^"]+)">', person.html).group(1)


def said(page: str) -> dict[str, str]:
    """Return what the page says of itself, by the name of each entry."""
    matches = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in matches}


@pytest.fixture
def elsewhere(settings, another_app, content) -> Person:
    """Return somebody new on a site with a public address."""
    return Person(another_app(replace(settings, public_url=parse(SITE))), content)


def open_there(person: Person, path: str) -> None:
    person.page = person.browser.get(path, base_url="https://learn.example.org")


@pytest.mark.parametrize(
    "query", ["", "?path=this-week", "?question=0b1e64c8-0000-4000-8000-000000000000-1", "?x=<b>"]
)
def test_the_address_to_share_has_nothing_of_the_reader(ana, query):
    ana.open(f"{LESSON}{query}")

    assert canonical(ana) == LESSON
    shared = ana.html.split('<div class="share')[1].split("</div>")[0]
    assert f'<a href="{LESSON}">' in shared


def test_a_link_shows_title_sentence_and_picture(elsewhere, content):
    open_there(elsewhere, f"/all{LESSON}")
    lesson, entries = content.lessons["what-is-all"], said(elsewhere.html)

    assert canonical(elsewhere) == entries["og:url"] == SITE + LESSON
    assert entries["og:title"] == lesson.title
    assert entries["description"] == entries["og:description"] == lesson.about
    assert entries["twitter:card"] == "summary_large_image"
    assert entries["og:image:alt"]
    assert f">{SITE}{LESSON}</a>" in elsewhere.html
    picture = elsewhere.browser.get(
        entries["og:image"].removeprefix("https://learn.example.org"),
        base_url="https://learn.example.org",
    )
    assert picture.mimetype == "image/png"
    assert struct.unpack(">II", picture.data[16:24]) == (1200, 630)
    assert len(picture.data) < 40_000


def test_a_host_of_a_request_never_enters_a_page_for_everybody(app, content):
    ana = Person(app, content)
    for host in ("evil.example", "good.example"):
        ana.page = ana.browser.get(LESSON, base_url=f"http://{host}")
        assert "evil" not in ana.html
        assert canonical(ana) == LESSON


def test_other_content_has_a_preview_without_our_picture(settings, another_app, tmp_path, content):
    own = replace(settings, public_url=parse(SITE), content=tmp_path)
    ana = Person(another_app(own), content)
    open_there(ana, f"/all{LESSON}")

    assert "og:image" not in said(ana.html)


def test_every_lesson_has_a_sentence_of_its_own(ana, content):
    sentences = set()
    for lesson in content.lessons:
        ana.open(f"/lessons/{lesson}")
        sentences.add(said(ana.html)["description"])

    assert len(sentences) == len(content.lessons)
    assert all(20 < len(sentence) < 160 for sentence in sentences)


def test_search_engines_list_public_pages_alone(app, scene):
    guest = scene.people["guest"]
    listed = set()
    for endpoint, method, _guard, arguments, more in cells(app):
        if method != "GET":
            continue
        with app.test_request_context():
            values = {name: scene.given[name] for name in arguments if name in scene.given}
            address = app.url_for(endpoint, **(more | values))
        page = guest.browser.get(address)
        if page.headers.get("X-Robots-Tag") != "noindex":
            listed.add(endpoint)
            guest.page = page
            assert canonical(guest) == address.partition("?")[0]
            assert said(guest.html)["description"]

    assert listed == PUBLIC


def test_a_page_that_is_not_there_is_not_listed_and_offers_a_search(ana):
    ana.open("/lessons/gone-since-spring")

    assert ana.page.status_code == 404
    assert ana.page.headers["X-Robots-Tag"] == "noindex"
    assert "The link may be old" in ana.text
    assert '<form action="/search" role="search"' in ana.html.split("<main")[1]


def test_the_sitemap_lists_each_public_page_once(elsewhere, content):
    open_there(elsewhere, "/all/sitemap.xml")
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    found = [entry.text for entry in ET.fromstring(elsewhere.page.data).iter(name)]  # noqa: S314

    assert elsewhere.page.mimetype == "application/xml"
    assert len(found) == len({*found})
    assert {f"{SITE}/lessons/{lesson}" for lesson in content.lessons} <= {*found}
    for address in found:
        assert address.startswith(f"{SITE}/")
        open_there(elsewhere, address.removeprefix("https://learn.example.org"))
        assert elsewhere.page.status_code == 200
        assert "X-Robots-Tag" not in elsewhere.page.headers
        assert canonical(elsewhere) == address


def test_robots_are_told_of_the_sitemap(elsewhere):
    open_there(elsewhere, "/all/robots.txt")

    assert elsewhere.page.mimetype == "text/plain"
    assert f"Sitemap: {SITE}/sitemap.xml" in elsewhere.html
    assert "Disallow: /all/search" in elsewhere.html


def test_the_picture_is_the_one_that_the_command_draws():
    head = (Path(STATIC) / "link.png").read_bytes()[:33]

    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert head[25] == 3, "with a palette: tests/browser/link_picture.py makes it small"
