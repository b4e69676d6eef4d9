"""The phone numbers of a learner's own care team.

Revision ID: 0009
Revises: 0008
Created: 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from learn.models.types import Id, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "care_numbers",
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("daytime", sa.String(), nullable=False),
        sa.Column("nights", sa.String(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_care_numbers_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_care_numbers")),
        sa.CheckConstraint(
            "daytime <> '' OR nights <> ''", op.f("ck_care_numbers_daytime_or_nights")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("care_numbers")
