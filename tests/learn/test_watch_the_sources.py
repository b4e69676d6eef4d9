"""`learn source watch` and `learn source rebase`: many documents, and better readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.learn.source_workspace import (
    CHANGED_TIME,
    SourceWorkspace,
    assert_fails_with,
    make_workspace,
)

PAGE = """<html><main><h1>Fever</h1><p>Call <a href="{link}">your nurse</a> at {when}.
It is quick.</p><table><tr><th>Age</th><th>Cups</th></tr><tr><td>9</td><td>{cups}</td></tr>
</table></main><footer><p>Seen on {day}.</p></footer></html>"""


@pytest.fixture
def workspace(tmp_path: Path, finished_folder: Path) -> SourceWorkspace:
    """Return the garden with its copy, and a page about fever with its own ledger."""
    workspace = make_workspace(tmp_path, finished_folder)
    page(workspace)
    made = workspace.run("new", tmp_path / "fever", tmp_path / "fever.html")
    assert made.returncode == 0, made.stderr
    return workspace


def page(
    workspace: SourceWorkspace,
    link: str = "/n",
    when: str = "noon",
    cups: str = "2",
    day: str = "2026-01-05",
) -> None:
    text = PAGE.format(link=link, when=when, cups=cups, day=day)
    (workspace.home / "fever.html").write_text(text)


def test_each_copy_has_a_line(workspace):
    result = workspace.run("source", "watch", workspace.home)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (
        "fever.html: unchanged, 3 of 3 facts anchored\n"
        "garden.md: unchanged, 24 of 24 facts anchored\n"
    )


def test_links_and_dates_of_the_page_ring_no_alarm(workspace):
    page(workspace, link="https://other.example", day="2026-02-06")

    assert workspace.run("source", "watch", workspace.home).returncode == 0


@pytest.mark.parametrize(("change", "fact"), [({"when": "night"}, "F1"), ({"cups": "3"}, "F3")])
def test_one_word_or_one_cell_rings_for_its_own_fact(workspace, change, fact):
    page(workspace, **change)
    result = workspace.run("source", "watch", workspace.home)

    assert result.returncode == 1
    assert f"fever.html: changed, 2 of 3 facts anchored: changed {fact}\n" in result.stdout


def test_what_cant_be_compared_is_named_and_the_rest_is_compared(workspace):
    (workspace.home / "fever.html").write_bytes(b"<html>")
    (workspace.home / "other.txt").write_text("Other\n\nIt is.")
    workspace.edit(CHANGED_TIME)
    result = workspace.run("source", "watch", workspace.home)

    assert result.returncode == 2
    assert result.stdout.splitlines() == [
        "fever.html: has no text in it",
        "garden.md: changed, 23 of 24 facts anchored: changed F4",
        "other.txt: there is no ledger beside it",
    ]
    (workspace.home / "fever.html").unlink()
    result = workspace.run("source", "watch", workspace.home)
    assert "fever: there is no copy of its document beside it\n" in result.stdout


def test_the_report_for_machines_has_the_same(workspace):
    workspace.edit(CHANGED_TIME)
    result = workspace.run("source", "watch", workspace.home, "--json")
    fever, garden = json.loads(result.stdout)

    assert result.returncode == 1
    assert (fever["name"], fever["state"], fever["anchored"]) == ("fever.html", "unchanged", 3)
    assert (garden["state"], garden["changed"], garden["missing"]) == ("changed", ["F4"], [])


def test_a_folder_without_ledgers_or_no_folder_is_said_in_one_line(workspace, tmp_path):
    (tmp_path / "empty").mkdir()

    assert_fails_with(
        workspace.run("source", "watch", tmp_path / "empty"), "has no ledgers", code=2
    )
    assert_fails_with(
        workspace.run("source", "watch", tmp_path / "none"), "can't be read: No such file", code=2
    )


def test_an_older_ledger_is_rebased_and_then_unchanged(workspace):
    path = workspace.content_dir / "sentences.toml"
    path.write_text(path.read_text().replace("reader = 2\n", ""))
    assert workspace.check().returncode == 0
    rebase = ("--content", workspace.content_dir, "source", "rebase", workspace.document)
    before = path.read_bytes()
    tried = workspace.run(*rebase, "--dry-run")
    assert tried.stdout == (
        "Reader 1 to 2: 29 sentences before, 29 now.\n  Nothing reads otherwise.\n"
        "Nothing was written.\n"
    )
    assert path.read_bytes() == before
    assert workspace.run(*rebase).returncode == 0
    assert "reader = 2\n" in path.read_text()
    assert workspace.check().returncode == 0
    assert_fails_with(workspace.run(*rebase), "at reader 2 already")


def test_accepting_a_change_keeps_the_reader(workspace):
    workspace.edit(CHANGED_TIME)
    workspace.check()
    accepted = workspace.accept("F4", "--by", "Ana")

    assert accepted.returncode == 0, accepted.stderr
    assert "reader = 2\n" in (workspace.content_dir / "sentences.toml").read_text()
    assert workspace.check().returncode == 0


def test_a_ledger_of_a_later_reader_is_refused(workspace):
    path = workspace.content_dir / "sentences.toml"
    path.write_text(path.read_text().replace("reader = 2\n", "reader = 9\n"))
    result = workspace.check()

    assert result.returncode == 1
    assert "sentences.toml:4: reader 9 is not known here: this version has 2" in result.stderr
