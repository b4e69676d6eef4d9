"""A small Markdown dialect for lessons and pages, in which every passage names its facts.

    A paragraph with **bold**, *italic* and a [[glossary term|as shown]]. {F27 F28}
    - A list item. {F29}
    !figure slug {F29}
    !steps slug {F29 F30}
    !resources
    !people 80 About 80 out of 100 people with ALL have it. {F37}
    !people 25 About 1 in 4 adults with ALL have it. {F51}
    !pause Which cells carry oxygen? | Red blood cells do. {F69}
    !ask A question for the care team?
    !ask Another one?

A marker `{…}` covers everything since the previous marker, or since the start of its paragraph or
list item. It names facts (`F1`), added sources (`A-…`), or `us` for our own guidance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import gcd

from learn.alphabet import CAPITALS, unaccented
from questions.reading import TomlFile

OURS = "us"

MAX_CARE_QUESTION = 300
"""Characters of a question for the care team; what readers write themselves may be as long."""

_MARKER = re.compile(r"\s*\{([^{}]*)\}")
_INLINE = re.compile(
    r"\*\*(?P<strong>.+?)\*\*"
    r"|\*(?P<em>.+?)\*"
    r"|\[\[(?P<term>[^|\]]+)(?:\|(?P<shown>[^\]]+))?\]\]"
)
_FRONT = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
_SENTENCE_END = re.compile(rf"(?<=[.!?])[”’»)]*\s+(?=[“‘«(¿¡]*[{CAPITALS}0-9])")
_PUNCTUATION = ".,;:!?”’)"
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


class SpanKind(StrEnum):
    """Kind of a span."""

    TEXT = "text"
    STRONG = "strong"
    EM = "em"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of inline text. A term has its glossary `name`; strong and em have `inner` spans.

    `after` is the punctuation that follows a term and must stay on its line.
    """

    kind: SpanKind
    text: str = ""
    name: str = ""
    inner: tuple[Span, ...] = ()
    after: str = ""

    @property
    def plain(self) -> str:
        """Text without markup."""
        return (self.text or "".join(s.plain for s in self.inner)) + self.after


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more sentences based on the same facts. Links from feedback lead to passages."""

    spans: tuple[Span, ...]
    facts: tuple[str, ...]
    line: int

    @property
    def plain(self) -> str:
        """Text without markup."""
        return "".join(s.plain for s in self.spans).strip()

    @property
    def sentences(self) -> list[str]:
        """Sentences without markup."""
        return sentences(self.plain)


class ElementKind(StrEnum):
    """Kind of an element."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    FIGURE = "figure"
    STEPS = "steps"
    PEOPLE = "people"
    RESOURCES = "resources"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a block.

    A paragraph (one row of passages), a list (a row for each item), a figure or a picture in steps
    (its `name`), an icon array (one row, and `count` of 100 people), the list of resources, or a
    pause: its `prompt`, a question to think about, and one row with the answer.
    """

    kind: ElementKind
    rows: tuple[tuple[Passage, ...], ...] = ()
    name: str = ""
    facts: tuple[str, ...] = ()
    count: int = 0
    line: int = 0
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with its elements, and its questions for the care team."""

    id: str
    heading: str
    elements: tuple[Element, ...]
    care_questions: tuple[str, ...]
    line: int

    @property
    def passages(self) -> Iterator[Passage]:
        """Passages of the block, in order."""
        return (p for element in self.elements for row in element.rows for p in row)

    @property
    def running(self) -> Iterator[Passage]:
        """Passages of the block, without the folded answers of pauses."""
        visible = (e for e in self.elements if e.kind is not ElementKind.PAUSE)
        return (p for element in visible for row in element.rows for p in row)

    @property
    def facts(self) -> Iterator[str]:
        """Facts of its passages and figures. A pause only repeats some of them."""
        yield from (f for passage in self.running for f in passage.facts)
        yield from (f for element in self.elements for f in element.facts)


@dataclass(frozen=True, slots=True)
class Text:
    """A whole text: the block before the first heading, and the blocks with headings."""

    lead: Block
    blocks: tuple[Block, ...]

    @property
    def all_blocks(self) -> tuple[Block, ...]:
        """Lead and the other blocks."""
        return (self.lead, *self.blocks)

    @property
    def passages(self) -> Iterator[Passage]:
        """Passages of all blocks, in order."""
        return (p for block in self.all_blocks for p in block.passages)

    @property
    def care_questions(self) -> tuple[str, ...]:
        """Questions for the care team of all blocks, in order."""
        return tuple(ask for block in self.all_blocks for ask in block.care_questions)

    @property
    def words(self) -> int:
        """Number of words, including headings and the first question for the care team.

        Pauses don't count, nor do more questions, which are there to take along.
        """
        heard = [p.plain for block in self.all_blocks for p in block.running]
        heard += [b.heading for b in self.all_blocks] + [*self.care_questions[:1]]
        return sum(count_words(text) for text in heard)


