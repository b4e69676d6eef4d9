"""The words we use: kind to the reader, spelled the American way, with typographic marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from learn.library.content import Content
from learn.library.prose import Text
from questions.model import Question
from questions.reading import Fault

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
class Said:
    """A text that a reader may see, where it stands, and `where` within that, if need be."""

    file: str
    line: int
    text: str
    where: str = ""

    def fault(self, message: str) -> Fault:
        """A fault about this text."""
        return Fault(self.file, self.line, f"{self.where}: {message}" if self.where else message)


def language(content: Content) -> list[Fault]:
    """Every text that says something unkind, is spelled otherwise or set badly."""
    names = content.ledger.document.names
    return [
        said.fault(f"{why}: “{' '.join(found.group().split())}”")
        for said in all_texts(content)
        for piece in without_names(said.text, names)
        for why, rule in _RULES
        for found in rule.finditer(piece)
    ]


def without_names(text: str, names: Iterable[str]) -> list[str]:
    """The pieces of `text` between official names, which stay as they are."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.split("|".join(map(re.escape, longest_first)), text) if longest_first else [text]


def all_texts(content: Content) -> Iterator[Said]:
    """Every text of the content that a reader may see. The headings of the source are its own."""
    for lesson in content.lessons.values():
        yield Said(lesson.file, 1, lesson.title, "title")
        yield Said(lesson.file, 1, lesson.about, "about")
        for point in lesson.points:
            yield Said(lesson.file, point.line, point.text, f"point {point.id}")
        yield from _prose(lesson.file, lesson.text)
    for page in content.pages.values():
        yield Said(page.file, 1, page.title, "title")
        yield from _prose(page.file, page.text)
    yield from _bank(content)
    for term in content.glossary.terms.values():
        place = content.glossary.places[term.id]
        yield Said(*place, term.term, f"{term.id}: term")
        yield Said(*place, term.meaning, f"{term.id}: meaning")
    for figure in content.figures.values():
        place = content.places[f"figure {figure.id}"]
        yield Said(*place, figure.title, "title")
        yield Said(*place, figure.words, "desc")
        for words in _SVG_WORDS.findall(figure.svg):
            yield Said(*place, words, "text")
    for topic in content.topics.values():
        place = content.places[f"topic {topic.id}"]
        yield Said(*place, topic.title, "title")
        yield Said(*place, topic.about, "about")
    for resource in content.resources:
        yield Said(*resource.place, resource.name, f"{resource.id}: name")
        yield Said(*resource.place, resource.publisher, f"{resource.id}: publisher")
        yield Said(*resource.place, resource.about, f"{resource.id}: about")
        yield Said(*resource.place, resource.audience, f"{resource.id}: audience")
        yield Said(*resource.place, resource.note, f"{resource.id}: note")
    yield from _ledger(content)


def _prose(file: str, text: Text) -> Iterator[Said]:
    for block in text.all_blocks:
        yield Said(file, block.line, block.heading)
        for item in block.items:
            for row in item.rows:
                if row:
                    yield Said(file, row[0].line, " ".join(p.plain for p in row))
        yield Said(file, block.line, block.ask, "!ask")


def _bank(content: Content) -> Iterator[Said]:
    for objective in content.bank.objectives.values():
        place = content.bank.places[objective.id]
        yield Said(*place, objective.you_can, "you_can")
        yield Said(*place, objective.ask_care_team, "ask_care_team")
        for misconception in objective.misconceptions:
            yield Said(*place, misconception.belief, f"{misconception.id}: belief")
            yield Said(*place, misconception.truth, f"{misconception.id}: truth")
        for question in objective.questions:
            yield from _question(question, content.bank.places[question.id])


def _question(question: Question, place: tuple[str, int]) -> Iterator[Said]:
    yield Said(*place, question.vignette, f"{question.id}: case")
    yield Said(*place, question.stem, f"{question.id}: ask")
    for name, text in question.extra_texts.items():
        yield Said(*place, text, f"{question.id}: {name}")
    for part in question.parts:
        yield Said(*place, part.text, f"{question.id}: {part.id}: text")
        yield Said(*place, part.rationale, f"{question.id}: {part.id}: why")


def _ledger(content: Content) -> Iterator[Said]:
    ledger = content.ledger
    for section in ledger.sections.values():
        yield Said(*ledger.places[section.id], section.not_taught, section.id)
    for fact in ledger.facts.values():
        yield Said(*ledger.places[fact.id], fact.says, fact.id)
        yield Said(*ledger.places[fact.id], fact.not_taught, fact.id)
    for note in ledger.notes:
        yield Said(*ledger.places[note.id], note.says, note.id)
        yield Said(*ledger.places[note.id], note.we, note.id)
    for added in ledger.added.values():
        yield Said(*ledger.places[added.id], added.says, added.id)
        yield Said(*ledger.places[added.id], added.citation, added.id)
    for i, says in enumerate(ledger.not_covered):
        yield Said(*ledger.places[f"not_covered {i}"], says, "not_covered")
