"""Results add up answers of members who share by name, so those members see who looked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from learn.models import AuditLog, GroupEducator
from learn.models.base import table_of
from learn.results.export import TABLES
from tests.learn.groups import RIGHT, sign_in_as_educator

AUDIT_LOG = table_of(AuditLog)
PAGES = [
    "",
    "/first-answers",
    "/questions",
    "/results.csv",
    *(f"/results.csv?table={name}" for name in TABLES),
    "/results.xlsx",
    "/scores.csv",
]


@pytest.fixture
def log(connection):
    def read():
        rows = connection.execute(
            select(AUDIT_LOG).order_by(AUDIT_LOG.c.account_id, AUDIT_LOG.c.view)
        )
        return [(row.account_id, row.educator, row.view, row.times) for row in rows]

    return read


@pytest.fixture
def asked(content):
    return next(iter(content.bank.questions))


@pytest.mark.parametrize("page", [*PAGES, "?from=2026-11-01", "/questions/{asked}"])
def test_each_page_and_file_of_results_is_logged(kim, group, log, asked, page):
    ana = group.join()
    group.answer(ana, {asked: RIGHT})
    kim.open(f"/groups/{group.id}{page.format(asked=asked)}")

    view = "file" if ".csv" in page or ".xlsx" in page else "group"
    assert [(account, view_) for account, _, view_, _ in log()] == [(ana, view)]


def test_a_day_of_looking_at_results_is_one_line(kim, group, log):
    ana = group.join()
    for page in PAGES:
        kim.open(f"/groups/{group.id}{page}")

    assert log() == [(ana, "Kim, nurse", "file", 1), (ana, "Kim, nurse", "group", 1)]


def test_the_list_of_assignments_is_logged_once_a_day(kim, group, log):
    """With one named member it says when that one person began, and finished."""
    ana = group.join()
    kim.open(f"/groups/{group.id}/assignments")
    assert log() == []  # it shows nothing of anybody yet

    group.assign(title="Before Monday")
    for _ in range(2):
        kim.open(f"/groups/{group.id}/assignments")
    assert log() == [(ana, "Kim, nurse", "group", 1)]


def test_another_educators_look_is_another_line(kim, ana, group, log):
    group.join()
    kim.open(f"/groups/{group.id}")
    sign_in_as_educator(ana, group, "Lee, nurse").open(f"/groups/{group.id}")

    assert [educator for _, educator, _, _ in log()] == ["Kim, nurse", "Lee, nurse"]


def test_a_member_who_joins_later_that_day_is_logged_too(kim, group, log):
    first = group.join()
    kim.open(f"/groups/{group.id}")
    second = group.join()
    kim.open(f"/groups/{group.id}")

    assert {account for account, *_ in log()} == {first, second}


def test_members_in_totals_and_the_educator_are_never_logged(kim, group, log, connection):
    for _ in range(12):
        group.join("totals")
    educator = connection.scalar(select(GroupEducator.account_id))
    group.join(account=educator)
    kim.open(f"/groups/{group.id}")

    assert log() == []
