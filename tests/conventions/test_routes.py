"""Every route names its guard, and keeps to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from learn.app import FEATURES, create_app
from learn.config import Settings
from learn.offline.views import ICONS
from learn.page_cache import JOINED, PARTS
from questions.exhibits import EXHIBITS
from questions.kinds import KINDS

GUARDS = {"anyone", "learner", "educator", "group_educator"}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("routes")
    created = create_app(Settings(f"sqlite:///{folder / 'x.sqlite3'}", ("k" * 16,), folder))
    yield created
    created.extensions["learn.database"].dispose()


def test_every_route_names_its_guard(app):
    for endpoint, view in app.view_functions.items():
        assert getattr(view, "guard", None) in GUARDS, endpoint


def test_public_pages_never_read_the_account(app):
    for endpoint, view in app.view_functions.items():
        if view.guard == "anyone":
            names = view.__code__.co_names
            assert not {"current_learner", "ensure_guest", "session", "g"} & {*names}, endpoint


def test_everything_that_writes_is_a_post_with_a_token(app):
    exempt = {
        "learn.account.changes.change_code",
        "learn.account.confirmation.submit_confirmation",
        "learn.account.changes.change_nickname",
        "learn.account.changes.change_passphrase",
        "learn.account.registration.submit_registration",
        "learn.account.views.submit_recovery",
        "learn.account.views.submit_sign_in",
        "learn.account.views.submit_sign_out",
        "learn.assignments.views.create",
        "learn.assignments.views.save",
        "learn.assignments.views.save_copy",
        "learn.care_team.views.reword",
        "learn.care_team.views.save",
        "learn.care_team.views.save_numbers",
        "learn.care_team.views.write",
        "learn.educators.views.accept",
        "learn.groups.views.add_educator",
        "learn.groups.views.create",
        "learn.groups.views.rename",
        "learn.lessons.views.read",
        "learn.membership.views.change_now",
        "learn.membership.views.join_now",
        "learn.membership.views.leave_now",
        "learn.mistakes.views.report",
        "learn.my_data.views.delete_everything",
        "learn.explanations.views.delete_text",
        "learn.explanations.views.save",
        "learn.explanations.views.tick",
        "learn.paper.typing_in.change",
        "learn.paper.typing_in.save",
        "learn.paper.views.create",
        "learn.passkeys.views.add",
        "learn.passkeys.views.submit_confirmation",
        "learn.passkeys.views.submit_sign_in",
        "learn.passkeys.views.submit_name",
        "learn.quizzes.views.answer",
        "learn.quizzes.views.assigned_answer",
        "learn.quizzes.views.check_answer",
        "learn.quizzes.views.first_answer",
        "learn.room.views.answer",
    }
    for rule in app.url_map.iter_rules():
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule
    from learn.extensions import csrf

    assert csrf._exempt_views == exempt  # noqa: SLF001 - these check it themselves, and keep the answer


WITHOUT_A_LIMIT = {
    "an answer, which is never refused": {"quizzes.answer"},
    "counts attempts and failures by itself": {
        "account.change_nickname",
    },
    "changes a row that is there, and adds none": {
        "assignments.close",
        "assignments.save",
        "assignments.reopen",
        "care_team.move",
        "care_team.reword",
        "care_team.tick",
        "explanations.tick",
        "groups.archive",
        "groups.close_code",
        "groups.rename",
        "groups.renew_code",
        "groups.unarchive",
        "membership.allow_again",
        "membership.ask_for_nickname",
        "membership.leave_now",
        "membership.remove_now",
        "notices.read",
        "paper.change",
        "passkeys.submit_name",
        "room.again",
        "room.close",
        "room.tell",
    },
    "adds one row for each lesson at most": {"lessons.read"},
    "only removes": {
        "assignments.delete_now",
        "account.sign_out_device",
        "account.sign_out_everywhere",
        "account.sign_out_others",
        "account.submit_sign_out",
        "care_team.remove",
        "care_team.remove_numbers",
        "explanations.delete_text",
        "groups.leave",
        "my_data.delete_everything",
        "paper.delete_now",
        "paper.remove_now",
        "passkeys.submit_removal",
        "room.end",
    },
}
"""The routes that write and need no limit, by the reason."""


def test_every_route_that_writes_has_a_limit_or_a_reason_for_none(app):
    exceptions = {endpoint for found in WITHOUT_A_LIMIT.values() for endpoint in found}
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    limited = {e for e, view in app.view_functions.items() if getattr(view, "limits", ())}

    assert posts - limited == exceptions


READ_ONE_ROW_OR_A_SHORT_LIST = {
    "assignments.copy",
    "assignments.delete",
    "assignments.edit",
    "assignments.index",
    "assignments.new",
    "groups.code",
    "groups.code_picture",
    "groups.settings",
    "groups.sure",
    "membership.remove",
    "paper.delete",
    "paper.index",
    "paper.remove",
    "room.choose",
    "room.code_picture",
    "room.preview",
    "room.projector",
    "room.projector_now",
}


def test_every_page_about_a_group_has_a_limit_unless_it_is_small(app):
    views = app.view_functions
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and getattr(views[rule.endpoint], "guard", "") == "group_educator"
    }
    limited = {e for e in pages if getattr(views[e], "limits", ())}

    assert pages - limited == READ_ONE_ROW_OR_A_SHORT_LIST


def test_every_feature_is_registered(app):
    features = {p.parent.name for p in (ROOT / "learn").glob("*/views.py")}

    assert {b.name for b in FEATURES} == features == {*app.blueprints}


def test_templates_are_used_and_used_templates_exist():
    there = {p.relative_to(ROOT / "templates").as_posix() for p in ROOT.glob("templates/**/*.html")}
    code = "".join(p.read_text() for p in ROOT.glob("learn/**/*.py"))
    pages = "".join(p.read_text() for p in ROOT.glob("templates/**/*.html"))
    used = set(re.findall(r'"([a-z_]+/\w+\.html)"', code)) | set(
        re.findall(r"'([a-z_]+/\w+\.html)'", pages)
    )
    used |= {f"layout/{n}.html" for n in re.findall(r"cached_partial\('(\w+)'", pages)}
    used |= {f"quizzes/parts/{n}.html" for n in re.findall(r"prepared\('(\w+)'", pages)}
    used |= {f"quizzes/parts/{n}.html" for n in re.findall(r'self\._render\("(\w+)"', code)}
    used |= set(re.findall(r"'(quizzes/kinds/\w+\.html)'", pages))
    for page in re.findall(r"'quizzes/kinds/' ~ [\w.]+ ~ '/(\w+\.html)'", pages):
        used |= {f"quizzes/kinds/{kind}/{page}" for kind in KINDS}
    if "'exhibits/' ~ shown.kind ~ '.html'" in pages:
        used |= {f"exhibits/{kind}.html" for kind in EXHIBITS}
    used |= {f"errors/{code}.html" for code in (403, 404, 405, 408, 413, 421, "other")}

    assert used == there


def test_tokens_and_error_boxes_come_from_their_macros():
    for path in ROOT.glob("templates/**/*.html"):
        if path.name != "forms.html":
            page = path.read_text()
            assert "csrf_token" not in page, path
            assert 'class="error-summary" role="alert"' not in page, path


IN_THE_MANIFEST = {name for name, _, _ in ICONS}


def test_every_static_file_is_used():
    pages = "".join(p.read_text() for p in ROOT.glob("templates/**/*.html"))
    for path in (ROOT / "learn" / "static").iterdir():
        name = path.name if path.is_file() else f"{path.name}.css"
        assert f"asset('{name}')" in pages or name in IN_THE_MANIFEST | {*PARTS}, name
    for name, parts in JOINED.items():
        assert f"asset('{name}')" in pages, name
        assert {*parts} >= {*PARTS} & {*JOINED["page.js"]}, name
    assert {*PARTS} <= {part for parts in JOINED.values() for part in parts}


def test_every_imported_macro_is_defined():
    pages = {
        p.relative_to(ROOT / "templates").as_posix(): p.read_text()
        for p in ROOT.glob("templates/**/*.html")
    }
    imported = re.compile(r"{% from '([^']+)' import ([^%]*?) %}")
    for name, page in pages.items():
        for source, names in imported.findall(page):
            defined = {*re.findall(r"{%-? macro (\w+)\(", pages[source])}
            assert {n.split(" as ")[0].strip() for n in names.split(",")} <= defined, name
