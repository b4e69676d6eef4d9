"""An index of everything that can be searched, made once, in memory.

The work for a query is bounded: it is cut to `MAX_QUERY` characters and `MAX_WORDS` words. Nothing
about a query is kept.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rapidfuzz import fuzz, process

from learn.library.content import Content
from learn.search.despair import Phrases
from learn.search.entries import Entry, EntryKind, entries
from learn.search.meanings import (
    Meaning,
    Uncovered,
    Unexplained,
    asks_to_print,
    meaning,
    without_printing,
)
from learn.search.results import Call, Hit, LessonHit, Run, SearchResults, Spelling
from learn.search.spelling import (
    Vocabulary,
    WordMatch,
    meant_words,
    sure_matches,
    surely_meant_words,
)
from learn.search.words import WORD, fold, words

MAX_QUERY = 100
"""Characters of a query that are looked for; the rest is left out, and the page says so."""

MAX_WORDS = 10

_MAX_TERMS, _MAX_MEANINGS, _MAX_LESSONS, _MAX_OTHERS = 4, 2, 6, 4
_MAX_PASSAGES_CHECKED = 8  # passages of a lesson
_ENOUGH = 0.34  # of the best score of its kind
_ILLNESS = frozenset({"leukemia", "acute-lymphoblastic-leukemia"})  # terms: the first lesson tells
_NEAREST_TO_OUTLOOK = ("treatment", "where-all-stands", "where-to-find-help")
_NEAREST_TO_TYPES = ("types-of-all",)
_NEAREST_TO_DRUGS = ("treatment",)
_NEAREST_TO_TOPIC = {
    Uncovered.MONEY: (("where-to-find-help", "a-h-cc"),),
    Uncovered.WORK: (("if-you-care-for-someone", "a-work"), ("where-to-find-help", "a-h-cc")),
    Uncovered.FOOD: (),
}
"""Lessons, each with the place in it that says what there is."""
_NEAR = 62  # of 100, for names that are offered when nothing is found
_LEAST_OF_TWO = 0.5  # of the worth of two words: what has only the lesser one is no answer
_COMMON = 0.12  # of all entries: such a word says nothing beside others

_SMALL_WORDS = frozenset(
    words(
        "a about an and are as at be by can can’t could did do does don’t explain for from get had "
        "has have he her him his how i if in is it its I’ve I’m know lose many me mean means much "
        "my need of on or our she should so tell that the their them there they this to was we "
        "what what’s when where which who why will with would you your"
    )
)
"""Words of English questions that say nothing about what is looked for."""


class SearchIndex:
    """Words of all entries, and what to show of each."""

    def __init__(self, content: Content) -> None:
        self._entries = tuple(entries(content))
        get_help = content.pages["help"]
        self._signs = _signs(get_help.signs)
        self._crisis_signs = _signs(get_help.crisis_signs)
        self._crisis_phrases = Phrases(get_help.crisis_phrases, left_out=get_help.fear_phrases)
        self._distress_phrases = Phrases((*get_help.distress_phrases, *get_help.fear_phrases))
        self._postings: dict[str, dict[int, float]] = defaultdict(dict)
        for number, entry in enumerate(self._entries):
            for text, weight in entry.fields:
                self._add(number, text, weight)
        for sign in (*self._signs, *self._crisis_signs):
            for word in sign:
                self._postings.setdefault(word, {})
        self._vocabulary = Vocabulary(self._postings, self._translated())
        self._order = {entry: number for number, entry in enumerate(self._entries)}
        self._names = [entry.title for entry in self._entries if entry.kind is EntryKind.TERM]
        self._openings = {
            lesson.id: next(
                (sentence for p in lesson.text.lead.passages for sentence in p.sentences), ""
            )
            for lesson in content.lessons.values()
        }
        self._titles = {e.owner: e for e in self._entries if e.kind is EntryKind.LESSON}

    def _add(self, number: int, text: Sequence[str], weight: float) -> None:
        for word in text:
            postings = self._postings[word]
            postings[number] = max(weight, postings.get(number, 0))

    def _translated(self) -> dict[str, frozenset[str]]:
        """Map each word that only other names of terms have to the words of the terms' own names.

        With it, a Spanish name finds what the lessons say, too.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for entry in self._entries:
            if entry.kind is EntryKind.TERM:
                for word in frozenset().union(*entry.names[1:]) - entry.names[0]:
                    found[word] |= entry.names[0]
        return {
            word: frozenset(own)
            for word, own in found.items()
            if all(self._entries[n].kind is EntryKind.TERM for n in self._postings[word])
        }

    def search(self, typed: str) -> SearchResults:
        """Find what fits best to what was typed. Never raises."""
        query = " ".join(typed.split())
        cut = query[:MAX_QUERY].rstrip()
        typed_words = [*dict.fromkeys(words(cut))][:MAX_WORDS]
        each = {word: self._vocabulary.match(word) for word in typed_words}
        told = meaning(cut, _SMALL_WORDS, self._postings.keys())
        if self._names_crisis(typed_words) and not self._is_urgent(told, typed_words):
            return SearchResults(cut, len(query) > MAX_QUERY, is_crisis=True)
        query_words = [*without_printing(told.words)][:MAX_WORDS]
        if asks_to_print(typed_words) and not {*query_words} - _SMALL_WORDS:
            query_words = []  # “how do I print this?”
        each = {word: each.get(word) or self._vocabulary.match(word) for word in query_words}
        matches = sure_matches({word: each[word] for word in self._telling(query_words)})
        matched = {word for match in matches for word in match.words}
        scores = self._scores(matches, matched | {*query_words})
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        terms = [n for n in ranked if self._entries[n].kind is EntryKind.TERM]
        is_name = bool(terms and self._entries[terms[0]].closeness(matched) > 1)
        helping = sorted(
            self._best(EntryKind.HELP, _MAX_OTHERS, ranked, scores, matched),
            key=lambda hit: self._order[hit.entry],
        )
        is_crisis, is_urgent = self.is_crisis(query), self._is_urgent(told, query_words)
        calling = [hit for hit in helping if _calls_for(hit.entry, matches, is_urgent=is_urgent)]
        most_terms = _MAX_TERMS if is_name else _MAX_MEANINGS
        return SearchResults(
            query=cut,
            is_cut=len(query) > MAX_QUERY,
            is_urgent=is_urgent,
            is_crisis=is_crisis,
            is_distress=not is_crisis and self.is_distress(query),
            is_outlook=told.is_outlook,
            is_lesson=any(title.names[0] == {*query_words} for title in self._titles.values()),
            is_name=is_name,
            unexplained=told.unexplained,
            topic=told.topic,
            is_to_print=asks_to_print(typed_words),
            guides=tuple(
                self._places(_NEAREST_TO_TOPIC[told.topic])
                if told.topic
                else self._guides(told.unexplained, is_outlook=told.is_outlook)
            ),
            spelled=tuple(
                Spelling(m.typed, self._shown_best(m)) for m in matches if m.is_misspelled
            ),
            terms=self._best(EntryKind.TERM, most_terms, ranked, scores, matched),
            lessons=self._first_of_all(
                [*self._lessons(matches, ranked, scores, matched)],
                is_illness=is_name and self._is_illness(terms[0], matches),
            ),
            questions=self._best(EntryKind.QUESTION, _MAX_OTHERS, ranked, scores, matched),
            calls=tuple(_calls(calling)),
            help=tuple(hit for hit in helping if hit not in calling and not hit.entry.lead),
            resources=self._best(EntryKind.RESOURCE, _MAX_OTHERS, ranked, scores, matched),
            nearest=() if scores or not query_words else self._nearest(cut),
        )

    def is_crisis(self, text: str) -> bool:
        """Return whether somebody who wrote this may think of harming themselves.

        Its first words are looked at for signs, and all of it for phrases.
        """
        first = words(text[:MAX_QUERY])[:MAX_WORDS]
        return self._names_crisis(first) or self._crisis_phrases.are_in(text)

    def _names_crisis(self, typed_words: Iterable[str]) -> bool:
        meant = meant_words({word: self._vocabulary.match(word) for word in typed_words})
        return any(sign <= meant for sign in self._crisis_signs)

    def is_distress(self, text: str) -> bool:
        """Return whether somebody who wrote this may be at the end of their strength."""
        return self._distress_phrases.are_in(text)

    def _is_urgent(self, told: Meaning, query_words: Iterable[str]) -> bool:
        if told.is_sign:
            return True
        meant = surely_meant_words({word: self._vocabulary.match(word) for word in query_words})
        return any(sign <= meant for sign in self._signs)

    def _guides(
        self, unexplained: Sequence[Unexplained], *, is_outlook: bool
    ) -> Iterator[LessonHit]:
        """Yield the lessons that come nearest to what no text here can tell.

        Where it's about how things will go, the first shows how it begins: with the goal.
        """
        near = (
            *(_NEAREST_TO_OUTLOOK if is_outlook else ()),
            *(_NEAREST_TO_TYPES if any(not name.is_drug for name in unexplained) else ()),
            *(_NEAREST_TO_DRUGS if any(name.is_drug for name in unexplained) else ()),
        )
        for lesson in dict.fromkeys(near):
            if title := self._titles.get(lesson):
                is_hopeful = is_outlook and lesson == _NEAREST_TO_OUTLOOK[0]
                text = self._openings.get(lesson, "") if is_hopeful else title.text
                yield LessonHit(lesson, _runs(title.title, set()), _runs(text, set()))

    def _places(self, places: Iterable[tuple[str, str]]) -> Iterator[LessonHit]:
        """Yield these places in lessons, of those that the course has."""
        for entry in self._entries:
            if entry.kind is EntryKind.PASSAGE and (entry.owner, entry.anchor) in places:
                title = self._titles[entry.owner].title
                runs = _runs(entry.text, set())
                yield LessonHit(entry.owner, _runs(title, set()), runs, entry.anchor)

    def _telling(self, query_words: list[str]) -> list[str]:
        """Return the words that say something; all of them if none does."""
        large = [word for word in query_words if word not in _SMALL_WORDS]
        rare = [
            word
            for word in large
            if len(self._postings.get(word, ())) <= _COMMON * len(self._entries)
        ]
        return rare or large or query_words

    def _scores(self, matches: Sequence[WordMatch], said: set[str]) -> dict[int, float]:
        """Return a score for each entry that has one of the words; `said` are all of them."""
        sums: dict[int, float] = defaultdict(float)
        hits: dict[int, int] = defaultdict(int)
        shares: dict[int, float] = defaultdict(float)
        whole = 0.0
        for match in matches:
            best: dict[int, float] = {}
            for word, fit in match.words.items():
                postings = self._postings[word]
                worth = fit * math.log(1 + len(self._entries) / (1 + len(postings)))
                for number, weight in postings.items():
                    best[number] = max(best.get(number, 0), worth * weight)
            share = math.log(1 + len(self._entries) / (1 + len(best)))
            whole += share
            for number, value in best.items():
                sums[number] += value
                shares[number] += share
                hits[number] += 1
        least = _LEAST_OF_TWO * whole if len(matches) == 2 else 0
        return {
            number: value
            * (hits[number] / len(matches)) ** 2
            * self._entries[number].closeness(said)
            for number, value in sums.items()
            if shares[number] >= least
        }

    def _best(
        self,
        kind: EntryKind,
        most: int,
        ranked: Sequence[int],
        scores: dict[int, float],
        matched: set[str],
    ) -> tuple[Hit, ...]:
        mine = [n for n in ranked if self._entries[n].kind is kind]
        enough = [n for n in mine if scores[n] >= _ENOUGH * scores[mine[0]]]
        return tuple(_hit(self._entries[n], matched) for n in enough[:most])

    def _lessons(
        self,
        matches: Sequence[WordMatch],
        ranked: Sequence[int],
        scores: dict[int, float],
        matched: set[str],
    ) -> Iterator[LessonHit]:
        of_lesson: dict[str, list[int]] = defaultdict(list)
        for number in ranked:
            if self._entries[number].kind in (EntryKind.LESSON, EntryKind.PASSAGE):
                of_lesson[self._entries[number].owner].append(number)
        totals = {
            lesson: scores[found[0]] + 0.3 * sum(scores[n] for n in found[1:3])
            for lesson, found in of_lesson.items()
        }
        best = max(totals.values(), default=0)
        order = sorted(totals, key=lambda lesson: -totals[lesson])
        for lesson in order[:_MAX_LESSONS]:
            if totals[lesson] >= _ENOUGH * best:
                found = [self._entries[n] for n in of_lesson[lesson]]
                title = self._titles[lesson]
                is_named = all(title.names[0] & m.words.keys() for m in matches)
                shown = None if is_named else _passage(found, matched)
                is_told = shown is not None and not shown.is_item
                yield LessonHit(
                    lesson,
                    _runs(title.title, matched),
                    _runs(shown.text if shown and is_told else title.text, matched),
                    shown.anchor if shown else "",
                )

    def _is_illness(self, term: int, matches: Sequence[WordMatch]) -> bool:
        """Return whether a term names the illness itself, and nothing else is asked."""
        entry = self._entries[term]
        named = frozenset[str]().union(*entry.names)
        return entry.owner in _ILLNESS and all(named & m.words.keys() for m in matches)

    def _first_of_all(self, found: list[LessonHit], *, is_illness: bool) -> tuple[LessonHit, ...]:
        """Return the lessons, the one that says what the illness is first if it was asked for."""
        if not is_illness:
            return tuple(found)
        title = next(iter(self._titles.values()))
        hit = LessonHit(title.owner, _runs(title.title, set()), _runs(title.text, set()))
        return (hit, *(h for h in found if h.lesson != hit.lesson))

    def _shown_best(self, match: WordMatch) -> str:
        return max(match.words, key=lambda w: (match.words[w], len(self._postings[w])))

    def _nearest(self, query: str) -> tuple[str, ...]:
        """Return the names of terms that are spelled most like the query."""
        if not query:
            return ()
        near = process.extract(
            " ".join(words(query)),
            self._names,
            scorer=fuzz.ratio,
            processor=fold,
            score_cutoff=_NEAR,
            limit=3,
        )
        return tuple(name for name, _, _ in near)


