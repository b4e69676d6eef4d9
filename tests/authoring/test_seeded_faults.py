"""`learn check` finds each kind of slip in the real content, and names its file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from learn.authoring.overlap import FILE, runs_of
from learn.authoring.report import check
from learn.config import texts
from learn.library.content import FOLDER
from questions.bank import FOLDER as BANK


def lesson_file(slug: str) -> str:
    """Return the name of a lesson's file, whatever its number."""
    (path,) = FOLDER.glob(f"lessons/[0-9][0-9]-{slug}.md")
    return f"lessons/{path.name}"


REMISSION = "bank/classification/remission.toml"
UNTREATED = "bank/classification/untreated.toml"
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
class Slip:
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


BROKEN = [
    # the bank
    Slip("a misspelled key", REMISSION, "^you_can =", "you_could =", TOP, "missing key “you_can”"),
    Slip(
        "no valid TOML",
        BLOOD_JOBS_TOGETHER,
        "^you_can = ",
        "you_can = = ",
        "^you_can",
        "not valid TOML",
    ),
    Slip(
        "an id used twice",
        BLOOD_STEM_CELLS,
        r'(?s)(\nid = "([^"]+)"\nkind.*?\n)id = "[^"]+"(?=\nkind)',
        r'\1id = "\2"',
        QUESTION,
        "is used twice",
    ),
    Slip(
        "two keys in a choice",
        BONE_MARROW,
        r'^misconception = "[^"]+"$',
        "right = true",
        r"^\[\[question\]\]",
        "a choice needs exactly one right option, not 2",
    ),
    Slip(
        "an unknown misconception",
        KINDS_OF_WHITE_CELLS,
        '^misconception = "',
        'misconception = "no-such-',
        "^misconception = ",
        "unknown misconception “no-such-",
    ),
    Slip(
        "a question about what the lesson does not teach",
        REMISSION,
        r'(?<=\n)facts = \["F30"\]',
        'facts = ["F69"]',
        QUESTION,
        "F69 is not taught in the lesson",
    ),
    Slip(
        "an answer without a why",
        PLATELETS_JOB,
        '^why = ".*"\n',
        "",
        r"^\[\[question.option",
        "missing key “why”",
    ),
    Slip(
        "an unknown word on when to call",
        UNTREATED,
        '^safety = "call-now"',
        'safety = "call-later"',
        "^safety = ",
        "unknown safety “call-later”: call-911, call-now, next-visit",
    ),
    # lessons
    Slip(
        "a sentence without a fact",
        STANDS,
        r"\{us\}$",
        "",
        "^",
        "no marker says what this rests on",
    ),
    Slip("an unknown fact", WHAT_IS_ALL, r"\{us\}", "{F999}", "^", "unknown fact “F999”"),
    Slip(
        "a fact that is not taught", CAUSES, r"\{us\}", "{F18}", "^", "F18 is not taught: The comp"
    ),
    Slip(
        "a fact of another section",
        MARROW_AND_STEM_CELLS,
        r"\{us\}",
        "{F17}",
        "^",
        "F17 belongs to S2: say",
    ),
    Slip(
        "a term that nobody explains",
        WHY_BLOOD_STEM_CELLS_MATTER,
        r" \[\[",
        " [[spleen]] [[",
        "^",
        "“spleen” is not in",
    ),
    Slip(
        "a picture that is not there",
        WHAT_HEALTHY_BLOOD_CELLS_DO,
        "^!figure ",
        "!figure a-",
        "^!f",
        "unknown figure",
    ),
    Slip(
        "a pause without an answer",
        lesson_file("t-cell-all"),
        r"^(!pause [^|]*)\|.*",
        r"\1",
        "^!pause",
        "a pause is written as",
    ),
    Slip(
        "a pause whose answer names no fact",
        lesson_file("mixed-phenotype"),
        r"^(!pause .*) \{[^}]*\}",
        r"\1",
        "^!pause",
        "no marker says what this rests on",
    ),
    Slip(
        "a pause on what the lesson does not teach",
        lesson_file("ph-positive-all"),
        r"^(!pause .*) \{[^}]*\}",
        r"\1 {F17}",
        "^!pause",
        "F17 is not taught in the lesson “ph-positive-all”",
    ),
    Slip(
        "no question for the team",
        HOW_ALL_IS_FOUND,
        r"(?s)^!ask .*\Z",
        "",
        TOP,
        "a lesson ends with one or more !ask",
    ),
    Slip(
        "a section that is not there", STANDS, '"S3"', '"S3", "S99"', TOP, "unknown section “S99”"
    ),
    # the points of a lesson
    Slip(
        "a point of another lesson",
        STANDS,
        r'\["F29"\]',
        '["F69"]',
        r"^\[\[po",
        "F69 is not taught in",
    ),
    # the ledger
    Slip("a fact used twice", LEDGER, 'id = "F2"', 'id = "F1"', "^id", "“F1” is used twice"),
    Slip("a fact of no section", LEDGER, '^section = "S1"', 'section = "S99"', "^sec", "“S99”"),
    Slip(
        "a note on no fact", LEDGER, r'^facts = \["F44"\]', 'facts = ["F999"]', "^facts", "“F999”"
    ),
    # glossary, pictures, pages, topics
    Slip("a term on no fact", GLOSSARY, r"^facts = \[", 'facts = ["F999", ', r"^\[", "“F999”"),
    Slip(
        "one name for two terms",
        GLOSSARY,
        r'(?<=^term = ")cancer"',
        'leukemia"',
        r"^\[",
        "“leukemia” names two terms",
    ),
    Slip("a picture without words", FIGURE, "(?s)<desc.*</desc>", "", TOP, "needs a <desc>"),
    Slip(
        "a picture with styles", FIGURE, "<path ", '<path style="x" ', "<path ", "not allowed in a"
    ),
    Slip("a page without a title", ABOUT, "^title = .*\n", "", "^id", "missing key “title”"),
    Slip("a topic without a text", TOPICS, "^about = .*\n", "", r"^\[", "missing key “about”"),
]
"""Files that can't be read, or that name what is not there: only this is said."""

