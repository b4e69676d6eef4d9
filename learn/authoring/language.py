"""Check the wording: kind to the reader, American spelling, typographic marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from learn.library.content import Content
from learn.library.prose import Text
from questions.model import Question
from questions.reading import ContentError

_BANNED = (
    r"wrong(?:ly)?|fail\w*|incorrect(?:ly)?|errors?|victims?|battl(?:e[sd]?|ing)"
    r"|suffer\w*|unfortunately|obviously|simply|of course"
)
_BRITISH = (
    r"tumours?|\w*leukaemi\w*|\w*anaemi\w*|\w*haem\w*|paediatric\w*|orthopaed\w*|gynaec\w*"
    r"|anaesth\w*|diarrhoea\w*|oesoph\w*|oestr\w*|oedema\w*|foet(?:al|us)\w*|leucocyt\w*"
    r"|(?:colour|behaviour|favour|flavour|honour|humour|labour|neighbour|rumour|odour)\w*"
    r"|(?:centre|fibre|litre|metre|theatre)(?:s|d)?|centring"
    r"|(?:organ|recogn|random|real|minim|maxim|special|hospital|apolog|emphas|summar|character"
    r"|immun|stabil|visual|normal|personal|priorit|util)is(?:e[sdr]?|ers?|ing|ations?|ational)"
    r"|(?:analys|paralys)(?:e|ed|ing)|programmes?|practis(?:e[sd]?|ing)|whilst|amongst|learnt"
    r"|judgements?|acknowledgements?|(?:travel|label|counsel|cancel|model|signal|fuel)l(?:ed|ing)"
    r"|fulfil|enrol|enrolments?|defence|offence|licence|sceptic\w*|ageing|grey|mould\w*"
)
_RULES = (
    ("a word we do not use", re.compile(rf"\b(?:{_BANNED})\b", re.IGNORECASE)),
    ("a person is not the illness", re.compile(r"\bALL (?:patients?|sufferers?)\b")),
    ("British spelling", re.compile(rf"\b(?:{_BRITISH})\b", re.IGNORECASE)),
    ("a straight quote", re.compile(r"\S*[\"']\S*")),
    ("a dash as punctuation", re.compile(r"\S*\s*(?:—|(?<!\d)–|–(?!\d)|--|\s-\s)\s*\S*")),
    ("two spaces in a row", re.compile(r"\S*  +\S*")),
)
_SVG_WORDS = re.compile(r"<text[^>]*>([^<]+)</text>")


@dataclass(frozen=True, slots=True)
class VisibleText:
    """A text that readers see, with its file and line; `where` locates it within that."""

    file: str
    line: int
    text: str
    where: str = ""

    def error(self, message: str) -> ContentError:
        """An error about this text."""
        return ContentError(
            self.file, self.line, f"{self.where}: {message}" if self.where else message
        )


def language(content: Content) -> list[ContentError]:
    """Find texts that are unkind, not in American spelling, or typeset badly."""
    names = content.ledger.document.names
    return [
        visible.error(message)
        for visible in all_texts(content)
        for piece in without_names(visible.text, names)
        for message in _broken_rules(piece)
    ]


@cache
def _broken_rules(piece: str) -> tuple[str, ...]:
    """Return a message for each match of a rule. Most texts stay the same from check to check."""
    return tuple(
        f"{why}: “{' '.join(match.group().split())}”"
        for why, rule in _RULES
        for match in rule.finditer(piece)
    )


def without_names(text: str, names: tuple[str, ...]) -> list[str]:
    """Return the pieces of `text` between official names, which are not checked."""
    return _any_of(names).split(text) if names else [text]


@cache
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def all_texts(content: Content) -> Iterator[VisibleText]:
    """Every text of the content that readers may see, except headings quoted from the source."""
    for lesson in content.lessons.values():
        yield VisibleText(lesson.file, 1, lesson.title, "title")
        yield VisibleText(lesson.file, 1, lesson.about, "about")
        for point in lesson.points:
            yield VisibleText(lesson.file, point.line, point.text, f"point {point.id}")
        yield from _prose(lesson.file, lesson.text)
    for page in content.pages.values():
        yield VisibleText(page.file, 1, page.title, "title")
        yield from _prose(page.file, page.text)
    yield from _bank(content)
    for term in content.glossary.terms.values():
        place = content.glossary.locations[term.id]
        yield VisibleText(*place, term.term, f"{term.id}: term")
        yield VisibleText(*place, term.meaning, f"{term.id}: meaning")
    for figure in content.figures.values():
        place = content.locations[f"figure {figure.id}"]
        yield VisibleText(*place, figure.title, "title")
        yield VisibleText(*place, figure.words, "desc")
        for words in _SVG_WORDS.findall(figure.svg):
            yield VisibleText(*place, words, "text")
    yield from _topics_and_paths(content)
    for resource in content.resources:
        yield VisibleText(*resource.place, resource.name, f"{resource.id}: name")
        yield VisibleText(*resource.place, resource.publisher, f"{resource.id}: publisher")
        yield VisibleText(*resource.place, resource.about, f"{resource.id}: about")
        yield VisibleText(*resource.place, resource.audience, f"{resource.id}: audience")
        yield VisibleText(*resource.place, resource.note, f"{resource.id}: note")
    yield from _ledger(content)


def _topics_and_paths(content: Content) -> Iterator[VisibleText]:
    for topic in content.topics.values():
        place = content.locations[f"topic {topic.id}"]
        yield VisibleText(*place, topic.title, "title")
        yield VisibleText(*place, topic.about, "about")
        yield VisibleText(*place, topic.choose, "choose")
        yield VisibleText(*place, topic.choose_about, "choose_about")
        yield VisibleText(*place, topic.section, "section")
    for path in content.paths.values():
        for key in ("title", "door", "leads", "about", "rest"):
            yield VisibleText(*path.place, getattr(path, key), key)
        for ask in (path.outlook, *path.asks, *(a for own in path.own_asks.values() for a in own)):
            yield VisibleText(*path.place, ask, "!ask")


def _prose(file: str, text: Text) -> Iterator[VisibleText]:
    for block in text.all_blocks:
        yield VisibleText(file, block.line, block.heading)
        for element in block.elements:
            yield VisibleText(file, element.line, element.prompt, "!pause")
            for row in element.rows:
                if row:
                    yield VisibleText(file, row[0].line, " ".join(p.plain for p in row))
        for ask in block.care_questions:
            yield VisibleText(file, block.line, ask, "!ask")


def _bank(content: Content) -> Iterator[VisibleText]:
    for objective in content.bank.objectives.values():
        place = content.bank.locations[objective.id]
        yield VisibleText(*place, objective.you_can, "you_can")
        yield VisibleText(*place, objective.ask_care_team, "ask_care_team")
        for misconception in objective.misconceptions:
            yield VisibleText(*place, misconception.belief, f"{misconception.id}: belief")
            yield VisibleText(*place, misconception.truth, f"{misconception.id}: truth")
        for question in objective.questions:
            yield from _question(question, content.bank.locations[question.id])


def _question(question: Question, place: tuple[str, int]) -> Iterator[VisibleText]:
    yield VisibleText(*place, question.vignette, f"{question.id}: case")
    yield VisibleText(*place, question.stem, f"{question.id}: ask")
    if exhibit := question.exhibit:
        for text in (exhibit.title, exhibit.note, *exhibit.author_texts):
            yield VisibleText(*place, text, f"{question.id}: exhibit")
    for name, text in question.extra_texts.items():
        yield VisibleText(*place, text, f"{question.id}: {name}")
    for sign in question.signs.values():
        yield VisibleText(*place, sign, f"{question.id}: signs")
    for part in question.parts:
        yield VisibleText(*place, part.text, f"{question.id}: {part.id}: text")
        yield VisibleText(*place, part.rationale, f"{question.id}: {part.id}: why")


def _ledger(content: Content) -> Iterator[VisibleText]:
    ledger = content.ledger
    for section in ledger.sections.values():
        yield VisibleText(*ledger.locations[section.id], section.not_taught, section.id)
    for fact in ledger.facts.values():
        yield VisibleText(*ledger.locations[fact.id], fact.says, fact.id)
        yield VisibleText(*ledger.locations[fact.id], fact.not_taught, fact.id)
    for note in ledger.notes:
        yield VisibleText(*ledger.locations[note.id], note.says, note.id)
        yield VisibleText(*ledger.locations[note.id], note.we, note.id)
    for added in ledger.added.values():
        yield VisibleText(*ledger.locations[added.id], added.says, added.id)
        yield VisibleText(*ledger.locations[added.id], added.citation, added.id)
    for i, says in enumerate(ledger.not_covered):
        yield VisibleText(*ledger.locations[f"not_covered {i}"], says, "not_covered")
