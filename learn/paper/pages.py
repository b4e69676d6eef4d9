"""What the pages of a sitting share: the sitting with its questions, and where it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import render_template, url_for

from learn import access, extensions
from learn.access import OwnGroup
from learn.paper import printed, queries
from learn.paper.printed import PaperItem
from learn.paper.queries import Sitting
from learn.versions import queries as versions

EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PrintedSitting:
    """A sitting with its questions as they were printed."""

    sitting: Sitting
    items: tuple[PaperItem, ...]


def find_sitting(group: OwnGroup, sitting_id: uuid.UUID) -> PrintedSitting | None:
    session, content = extensions.read_session(), extensions.content()
    found = queries.sitting(session, group.id, sitting_id)
    if found is None:
        return None
    earlier = versions.find(session, printed.versions_to_find(content, found.versions))
    return PrintedSitting(found, printed.items(content, found.versions, earlier))


def sitting_or_404(group: OwnGroup, sitting_id: uuid.UUID) -> PrintedSitting:
    return find_sitting(group, sitting_id) or access.not_found()


def sitting_page(template: str, group: OwnGroup, found: PrintedSitting, **more: object) -> str:
    return render_template(
        template,
        group=group,
        sitting=found.sitting,
        items=found.items,
        content=extensions.content(),
        **more,
    )


def address_of(group: OwnGroup, sitting_id: uuid.UUID, **query: object) -> str:
    return url_for("paper.sitting", group_id=group.id, sitting_id=sitting_id, **query)  # type: ignore[arg-type]