POOR = [
    # the rules of writing
    Slip(
        "a sign that nobody is told what to do about",
        UNTREATED,
        '^safety = "call-now"\n',
        "",
        QUESTION,
        "untreated-whose: without-safety: “fever”",
    ),
    Slip(
        "a fever that waits",
        UNTREATED,
        '^safety = "call-now"',
        'safety = "next-visit"',
        QUESTION,
        "untreated-whose: cannot-wait: “fever”",
    ),
    Slip(
        "all of the above",
        REMISSION,
        '^text = ".*"',
        'text = "All of the above"',
        QUESTION,
        "options-together",
    ),
    Slip("a verdict", BLOOD_JOBS_TOGETHER, '^why = "', 'why = "Not quite. ', QUESTION, "verdict"),
    Slip(
        "a why that is too long",
        BLOOD_STEM_CELLS,
        '^why = "',
        f'why = "{"Ask your team again. " * 15}',
        QUESTION,
        "long-why",
    ),
    Slip("an ask without an end", BONE_MARROW, r'^(ask = ".*)\?"$', r'\1"', QUESTION, "ask-ends"),
    # the points of a lesson
    Slip(
        "an unkind point",
        STANDS,
        "^text = .",
        r"\g<0>It failed. ",
        r"^\[\[po",
        "do not use: “failed”",
    ),
    Slip(
        "a point that is hard to read",
        WHAT_IS_ALL,
        r"^text = .*",
        f'text = "{HARD.strip()}"',
        TOP,
        "of its points, with plain words: at most 6",
    ),
    # language
    Slip(
        "an unkind word",
        KINDS_OF_WHITE_CELLS,
        '^why = "',
        'why = "An error. ',
        QUESTION,
        "we do not use",
    ),
    Slip(
        "a British spelling",
        GLOSSARY,
        '^meaning = "',
        'meaning = "A tumour. ',
        r"^\[",
        "British spelling: “tumour”",
    ),
    Slip(
        "a straight quote",
        MARROW_AND_STEM_CELLS,
        r" \{us\}",
        " It's so. {us}",
        "^",
        "straight quote: “It's”",
    ),
    Slip("a dash", LEDGER, '^we = "', 'we = "So – here. ', r"^\[\[note\]\]", "a dash as"),
    Slip("two spaces", ABOUT, r" \{us\}", " So  it is. {us}", "^", "two spaces in a row"),
    Slip(
        "patients by illness",
        TOPICS,
        '^about = "',
        'about = "ALL patients. ',
        r"^\[",
        "a person is",
    ),
    Slip(
        "an unkind picture", FIGURE, "</desc>", " An error.</desc>", TOP, "desc: a word we do not"
    ),
    # voice
    Slip(
        "no contraction",
        lesson_file("types-of-all"),
        r" \{us\}",
        " You do not have to. {us}",
        "^",
        "people would use a contraction: “do not”",
    ),
    Slip(
        "an odd phrase",
        lesson_file("t-cell-all"),
        r" \{us\}",
        " See whom you can ask. {us}",
        "^",
        "this sounds odd: “whom”; better: who",
    ),
    Slip(
        "a claim of our own",
        lesson_file("mixed-phenotype"),
        r" \{us\}",
        " It often causes a fever. {us}",
        "^",
        "“causes” is a medical claim: name its source",
    ),
    Slip(
        "talk of the source",
        lesson_file("where-to-find-help"),
        r" \{us\}",
        " Our editors chose these. {us}",
        "^",
        "readers have no use for “Our editors” here",
    ),
    Slip(
        "short sentences all over",
        lesson_file("at-home-during-treatment"),
        r" \{us\}",
        f" {'Ask your team. ' * 6}{{us}}",
        "^",
        "sentences have 6 words or fewer, 1 in 5 at most",
    ),
    Slip(
        "denials all over",
        lesson_file("ph-positive-all"),
        r" \{us\}",
        f" {'That isn’t what anyone meant when they told you so. ' * 4}{{us}}",
        "^",
        "say what isn’t so, 1 in 6 at most",
    ),
    Slip(
        "a term without its meaning",
        lesson_file("if-you-care-for-someone"),
        r" \{us\}",
        " Ask them about granulocytes. {us}",
        "^",
        "say here what “granulocytes” means",
    ),
    # lengths and reading level
    Slip(
        "a long sentence",
        WHY_BLOOD_STEM_CELLS_MATTER,
        r" \{us\}",
        f" You{' may' * 21} ask. {{us}}",
        "^",
        "23 words, 22 at most in a sentence",
    ),
    Slip(
        "a long block",
        WHAT_HEALTHY_BLOOD_CELLS_DO,
        r"(?s)(\n## .*?) \{us\}",
        rf"\1 {'Ask your team. ' * 27}{{us}}",
        "^## ",
        "a block has at most 80",
    ),
    Slip("a long lesson", CAUSES, r" \{us\}", f" {'Ask. ' * 200}{{us}}", TOP, "180 to 400"),
    Slip(
        "long sentences all over",
        HOW_ALL_IS_FOUND,
        r" \{us\}",
        f" {LONG * 40}{{us}}",
        TOP,
        "at most 14 on average",
    ),
    Slip(
        "passive voice",
        STANDS,
        r"^(.*)\{F31\}",
        r"\1" + "It is called that. " * 9 + "{F31}",
        "^A stage",
        "sentences are passive, 1 in 10 at most",
    ),
    Slip(
        "a term used before it is explained",
        STANDS,
        r"\{F31\}",
        "{F31} It is not anemia. {us}",
        "^",
        "“anemia” stands here before [[anemia]] is marked",
        more=((STANDS, r"(?=\n\n!ask)", " It is not [[anemia]]. {us}"),),
    ),
    Slip(
        "too many new terms",
        TREATMENT,
        r"(?s)(\n## .*?) \{us\}",
        r"\1 [[anemia]] [[antibody]] [[platelet]] [[oxygen]]. {us}",
        "^## ",
        "new terms: a block explains at most 3",
    ),
    Slip(
        "words that are too hard",
        TYPES_OF_ALL,
        r" \{us\}",
        f" {HARD * 60}{{us}}",
        TOP,
        "Kincaid grade",
    ),
    # coverage
    Slip(
        "a fact that is nowhere", LEDGER, r"\Z", NEW_FACT, r"^\[\[fact", "F99 is not taught, and no"
    ),
    Slip(
        "a fact that nobody asks",
        LEDGER,
        r"\Z",
        NEW_FACT,
        r"^\[\[fact",
        "F99 is taught in “where-all-stands”, but no question asks about it",
        more=((STANDS, r"\{us\}", "{F99}"),),
    ),
    Slip(
        "a fact of a main topic that is asked once",
        LEDGER,
        r"\Z",
        NEW_FACT,
        r"^\[\[fact",
        "F99 belongs to a main topic, but “remission-belongs” alone asks about it",
        more=(
            (STANDS, r"\{us\}", "{F99}"),
            (REMISSION, r'^facts = \["F30"\]$', 'facts = ["F30", "F99"]'),
        ),
    ),
    Slip(
        "a wrong idea that no answer stands for",
        PLATELETS_JOB,
        r"\A(?s:.*?)(?=^\[misconceptions)",
        r'\g<0>[misconceptions.cats]\nbelief = "Cats."\ntruth = "No cats."\n\n',
        "^id",
        "no wrong answer stands for the misconception “cats”",
    ),
    Slip(
        "a section without a lesson",
        LEDGER,
        r"\Z",
        '\n[[section]]\nid = "S99"\nheading = "More"\n',
        r"^\[\[section",
        "S99 has no lesson",
    ),
    # overlap
    Slip(
        "the words of the source",
        B_CELL_ALL,
        r" \{us\}",
        " A cat that’s old, gray and blind can still sing. {us}",
        "^",
        "these are the source’s own words: “a cat that's old gray and blind can”",
        more=((FILE, r"\Z", runs_of("a cat that's old, gray and blind can")[0] + "\n"),),
    ),
]
"""Files that can be read, with what should not be in them."""

