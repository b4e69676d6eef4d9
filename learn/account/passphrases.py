"""Rules for passphrases, and argon2id hashes of them."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from learn import nicknames

# What OWASP advises for argon2id: 19 MiB, so that a worker stays small.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MIN_LENGTH = 8
MAX_LENGTH = 1024
_MIN_DISTINCT_CHARS = 3
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_COMMON = frozenset(
    Path(__file__).with_name("common_passphrases.txt").read_text(encoding="ascii").split()
)


def normalize(text: str) -> str:
    """Return the passphrase in NFC, with plain spaces, trimmed: the same from every keyboard."""
    # Composing makes at most four characters one: what is cut here stays longer than `MAX_LENGTH`.
    normal = unicodedata.normalize("NFC", text[: 4 * MAX_LENGTH + 1])
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in normal).strip()


def find_error(passphrase: str, nickname: str) -> str:
    """Return why a normalized passphrase is refused, or an empty string.

    One of `empty`, `short`, `long`, `common`, `nickname`. Any characters are allowed.
    """
    if not passphrase:
        return "empty"
    if len(passphrase) < MIN_LENGTH:
        return "short"
    if len(passphrase) > MAX_LENGTH:
        return "long"
    if _is_common(passphrase):
        return "common"
    if nickname and nicknames.skeleton(passphrase) == nicknames.skeleton(nickname):
        return "nickname"
    return ""


def verify(hasher: PasswordHasher, stored_hash: str | None, passphrase: str) -> bool:
    """Return whether the passphrase matches the hash; for None, take as long and return False."""
    if len(passphrase) > MAX_LENGTH:
        return False
    try:
        return hasher.verify(stored_hash or _dummy_hash(hasher), passphrase)
    except (VerificationError, InvalidHashError):
        return False


def _is_common(passphrase: str) -> bool:
    plain = "".join(passphrase.casefold().split())
    runs = (row[::step] for row in _ROWS for step in (1, -1))
    is_run = any(plain in run * 2 for run in runs)
    return plain in _COMMON or len({*plain}) < _MIN_DISTINCT_CHARS or is_run


def _dummy_hash(hasher: PasswordHasher) -> str:
    """Return a hash that no passphrase matches and that costs as much to verify."""

    def zeros(count: int) -> str:
        return base64.b64encode(bytes(count)).decode().rstrip("=")

    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${zeros(hasher.salt_len)}${zeros(hasher.hash_len)}"