def sentences(text: str) -> list[str]:
    """Split `text` into sentences."""
    return [s for s in _SENTENCE_END.split(text) if s.strip()]


def count_words(text: str) -> int:
    """Count words as a reader would."""
    return len(_WORD.findall(text))


def slug(heading: str) -> str:
    """Turn a heading into an anchor."""
    return "-".join(re.findall(r"[^\W_]+", unaccented(heading).lower().replace("’", "")))


def split_front(name: str, raw: str) -> tuple[TomlFile, str, int]:
    """Return the front matter, the body, and the line number on which the body starts."""
    raw = raw.replace("\r\n", "\n")
    match = _FRONT.match(raw)
    if not match:
        file = TomlFile(name, "")
        file.add(1, "must start with front matter between two lines of +++")
        return file, raw, 1
    first_line = raw[: match.end()].count("\n") + 1
    return TomlFile(name, match.group(1), first_line=2), raw[match.end() :], first_line


def read_text(file: TomlFile, body: str, first_line: int) -> Text:
    """Parse `body`; errors are added to `file`."""
    return _Parser(file).text(body, first_line)


class _Parser:
    def __init__(self, file: TomlFile) -> None:
        self.file = file

    def text(self, body: str, first_line: int) -> Text:
        blocks: list[Block] = []
        heading, start, lines = "", first_line, list[tuple[int, str]]()
        for number, line in enumerate(body.split("\n"), first_line):
            if line.startswith("## "):
                blocks.append(self._block(heading, start, lines))
                heading, start, lines = line[3:].strip(), number, []
            elif line.startswith("#"):
                self.file.add(number, "only headings of the second level (##) are used")
            else:
                lines.append((number, line))
        blocks.append(self._block(heading, start, lines))
        self._unique(blocks)
        self._unique_questions(blocks)
        return Text(blocks[0], tuple(blocks[1:]))

    def _unique(self, blocks: list[Block]) -> None:
        seen: set[str] = set()
        told = (f for block in blocks for passage in block.running for f in passage.facts)
        facts = {fact.lower(): fact for fact in told if fact != OURS}
        for block in blocks[1:]:
            if block.id in seen:
                self.file.add(block.line, f"the heading “{block.heading}” is used twice")
            elif fact := facts.get(block.id):
                why = f"the heading “{block.heading}” has the address of {fact}: change its words"
                self.file.add(block.line, why)
            seen.add(block.id)

    def _unique_questions(self, blocks: list[Block]) -> None:
        seen: set[str] = set()
        for block in blocks:
            for ask in block.care_questions:
                if ask and ask in seen:
                    self.file.add(block.line, f"the question “{ask}” is asked twice")
                seen.add(ask)

    def _block(self, heading: str, start: int, lines: list[tuple[int, str]]) -> Block:
        elements: list[Element] = []
        care_questions: list[str] = []
        for chunk in _chunks(lines):
            number, first = chunk[0]
            if first.split()[0] == "!ask":
                care_questions.append(self._care_question(number, first))
            elif first.startswith("!figure "):
                elements.append(self._figure(ElementKind.FIGURE, number, first))
            elif first.startswith("!steps "):
                elements.append(self._figure(ElementKind.STEPS, number, first))
            elif first == "!resources":
                elements.append(Element(ElementKind.RESOURCES, line=number))
            elif first.startswith("!people "):
                elements.append(self._people(number, first))
            elif first.startswith("!pause "):
                elements.append(self._pause(number, first))
            elif first.startswith("!"):
                self.file.add(number, f"unknown line “{first.split()[0]}”")
            elif first.startswith("- "):
                rows = tuple(self._passages(n, text) for n, text in _list_items(chunk))
                elements.append(Element(ElementKind.LIST, rows, line=number))
            else:
                joined = " ".join(text.strip() for _, text in chunk)
                row = self._passages(number, joined)
                elements.append(Element(ElementKind.PARAGRAPH, (row,), line=number))
        return Block(slug(heading), heading, tuple(elements), tuple(care_questions), start)

    def _care_question(self, number: int, line: str) -> str:
        """Return the question of an !ask line. Readers save it, so it has to fit on their list."""
        ask = unicodedata.normalize("NFC", " ".join(line.split()[1:]))
        if not ask:
            self.file.add(number, "a question is written as !ask What are my choices?")
        elif len(ask) > MAX_CARE_QUESTION:
            message = f"{len(ask)} characters: a question has at most {MAX_CARE_QUESTION}"
            self.file.add(number, message)
        elif _MARKER.search(ask):
            self.file.add(number, "a question for the care team has no marker")
        return ask

    def _figure(self, kind: ElementKind, number: int, line: str) -> Element:
        match = re.fullmatch(rf"!{kind} ([a-z0-9-]+)\s*\{{([^{{}}]*)\}}\s*", line)
        if not match:
            what = "a figure" if kind is ElementKind.FIGURE else "a picture in steps"
            self.file.add(number, f"{what} is written as !{kind} its-name {{F1 F2}}")
            return Element(kind, line=number)
        facts = tuple(match.group(2).split())
        return Element(kind, name=match.group(1), facts=facts, line=number)

    def _people(self, number: int, line: str) -> Element:
        match = re.fullmatch(r"!people (\d+) (.+)", line)
        count = int(match.group(1)) if match else 0
        if not match or not 1 <= count <= 99 or not self._says_share(match.group(2), count):
            example = "!people 25 About 25 out of 100 adults with ALL have it. {F51}"
            self.file.add(number, f"an icon array is written as {example}")
            return Element(ElementKind.PEOPLE, line=number)
        row = self._passages(number, match.group(2))
        return Element(ElementKind.PEOPLE, (row,), count=count, line=number)

    def _pause(self, number: int, line: str) -> Element:
        match = re.fullmatch(r"!pause ([^|]*[^|\s]) *\| *([^|{\s][^|]*)", line)
        if not match or not match.group(1).endswith("?"):
            example = "!pause Which cells carry oxygen? | Red blood cells do. {F69}"
            self.file.add(number, f"a pause is written as {example}")
            return Element(ElementKind.PAUSE, line=number)
        row = self._passages(number, match.group(2))
        return Element(ElementKind.PAUSE, (row,), line=number, prompt=match.group(1))

    def _says_share(self, text: str, count: int) -> bool:
        """Whether `text` names `count` of 100, as “25 out of 100” or in lowest terms as “1 in 4”.

        In a translation the two numbers are enough, with any words between.
        """
        shared = gcd(count, 100)
        part, whole = count // shared, 100 // shared
        if self.file.name.rpartition("/")[2].count(".") > 1:
            pairs = ((count, 100), (part, whole))
            return any(re.search(rf"\b{a}\b[^\d.]+\b{b}\b", text) for a, b in pairs)
        return f"{count} out of 100" in text or bool(re.search(rf"\b{part} in {whole}\b", text))

    def _passages(self, number: int, text: str) -> tuple[Passage, ...]:
        passages: list[Passage] = []
        at = 0
        for marker in _MARKER.finditer(text):
            facts = tuple(marker.group(1).split())
            if not facts:
                self.file.add(number, "an empty marker {}")
            passages.append(Passage(_spans(text[at : marker.start()]), facts, number))
            at = marker.end()
        if rest := text[at:].strip():
            self.file.add(number, f"no marker says what this rests on: “{rest[:60]}”")
            passages.append(Passage(_spans(rest), (), number))
        return tuple(passages)


