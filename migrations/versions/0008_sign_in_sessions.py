"""A row for each browser that is signed in.

Cookies from before have no session id. For each account that one can sign in to, all of them are
one session, with an id of zeros.

Revision ID: 0008
Revises: 0007
Created: 2026-11-29
"""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from learn.models.types import Id, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    session = op.create_table(
        "sign_in_session",
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=False),
        sa.Column("browser", sa.String(20), nullable=False),
        sa.Column("system", sa.String(20), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("confirmed_by_passkey", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_sign_in_session_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_sign_in_session")),
        sqlite_with_rowid=False,
    )
    sign_in, now = sa.table("sign_in", sa.column("account_id", Id())), datetime.now(UTC)
    earlier = sa.select(
        sign_in.c.account_id,
        sa.literal(uuid.UUID(int=0), Id()),
        sa.literal(now, Moment()),
        sa.literal(now.date(), sa.Date()),
        sa.literal(""),
        sa.literal(""),
        sa.null(),
        sa.false(),
    )
    columns = [column.name for column in session.columns]
    op.execute(session.insert().from_select(columns, earlier))


def downgrade() -> None:
    op.drop_table("sign_in_session")
