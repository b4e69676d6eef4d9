"""Questions under review, and reports of mistakes.

Revision ID: 0002
Revises: 0001
Created: 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

from learn.models.types import Id, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withheld",
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("fact", sa.String(80), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("question_id", "fact", name="pk_withheld"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mistake_report",
        sa.Column("id", Id(), nullable=False),
        sa.Column("page", sa.String(80), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mistake_report"),
        sa.CheckConstraint("text <> ''", op.f("ck_mistake_report_text")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("mistake_report")
    op.drop_table("withheld")
