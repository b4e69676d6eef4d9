"""`learn check` finds each kind of mistake in the real content, and names its file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from learn.authoring.report import check
from learn.config import texts
from learn.library.read_content import FOLDER
from questions.bank import FOLDER as BANK
from tests.authoring.broken_files import BROKEN
from tests.authoring.mistakes import Mistake
from tests.authoring.poor_writing import POOR

MISTAKES = [*BROKEN, *POOR]


@dataclass(frozen=True)
class Found:
    """Where a mistake was made, and all that is said of the content then."""

    place: str
    errors: tuple[str, ...]


def copied(folder: Path) -> Path:
    """A copy of all content, named as the real one is."""
    library = folder / "learn" / "library"
    shutil.copytree(FOLDER, library, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(BANK, library / "bank")
    shutil.copytree(BANK.parent / "figures", library / "figures")
    return library


def batches(mistakes: list[Mistake]) -> Iterator[list[Mistake]]:
    """Mistakes that can be made together: each file is changed by one of them."""
    while mistakes:
        batch: list[Mistake] = []
        taken: set[str] = set()
        for mistake in mistakes:
            if not taken & mistake.files:
                batch.append(mistake)
                taken |= mistake.files
        yield batch
        mistakes = [mistake for mistake in mistakes if mistake not in batch]


def make(mistake: Mistake, library: Path) -> str:
    """Make the mistake; return the file and the line where it should be found."""
    end = change(library / mistake.file, mistake.find, mistake.put)
    for file, find, put in mistake.more:
        change(library / file, find, put)
    text = (library / mistake.file).read_text()
    start = [m.start() for m in re.finditer(mistake.at, text, re.MULTILINE) if m.start() < end][-1]
    line = text.count("\n", 0, start) + 1
    name = mistake.file if mistake.file.startswith("bank/") else f"learn/library/{mistake.file}"
    return f"{name}:{line}: "


def change(path: Path, find: str, put: str) -> int:
    """Put `put` in place of the first match of `find`; where in the text that ends."""
    text = path.read_text()
    match = re.search(find, text, re.MULTILINE)
    assert match, f"{path.name} has no {find}"
    new = match.expand(put)
    path.write_text(text[: match.start()] + new + text[match.end() :])
    return match.start() + len(new)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[Mistake, Found]:
    """What is said about each mistake, from few checks of all content."""
    said: dict[Mistake, Found] = {}
    for batch in (*batches(BROKEN), *batches(POOR)):
        library = copied(tmp_path_factory.mktemp("mistakes"))
        places = {mistake: make(mistake, library) for mistake in batch}
        errors = tuple(str(error) for error in check(texts({}), library).errors)
        said |= {mistake: Found(place, errors) for mistake, place in places.items()}
    return said


def test_at_least_25_kinds_of_mistakes_are_seeded():
    assert len({mistake.kind for mistake in MISTAKES}) == len(MISTAKES) >= 25


def test_the_real_content_has_no_errors():
    assert [str(error) for error in check(texts({})).errors] == []


def test_a_copy_of_the_content_has_no_errors(tmp_path):
    assert [str(error) for error in check(texts({}), copied(tmp_path)).errors] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.kind)
def test_a_seeded_mistake_is_reported_with_file_and_line(found, mistake):
    if "grade" in mistake.says:
        pytest.importorskip("textstat")
    place, errors = found[mistake].place, found[mistake].errors

    assert [e for e in errors if e.startswith(place) and mistake.says in e], errors