def _chunks(lines: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Group lines into paragraphs, lists, and single lines that begin with `!`."""
    chunk: list[tuple[int, str]] = []
    for number, line in lines:
        alone = line.startswith("!")
        turns = bool(chunk) and line.startswith("- ") and not chunk[0][1].startswith("- ")
        if chunk and (alone or turns or not line.strip()):
            yield chunk
            chunk = []
        if alone:
            yield [(number, line.strip())]
        elif line.strip():
            chunk.append((number, line))
    if chunk:
        yield chunk


def _list_items(chunk: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    at, text = 0, ""
    for number, line in chunk:
        if line.startswith("- "):
            if text:
                yield at, text
            at, text = number, line[2:].strip()
        else:
            text += " " + line.strip()
    yield at, text


def _spans(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    at = 0
    for match in _INLINE.finditer(text):
        if match.start() > at:
            spans.append(Span(SpanKind.TEXT, text[at : match.start()]))
        if strong := match.group("strong"):
            spans.append(Span(SpanKind.STRONG, inner=_spans(strong)))
        elif em := match.group("em"):
            spans.append(Span(SpanKind.EM, inner=_spans(em)))
        else:
            name = match.group("term").strip()
            rest = text[match.end() :]
            after = rest[: len(rest) - len(rest.lstrip(_PUNCTUATION))]
            spans.append(Span(SpanKind.TERM, match.group("shown") or name, name, after=after))
            at = match.end() + len(after)
            continue
        at = match.end()
    if at < len(text):
        spans.append(Span(SpanKind.TEXT, text[at:]))
    return tuple(spans)


def terms(spans: tuple[Span, ...]) -> Iterator[Span]:
    """Yield the glossary terms among `spans`, in order."""
    for span in spans:
        if span.kind is SpanKind.TERM:
            yield span
        yield from terms(span.inner)
