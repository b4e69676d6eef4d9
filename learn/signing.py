"""How cookies and plans of attempts are signed: HMAC with SHA-256.

Versions before signed with SHA-1. What they signed is still read, and replaced when it is written
next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from itsdangerous import URLSafeSerializer

digest_method = hashlib.sha256


def serializer(keys: Sequence[str], salt: str) -> URLSafeSerializer:
    """Return a serializer for one purpose, the `salt`. The first of `keys` signs."""
    return URLSafeSerializer(
        [*reversed(keys)],
        salt=salt,
        signer_kwargs={"digest_method": digest_method},
        fallback_signers=earlier_signers(),
    )


def earlier_signers(**more: Any) -> list[Any]:
    """Return the arguments of signers whose signatures are still read."""
    return [{"digest_method": hashlib.sha1} | more]
