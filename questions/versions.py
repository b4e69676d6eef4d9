"""The text of every version of a question, kept so that an old answer can still be read.

A text is the question's table as its file had it, with its objective's id and the wrong ideas that
it names: whatever a table may hold one day goes along. The archive in a bank's folder has a file
for each objective, `versions/<objective>.jsonl`, with a line for each version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from questions.bank import FOLDER, Bank, read_question
from questions.grading import error_in, grade
from questions.model import Misconception, Question, Response
from questions.reading import ContentError, InvalidContentError, Table, TomlFile, read_utf8

ARCHIVE = "versions"

Key = tuple[str, str]
"""A question's id and its version."""


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version of a question; `text` is a line of JSON."""

    question: str
    version: str
    text: str

    @property
    def key(self) -> Key:
        """The question's id and the version."""
        return self.question, self.version


@dataclass(frozen=True, slots=True)
class AskedVersion:
    """A question as it was asked, with the misconceptions that it names."""

    question: Question
    misconceptions: Mapping[str, Misconception]


class Wording(StrEnum):
    """How the question that an answer is shown with relates to the one that was answered."""

    SAME = ""
    EARLIER = "earlier"  # as it was; it is asked in other words now, or no longer
    CORRECTED = "corrected"  # as it is now, since its key was corrected
    LOST = "lost"  # as it is now, since the earlier words were not kept


@dataclass(frozen=True, slots=True)
class Archive:
    """The versions in an archive, and the place of each (file and line)."""

    kept: Mapping[Key, KeptVersion]
    places: Mapping[Key, tuple[str, int]]


def versions_of(bank: Bank) -> tuple[KeptVersion, ...]:
    """The versions that the bank asks now, in its order."""
    return tuple(_kept(bank, q) for q in bank.questions.values() if q.id in bank.tables)


def question_from(text: str) -> Question:
    """The question as it was asked. Raises ContentError where the text can't be read."""
    return version_from(text).question


def version_from(text: str) -> AskedVersion:
    """The version that `text` describes. Raises ContentError where it can't be read."""
    version, errors = _read(text, ARCHIVE, 1)
    if errors:
        raise InvalidContentError(errors)
    return version


def shown_with(
    response: Response, version: str, met: Question | None, now: Question | None
) -> tuple[Question | None, Wording]:
    """The question that an answer to `version` is shown with; None where it fits none that is left.

    `met` is that version where it was kept, `now` the question as it is asked now.
    """
    if now is not None and now.version == version:
        return now, Wording.SAME
    best = best_version(response, met, now)
    if best is None:
        return None, Wording.LOST
    if best is not now:
        return best, Wording.EARLIER
    return best, Wording.CORRECTED if met else Wording.LOST


def best_version(response: Response, met: Question | None, now: Question | None) -> Question | None:
    """The version that an answer is shown with; None where there is none that it fits.

    That is the one that the learner `met`, unless the key is another `now`: a key was corrected
    then, and nobody is shown what is not true.
    """
    fits = now is not None and error_in(now, response) is None
    if met is None or error_in(met, response):
        return now if fits else None
    return now if now is not None and fits and not _has_key_of(now, met) else met


def _has_key_of(question: Question, other: Question) -> bool:
    right = other.right_response()
    return error_in(question, right) is None and grade(question, right).right


def read_archive(folder: Path = FOLDER) -> tuple[Archive, list[ContentError]]:
    """Return the archive in the bank's folder, empty if there is none, and its errors."""
    kept: dict[Key, KeptVersion] = {}
    places: dict[Key, tuple[str, int]] = {}
    errors: list[ContentError] = []
    for path in sorted((folder / ARCHIVE).glob("*.jsonl")):
        name = f"{folder.name}/{ARCHIVE}/{path.name}"
        whole, found = read_utf8(path, name)
        errors += found
        for number, line in enumerate(whole.removesuffix("\n").split("\n"), 1):
            key = _key(line)
            if key is None or key in kept:
                what = "not a version of a question" if key is None else f"{' '.join(key)} twice"
                errors.append(ContentError(name, number, what))
                continue
            kept[key], places[key] = KeptVersion(*key, line), (name, number)
    return Archive(MappingProxyType(kept), MappingProxyType(places)), errors


def load_archive(folder: Path = FOLDER) -> Archive:
    """The archive in the bank's folder. Raises ContentError where lines are broken."""
    archive, errors = read_archive(folder)
    if errors:
        raise InvalidContentError(errors)
    return archive


def unreadable(archive: Archive) -> tuple[ContentError, ...]:
    """An error for each version in the archive that can't be read as a question any more."""
    return tuple(
        error
        for key, kept in archive.kept.items()
        for error in _read(kept.text, *archive.places[key])[1]
    )


def not_archived(bank: Bank, archive: Archive) -> tuple[ContentError, ...]:
    """An error for each question of the bank whose version is not in the archive as it is now."""
    return tuple(
        ContentError(*bank.places[now.question], f"{now.question}: run “learn versions keep”")
        for now in versions_of(bank)
        if archive.kept.get(now.key) != now
    )


def write_archive(folder: Path, *banks: Bank) -> int:
    """Put what the banks ask now into the archive; how many lines are new or differ.

    Versions that are asked no longer stay as they are.
    """
    archive = load_archive(folder)
    now = {one.key: one for bank in banks for one in versions_of(bank)}
    changed = {key: one for key, one in now.items() if archive.kept.get(key) != one}
    objectives = {q.id: q.objective for bank in banks for q in bank.questions.values()}
    files: dict[str, list[str]] = {}
    for key, kept in {**archive.kept, **now}.items():
        place = archive.places.get(key, (f"{objectives.get(key[0])}.jsonl", 0))[0]
        files.setdefault(place.rpartition("/")[2], []).append(kept.text)
    (folder / ARCHIVE).mkdir(exist_ok=True)
    for name, lines in files.items():
        (folder / ARCHIVE / name).write_text("".join(f"{t}\n" for t in lines), encoding="utf-8")
    return len(changed)


def _kept(bank: Bank, question: Question) -> KeptVersion:
    table = dict(bank.tables[question.id])
    if question.safety:
        table["safety"] = question.safety.value  # a translation has it from the English question
    named = sorted({text for text in _texts(table) if text in bank.misconceptions})
    ideas = {own: asdict(bank.misconceptions[own]) for own in named}
    whole = {
        "version": question.version,
        "objective": question.objective,
        "question": table,
        "misconceptions": {
            own: {field: text for field, text in idea.items() if field != "id"}
            for own, idea in ideas.items()
        },
    }
    if question.figures:
        whole["figures"] = {figure.id: figure.svg for figure in question.figures}
    # the order is the file's, and dates are texts
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), default=str)
    return KeptVersion(question.id, question.version, text)


def _key(line: str) -> Key | None:
    """What version a line of an archive holds; None where it holds none."""
    try:
        whole = json.loads(line)
        question, version = whole["question"]["id"], whole["version"]
    except (ValueError, TypeError, KeyError):
        return None
    return (question, version) if isinstance(question, str) and isinstance(version, str) else None


def _read(text: str, name: str, line: int) -> tuple[AskedVersion, list[ContentError]]:
    raw = json.loads(text)
    table = Table(TomlFile(name, "", line), (), raw if isinstance(raw, dict) else {})
    question, misconceptions = read_question(table)
    question = replace(question, version=table.text("version"))
    table.close()
    return AskedVersion(question, misconceptions), table.file.errors


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
