"""The site's own content, read once for all tests of a process: nothing can change it."""

from __future__ import annotations

from functools import cache

from learn.config import texts
from learn.library.content import Content
from learn.library.read_content import load_content


@cache
def our_content() -> Content:
    """Return all content of the site. Raises InvalidContentError with every error."""
    return load_content(texts({}))
