"""Requests that a second person confirms: withdrawing, republishing, merging and purging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ACTS = "'withdraw', 'publish-again', 'merge', 'undo-merge', 'purge', 'hide'"
STATES = "'waiting', 'confirmed', 'declined', 'taken-back'"


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(f"act in ({ACTS})", name=op.f("ck_confirmation_act")),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_confirmation_state")),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["desk.person.id"],
                name=op.f(f"fk_confirmation_{name}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for name in ("asked_by", "decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        schema="desk",
    )
    op.create_index(
        "uq_confirmation_waiting",
        "confirmation",
        ["act", "record"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON desk.confirmation TO sojourn_desk")


def downgrade() -> None:
    op.drop_table("confirmation", schema="desk")
