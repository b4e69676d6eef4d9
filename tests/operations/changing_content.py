"""A copy of the content in which an editor corrects the key of a question, again and again."""

from __future__ import annotations

import shutil
from pathlib import Path

from learn.config import texts
from learn.library.content import Content
from learn.library.read_content import load_content
from questions.model import Question

_ROOT = Path(__file__).parents[2]
_STEP = "[[question.step]]"


class ChangingContent:
    """A content folder; `versions` has each version of its questions so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(_ROOT / "learn" / "library", folder, ignore=_modules)
        for name in ("bank", "figures"):
            shutil.copytree(_ROOT / "questions" / name, folder / name, ignore=_modules)
        self.versions: dict[tuple[str, str], Question] = {}
        self.now = self._read()

    def with_steps(self) -> list[Question]:
        """Return the questions whose key can be changed here: those of the kind “order”."""
        return [q for q in self.now.bank.questions.values() if q.kind == "order"]

    def lesson_of(self, question: Question) -> str:
        """The lesson that a question belongs to."""
        return self.now.bank.objectives[question.objective].lesson

    def change_key(self, question: str) -> None:
        """Exchange the first two steps of a question: another order is right from now on."""
        objective = self.now.bank.questions[question].objective
        path = next(self.folder.glob(f"bank/*/{objective}.toml"))
        before, begin, rest = path.read_text().partition(f'id = "{question}"\n')
        head, first, second, *others = rest.split(_STEP)
        path.write_text(before + begin + _STEP.join([head, second, first, *others]))
        self.now = self._read()

    def _read(self) -> Content:
        found = load_content(texts({}), self.folder)
        self.versions |= {(q.id, q.version): q for q in found.bank.questions.values()}
        return found


def _modules(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".py") or name == "__pycache__"]
