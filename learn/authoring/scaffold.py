"""Scaffold a content folder from a document: its ledger, and stubs for lessons and questions."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from learn.authoring import bars
from learn.authoring.documents.read import NEWEST, ReadDocument, read_document
from learn.authoring.overlap import runs_of
from learn.authoring.source_anchors import write_anchors
from learn.authoring.source_check import Anchor, make_anchor
from learn.authoring.source_text import Sentence, words
from learn.library.prose import slug
from questions.kinds import KINDS

_README = """\
# Lessons from “{title}”

This folder was begun from a document. Everything in it is yours to write; nothing of the document's
own text is here, only digests of its sentences.

Run this as often as you like. Its first line says what to do next; with `--all`, it names
everything that is still missing, with file and line:

    learn --content {folder} check

Look at what is there so far, marked as a draft on each page:

    learn --content {folder} serve --draft

When the check prints “No errors.”, serve the site:

    learn --content {folder} serve

## What to do, in this order

1. **source.toml, the ledger.** Put in the publisher and the day you read the document. Then
   `learn --content {folder} source facts FILE` shows each sentence with its fact, and writes down
   what you decide: what it says, or why you strike it. In the file, each `[[fact]]` stands for
   one sentence: write in `says` what it states, in your own words. Split one with two ideas into
   two facts (and list both under its sentence in `sentences.toml`). A fact
   that you leave out gets `not_taught = "why"`. A section that teaches nothing is struck whole,
   with the stubs of its lesson: `learn --content {folder} source facts FILE --strike S1 "why"`.
   Under `[[note]]` say what is odd in the document, and what you do about it; under `[[added]]`
   name what you add, with its citation; under `[[not_covered]]` what the document leaves out.
2. **lessons/.** One file a section. Write short blocks in plain words. End each passage with the
   facts that it rests on, such as `{{F3}}`, or `{{us}}` for guidance of your own. The last block
   ends with a line `!ask` and a question for the care team. The points at the top of a file are
   for readers who want to say it in their own words: they tick the ones that they said.
3. **glossary.toml.** Each hard word, its meaning, and a plain word to measure reading with. In a
   lesson, `[[word]]` explains it where it stands.
4. **bank/.** One file an objective: one thing worth knowing, the wrong ideas around it, and three
   to five questions, with a why for every answer. Take out the “# ” before the lines of the stub.
5. **pages/.** The first page, Get help, Your privacy and About our source: make them true for
   your site, each passage with its facts or `{{us}}`. Its name stands in `source.toml`.

Later, when the document may have changed: `learn --content {folder} source check FILE`.
"""

_LESSON = """\
+++
id = "{id}"
title = {title}
topic = "{topic}"
sections = ["{section}"]
about = ""
reviewed_on = {day}
reviewed_by = ""

# Three to five ideas that somebody says who explains this lesson. Without any, no page asks for it.
# [[point]]
# id = "a-short-name"
# text = "What they say, in 15 words at most."
# facts = {facts}

# Below the line goes the lesson: its main message first, then short blocks under “## ” headings.
# Each passage ends with its facts, such as {{F1}}, and the last block with a question for the care
# team on a line of its own: !ask What should I ask?
+++

"""

_OBJECTIVE = """\
id = "{id}"
topic = "{topic}"
lesson = "{lesson}"
you_can = ""
facts = {facts}
ask_care_team = ""

# [misconceptions.a-wrong-idea]
# belief = "What people wrongly think, as a sentence."
# truth = "What is true instead, gently."

