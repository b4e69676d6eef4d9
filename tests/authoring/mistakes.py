"""A mistake in the real content, and the files of content that such mistakes are made in."""

from __future__ import annotations

from dataclasses import dataclass

from learn.library.read_content import FOLDER


def lesson_file(slug: str) -> str:
    """Return the name of a lesson's file, whatever its number."""
    (path,) = FOLDER.glob(f"lessons/[0-9][0-9]-{slug}.md")
    return f"lessons/{path.name}"


REMISSION = "bank/classification/remission.toml"
BUILDUP = "bank/treatment/what-results-tell.toml"
HIDES = "bank/when-to-call/fever-first.toml"
BLOOD_JOBS_TOGETHER = "bank/blood-cells/blood-jobs-together.toml"
BLOOD_STEM_CELLS = "bank/blood-cells/blood-stem-cells.toml"
BONE_MARROW = "bank/blood-cells/bone-marrow.toml"
KINDS_OF_WHITE_CELLS = "bank/blood-cells/kinds-of-white-cells.toml"
PLATELETS_JOB = "bank/blood-cells/platelets-job.toml"
WHAT_IS_ALL = lesson_file("what-is-all")
MARROW_AND_STEM_CELLS = lesson_file("marrow-and-stem-cells")
WHY_BLOOD_STEM_CELLS_MATTER = lesson_file("why-blood-stem-cells-matter")
WHAT_HEALTHY_BLOOD_CELLS_DO = lesson_file("what-healthy-blood-cells-do")
HOW_ALL_IS_FOUND = lesson_file("how-all-is-found")
TREATMENT = lesson_file("treatment")
TYPES_OF_ALL = lesson_file("types-of-all")
B_CELL_ALL = lesson_file("b-cell-all")
STANDS = lesson_file("where-all-stands")
CAUSES = lesson_file("what-causes-all")
LEDGER = "source.toml"
GLOSSARY = "glossary.toml"
FIGURE = "figures/four-words.svg"
ABOUT = "pages/about.md"
TOPICS = "topics.toml"

TOP = r"\A"
QUESTION = r"(?<=^\[\[question\]\]\n)id = "
HARD = "Considerable differentiation necessitates extraordinary regulation everywhere. "
LONG = f"I{' x' * 19}. "
NEW_FACT = '\n[[fact]]\nid = "F99"\nsection = "S3"\nsays = "A cat has nine lives."\n'


@dataclass(frozen=True)
class Mistake:
    """What somebody does to `file`, and what is said about it.

    The first match of `find` becomes `put`; the error stands on the line of the last match of `at`
    that is not below it. `more` changes other files too.
    """

    kind: str
    file: str
    find: str
    put: str
    at: str
    says: str
    more: tuple[tuple[str, str, str], ...] = ()

    @property
    def files(self) -> set[str]:
        """All files that it changes."""
        return {self.file, *(file for file, _, _ in self.more)}
