"""`learn new`: a content folder from a document."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.learn.source_workspace import SourceWorkspace, assert_fails_with, make_workspace
from tests.second_document import TEXT, TOPIC


@pytest.fixture
def empty_workspace(tmp_path: Path) -> SourceWorkspace:
    """Nothing is there yet but a document."""
    return make_workspace(tmp_path)


def test_new_writes_a_folder_that_says_what_is_left_to_do(empty_workspace):
    workspace = empty_workspace
    result = workspace.run("new", workspace.content_dir, workspace.document)

    assert result.returncode == 0, result.stderr
    assert result.stdout == (
        f"5 sections and 24 sentences, in {workspace.content_dir}\n"
        "Read: 5 headings, 6 paragraphs, and 4 list items. Does the document have as many?\n"
        f"Next: read {workspace.content_dir / 'README.md'}\n"
    )
    assert {p.name for p in workspace.content_dir.iterdir()} >= {
        "README.md", "source.toml", "sentences.toml", "source-runs.txt", "topics.toml",
        "glossary.toml", "lessons", "figures", "pages", "bank",
    }  # fmt: skip
    assert len([*workspace.content_dir.glob("lessons/*.md")]) == 5
    assert len([*workspace.content_dir.glob(f"bank/{TOPIC}/*.toml")]) == 5
    assert str(workspace.content_dir) in (workspace.content_dir / "README.md").read_text()
    assert workspace.check().returncode == 0
    whole = "\n".join(p.read_text() for p in workspace.content_dir.rglob("*.*") if p.is_file())
    assert "soil is still cool" not in whole


def errors_after(workspace: SourceWorkspace, text: str) -> list[str]:
    """What `learn check` finds in the folder that `learn new` makes of `text`."""
    workspace.document.write_text(text, encoding="utf-8")
    made = workspace.run("new", workspace.content_dir, workspace.document)
    assert (made.returncode, made.stderr) == (0, "")
    again = workspace.check()
    assert (again.returncode, again.stderr) == (0, ""), again.stdout
    result = workspace.run("--content", workspace.content_dir, "check", "--all")
    assert (result.returncode, result.stderr) == (1, "")
    *errors, counts, last = result.stdout.splitlines()
    assert re.fullmatch(r"\d+ lessons?, .*\.", counts)
    assert last == f"{len(errors)} errors."
    for error in errors:
        assert re.match(r"(?:\S+/)?(?:garden|bank)/[\w./-]+:\d+: \S", error), error
    assert not [f for f in errors if "not valid TOML" in f or "twice" in f or "bad id" in f]
    return errors


def test_check_names_file_and_line_in_a_new_folder(empty_workspace):
    errors = errors_after(empty_workspace, TEXT)

    assert sum("“says” is empty" in f for f in errors) == 24
    for said in (
        "garden/source.toml:6: “publisher” is empty",
        "garden/lessons/02-watering-the-beds.md:6: “about” is empty",
        "garden/lessons/02-watering-the-beds.md:8: “reviewed_by” is empty",
        f"bank/{TOPIC}/watering-the-beds.toml:4: “you_can” is empty",
        f"bank/{TOPIC}/watering-the-beds.toml:1: an objective needs questions",
        "garden/topics.toml:3: “about” is empty",
        "garden/pages/help.md:5: a page begins with a sentence that says what it is",
    ):
        assert any(f.endswith(said) for f in errors), said


def test_check_says_first_what_to_do_next(empty_workspace):
    workspace = empty_workspace
    workspace.run("new", workspace.content_dir, workspace.document)
    command = ("--content", workspace.content_dir, "check")
    lines = workspace.run(*command).stdout.splitlines()

    facts = f"learn --content {workspace.content_dir} source facts DOCUMENT"
    what = f"write what each fact says, or strike it (24 left): {facts}"
    assert lines[0].startswith("Next: mend ")
    assert lines[0].endswith(f"garden/source.toml:6: “publisher” is empty; then {what}")
    steps = [line.split(":")[0] for line in lines if re.match(r"\w+: \d+ left", line)]
    assert steps == ["source", "lessons", "objectives", "questions", "pages", "signatures"]
    assert sum("“says” is empty (and 23 more like it)" in line for line in lines) == 1
    assert len(lines) < 20
    assert lines[-1] == workspace.run(*command, "--all").stdout.splitlines()[-1]

    source = workspace.content_dir / "source.toml"
    text = source.read_text().replace('publisher = ""', 'publisher = "A hospital"')
    source.write_text(text)
    assert workspace.run(*command).stdout.startswith(f"Next: {what}\n")
    source.write_text(text.replace('says = ""', 'says = "Something."'))
    assert re.match(
        r"Next: write or mend the lesson in \S*garden/lessons/01-[\w-]+\.md\.\n",
        workspace.run(*command).stdout,
    )


@pytest.mark.parametrize(
    ("text", "lessons"),
    [
        ("# Bees\n\nThey hum.\n\n# Ants\n\nThey walk.\n\n# Bees\n\nThey sting.",
         ["01-bees", "02-ants", "03-bees-3"]),
        ("# Bees & Ants\n\nThey hum.\n\n# Bees, Ants!\n\nThey walk.",
         ["01-bees-ants", "02-bees-ants-2"]),
        ("# Bees 3\n\nThey hum.\n\n# Bees\n\nThey walk.\n\n# Bees!\n\nThey sting.",
         ["01-bees-3", "02-bees", "03-bees-3-3"]),
        ("# Bees\n\nThey hum.\n\n##   \n\nThey sting.\n\n#\n\nThey eat.", ["01-bees"]),
        ("# Bees\n\n# Ants\n\nThey walk.", ["02-ants"]),
        ("Before it all.\n\n# Bees\n\nThey hum.", ["01-bees"]),
        ("# ミツバチ\n\nハチ が 飛ぶ.\n\n# Пчёлы\n\nОни летают.", ["01-s1", "02-s2"]),
        ("# “Bees” \"and\" \\ 'ants' \x7f [x] {F1} {{y}}\n\nThey hum.",
         ["01-bees-and-ants-x-f1-y"]),
        (f"# {'Bees ' * 60}\n\nThey hum.", [f"01-{'bees-' * 11}bees"]),
        ("# 2026\n\nThey hum.", ["01-2026"]),
    ],
    ids=["twice", "one-slug", "taken-slug", "no-text", "heading-only", "before", "letters",
         "marks", "long", "number"],
)  # fmt: skip
def test_headings_of_every_style_become_lessons(empty_workspace, text, lessons):
    errors_after(empty_workspace, text)

    assert [p.stem for p in sorted(empty_workspace.content_dir.glob("lessons/*.md"))] == lessons


def test_a_heading_without_text_becomes_a_section_that_is_not_taught(empty_workspace):
    errors_after(empty_workspace, "# Bees\n\n# Ants\n\nThey walk.")
    ledger = tomllib.loads((empty_workspace.content_dir / "source.toml").read_text())

    assert [(s["heading"], s.get("not_taught", "")) for s in ledger["section"]] == [
        ("Bees", "a heading only"),
        ("Ants", ""),
    ]


def test_new_refuses_a_folder_that_is_not_empty(empty_workspace):
    workspace = empty_workspace
    workspace.content_dir.mkdir()
    (workspace.content_dir / "mine.txt").write_text("mine")

    assert_fails_with(
        workspace.run("new", workspace.content_dir, workspace.document),
        "is there already, and not empty.",
    )
    assert [p.name for p in workspace.content_dir.iterdir()] == ["mine.txt"]
    assert_fails_with(
        workspace.run("new", workspace.document, workspace.document),
        "is there already, and not empty.",
    )
    assert_fails_with(
        workspace.run("new", workspace.document / "x", workspace.document),
        "can't be written: Not a dir",
    )


def test_new_accepts_an_empty_folder(empty_workspace):
    empty_workspace.content_dir.mkdir()

    assert (
        empty_workspace.run("new", empty_workspace.content_dir, empty_workspace.document).returncode
        == 0
    )


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"They hum. They sting.\n\nThat is all of it.", "has no headings: put a short line"),
        (b"##   \n\nThey hum.", "has no headings"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\0\1", "is not a text file"),
        (b"# B\n" * 1_400_000, "has 5.3 MB"),
    ],
    ids=["no-headings", "no-text", "empty", "white", "binary", "5-mb"],
)
def test_new_writes_nothing_for_an_invalid_document(empty_workspace, raw, says):
    workspace = empty_workspace
    workspace.document.write_bytes(raw)

    assert_fails_with(workspace.run("new", workspace.content_dir, workspace.document), says)
    assert not workspace.content_dir.exists()


def test_the_front_matter_names_the_site_and_its_first_section(empty_workspace):
    errors_after(
        empty_workspace,
        "---\ntitle: When you have a fever\n---\n\nIt is hot.\n\n## Rest\n\nLie down.",
    )
    ledger = tomllib.loads((empty_workspace.content_dir / "source.toml").read_text())

    assert ledger["site"]["name"] == ledger["document"]["title"] == "When you have a fever"
    assert [(s["id"], s["heading"]) for s in ledger["section"]] == [
        ("S1", "When you have a fever"),
        ("S2", "Rest"),
    ]
    assert [f["section"] for f in ledger["fact"]] == ["S1", "S2"]


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("# Fiebre\n\nSi usted tiene fiebre, llame a la enfermera de su hospital. No espere.\n",
         ["item-writing", "budgets", "safety-lines"]),
        ("# Fever\n\nIf you have a fever, call the nurse of your hospital. Do not wait.\n",
         ["reading-level", "language", "voice", "item-writing", "budgets", "safety-lines"]),
    ],
    ids=["es", "en"],
)  # fmt: skip
def test_bars_that_measure_english_are_for_english(empty_workspace, text, bars):
    workspace = empty_workspace
    workspace.document.write_text(text)
    workspace.run("new", workspace.content_dir, workspace.document)

    checks = tomllib.loads((workspace.content_dir / "checks.toml").read_text())
    assert checks["bars"] == bars


UNSURE = "# Cuts\n\nWash it.\n\n**What to do**\n\nRest.\n"


def test_what_is_unsure_is_said_and_asked_in_the_folder(empty_workspace):
    workspace = empty_workspace
    workspace.document.write_text(UNSURE)
    made = workspace.run("new", workspace.content_dir, workspace.document)
    result = workspace.run("--content", workspace.content_dir, "check")

    prompt = "A bold line of its own: is it a heading, or text?"
    assert f"  line 5, “What to do”: {prompt}\n" in made.stdout
    assert "begin again with --text LINE or --heading LINE" in made.stdout
    assert f"decide, then delete “ask”: {prompt} (line 5)" in result.stdout


def test_an_editor_decides_what_a_line_is(empty_workspace):
    workspace = empty_workspace
    workspace.document.write_text(UNSURE)
    made = workspace.run("new", workspace.content_dir, workspace.document, "--heading", "5")

    assert made.stdout.startswith("2 sections and 2 sentences")
    assert "ask" not in (workspace.content_dir / "source.toml").read_text()
    assert workspace.check().returncode == 0
    other = workspace.home / "other"
    made = workspace.run("new", other, workspace.document, "--text", "5", "--text", "1")
    assert_fails_with(made, "has no headings")
    made = workspace.run("new", other, workspace.document, "--text", "4")
    assert_fails_with(made, "Nothing begins in line 4 of")
