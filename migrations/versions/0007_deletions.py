"""The accounts that were deleted while backups may still have them.

Revision ID: 0007
Revises: 0006
Created: 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deletion",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("deleted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_deletion"),
        sa.CheckConstraint("digest <> ''", op.f("ck_deletion_digest")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("deletion")
