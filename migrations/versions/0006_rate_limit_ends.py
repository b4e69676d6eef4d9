"""An index to find the windows of rate limits that are over.

Revision ID: 0006
Revises: 0005
Created: 2026-11-29
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_rate_limit_ends_at", "rate_limit", ["ends_at"])


def downgrade() -> None:
    op.drop_index("ix_rate_limit_ends_at", "rate_limit")