def _signs(phrases: Iterable[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words(phrase)) - _SMALL_WORDS for phrase in phrases)


def _passage(found: Sequence[Entry], matched: set[str]) -> Entry | None:
    """Return the passage to show of a lesson, of those found in it, best first."""
    passages = [entry for entry in found if entry.kind is EntryKind.PASSAGE]
    saying = [p for p in passages[:_MAX_PASSAGES_CHECKED] if p.says(matched)] or passages[:1]
    return next((p for p in saying if not p.is_item), saying[0] if saying else None)


def _calls_for(entry: Entry, matches: Iterable[WordMatch], *, is_urgent: bool) -> bool:
    """Return whether an entry of Get help says when to call about what was looked for.

    Where no warning sign was named, it does only if it is a sign that says all of the words, not
    those of a name: “WBC” has “blood” in it, and isn't about bleeding.
    """
    is_about = is_urgent or (entry.is_item and all(entry.says(m.own) for m in matches))
    return entry.is_call and is_about


def _calls(hits: Iterable[Hit]) -> Iterator[Call]:
    """Gather hits that are in the order of the page by their parts, and then by what leads them."""
    for (title, anchor), of_part in groupby(hits, lambda h: (h.entry.title, h.entry.anchor)):
        lists = groupby(of_part, lambda hit: hit.entry.lead)
        yield Call(title, anchor, tuple((lead, tuple(found)) for lead, found in lists))


def _hit(entry: Entry, matched: set[str]) -> Hit:
    return Hit(entry, _runs(entry.title, matched), _runs(entry.text, matched))


def _runs(text: str, matched: set[str]) -> tuple[Run, ...]:
    """Return the text in runs, each of words that were looked for, or of others."""
    runs: list[Run] = []
    at = 0
    for match in WORD.finditer(text):
        if fold(match.group()) in matched:
            if match.start() > at:
                runs.append(Run(text[at : match.start()], is_match=False))
            runs.append(Run(match.group(), is_match=True))
            at = match.end()
    if at < len(text):
        runs.append(Run(text[at:], is_match=False))
    return tuple(runs)
