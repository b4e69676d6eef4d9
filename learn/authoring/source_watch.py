"""Compare a folder of saved copies with their ledgers, one line each, for a nightly job.

A ledger is a folder of content. Its copy lies beside it, with the same name and any ending that can
be read: `fever/` and `fever.html`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from learn.authoring import source_anchors, source_changes
from learn.authoring.documents.blocks import names
from learn.authoring.source_text import DocumentError
from learn.config import texts
from learn.library.read_content import read_content
from questions.reading import InvalidContentError

_ENDINGS = names(".md .markdown .txt .html .htm .xhtml .docx .docm .pdf")


class WatchState(IntEnum):
    """What was found; the number is the exit code."""

    UNCHANGED = 0
    CHANGED = 1
    UNREADABLE = 2


@dataclass(frozen=True, slots=True)
class Watched:
    """One ledger or copy, and what was found."""

    name: str
    state: WatchState
    says: str
    anchored: int = 0
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    new_sentences: int = 0

    def to_json(self) -> dict[str, object]:
        """Return it as values for JSON."""
        return {
            "name": self.name,
            "state": self.state.name.lower(),
            "says": self.says,
            "anchored": self.anchored,
            "changed": [*self.changed],
            "missing": [*self.missing],
            "new_sentences": self.new_sentences,
        }


def watch(folder: Path) -> Iterator[Watched]:
    """Compare each copy in the folder with its ledger. Raises OSError for the folder itself."""
    entries = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    ledgers = [p for p in entries if (p / source_anchors.NAME).is_file()]
    copies = [p for p in entries if p.suffix.lower() in _ENDINGS and not p.is_dir()]
    for ledger in ledgers:
        its_copies = [p for p in copies if p.stem == ledger.name]
        if not its_copies:
            yield Watched(
                ledger.name, WatchState.UNREADABLE, "there is no copy of its document beside it"
            )
        for copy in its_copies:
            yield _compared(ledger, copy)
    names = {ledger.name for ledger in ledgers}
    for copy in copies:
        if copy.stem not in names:
            yield Watched(copy.name, WatchState.UNREADABLE, "there is no ledger beside it")


def _compared(ledger: Path, copy: Path) -> Watched:
    try:
        content, _errors = read_content(texts(), ledger)
        checked = source_changes.check_file(content, ledger, copy)
    except DocumentError as error:
        says = str(error).removeprefix(str(copy)).strip().removesuffix(".")
        return Watched(copy.name, WatchState.UNREADABLE, says)
    except InvalidContentError as error:
        return Watched(copy.name, WatchState.UNREADABLE, str(error.errors[0]))
    check = checked.check
    total = len(check.anchored) + len(check.changed) + len(check.missing)
    says = f"{len(check.anchored)} of {total} facts anchored"
    if check.is_unchanged:
        return Watched(copy.name, WatchState.UNCHANGED, f"unchanged, {says}", len(check.anchored))
    parts = [
        (f"changed {', '.join(check.changed)}", check.changed),
        (f"gone {', '.join(check.missing)}", check.missing),
        (f"{check.new_sentences} new", check.new_sentences),
    ]
    told = "; ".join(text for text, is_there in parts if is_there)
    says = f"changed, {says}: {told or 'sentences without a fact'}"
    return Watched(
        copy.name,
        WatchState.CHANGED,
        says,
        len(check.anchored),
        check.changed,
        check.missing,
        check.new_sentences,
    )
