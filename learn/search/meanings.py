"""What people mean by everyday words, numbers, and names that no text here has.

English, and a few words of Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from learn.search.everyday_words import ALONE, EVERYDAY, RELATED
from learn.search.words import words

_FAHRENHEIT, _CELSIUS = (95.0, 110.0), (35.0, 43.0)
_TEMPERATURE = re.compile(
    r"(?<![\w.,$-])(\d{2,3}(?:[.,]\d{1,2})?)\s?(°\s?[fc]?|º\s?[fc]?|[fc]|degrees?)?(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_CELL_TYPE = re.compile(r"\b([tb])[-‐‑– ]all\b", re.IGNORECASE)

_SWAP = re.compile(r"\bt\s?\(\s?(\d{1,2}|x)\s?;\s?(\d{1,2}|x)", re.IGNORECASE)

_TO_PRINT = frozenset(
    words(
        "booklet booklets brochure brochures flyer flyers folleto folletos handout handouts "
        "leaflet leaflets pamphlet pamphlets pdf print printable printed printing printout "
        "printouts"
    )
)

_MAX_REWRITTEN = 8
"""Words of a query in which everyday words are replaced."""

_PEOPLE = frozenset(
    words(
        "baby boy child children dad daughter father girl husband kid kids mom mother "
        "partner patient patients people person son wife"
    )
)
_FEELING = frozenset(
    words(
        "after again all almost always am bad been body but feel feeling feels felt "
        "forehead getting going gone got having head high just last like little low me night not "
        "now only over really running says showing since skin so still than today tonight too "
        "very"
    )
)
_OTHER_SIGNS = frozenset(
    words(
        "achy aches cold confused dizzy fever floppy limp nauseous nausea pale puking sick sleepy "
        "sweaty tired vomiting warm weak white yellow"
    )
)
"""Signs that may be told beside one that means something only if nothing else is asked."""
_MEASURED = frozenset(
    words("c celsius degree degrees f fahrenheit fever fevers temp temperature thermometer")
)
_LEUKEMIA = frozenset(
    words(
        "acute all best cancer expect going happen having leukemia likely long lymphoblastic "
        "lymphocytic make much normal not number numbers percent percentage person possible rate "
        "rates really still year years"
    )
)

_A_CHILD = frozenset(
    words(
        "babies baby boy boys daughter daughters girl girls kid kids preschooler son sons "
        "teen teenager teenagers teens toddler toddlers"
    )
)
"""A child with ALL, if nothing else is asked. “Have a baby” asks something else."""
_MONEY = frozenset(
    words(
        "afford affordable bill bills budget copay copays cost costs coverage covered deductible "
        "expense expenses expensive finance finances financial fund funds insurance insured money "
        "medicaid medicare pay paying payment payments price prices"
    )
)
_WORK = frozenset(
    words(
        "boss career employer employment fmla fired job jobs leave leaves unemployment work "
        "working workplace"
    )
)
_FOOD = frozenset(
    words("diet diets drink drinks eat eating food foods meal meals nutrition nutritious recipes")
)
_BESIDE_TOPICS = _PEOPLE | frozenset(
    words(
        "able absence after all assistance back before best cancer care cell chemo chemotherapy "
        "continue during family go going good health healthy help hospital hospitals keep "
        "leukemia long lymphoblastic medical medicine medicines not off out problems quit return "
        "safe safely school sick still stop support take taking time treatment treatments while "
        "worried worry"
    )
)
"""Words beside which one about money, work, or food still asks about that alone."""
_OTHER_THAN_FOOD = frozenset(words("cant cannot not problems sick stop wont"))
_OF_TREATMENT = frozenset(words("chemo chemotherapy medicine medicines treatment treatments"))

_OUTLOOK = tuple(
    frozenset(words(said)) - {"how", "to", "it"}
    for said in (
        *("die", "dies", "died", "dying", "death", "dead", "fatal", "deadly"),
        *("survive", "survives", "surviving", "survival", "mortality", "life expectancy"),
        *("prognosis", "prognoses", "outlook"),
        *("cure", "cures", "cured", "curable", "incurable", "success rate", "success rates"),
        *("how long live", "how long got", "beat cancer", "beat leukemia"),
        *("morir", "muerte", "sobrevivir", "supervivencia", "pronóstico", "curar", "cura"),
    )
)
_OUTLOOK_ALONE = frozenset(
    words("alive alright beat chance chances live odds ok okay statistics stats terminal")
)
"""These ask how it will go only if nothing else is asked: “my chances,” but not “of relapse.”"""
_OF_CELLS = frozenset(("die", "dies", "died", "dying", "death", "dead"))

_UNEXPLAINED = (
    *((f"{ph} negative", "Ph-negative") for ph in ("ph", "philadelphia")),
    *((f"{ph} like", "Ph-like") for ph in ("ph", "philadelphia")),
    *((f"{ph} neg", "Ph-negative") for ph in ("ph", "philadelphia")),
    ("bcr abl negative", "BCR-ABL-negative"),
    ("bcr abl like", "BCR-ABL-like"),
    *((name.lower(), name) for name in ("Hypodiploid", "Hyperdiploid", "Hypodiploidy")),
    *((name.lower(), name) for name in ("Hyperdiploidy", "KMT2A", "iAMP21", "ETV6")),
    *((name.lower(), name) for name in ("RUNX1", "TCF3", "PBX1", "IKZF1", "CRLF2", "NUTM1")),
    *((name.lower(), name) for name in ("MLL", "Burkitt", "Infant ALL")),
    *((f"{said}{n}", f"CNS {n}") for n in (1, 2, 3) for said in ("cns", "cns ")),
)
_RISK_GROUPS = (
    *((f"{how} risk", f"{how} risk") for how in ("standard", "high", "low", "average")),
    ("very high risk", "very high risk"),
    ("intermediate risk", "intermediate risk"),
    ("risk group", "risk group"),
)
_DRUGS = frozenset(
    words(
        "allopurinol asparaginase aucatzyl bactrim besponsa blincyto bosutinib brexucabtagene "
        "busulfan calaspargase clofarabine cyclophosphamide cytarabine cytoxan daunorubicin "
        "doxorubicin erwinaze etoposide filgrastim fludarabine gleevec hydrocortisone iclusig "
        "ifosfamide inotuzumab kymriah leucovorin melphalan mercaptopurine mesna methotrexate "
        "nelarabine neupogen nilotinib obecabtagene oncaspar ondansetron pegaspargase ponatinib "
        "purixan rasburicase rituximab ruxolitinib rylaze sprycel tecartus thioguanine "
        "tisagenlecleucel venetoclax vincristine zofran"
    )
)
_DRUG_ENDING = re.compile(r"[a-z]{3,}(mab|tinib|leucel|rubicin|spargase|cristine|blastine|setron)$")


class Uncovered(StrEnum):
    """What people ask about and the lessons don't cover. The page has a text for each."""

    MONEY = "money"
    WORK = "work"
    FOOD = "food"


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A name that no text here explains, and whether it's a medicine's."""

    name: str
    is_drug: bool = False
    is_risk_group: bool = False
    is_not_ph_positive: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words to look for, in order, and what else the query says.

    `is_sign` says that everyday words or a temperature mean a warning sign. `is_outlook` says that
    it asks how things will go; then what was asked is left out of the words. `topic` is all that it
    asks about, if no lesson covers that.
    """

    words: tuple[str, ...]
    is_sign: bool = False
    is_outlook: bool = False
    unexplained: tuple[Unexplained, ...] = ()
    topic: Uncovered | None = None


