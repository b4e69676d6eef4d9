"""Normalize nicknames, and compare them by how they look."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from confusable_homoglyphs.utils import load
from precis_i18n import get_profile

MAX_LENGTH = 40
_MAX_LENGTH_WITH_MARKS = 80

_PRECIS = get_profile("NicknameCasePreserved")
_JOINERS = "\u200c\u200d"  # some scripts need them between letters
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and signs that show nothing
_LOOKALIKES = str.maketrans("i1|!0", "llllo")
_DIGRAPHS = (("rn", "m"), ("vv", "w"))

SUGGESTION_WORDS = (
    *("amber", "apple", "aspen", "birch", "breeze", "brook", "cedar", "cherry", "clover", "coral"),
    *("daisy", "fern", "finch", "garden", "ginger", "hazel", "heron", "honey", "ivy", "jasmine"),
    *("lake", "lark", "lemon", "lilac", "linen", "maple", "meadow", "mint", "moss", "olive"),
    *("orchard", "pearl", "pebble", "pine", "plum", "poppy", "quince", "river", "robin", "sage"),
    *("sparrow", "spring", "summer", "teal", "thyme", "tulip", "violet", "walnut", "willow"),
)


class NicknameError(Exception):
    """Raised when a nickname is refused; `reason` is `empty`, `long`, or `unusual`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalize(text: str) -> str:
    """Return the nickname by RFC 8266, in any script, without invisible characters.

    Marks of direction, zero-width spaces and the like are dropped silently, since they come along
    when a name is pasted. Raises NicknameError.
    """
    text = unicodedata.normalize("NFKC", _cut(text))
    text = "".join(" " if c in "\t\n\r" else c for c in text if _is_visible(c))
    nickname = _apply_precis(text) or _apply_precis(
        text.translate(dict.fromkeys(map(ord, _JOINERS)))
    )
    if not text.strip(_JOINERS + " "):
        raise NicknameError("empty")
    if nickname is None or not any(unicodedata.category(c)[0] in "LNPS" for c in nickname):
        raise NicknameError("unusual")
    letters = sum(not unicodedata.category(c).startswith("M") for c in nickname)
    if letters > MAX_LENGTH or len(nickname) > _MAX_LENGTH_WITH_MARKS:
        raise NicknameError("long")
    return nickname


def skeleton(nickname: str) -> str:
    """Return the skeleton of a nickname (UTS 39): equal for nicknames that look alike.

    Case and spacing make no difference. Greek and Cyrillic letters count as the Latin ones that
    they look like, 1 and I as l, 0 as O.
    """
    alike = _alike()
    return _compared("".join(alike.get(c, c) for c in _cut(nickname).casefold()))


def other_skeletons(nickname: str) -> list[str]:
    """Return the skeletons of what a nickname also looks like, if those are other ones.

    A letter and its capital may look like two Latin ones: Greek upsilon is like u, and its capital
    like Y. The skeleton has one of them; these have each letter as typed, and all as capitals.
    """
    text, alike, latin = _cut(nickname), _alike(), _latin()
    typed = (latin.get(c) or alike.get(c.casefold(), c) for c in text)
    capitals = (latin.get(c.upper()) or alike.get(c.casefold(), c) for c in text)
    found = {_compared("".join(typed)), _compared("".join(capitals))}
    return sorted(found - {skeleton(nickname)})


def _compared(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(c for c in text if unicodedata.category(c)[0] in "LMNS") or text
    letters = letters.translate(_LOOKALIKES)
    for two, single in _DIGRAPHS:
        letters = letters.replace(two, single)
    return unicodedata.normalize("NFC", letters)


def variants(nickname: str, words: Sequence[str], numbers: Sequence[int]) -> tuple[str, ...]:
    """Return likely free nicknames: one for each word and number."""
    room = nickname[: MAX_LENGTH - 12].rstrip()
    return tuple(f"{room}-{w}-{n}" for w, n in zip(words, numbers, strict=True))


def _cut(text: str) -> str:
    """Return the visible text, cut to a length that is still too long for a nickname.

    This bounds the cost of normalizing, which makes one of at most four characters.
    """
    most = 4 * _MAX_LENGTH_WITH_MARKS + 1
    if len(text) <= most:
        return text
    return " ".join("".join(c for c in text if _is_visible(c)).split())[:most]


def _is_visible(character: str) -> bool:
    if character in _JOINERS or character in "\t\n\r":
        return True
    is_variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    hidden = unicodedata.category(character) in {"Cc", "Cf"}
    return not (hidden or is_variation or character in _BLANK)


def _apply_precis(text: str) -> str | None:
    try:
        return _PRECIS.enforce(text)
    except UnicodeEncodeError:
        return None


@cache
def _alike() -> dict[str, str]:
    """Map each letter that looks like another to that one, Latin first.

    The look-alikes of its capital come before its own: where they differ, as for Greek nu, names
    begin with a capital, and a skeleton must not depend on case.
    """
    listed, lookalikes = _listed(), {}
    for letter, others in listed.items():
        if letter.isascii() or not letter.isprintable():
            continue
        named = [*listed.get(letter.upper(), ()), *others]
        latin = _first_latin(named)
        # A letter with several look-alikes is their common form, so it maps to none of them.
        single = others[0] if len(others) == 1 and len(others[0]) == 1 else None
        if twin := latin or single:
            lookalikes[letter] = twin
    return {letter: lookalikes.get(twin, twin) for letter, twin in lookalikes.items()}


@cache
def _latin() -> dict[str, str]:
    """Map each letter that looks like a Latin one or a digit, in just that case, to that one."""
    found = {c: _first_latin(others) for c, others in _listed().items() if not c.isascii()}
    return {letter: latin for letter, latin in found.items() if latin}


def _first_latin(others: Sequence[str]) -> str | None:
    return next((o for o in others if len(o) == 1 and o.isascii() and o.isalnum()), None)


@cache
def _listed() -> dict[str, list[str]]:
    """Return the letters that look like others, by the table of Unicode, with those."""
    return {
        letter: [other["c"] for other in others]
        for letter, others in load("confusables.json").items()
        if len(letter) == 1
    }
