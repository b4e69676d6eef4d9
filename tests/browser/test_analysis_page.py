"""The page of `learn analyse --html` in a real browser: accessible, and within a narrow screen."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from learn.commands import main

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analysis")
    chance = random.Random(7)  # noqa: S311
    names = [f"Question {i}: which of these is a sign to call about?" for i in range(8)]
    lines = [",".join(["name", *names]), "Key,A,B,C,D,A,B,C,D"]
    for i in range(70):
        sure = chance.random()
        lines.append(f"p{i}," + ",".join(k if chance.random() < sure else "E" for k in "ABCDABCD"))
    (folder / "scores.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["analyse", str(folder / "scores.csv"), "--html", str(folder / "page.html")])
    return folder / "page.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(browser: Browser, page_file: Path, scheme: Any):
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    shown = context.new_page()
    shown.goto(page_file.as_uri())
    found = Axe().run(shown).response["violations"]
    context.close()

    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen_and_words_in_plots_can_be_read(
    browser: Browser, page_file: Path, width: int
):
    context = browser.new_context(viewport={"width": width, "height": 740})
    shown = context.new_page()
    shown.goto(page_file.as_uri())
    wide = shown.evaluate("document.documentElement.scrollWidth")
    smallest = shown.evaluate(
        "Math.min(...[...document.querySelectorAll('svg text')]"
        ".map(t => t.getBoundingClientRect().height))"
    )
    outside = shown.evaluate(
        """[...document.querySelectorAll('svg text')].filter(t => {
          const box = t.getBoundingClientRect(), all = t.closest('svg').getBoundingClientRect();
          return box.left < all.left || box.right > all.right || box.top < all.top
            || box.bottom > all.bottom;
        }).map(t => t.textContent)"""
    )
    context.close()

    assert wide == width
    assert smallest > 9
    assert outside == []
