"""Documents for a clinician to read on paper, the most urgent first.

Safety: Get help, the lessons that safety depends on, and the lines below questions. Claims: each
added fact with its citation, and where it is used. All: every lesson, question, and fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import escape

from jinja2 import Environment, FileSystemLoader

from learn.authoring.printed import (
    block_row,
    document,
    plain_passages,
    question_row,
    sheet,
    tag,
    tags,
)
from learn.authoring.signing import questions_of, sheet_digest
from learn.library.content import Content
from learn.library.ledger import AddedSource
from learn.library.lessons import Lesson, StaticPage
from learn.library.prose import Text
from learn.library.signatures import SIGNED_PAGE, digest_of
from learn.paths import TEMPLATES
from questions.model import Question, Safety

_LINK = re.compile(r"\s*<a\b.*?</a>", re.DOTALL)


class Tier(StrEnum):
    """A document of the pack, most urgent first."""

    SAFETY = "safety"
    CLAIMS = "claims"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """What is the same in the whole pack: the texts of the settings, the day, and the language."""

    settings: Mapping[str, str]
    day: date
    language: str = "en"


def file_name(tier: Tier) -> str:
    """Return the name of the tier's file."""
    return f"{[*Tier].index(tier) + 1}-{tier}.html"


def pack(content: Content, tier: Tier, options: PrintOptions) -> str:
    """Return the document of a tier."""
    pages = _Pack(content, options)
    match tier:
        case Tier.SAFETY:
            return pages.safety()
        case Tier.CLAIMS:
            return pages.claims()
        case Tier.ALL:
            return pages.all()


class _Pack:
    def __init__(self, content: Content, options: PrintOptions) -> None:
        self.content = content
        self.options = options

    def safety(self) -> str:
        urgent = [lesson for lesson in self.content.lessons.values() if lesson.is_safety]
        calling = {source for sources in self.content.ledger.safety.values() for source in sources}
        urgent.sort(key=lambda lesson: -len(calling.intersection(lesson.anchors)))
        sheets = [self._page(self.content.pages[SIGNED_PAGE])]
        sheets += (self._lesson(lesson) for lesson in urgent)
        if self.content.ledger.illness:
            sheets.append(self._safety_lines())
        about = "Please read this first. It says when to call, and what to do at home."
        return self._document("Safety", about, sheets)

    def claims(self) -> str:
        sources = sorted(self.content.ledger.added.values(), key=self._urgency)
        rows = [_claim(source, uses(self.content, source.id)) for source in sources]
        digest = digest_of(_said(source) for source in sources)
        about = (
            "Each fact that the editors added to their source, with its citation and where it is "
            "used: in sentences of lessons (L), on pages (P), and in questions (Q). What we say "
            "when to call comes first."
        )
        claims = sheet("Medical claims", digest, rows)
        return self._document("Medical claims", about, [claims])

    def all(self) -> str:
        sheets = [self._page(self.content.pages[SIGNED_PAGE])]
        sheets += (
            self._lesson(lesson, questions_of(self.content, lesson))
            for lesson in self.content.lessons.values()
        )
        if self.content.ledger.illness:
            sheets.append(self._safety_lines())
        sheets += [self._facts(), self._glossary()]
        about = "All lessons with their facts, and all questions with their keys and reasons."
        return self._document("Everything", about, sheets)

    def _document(self, title: str, about: str, sheets: list[str]) -> str:
        site = self.content.ledger.site
        day = f"{self.options.day:%B} {self.options.day.day}, {self.options.day.year}"
        how = (
            "Marks such as F12 and A-fever name the fact or source behind a sentence; “us” marks "
            "words of our own, without a medical claim. Write changes beside the text. At the end "
            "of each sheet, sign what you have read: the digest says which version it was."
        )
        intro = [
            tag("p", f"{escape(about)} Printed on {day}."),
            tag("p", how, "small"),
        ]
        return document(f"{site}: {title}", intro, sheets, self.options.language)

    def _page(self, page: StaticPage) -> str:
        digest = sheet_digest(self.content, page, with_questions=False)
        rows = [block_row(block, self.content) for block in page.text.all_blocks]
        return sheet(page.title, digest, rows, command=self._command(page, digest))

    def _lesson(self, lesson: Lesson, questions: Sequence[Question] = ()) -> str:
        """Return the sheet of a lesson, with all of its questions or none."""
        digest = sheet_digest(self.content, lesson, with_questions=bool(questions))
        rows = [block_row(block, self.content) for block in lesson.text.all_blocks]
        if lesson.points:
            points = (tag("li", f"{escape(p.text)} {tags(p.facts)}") for p in lesson.points)
            title = tag("h3", "Key points")
            rows.append(title + tag("ul", "".join(points)))
        rows += (question_row(question, self.content) for question in questions)
        command = self._command(lesson, digest) + (" --questions" if questions else "")
        return sheet(lesson.title, digest, rows, command=command, begins_page=bool(questions))

    def _command(self, read: Lesson | StaticPage, digest: str) -> str:
        """Return the command that records the signature on a sheet."""
        language = self.options.language
        review = "review" if language == "en" else f"review --language {language}"
        day = f"{self.options.day:%Y}-MM-DD"
        return f'learn {review} sign {read.id} --by "NAME, ROLE" --on {day} --sheet {digest}'

    def _safety_lines(self) -> str:
        """Return the sheet of what stands below a question with a sign of illness."""
        texts = dict(self._safety_texts())
        digest = digest_of([*texts.values()])
        rows = [
            text + tags(self.content.ledger.safety.get(line, ())) for line, text in texts.items()
        ]
        title = "What questions with a sign of illness end with"
        return sheet(title, digest, rows)

    def _safety_texts(self) -> Iterator[tuple[Safety, str]]:
        """Yield the lines on when to call, from the template that the site shows."""
        templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
        module = templates.get_template("macros/safety.html").make_module(
            {
                "_": lambda text, **values: text % values,
                "texts": self.options.settings,
                "illness": self.content.ledger.illness,
                "url_for": lambda *_names, **_values: "",
            }
        )
        for line in Safety:
            marked = {"safety": line.value, "signs": {line.value: "The sign in the question"}}
            yield line, _LINK.sub("", str(module.line(marked)))  # type: ignore[attr-defined]

    def _facts(self) -> str:
        facts = self.content.ledger.facts.values()
        rows = [
            f"{tag('b', escape(fact.id))} {escape(fact.says)}"
            + (f" (Not taught: {escape(fact.not_taught)})" if fact.not_taught else "")
            for fact in facts
        ]
        digest = digest_of([[fact.id, fact.says] for fact in facts])
        return sheet("What our source says", digest, rows)

    def _glossary(self) -> str:
        terms = self.content.glossary.terms.values()
        rows = [f"{tag('b', escape(t.term))}: {escape(t.meaning)} {tags(t.facts)}" for t in terms]
        digest = digest_of([[term.term, term.meaning] for term in terms])
        return sheet("Glossary", digest, rows)

    def _urgency(self, source: AddedSource) -> int:
        """Return how early a claim is read: those on when to call come first."""
        if source.id in {a for sources in self.content.ledger.safety.values() for a in sources}:
            return 0
        urgent = (lesson for lesson in self.content.lessons.values() if lesson.is_safety)
        on_page = self.content.pages[SIGNED_PAGE].facts
        return 1 if source.id in on_page or any(source.id in u.anchors for u in urgent) else 2


