"""Versions of questions that are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import QuestionVersion
from learn.models.base import table_of
from questions.reading import InvalidContentError
from questions.versions import QuestionSnapshot, VersionKey, version_from

_version = table_of(QuestionVersion)
_KEPT = 500  # versions that a process has read; a few of each question that changed


def texts(session: Session) -> dict[VersionKey, str]:
    """Return the text of every version that is kept."""
    rows = session.execute(select(_version.c.question_id, _version.c.version, _version.c.text))
    return {(row[0], row[1]): row[2] for row in rows}


def find(session: Session, wanted: Collection[VersionKey]) -> Mapping[VersionKey, QuestionSnapshot]:
    """Those of the wanted versions that are kept; no statement where none is wanted."""
    if not wanted:
        return {}
    rows = session.execute(
        select(_version.c.question_id, _version.c.version, _version.c.text).where(
            _version.c.question_id.in_({question for question, _ in wanted}),
            _version.c.version.in_({version for _, version in wanted}),
        )
    )
    versions = {}
    for question, version, text in rows:
        if (question, version) in wanted and (read := _read(text)):
            versions[question, version] = read
    return versions


@lru_cache(_KEPT)
def _read(text: str) -> QuestionSnapshot | None:
    """Return the version; None where a newer site wrote what this one can't read.

    What is stored of a version never changes, and to read one takes as long as half a page.
    """
    try:
        return version_from(text)
    except InvalidContentError:
        return None
