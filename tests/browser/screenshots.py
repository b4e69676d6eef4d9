"""Screenshots of every state: `python -m tests.browser.screenshots FOLDER`.

Each state at 320 and 1280 pixels, in light and dark mode, in a narrow and a wide font; lessons and
the sheet for the care team also as PDF.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.states import states
from tests.browser.typefaces import TYPEFACES, shown_in
from tests.browser.visitor import launched
from tests.serving import serving

_WIDTHS = (320, 1280)
_SCHEMES = ("light", "dark")
_ON_PAPER = ("results", "lessons-", "care-team-used", "keep-code", "own-words-look-back")
# What stands at a place of the window, not of the page.
_UNCHANGED = ("meaning-open", "passage", "read-aloud")


def main(folder: Path) -> None:
    """Save all screenshots in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data) / "data") as site,
        launched() as browser,
    ):
        context = browser.new_context(base_url=site.address, reduced_motion="reduce")
        page = context.new_page()
        for name in states(page, site):
            _save(page, folder, name)


def _save(page: Page, folder: Path, name: str) -> None:
    whole = not name.endswith(_UNCHANGED)
    for width, scheme, typeface in product(_WIDTHS, _SCHEMES, TYPEFACES):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        with shown_in(typeface, page):
            which = typeface.split()[-1].lower()
            path = folder / f"{name}-{width}-{scheme}-{which}.png"
            page.screenshot(path=path, full_page=whole)
    page.emulate_media(color_scheme="light")
    if name.startswith(_ON_PAPER):
        page.pdf(path=folder / f"{name}.pdf", format="Letter", margin=dict.fromkeys(_EDGES, "2cm"))


_EDGES = ("top", "right", "bottom", "left")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
