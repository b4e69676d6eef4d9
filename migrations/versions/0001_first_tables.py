"""The first tables: accounts, attempts with their items, memory, readings, the care team's sheet.

Revision ID: 0001
Revises:
Created: 2026-11-22
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from learn.models.types import Id, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _of_account() -> sa.Column[object]:
    return sa.Column("account_id", Id(), nullable=False)


def _account_key(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_account_id_account"
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", Id(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attempt",
        _of_account(),
        sa.Column("id", Id(), nullable=False),
        sa.Column("quiz", sa.String(80), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_attempt"),
        _account_key("attempt"),
        sa.UniqueConstraint("account_id", "quiz", "round", name="uq_attempt_account_id_quiz_round"),
        sa.CheckConstraint("round > 0", op.f("ck_attempt_round")),
        sa.CheckConstraint("finished_at >= started_at", op.f("ck_attempt_finished_after_start")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "item",
        _of_account(),
        sa.Column("attempt_id", Id(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("objective_id", sa.String(80), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("shown", sa.String(10), nullable=False),
        sa.Column("response", JSON, nullable=True),
        sa.Column("sure", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "attempt_id", "position", name="pk_item"),
        sa.ForeignKeyConstraint(
            ["account_id", "attempt_id"],
            ["attempt.account_id", "attempt.id"],
            "fk_item_account_id_attempt_id_attempt",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("position > 0", op.f("ck_item_position")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", op.f("ck_item_score")),
        sa.CheckConstraint(
            "(response IS NULL) = (answered_at IS NULL)", op.f("ck_item_response_when_answered")
        ),
        sa.CheckConstraint(
            "(score IS NULL) = (answered_at IS NULL)", op.f("ck_item_score_when_answered")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "memory",
        _of_account(),
        sa.Column("objective_id", sa.String(80), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("reviewed_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "objective_id", name="pk_memory"),
        _account_key("memory"),
        sa.CheckConstraint("stability > 0", op.f("ck_memory_stability")),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 10", op.f("ck_memory_difficulty")),
        sa.CheckConstraint("reviews > 0", op.f("ck_memory_reviews")),
        sa.CheckConstraint("due_at >= reviewed_at", op.f("ck_memory_due_after_review")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reading",
        _of_account(),
        sa.Column("lesson_id", sa.String(80), nullable=False),
        sa.Column("first_read_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "lesson_id", name="pk_reading"),
        _account_key("reading"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "care_question",
        _of_account(),
        sa.Column("objective_id", sa.String(80), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "objective_id", name="pk_care_question"),
        _account_key("care_question"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("care_question", "reading", "memory", "item", "attempt", "account"):
        op.drop_table(table)
