"""Quizzes on paper: what was printed, and the letters that were typed in afterwards.

Revision ID: 0013
Revises: 0012
Created: 2026-11-30
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from learn.models.types import Id, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "paper_sitting",
        sa.Column("id", Id(), nullable=False),
        sa.Column("group_id", Id(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("left_out", sa.SmallInteger(), nullable=False),
        sa.Column("last_paper", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_paper_sitting_group_id_learning_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sitting")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_paper_sitting_group_id_number")),
        sa.CheckConstraint("left_out >= 0", op.f("ck_paper_sitting_left_out")),
        sa.CheckConstraint("last_paper >= 0", op.f("ck_paper_sitting_last_paper")),
    )
    op.create_table(
        "paper_question",
        sa.Column("sitting_id", Id(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("shown", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["paper_sitting.id"],
            name=op.f("fk_paper_question_sitting_id_paper_sitting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sitting_id", "place", name=op.f("pk_paper_question")),
    )
    op.create_table(
        "paper_sheet",
        sa.Column("sitting_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("batch", Id(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("typed_at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["paper_sitting.id"],
            name=op.f("fk_paper_sheet_sitting_id_paper_sitting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sitting_id", "number", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint(
            "sitting_id", "batch", "line", name=op.f("uq_paper_sheet_sitting_id_batch_line")
        ),
    )


def downgrade() -> None:
    op.drop_table("paper_sheet")
    op.drop_table("paper_question")
    op.drop_table("paper_sitting")
