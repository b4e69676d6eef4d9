"""`learn reports`."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from learn.editorial import actions
from tests.learn.source_workspace import SourceWorkspace, make_workspace


@pytest.fixture
def empty_workspace(tmp_path: Path) -> SourceWorkspace:
    """Nothing is there yet but a document."""
    return make_workspace(tmp_path)


def report(workspace: SourceWorkspace, page: str, text: str, minutes: int = 0) -> None:
    when = datetime(2026, 4, 5, 6, 7, tzinfo=UTC) + timedelta(minutes=minutes)
    with workspace.session() as session:
        actions.report_mistake(session, uuid.uuid4(), page, text, when)


def test_without_reports_the_command_says_so(empty_workspace):
    assert empty_workspace.run("reports").stdout == "No reports.\n"
    assert json.loads(empty_workspace.run("reports", "--json").stdout) == []


def test_reports_are_listed_latest_first(empty_workspace):
    workspace = empty_workspace
    workspace.run("reports")
    report(workspace, "lesson/watering-the-beds", "Noon is\r\nno good time.")
    assert workspace.run("reports").stdout.endswith("\n1 report.\n")
    report(workspace, "question/what-to-bring-1", "Fünf Hüte?\u00a0Ja. 🌻", minutes=5)

    assert workspace.run("reports").stdout == (
        "2026-04-05 06:12 · question/what-to-bring-1\n    Fünf Hüte? Ja. 🌻\n\n"
        "2026-04-05 06:07 · lesson/watering-the-beds\n    Noon is\n    no good time.\n\n"
        "2 reports.\n"
    )
    assert json.loads(workspace.run("reports", "--json").stdout) == [
        {
            "page": "question/what-to-bring-1",
            "text": "Fünf Hüte?\u00a0Ja. 🌻",
            "reported_at": "2026-04-05T06:12:00+00:00",
        },
        {
            "page": "lesson/watering-the-beds",
            "text": "Noon is\r\nno good time.",
            "reported_at": "2026-04-05T06:07:00+00:00",
        },
    ]


def test_control_characters_of_a_report_never_reach_the_terminal(empty_workspace):
    workspace = empty_workspace
    workspace.run("reports")
    text = "See \x1b]0;title\x07 \x9b2J \x7f \u202eback \U000e0041 end\x85\x0bof it"
    report(workspace, "lesson/watering-the-beds", text)
    shown, machine = workspace.run("reports").stdout, workspace.run("reports", "--json").stdout

    for told in (shown, machine):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\U000e0041]", told), told
        assert "end" in told
    assert json.loads(machine)[0]["text"] == text
    lines = shown.splitlines()[1:-2]
    assert all(line.startswith("    ") for line in lines)  # no line passes for one of ours
