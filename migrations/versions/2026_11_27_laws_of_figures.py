"""Laws under which an estimate is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

CONDITION = "instrument_id is not distinct from 'instrument:' || instrument"


def upgrade() -> None:
    op.create_table(
        "estimate_law",
        sa.Column("estimate", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("instrument_id", sa.Text(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.CheckConstraint(CONDITION, name=op.f("ck_estimate_law_instrument_id")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"desk.{table}.id"],
                name=op.f(f"fk_estimate_law_{column}"),
                ondelete="CASCADE" if table == "estimate" else None,
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in (("estimate", "estimate"), ("instrument_id", "code"))
        ),
        sa.PrimaryKeyConstraint("estimate", "position", name=op.f("pk_estimate_law")),
        schema="desk",
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.estimate_law TO sojourn_desk")


def downgrade() -> None:
    op.drop_table("estimate_law", schema="desk")
