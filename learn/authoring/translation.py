"""Compare translated content with the English files: same ids, same facts, same structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learn.authoring import bars
from learn.authoring.language import all_texts, without_names
from learn.authoring.typography import TYPOGRAPHY
from learn.library import read_content as library
from learn.library import signatures
from learn.library.content import Content
from learn.library.prose import Block, Text, count_words, read_text, split_front
from learn.library.read_content import bank_folder, read_content
from questions.figures import FOLDER as FIGURES
from questions.reading import ContentError, TomlFile, read_utf8

_SAME = frozenset(
    (
        "id",
        "kind",
        "level",
        "topic",
        "lesson",
        "lessons",
        "quiz",
        "sections",
        "section",
        "parent",
        "facts",
        "target",
        "misconception",
        "misconceptions",
        "figure",
        "address",
        "addresses",
    )
)
"""Keys whose values a translation doesn't change."""
_FREE = frozenset(
    (
        "also",
        "signs",
        "crisis_signs",
        "crisis_phrases",
        "fear_phrases",
        "distress_phrases",
        "call_lists",
        "folded",
        "plain",
        "spanish",
        "sounds_like",
        "everyday",
        "safety",
        "turn",
        "exempt",
        "reviewed_by",
        "reviewed_on",
        "last_checked",
    )
)
"""Keys that a translation may have or leave out as it needs."""
_SHORT = 3
"""A text of at most so many words may be the same in two languages."""


@dataclass(frozen=True, slots=True)
class Translation:
    """Errors, and how many of the `files` are translated."""

    errors: tuple[ContentError, ...]
    translated: int
    files: int


def check_translation(
    settings: Mapping[str, str], folder: Path | None, language: str
) -> Translation:
    """Compare all files in `language` with those in English, which must be free of errors.

    A file that is not translated yet is no error: the site shows the English one.
    """
    english, errors = read_content(settings, folder)
    pairs, strays = _pairs(folder, language)
    count = sum(1 for _ in _english_files(folder))
    if errors:
        return Translation(tuple(errors), len(pairs), count)
    content, errors = read_content(settings, folder, language)
    errors += strays
    for pair in pairs:
        errors += _compare(pair)
    names = {pair.name for pair in pairs}
    errors += _wording(english, content, language, names)
    return Translation(tuple(sorted(set(errors))), len(pairs), count)


@dataclass(frozen=True, slots=True)
class _Pair:
    english: Path
    translated: Path
    name: str


def _roots(folder: Path | None) -> Iterator[tuple[Path, str, str]]:
    """Each folder of content, its name in messages, and the pattern of its files."""
    library_folder = folder or library.FOLDER
    bank = bank_folder(folder)
    root = f"{library_folder.parent.name}/{library_folder.name}"
    yield library_folder, root, "*.toml"
    yield library_folder, root, "lessons/*.md"
    yield library_folder, root, "pages/*.md"
    yield bank, bank.name, "*/*.toml"
    yield bank.parent / FIGURES, f"{root if folder else bank.parent.name}/{FIGURES}", "*.svg"


def _english_files(folder: Path | None) -> Iterator[Path]:
    without_words = {bars.FILE, signatures.FILE}
    for root, _, pattern in _roots(folder):
        paths = (path for path in root.glob(pattern) if "." not in path.stem)
        yield from (path for path in paths if path.name not in without_words)


def _pairs(folder: Path | None, language: str) -> tuple[list[_Pair], list[ContentError]]:
    """Return the translated files with their English ones, and an error for each without one."""
    pairs, errors = [], []
    for root, label, pattern in _roots(folder):
        stem, dot, ending = pattern.rpartition(".")
        for path in sorted(root.glob(f"{stem}.{language}{dot}{ending}")):
            english = path.with_name(path.name.replace(f".{language}.", "."))
            name = f"{label}/{path.relative_to(root).as_posix()}"
            if english.exists():
                pairs.append(_Pair(english, path, name))
            else:
                errors.append(
                    ContentError(name, 1, f"there is no {english.name} that it translates")
                )
    return pairs, errors


def _compare(pair: _Pair) -> Iterator[ContentError]:
    if pair.english.suffix == ".svg":
        return
    ours, their_errors = read_utf8(pair.translated, pair.name)
    if their_errors:
        return  # named already
    if pair.english.suffix == ".toml":
        file, body = TomlFile(pair.name, ours), None
        english = TomlFile(pair.name, pair.english.read_text(encoding="utf-8")).root.raw
    else:
        file, text, line = split_front(pair.name, ours)
        front, english_text, start = split_front(
            pair.name, pair.english.read_text(encoding="utf-8")
        )
        english = front.root.raw
        body = read_text(file, text, line), read_text(front, english_text, start)
    if file.broken:
        return
    before = len(file.errors)
    _Tables(file).compare(file.root.raw, english, ())
    yield from file.errors[before:]
    if body:
        yield from _texts(pair.name, *body)