SLIPS = [*BROKEN, *POOR]


@dataclass(frozen=True)
class Found:
    """Where a slip was made, and all that is said of the content then."""

    place: str
    errors: tuple[str, ...]


def copied(folder: Path) -> Path:
    """A copy of all content, named as the real one is."""
    library = folder / "learn" / "library"
    shutil.copytree(FOLDER, library, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(BANK, library / "bank")
    shutil.copytree(BANK.parent / "figures", library / "figures")
    return library


def batches(slips: list[Slip]) -> Iterator[list[Slip]]:
    """Slips that can be made together: each file is changed by one of them."""
    while slips:
        batch: list[Slip] = []
        taken: set[str] = set()
        for slip in slips:
            if not taken & slip.files:
                batch.append(slip)
                taken |= slip.files
        yield batch
        slips = [slip for slip in slips if slip not in batch]


def make(slip: Slip, library: Path) -> str:
    """Make the slip; return the file and the line where it should be found."""
    end = change(library / slip.file, slip.find, slip.put)
    for file, find, put in slip.more:
        change(library / file, find, put)
    text = (library / slip.file).read_text()
    start = [m.start() for m in re.finditer(slip.at, text, re.MULTILINE) if m.start() < end][-1]
    line = text.count("\n", 0, start) + 1
    name = slip.file if slip.file.startswith("bank/") else f"learn/library/{slip.file}"
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
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[Slip, Found]:
    """What is said about each slip, from few checks of all content."""
    said: dict[Slip, Found] = {}
    for batch in (*batches(BROKEN), *batches(POOR)):
        library = copied(tmp_path_factory.mktemp("slips"))
        places = {slip: make(slip, library) for slip in batch}
        errors = tuple(str(error) for error in check(texts({}), library).errors)
        said |= {slip: Found(place, errors) for slip, place in places.items()}
    return said


def test_at_least_25_kinds_of_mistakes_are_seeded():
    assert len({slip.kind for slip in SLIPS}) == len(SLIPS) >= 25


def test_the_real_content_has_no_errors():
    assert [str(error) for error in check(texts({})).errors] == []


def test_a_copy_of_the_content_has_no_errors(tmp_path):
    assert [str(error) for error in check(texts({}), copied(tmp_path)).errors] == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.kind)
def test_a_seeded_mistake_is_reported_with_file_and_line(found, slip):
    if "grade" in slip.says:
        pytest.importorskip("textstat")
    place, errors = found[slip].place, found[slip].errors

    assert [e for e in errors if e.startswith(place) and slip.says in e], errors