# [[question]]
# id = "{id}-first"
# kind = "choice"            # one of {kinds}
# ask = "What do you ask?"
# facts = {facts}
#
# [[question.option]]
# id = "a-short-name"
# text = "The right answer"
# right = true
# why = "Why it is right."
#
# [[question.option]]
# id = "another-name"
# text = "An answer that people believe"
# misconception = "a-wrong-idea"
# why = "What is true instead."
"""


_CHECKS = """\
# The editorial bars that this folder keeps. Take out what doesn't fit; errors of structure, such as
# a missing file or an unknown fact, are always reported.
bars = ["reading-level", "language", "voice", "item-writing", "budgets", "safety-lines"]
"""

_CHECKS_OF_OTHERS = """\
# The editorial bars that this folder keeps; errors of structure, such as a missing file or an
# unknown fact, are always reported. “reading-level”, “language” and “voice” are left out: they
# measure English.
bars = ["item-writing", "budgets", "safety-lines"]
"""

_GLOSSARY = """\
# [a-hard-word]
# term = "hard word"
# also = []
# meaning = "What it means."
# facts = ["F1"]
# plain = "word"
"""


class ScaffoldError(Exception):
    """Raised when a folder can't be created; the message is one line."""


@dataclass(frozen=True, slots=True)
class ScaffoldCounts:
    """How many sections and sentences were written, and those about which the folder asks.

    `read` has the parts of the document as they were read, and its notes.
    """

    sections: int
    sentences: int
    read: ReadDocument
    doubtful: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Section:
    id: str
    heading: str
    sentences: tuple[Sentence, ...]
    as_read: Sentence | None  # None if only the title of the document names it

    @property
    def all_sentences(self) -> tuple[Sentence, ...]:
        """Its heading, if it was read as one, and its sentences."""
        return (*([self.as_read] if self.as_read else ()), *self.sentences)

    @property
    def lesson(self) -> str:
        """Id of its lesson: of Latin letters only, since a permanent id has no others."""
        latin = "-".join(re.findall(r"[a-z0-9]+", slug(self.heading)))
        return latin[:60].strip("-") or self.id.lower()


