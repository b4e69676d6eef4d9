"""Cache pages and files that are the same for everybody, compressed, in memory.

Personal pages are never compressed: they hold a token beside what the learner typed, and they are
small enough for one round trip as they are.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

from flask import Response, g, request

_REVALIDATE = "private, no-cache"
_A_YEAR = "public, max-age=31536000, immutable"
# Not left to the machine's own list: a browser runs no script that comes as another type.
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_ON_EVERY_PAGE = ("search.js", "keep-offline.js", "waiting-answers.js")
JOINED = {
    "page.js": _ON_EVERY_PAGE,
    "lesson.js": ("read-aloud.js", "care-team.js", "share.js", *_ON_EVERY_PAGE),
}
"""Scripts that are sent as one file, for a page with few requests, and the files in them."""
PARTS = ("share.js", *_ON_EVERY_PAGE)
"""Files that no page asks for by themselves."""
_LAST_COMMENT = re.compile(r"""(?<=[;,{}()]) // [^'"`/]*$""")
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class _CachedBody:
    plain: bytes
    compressed: bytes
    etag: str
    mimetype: str

    @classmethod
    def of(cls, body: bytes, mimetype: str) -> _CachedBody:
        digest = hashlib.sha256(body).hexdigest()[:16]
        return cls(body, gzip.compress(body, 9, mtime=0), f'W/"{digest}"', mimetype)

    def response(self, cache: str) -> Response:
        headers = {"ETag": self.etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
        if self.etag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.compressed, headers=headers, mimetype=self.mimetype)
        return Response(self.plain, headers=headers, mimetype=self.mimetype)


class PageCache:
    """Whole pages by a key, and by their variant: the demo banner, and the header of educators."""

    def __init__(self, variant: Callable[[], Hashable]) -> None:
        self._variant = variant
        self._pages: dict[tuple[str, Hashable], _CachedBody] = {}

    def response(
        self, key: str, render: Callable[[], str], mimetype: str = "text/html"
    ) -> Response:
        """Return the page with that key, rendered on first use; 304 if it is unchanged."""
        kind = key, self._variant()
        cached = self._pages.get(kind)
        if cached is None:
            g.is_shared_page = True
            cached = self._pages[kind] = _CachedBody.of(render().encode(), mimetype)
        return cached.response(_REVALIDATE)


def _joined(folder: Path) -> tuple[str, bytes]:
    """Join the style sheets of a folder, in order, without comments and spaces between parts."""
    sheets = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.css")))
    text = re.sub(r"/\*.*?\*/", "", "\n".join(sheets), flags=re.DOTALL)
    lines = "\n".join(filter(None, map(str.strip, text.splitlines())))
    lines = re.sub(r"^([\w-]+): (.*;)$", r"\1:\2", lines, flags=re.MULTILINE)
    return f"{folder.name}.css", re.sub(r" ?([{};,])\n", r"\1", lines).replace(";}", "}").encode()


def _lean(script: str) -> str:
    """Return a script without comments and indentation.

    No text of ours in backquotes has several lines, which would be part of it. A comment at the end
    of a line stays if it has a quotation mark: it may be in a text.
    """
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*$", "", script, flags=re.DOTALL | re.MULTILINE)
    lines = (_LAST_COMMENT.sub("", line.strip()) for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _read(path: Path) -> tuple[str, bytes]:
    if path.is_dir():
        return _joined(path)
    if path.suffix == ".js":
        return path.name, _lean(path.read_text(encoding="utf-8")).encode()
    return path.name, path.read_bytes()


class Assets:
    """Static files, at addresses with their digest, so that browsers keep them for a year."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, _CachedBody] = {}
        self._addresses: dict[str, str] = {}
        files = [_read(path) for path in sorted(folder.iterdir())]
        bodies = dict(files)
        for name, parts in JOINED.items():
            files.append((name, b"\n".join(bodies[part] for part in parts)))
        for name, body in files:
            stem, _, suffix = name.rpartition(".")
            cached = _CachedBody.of(body, _TYPES.get(f".{suffix}", _UNKNOWN))
            self._files[name] = cached
            self._addresses[name] = f"{stem}.{cached.etag[3:11]}.{suffix}"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all files."""
        return tuple(self._files)

    def address(self, name: str) -> str:
        """Return the file's name with its digest. Raises KeyError."""
        return self._addresses[name]

    def response(self, address: str) -> Response | None:
        """Return the file at that address, or None.

        A page from before an upgrade asks for an older digest: it gets the current file, uncached.
        """
        stem, _, rest = address.partition(".")
        name = f"{stem}.{rest.rpartition('.')[2]}"
        cached = self._files.get(name)
        if cached is None:
            return None
        return cached.response(_A_YEAR if self._addresses[name] == address else _REVALIDATE)
