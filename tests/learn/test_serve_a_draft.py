"""`learn serve --draft`: a half-done course, marked as one on every page."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from learn.app import create_app
from learn.authoring.draft import DraftError, draft
from learn.config import Settings
from questions.reading import InvalidContentError
from tests.learn.source_workspace import SourceWorkspace, assert_fails_with, make_workspace
from tests.serving import free_port

MARK = "Draft: not finished or checked."
HALF_DONE = """
Water the beds in the morning. {F4} Ask first. {F99}

## More

!pause Is it dry? | Feel it. {F6}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> SourceWorkspace:
    """A folder as `learn new` leaves it."""
    workspace = make_workspace(tmp_path)
    assert workspace.run("new", workspace.content_dir, workspace.document).returncode == 0
    return workspace


def pages_of(folder: Path, tmp_path: Path) -> dict[str, str]:
    """Every page that can be reached from the first one of a draft, by its address."""
    data = tmp_path / "site"
    settings = Settings(f"sqlite:///{data}.sqlite3", ("k" * 32,), data, keeps_offline=False)
    with draft(folder) as made:
        app = create_app(
            replace(settings, content=made.folder), content=made.content, is_draft=True
        )
        try:
            return _crawled(app.test_client())
        finally:
            app.extensions["learn.database"].shut_down()
            app.extensions["learn.database_lock"].release()


def _crawled(client: FlaskClient) -> dict[str, str]:
    pages: dict[str, str] = {}
    left = ["/"]
    while left:
        address = left.pop()
        if address in pages or address.startswith("/static"):
            continue
        response = client.get(address, follow_redirects=True)
        assert response.status_code in {200, 404}, address  # without questions, no quiz
        pages[address] = response.text if response.mimetype == "text/html" else ""
        left += re.findall(r'href="(/[^"#?]*)', pages[address])
    return pages


def test_a_new_folder_is_shown_whole_and_each_page_is_marked(workspace, tmp_path):
    before = {p: p.read_bytes() for p in workspace.content_dir.rglob("*") if p.is_file()}
    pages = pages_of(workspace.content_dir, tmp_path)

    assert len(pages) > 25
    assert "/lessons/watering-the-beds" in pages
    assert [address for address, text in pages.items() if text and MARK not in text] == []
    assert "Not written yet." in pages["/lessons/watering-the-beds"]
    after = {p: p.read_bytes() for p in workspace.content_dir.rglob("*") if p.is_file()}
    assert after == before


def test_what_is_no_file_of_the_course_is_left_out(workspace):
    folder = workspace.content_dir
    (folder / "lessons/moved.md").symlink_to(folder / "not-there.md")
    (folder / "bank/around").symlink_to(folder)
    (folder / "figures/up").symlink_to(folder.parent)
    os.mkfifo(folder / "pipe")
    (folder.parent / "shared").mkdir()
    (folder.parent / "shared/notes.md").write_text("A note.")
    (folder / "shared").symlink_to(folder.parent / "shared")

    with draft(folder) as made:
        copied = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*")}
    assert {"shared/notes.md", "lessons/02-watering-the-beds.md"} <= copied
    assert not {"lessons/moved.md", "bank/around", "figures/up", "pipe"} & copied


def test_a_folder_that_cannot_be_copied_is_told_in_one_line(workspace, monkeypatch):
    def fail(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shutil.copystat", fail)
    said = r"can’t be copied: .*Permission denied"
    with pytest.raises(DraftError, match=said), draft(workspace.content_dir):
        pass


def test_what_is_written_is_shown_and_what_cant_be_asked_is_left_out(workspace, tmp_path):
    lesson = workspace.content_dir / "lessons/02-watering-the-beds.md"
    lesson.write_text(lesson.read_text() + HALF_DONE)
    broken = workspace.content_dir / "lessons/03-what-to-bring.md"
    broken.write_text(broken.read_text().replace('id = "', "id = "))
    bank = next(workspace.content_dir.glob("bank/*/watering-the-beds.toml"))
    bank.write_text(bank.read_text() + '\n[[question]]\nid = "x"\nkind = "choice"\nask = "What?"\n')
    pages = pages_of(workspace.content_dir, tmp_path)

    assert "Water the beds in the morning." in pages["/lessons/watering-the-beds"]
    assert "/lessons/what-to-bring" not in pages


def test_a_finished_folder_has_its_quizzes(tmp_path, finished_folder):
    pages = pages_of(finished_folder, tmp_path)

    assert "/quizzes/lesson/watering-the-beds" in pages
    assert all(MARK in text for text in pages.values() if text)


def test_a_folder_without_a_ledger_or_a_lesson_is_refused(workspace, tmp_path):
    with pytest.raises(DraftError, match=r"has no source\.toml"), draft(tmp_path):
        pass
    for lesson in workspace.content_dir.glob("lessons/*.md"):
        lesson.unlink()
    with pytest.raises((DraftError, InvalidContentError)), draft(workspace.content_dir):
        pass
    assert_fails_with(
        workspace.run("--content", tmp_path, "serve", "--draft", "--port", free_port_number()),
        "has no source.toml",
    )


def free_port_number() -> str:
    return str(free_port())


def test_a_draft_is_of_a_folder_that_is_named(workspace):
    assert_fails_with(
        workspace.run("serve", "--draft", "--port", free_port_number()),
        "learn --content FOLDER serve --draft",
    )


def test_the_draft_is_served_and_leaves_nothing_behind(workspace):
    port = free_port_number()
    options = ["serve", "--draft", "--port", port]
    served = subprocess.Popen(
        [sys.executable, "-m", "learn", "--content", workspace.content_dir, *options],
        env=workspace.env,
        cwd=workspace.home,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert served.stdout is not None
        first = served.stdout.readline()
        assert re.fullmatch(
            rf"A draft of {workspace.content_dir}: .* finds \d+ errors in it\.\n", first
        )
        assert served.stdout.readline() == f"Learn ALL is at http://127.0.0.1:{port}\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
            assert MARK in page.read().decode()
        served.terminate()
        served.wait(20)
    finally:
        if served.poll() is None:
            os.killpg(served.pid, signal.SIGKILL)
        served.stdout.close()
    assert not workspace.data.exists()
    assert {p.name for p in workspace.home.iterdir()} == {"garden", "garden.md"}


def test_a_site_that_is_finished_has_no_mark(tmp_path, finished_folder):
    settings = Settings(f"sqlite:///{tmp_path}/s.sqlite3", ("k" * 32,), tmp_path, finished_folder)
    app = create_app(settings)
    try:
        assert MARK not in app.test_client().get("/").text
    finally:
        app.extensions["learn.database"].shut_down()
        app.extensions["learn.database_lock"].release()
