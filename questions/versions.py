"""Keep the text of every version of a question, so that old answers stay readable.

A text is the question's raw table with its objective's id, whether that is for practice only, and
the misconceptions that it names; future table keys are preserved. The archive in a bank's folder
has one file per objective, `versions/<objective>.jsonl`, with one line per version.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from questions.bank import FOLDER, Bank, read_question
from questions.grading import error_in, grade
from questions.model import Misconception, Question, Response
from questions.reading import ContentError, InvalidContentError, Table, TomlFile, read_utf8

ARCHIVE = "versions"

VersionKey = tuple[str, str]
"""A question id and a version."""


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A stored version of a question; `text` is one line of JSON."""

    question: str
    version: str
    text: str

    @property
    def key(self) -> VersionKey:
        """Question id and the version."""
        return self.question, self.version


@dataclass(frozen=True, slots=True)
class QuestionSnapshot:
    """A question as it was asked, with its misconceptions by id.

    `practice_only` says that its objective was for practice only when it was asked last.
    """

    question: Question
    misconceptions: Mapping[str, Misconception]
    practice_only: bool = False


class DisplayedVersion(StrEnum):
    """Which version of a question an answer is shown with."""

    SAME = ""
    EARLIER = "earlier"  # as it was answered; since edited or retired
    CORRECTED = "corrected"  # as it is now, because the key was corrected
    LOST = "lost"  # as it is now, because the earlier text was not kept


@dataclass(frozen=True, slots=True)
class Archive:
    """Versions in an archive, and the (file, line) of each."""

    kept: Mapping[VersionKey, KeptVersion]
    locations: Mapping[VersionKey, tuple[str, int]]


def versions_of(bank: Bank) -> tuple[KeptVersion, ...]:
    """Return the current version of each question, in the order of the bank."""
    return tuple(_kept(bank, q) for q in bank.questions.values() if q.id in bank.tables)


def question_from(text: str) -> Question:
    """Return the question in a stored text. Raises InvalidContentError if it can't be read."""
    return version_from(text).question


def version_from(text: str) -> QuestionSnapshot:
    """Return the version in a stored text. Raises InvalidContentError if it can't be read."""
    version, errors = _read(text, ARCHIVE, 1)
    if errors:
        raise InvalidContentError(errors)
    return version


def is_counted(bank: Bank, snapshot: QuestionSnapshot) -> bool:
    """Whether answers to a question count that is no longer in the bank: not if for practice only.

    That of its objective counts, as long as the objective is there; else what was kept.
    """
    objective = bank.current_id(snapshot.question.objective)
    if objective in bank.objectives:
        return objective in bank.counted
    return not snapshot.practice_only


def shown_with(
    response: Response, version: str, answered: Question | None, current: Question | None
) -> tuple[Question | None, DisplayedVersion]:
    """Return the question to show an answer to `version` with, or None if no known version fits.

    `answered` is the version that was answered, if it was kept; `current` the one asked now.
    """
    if current is not None and current.version == version:
        return current, DisplayedVersion.SAME
    best = best_version(response, answered, current)
    if best is None:
        return None, DisplayedVersion.LOST
    if best is not current:
        return best, DisplayedVersion.EARLIER
    return best, DisplayedVersion.CORRECTED if answered else DisplayedVersion.LOST


def shown_with_all(
    responses: Collection[Response],
    version: str,
    answered: Question | None,
    current: Question | None,
) -> tuple[Question | None, DisplayedVersion]:
    """Return the one question to show all these answers to `version` with, as `shown_with` does.

    That is the `current` one with a corrected key only if all answers fit it.
    """
    if current is not None and current.version == version:
        return current, DisplayedVersion.SAME
    fits_now = current is not None and all(error_in(current, r) is None for r in responses)
    if answered is None or any(error_in(answered, r) for r in responses):
        return (current if fits_now else None), DisplayedVersion.LOST
    if current is not None and fits_now and not _has_key_of(current, answered):
        return current, DisplayedVersion.CORRECTED
    return answered, DisplayedVersion.EARLIER


def best_version(
    response: Response, answered: Question | None, current: Question | None
) -> Question | None:
    """Return the version to show a response with; None if it fits neither.

    That is the one `answered`, unless the `current` one fits and has a corrected key.
    """
    fits = current is not None and error_in(current, response) is None
    if answered is None or error_in(answered, response):
        return current if fits else None
    corrected = current is not None and fits and not _has_key_of(current, answered)
    return current if corrected else answered


def _has_key_of(question: Question, other: Question) -> bool:
    right = other.right_response()
    return error_in(question, right) is None and grade(question, right).right