def meaning(query: str, small: AbstractSet[str], known: AbstractSet[str]) -> Meaning:
    """Return what a query means. `small` words say nothing, and `known` ones are in some text."""
    said = words(_CELL_TYPE.sub(r"\1 cell all", query))
    query_words = dict.fromkeys(said)
    if topic := _topic(query_words.keys(), small):
        return Meaning(tuple(words("eat food")) if topic is Uncovered.FOOD else (), topic=topic)
    signs = [*_temperature(query, query_words, small), *_everyday(query_words, small)]
    if len(query_words) <= _MAX_REWRITTEN:  # of a longer one, its own words say enough
        for phrase, _ in signs:
            query_words = _without(query_words, phrase)
        query_words.update(dict.fromkeys(word for _, sign in signs for word in sign))
    query_words = _of_a_child(_related(query_words), small)
    unexplained = [*_names(query_words, small, known), *_swaps(query)]
    for phrase, _ in unexplained:
        query_words = _without(query_words, phrase)
    outlook = [*_outlook(query_words.keys() - small)]
    for phrase in outlook:
        query_words = _without(query_words, phrase)
    if outlook or unexplained:
        is_empty = query_words.keys() <= small | _PEOPLE | _FEELING | _LEUKEMIA | {"chromosome"}
        query_words = (
            {} if is_empty else _without(query_words, _PEOPLE | (_LEUKEMIA if outlook else set()))
        )
    return Meaning(
        tuple(query_words),
        is_sign=bool(signs),
        is_outlook=bool(outlook),
        unexplained=tuple(dict.fromkeys(name for _, name in unexplained)),
    )


def asks_to_print(query_words: Iterable[str]) -> bool:
    """Return whether somebody looks for something to print."""
    return not _TO_PRINT.isdisjoint(query_words)


def without_printing(query_words: Iterable[str]) -> Iterator[str]:
    """Yield the words that aren't about printing, which no lesson is about."""
    return (word for word in query_words if word not in _TO_PRINT)


def _topic(query_words: AbstractSet[str], small: AbstractSet[str]) -> Uncovered | None:
    """Return what the query asks about, if it's one of these and nothing else, least of all a sign.

    “How does chemo work?” isn't about a job, and “can't eat” isn't about a diet.
    """
    for topic, named in (
        (Uncovered.MONEY, _MONEY),
        (Uncovered.WORK, _WORK),
        (Uncovered.FOOD, _FOOD),
    ):
        rest = query_words - named
        if rest == query_words or not rest <= small | _BESIDE_TOPICS:
            continue
        is_of_treatment = topic is Uncovered.WORK and rest & _OF_TREATMENT and "i" not in rest
        if is_of_treatment or (topic is Uncovered.FOOD and rest & _OTHER_THAN_FOOD):
            continue
        return topic
    return None


