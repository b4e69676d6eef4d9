"""The content as it is offered now: all of it but the questions that are under review."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from time import monotonic
from types import MappingProxyType
from typing import cast

from flask import current_app

from learn import extensions
from learn.library.content import Content
from learn.review import queries

_KEY = "learn.offered"
_SECONDS = 30.0  # how long a process goes on with what it read


def offered() -> Content:
    """Our content without the questions that are withheld, at most half a minute old."""
    content = extensions.content()
    kept = cast("tuple[float, Content, Content] | None", current_app.extensions.get(_KEY))
    if kept is not None and kept[0] > monotonic() and kept[1] is content:
        return kept[2]
    with extensions.database().reading() as session:
        withheld = queries.withheld(session)
    found = without(content, withheld) if withheld else content
    current_app.extensions[_KEY] = (monotonic() + _SECONDS, content, found)
    return found


def without(content: Content, questions: Collection[str]) -> Content:
    """The content without some questions; objectives, lessons and progress stay as they are."""
    bank = content.bank
    objectives = {
        o.id: replace(o, questions=tuple(q for q in o.questions if q.id not in questions))
        for o in bank.objectives.values()
    }
    left = {i: q for i, q in bank.questions.items() if i not in questions}
    smaller = replace(
        bank, objectives=MappingProxyType(objectives), questions=MappingProxyType(left)
    )
    return replace(content, bank=smaller)
