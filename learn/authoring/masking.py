"""Replace medical nouns by made-up words, the same one everywhere.

Somebody who knows medicine can't unlearn it. In masked questions, they can only use what the
wording gives away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import sha256

from learn.library.glossary import Glossary

_MORE = """
    anemia|anemic, ache|aches|aching, antibiotic, arm, baby|babies, back, bacteria|bacterial,
    belly, bleed|bleeds|bleeding|bled, blood, body, bone, brain,
    breath|breathe|breathing|breathless, bruise|bruised|bruising, cell, chemical, chest, chill,
    clot, cold, cough, cure|cured, disease, doctor, dose, drug, emergency|emergencies, fever,
    fight|fights|fighting, germ, gland, gum, head, heart, hospital, illness, immature, infect,
    inherited|inherit, injury|injuries, kidney, lab, leg, liver, lump, lung,
    mature|matures|matured, medicine, microscope, muscle, nerve, nosebleed, nurse,
    pale|paler|paleness, parent, pill, plasma, pneumonia, protein, radiation, rash, sample,
    scan, scratch, shot, sick|sicker|sickness, skin, sore, spine, spleen, surgery|surgeries,
    sweat, swelling|swollen, temperature, test, thymus, tired|tiredness|fatigue, tissue,
    vaccine|vaccines, vein, weak|weaker|weakness, x-ray
"""
"""Words besides those of the glossary; the forms after the first have the same made-up word."""
_APART = frozenset({"immature"})  # the glossary's other name for something else
_ONSETS = tuple("bdfgklmnprstvz")
_CLUSTERS = (*_ONSETS, "br", "dr", "fl", "gr", "kl", "pr", "sn", "st", "tr")
_VOWELS = tuple("aeiou")
_CODAS = (*"lmnprt", "nd", "rt", "sk")


def masker(glossary: Glossary) -> Callable[[str], str]:
    """Return a function that replaces the names of the glossary, and some more, in a text."""
    roots = _roots(glossary)
    made_up = _made_up(sorted({*roots.values()}))
    names = sorted(roots, key=lambda name: (-len(name), name))
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?P<plural>(?:e?s)?)(?!\w)", re.IGNORECASE
    )

    def replace(match: re.Match[str]) -> str:
        term, plural = match.group(), match["plural"]
        name = term.removesuffix(plural) if plural else term
        root = roots.get(_key(term)) or roots.get(_key(name))
        if root is None:  # such as “all”, which is not the illness
            return term
        word = made_up[root]
        ends = "s" if plural or term.casefold().endswith("s") else ""
        return (word.capitalize() if term[0].isupper() else word) + ends

    return lambda text: pattern.sub(replace, text)


def _key(name: str) -> str:
    """Return how a name is looked up: those in capitals as they are, others in small letters."""
    return name if name.isupper() and len(name) > 1 else name.casefold()


def _roots(glossary: Glossary) -> dict[str, str]:
    """Return the name that each name has its made-up word from."""
    roots: dict[str, str] = {}
    for group in _MORE.split(","):
        forms = group.split("|")
        roots |= {form.strip(): forms[0].strip() for form in forms}
    for term in glossary.terms.values():
        names = (term.term, *term.also)
        names += tuple(n.removesuffix("s") for n in names if n.endswith("cells"))
        own = {_key(name) for name in names} - _APART
        roots |= dict.fromkeys(own, term.id)
    return roots


def _made_up(roots: Iterable[str]) -> dict[str, str]:
    """Return a made-up word for each root, which depends on the root alone unless it is taken."""
    words: dict[str, str] = {}
    for root in roots:
        attempt = 0
        while (word := _word(f"{root}/{attempt}")) in words.values():
            attempt += 1
        words[root] = word
    return words


def _word(seed: str) -> str:
    a, b, c, d, e = sha256(seed.encode()).digest()[:5]
    parts = ((_CLUSTERS, a), (_VOWELS, b), (_ONSETS, c), (_VOWELS, d), (_CODAS, e))
    return "".join(letters[number % len(letters)] for letters, number in parts)
