"""What the Markdown files say of each other, of commands, of tests, and of dependencies is true."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest

from learn import rate_limits
from learn.library.prose import ElementKind
from tests.our_content import our_content

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DECISIONS = [p for p in sorted(DOCS.glob("decisions/*.md")) if p.name != "README.md"]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r'\]\(([^)\s]+)\)|<img src="([^"]+)"')
_CODE = re.compile(r"`([^`]+)`")


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text())


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Each link to a file of ours, with the heading that it names."""
    text = _CODE.sub(lambda match: match.group() if "](" not in match.group() else "", prose(page))
    for match in _LINK.finditer(text):
        target = match.group(1) or match.group(2)
        if not target.startswith(("https://", "http://", "mailto:")):
            file, _, heading = unquote(target).partition("#")
            yield (page.parent / file).resolve() if file else page, heading


def headings(page: Path) -> set[str]:
    """Return the anchors that a repository's web page gives to the headings."""
    anchors: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = next((n for n in range(1, 100) if f"{anchor}-{n}" not in anchors), 0)
        anchors.add(anchor if anchor not in anchors else f"{anchor}-{number}")
    return anchors


# links


@each_page
def test_every_link_leads_to_a_file_and_a_heading(page):
    for file, heading in links(page):
        assert file.exists(), file
        assert file.is_relative_to(ROOT)
        assert not heading or heading in headings(file), f"{file}#{heading}"


def test_every_page_and_picture_can_be_reached_from_the_readme():
    reached, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page not in reached:
            reached.add(page)
            left += [file for file, _ in links(page)] if page.suffix == ".md" else []

    assert {*PAGES, *DOCS.glob("pictures/*")} <= reached


def test_pictures_are_small():
    for picture in DOCS.glob("pictures/*"):
        assert picture.stat().st_size < 60_000, picture


# lengths


@pytest.mark.parametrize(("name", "most"), [("README.md", 80), ("CONTRIBUTING.md", 150)])
def test_the_first_pages_stay_short(name, most):
    assert len((ROOT / name).read_text().splitlines()) <= most


# decisions


@pytest.mark.parametrize("page", DECISIONS, ids=lambda p: p.stem)
def test_every_decision_has_a_date_and_a_reason(page):
    _, *decisions = re.split(r"^## ", page.read_text(), flags=re.MULTILINE)

    assert decisions
    for decision in decisions:
        assert re.match(r".+\n\n\*20\d\d-\d\d-\d\d\.\* \S", decision), decision


# commands


def mentioned(page: Path) -> Iterator[list[str]]:
    """Each `learn …` on the page, in code of its own or in a line, as words after `learn`."""
    text = page.read_text()
    lines = [line for block in _FENCE.findall(text) for line in block.splitlines()[1:-1]]
    for code in (*lines, *_CODE.findall(_FENCE.sub("", text))):
        match = re.search(r"^(?:[A-Z_]+=\S+ )*(?:\S*/)?learn (.*)$", " ".join(code.split()))
        if match:
            words = shlex.split(match.group(1), comments=True)
            yield words[: words.index("…")] if "…" in words else words


@pytest.fixture
def help_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """What `learn … --help` prints."""
    module, _, name = PROJECT["project"]["scripts"]["learn"].partition(":")
    main = getattr(import_module(module), name)

    def shown(*path: str) -> str:
        monkeypatch.setattr("sys.argv", ["learn", *path, "--help"])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code in (0, None), path
        return capsys.readouterr().out

    return shown


@each_page
def test_every_command_is_documented_with_its_options(page, help_of):
    for words in mentioned(page):
        if words[:1] == ["--content"]:
            words = words[2:]  # noqa: PLW2901 - for all commands
        path: list[str] = []
        while "COMMAND" in (shown := help_of(*path)) and len(words) > len(path):
            command = words[len(path)]
            if not re.fullmatch("[a-z]+", command):
                break
            assert re.search(rf"^\s+{command}\b", shown, re.MULTILINE), words
            path.append(command)
        for word in words:
            if word.startswith("--"):
                assert re.search(rf"{word}\b", shown), words


