"""Merges of records, so that a merge can be undone and merged names redirect."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merging",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("gone", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("gone_name", sa.Text(), nullable=False),
        sa.Column("kept_name", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_in", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "gone <> kept and left(gone, 1) = left(kept, 1)", name=op.f("ck_merging_two_of_a_kind")
        ),
        sa.CheckConstraint(
            "(undone_by is null) = (undone_in is null)", name=op.f("ck_merging_undone_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_merging_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"],
            ["desk.person.id"],
            name=op.f("fk_merging_undone_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merging")),
        schema="desk",
    )
    op.create_index("ix_merging_kept", "merging", ["kept"], unique=False, schema="desk")
    op.create_index(
        "uq_merging_gone",
        "merging",
        ["gone"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("undone_in is null"),
    )
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (undone_by, undone_in, reason) "
        "ON desk.merging TO sojourn_desk"
    )


def downgrade() -> None:
    op.drop_table("merging", schema="desk")
