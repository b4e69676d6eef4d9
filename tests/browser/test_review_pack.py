"""The review pack on paper."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from learn.authoring.review_pack import PrintOptions, Tier, pack
from learn.config import texts
from tests.our_content import our_content

pytestmark = pytest.mark.browser

_MAX_SAFETY_PAGES = 10


def test_the_sheets_on_safety_fit_on_ten_pages(browser: Browser, tmp_path: Path):
    path = tmp_path / "safety.html"
    options = PrintOptions(texts({}), date(2026, 3, 1))
    path.write_text(pack(our_content(), Tier.SAFETY, options), encoding="utf-8")
    page = browser.new_page()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto(path.as_uri())
    pages = len(re.findall(rb"/Type */Page\b", page.pdf(prefer_css_page_size=True)))
    page.close()

    assert 4 <= pages <= _MAX_SAFETY_PAGES
    assert asked_for == [path.as_uri()]
