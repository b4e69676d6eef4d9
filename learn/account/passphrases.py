"""What a passphrase may be, and how it is kept: as an argon2id hash, never as itself."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from learn import nicknames

# What OWASP advises for argon2id: 19 MiB, so that a worker stays small.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST = 8
LONGEST = 1024
_FEW_SIGNS = 3
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_FIRST_TRIED = frozenset(
    Path(__file__).with_name("tried_first.txt").read_text(encoding="ascii").split()
)


def prepared(text: str) -> str:
    """The passphrase as it is compared: the same on every keyboard.

    Letters with accents are put together in one way, all spaces are alike, and those at the ends,
    which phones add, are left off.
    """
    # Composing makes at most four characters one: what is cut here stays longer than `LONGEST`.
    found = unicodedata.normalize("NFC", text[: 4 * LONGEST + 1])
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in found).strip()


def problem(passphrase: str, nickname: str) -> str:
    """Why a prepared passphrase can't be chosen: `empty`, `short`, `long`, `common`, `nickname`.

    Empty where it is fine. Anything else may stand in it: spaces, emoji, any script.
    """
    if not passphrase:
        return "empty"
    if len(passphrase) < SHORTEST:
        return "short"
    if len(passphrase) > LONGEST:
        return "long"
    if _is_tried_first(passphrase):
        return "common"
    if nickname and nicknames.key(passphrase) == nicknames.key(nickname):
        return "nickname"
    return ""


def verify(hasher: PasswordHasher, kept: str | None, passphrase: str) -> bool:
    """Whether the passphrase is the one that was kept; as slow for None, where there is none."""
    if len(passphrase) > LONGEST:
        return False
    try:
        return hasher.verify(kept or _nobodys(hasher), passphrase)
    except (VerificationError, InvalidHashError):
        return False


def _is_tried_first(passphrase: str) -> bool:
    plain = "".join(passphrase.casefold().split())
    runs = (row[::step] for row in _ROWS for step in (1, -1))
    is_run = any(plain in run * 2 for run in runs)
    return plain in _FIRST_TRIED or len({*plain}) < _FEW_SIGNS or is_run


def _nobodys(hasher: PasswordHasher) -> str:
    """A hash that no passphrase has, and that costs as much to compare as any other."""

    def zeros(count: int) -> str:
        return base64.b64encode(bytes(count)).decode().rstrip("=")

    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${zeros(hasher.salt_len)}${zeros(hasher.hash_len)}"
