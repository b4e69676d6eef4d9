"""A half-done course as one that can be looked at: `learn serve --draft`.

The folder is copied, and what is missing gets a text that says so. Questions that can't be asked
yet are left out. The copy and all that is saved while looking go away at the end.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from learn.config import texts
from learn.library.content import Content
from learn.library.read_content import read_content
from questions.reading import ContentError, InvalidContentError

NOT_YET = "Not written yet."
_ASK = "What should I know about this?"
_EMPTY = re.compile(r'^(\w+) = ""[ \t]*$', re.MULTILINE)
_OPEN_QUESTION = re.compile(r"^ask = .*\n?", re.MULTILINE)
_FRONT = re.compile(r"\A\+\+\+\n.*?^\+\+\+[ \t]*\n", re.DOTALL | re.MULTILINE)
_NO_TEXT = ("#", "!", "[[")  # what a line without a passage begins with


class DraftError(Exception):
    """Raised when there is nothing to look at yet; the message is one line with the reason."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A copy of a folder that can be served; `errors` are the folder's own, still to mend."""

    folder: Path
    content: Content
    data: Path
    errors: int


@contextmanager
def draft(folder: Path) -> Iterator[Draft]:
    """Make a draft of a content folder, for as long as it is looked at.

    Raises DraftError or ContentError.
    """
    if not (folder / "source.toml").is_file():
        raise DraftError(f"{folder} has no source.toml: it is no folder that “learn new” made.")
    _content, errors = read_content(texts(), folder)
    with tempfile.TemporaryDirectory(prefix="learn-draft-") as temporary:
        copy = Path(temporary) / folder.absolute().name
        _copy(folder, copy)
        yield Draft(copy, _filled(copy), Path(temporary) / "data", len(errors))


def _copy(folder: Path, copy: Path) -> None:
    """Copy the files of a course. Raises DraftError."""
    try:
        shutil.copytree(folder, copy, ignore=_left_out)
    except shutil.Error as error:
        source, _target, reason = error.args[0][0]
        raise DraftError(f"{source} can’t be copied: {reason}") from error


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Return what is hidden, kept versions, what is no file, and links to a folder around it."""
    around = Path(folder).resolve()

    def is_part(path: Path) -> bool:
        return path.is_file() or (path.is_dir() and not around.is_relative_to(path.resolve()))

    return {
        name
        for name in names
        if name.startswith(".") or name == "versions" or not is_part(Path(folder, name))
    }


def _filled(folder: Path) -> Content:
    """Fill what is missing, and return the content. Raises ContentError if it can't be read."""
    for path in folder.rglob("*.toml"):
        if path.name != "sentences.toml" and path.is_file():
            _edit(path, _filled_ledger if path.name == "source.toml" else _filled_toml)
    for path in (*folder.glob("lessons/*.md"), *folder.glob("pages/*.md")):
        _edit(path, _filled_lesson if path.parent.name == "lessons" else _filled_page)
    for _ in range(5):  # what is left out can leave others without what they need
        content, errors = read_content(texts(), folder)
        if not _leave_out(folder, errors):
            break
    if not content.lessons or not content.ledger.document.title:
        raise InvalidContentError(errors) if errors else DraftError("There is no lesson yet.")
    return content


def _edit(path: Path, edit: Callable[[str], str]) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        path.unlink()
        return
    path.write_text(edit(text), encoding="utf-8")


def _filled_toml(text: str) -> str:
    return _EMPTY.sub(rf'\1 = "{NOT_YET}"', text)


def _filled_ledger(text: str) -> str:
    return _filled_toml(_OPEN_QUESTION.sub("", text))


def _filled_page(text: str) -> str:
    front = _FRONT.match(text)
    if front is None:
        return text
    body = text[front.end() :]
    if not body.strip() or body.lstrip().startswith(_NO_TEXT):
        body = f"\n{NOT_YET} {{us}}\n{body}"
    return _EMPTY.sub(rf'\1 = "{NOT_YET}"', front.group()) + body


def _filled_lesson(text: str) -> str:
    filled = _filled_page(text)
    if not re.search(r"^!ask ", filled, re.MULTILINE):
        filled = f"{filled.rstrip()}\n\n## Ask your care team\n\n{NOT_YET} {{us}}\n\n!ask {_ASK}\n"
    return filled


def _leave_out(folder: Path, errors: list[ContentError]) -> bool:
    """Delete objectives, and lessons that can't be parsed; return whether there were any."""
    root = f"{folder.parent.name}/{folder.name}/"
    found = False
    for error in errors:
        name = error.file.removeprefix(root)
        is_question = name.startswith("bank/") and name.endswith(".toml")
        is_broken = name.startswith("lessons/") and "not valid TOML" in error.message
        path = folder / name
        if (is_question or is_broken) and path.is_file():
            path.unlink()
            found = True
    return found
