"""Read all content from files and check references between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from learn.library.glossary import Glossary, read_glossary
from learn.library.ledger import Ledger, read_ledger
from learn.library.lessons import Lesson, StaticPage, read_lesson, read_page
from learn.library.paths import FILE as PATHS
from learn.library.paths import LessonPath, read_paths
from learn.library.prose import OURS, Element, ElementKind, Text, terms
from learn.library.resources import Resource, read_resources
from learn.library.signatures import FILE as SIGNATURES
from learn.library.signatures import SIGNED_PAGE, Signature, digest_as_read, read_signatures
from questions import bank as questions_bank
from questions.bank import Bank, read_bank
from questions.figures import FOLDER as FIGURES
from questions.figures import Figure, read_figures, steps
from questions.model import Objective, Question
from questions.reading import ContentError, InvalidContentError, TomlFile, content_files

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of objectives with a quiz of its own.

    Facts of a `main` topic need more than one question each. `choose` is the heading of all its
    lessons but the first, if readers need only one of them, and `choose_about` explains it.
    `section` is a heading that short topics next to one another share in the list of lessons.
    """

    id: str
    title: str
    about: str
    main: bool = False
    choose: str = ""
    choose_about: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class ListedSection:
    """Lessons under one heading of the list. Readers need only one of those `to_choose`.

    `about` explains the heading, if readers choose.
    """

    title: str
    lessons: tuple[Lesson, ...]
    to_choose: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """Lessons under one heading of the list. Readers need only one of those in `to_choose`."""

    topic: Topic
    lessons: tuple[Lesson, ...]
    to_choose: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Lessons, questions, ledger, glossary, figures, pages, and paths. Immutable, free of errors.

    Topics come in the order of their first lessons. `locations` maps each topic and figure to its
    file and line, for error messages.
    """

    bank: Bank
    ledger: Ledger
    glossary: Glossary
    topics: Mapping[str, Topic]
    lessons: Mapping[str, Lesson]
    figures: Mapping[str, Figure]
    pages: Mapping[str, StaticPage]
    resources: tuple[Resource, ...]
    paths: Mapping[str, LessonPath]
    locations: Mapping[str, tuple[str, int]]
    signatures: tuple[Signature, ...] = ()

    @property
    def signed(self) -> tuple[Lesson | StaticPage, ...]:
        """What clinicians sign: the lessons in order, and Get help."""
        return (*self.lessons.values(), self.pages[SIGNED_PAGE])

    def signature(self, read: Lesson | StaticPage) -> Signature | None:
        """Return the latest signature under what was read as it is now; None if nobody signed."""
        signed = [s for s in self.signatures if s.is_under(read)]
        if not signed:
            return None
        digest = digest_as_read(read, self.figures)
        return max((s for s in signed if s.digest == digest), key=lambda s: s.on, default=None)

    def passage(self, question: Question) -> tuple[Lesson, str]:
        """Return the lesson and the anchor of the passage that explain a question.

        A question of a merged objective may rest on facts that its new lesson leaves out.
        """
        objective = self.bank.objectives[question.objective]
        lesson = self.lessons[objective.lesson]
        facts = (f for f in (*question.facts, *objective.facts) if f in lesson.anchors)
        return lesson, lesson.anchors[next(facts)]

    def steps(self, name: str) -> tuple[Figure, ...]:
        """Return the steps of a picture in steps, in order."""
        return tuple(steps(self.figures, name).values())

    @property
    def asked_lessons(self) -> Mapping[str, Lesson]:
        """Lessons that have questions, in order."""
        return {i: lesson for i, lesson in self.lessons.items() if self.bank.of_lesson(i)}

    @property
    def counted_lessons(self) -> Mapping[str, Lesson]:
        """Lessons that have questions that count, not only some for practice, in order."""
        counted = {objective.lesson for objective in self.bank.counted.values()}
        return {i: lesson for i, lesson in self.lessons.items() if i in counted}

    @property
    def checked_on(self) -> date:
        """Return the day since which every lesson was checked: the earliest of their dates."""
        return min(lesson.reviewed_on for lesson in self.lessons.values())

    @property
    def listing(self) -> Iterator[ListedGroup]:
        """All lessons in order, grouped by topic.

        A lesson that stands between two of another topic is listed with them.
        """
        rest = [*self.lessons.values()]
        firsts = {lesson.topic: lesson.id for lesson in reversed(rest)}
        while rest:
            topic, size = self.topics[rest[0].topic], 1
            while topic.id in {lesson.topic for lesson in rest[size : size + 2]}:
                size += 1
            group, rest = rest[:size], rest[size:]
            to_choose = tuple(
                lesson
                for lesson in group
                if topic.choose and lesson.topic == topic.id and lesson.id != firsts[topic.id]
            )
            shared = tuple(lesson for lesson in group if lesson not in to_choose)
            yield ListedGroup(topic, shared, to_choose)

    @property
    def sections(self) -> tuple[ListedSection, ...]:
        """All lessons in order, under the headings of the list of lessons."""
        found: list[ListedSection] = []
        for group in self.listing:
            title = group.topic.section or group.topic.title
            if group.lessons:
                shared = group.lessons
                if found and found[-1].title == title:
                    shared = (*found.pop().lessons, *shared)
                found.append(ListedSection(title, shared))
            if group.to_choose:
                topic = group.topic
                section = ListedSection(topic.choose, group.to_choose, True, topic.choose_about)
                found.append(section)
        return tuple(found)

    def next_lesson(self, read: Collection[str]) -> Lesson | None:
        """Return the first lesson that isn't read; None if all are.

        Lessons to choose from come last, and only until one of them is read.
        """
        groups = [*self.listing]
        shared = (lesson for group in groups for lesson in group.lessons)
        to_choose = (
            lesson
            for group in groups
            for lesson in group.to_choose
            if not any(other.id in read for other in group.to_choose)
        )
        return next((lesson for lesson in (*shared, *to_choose) if lesson.id not in read), None)

    def following(self, lesson: Lesson) -> Lesson | None:
        """Return the next lesson in the list that isn't one to choose from; None after the last."""
        lessons = [*self.lessons.values()]
        to_choose = {other.id for group in self.listing for other in group.to_choose}
        later = lessons[lessons.index(lesson) + 1 :]
        return next((other for other in later if other.id not in to_choose), None)

    def minutes(self, path: LessonPath) -> int:
        """Return the time that a path takes, in whole minutes, without the parts that can wait."""
        return round(sum(self.lessons[i].time(path.wait.get(i, ())) for i in path.lessons))

    def care_questions(self, path: LessonPath) -> tuple[str, ...]:
        """Return the questions for the care team of a path's lessons, and then its own."""
        asks = [ask for lesson in path.lessons for ask in path.asks_of(self.lessons[lesson])]
        return tuple(dict.fromkeys((*asks, *path.asks)))

    @property
    def all_care_questions(self) -> frozenset[str]:
        """All questions for the care team that a lesson or a path offers to save."""
        of_lessons = (ask for lesson in self.lessons.values() for ask in lesson.care_questions)
        paths = self.paths.values()
        of_paths = (ask for path in paths for ask in (path.outlook, *self.care_questions(path)))
        return frozenset((*of_lessons, *of_paths)) - {""}

    def neighbors(self, lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
        """Return the lessons before and after this one, or None."""
        all_lessons = [*self.lessons.values()]
        at = all_lessons.index(lesson)
        before = all_lessons[at - 1] if at else None
        after = all_lessons[at + 1] if at + 1 < len(all_lessons) else None
        return before, after


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
    root = f"{library.parent.name}/{library.name}"

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
    errors += _CrossCheck(content).errors
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


_REQUIRED_PAGES = {"about", "help", "home", "privacy"}
_MIN_STEPS = 2
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


def _language_of(file: str) -> list[str]:
    """Return what stands before the last suffix of a translated file. Headings differ there."""
    return Path(file).suffixes[:-1]


class _CrossCheck:
    """Check references between files: every name that is used must exist and be taught."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.errors: list[ContentError] = []
        for lesson in content.lessons.values():
            self._check_lesson(lesson)
        for name in sorted(_REQUIRED_PAGES - {*content.pages}):
            self._add_error(f"pages/{name}.md", 1, "no such file")
        for page in content.pages.values():
            self._check_text(page.file, page.text)
        for path in content.paths.values():
            self._check_path(path)
        for objective in content.bank.objectives.values():
            self._check_objective(objective)
        for term in content.glossary.terms.values():
            self._check_known(term.facts, *content.glossary.locations[term.id])

    def _check_path(self, path: LessonPath) -> None:
        for lesson in path.lessons:
            if lesson not in self.content.lessons:
                self._add_error(*path.place, f"unknown lesson “{lesson}”")
            elif _language_of(self.content.lessons[lesson].file) == _language_of(path.place[0]):
                parts = {block.id for block in self.content.lessons[lesson].text.blocks}
                for part in sorted({*path.wait.get(lesson, ())} - parts):
                    self._add_error(*path.place, f"“{lesson}” has no part “{part}”")
                asks, own = self.content.lessons[lesson].care_questions, path.own_asks.get(lesson)
                if own is not None and len(own) != len(asks):
                    message = f"“{lesson}” has {len(asks)} questions, and {len(own)} in “own_asks”"
                    self._add_error(*path.place, message)

    def _check_lesson(self, lesson: Lesson) -> None:
        self._check_text(lesson.file, lesson.text)
        for section in lesson.sections:
            if section not in self.content.ledger.sections:
                self._add_error(lesson.file, 1, f"unknown section “{section}”")
        if lesson.topic not in self.content.topics:
            self._add_error(lesson.file, 1, f"unknown topic “{lesson.topic}”")
        if lesson.sections and not self.content.bank.of_lesson(lesson.id):
            self._add_error(lesson.file, 1, "no objective belongs to this lesson")
        for passage in lesson.text.passages:
            self._check_may_teach(lesson, passage.facts, passage.line)
        for block in lesson.text.all_blocks:
            for element in block.elements:
                self._check_may_teach(lesson, element.facts, element.line)
                self._check_pause(lesson, element)
        for point in lesson.points:
            self._check_known(point.facts, lesson.file, point.line)
            self._check_taught(point.facts, lesson, lesson.file, point.line)

    def _check_pause(self, lesson: Lesson, element: Element) -> None:
        if element.kind is ElementKind.PAUSE:
            for passage in (p for row in element.rows for p in row):
                self._check_taught(passage.facts, lesson, lesson.file, element.line)

    def _check_may_teach(self, lesson: Lesson, references: Iterable[str], line: int) -> None:
        for reference in references:
            fact = self.content.ledger.facts.get(reference)
            if fact is None:
                continue
            if fact.not_taught:
                self._add_error(lesson.file, line, f"{reference} is not taught: {fact.not_taught}")
            if fact.section not in lesson.sections and reference not in lesson.borrows:
                why = f"{reference} belongs to {fact.section}: say under “borrows” why"
                self._add_error(lesson.file, line, why)

    def _check_text(self, file: str, text: Text) -> None:
        for passage in text.passages:
            self._check_known(passage.facts, file, passage.line)
            for term in terms(passage.spans):
                if self.content.glossary.find(term.name) is None:
                    self._add_error(file, passage.line, f"“{term.name}” is not in the glossary")
        for block in text.all_blocks:
            for element in block.elements:
                self._check_known(element.facts, file, element.line)
                if element.kind is ElementKind.FIGURE and element.name not in self.content.figures:
                    self._add_error(file, element.line, f"unknown figure “{element.name}”")
                if element.kind is ElementKind.STEPS and element.name:
                    self._check_steps(file, element)

    def _check_steps(self, file: str, element: Element) -> None:
        drawn = steps(self.content.figures, element.name)
        for number in range(1, max([_MIN_STEPS, *drawn]) + 1):
            if number not in drawn:
                step = f"{element.name}-{number}"
                why = f"the picture in steps “{element.name}” has no figure “{step}”"
                self._add_error(file, element.line, why)

    def _check_objective(self, objective: Objective) -> None:
        file, line = self.content.bank.locations[objective.id]
        if objective.topic not in self.content.topics:
            self._add_error(file, line, f"unknown topic “{objective.topic}”")
        self._check_known(objective.facts, file, line)
        lesson = self.content.lessons.get(objective.lesson)
        if lesson is None:
            self._add_error(file, line, f"unknown lesson “{objective.lesson}”")
        else:
            self._check_taught(objective.facts, lesson, file, line)
        for question in objective.questions:
            file, line = self.content.bank.locations[question.id]
            self._check_known(question.facts, file, line)
            if lesson is not None:
                self._check_taught(question.facts, lesson, file, line)
            for part in question.parts:
                self._check_known(part.facts, file, line)

    def _check_taught(self, facts: Iterable[str], lesson: Lesson, file: str, line: int) -> None:
        for reference in facts:
            known = reference == OURS or self.content.ledger.knows(reference)
            if known and reference not in lesson.anchors:
                self._add_error(
                    file, line, f"{reference} is not taught in the lesson “{lesson.id}”"
                )

    def _check_known(self, references: Iterable[str], file: str, line: int) -> None:
        for reference in references:
            if reference != OURS and not self.content.ledger.knows(reference):
                self._add_error(file, line, f"unknown fact “{reference}”")

    def _add_error(self, file: str, line: int, message: str) -> None:
        self.errors.append(ContentError(file, line, message))
