"""Educators and their groups, members, assignments, corrected grades.

Revision ID: 0004
Revises: 0003
Created: 2026-11-22
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from learn.models.types import Id, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _of_account() -> sa.Column[object]:
    return sa.Column("account_id", Id(), nullable=False)


def _account_key(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_account_id_account"
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name, ondelete="CASCADE")


def _of_group() -> sa.Column[object]:
    return sa.Column("group_id", Id(), nullable=False)


def _group_key(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_group_id_learning_group"
    return sa.ForeignKeyConstraint(["group_id"], ["learning_group.id"], name, ondelete="CASCADE")


def _item_key(table: str) -> sa.ForeignKeyConstraint:
    key = ["account_id", "attempt_id", "position"]
    name = f"fk_{table}_account_id_attempt_id_position_item"
    return sa.ForeignKeyConstraint(
        key, [f"item.{c}" for c in key], name, ondelete="CASCADE", onupdate="CASCADE"
    )


def upgrade() -> None:
    _educators()
    _members()
    _grades()


def _educators() -> None:
    op.create_table(
        "educator",
        _of_account(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name="pk_educator"),
        _account_key("educator"),
        sa.CheckConstraint("name <> ''", op.f("ck_educator_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invite",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("token", name="pk_invite"),
        sa.CheckConstraint("name <> ''", op.f("ck_invite_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "learning_group",
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("code", sa.String(16), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("archived_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_learning_group"),
        sa.UniqueConstraint("code", name="uq_learning_group_code"),
        sa.CheckConstraint("name <> ''", op.f("ck_learning_group_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_educator",
        _of_account(),
        _of_group(),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "group_id", name="pk_group_educator"),
        _account_key("group_educator"),
        _group_key("group_educator"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_group_educator_group_id", "group_educator", ["group_id"])


def _members() -> None:
    op.create_table(
        "membership",
        _of_account(),
        sa.Column("id", Id(), nullable=False),
        _of_group(),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("nickname", sa.String(80), nullable=False),
        sa.Column("shares_from", Moment(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_membership"),
        _account_key("membership"),
        _group_key("membership"),
        sa.CheckConstraint("how IN ('named', 'totals')", op.f("ck_membership_how")),
        sa.CheckConstraint(
            "(how = 'named') = (nickname <> '')", op.f("ck_membership_nickname_when_named")
        ),
        sa.CheckConstraint("until >= since", op.f("ck_membership_until_after_since")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_membership_group_id", "membership", ["group_id"])
    op.create_index(
        "ix_membership_now",
        "membership",
        ["account_id", "group_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "released",
        _of_account(),
        _of_group(),
        sa.Column("attempt_id", Id(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("block", Id(), nullable=True),
        sa.Column("block_size", sa.Integer(), nullable=True),
        sa.Column("released_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(
            "account_id", "group_id", "attempt_id", "position", name="pk_released"
        ),
        _account_key("released"),
        _group_key("released"),
        _item_key("released"),
        sa.CheckConstraint(
            "(block IS NULL) = (block_size IS NULL)", op.f("ck_released_size_of_block")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_released_group_id", "released", ["group_id"])
    op.create_table(
        "assignment",
        sa.Column("id", Id(), nullable=False),
        _of_group(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("what", JSON, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        _group_key("assignment"),
        sa.CheckConstraint(
            "kind IN ('lessons', 'quiz', 'before-after')", op.f("ck_assignment_kind")
        ),
        sa.CheckConstraint("title <> ''", op.f("ck_assignment_title")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_assignment_group_id", "assignment", ["group_id"])
    op.create_table(
        "viewing",
        _of_account(),
        _of_group(),
        sa.Column("viewed_on", sa.Date(), nullable=False),
        sa.Column("educator", sa.String(80), nullable=False),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "account_id", "group_id", "viewed_on", "educator", "what", name="pk_viewing"
        ),
        _account_key("viewing"),
        _group_key("viewing"),
        sa.CheckConstraint("what IN ('group', 'person', 'file')", op.f("ck_viewing_what")),
        sa.CheckConstraint("times > 0", op.f("ck_viewing_times")),
        sqlite_with_rowid=False,
    )


def _grades() -> None:
    op.create_table(
        "regrade",
        _of_account(),
        sa.Column("attempt_id", Id(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("regraded_at", Moment(), nullable=False),
        sa.Column("old_version", sa.String(12), nullable=False),
        sa.Column("new_version", sa.String(12), nullable=False),
        sa.Column("old_score", sa.Double(), nullable=False),
        sa.Column("new_score", sa.Double(), nullable=False),
        sa.Column("regraded_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint(
            "account_id", "attempt_id", "position", "regraded_at", name="pk_regrade"
        ),
        _account_key("regrade"),
        _item_key("regrade"),
        sa.CheckConstraint("old_score BETWEEN 0 AND 1", op.f("ck_regrade_old_score")),
        sa.CheckConstraint("new_score BETWEEN 0 AND 1", op.f("ck_regrade_new_score")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        _of_account(),
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_notice"),
        _account_key("notice"),
        sa.CheckConstraint("kind IN ('regraded')", op.f("ck_notice_kind")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "demo",
        _of_account(),
        sa.PrimaryKeyConstraint("account_id", name="pk_demo"),
        _account_key("demo"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in (
        "demo",
        "notice",
        "regrade",
        "viewing",
        "assignment",
        "released",
        "membership",
        "group_educator",
        "learning_group",
        "invite",
        "educator",
    ):
        op.drop_table(table)
