"""Find signs of illness in questions, and check that these say what to do about them.

The word list comes from our sources on symptoms and on when to call. It is deliberately broad: a
question that uses a word in another sense exempts the rule, with the reason.
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
    # too few working white cells
    r"(?:a|bad|heavy|her|his|my|the|your) colds?|flu|cough\w*|sore throat|sores?|rash(?:es)?|pus",
    r"vomit\w*|(?:throw\w*|threw) up|nause\w*|diarrhea|stiff neck|swell\w*|swollen|shaking",
    r"burn(?:s|ing) when",
    # leukemia cells collecting in organs
    r"pains?|painful|(?:back|belly|ear|head|stomach|tooth)?ach(?:es?|ing)|hurt(?:s|ing)?|lumps?",
    # general signs, and emergencies
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
    """Return the words of `text` that name a sign of illness, each once."""
    return tuple(dict.fromkeys(match.group() for match in _SIGNS.finditer(text)))


def without_safety(question: Question) -> Iterator[str]:
    """Yield a message if the question mentions a sign of illness but has no `safety`, or no names.

    Searches the vignette, the exhibit, and the stem; if these mention leukemia or low blood cells,
    also the key and the feedback.
    """
    prompt = question.prompt
    named = signs(prompt)
    if not named and _ILL.search(prompt):
        named = tuple(s for s in signs(_answered(question)) if not _NO_SIGN_BY_ITSELF.match(s))
    if named and question.safety is None:
        yield f"“{'”, “'.join(named)}”: give “safety”, or exempt this with the reason"
    if question.safety and not question.signs:
        yield "which sign is “safety” about? Give “signs”"


def _answered(question: Question) -> str:
    """Return the texts of the key and all rationales, joined."""
    right = (p.text for p in question.parts if p.right is not False)
    rationales = (p.rationale for p in question.parts)
    return " ".join([*question.extra_texts.values(), *right, *rationales])


def cannot_wait(question: Question) -> Iterator[str]:
    """Yield a message if a question with a fever or infection says to wait for the next visit.

    A fever counts anywhere in the question, an infection in the vignette or the exhibit.
    """
    if question.safety is Safety.NEXT_VISIT:
        answers = (*(p.text for p in question.parts), *question.extra_texts.values())
        others = (question.stem, *answers)
        exhibit = " ".join(question.exhibit.author_texts if question.exhibit else ())
        match = _URGENT.search(f"{question.vignette} {exhibit}") or _FEVERS.search(" ".join(others))
        if match:
            yield f"“{match.group()}” can’t wait for the next visit"