def _without(query_words: Iterable[str], left_out: AbstractSet[str]) -> dict[str, None]:
    return dict.fromkeys(word for word in query_words if word not in left_out)


def _related(query_words: dict[str, None]) -> dict[str, None]:
    """Return the words with those that our texts have in place of others."""
    for said, ours in _RELATED_WORDS:
        if said <= query_words.keys():
            query_words = _without(query_words, said) | dict.fromkeys(ours)
    return query_words


def _of_a_child(query_words: dict[str, None], small: AbstractSet[str]) -> dict[str, None]:
    """Return the words with “child” for a son or a daughter. Beside others, a kid says less."""
    named, have = query_words.keys() & _A_CHILD, query_words.keys()
    if not named or {"have", "baby"} <= have:
        return query_words
    if have - named <= small | _PEOPLE | _LEUKEMIA:
        return {"child": None}
    return _without(query_words, {"kid", "kids"})


def _swaps(query: str) -> Iterator[tuple[AbstractSet[str], Unexplained]]:
    """Yield swaps of chromosomes by their numbers, such as “t(12;21),” that no text explains."""
    for found in _SWAP.finditer(query):
        if {found[1], found[2]} != {"9", "22"}:
            yield {"t", found[1], found[2]}, Unexplained(f"t({found[1]};{found[2]})")


def _outlook(query_words: AbstractSet[str]) -> Iterator[AbstractSet[str]]:
    """Yield what asks how things will go."""
    is_of_cells = "cells" in query_words or ("cell" in query_words and "all" not in query_words)
    for phrase in _OUTLOOK:
        if phrase <= query_words and not (is_of_cells and phrase <= _OF_CELLS):
            yield phrase
    if (
        query_words & _OUTLOOK_ALONE
        and query_words - _OUTLOOK_ALONE <= _PEOPLE | _FEELING | _LEUKEMIA
    ):
        yield _OUTLOOK_ALONE


def _temperature(
    query: str, query_words: Iterable[str], small: AbstractSet[str]
) -> Iterator[tuple[AbstractSet[str], tuple[str, ...]]]:
    """Yield a temperature of a body, with what it means."""
    for found in _TEMPERATURE.finditer(query):
        number, unit = float(found[1].replace(",", ".")), found[2]
        if not any(low <= number <= high for low, high in (_FAHRENHEIT, _CELSIUS)):
            continue
        rest = {*query_words} - {*words(found[0])} - small
        if unit or rest & _MEASURED or rest <= _PEOPLE | _FEELING:
            yield {*words(found[0])} | _MEASURED | _PEOPLE | _FEELING, ("fever", "temperature")
            return


def _everyday(
    query_words: Iterable[str], small: AbstractSet[str]
) -> Iterator[tuple[AbstractSet[str], tuple[str, ...]]]:
    """Yield everyday phrases, with the words of Get help that they mean."""
    have = {*query_words}
    for said, sign in _EVERYDAY_WORDS:
        if said <= have:
            yield said, sign
    for said, sign in _ALONE_WORDS:
        if said <= have and have - said - small <= _PEOPLE | _FEELING | _OTHER_SIGNS:
            yield said | _PEOPLE | _FEELING, sign


def _names(
    query_words: Iterable[str], small: AbstractSet[str], known: AbstractSet[str]
) -> Iterator[tuple[AbstractSet[str], Unexplained]]:
    """Yield names that no text explains, the longest ones only."""
    have = {*query_words}
    for said, name in _UNEXPLAINED_WORDS:
        if said <= have and not (len(said) == 1 and said <= known):
            yield said, Unexplained(name, is_not_ph_positive="-" in name)
    rest = have - small - _PEOPLE - _LEUKEMIA
    for said, name in _RISK_GROUP_WORDS:
        if said == rest:
            yield said, Unexplained(name, is_risk_group=True)
    for word in have - known:
        if word in _DRUGS or _DRUG_ENDING.fullmatch(word):
            yield {word}, Unexplained(word, is_drug=True)


def _phrases(told: Iterable[tuple[str, str]]) -> tuple[tuple[frozenset[str], str], ...]:
    return tuple((frozenset(words(said)), name) for said, name in told)


def _signs(told: Iterable[tuple[str, str]]) -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    return tuple((said, tuple(words(sign))) for said, sign in _phrases(told))


_EVERYDAY_WORDS, _ALONE_WORDS, _RELATED_WORDS = _signs(EVERYDAY), _signs(ALONE), _signs(RELATED)
_UNEXPLAINED_WORDS, _RISK_GROUP_WORDS = _phrases(_UNEXPLAINED), _phrases(_RISK_GROUPS)
