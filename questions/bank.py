"""Read the bank: every objective with its questions, from TOML files, immutable afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from questions.exhibits import read_exhibit
from questions.exhibits.exhibit import Exhibit
from questions.figures import FOLDER as FIGURES
from questions.figures import Figure, parse_figure, read_figures
from questions.kinds import KINDS
from questions.kinds.parsing import QuestionKeys, References
from questions.merged import Merge, read_merged
from questions.model import Level, Misconception, Objective, Question, Safety, Turn, version_of
from questions.reading import (
    SLUG,
    ContentError,
    InvalidContentError,
    Table,
    TomlFile,
    content_files,
)

FOLDER = Path(__file__).parent / "bank"
_Value = TypeVar("_Value", Safety, Turn, Level)
_ANY_KIND = "choice"  # used to read a question of unknown kind, to report its other errors


@dataclass(frozen=True, slots=True)
class Bank:
    """All objectives, questions, and misconceptions by their permanent ids.

    `locations` maps objective and question ids to (file, line), for messages. `tables` has the raw
    TOML table of each question. `merged` has the merged objectives by their old id.
    """

    objectives: Mapping[str, Objective]
    questions: Mapping[str, Question]
    misconceptions: Mapping[str, Misconception]
    locations: Mapping[str, tuple[str, int]]
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    merged: Mapping[str, Merge] = field(default_factory=dict)

    @property
    def merged_ids(self) -> Mapping[str, str]:
        """Current id of each merged objective, by old id."""
        return {old: merge.into for old, merge in self.merged.items()}

    def current_id(self, objective: str) -> str:
        """Return the id that counts now: that of the objective which this one was merged into."""
        merge = self.merged.get(objective)
        return merge.into if merge else objective

    @property
    def counted(self) -> Mapping[str, Objective]:
        """Objectives that count in reviews, comparisons, and results: not for practice only."""
        return {i: o for i, o in self.objectives.items() if not o.practice_only}

    @property
    def hard_to_hear(self) -> frozenset[str]:
        """Ids of the objectives that no quiz before or after the lessons opens with."""
        return frozenset(o.id for o in self.objectives.values() if o.hard_to_hear)

    @property
    def about_safety(self) -> frozenset[str]:
        """Ids of the objectives that are about staying safe and getting help in time."""
        return frozenset(o.id for o in self.objectives.values() if o.about_safety)

    def of_lesson(self, lesson: str) -> tuple[Objective, ...]:
        """Return the objectives that a lesson teaches, in file order."""
        return tuple(o for o in self.objectives.values() if o.lesson == lesson)

    def of_topic(self, topic: str) -> tuple[Objective, ...]:
        """Return the objectives of a topic, in file order."""
        return tuple(o for o in self.objectives.values() if o.topic == topic)

    def objective_of(self, question: str) -> Objective:
        """Return the objective that a question tests. Raises KeyError."""
        return self.objectives[self.questions[question].objective]


def read_bank(
    folder: Path = FOLDER, language: str = "en", figures: Mapping[str, Figure] | None = None
) -> tuple[Bank, list[ContentError]]:
    """Read the bank below `folder`; return it with its errors. It is complete only without errors.

    `figures` are those that questions can refer to; by default, those in the folder next to it.
    """
    if figures is None:
        figures = read_figures(folder.parent / FIGURES, FIGURES, language)[0]
    english = None if language == "en" else read_bank(folder, figures=figures)[0]
    reader = _Reader(english, figures)
    for path in content_files(folder, "*/*.toml", language):
        reader.read(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    reader.check_references()
    merged, errors = read_merged(folder, reader.objectives)
    return replace(reader.bank(), merged=merged), [*reader.errors, *errors]


def load_bank(folder: Path = FOLDER, language: str = "en") -> Bank:
    """Return the bank below `folder`. Raises InvalidContentError with all errors."""
    bank, errors = read_bank(folder, language)
    if errors:
        raise InvalidContentError(errors)
    return bank


def read_question(whole: Table) -> tuple[Question, Mapping[str, Misconception]]:
    """Read a question and its misconceptions from a table of the version archive.

    The table includes its figures as SVG. Errors are added to the table's file.
    """
    figures, errors = _figures(whole.table("figures", required=False))
    whole.file.errors += errors
    reader = _Reader(None, figures)
    reader.misconceptions |= {m.id: m for m in reader.ideas(whole.table("misconceptions"))}
    question = reader.question(whole.table("question"), whole.slug("objective"))
    reader.check_references()
    return question, MappingProxyType(reader.misconceptions)


def _figures(table: Table) -> tuple[dict[str, Figure], list[ContentError]]:
    figures, errors = {}, []
    for figure_id, svg in table.strings().items():
        figures[figure_id], its_errors = parse_figure(figure_id, svg, table.file.name)
        errors += its_errors
    return figures, errors


def _signs(table: Table, safety: Safety | None) -> Mapping[Safety, str]:
    """Read the names of the signs, the most urgent first; that one's is `safety`."""
    names = table.table("signs", required=False)
    found = {known: names.text(known) for known in Safety if known in names.raw}
    names.close()
    if found and next(iter(found)) != safety:
        table.error(f"“safety” must be the most urgent of “signs”: {next(iter(found))}", "signs")
    return MappingProxyType(found)


