"""Check that lessons sound as a good nurse would talk: joined sentences, contractions, few denials.

Also that every medical claim names a source, and that terms are explained where they first stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from learn.authoring.language import VisibleText, all_texts, without_names
from learn.authoring.reading_level import TermMatcher
from learn.library.content import Content
from learn.library.glossary import Term
from learn.library.lessons import Lesson
from learn.library.prose import OURS, Block, ElementKind, Passage, count_words
from questions.reading import ContentError

SHORT_SENTENCES, NEGATIONS = "short-sentences", "negations"
RULES = frozenset((SHORT_SENTENCES, NEGATIONS))
"""Rules that a lesson may be exempted from, with a reason."""

_MIN_MEAN_WORDS = 10  # words per sentence of running text
_SHORT_WORDS = 6  # words: a sentence of at most so many is short
_SHORT_ONE_IN, _NEGATIONS_ONE_IN = 5, 6  # at most one sentence in so many

_NEGATION = re.compile(
    r"\b(?:not|no|nobody|none|never|neither|nor|cannot|\w+n[’']t)\b", re.IGNORECASE
)
# “Is” and “are” at the end of a clause (“what it is.”) can't be contracted.
_LONG_FORM = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|has|have|had|could|would|should|will|can|must) not|cannot"
    r"|(?:you|they|we) are(?![.,;:!?”])|(?<![a-z] )(?:it|that|there) is(?![.,;:!?”]))\b",
    re.IGNORECASE,
)
_EDITORS = re.compile(r"\b(?:our|the) (?:source|editors?)\b", re.IGNORECASE)

# What readers found odd, with what a nurse would say. It grows with every review.
_BETTER = {
    r"(?:go|goes|going|gone|went) astray": "doesn’t mature the way it should",
    r"grow(?:s|n)?[ -]up (?:cells?|into)": "mature",
    r"pil(?:e|es|ed|ing) up": "build up",
    r"run(?:s|ning)? short": "run low",
    r"live[sd]? on when": "stay alive when",
    r"tak(?:e|es|ing) (?:up )?(?:the|their) room": "crowd out",
    r"(?:an?|one|this|your) illness": "a disease",
    r"(?:very|how|too|so|feel|feels|get|gets|is|are|was|were) ill": "sick",
    r"whom": "who",
    r"nobody": "no one",
    r"on the internet": "online",
    r"(?:is|are) there to": "is meant to",
    r"(?:is|are) to blame|to blame for": "it’s not your fault",
    r"news to be glad of": "good news",
    r"hope is lost|less hope": "say what happens next",
    r"(?:answers|stands) for today": "can change over time",
    r"(?:tells?|says?) (?:how|what) ALL stands": "describe your ALL",
    r"(?:the )?word (?:doesn’t|does not) say": "the word doesn’t tell you",
    r"is (?:just )?a count": "counts people",
    r"on your side": "protect you",
    r"keep (?:it |them )?in (?:your|mind) head": "memorize",
    r"lies? awake": "ask themselves",
    r"took in": "understood",
    r"a doctors’ word": "a medical word",
    r"word lists?": "definitions",
    r"carry (?:it|this) alone": "handle it alone",
    r"having (?:cancer )?treatment": "being treated",
    r"(?:a|the) quick start": "starting quickly",
    r"whatever it takes": "say what to do",
    r"settl(?:es?|ed|ing) (?:the|your|a) diagnosis": "confirms the diagnosis",
    r"family tree of blood cells": "chart of blood cells",
    r"whatever (?:their|your) cancer": "for any kind of cancer",
    r"press on (?:any )?bleed(?:s|ing)?": "press on the spot",
    r"too few to (?:be seen|see)": "that can’t be seen",
    r"finer (?:tests?|than a microscope)": "very sensitive tests",
    r"seen fast": "seen right away",
    r"at any hour": "day or night",
    r"a usual part of": "usually part of",
    r"(?:a different|another) number": "a different temperature",
    r"(?-i:In all,)": "altogether",
}
_ODD = [(re.compile(rf"\b(?:{odd})\b", re.IGNORECASE), better) for odd, better in _BETTER.items()]

# What needs a source: signs of illness, drugs, numbers, and what comes of a disease or treatment.
_CLAIM = re.compile(
    r"\b(?:fevers?|temperature|chills?|infect\w*|bleed\w*|bruis\w*|anemi\w*|nausea|vomit\w*|rash(?:es)?"
    r"|seizures?|faint\w*|pain|headaches?|short of breath|diarrhea|petechiae|neutropenia"
    r"|aspirin|ibuprofen|acetaminophen|Tylenol|prednisone|dexamethasone|methotrexate|vincristine"
    r"|antibiotics?|\w+(?:tinib|umab|omab|zumab)"
    r"|cur(?:e[sd]?|able)|caus(?:es|ed)|inherit\w*|surviv\w*|relaps\w*|contagious"
    r"|risk of|chance of|percent|out of \w+)\b|\d",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”")

_COMMON = frozenset(
    {
        *("all", "also", "and", "are", "been", "being", "blood", "body", "but", "called", "can"),
        *("cell", "does", "doesn", "don", "example", "for", "form", "from", "had", "has", "have"),
        *("help", "how", "into", "its", "kind", "like", "made", "make", "many", "more", "most"),
        *("much", "not", "often", "one", "other", "out", "part", "same", "several", "some", "such"),
        *("than", "that", "the", "their", "them", "then", "there", "these", "they", "this"),
        *("those", "too", "two", "very", "was", "way", "were", "what", "when", "where", "which"),
        *("who", "with", "work", "you", "your"),
    }
)
_WORD = re.compile(r"[a-z]+")


def voice(content: Content) -> list[ContentError]:
    """Find what a nurse wouldn't say aloud in lessons, pages, glossary, topics, and figures."""
    matcher = TermMatcher(content.glossary)
    emergency = frozenset(s for sources in content.ledger.safety.values() for s in sources)
    denying = _denying(content)
    names = content.ledger.document.names
    return sorted(
        {
            *(e for text in _ours(content) for e in _wording(text)),
            *(
                error
                for lesson in content.lessons.values()
                for error in (
                    *_unknown_exemptions(lesson),
                    *_rhythm(lesson, emergency),
                    *_negations(lesson, emergency, denying),
                    *_editor_talk(lesson),
                    *_claims_without_a_source(lesson),
                    *_unexplained_terms(lesson, matcher, names),
                )
            ),
        }
    )


