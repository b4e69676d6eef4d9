"""Words that name a sign of illness, and the rules on what a question says to do about one.

The words are those of our sources on symptoms and on when to call. They find more than is meant:
where one stands for something else, the question exempts the rule, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from questions.model import Question, Safety

_HARD_TO = r"(?:cannot|can['’]t|hard to|hardly|trouble|difficulty) (?:\w+ )?"
_FEVER = (
    r"fever\w*|febrile|temperatures?|\d+(?:\.\d+)?\s?°\s?[FC]|degrees? (?:C|F|Celsius|Fahrenheit)"
    r"|chills|chilled|shiver\w*"
)
_INFECTION = r"(?<!against )(?<!fight )(?<!fighting )(?<!fights )infect\w*|sepsis"
_OTHER_SIGNS = (
    # too few red cells
    r"tired\w*|fatigue\w*|exhaust\w*|worn out|weak(?:ness|er)?|pale(?:ness|r)?",
    r"(?:short(?:ness)?|out) of breath|breathless\w*|gasp\w*|wheez\w*",
    rf"{_HARD_TO}breath\w*|breath\w* (?:gets|got|is|was) (?:fast|hard|heavy)\w*",
    r"dizz\w*|light-?headed\w*|heart (?:beats fast|pounds|races)",
    # too few platelets
    r"bleed\w*|bled|nosebleed\w*|bloody|blood in (?:\w+ )?(?:pee|stools?|urine|vomit)",
    r"(?:black|dark) stools?|(?:pink|red) (?:pee|urine)",
    r"bruis\w*|petechia\w*|(?:dark|purple|red) (?:dots?|patch(?:es)?|spots?)|heavy period",
    r"(?-i:nick(?:s|ed)?)|(?:a|little|small|the) cut|cuts? (?:her|him|my|your)self",
    r"scrap(?:es|ed)|scratch\w*|wounds?",
    # too few white cells that work
    r"(?:a|bad|heavy|her|his|my|the|your) colds?|flu|cough\w*|sore throat|sores?|rash(?:es)?|pus",
    r"vomit\w*|(?:throw\w*|threw) up|nause\w*|diarrhea|stiff neck|swell\w*|swollen|shaking",
    r"burn(?:s|ing) when",
    # cells that collect in parts of the body
    r"pains?|painful|(?:back|belly|ear|head|stomach|tooth)?ach(?:es?|ing)|hurt(?:s|ing)?|lumps?",
    # the rest, and what 911 is for
    r"weight loss|los(?:es?|ing|t) weight|appetite|(?:night )?sweat\w*|symptoms?|unwell",
    r"(?:feel\w*|felt) (?:\w+ )?(?:ill|sick)|faint(?:s|ed|ing)?|(?:black|pass)(?:es|ed|s)? out",
    rf"collaps\w*|confus\w*|seizures?|drows\w*|sleep(?:y|iness)|{_HARD_TO}w[ao]k\w*",
    r"slurr\w*|numb(?:ness)?|blurr\w*|sees? double|trouble (?:see|speak|talk)\w*",
)


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


_ILL = re.compile(r"\b(?:ALL|leukemia|low|too few)\b")
_NO_SIGN_BY_ITSELF = re.compile(r"(?:lumps?|symptoms?|weak\w*)$", re.IGNORECASE)  # in an answer
_FEVERS = _any_of(_FEVER)
_URGENT = _any_of(_FEVER, _INFECTION)
_SIGNS = _any_of(_FEVER, _INFECTION, *_OTHER_SIGNS)


def signs(text: str) -> tuple[str, ...]:
    """The words of `text` that name a sign of illness, each once."""
    return tuple(dict.fromkeys(found.group() for found in _SIGNS.finditer(text)))


def without_safety(question: Question) -> Iterator[str]:
    """A sign of illness that somebody may have, and no word on what to do about it.

    It counts in the vignette, the exhibit, and the stem. Where these tell of somebody with
    leukemia or low blood cells, it also counts in the key and in the feedback.
    """
    asked = question.asked
    found = signs(asked)
    if not found and _ILL.search(asked):
        found = tuple(s for s in signs(_answered(question)) if not _NO_SIGN_BY_ITSELF.match(s))
    if found and question.safety is None:
        yield f"“{'”, “'.join(found)}”: give “safety”, or exempt this with the reason"


def _answered(question: Question) -> str:
    """What is told about the answer: the key, and why each part is as it is."""
    right = (p.text for p in question.parts if p.right is not False)
    rationales = (p.rationale for p in question.parts)
    return " ".join([*question.extra_texts.values(), *right, *rationales])


def cannot_wait(question: Question) -> Iterator[str]:
    """A fever anywhere in the question, or an infection in its vignette, left to the next visit."""
    if question.safety is Safety.NEXT_VISIT:
        answers = (*(p.text for p in question.parts), *question.extra_texts.values())
        others = (question.stem, *answers)
        exhibit = " ".join(question.exhibit.written if question.exhibit else ())
        found = _URGENT.search(f"{question.vignette} {exhibit}") or _FEVERS.search(" ".join(others))
        if found:
            yield f"“{found.group()}” can’t wait for the next visit"