class _Reader:
    def __init__(self, english: Bank | None, figures: Mapping[str, Figure]) -> None:
        """Start empty. `english` is the English bank that is translated."""
        self._english = english.questions if english else {}
        self._english_practice = english.objectives.keys() - english.counted if english else ()
        self._english_hard = english.hard_to_hear if english else frozenset[str]()
        self._english_safety = english.about_safety if english else frozenset[str]()
        self.errors: list[ContentError] = []
        self.objectives: dict[str, Objective] = {}
        self.questions: dict[str, Question] = {}
        self.misconceptions: dict[str, Misconception] = {}
        self.locations: dict[str, tuple[str, int]] = {}
        self.tables: dict[str, Mapping[str, Any]] = {}
        self._references = References(figures)

    def bank(self) -> Bank:
        return Bank(
            MappingProxyType(self.objectives),
            MappingProxyType(self.questions),
            MappingProxyType(self.misconceptions),
            MappingProxyType(self.locations),
            MappingProxyType(self.tables),
        )

    def read(self, path: Path, name: str) -> None:
        file = TomlFile.read(path, name)
        if not file.broken:
            self._objective(file.root, path)
        self.errors += file.errors

    def check_references(self) -> None:
        for misconception, table, key in self._references.misconceptions:
            if misconception not in self.misconceptions:
                before = len(table.file.errors)
                table.error(f"unknown misconception “{misconception}”", key)
                self.errors += table.file.errors[before:]

    def _objective(self, table: Table, path: Path) -> None:
        objective_id = table.slug("id")
        if objective_id and objective_id != path.name.split(".")[0]:
            table.error(f"the id “{objective_id}” must be the file's name", "id")
        if objective_id and objective_id in self.objectives:
            table.error(f"the objective id “{objective_id}” is used twice", "id")
        topic = table.slug("topic")
        if topic and topic != path.parent.name:
            table.error(f"the topic “{topic}” must be the folder's name", "topic")
        misconceptions = tuple(self.ideas(table.table("misconceptions", required=False)))
        questions = tuple(self.question(t, objective_id) for t in table.tables("question"))
        if not questions:
            table.error("an objective needs questions")
        self.locations[objective_id] = (table.file.name, table.file.line(("id",)))
        self.objectives[objective_id] = Objective(
            id=objective_id,
            topic=topic,
            lesson=table.slug("lesson"),
            you_can=table.text("you_can"),
            facts=table.texts("facts"),
            ask_care_team=table.text("ask_care_team"),
            misconceptions=misconceptions,
            questions=questions,
            practice_only=table.flag("practice_only") or objective_id in self._english_practice,
            hard_to_hear=table.flag("hard_to_hear") or objective_id in self._english_hard,
            about_safety=table.flag("about_safety") or objective_id in self._english_safety,
        )
        table.close()

    def ideas(self, table: Table) -> Iterable[Misconception]:
        for id_, entry in table.items():
            if not SLUG.fullmatch(id_):
                entry.error(f"bad id “{id_}”: lower case letters, digits and hyphens only")
            if id_ in self.misconceptions:
                entry.error(f"the misconception id “{id_}” is used twice")
            idea = Misconception(id_, entry.text("belief"), entry.text("truth"))
            entry.close()
            self.misconceptions[id_] = idea
            yield idea

    def question(self, table: Table, objective: str) -> Question:
        question_id = table.slug("id")
        if question_id and question_id in self.questions:
            table.error(f"the question id “{question_id}” is used twice", "id")
        kind = table.text("kind")
        if kind not in KINDS:
            table.error(f"unknown kind “{kind}”: {', '.join(KINDS)}", "kind")
        safety = self._as_in_english(table, "safety", Safety, question_id)
        keys = QuestionKeys(
            id=question_id,
            objective=objective,
            stem=table.text("ask"),
            vignette=table.text("case", default=""),
            facts=table.texts("facts"),
            safety=safety,
            signs=_signs(table, safety),
            level=self._as_in_english(table, "level", Level, question_id),
            turn=self._as_in_english(table, "turn", Turn, question_id),
            exempt=MappingProxyType(table.table("exempt", required=False).strings()),
            exhibit=self._exhibit(table),
        )
        question = KINDS.get(kind, KINDS[_ANY_KIND]).read(table, keys, self._references)
        table.close()
        question = replace(question, version=version_of(question))
        self.questions[question_id] = question
        self.tables[question_id] = table.raw
        self.locations[question_id] = (table.file.name, table.file.line((*table.path, "id")))
        return question

    def _exhibit(self, table: Table) -> Exhibit | None:
        if "exhibit" not in table.raw:
            return None
        return read_exhibit(table.table("exhibit"), self._references.figures)

    def _as_in_english(
        self, table: Table, key: str, values: type[_Value], question: str
    ) -> _Value | None:
        """Return the value given; a translation takes it from the English question."""
        named = table.text(key, default="")
        value = values(named) if named in set(values) else None
        if named.strip() and value is None:
            table.error(f"unknown {key} “{named}”: {', '.join(values)}", key)
        if question not in self._english:
            return value
        english: _Value | None = getattr(self._english[question], key)
        if value not in (None, english):
            table.error(f"“{key}” must be that in English: {english or 'none'}", key)
        return english
