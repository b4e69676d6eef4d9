"""The text of each version of a question that was ever served.

Revision ID: 0005
Revises: 0004
Created: 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from learn.models.types import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_version",
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("question_id", "version", name="pk_question_version"),
        sa.CheckConstraint("text <> ''", op.f("ck_question_version_text")),
    )


def downgrade() -> None:
    op.drop_table("question_version")