def uses(content: Content, reference: str) -> Iterator[str]:
    """Yield, as HTML, each place that rests on a fact or source."""
    for lesson in content.lessons.values():
        for use in _uses_in(lesson.text, reference, content):
            yield f"L {escape(lesson.title)}: {use}"
        for point in lesson.points:
            if reference in point.facts:
                yield f"L {escape(lesson.title)}, point: {escape(point.text)}"
    for page in content.pages.values():
        for use in _uses_in(page.text, reference, content):
            yield f"P {escape(page.title)}: {use}"
    yield from _questions(content, reference)
    yield from _listed(content, reference)


def _questions(content: Content, reference: str) -> Iterator[str]:
    for question in content.bank.questions.values():
        if reference in {*question.facts, *(f for p in question.parts for f in p.facts)}:
            right = "; ".join(
                f"{line.text} → {line.answer}" if line.answer else line.text
                for line in question.describe(question.right_response())
            )
            yield f"Q {escape(question.id)}: {escape(question.stem)} {tag('b', escape(right))}"


def _listed(content: Content, reference: str) -> Iterator[str]:
    for term in content.glossary.terms.values():
        if reference in term.facts:
            yield f"Glossary, {escape(term.term)}: {escape(term.meaning)}"
    for resource in content.resources:
        if reference in resource.facts:
            yield f"Where to find help: {escape(resource.name)}"
    for line, references in content.ledger.safety.items():
        if reference in references:
            yield f"Below questions: {escape(line.value)}"


def _uses_in(text: Text, reference: str, content: Content) -> Iterator[str]:
    for passage in text.passages:
        if reference in passage.facts:
            yield plain_passages([passage])
    for block in text.all_blocks:
        for element in block.elements:
            if reference in element.facts:
                drawn = content.figures.get(element.name)
                first = drawn or next(iter(content.steps(element.name)), None)
                yield f"picture “{escape(first.title if first else element.name)}”"


def _claim(source: AddedSource, used: Iterator[str]) -> str:
    places = "".join(tag("li", use) for use in used) or tag("li", "nowhere")
    cited = escape(source.citation) + "".join(f" {escape(a)}" for a in source.addresses)
    digest = tag("code", digest_of(_said(source)))
    return (
        tag("p", f"☐ {tag('b', escape(source.id))}: {escape(source.says)} {digest}", "keep")
        + tag("p", f"From: {cited}", "small keep")
        + tag("ul", places, "small")
    )


def _said(source: AddedSource) -> list[object]:
    return [source.id, source.says, source.citation, [*source.addresses]]
