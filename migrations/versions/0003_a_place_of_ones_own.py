"""Ways into an account, the sheet with lines of one's own, lessons in one's own words.

Revision ID: 0003
Revises: 0002
Created: 2026-11-22
"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from learn.models.types import Id, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _of_account() -> sa.Column[object]:
    return sa.Column("account_id", Id(), nullable=False)


def _account_key(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_account_id_account"
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "sign_in",
        _of_account(),
        sa.Column("nickname", sa.String(80), nullable=False),
        sa.Column("nickname_key", sa.String(320), nullable=False),
        sa.Column("passphrase", sa.String(200), nullable=False),
        sa.Column("recovery", sa.String(64), nullable=False),
        sa.Column("kept_since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_sign_in"),
        _account_key("sign_in"),
        sa.UniqueConstraint("nickname_key", name="uq_sign_in_nickname_key"),
        sa.UniqueConstraint("recovery", name="uq_sign_in_recovery"),
        sa.CheckConstraint("nickname <> ''", op.f("ck_sign_in_nickname")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "passkey",
        _of_account(),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_passkey"),
        _account_key("passkey"),
        sa.UniqueConstraint("credential", name="uq_passkey_credential"),
        sa.CheckConstraint("name <> ''", op.f("ck_passkey_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "joined",
        _of_account(),
        sa.Column("guest_id", Id(), nullable=False),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "guest_id", name="pk_joined"),
        _account_key("joined"),
        sa.UniqueConstraint("guest_id", name="uq_joined_guest_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limit"),
        sa.CheckConstraint("hits > 0", op.f("ck_rate_limit_hits")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "explanation",
        _of_account(),
        sa.Column("id", Id(), nullable=False),
        sa.Column("lesson_id", sa.String(80), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("ticked", JSON, nullable=True),
        sa.Column("written_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_explanation"),
        _account_key("explanation"),
        sa.CheckConstraint("text <> ''", op.f("ck_explanation_text")),
        sqlite_with_rowid=False,
    )
    lines = op.create_table(
        "care_line",
        _of_account(),
        sa.Column("id", Id(), nullable=False),
        sa.Column("objective_id", sa.String(80), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("ticked", sa.Boolean(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_care_line"),
        _account_key("care_line"),
        sa.UniqueConstraint(
            "account_id", "objective_id", name="uq_care_line_account_id_objective_id"
        ),
        sa.CheckConstraint(
            "(objective_id IS NULL) <> (text IS NULL)", op.f("ck_care_line_objective_or_text")
        ),
        sa.CheckConstraint("text <> ''", op.f("ck_care_line_text")),
        sqlite_with_rowid=False,
    )
    _move_the_sheets(lines)
    op.drop_table("care_question")


def _questions() -> sa.Table:
    return sa.table(
        "care_question",
        sa.column("account_id", Id()),
        sa.column("objective_id", sa.String(80)),
        sa.column("added_at", Moment()),
    )


def _move_the_sheets(lines: sa.Table) -> None:
    """What was on a sheet stays on it, in its order."""
    old = _questions()
    rows = op.get_bind().execute(
        sa.select(old).order_by(old.c.account_id, old.c.added_at, old.c.objective_id)
    )
    places: dict[uuid.UUID, int] = {}
    moved = []
    for account, objective, added_at in rows:
        places[account] = places.get(account, 0) + 1
        moved.append(
            {
                "account_id": account,
                "id": uuid.uuid4(),
                "objective_id": objective,
                "place": places[account],
                "ticked": False,
                "added_at": added_at,
            }
        )
    if moved:
        op.bulk_insert(lines, moved)


def downgrade() -> None:
    questions = op.create_table(
        "care_question",
        _of_account(),
        sa.Column("objective_id", sa.String(80), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "objective_id", name="pk_care_question"),
        _account_key("care_question"),
        sqlite_with_rowid=False,
    )
    lines = sa.table("care_line", *(sa.column(c.name, c.type) for c in questions.columns))
    kept = sa.select(*(lines.c[c.name] for c in questions.columns))
    op.get_bind().execute(
        questions.insert().from_select(
            [c.name for c in questions.columns], kept.where(lines.c.objective_id.is_not(None))
        )
    )
    for table in ("care_line", "explanation", "rate_limit", "joined", "passkey", "sign_in"):
        op.drop_table(table)
