"""The fonts of the browser tests, the same on every machine: a narrow and a wide one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

NARROW = "Reader Narrow"
WIDE = "Reader Wide"
TYPEFACES = (NARROW, WIDE)

FILES = Path(__file__).parent / "fonts"
_GENERIC = {
    "system-ui": NARROW,
    "sans-serif": NARROW,
    "serif": NARROW,
    "ui-monospace": "Reader Mono",
    "monospace": "Reader Mono",
}
_ALIAS = """<alias binding="same">
  <family>{generic}</family><prefer><family>{ours}</family></prefer>
</alias>"""
_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>{files}</dir>
<cachedir>{cache}</cachedir>
{aliases}
<match target="pattern">
  <edit name="family" mode="append_last"><string>Reader Narrow</string></edit>
</match>
<match target="font">
  <edit name="antialias" mode="assign"><bool>true</bool></edit>
  <edit name="hinting" mode="assign"><bool>false</bool></edit>
</match>
</fontconfig>
"""
_WEAR = """family => {
  window.typeface ??= document.adoptedStyleSheets[document.adoptedStyleSheets.push(
    new CSSStyleSheet()) - 1];
  window.typeface.replaceSync(family && `html { font-family: "${family}" }`);
}"""


def settings(folder: Path) -> dict[str, str]:
    """The environment of a browser that knows only these fonts."""
    aliases = "\n".join(_ALIAS.format(generic=name, ours=ours) for name, ours in _GENERIC.items())
    text = _SETTINGS.format(files=FILES, cache=folder / "cache", aliases=aliases)
    path = folder / "fonts.conf"
    path.write_text(text)
    return {"FONTCONFIG_FILE": str(path)}


def always_in(typeface: str, page: Page) -> None:
    """Show every page opened from now on in that typeface."""
    page.add_init_script(f"({_WEAR})({typeface!r})")


@contextlib.contextmanager
def shown_in(typeface: str, page: Page) -> Iterator[None]:
    """Show the open page in that typeface until the end of the block."""
    page.evaluate(_WEAR, typeface)
    try:
        yield
    finally:
        page.evaluate(_WEAR, "")
