"""Read the paths: a few lessons in a row, for somebody who wants to know what to read first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from learn.library.lessons import Lesson
from questions.reading import ContentError, Table, TomlFile

FILE = "paths.toml"
MOST_QUESTIONS = 4
"""Questions of a path's own quiz: about a minute, for somebody who is frightened."""
_LONGEST_ID = 75  # characters, so that its quiz has a name that the column of quizzes can hold


@dataclass(frozen=True, slots=True)
class LessonPath:
    """Lessons in the order of the path, by id.

    `door` is what the reader might say, on the home page, and `leads` what they find behind it;
    without it, the title stands there. `rest` says that the other lessons can
    wait, and `wait` names the parts of its own lessons that can, which are folded. `outlook` is the
    question for the care team about how it will go, and `asks` are more that no lesson has.
    `own_asks` has the questions of a lesson in words for those who take this path. `quiz` names the
    questions of its own short quiz, in order; without them, it offers the quiz of a lesson. `place`
    is the file and line of its lessons, and `quiz_place` that of its quiz.
    """

    id: str
    title: str
    door: str
    about: str
    rest: str
    lessons: tuple[str, ...]
    wait: Mapping[str, tuple[str, ...]]
    place: tuple[str, int]
    leads: str = ""
    outlook: str = ""
    asks: tuple[str, ...] = ()
    own_asks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiz: tuple[str, ...] = ()
    quiz_place: tuple[str, int] = ("", 0)

    def asks_of(self, lesson: Lesson) -> tuple[str, ...]:
        """Return the questions for the care team of a lesson, in the words of this path."""
        return self.own_asks.get(lesson.id, lesson.care_questions)

    def after(self, lesson: str) -> str | None:
        """Return the id of the lesson after this one, or None after the last."""
        at = self.lessons.index(lesson) + 1
        return self.lessons[at] if at < len(self.lessons) else None

    def next_unread(self, read: Collection[str], after: str | None = None) -> str | None:
        """Return the id of the first lesson that isn't read, or None.

        The lessons `after` that one come first, and then those before it.
        """
        at = self.lessons.index(after) + 1 if after in self.lessons else 0
        in_order = (*self.lessons[at:], *self.lessons[:at])
        return next((i for i in in_order if i not in read and i != after), None)

    def number(self, lesson: str) -> int:
        """Return the position of the lesson in the path, from 1."""
        return self.lessons.index(lesson) + 1


def read_paths(path: Path, name: str) -> tuple[Mapping[str, LessonPath], list[ContentError]]:
    """Read the paths in the file at `path`, in order, and their errors."""
    file = TomlFile.read(path, name)
    paths = {path_id: _path(path_id, table) for path_id, table in file.root.items()}
    return MappingProxyType(paths), file.errors


def _path(path_id: str, table: Table) -> LessonPath:
    wait = table.table("wait", required=False)
    own_asks = table.table("own_asks", required=False)
    read = LessonPath(
        id=path_id,
        title=table.text("title"),
        door=table.text("door"),
        about=table.text("about"),
        rest=table.text("rest"),
        lessons=table.texts("lessons"),
        wait=MappingProxyType({lesson: wait.texts(lesson) for lesson in wait.raw}),
        place=(table.file.name, table.file.line((*table.path, "lessons"))),
        leads=table.text("leads", default=""),
        outlook=table.text("outlook", default=""),
        asks=table.texts("asks", default=()),
        own_asks=MappingProxyType({lesson: own_asks.texts(lesson) for lesson in own_asks.raw}),
        quiz=table.texts("quiz", default=()),
        quiz_place=(table.file.name, table.file.line((*table.path, "quiz"))),
    )
    for lesson in _doubled(read.lessons):
        table.error(f"the lesson “{lesson}” stands twice", "lessons")
    for question in _doubled(read.quiz):
        table.error(f"the question “{question}” stands twice", "quiz")
    if len(read.quiz) > MOST_QUESTIONS:
        table.error(f"a path’s quiz has {MOST_QUESTIONS} questions at most", "quiz")
    if read.quiz and len(path_id) > _LONGEST_ID:
        table.error(f"with a quiz, its id has {_LONGEST_ID} characters at most")
    for of_lessons, named in ((wait, read.wait), (own_asks, read.own_asks)):
        for lesson in sorted({*named} - {*read.lessons}):
            of_lessons.error(f"the lesson “{lesson}” isn’t on the path", lesson)
    table.close()
    return read


def _doubled(ids: Sequence[str]) -> list[str]:
    return sorted({i for i in ids if ids.count(i) > 1})
