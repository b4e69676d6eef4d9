"""The licenses of all pinned packages, as a page: `python -m tests.packaging.licenses FILE`.

They are read from the metadata of the installed packages, which names them in three ways.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import metadata
from pathlib import Path

from tests.packaging.pins import ROOT, pins

RUN, DEVELOP = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"

PERMISSIVE = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 AND BSD-2-Clause",
        "Apache-2.0 OR BSD-2-Clause",
        "Apache-2.0 OR BSD-3-Clause",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MIT AND PSF-2.0",
        "MIT OR Apache-2.0",
        "MIT-0",
        "PSF-2.0",
    }
)
TO_RUN = PERMISSIVE | {"LGPL-3.0-only", "MPL-2.0"}
"""Licenses of what runs the site: a package under one of these can be used and passed on as is."""

TO_DEVELOP = TO_RUN | {"GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1", "GPL-3.0-or-later"}
"""Licenses of tools: they are never part of what is installed to run the site."""

_NAMES = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "PSFL": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_BY_HAND = {
    "axe-playwright-python": "MIT",  # only its license file says so
    "grimp": "BSD-2-Clause",
    "import-linter": "BSD-2-Clause",
    "outcome": "MIT OR Apache-2.0",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "pysocks": "BSD-3-Clause",
    "sniffio": "MIT OR Apache-2.0",
}
_SPDX = re.compile(r"MIT|ISC|\w+-[\d.]+(?:-\w+)*")


def license_of(package: str) -> str:
    """Return the SPDX expression of an installed package; an empty one if it names none."""
    told = metadata(package)
    if expression := told.get("License-Expression"):
        return str(expression)
    if package in _BY_HAND:
        return _BY_HAND[package]
    classified = {c.split(" :: ")[-1] for c in told.get_all("Classifier") or () if "License" in c}
    found = {_NAMES[name] for name in classified if name in _NAMES}
    short = str(told.get("License") or "")
    if short in _NAMES or _SPDX.fullmatch(short):
        found = {_NAMES.get(short, short)}
    return found.pop() if len(found) == 1 else ""


def licenses() -> dict[str, tuple[str, bool]]:
    """Return the license of each pinned package, and whether it is needed to run the site."""
    to_run = pins(RUN.name)
    return {name: (license_of(name), name in to_run) for name in sorted(pins(DEVELOP.name))}


def page() -> str:
    """Return the page docs/licenses.md."""
    found = licenses()

    def rows(*, is_run: bool) -> str:
        return "\n".join(
            f"| {name} | {license_} |" for name, (license_, run) in found.items() if run is is_run
        )

    return f"""# Licenses of dependencies

`make licenses` writes this page from the metadata of the installed packages; a test compares the
two, and fails for a license that isn't on its list. Learn ALL itself is under the
[MIT license](../LICENSE).

## To run

| Package | License |
| --- | --- |
{rows(is_run=True)}

`psycopg` and `psycopg-binary` are used as they are, as libraries, which their license (LGPL)
allows for programs under any license.

## To develop

None of these is installed to run the site. `mammoth`, `cobble`, and `pypdf` are the extra
`documents`, for authors who have Word or PDF files.

| Package | License |
| --- | --- |
{rows(is_run=False)}
"""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page())