def read_archive(folder: Path = FOLDER) -> tuple[Archive, list[ContentError]]:
    """Read the archive in the bank's folder; return it, empty if there is none, and its errors."""
    versions: dict[VersionKey, KeptVersion] = {}
    locations: dict[VersionKey, tuple[str, int]] = {}
    errors: list[ContentError] = []
    for path in sorted((folder / ARCHIVE).glob("*.jsonl")):
        name = f"{folder.name}/{ARCHIVE}/{path.name}"
        whole, unreadable = read_utf8(path, name)
        errors += unreadable
        for number, line in enumerate(whole.removesuffix("\n").split("\n"), 1):
            key = _key(line)
            if key is None or key in versions:
                what = "not a version of a question" if key is None else f"{' '.join(key)} twice"
                errors.append(ContentError(name, number, what))
                continue
            versions[key], locations[key] = KeptVersion(*key, line), (name, number)
    return Archive(MappingProxyType(versions), MappingProxyType(locations)), errors


def load_archive(folder: Path = FOLDER) -> Archive:
    """Return the archive in the bank's folder. Raises InvalidContentError for broken lines."""
    archive, errors = read_archive(folder)
    if errors:
        raise InvalidContentError(errors)
    return archive


def unreadable(archive: Archive) -> tuple[ContentError, ...]:
    """Return an error for each archived version that can no longer be read as a question."""
    return tuple(
        error
        for key, version in archive.kept.items()
        for error in _errors_in(version.text, *archive.locations[key])
    )


@cache
def _errors_in(text: str, name: str, line: int) -> tuple[ContentError, ...]:
    """Return the errors of an archived version. Few change from check to check."""
    return tuple(_read(text, name, line)[1])


def not_archived(bank: Bank, archive: Archive) -> tuple[ContentError, ...]:
    """Return an error for each question whose current version is not in the archive."""
    return tuple(
        ContentError(
            *bank.locations[version.question], f"{version.question}: run “learn versions keep”"
        )
        for version in versions_of(bank)
        if archive.kept.get(version.key) != version
    )


def archived_objectives(archive: Archive) -> frozenset[str]:
    """Return the ids of all objectives that ever had a question in the archive."""
    files = (Path(name).stem for name, _ in archive.locations.values())
    texts = (json.loads(version.text).get("objective") for version in archive.kept.values())
    return frozenset(o for o in (*files, *texts) if isinstance(o, str))


def write_archive(folder: Path, *banks: Bank) -> int:
    """Write the banks' current versions to the archive; return the number of new or changed lines.

    Retired versions are left unchanged.
    """
    archive = load_archive(folder)
    current = {version.key: version for bank in banks for version in versions_of(bank)}
    changed = {key: version for key, version in current.items() if archive.kept.get(key) != version}
    objectives = {q.id: q.objective for bank in banks for q in bank.questions.values()}
    files: dict[str, list[str]] = {}
    for key, stored in {**archive.kept, **current}.items():
        place = archive.locations.get(key, (f"{objectives.get(key[0])}.jsonl", 0))[0]
        files.setdefault(place.rpartition("/")[2], []).append(stored.text)
    (folder / ARCHIVE).mkdir(exist_ok=True)
    for name, lines in files.items():
        (folder / ARCHIVE / name).write_text("".join(f"{t}\n" for t in lines), encoding="utf-8")
    return len(changed)


def _kept(bank: Bank, question: Question) -> KeptVersion:
    table = dict(bank.tables[question.id])
    if question.safety:
        table["safety"] = question.safety.value  # a translation takes it from the English question
    named = sorted({text for text in _texts(table) if text in bank.misconceptions})
    ideas = {idea_id: asdict(bank.misconceptions[idea_id]) for idea_id in named}
    whole: dict[str, Any] = {
        "version": question.version,
        "objective": question.objective,
        "question": table,
        "misconceptions": {
            idea_id: {field: text for field, text in idea.items() if field != "id"}
            for idea_id, idea in ideas.items()
        },
    }
    objective = bank.objectives.get(question.objective)
    if objective is not None and objective.practice_only:
        whole["practice_only"] = True
    if question.figures:
        whole["figures"] = {figure.id: figure.svg for figure in question.figures}
    # keys in file order; dates become strings
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), default=str)
    return KeptVersion(question.id, question.version, text)


def _key(line: str) -> VersionKey | None:
    """Return the key of the version in a line of an archive; None if the line is invalid."""
    try:
        whole = json.loads(line)
        question, version = whole["question"]["id"], whole["version"]
    except (ValueError, TypeError, KeyError):
        return None
    return (question, version) if isinstance(question, str) and isinstance(version, str) else None


def _read(text: str, name: str, line: int) -> tuple[QuestionSnapshot, list[ContentError]]:
    raw = json.loads(text)
    table = Table(TomlFile(name, "", line), (), raw if isinstance(raw, dict) else {})
    question, misconceptions = read_question(table)
    question = replace(question, version=table.text("version"))
    snapshot = QuestionSnapshot(question, misconceptions, table.flag("practice_only"))
    table.close()
    return snapshot, table.file.errors


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a nested value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
