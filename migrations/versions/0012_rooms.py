"""Questions that a room answers: a code, the counts, and marks of phones while one is open.

Revision ID: 0012
Revises: 0011
Created: 2026-11-30
"""

import sqlalchemy as sa
from alembic import op

from learn.models.types import Id, Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("id", Id(), nullable=False),
        sa.Column("group_id", Id(), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("shown", sa.String(10), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("phase", sa.String(10), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_room_group_id_learning_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("code", name=op.f("uq_room_code")),
        sa.CheckConstraint("round IN (1, 2)", op.f("ck_room_round")),
        sa.CheckConstraint("phase IN ('open', 'closed', 'told')", op.f("ck_room_phase")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_room_group_id"), "room", ["group_id"])
    op.create_table(
        "room_mark",
        sa.Column("room_id", Id(), nullable=False),
        sa.Column("digest", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_mark_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "digest", name=op.f("pk_room_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "room_count",
        sa.Column("room_id", Id(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_count_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "round", "kind", "name", name=op.f("pk_room_count")),
        sa.CheckConstraint("kind IN ('outcome', 'part', 'belief')", op.f("ck_room_count_kind")),
        sa.CheckConstraint("n > 0", op.f("ck_room_count_n")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("room_count")
    op.drop_table("room_mark")
    op.drop_table("room")
