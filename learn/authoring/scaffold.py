"""Scaffold a content folder from a document: its ledger, and stubs for lessons and questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from learn.authoring import bars
from learn.authoring.overlap import runs_of
from learn.authoring.source_anchors import write_anchors
from learn.authoring.source_check import Anchor, make_anchor
from learn.authoring.source_text import Sentence, read_file, read_sentences, words
from learn.library.prose import slug
from questions.kinds import KINDS

_README = """\
# Lessons from “{title}”

This folder was begun from a document. Everything in it is yours to write; nothing of the document's
own text is here, only digests of its sentences.

Run this as often as you like. It names what is still missing, with file and line:

    learn --content {folder} check

When it prints “No errors.”, serve the site:

    learn --content {folder} serve

## What to do, in this order

1. **source.toml, the ledger.** Put in the publisher and the day you read the document. Each
   `[[fact]]` stands for one sentence: write in `says` what it states, in your own words. Split one
   with two ideas into two facts (and list both under its sentence in `sentences.toml`). A fact
   that you leave out gets `not_taught = "why"`; so does a section that teaches nothing. Under
   `[[note]]` say what is odd in the document, and what you do about it; under `[[added]]` name what
   you add, with its citation; under `[[not_covered]]` what the document leaves out.
2. **lessons/.** One file a section. Write short blocks in plain words. End each passage with the
   facts that it rests on, such as `{{F3}}`, or `{{us}}` for guidance of your own. Delete the files
   of sections that teach nothing. The points at the top of a file are for readers who want to
   say it in their own words: they tick the ones that they said.
3. **glossary.toml.** Each hard word, its meaning, and a plain word to measure reading with. In a
   lesson, `[[word]]` explains it where it stands.
4. **bank/.** One file an objective: one thing worth knowing, the wrong ideas around it, and three
   to five questions, with a why for every answer.
5. **pages/.** The first page, Get help, Your privacy and About our source: make them true for
   your site. Its name stands in `source.toml`.

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
    """How many sections and sentences were written."""

    sections: int
    sentences: int


@dataclass(frozen=True, slots=True)
class _Section:
    id: str
    heading: str
    sentences: tuple[Sentence, ...]
    as_read: str

    @property
    def lesson(self) -> str:
        """Id of its lesson: of Latin letters only, since a permanent id has no others."""
        latin = "-".join(re.findall(r"[a-z0-9]+", slug(self.heading)))
        return latin[:60].strip("-") or self.id.lower()


def scaffold(folder: Path, document: Path, day: date) -> ScaffoldCounts:
    """Create the folder. Raises ScaffoldError or DocumentError, and then writes nothing."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError(f"{folder} is there already, and not empty.")
    text = read_file(document)
    sections = list(_sections(read_sentences(text)))
    if not sections:
        raise ScaffoldError(
            f"{document} has no headings: put a short line of its own above each part, "
            "or “# ” in front of it."
        )
    topic = _topic(sections)
    try:
        for name in ("lessons", "figures", "pages", f"bank/{topic}"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        files = dict(_files(folder, sections, topic, day))
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        write_anchors(folder, _anchors(sections))
        (folder / "source-runs.txt").write_text("\n".join(runs_of(text)) + "\n", encoding="ascii")
    except OSError as error:
        raise ScaffoldError(f"{folder} can't be written: {error.strerror}.") from error
    return ScaffoldCounts(len(sections), sum(len(s.sentences) for s in sections))


def _sections(sentences: list[Sentence]) -> Iterator[_Section]:
    """One section for each heading. Text before the first heading belongs to the first section."""
    headings = [s.text for s in sentences if s.is_heading]
    taken: set[str] = set()
    position = -1
    groups: list[list[Sentence]] = [[] for _ in headings]
    for sentence in sentences:
        if sentence.is_heading:
            position += 1
        elif headings:
            groups[max(position, 0)].append(sentence)
    for number, (heading, group) in enumerate(zip(headings, groups, strict=True), 1):
        name = heading if heading not in taken else f"{heading} ({number})"
        taken.add(name)
        yield _Section(f"S{number}", name, tuple(group), heading)


def _topic(sections: list[_Section]) -> str:
    return sections[0].lesson[:40].strip("-")


def _anchors(sections: list[_Section]) -> Iterator[Anchor]:
    number = 0
    for section in sections:
        yield make_anchor(section.id, words(section.as_read))
        for sentence in section.sentences:
            number += 1
            yield make_anchor(section.id, sentence.words, [f"F{number}"])


def _files(
    folder: Path, sections: list[_Section], topic: str, day: date
) -> Iterator[tuple[str, str]]:
    title = sections[0].heading
    yield "README.md", _README.format(title=title, folder=folder)
    yield "source.toml", "\n".join(_ledger(sections, title, day))
    yield bars.FILE, _CHECKS
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
    for place, section in enumerate(sections, 1):
        facts = [f"F{number + i}" for i in range(1, len(section.sentences) + 1)]
        number += len(facts)
        if not facts:
            continue
        lesson = section.lesson
        while lesson in taken:
            lesson = f"{lesson}-{place}"
        taken.add(lesson)
        yield (
            f"lessons/{place:02}-{lesson}.md",
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


def _ledger(sections: list[_Section], title: str, day: date) -> Iterator[str]:
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
        for _ in section.sentences:
            number += 1
            yield f'\n[[fact]]\nid = "F{number}"\nsection = "{section.id}"\nsays = ""'
    yield ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
