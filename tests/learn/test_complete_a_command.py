"""Complete `learn` commands in a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from learn.commands import main
from tests.forked import learn

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def completed(*words: str) -> list[tuple[str, str]]:
    """What completes the last of these words, each with its kind."""
    ran = learn(
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "_LEARN_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(words),
            "COMP_CWORD": str(len(words) - 1),
        },
    )
    assert ran.stderr == ""
    lines = [line.partition(",") for line in ran.stdout.splitlines()]
    return [(word, kind) for kind, _, word in lines]


def plain(*words: str) -> list[str]:
    return [word for word, kind in completed(*words) if kind == "plain"]


def test_commands_are_completed():
    assert plain("learn", "s") == ["serve", "source"]
    assert plain("learn", "--content", "folder", "re") == [
        "restore",
        "review",
        "reports",
        "regrade",
    ]
    assert plain("learn", "analy") == ["analyse", "analyze"]
    assert plain("learn", "fly") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["-"], ["--content", "--version", "-h", "--help"]),
        (["serve", "--"], ["--host", "--port", "--workers", "--check-port", "--draft", "--help"]),
        (["backup", "--"], ["--check", "--with-key", "--replace", "--help"]),
        (["restore", "--"], ["--replace", "--old", "--help"]),
        (["mo"], ["move"]),
        (["move", "--"], ["--to", "--again", "--help"]),
        (["check", "--j"], ["--json"]),
        (
            ["analyze", "--"],
            [
                "--options",
                "--key",
                "--pre",
                "--sheet",
                "--missing",
                "--attempt",
                "--html",
                "--strict",
                "--help",
            ],
        ),
        (["source", ""], ["accept", "check", "facts", "rebase", "watch"]),
        (["source", "check", "--"], ["--json", "--hold", "--withhold", "--help"]),
        (["source", "accept", "--"], ["--by", "--from", "--sentence", "--rest", "--help"]),
        (["versions", ""], ["keep"]),
        (["educator", ""], ["invite", "list", "remove", "withdraw"]),
        (["educator", "invite", "--"], ["--site", "--help"]),
        (["regrade", "--"], ["--apply", "--only-raise", "--by", "--json", "--help"]),
        (["demo", "--"], ["--remove", "--site", "--help"]),
    ],
    ids=" ".join,
)
def test_options_are_completed(words, found):
    assert plain("learn", *words) == found


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["--content", "les"], "dir"),
        (["new", "les"], "dir"),
        (["new", "lessons", "les"], "file"),
        (["source", "check", "les"], "file"),
        (["source", "accept", "F1", "--from", "les"], "file"),
        (["analyse", "les"], "file"),
        (["analyse", "scores.csv", "--key", "les"], "file"),
    ],
    ids=" ".join,
)
def test_files_and_folders_are_completed_by_the_shell(words, kind):
    assert completed("learn", *words) == [("les", kind)]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_documented_line_works_in_bash():
    script = """
    eval "$(_LEARN_COMPLETE=bash_source learn)"
    complete -p learn
    COMP_WORDS=(learn source che) COMP_CWORD=2
    _learn_completion learn
    echo "${COMPREPLY[@]}"
    """
    ran = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={"PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.stderr == ""
    complete, word = ran.stdout.splitlines()
    assert complete.endswith("_learn_completion learn")
    assert word == "check"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_docs_list_the_line_for_each_shell(shell, capsys, monkeypatch):
    assert f"_LEARN_COMPLETE={shell}_source learn" in (ROOT / "docs" / "operations.md").read_text()

    monkeypatch.setenv("_LEARN_COMPLETE", f"{shell}_source")
    with pytest.raises(SystemExit) as ended:
        main([], prog_name="learn")

    assert ended.value.code == 0
    assert f"_LEARN_COMPLETE={shell}_complete" in capsys.readouterr().out
