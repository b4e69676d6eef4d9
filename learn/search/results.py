"""What a search finds, for the page."""

from __future__ import annotations

from dataclasses import dataclass

from learn.search.entries import Entry
from learn.search.meanings import Uncovered, Unexplained


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text; `is_match` if it is a word that was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, with its text in runs."""

    entry: Entry
    title: tuple[Run, ...]
    text: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class LessonHit:
    """A lesson with its best passage, unless the lesson itself is named.

    `anchor` is the place of the passage. What is shown of the lesson is the `text`: the passage, or
    what the lesson is about if the passage is an item of a list, which says little by itself.
    """

    lesson: str
    title: tuple[Run, ...]
    text: tuple[Run, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """Hits of a part of Get help that says when to call, each with those of the same lead."""

    title: str
    anchor: str
    lists: tuple[tuple[str, tuple[Hit, ...]], ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word as it was `typed`, and the one that was `shown` in its place."""

    typed: str
    shown: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found, by kind, best first.

    `is_urgent` says that the query names a warning sign, and `is_crisis` that somebody may think
    of harming themselves; if a sign names that, only warning signs are searched. `is_distress` says
    that somebody may be at the end of their strength. `is_outlook` says that it asks how things
    will go, which no text here can tell, `unexplained` are names that none explains, and `topic`
    is what it asks about where no lesson covers that; `guides` are the lessons that come nearest.
    `is_to_print` says that it asks for something to print, which has pages of its own.
    `is_lesson` says that it names a lesson, and `is_name` a term, and not only something that a
    meaning mentions. `spelled` has the words that were looked for in place of others. `calls` say
    when to call, and `help` is what else Get help says, both in the order of the page. `questions`
    are those for the care team that no lesson has, each on its path. `nearest` has names to look
    for instead, if nothing was found.
    """

    query: str
    is_cut: bool = False
    is_urgent: bool = False
    is_crisis: bool = False
    is_distress: bool = False
    is_outlook: bool = False
    is_to_print: bool = False
    is_lesson: bool = False
    is_name: bool = False
    unexplained: tuple[Unexplained, ...] = ()
    topic: Uncovered | None = None
    guides: tuple[LessonHit, ...] = ()
    spelled: tuple[Spelling, ...] = ()
    terms: tuple[Hit, ...] = ()
    lessons: tuple[LessonHit, ...] = ()
    calls: tuple[Call, ...] = ()
    help: tuple[Hit, ...] = ()
    resources: tuple[Hit, ...] = ()
    questions: tuple[Hit, ...] = ()
    nearest: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether something is said that is no result: what no lesson tells, or what to print."""
        return bool(self.is_outlook or self.unexplained or self.topic or self.is_to_print)

    @property
    def count(self) -> int:
        """Number of results."""
        signs = sum(len(hits) for call in self.calls for _, hits in call.lists)
        others = (self.terms, self.lessons, self.help, self.questions, self.resources)
        return signs + sum(map(len, others))
