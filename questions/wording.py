"""Count and compare words of questions; patterns for the item-writing rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import shorten

CHOOSE_ALL = "Choose all that apply."
# how a question with several right options may end; the second is from before, and stays good
CHOOSES_ALL = (CHOOSE_ALL, "Choose all that fit.")

# “not yet treated” is a state, not a negated question
NEGATIVE = re.compile(r"\b(?:not(?! yet\b)|except|never|cannot)\b|n['’]t\b", re.IGNORECASE)
ABSOLUTE = re.compile(  # “ALL” is the illness
    r"\b(?:[Aa]lways|[Nn]ever|[Oo]nly|[Aa]ll|[Nn]one|[Ee]very|[Mm]ust)\b"
)
ALL_OF_THE_ABOVE = re.compile(
    r"(?i:\b(?:all|any|both|either|neither|none|some) of the (?:above|answers|options)\b"
    r"|^\W*(?:all|any|both|either|neither|none)(?: of (?:them|these|those))?"
    r"(?: (?:are|is) (?:correct|right|true)| (?:apply|fit))?\W*$)"
    r"|\b[A-F](?:, | and | or | & )[A-F]\b"
)
VERDICT = re.compile(
    r"(?:yes|that['’]s (?:right|correct)|not quite)\b"
    r"|(?:no|right|correct|exactly)\s*(?:[.,;:!–—]|$)",  # not “No cells are left”
    re.IGNORECASE,
)
_SHARE = r"\s*(?:%|(?:out )?of (?:every )?100\b|in (?:every )?100\b|per ?cent\b)"
ANY_STATISTIC = re.compile(rf"\d{_SHARE}|\b(?:\d+|one) in (?:\d+|four|five|ten)\b", re.IGNORECASE)
DISPUTED = re.compile(  # depends on the groups that studies count
    rf"(?<![\d.,])(?:80|75|25|20|2\s*(?:–|-|to|or)\s*5){_SHARE}"
    r"|\b(?:1|one) in (?:4|5|four|five)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.?!]+[\"”’)]*\s+")
_STOP_WORDS_TEXT = """
    a about after again all also always an and any are as at be because been before being both
    but by can could did do does each every few first for from get gets had has have he her here
    his how if in into is it its just like made make makes many may might more most much must my
    never no none not now of often on once one only or other others our out over own she should
    since so some still such than that the their them then there these they thing things this
    those through to too under until up very was we were what when where which while who whom
    whose why will with without would yet you your
"""
_STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())


def normalize(text: str) -> str:
    """Return the text without case, punctuation, possessives, and extra spaces."""
    plain = re.sub(r"['’](?:s\b)?", "", text.casefold())
    return " ".join(re.findall(r"\w+", plain))


def content_words(text: str) -> list[str]:
    return [word for word in normalize(text).split() if word not in _STOP_WORDS]


def singular(word: str) -> str:
    return word if word.endswith("ss") else word.removesuffix("s")


def word_count(text: str) -> int:
    return sum(any(c.isalnum() for c in token) for token in text.split())


def too_long(name: str, text: str, max_words: int) -> Iterator[str]:
    """Yield a message if `text` has more than `max_words` words."""
    if (count := word_count(text)) > max_words:
        start = shorten(text, 60, placeholder="…")
        yield f"{name} has {count} words; the maximum is {max_words}: “{start}”"


def find_repeated(texts: Iterable[str]) -> Iterator[str]:
    """Yield a message for each repeated text."""
    seen: set[str] = set()
    for text in texts:
        if normalize(text) in seen:
            yield f"“{text}” is repeated"
        seen.add(normalize(text))


def find_matches(pattern: re.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    """Yield a message for each text that matches `pattern`."""
    for text in texts:
        if pattern.search(text):
            yield f"“{text}” rests on a figure that depends on who was counted"
