"""Recovery codes: 23 letters and digits by chance, and one that tells a slip of the pen.

No letter looks like another: there is no I, L, O, U, 0 and 1. 30 to the power of 23 are 112 bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 24
_BASE = len(ALPHABET)
_GROUP = 4
_DRAFT = re.compile(r"[A-Za-z0-9_-]{20,40}")
_READ_AS = str.maketrans("O0UI1L", "QQVJJ?")


class CodeError(Exception):
    """What was typed can't be a code.

    `problem` is `empty`, `length` (`count` letters and digits were typed) or `slip`.
    """

    def __init__(self, problem: str, count: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.count = count


def is_draft(draft: str) -> bool:
    """Whether it is of the shape that a draft has: text from which a code is made."""
    return _DRAFT.fullmatch(draft) is not None


def from_draft(draft: str, secret: str) -> str:
    """The code that belongs to a draft: the same each time, and made with the site's secret alone.

    So a page that is sent twice shows the same code twice, and the code is kept nowhere.
    """
    made = hmac.new(secret.encode(), f"recovery code/{draft}".encode(), hashlib.sha512).digest()
    number, digits = int.from_bytes(made, "big"), []
    for _ in range(LENGTH - 1):
        number, digit = divmod(number, _BASE)
        digits.append(digit)
    return "".join(ALPHABET[d] for d in (*digits, _check(digits)))


def grouped(code: str) -> str:
    """The code as people read it: `K7QF-2M9X-…`."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def read(text: str) -> str:
    """The code that somebody typed: with or without spaces and dashes, in any case.

    A letter that no code has is taken for the one that it is most like. Raises CodeError.
    """
    wide = unicodedata.normalize("NFKC", text[:1000]).upper()
    typed = "".join(c for c in wide if c.isalnum())
    if not typed:
        raise CodeError("empty")
    if len(typed) != LENGTH:
        raise CodeError("length", len(typed))
    code = typed.translate(_READ_AS)
    if not {*code} <= {*ALPHABET}:
        raise CodeError("slip")
    digits = [ALPHABET.index(c) for c in code]
    if _check(digits[:-1]) != digits[-1]:
        raise CodeError("slip")
    return code


def digest(code: str) -> str:
    """What is kept of a code: it has too many bits to be guessed from this."""
    return hashlib.sha256(code.encode()).hexdigest()


def _check(digits: list[int]) -> int:
    """The last digit, by Luhn's rule: one letter off, or two swapped, do not fit it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // _BASE + doubled % _BASE
    return -total % _BASE