def _ours(content: Content) -> Iterator[VisibleText]:
    """Yield the texts that learners read outside of questions and the ledger, and objectives."""
    ledger = {place[0] for place in content.ledger.locations.values()}
    bank = {place[0] for place in content.bank.locations.values()}
    names = {name for r in content.resources for name in (r.name, r.publisher)}
    for text in all_texts(content):
        spoken = text.where in ("you_can", "ask_care_team") or text.file not in ledger | bank
        if spoken and text.text not in names:
            yield text


def _wording(text: VisibleText) -> Iterator[ContentError]:
    return map(text.error, _odd_words(text.text))


@cache
def _odd_words(text: str) -> tuple[str, ...]:
    """Return a message for each of them. Most texts stay the same from check to check."""
    long_forms = (
        f"people would use a contraction: “{match.group()}”" for match in _LONG_FORM.finditer(text)
    )
    odd_words = (
        f"this sounds odd: “{match.group()}”; better: {better}"
        for odd, better in _ODD
        for match in odd.finditer(text)
    )
    return (*long_forms, *odd_words)


def _unknown_exemptions(lesson: Lesson) -> Iterator[ContentError]:
    for rule in lesson.exempt.keys() - RULES:
        yield ContentError(
            lesson.file, 1, f"unknown rule “{rule}” under “exempt”: {', '.join(sorted(RULES))}"
        )


def _running(lesson: Lesson, emergency: frozenset[str]) -> Iterator[tuple[Passage, str]]:
    """Sentences of paragraphs, without those that say what to do in an emergency."""
    for block in lesson.text.all_blocks:
        for element in block.elements:
            if element.kind is ElementKind.PARAGRAPH:
                for passage in (p for row in element.rows for p in row):
                    if emergency.isdisjoint(passage.facts):
                        yield from ((passage, sentence) for sentence in passage.sentences)