def test_documented_commands_are_found():
    commands = [words for page in PAGES for words in mentioned(page)]

    assert ["source", "accept", "F12", "--by", "Dr. Lee"] in commands
    assert ["--content", "FOLDER", "check"] in commands
    assert ["demo", "--remove"] in commands
    assert len(commands) > 40


# tests and dependencies


@pytest.mark.parametrize("page", ["security.md", "security-asvs.md"])
def test_every_test_named_in_security_exists(page):
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (DOCS / page).read_text())

    assert len(named) > 50
    for file, test in named:
        assert f"\ndef {test}(" in (ROOT / "tests" / file).read_text(), f"{file}::{test}"


def test_each_requirement_of_the_standard_is_answered_once():
    """OWASP ASVS 5.0.0 has 253 at levels 1 and 2, and how many of each is said at the top."""
    page = (DOCS / "security-asvs.md").read_text()
    rows = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| [12] \| [^|]+ \| "
        r"(\*\*(?:Met|Operator|Not met)\.\*\*|Not applicable:) ([^|]+) \|$",
        page,
        re.MULTILINE,
    )
    states = Counter(state.strip("*:.") for _, state, _ in rows)

    assert len(rows) == len({number for number, _, _ in rows}) == 253
    said = [int(number) for number in re.findall(r"\b\d+\b", page[page.index("Of 253") :])[:5]]
    names = ("Met", "Not applicable", "Operator", "Not met")
    assert said == [253, *(states[name] for name in names)]


def test_the_sample_proxy_configuration_does_what_is_left_to_the_proxy():
    page = (DOCS / "security-asvs.md").read_text()
    sample = (DOCS / "deploy" / "nginx.conf").read_text() + (DOCS / "operations.md").read_text()
    matches = re.findall(r"\*\*Operator\.\*\* (.+) \|$", page, re.MULTILINE)
    lines = [line for text in matches for line in re.findall(r"`([a-z_]+(?: [\w:/.]+)*)`", text)]

    assert len(lines) > 5
    for line in lines:
        assert line in sample, line


def test_every_dependency_is_in_the_table_of_decisions():
    wanted = [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["documents"],
        *PROJECT["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=~!; ]", requirement)[0] for requirement in wanted}
    page = (DOCS / "decisions" / "structure-and-dependencies.md").read_text()
    cells = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)
    explained = {name for cell in cells for name in cell.split(", ")}

    assert names - explained == set()


def test_the_limits_in_the_docs_are_those_in_the_code():
    matches = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| (\d+) in (?:a|(\d+)) minutes? \| ([^|]+) \|$",
        (DOCS / "security.md").read_text(),
        re.MULTILINE,
    )
    assert matches == [
        (at.what, at.per, str(at.maximum), "" if at.minutes == 1 else str(at.minutes), at.why)
        for at in rate_limits.TABLE
    ]


# counts


def test_the_list_of_what_is_new_counts_the_lessons_and_pictures_that_there_are():
    content = our_content()
    lessons = content.lessons.values()
    from_document = sum(bool(lesson.sections) for lesson in lessons)
    steps = {
        element.name
        for lesson in lessons
        for block in lesson.text.all_blocks
        for element in block.elements
        if element.kind is ElementKind.STEPS
    }
    names = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    names += " fifteen sixteen seventeen eighteen nineteen"
    digits = names.split()[:10]
    word = names.split()
    for tens in ("twenty", "thirty", "forty", "fifty"):
        word += [tens, *(f"{tens}-{digit}" for digit in digits[1:])]
    said = " ".join((ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split())

    assert f"{word[len(lessons)].capitalize()} lessons." in said
    assert f"{word[from_document].capitalize()} cover the whole document" in said
    others = word[len(lessons) - from_document].capitalize()
    passages = (p.plain for block in content.pages["about"].text.all_blocks for p in block.running)
    about = " ".join(passages)
    assert f"{others} more rest on added sources" in said
    assert f"{others} lessons are based on other sources" in about
    assert f"Pictures in every lesson, {word[len(steps)]} of them in steps" in said
