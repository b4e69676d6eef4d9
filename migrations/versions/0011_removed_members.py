"""Members whom an educator took out of a group, and those asked for another nickname.

Revision ID: 0011
Revises: 0010
Created: 2026-11-30
"""

import sqlalchemy as sa
from alembic import op

from learn.models.types import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "membership", sa.Column("removal", sa.String(10), nullable=False, server_default="")
    )
    op.add_column("membership", sa.Column("rename_asked_at", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("membership", "rename_asked_at")
    op.drop_column("membership", "removal")
