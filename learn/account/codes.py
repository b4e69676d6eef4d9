"""Recovery codes: 23 random letters and digits, and a check character.

The alphabet has no I, L, O, U, 0 or 1. 30 to the power of 23 is 112 bits.
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
_SEED = re.compile(r"[A-Za-z0-9_-]{20,40}")
_LOOKALIKES = str.maketrans("O0UI1", "QQVJJ")


class CodeError(Exception):
    """The text is not a recovery code.

    `reason` is `empty`, `length` (it has `count` letters and digits) or `typo`.
    """

    def __init__(self, reason: str, count: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.count = count


def is_seed(seed: str) -> bool:
    """Return whether the text has the form of a seed."""
    return _SEED.fullmatch(seed) is not None


def from_seed(seed: str, owner: str, secret: str) -> str:
    """Derive a code from a seed, what the `owner` typed or is, and the site's secret key.

    A form that is sent twice shows the same code twice, and the code itself is stored nowhere.
    Somebody who read the seed in an open page gets another code from it.
    """
    text = f"recovery code/{seed}/{owner}"
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha512).digest()
    number, digits = int.from_bytes(mac, "big"), []
    for _ in range(LENGTH - 1):
        number, digit = divmod(number, _BASE)
        digits.append(digit)
    return "".join(ALPHABET[d] for d in (*digits, _check(digits)))


def grouped(code: str) -> str:
    """Return the code in groups of four: `K7QF-2M9X-…`."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def parse(text: str) -> str:
    """Return the code in typed text, in any case, with or without spaces and dashes.

    O and 0 are read as Q, U as V, and I and 1 as J: the alphabet has none of them. L may stand for
    more than one letter, so it is a typo. Raises CodeError.
    """
    wide = unicodedata.normalize("NFKC", text[:1000]).upper()
    typed = "".join(c for c in wide if c.isalnum())
    if not typed:
        raise CodeError("empty")
    if len(typed) != LENGTH:
        raise CodeError("length", len(typed))
    code = typed.translate(_LOOKALIKES)
    if not {*code} <= {*ALPHABET}:
        raise CodeError("typo")
    digits = [ALPHABET.index(c) for c in code]
    if _check(digits[:-1]) != digits[-1]:
        raise CodeError("typo")
    return code


def digest(code: str) -> str:
    """Return the SHA-256 digest that is stored; a code has too many bits to guess it from that."""
    return hashlib.sha256(code.encode()).hexdigest()


def _check(digits: list[int]) -> int:
    """Return the check digit by Luhn's algorithm: it catches one wrong or two swapped letters."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // _BASE + doubled % _BASE
    return -total % _BASE
