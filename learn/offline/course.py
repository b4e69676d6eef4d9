"""What is kept on a device to be read without a network, and its version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from learn.config import Settings
from learn.library.content import Content
from learn.paths import TEMPLATES

_CODE = Path(__file__).parents[1]
_ENGINE = _CODE.parent / "questions"
_NOT_ON_PAGES = frozenset({"__pycache__", "versions", "scores"})


def lesson_places(content: Content) -> Iterator[tuple[str, str | None]]:
    """Yield each lesson's id, and then each lesson on a path with the path's id."""
    for lesson in content.lessons:
        yield lesson, None
    for path in content.paths.values():
        for lesson in path.lessons:
            yield lesson, path.id


def version(settings: Settings) -> str:
    """Return a digest of all that pages are made from: another one, other pages."""
    made = hashlib.sha256(repr((settings.language, settings.public_url)).encode())
    made.update(repr((settings.time_zone, sorted(settings.texts.items()))).encode())
    folders = [_CODE, _ENGINE, TEMPLATES, *([settings.content] if settings.content else [])]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and _NOT_ON_PAGES.isdisjoint(path.parts):
                made.update(path.relative_to(folder).as_posix().encode() + b"\0")
                made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()[:12]
