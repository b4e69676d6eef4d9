"""All content: what the files hold, and what follows from all of it together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from learn.library.glossary import Glossary
from learn.library.ledger import Ledger
from learn.library.lessons import Lesson, StaticPage
from learn.library.paths import LessonPath
from learn.library.resources import Resource
from learn.library.signatures import SIGNED_PAGE, Signature, digest_as_read
from questions.bank import Bank
from questions.figures import Figure, steps
from questions.model import Question


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

    def is_reviewed_by_clinician(self, read: Lesson | StaticPage) -> bool:
        """Return whether a clinician reviewed what was read, or the document it rests on."""
        return self.ledger.document.reviewed_by_clinician or self.signature(read) is not None

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
    def lessons_with_questions(self) -> Mapping[str, Lesson]:
        """Lessons that have questions, in order."""
        return {i: lesson for i, lesson in self.lessons.items() if self.bank.of_lesson(i)}

    @property
    def counted_lessons(self) -> Mapping[str, Lesson]:
        """Lessons that have questions that count, not only some for practice, in order."""
        counted = {objective.lesson for objective in self.bank.counted.values()}
        return {i: lesson for i, lesson in self.lessons.items() if i in counted}

    @property
    def practice_lessons(self) -> Mapping[str, Lesson]:
        """Lessons whose questions are all for practice only, in order."""
        counted = self.counted_lessons
        return {i: lesson for i, lesson in self.lessons_with_questions.items() if i not in counted}

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
