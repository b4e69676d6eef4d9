"""Measure how hard lessons are to read: lengths, hard words, passive voice, and school grade.

Grades are computed with textstat, a development dependency. Without it nothing is measured, and no
lesson is reported.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from learn.library.content import Content
from learn.library.glossary import Glossary, Term
from learn.library.lessons import Lesson
from learn.library.prose import Block, Passage, Span, SpanKind, count_words, sentences
from questions.reading import ContentError

_MIN_LESSON_WORDS, _MAX_LESSON_WORDS = 180, 400  # words per lesson
_MAX_BLOCK_WORDS = 80  # words
_MAX_SENTENCE_WORDS, _MAX_MEAN_SENTENCE_WORDS = 22, 14  # words
_MAX_NEW_TERMS = 3  # per block
_PASSIVE_ONE_IN = 10  # at most one sentence in 10
_GRADE, _RAW_GRADE, _SMOG = 6.5, 9, 8

# A sentence is counted as passive where a form of “be” or “get” is followed by a participle: a word
# in -ed or one of this list, with at most two words like “not” or “often” between. It finds nearly
# all passives; `_NOT_PARTICIPLES` are words that only look like one.
_BE = r"(?:am|is|are|was|were|be|been|being|get|gets|got|getting|[a-z]+[’'](?:s|re))"
_BETWEEN = r"(?:(?:not|also|often|never|still|mainly|now|then|already|all|both|\w+ly)\s+){0,2}"
_IRREGULAR = (
    "begun born bought broken brought built caught chosen cut done drawn driven felt found fed "
    "forgotten given grown heard held hidden hit kept known laid led lost made meant met paid "
    "put read said seen sent set shown shut sold spent split spoken spread stuck taken taught "
    "thought told understood won worn written"
)
_NOT_PARTICIPLES = (
    "bed bleed feed hundred indeed interested need red related relapsed scared seed speed tired "
    "untreated worried"
)
_PASSIVE = re.compile(
    rf"\b{_BE}\s+{_BETWEEN}(?!(?:{'|'.join(_NOT_PARTICIPLES.split())})\b)"
    rf"(?:\w+ed|{'|'.join(_IRREGULAR.split())})\b",
    re.IGNORECASE,
)

# Words that textstat miscounts, with their syllables; each is replaced by a stand-in of that many.
SYLLABLES = {
    "abl": 2,
    "aml": 3,
    "b-cell": 2,
    "bcr": 3,
    "bcr-abl": 5,
    "hematopoietic": 6,
    "leukemias": 4,
    "lymphoblasts": 3,
    "myeloblast": 4,
    "myeloblasts": 4,
    "myeloid": 3,
    "nk": 2,
    "ph-positive": 5,
    "t-cell": 2,
    "translocation": 4,
    "translocations": 4,
}
STAND_INS = {
    2: "paper",
    3: "banana",
    4: "information",
    5: "communication",
    6: "responsibility",
}
_MISCOUNTED = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(SYLLABLES, key=len, reverse=True))})(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ReadingGrade:
    """Flesch-Kincaid school grade of a lesson, with plain words for its terms and without.

    `points` is the grade of its points alone, with plain words; None without points.
    """

    lesson: str
    prepared: float
    raw: float
    points: float | None = None


@dataclass(frozen=True, slots=True)
class ReadingGrades:
    """Grade of each lesson, and the SMOG grade of all, with plain words and without."""

    lessons: tuple[ReadingGrade, ...]
    smog_prepared: float
    smog_raw: float


class _Textstat(Protocol):
    def flesch_kincaid_grade(self, text: str) -> float: ...

    def smog_index(self, text: str) -> float: ...


def reading_level(content: Content) -> list[ContentError]:
    """Find hard passages that can be counted without textstat."""
    names = TermMatcher(content.glossary)
    return sorted(
        error
        for lesson in content.lessons.values()
        for check in (_lengths, _sentence_lengths, _passive, names.errors)
        for error in check(lesson)
    )


def _lengths(lesson: Lesson) -> Iterator[ContentError]:
    count = lesson.text.words
    if not _MIN_LESSON_WORDS <= count <= _MAX_LESSON_WORDS:
        yield ContentError(
            lesson.file,
            1,
            f"{count} words: a lesson has {_MIN_LESSON_WORDS} to {_MAX_LESSON_WORDS}",
        )
    for block in lesson.text.all_blocks:
        count = sum(count_words(p.plain) for p in block.running)
        if count > _MAX_BLOCK_WORDS:
            yield ContentError(
                lesson.file, block.line, f"{count} words: a block has at most {_MAX_BLOCK_WORDS}"
            )


def _sentence_lengths(lesson: Lesson) -> Iterator[ContentError]:
    counts = []
    for line, sentence in _sentences(lesson):
        count = count_words(sentence)
        counts.append(count)
        if count > _MAX_SENTENCE_WORDS:
            message = (
                f"{count} words, {_MAX_SENTENCE_WORDS} at most in a sentence: “{_short(sentence)}”"
            )
            yield ContentError(lesson.file, line, message)
    mean = sum(counts) / max(1, len(counts))
    if mean > _MAX_MEAN_SENTENCE_WORDS:
        message = f"{mean:.1f} words a sentence: at most {_MAX_MEAN_SENTENCE_WORDS} on average"
        yield ContentError(lesson.file, 1, message)


def _passive(lesson: Lesson) -> Iterator[ContentError]:
    every = [*_sentences(lesson)]
    passive = [(line, sentence) for line, sentence in every if is_passive(sentence)]
    if len(passive) * _PASSIVE_ONE_IN > len(every):
        quoted = "; ".join(f"line {line} “{_short(sentence)}”" for line, sentence in passive)
        message = f"{len(passive)} of {len(every)} sentences are passive, 1 in 10 at most: {quoted}"
        yield ContentError(lesson.file, passive[0][0], message)


def is_passive(sentence: str) -> bool:
    """Whether `sentence` is in the passive voice. See the rule above."""
    return bool(_PASSIVE.search(sentence))


def _sentences(lesson: Lesson) -> Iterator[tuple[int, str]]:
    for block in lesson.text.all_blocks:
        for row in _rows(block):
            for sentence in sentences(" ".join(p.plain for p in row)):
                yield row[0].line, sentence
        for element in block.elements:
            if element.prompt:
                yield element.line, element.prompt
        yield from ((block.line, ask) for ask in block.care_questions)
    for point in lesson.points:
        for sentence in sentences(point.text):
            yield point.line, sentence


def _rows(block: Block) -> Iterator[tuple[Passage, ...]]:
    return (row for element in block.elements for row in element.rows if row)


def _short(sentence: str) -> str:
    words = sentence.split()
    return sentence if len(words) <= 8 else " ".join(words[:8]) + " …"


class TermMatcher:
    """Finds glossary terms in a text by any of their names; the longest name wins.

    A name with inner capitals, such as ALL, only matches in that case.
    """

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        called = {n for t in glossary.terms.values() for n in (t.term, *t.also)}
        each = (
            f"(?i:{re.escape(n)})" if n[1:] == n[1:].lower() else re.escape(n)
            for n in sorted(called, key=lambda n: (-len(n), n))
        )
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(each)})(?![\w-])")

    def replace(self, text: str, put: Callable[[Term, str], str]) -> str:
        """Replace each term in `text` with `put(term, name as written)`."""

        def other(match: re.Match[str]) -> str:
            term = self.glossary.find(match.group())
            return put(term, match.group()) if term else match.group()

        return self._pattern.sub(other, text)

    def find(self, text: str) -> Iterator[tuple[Term, str]]:
        """Each term in `text`, with its name as written."""
        for match in self._pattern.finditer(text):
            if term := self.glossary.find(match.group()):
                yield term, match.group()

    def explained_terms(self, lesson: Lesson) -> set[str]:
        """Return the ids of the terms that `lesson` explains."""
        terms = (self.glossary.find(name) for name in lesson.term_names)
        return {term.id for term in terms if term}

    def errors(self, lesson: Lesson) -> Iterator[ContentError]:
        """Find terms used before they are explained, and blocks with too many new ones."""
        marked, known = self.explained_terms(lesson), set[str]()
        for block in lesson.text.all_blocks:
            new = 0
            for line, span in _spans(block):
                if span.kind is SpanKind.TERM:
                    term = self.glossary.find(span.name)
                    new += term is not None and term.id not in known
                    known |= {term.id} if term else set()
                    continue
                for term, written in self.find(span.text):
                    if term.id in marked - known:
                        known.add(term.id)
                        message = f"“{written}” stands here before [[{term.term}]] is marked"
                        yield ContentError(lesson.file, line, message)
            if new > _MAX_NEW_TERMS:
                message = f"{new} new terms: a block explains at most {_MAX_NEW_TERMS}"
                yield ContentError(lesson.file, block.line, message)


def _spans(block: Block) -> Iterator[tuple[int, Span]]:
    def flat(spans: Iterable[Span]) -> Iterator[Span]:
        for span in spans:
            yield span
            yield from flat(span.inner)

    for passage in block.passages:
        for span in flat(passage.spans):
            yield passage.line, span


def measure(content: Content) -> ReadingGrades | None:
    """Measure the grades of the lessons; None if textstat is not installed."""
    try:
        textstat: _Textstat = importlib.import_module("textstat")
    except ImportError:
        return None
    names = TermMatcher(content.glossary)
    grades, prepared_texts, raw_texts = [], [], []
    for lesson in content.lessons.values():
        raw, prepared = as_text(lesson), plain_text(lesson, names)
        points = plain_points(lesson, names)
        raw_texts.append(raw)
        prepared_texts.append(prepared)
        grades.append(
            ReadingGrade(
                lesson=lesson.id,
                prepared=textstat.flesch_kincaid_grade(prepared),
                raw=textstat.flesch_kincaid_grade(raw),
                points=textstat.flesch_kincaid_grade(points) if points else None,
            )
        )
    return ReadingGrades(
        lessons=tuple(grades),
        smog_prepared=textstat.smog_index("\n".join(prepared_texts)),
        smog_raw=textstat.smog_index("\n".join(raw_texts)),
    )


def too_hard(content: Content, grades: ReadingGrades) -> list[ContentError]:
    """Find lessons whose grade is too high."""
    errors = []
    for grade in grades.lessons:
        file = content.lessons[grade.lesson].file
        for kind, value, most in (
            ("with plain words for its terms", grade.prepared, _GRADE),
            ("as it stands", grade.raw, _RAW_GRADE),
            ("of its points, with plain words", grade.points, _GRADE),
        ):
            if value is not None and value > most:
                message = f"Flesch-Kincaid grade {value:.1f} {kind}: at most {most}"
                errors.append(ContentError(file, 1, message))
    if grades.smog_prepared > _SMOG:
        file = next(iter(content.lessons.values())).file.rpartition("/")[0]
        message = f"SMOG grade {grades.smog_prepared:.1f} over all lessons: at most {_SMOG}"
        errors.append(ContentError(file, 1, message))
    return errors


def plain_text(lesson: Lesson, names: TermMatcher) -> str:
    """Return the text of a lesson to measure, with plain words for the terms it explains."""
    return _plainly(lesson, names, _lines(lesson))


def plain_points(lesson: Lesson, names: TermMatcher) -> str:
    """Return the points of a lesson to measure, in the same way; "" if it has none."""
    return _plainly(lesson, names, (point.text for point in lesson.points))


def _plainly(lesson: Lesson, names: TermMatcher, lines: Iterable[str]) -> str:
    marked = names.explained_terms(lesson)
    return "\n".join(
        for_textstat(names.replace(line, lambda t, name: t.plain if t.id in marked else name))
        for line in lines
    )


def as_text(lesson: Lesson) -> str:
    """Return the text of a lesson to measure, in its own words."""
    return "\n".join(map(for_textstat, _lines(lesson)))


def _lines(lesson: Lesson) -> Iterator[str]:
    """Headings, paragraphs, and list items, each with a period at its end."""
    for block in lesson.text.all_blocks:
        for line in (
            block.heading,
            *(" ".join(p.plain for p in row) for row in _rows(block)),
            *(element.prompt for element in block.elements),
            *block.care_questions,
        ):
            if line:
                yield line if line.rstrip("”’)").endswith((".", "!", "?")) else f"{line}."


def for_textstat(text: str) -> str:
    """Replace words that textstat miscounts, and remove periods inside words."""
    text = _MISCOUNTED.sub(lambda m: STAND_INS[SYLLABLES[m.group().lower()]], text)
    return re.sub(r"(?<=\w)\.(?=\w)", "", text.replace("’", "'"))
