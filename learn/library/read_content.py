"""Read all content from files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from learn.library.content import Content, Topic
from learn.library.cross_check import CrossCheck
from learn.library.glossary import read_glossary
from learn.library.ledger import read_ledger
from learn.library.lessons import Lesson, StaticPage, read_lesson, read_page
from learn.library.paths import FILE as PATHS
from learn.library.paths import LessonPath, read_paths
from learn.library.resources import Resource, read_resources
from learn.library.signatures import FILE as SIGNATURES
from learn.library.signatures import SIGNED_PAGE, Signature, read_signatures
from questions import bank as questions_bank
from questions.bank import read_bank
from questions.figures import FOLDER as FIGURES
from questions.figures import read_figures
from questions.reading import ContentError, InvalidContentError, TomlFile, content_files

FOLDER = Path(__file__).parent


def bank_folder(folder: Path | None) -> Path:
    """Where the questions of the content in `folder` are; None stands for our own."""
    return folder / "bank" if folder else questions_bank.FOLDER


def read_content(
    settings: Mapping[str, str], folder: Path | None = None, language: str = "en"
) -> tuple[Content, list[ContentError]]:
    """Read all content and its errors. Only content without errors can be served.

    `settings` fills the `{{name}}` placeholders of the standing pages. `folder` replaces the site's
    own content: it has the files of the library, and the question bank in `bank`.
    """
    library = folder or FOLDER
    root = f"{library.absolute().parent.name}/{library.absolute().name}"

    def files(pattern: str) -> Iterator[tuple[Path, str]]:
        for path in content_files(library, pattern, language):
            yield path, f"{root}/{path.relative_to(library).as_posix()}"

    def file_named(name: str) -> tuple[Path, str]:
        return next(files(name), (library / name, f"{root}/{name}"))

    errors: list[ContentError] = []
    beside = bank_folder(folder).parent
    drawn = f"{root if folder else beside.name}/{FIGURES}"
    figures, new_errors = read_figures(beside / FIGURES, drawn, language)
    errors += new_errors
    bank, new_errors = read_bank(bank_folder(folder), language, figures)
    errors += new_errors
    missing = [name for name in _REQUIRED_FILES if not file_named(name)[0].exists()]
    if missing:
        raise InvalidContentError(
            [*errors, *(ContentError(f"{root}/{m}", 1, "no such file") for m in missing)]
        )
    ledger, new_errors = read_ledger(*file_named("source.toml"))
    errors += new_errors
    glossary, new_errors = read_glossary(*file_named("glossary.toml"))
    errors += new_errors
    topics, locations, new_errors = _read_topics(*file_named("topics.toml"))
    errors += new_errors
    for path in content_files(beside / FIGURES, "*.svg", language):
        locations[f"figure {path.name.split('.')[0]}"] = (f"{drawn}/{path.name}", 1)
    lessons = _by_id((read_lesson(*f) for f in files("lessons/*.md")), errors)
    pages = _by_id((read_page(*f, settings) for f in files("pages/*.md")), errors)
    resources: tuple[Resource, ...] = ()
    if file_named("resources.toml")[0].exists():
        resources, new_errors = read_resources(*file_named("resources.toml"))
        errors += new_errors
    paths: Mapping[str, LessonPath] = MappingProxyType({})
    if file_named(PATHS)[0].exists():
        paths, new_errors = read_paths(*file_named(PATHS))
        errors += new_errors
    signatures, new_errors = _signatures(library / SIGNATURES, f"{root}/{SIGNATURES}", lessons)
    errors += new_errors
    firsts = [lesson.topic for lesson in lessons.values()]
    ordered = sorted(topics, key=lambda t: firsts.index(t) if t in firsts else len(firsts))
    content = Content(
        bank=bank,
        ledger=ledger,
        glossary=glossary,
        topics=MappingProxyType({topic: topics[topic] for topic in ordered}),
        lessons=lessons,
        figures=figures,
        pages=pages,
        resources=resources,
        paths=paths,
        locations=locations,
        signatures=signatures,
    )
    errors += CrossCheck(content).errors
    return content, sorted(set(errors))


def _signatures(
    path: Path, name: str, lessons: Mapping[str, Lesson]
) -> tuple[tuple[Signature, ...], list[ContentError]]:
    """Read the signatures, with an error for each under a lesson or page that isn't signed."""
    signatures, errors = read_signatures(path, name)
    errors += (
        ContentError(
            name, s.line, f"there is no {'page' if s.is_page else 'lesson'} “{s.lesson}” to sign"
        )
        for s in signatures
        if s.lesson and s.lesson not in ((SIGNED_PAGE,) if s.is_page else lessons)
    )
    return signatures, errors


def load_content(
    settings: Mapping[str, str], folder: Path | None = None, language: str = "en"
) -> Content:
    """Read all content. Raises ContentError with every error, by file and line."""
    content, errors = read_content(settings, folder, language)
    if errors:
        raise InvalidContentError(errors)
    return content


_REQUIRED_FILES = ("source.toml", "glossary.toml", "topics.toml")


def _read_topics(
    path: Path, name: str
) -> tuple[Mapping[str, Topic], dict[str, tuple[str, int]], list[ContentError]]:
    file = TomlFile.read(path, name)
    topics, locations = {}, {}
    for topic, table in file.root.items():
        choose = table.text("choose", default="")
        topics[topic] = Topic(
            topic,
            table.text("title"),
            table.text("about"),
            table.flag("main"),
            choose,
            table.text("choose_about", default=None if choose else ""),
            table.text("section", default=""),
        )
        locations[f"topic {topic}"] = (name, file.line((topic,)))
        table.close()
    return MappingProxyType(topics), locations, file.errors


_T = TypeVar("_T", Lesson, StaticPage)


def _by_id(
    read: Iterable[tuple[_T, list[ContentError]]], errors: list[ContentError]
) -> Mapping[str, _T]:
    items: dict[str, _T] = {}
    for value, its_errors in read:
        errors += its_errors
        if value.id in items:
            errors.append(
                ContentError(getattr(value, "file", value.id), 1, f"id “{value.id}” twice")
            )
        items[value.id] = value
    return MappingProxyType(items)
