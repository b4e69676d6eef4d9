"""Split text into sentences by rules for each language: English, Spanish, and a fair default.

A full stop ends a sentence unless what stands before or after it says otherwise: an abbreviation,
an initial, a number in a list, or a small letter. Each language names its abbreviations in three
groups, and the words that often begin a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLOSING = "\"”’»'›)]}*_"
_END = re.compile(rf"(?:[.!?…؟۔।]+[{re.escape(_CLOSING)}]*(?=\s)|[。！？]+[」』”’）]*)\s*")
_OPENING = "\"“‘«'‹([{¿¡*_"
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*", re.UNICODE)
_WINDOW = 40  # characters before a stop; no abbreviation is longer


@dataclass(frozen=True, slots=True)
class Rules:
    """What a language adds.

    `never` end no sentence; `before_number` do unless a number follows; `sometimes` do only if
    the next word often begins a sentence; `starters` are such words.
    """

    never: frozenset[str]
    before_number: frozenset[str]
    sometimes: frozenset[str]
    starters: frozenset[str]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EN = Rules(
    never=_set("dr mr mrs ms mx prof st ste rev hon gen sen rep gov capt lt col sgt mt ft"
               " vs e.g i.e cf viz approx ca incl excl esp resp dept assn univ"),
    before_number=_set("no nos fig figs p pp vol ch chap sec sect art eq ex tab ref refs"
                       " par para jan feb mar apr jun jul aug sep sept oct nov dec al min max"
                       " tel ext ver op"),
    sometimes=_set("u.s u.k u.n e.u d.c u.s.a m.d ph.d r.n d.o n.p p.a b.s m.s b.a m.a b.sc m.sc"
                   " d.d.s pharm.d r.d inc ltd co corp jr sr ave blvd rd bros etc a.m p.m"
                   " fam spp sp subsp"),
    starters=_set("a about after all also although always an and another any are as ask at avoid"
                  " be because before both but by call can check children common contact did do"
                  " doctors does don during each even every find first for from get give go had has"
                  " have he her here his how however i if in instead is it its keep last learn less"
                  " let make many more most my never next no not now of often on once one only or"
                  " other others our over people patients please read see seek she since so some"
                  " sometimes speak still stop such symptoms take talk tell than that the their"
                  " them then there these they this those though through to today treatment try"
                  " two under until use we what when where which while who why will with without"
                  " yes you your"),
)  # fmt: skip
_ES = Rules(
    never=_set("dr dra dres sr sra sres srta d dña prof profa gral lic ing arq fray sto sta"
               " p.ej ej ee aprox vs cf avda av pza dpto depto admón"),
    before_number=_set("núm num n.º n.ª no nº pág págs pag p pp fig figs art arts vol cap caps ref"
                       " tel tfno tlf ext mín máx ene feb mar abr may jun jul ago sep sept oct"
                       " nov dic al tab ed"),
    sometimes=_set("ud uds vd vds uu ee.uu ee.uu.aa u.e a.c d.c s.a s.l etc a.m p.m m.d"
                   " cía ltda hnos ph.d"),
    starters=_set("a además ahora al algunas algunos antes aunque beba busque cada como con"
                  " consulte cuando cuándo cuide de debe desde después dígale durante él ella"
                  " ellas ellos el en entonces es esta estas este esto estos están está evite"
                  " existen haga hay hable informe la las le llame lo los más mientras mucho"
                  " muchas muchos mi muy no nos nunca o otra otras otro otros para pero pida por"
                  " porque pregunte puede pueden qué que se según si sí sin siempre sin sobre su"
                  " sus también tiene tienen todas todo todos tome tras un una unas unos use usted"
                  " ustedes vaya y ya"),
)  # fmt: skip
_OTHER = Rules(
    never=_set("dr mr mrs prof st mme mlle m sig dott dra sr sra hr fr frau vgl bzw ca cf vs z.b"
               " e.g i.e d.h u.a p.ex aprox approx bijv"),
    before_number=_set("no nr núm num fig abb art vol p pp s al tel pág tab kap sept"),
    sometimes=_set("etc u.s u.k inc ltd jr usw ecc enz a.m p.m ph.d m.d"),
    starters=_EN.starters | _ES.starters
    | _set("der die das ein eine es wenn sie wir le les un une des il elle nous vous si"
           " o os uma il lo gli se het een als"),
)  # fmt: skip
RULES = {"en": _EN, "es": _ES}

_COMMON = {
    "en": _set("the of and to is are you your with for that or it this can not be have if"),
    "es": _set("el la los las de y que en es un una por con para su se no del si o más"),
}
_SAMPLE = 4000  # words


def language_of(text: str) -> str:
    """Guess the language of a text by its most common words: “en”, “es”, or "" for others."""
    words = [w.casefold() for w in _WORD.findall(text[: _SAMPLE * 8])][:_SAMPLE]
    counts = {code: sum(w in common for w in words) for code, common in _COMMON.items()}
    best = max(counts, key=lambda code: counts[code])
    others = max(n for code, n in counts.items() if code != best)
    few = len(words) < 12  # a title says little
    return best if counts[best] > max(others, 1) and (few or counts[best] * 8 >= len(words)) else ""


def split(text: str, language: str) -> list[str]:
    """Return the sentences of a text on one line."""
    rules = RULES.get(language[:2].lower(), _OTHER)
    parts, start = [], 0
    for match in _END.finditer(text):
        if match.end() < len(text) and _ends(text, start, match, rules):
            parts.append(text[start : match.end()].strip())
            start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _ends(text: str, start: int, match: re.Match[str], rules: Rules) -> bool:
    """Whether a sentence that began at `start` ends at the match."""
    mark = match.group().strip()
    at = match.end()
    while at < len(text) and text[at] in _OPENING:
        at += 1
    first = text[at : at + 1]
    if not first.isalnum() or first.islower():
        return mark[0] in "。！？"
    if mark.strip(_CLOSING) != ".":  # only a single full stop can be part of a word
        return True
    if (
        mark != "."
        and mark[1] in ")]}"
        and text.rfind("(", max(start, match.start() - 400), match.start()) < 0
    ):
        return True
    before = text[max(start, match.start() - _WINDOW) : match.start()]
    is_whole = match.start() - start <= _WINDOW
    return not _goes_on(before, text[at : at + _WINDOW], rules, is_whole=is_whole)


def _goes_on(  # noqa: PLR0911 - a rule each
    before: str, after: str, rules: Rules, *, is_whole: bool
) -> bool:
    """Whether the full stop between `before` and `after` belongs to a word.

    `is_whole` tells that nothing of the sentence stands before `before`.
    """
    last = re.search(r"[^\W\d_]+(?:\.[ \u00a0]?[^\W\d_]+)*$|\d+$", before)
    if last is None:
        return False
    word = last.group().replace(" ", "").replace("\u00a0", "")
    following = _WORD.match(after)
    begins = following is not None and following.group().casefold() in rules.starters
    lower = word.casefold()
    tail = lower.rsplit(".", 1)[-1] if lower not in (rules.never | rules.sometimes) else lower
    if word.isdigit():  # “1. Wash your hands”
        return len(word) < 3 and is_whole and before.strip() == word
    if len(tail) == 1 and _ONE_LETTER.match(after):  # “z. B.”, “J. R.”
        return True
    if lower in rules.never or tail in rules.never:
        return True
    if tail in rules.before_number or lower in rules.before_number:
        return after[:1].isdigit()
    if lower in rules.sometimes:
        return _is_dated(lower, after) or (not begins and lower not in _ENDS_MOSTLY)
    if len(tail) == 1 and tail.isalpha() and word[-1].isupper():
        return not begins and _is_initial(word, before[: last.start()])
    return False


_ENDS_MOSTLY = frozenset({"etc", "a.m", "p.m", "usw", "ecc", "enz"})
_AFTER_TIME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[ECMP][SD]?T\b|GMT|UTC|Eastern|Central|Pacific"
)
_ONE_LETTER = re.compile(r"[^\W\d_]\.")
_BY = frozenset({"by", "and", "of", "from", "to", "de", "por", "y", "von", "par"})


def _is_dated(word: str, after: str) -> bool:
    """Whether a day or a time zone follows “5 p.m.”."""
    return word in {"a.m", "p.m"} and _AFTER_TIME.match(after) is not None


def _is_initial(word: str, before: str) -> bool:
    """Whether a capital is an initial of a name, not the end of “vitamin C.”."""
    if "." in word:  # J.R.
        return True
    words = _WORD.findall(before)
    return not words or words[-1][:1].isupper() or words[-1].casefold() in _BY
