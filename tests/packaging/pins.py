"""Read the files of pinned requirements."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def pins(name: str) -> dict[str, str]:
    """Return the versions in a file of pins, by package."""
    lines = (ROOT / name).read_text().splitlines()
    found = [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"\w", line)]
    assert not [pin for pin in found if pin.marker], "a pin is for all Pythons and machines"
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in found}


def hashes(name: str) -> dict[str, list[str]]:
    """Return the SHA-256 digests of each package's files, by package."""
    found: dict[str, list[str]] = {}
    package = ""
    for line in (ROOT / name).read_text().splitlines():
        if re.match(r"\w", line):
            package = canonicalize_name(line.partition("==")[0])
        elif digest := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            found.setdefault(package, []).append(digest.group(1))
    return found