def _rhythm(lesson: Lesson, emergency: frozenset[str]) -> Iterator[ContentError]:
    counts = [(p.line, s, count_words(s)) for p, s in _running(lesson, emergency)]
    if not counts or SHORT_SENTENCES in lesson.exempt:
        return
    mean = sum(count for _, _, count in counts) / len(counts)
    if mean < _MIN_MEAN_WORDS:
        message = f"{mean:.1f} words a sentence of running text: at least {_MIN_MEAN_WORDS}"
        yield ContentError(lesson.file, counts[0][0], f"{message} on average, so join some")
    short = [(line, s) for line, s, count in counts if count <= _SHORT_WORDS]
    if len(short) * _SHORT_ONE_IN > len(counts):
        message = (
            f"{len(short)} of {len(counts)} sentences have {_SHORT_WORDS} words or fewer, "
            f"1 in {_SHORT_ONE_IN} at most: {_quoted(short)}"
        )
        yield ContentError(lesson.file, short[0][0], message)


def _denying(content: Content) -> frozenset[str]:
    """Facts and added sources that are negations themselves, so that saying them is no denial."""
    ledger = content.ledger
    says = {fact.id: fact.says for fact in ledger.facts.values()}
    says |= {added.id: added.says for added in ledger.added.values()}
    return frozenset(i for i, text in says.items() if _NEGATION.search(text))


def _negations(
    lesson: Lesson, emergency: frozenset[str], denying: frozenset[str]
) -> Iterator[ContentError]:
    if NEGATIONS in lesson.exempt:
        return
    every = [*_running(lesson, emergency)]
    negative = [
        (passage.line, sentence)
        for passage, sentence in every
        if denying.isdisjoint(passage.facts)
        and _NEGATION.search(re.sub(r"\b[Ii]f [^,.]*", "", sentence))
    ]
    if len(negative) * _NEGATIONS_ONE_IN > len(every):
        message = (
            f"{len(negative)} of {len(every)} sentences say what isn’t so, "
            f"1 in {_NEGATIONS_ONE_IN} at most: {_quoted(negative)}"
        )
        yield ContentError(lesson.file, negative[0][0], message)


def _quoted(sentences: list[tuple[int, str]]) -> str:
    def first(sentence: str) -> str:
        words = sentence.split()
        return sentence if len(words) <= 6 else " ".join(words[:6]) + " …"

    return "; ".join(f"line {line} “{first(sentence)}”" for line, sentence in sentences)


def _editor_talk(lesson: Lesson) -> Iterator[ContentError]:
    lines = [
        (1, lesson.title),
        (1, lesson.about),
        *((point.line, point.text) for point in lesson.points),
        *((p.line, p.plain) for p in lesson.text.passages),
        *((b.line, b.heading) for b in lesson.text.blocks),
    ]
    for line, text in lines:
        for match in _EDITORS.finditer(text):
            message = (
                f"readers have no use for “{match.group()}” here: “Where this comes from” tells"
            )
            yield ContentError(lesson.file, line, message)


def _claims_without_a_source(lesson: Lesson) -> Iterator[ContentError]:
    for passage in lesson.text.passages:
        if {*passage.facts} == {OURS}:
            for sentence in passage.sentences:
                if not sentence.endswith("?") and (m := _CLAIM.search(_QUOTED.sub("", sentence))):
                    message = (
                        f"“{m.group()}” is a medical claim: name its source, not only “{OURS}”"
                    )
                    yield ContentError(lesson.file, passage.line, message)


def _unexplained_terms(
    lesson: Lesson, matcher: TermMatcher, names: tuple[str, ...]
) -> Iterator[ContentError]:
    """Find terms whose meaning isn't told where they first stand.

    It counts as told if the block or a neighboring one shares a word with it. A pop-up doesn't
    count, because paper has none.
    """
    explained = set[str]()
    blocks = lesson.text.all_blocks
    for at, block in enumerate(blocks):
        near = blocks[max(0, at - 1) : at + 2]
        for passage in block.running:
            for term, written in matcher.find(" ".join(without_names(passage.plain, names))):
                if term.everyday or term.id in explained:
                    continue
                explained.add(term.id)
                if not _tells_meaning(term, near):
                    message = f"say here what “{written}” means: on paper there is no glossary"
                    yield ContentError(lesson.file, passage.line, message)


def _tells_meaning(term: Term, blocks: tuple[Block, ...]) -> bool:
    own = _stems(" ".join((term.term, *term.also)))
    words = _stems(" ".join(f"{b.heading} {' '.join(p.plain for p in b.running)}" for b in blocks))
    return not (_stems(term.meaning) - own).isdisjoint(words)


def _stems(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    stems = {re.sub(r"(?:ing|ed|es|s)$", "", word) for word in words if len(word) > 2}
    return stems - _COMMON