class _Tables:
    """Compares two TOML values; differences are added to the file."""

    def __init__(self, file: TomlFile) -> None:
        self._file = file

    def compare(self, ours: Any, english: Any, path: tuple[str | int, ...]) -> None:
        keys = [k for k in path if isinstance(k, str)][-2:]
        key = keys[-1] if keys else ""
        same = not _SAME.isdisjoint(keys)
        if isinstance(english, dict) and isinstance(ours, dict):
            self._tables(ours, english, path)
        elif isinstance(english, list) and isinstance(ours, list) and not same:
            if len(ours) != len(english):
                self._add(path, f"“{key}” has {len(ours)} entries, and {len(english)} in English")
            for number, (table, other) in enumerate(zip(ours, english, strict=False)):
                self.compare(table, other, (*path, number))
        elif type(ours) is not type(english):
            self._add(path, f"“{key}” must be of the same type as in English")
        elif ours != english and (same or not isinstance(english, str)):
            self._add(path, f"“{key}” must be that in English: {_shown(english)}")

    def _tables(
        self, ours: dict[str, Any], english: dict[str, Any], path: tuple[str | int, ...]
    ) -> None:
        for key in english.keys() - ours.keys() - _FREE:
            self._add(path, f"“{key}” is missing, and is there in English")
        for key in ours.keys() - english.keys() - _FREE:
            self._add((*path, key), f"“{key}” is not there in English")
        for key in ours.keys() & english.keys() - _FREE:
            self.compare(ours[key], english[key], (*path, key))

    def _add(self, path: tuple[str | int, ...], message: str) -> None:
        self._file.add(self._file.line(path), message)


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _texts(name: str, ours: Text, english: Text) -> Iterator[ContentError]:
    if len(ours.blocks) != len(english.blocks):
        counts = f"{len(ours.blocks)} headings, and {len(english.blocks)} in English"
        yield ContentError(name, ours.blocks[0].line if ours.blocks else 1, counts)
        return
    for block, other in zip(ours.all_blocks, english.all_blocks, strict=True):
        outline, wanted = [*_outline(block)], [*_outline(other)]
        if len(block.care_questions) != len(other.care_questions):
            yield ContentError(name, block.line, "“!ask” must be where it is in English")
        for (line, shape), (_, shape_in_english) in zip(outline, wanted, strict=False):
            if shape != shape_in_english:
                yield ContentError(
                    name, line, f"here is {shape}, and in English {shape_in_english}"
                )
                break
        else:
            if len(outline) != len(wanted):
                counts = f"{len(outline)} passages and pictures, and {len(wanted)} in English"
                yield ContentError(name, block.line, f"the block has {counts}")


def _outline(block: Block) -> Iterator[tuple[int, str]]:
    """What a block is made of, apart from its words, with the line of each."""
    for element in block.elements:
        if not element.rows:
            facts = " ".join(sorted(element.facts))
            yield element.line, f"{element.kind} {element.name} {{{facts}}}".replace("  ", " ")
        for row in element.rows:
            share = f" of {element.count} people" if element.count else ""
            for passage in row:
                yield passage.line, f"{element.kind}{share} {{{' '.join(sorted(passage.facts))}}}"


def _wording(
    english: Content, content: Content, language: str, names: set[str]
) -> Iterator[ContentError]:
    """Errors in the wording of translated files: English left over, and the language's marks."""
    names_and_titles = {
        *(text for r in english.resources for text in (r.name, r.publisher)),
        *(added.citation for added in english.ledger.added.values()),
    }
    originals = {text.text for text in all_texts(english) if count_words(text.text) > _SHORT}
    originals -= names_and_titles
    rules = TYPOGRAPHY.get(language, TYPOGRAPHY[""])
    for visible in all_texts(content):
        if visible.file not in names:
            continue
        if visible.text in originals:
            yield visible.error(f"still in English: “{visible.text}”")
            continue
        for piece in without_names(visible.text, content.ledger.document.names):
            for why, find in rules:
                yield from (visible.error(f"{why}: “{phrase}”") for phrase in find(piece))
