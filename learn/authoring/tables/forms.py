"""Recognize the tables that learning platforms export, by the names of their columns.

What each platform writes, in all languages that a pattern can cover, was taken from the code that
writes it; docs/item-analysis.md describes each form and names where it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from learn.authoring.tables.cells import Kind, TableCell, number, read_cell
from learn.authoring.tables.files import Grid
from learn.authoring.tables.phrases import phrases

_LOOKED_AT = 200  # rows that show what a column holds


class Form(StrEnum):
    """A kind of table, as people name it."""

    PLAIN = ""
    MOODLE_GRADES = "quiz grades from Moodle"
    MOODLE_RESPONSES = "quiz responses from Moodle"
    CANVAS_GRADEBOOK = "a gradebook from Canvas"
    CANVAS_ANALYSIS = "a Student Analysis from Canvas"
    CANVAS_NEW_QUIZZES = "a Student Analysis of New Quizzes from Canvas"
    GOOGLE_FORMS = "responses from Google Forms"
    MICROSOFT_FORMS = "responses from Microsoft Forms"


@dataclass(slots=True)
class ItemColumns:
    """An item, and the columns that its scores, answers, and right answers stand in.

    `most` is the points that a full score is worth, if the form says so.
    """

    name: str
    score: int | None = None
    answer: int | None = None
    right: int | None = None
    most: float | None = None


@dataclass(slots=True)
class Layout:
    """What the columns of a table are: those that name learners, items, and others."""

    form: Form
    learner: tuple[int, ...]
    items: list[ItemColumns]
    others: list[int]
    id_columns: tuple[int, ...] = field(default=())
    """Columns that distinguish learners of one name, such as an address."""


_Q = re.compile(r"([^\W\d]{1,10}\.?\s*[0-9]+)\s*/\s*([0-9]+(?:[.,][0-9]+)?)")
_GRADE = re.compile(r"[^\d/]+/\s*[0-9]+(?:[.,][0-9]+)?")
_RESPONSE = re.compile(
    r"(?:response|respuesta|antwort|réponse|resposta|risposta|antwoord)\s+([0-9]+)", re.IGNORECASE
)
_RIGHT = re.compile(
    r"(?:right answer|respuesta correcta|richtige antwort|bonne réponse|réponse correcte|"
    r"resposta correta|risposta corretta|juiste antwoord)\s+([0-9]+)",
    re.IGNORECASE,
)
_MOODLE_FIRST = phrases(
    "last name|surname|first name|apellido(s)|apellidos|nombre|nachname|vorname|"
    "nom de famille|nom|prénom|sobrenome|último nome|cognome|achternaam|email address|"
    "id number|username"
)
_FAMILY = phrases(
    "last name|surname|nachname|apellidos|apellido(s)|nom de famille|nom|sobrenome|cognome|"
    "achternaam"
)
_CANVAS_PEOPLE = phrases("id|sis user id|sis login id|integration id|root account|section|notes")
_CANVAS_TOTAL = re.compile(
    r".*\b(?:unposted )?(?:current|final) (?:score|points|grade)(?: \(.*\))?"
    r"|override (?:score|grade)",
    re.IGNORECASE,
)
_ANALYSIS_PEOPLE = phrases(
    "name|id|sis_id|root_account|section|section_id|section_sis_id|submitted|attempt"
)
_ANALYSIS_ITEM = re.compile(r"([0-9]+): .*", re.DOTALL)
_ANALYSIS_END = frozenset({"n correct", "n incorrect", "score"})
_NEW_QUIZ_ITEM = ["itemid", "itemtype", "earnedpoints", "status"]
_TAG = re.compile(r"<[^<>]*>")
_TIMESTAMP = phrases(
    "timestamp|marca temporal|zeitstempel|horodateur|carimbo de data/hora|tijdstempel|"
    "informazioni cronologiche"
)
_FORMS_SCORE = phrases(
    "score|total score|puntuación|puntuación total|gesamtpunktzahl|punktzahl|score total|"
    "note|pontuação|pontuação total|punteggio|punteggio totale"
)
_ADDRESS = phrases(
    "username|email|e-mail|email address|e-mail address|nombre de usuario|"
    "dirección de correo electrónico|correo electrónico|nutzername|e-mail-adresse|"
    "nom d'utilisateur|adresse e-mail|nome de usuário|endereço de e-mail"
)
_NAME = re.compile(
    r"(?:(?:your|full|student|learner|participant|first|last|sur|family|given|nick)[ -]?)*name|"
    r"what(?:’s|'s| is) your (?:full )?name\??|nombre(?: y apellidos?| completo)?|apellidos?|"
    r"(?:vor|nach)?name|nom|prénom|student|learner|participant|user(?:name)?|respondent",
    re.IGNORECASE,
)
_PERSONAL = phrases(
    "id|student id|learner id|user id|id number|number|e-mail|email|email address|username|login|"
    "section|group|class|course|cohort|department|institution|school|grade level|period|date|"
    "time|timestamp|started|started on|completed|submitted|finished|time taken|duration|state|"
    "status|attempt|attempts|comment|comments|notes|remarks|feedback|sex|gender|age|"
    "correo|grupo|sección|curso|fecha|comentarios|klasse|gruppe|datum|groupe|classe"
)

_IDS = phrases("id|student id|learner id|user id|id number|email|email address|username")


def layout_of(grid: Grid) -> Layout:
    """Return what the columns of a table are."""
    names = [name.casefold() for name in grid.header]
    for reader in (
        _moodle,
        _new_quizzes,
        _canvas_analysis,
        _canvas_gradebook,
        _google_forms,
        _microsoft_forms,
    ):
        if found := reader(grid, names):
            return found
    return _plain(grid, names)


def _moodle(grid: Grid, names: Sequence[str]) -> Layout | None:
    """Moodle: people first, then state and times, the grade, and a column or more a question."""
    people = [i for i, name in enumerate(names) if name in _MOODLE_FIRST]
    if not people:
        return None
    items: dict[str, ItemColumns] = {}
    form = Form.MOODLE_GRADES
    for place, name in enumerate(grid.header):
        if question := _Q.fullmatch(name):
            title = " ".join(question.group(1).split())
            items[title] = ItemColumns(title, score=place, most=number(question.group(2)))
        for pattern, what in ((_RESPONSE, "answer"), (_RIGHT, "right")):
            if matched := pattern.fullmatch(name):
                form = Form.MOODLE_RESPONSES
                item = items.setdefault(matched.group(1), ItemColumns(f"Q. {matched.group(1)}"))
                setattr(item, what, place)
    found = [i for i in items.values() if i.score is not None or i.answer is not None]
    has_grade = any(_GRADE.fullmatch(n) and not _Q.fullmatch(n) for n in grid.header)
    if not found or not (has_grade or len(people) > 1):
        return None
    id_columns = [i for i in range(len(names)) if i not in people[:2] and _holds(grid, i, "@")]
    used = {*people, *id_columns, *(c for item in found for c in _columns(item))}
    others = [i for i in range(len(names)) if i not in used]
    family_first = names[people[0]] in _FAMILY
    named = (*people[1:2], people[0]) if family_first else (*people[:2],)
    return Layout(form, named, found, others, tuple(id_columns))


def _canvas_analysis(grid: Grid, names: Sequence[str]) -> Layout | None:
    """Canvas: people, then each question beside a column that is named by its points."""
    if len(_ANALYSIS_PEOPLE & {*names}) < 2 or not _ANALYSIS_END & {*names}:
        return None
    items = []
    for place, name in enumerate(grid.header[:-1]):
        worth = read_cell(grid.header[place + 1])
        if _ANALYSIS_ITEM.fullmatch(name) and worth.kind is Kind.NUMBER:
            title = " ".join(name.split())
            items.append(ItemColumns(title, score=place + 1, answer=place, most=worth.value))
    if not items:
        return None
    used = {c for item in items for c in _columns(item)}
    learner = [i for i, name in enumerate(names) if name == "name"][:1]
    id_columns = [i for i, name in enumerate(names) if name == "id"][:1]
    others = [i for i in range(len(names)) if i not in {*used, *learner, *id_columns}]
    return Layout(Form.CANVAS_ANALYSIS, (*learner,), items, others, (*id_columns,))


def _new_quizzes(grid: Grid, names: Sequence[str]) -> Layout | None:
    """New Quizzes of Canvas: people, then five columns a question, which names the third.

    No column says what a question is worth, so its best answer does.
    """
    items: list[ItemColumns] = []
    used: set[int] = set()
    for place in range(len(names) - 4):
        if [*names[place : place + 2], *names[place + 3 : place + 5]] == _NEW_QUIZ_ITEM:
            asked = " ".join(_TAG.sub(" ", grid.header[place + 2]).split())
            title = f"{len(items) + 1}. {asked}".strip()
            most = _best(grid, place + 3)
            items.append(ItemColumns(title, score=place + 3, answer=place + 2, most=most))
            used |= {*range(place, place + 5)}
    if not items or "name" not in names:
        return None
    learner = names.index("name")
    id_columns = [i for i, name in enumerate(names) if name == "id"][:1]
    people = {*used, learner, *id_columns}
    others = [i for i in range(len(names)) if i not in people]
    return Layout(Form.CANVAS_NEW_QUIZZES, (learner,), items, others, (*id_columns,))


def _canvas_gradebook(grid: Grid, names: Sequence[str]) -> Layout | None:
    """Canvas: the student, ids, and the section; assignments; then scores that add them up.

    A row “Points Possible” says what each is worth; it stands alone in files without ids.
    """
    two = names[:2] == ["lastname", "firstname"]
    if not two and names[0] != "student":
        return None
    people = [i for i, name in enumerate(names) if name in _CANVAS_PEOPLE]
    first = [cell.casefold() for cell in grid.columns[0][:3]]
    possible = first.index("points possible") if "points possible" in first else None
    if possible is None and not {"sis login id", "sis user id"} & {*names}:
        return None
    learner = (1, 0) if two else (0,)
    totals = [i for i, name in enumerate(grid.header) if _CANVAS_TOTAL.fullmatch(name)]
    used = {*learner, *people, *totals}
    if possible is not None:  # columns that the course added are worth nothing
        used |= {
            i
            for i, column in enumerate(grid.columns)
            if read_cell(column[possible]).kind is not Kind.NUMBER
        }
    items = [ItemColumns(n, score=i) for i, n in enumerate(grid.header) if i not in used]
    id_columns = [i for i in people if names[i] == "id"]
    others = sorted(used - {*learner, *id_columns})
    return Layout(Form.CANVAS_GRADEBOOK, learner, items, others, (*id_columns,))


def _google_forms(grid: Grid, names: Sequence[str]) -> Layout | None:
    """Google Forms: the time, the address, the score, and each question.

    In what the form itself exports, “QUESTION [Score]” and “QUESTION [Feedback]” follow each.
    """
    if names[0] not in _TIMESTAMP:
        return None
    addresses: list[int] = []
    called: list[int] = []
    items: list[ItemColumns] = []
    header, place = grid.header, 1
    while place < len(names):
        graded = place + 1 < len(names) and header[place + 1].startswith(f"{header[place]} [")
        item = ItemColumns(header[place], answer=place)
        if graded:
            worth = (c.most for c in _seen(grid, place + 1) if c.kind is Kind.OF)
            item.score, item.most = place + 1, next(worth, 0.0)
        if names[place] in _ADDRESS:
            addresses.append(place)
        elif _NAME.fullmatch(header[place]) and not item.most:
            called.append(place)
        elif item.most or (not graded and names[place] not in _FORMS_SCORE):
            items.append(item)
        place += 3 if graded else 1
    if not items:
        return None
    learner = (*addresses, *called)[:1]
    used = {*learner, *(c for item in items for c in _columns(item))}
    others = [i for i in range(len(names)) if i not in used]
    return Layout(Form.GOOGLE_FORMS, learner, items, others)


def _microsoft_forms(grid: Grid, names: Sequence[str]) -> Layout | None:
    """Microsoft Forms: times, the address, and the name; each question, its points and feedback.

    No column says what a question is worth, so its best answer does.
    """
    if not {"start time", "completion time"} <= {*names}:
        return None
    items: list[ItemColumns] = []
    for place, name in enumerate(grid.header[:-1]):
        points = rf"points\s*[-–]\s*{re.escape(name)}"
        if re.fullmatch(points, grid.header[place + 1], re.IGNORECASE):
            most = _best(grid, place + 1)
            if most:  # a question about the person is worth nothing
                items.append(ItemColumns(name, score=place + 1, answer=place, most=most))
    if not items:
        return None
    named = [names.index(n) for n in ("name", "email", "id") if n in names and _varies(grid, n)]
    used = {*named[:2], *(c for item in items for c in _columns(item))}
    others = [i for i in range(len(names)) if i not in used]
    return Layout(Form.MICROSOFT_FORMS, (*named[:1],), items, others, (*named[1:2],))


def _varies(grid: Grid, name: str) -> bool:
    """Whether a column tells people apart: all are “anonymous” where nobody signed in."""
    column = grid.columns[[n.casefold() for n in grid.header].index(name)]
    return len({cell for cell in column if cell}) > 1


def _best(grid: Grid, place: int) -> float:
    points = (c.value for c in _seen(grid, place, None) if c.kind is Kind.NUMBER)
    return max(points, default=0.0)


def _plain(grid: Grid, names: Sequence[str]) -> Layout:
    """Any other table: the learner, then the items; what plainly is neither is left out."""
    learner = [0]
    if names[0] in {"timestamp", "date", "time", "id", "#", "no", "no.", "nr", "nr."}:
        learner = [i for i, n in enumerate(names) if i and _NAME.fullmatch(n)][:1] or [0]
    named = _NAME.fullmatch(names[learner[0]])
    if named and learner == [0] and len(names) > 1 and _NAME.fullmatch(names[1]):
        learner = [0, 1] if _is_text(grid, 1) else [0]
    others, items = [], []
    for place, name in enumerate(grid.header):
        if place in learner:
            continue
        if names[place] in _IDS or (names[place] in _PERSONAL and not _is_scores(grid, place)):
            others.append(place)
        else:
            items.append(ItemColumns(name, score=place))
    if learner != [0] and 0 not in learner and not any(i.score == 0 for i in items):
        others = sorted({0, *others})
    return Layout(Form.PLAIN, tuple(learner), items, others)


_NOTHING = frozenset({Kind.BLANK, Kind.MISSING})


def _is_scores(grid: Grid, place: int) -> bool:
    return all(cell.is_score or cell.kind in _NOTHING for cell in _seen(grid, place))


def _seen(grid: Grid, place: int, rows: int | None = _LOOKED_AT) -> Iterator[TableCell]:
    return (read_cell(cell) for cell in grid.columns[place][:rows])


def _is_text(grid: Grid, place: int) -> bool:
    cells = [cell for cell in grid.columns[place][:_LOOKED_AT] if cell]
    return bool(cells) and all(read_cell(cell).kind is Kind.TEXT for cell in cells)


def _holds(grid: Grid, place: int, mark: str) -> bool:
    cells = [cell for cell in grid.columns[place][:_LOOKED_AT] if cell]
    return bool(cells) and all(mark in cell for cell in cells)


def _columns(item: ItemColumns) -> Iterator[int]:
    return (c for c in (item.score, item.answer, item.right) if c is not None)
