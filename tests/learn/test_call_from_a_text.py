"""Numbers in the texts of lessons and pages are called by one tap, and nothing else is."""

from __future__ import annotations

import pytest
from flask import Flask

from learn.prose_links import adder


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Call 911, or have someone call", '<a href="tel:911">Call 911</a>, or have someone call'),
        ("call 911.", '<a href="tel:911">call 911</a>.'),
        ("call or text 988 now", 'call or text <a href="tel:988">988</a> now'),
        ("1-800-422-6237.", '<a href="tel:18004226237">1-800-422-6237</a>.'),
        ("800-813-4673", '<a href="tel:8008134673">800-813-4673</a>'),
        ("911,000 and 1911 and 9.911 and 911-5", "911,000 and 1911 and 9.911 and 911-5"),
        ("2021-800-813-4673-1", "2021-800-813-4673-1"),
        ("a < b & call 911", 'a &lt; b &amp; <a href="tel:911">call 911</a>'),
        ("", ""),
    ],
)
def test_a_number_is_a_link_to_call(app: Flask, text: str, html: str) -> None:
    with app.test_request_context():
        assert app.jinja_env.filters["with_links"](text) == html


def test_the_numbers_of_the_settings_are_called(app: Flask) -> None:
    elsewhere = {"emergency_number": "112", "crisis_number": "0800-123.4"}
    with app.test_request_context():
        linked = adder(app.extensions["learn.content"], elsewhere)
        assert linked("Call 112 or 0800-123.4, not 911.") == (
            '<a href="tel:112">Call 112</a> or <a href="tel:08001234">0800-123.4</a>, not 911.'
        )


def test_a_lesson_and_home_lead_to_a_call(app: Flask) -> None:
    site = app.test_client()
    for path, call in [
        ("/", '<a href="tel:911">Call 911</a>'),
        ("/lessons/when-to-call", '<a href="tel:911">Call 911</a>, or have someone call'),
        ("/lessons/where-to-find-help", '<a href="tel:988">988</a>'),
    ]:
        page = site.get(path).text
        assert call in page, path
        assert "<a" not in page.split(call)[0].rpartition("</a>")[2], "no link within a link"
