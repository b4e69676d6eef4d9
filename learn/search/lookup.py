"""The index of the site's content, and what it says to somebody's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app

from learn import extensions
from learn.library.content import Content
from learn.search.index import MAX_WORDS, SearchIndex
from learn.search.results import SearchResults

_KEY = "learn.search"


def keep_index(extensions: dict[str, Any], content: Content) -> SearchIndex:
    """Make the index of the content, and keep it with the extensions of an application."""
    index = SearchIndex(content)
    extensions[_KEY] = content, index
    return index


def index_of_site() -> SearchIndex:
    """Return the index that was made at the start, or another if the content was replaced."""
    content = extensions.content()
    made: tuple[Content, SearchIndex] | None = current_app.extensions.get(_KEY)
    if made is None or made[0] is not content:
        return keep_index(current_app.extensions, content)
    return made[1]


def signs_in(text: str) -> SearchResults | None:
    """Return what the search says to the first sign of an emergency in a text, or None.

    Thoughts of self-harm come before every other sign. The text is looked at as a query and then,
    since it may have more words than one, part by part, in steps in which no sign is cut in two.
    """
    said, half = text.split(), MAX_WORDS // 2
    parts = [said, *(said[at : at + MAX_WORDS] for at in range(half, len(said) - half, half))]
    found = [index_of_site().search(" ".join(part)) for part in parts]
    named = next((f for f in found if f.is_urgent), None)
    if is_crisis(text):
        return replace(named or SearchResults(""), is_crisis=True)
    return next((f for f in found if f.is_crisis), named)


def is_crisis(text: str) -> bool:
    """Return whether somebody who wrote this may think of harming themselves."""
    return index_of_site().is_crisis(text)
