"""Take the two pictures in README.md: `python -m tests.browser.pictures FOLDER`."""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.visitor import PHONE, Visitor, launched
from tests.browser.voices import voices
from tests.learn.people import wrong_answer
from tests.serving import serving

_SHARPNESS = 2  # device pixels for each CSS pixel
_QUALITY = 34


def main(folder: Path) -> None:
    """Save a lesson and the feedback to an answer, as they look on a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data) / "data", workers=1) as site,
        launched() as browser,
    ):
        page = browser.new_page(
            base_url=site.address,
            viewport=PHONE,
            reduced_motion="reduce",
        )
        page.add_init_script(voices())  # so that “Listen” is there, as on most phones
        ana = Visitor(page)
        ana.open("/lessons/where-all-stands")
        _save(page, folder / "lesson.webp")
        ana.go_to_question_of_layout(["choice"])
        ana.answer(wrong_answer(ana.question))
        _save(page, folder / "feedback.webp")


def _save(page: Page, file: Path) -> None:
    """Save what the window shows. (Playwright's own screenshots can't be WebP.)"""
    session = page.context.new_cdp_session(page)
    window = PHONE | {"x": 0, "y": page.evaluate("scrollY"), "scale": _SHARPNESS}
    options = {"format": "webp", "quality": _QUALITY, "clip": window}
    taken = session.send("Page.captureScreenshot", options)
    file.write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