def scaffold(
    folder: Path,
    document: Path,
    day: date,
    as_text: Collection[int] = (),
    as_heading: Collection[int] = (),
) -> ScaffoldCounts:
    """Create the folder. Raises ScaffoldError or DocumentError, and then writes nothing.

    `as_text` and `as_heading` are numbers of lines or paragraphs, decided by an editor.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError(f"{folder} is there already, and not empty.")
    read = read_document(document)
    sections = list(_sections(_decided(read, document, as_text, as_heading), read.title))
    if not sections:
        how = (
            "put a short line of its own above each part, or “# ” in front of it."
            if read.place == "line"
            else "give each part one, in the style of a heading."
        )
        raise ScaffoldError(f"{document} has no headings: {how}")
    topic = _topic(sections)
    try:
        for name in ("lessons", "figures", "pages", f"bank/{topic}"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        title = read.title or sections[0].heading
        files = dict(_files(folder, sections, title, topic, day, read.place))
        files[bars.FILE] = _CHECKS if read.language in {"", "en"} else _CHECKS_OF_OTHERS
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        write_anchors(folder, _anchors(sections), NEWEST)
        runs = "\n".join(runs_of(read.text)) + "\n"
        (folder / "source-runs.txt").write_text(runs, encoding="ascii")
    except OSError as error:
        raise ScaffoldError(f"{folder} can't be written: {error.strerror}.") from error
    doubtful = [s for section in sections for s in section.all_sentences if s.doubt]
    return ScaffoldCounts(
        len(sections), sum(len(s.sentences) for s in sections), read, tuple(doubtful)
    )


def _decided(
    read: ReadDocument, document: Path, as_text: Collection[int], as_heading: Collection[int]
) -> Iterator[Sentence]:
    """Yield the sentences after an editor decided which lines are headings, and which text."""
    lines = {s.line for s in read.sentences}
    for line in (*as_text, *as_heading):
        if line not in lines:
            raise ScaffoldError(f"Nothing begins in {read.place} {line} of {document}.")
    for sentence in read.sentences:
        if sentence.line and sentence.line in as_text:
            yield replace(sentence, is_heading=False, doubt="")
        elif sentence.line and sentence.line in as_heading:
            yield replace(sentence, is_heading=True, doubt="")
        else:
            yield sentence


def _sections(sentences: Iterable[Sentence], title: str) -> Iterator[_Section]:
    """One section for each heading.

    Text before the first heading belongs to the section of the document's title, or to the first.
    """
    headings: list[Sentence | None] = []
    groups: list[list[Sentence]] = []
    before: list[Sentence] = []
    for sentence in sentences:
        if sentence.is_heading:
            headings.append(sentence)
            groups.append([])
        else:
            (groups[-1] if groups else before).append(sentence)
    first = headings[0].text if headings and headings[0] else ""
    if before and title and words(title) != words(first):
        headings.insert(0, None)
        groups.insert(0, before)
    elif before and groups:
        groups[0] = [*before, *groups[0]]
    taken: set[str] = set()
    for number, (heading, group) in enumerate(zip(headings, groups, strict=True), 1):
        name = heading.text if heading else title
        name = name if name not in taken else f"{name} ({number})"
        taken.add(name)
        yield _Section(f"S{number}", name, tuple(group), heading)


def _topic(sections: list[_Section]) -> str:
    return sections[0].lesson[:40].strip("-")


def _anchors(sections: list[_Section]) -> Iterator[Anchor]:
    number = 0
    for section in sections:
        if section.as_read:
            yield make_anchor(section.id, section.as_read.words)
        for sentence in section.sentences:
            number += 1
            yield make_anchor(section.id, sentence.words, [f"F{number}"])


def _files(  # noqa: PLR0913, PLR0917 - what the files are made of
    folder: Path, sections: list[_Section], title: str, topic: str, day: date, place: str
) -> Iterator[tuple[str, str]]:
    yield "README.md", _README.format(title=title, folder=folder)
    yield "source.toml", "\n".join(_ledger(sections, title, day, place))
    yield "topics.toml", f'[{topic}]\ntitle = {_quoted(title)}\nabout = ""\n'
    yield "glossary.toml", _GLOSSARY
    for page, heading in (
        ("home", title),
        ("help", "Get help"),
        ("privacy", "Your privacy"),
        ("about", "About our source"),
    ):
        yield f"pages/{page}.md", f'+++\nid = "{page}"\ntitle = {_quoted(heading)}\n+++\n\n'
    number = 0
    taken: set[str] = set()
    for at, section in enumerate(sections, 1):
        facts = [f"F{number + i}" for i in range(1, len(section.sentences) + 1)]
        number += len(facts)
        if not facts:
            continue
        lesson = section.lesson
        while lesson in taken:
            lesson = f"{lesson}-{at}"
        taken.add(lesson)
        yield (
            f"lessons/{at:02}-{lesson}.md",
            _LESSON.format(
                id=lesson,
                title=_quoted(section.heading),
                topic=topic,
                section=section.id,
                day=day,
                facts=json.dumps(facts),
            ),
        )
        yield (
            f"bank/{topic}/{lesson}.toml",
            _OBJECTIVE.format(
                id=lesson,
                topic=topic,
                lesson=lesson,
                facts=json.dumps(facts),
                kinds=", ".join(KINDS),
            ),
        )


def _ledger(sections: list[_Section], title: str, day: date, place: str) -> Iterator[str]:
    yield "[site]"
    yield f"name = {_quoted(title)}"
    yield "\n[document]"
    yield f"title = {_quoted(title)}"
    yield 'publisher = ""'
    yield f"read_on = {day}"
    yield "reviewed_by_clinician = false"
    number = 0
    for section in sections:
        yield f'\n[[section]]\nid = "{section.id}"\nheading = {_quoted(section.heading)}'
        if not section.sentences:
            yield 'not_taught = "a heading only"'
        if section.as_read and section.as_read.doubt:
            yield f"ask = {_quoted(_question(section.as_read, place))}"
        for sentence in section.sentences:
            number += 1
            yield f'\n[[fact]]\nid = "F{number}"\nsection = "{section.id}"\nsays = ""'
            if sentence.doubt:
                yield f"ask = {_quoted(_question(sentence, place))}"
    yield ""


def _question(sentence: Sentence, place: str) -> str:
    return f"{sentence.doubt} ({place} {sentence.line})"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
