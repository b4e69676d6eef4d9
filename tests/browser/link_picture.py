"""Draw the picture that links to the site show: `python -m tests.browser.link_picture FILE`."""

from __future__ import annotations

import struct
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

from tests.browser.visitor import launched
from tests.serving import serving

SIZE = {"width": 1200, "height": 630}
"""What Open Graph and Twitter ask for."""

_COMPOSE = """() => {
  const main = document.querySelector('main');
  const cells = main.querySelector('.hero-cells'), words = main.querySelector('h1');
  const name = document.querySelector('.site-name');
  const sheet = document.createElement('div');
  sheet.append(cells, words, name);
  document.body.replaceChildren(sheet);
  const set = (element, looks) => Object.assign(element.style, looks);
  set(sheet, {display: 'flex', flexDirection: 'column', justifyContent: 'center', gap: '36px',
    height: '630px', padding: '0 90px', boxSizing: 'border-box'});
  set(cells, {display: 'block', width: '100%', maxWidth: 'none', margin: 0});
  set(words, {margin: 0, fontSize: '60px', maxWidth: 'none'});
  set(name, {display: 'flex', alignItems: 'center', gap: '16px', fontSize: '40px',
    color: 'inherit', textDecoration: 'none'});
  set(name.querySelector('svg'), {width: '56px'});
}"""


def main(file: Path) -> None:
    """Save the cells, the title, and the name of the home page as a picture."""
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data) / "data", workers=1) as site,
        launched() as browser,
    ):
        page = browser.new_page(base_url=site.address, viewport=SIZE, color_scheme="light")
        page.goto("/")
        page.evaluate(_COMPOSE)
        file.write_bytes(with_palette(page.screenshot()))


def with_palette(png: bytes) -> bytes:
    """Return a picture of 24 bits a pixel with its 256 commonest colors alone, a third as large."""
    rows = _rows(png)
    pixels = [[row[at : at + 3] for at in range(0, len(row), 3)] for row in rows]
    palette = [color for color, _ in Counter(p for row in pixels for p in row).most_common(256)]
    nearest = {color: number for number, color in enumerate(palette)}
    for color in {p for row in pixels for p in row} - {*palette}:
        distances = [sum((a - b) ** 2 for a, b in zip(color, p, strict=True)) for p in palette]
        nearest[color] = distances.index(min(distances))
    body = b"".join(b"\0" + bytes(nearest[p] for p in row) for row in pixels)
    head = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(body, 9))]
    return png[:8] + b"".join(_part(name, data) for name, data in [*parts, (b"IEND", b"")])


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(png: bytes) -> list[bytes]:
    """Return the rows of pixels."""
    at, width, packed = 8, 0, b""
    while at < len(png):
        (size,), name = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + size]
        if name == b"IHDR":
            width, _, depth, kind = struct.unpack(">IIBB", data[:10])
            if (depth, kind) != (8, 2):
                raise ValueError("not a picture of 24 bits a pixel")
        packed += data if name == b"IDAT" else b""
        at += 12 + size
    plain, rows, above = zlib.decompress(packed), list[bytes](), bytes(width * 3)
    for start in range(0, len(plain), width * 3 + 1):
        kind, row = plain[start], bytearray(plain[start + 1 : start + 1 + width * 3])
        for n in range(len(row)):
            left, up = row[n - 3] if n > 2 else 0, above[n]
            corner = above[n - 3] if n > 2 else 0
            row[n] = (row[n] + _predicted(kind, left, up, corner)) % 256
        above = bytes(row)
        rows.append(above)
    return rows


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    """Return what a filter of PNG predicts for a byte."""
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return (0, left, up, (left + up) // 2)[kind]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
