"""Which words about what educators see a member of a group has accepted.

Revision ID: 0010
Revises: 0009
Created: 2026-11-30
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "membership", sa.Column("terms", sa.String(10), nullable=False, server_default="first")
    )


def downgrade() -> None:
    op.drop_column("membership", "terms")
