"""Sources that editors count as one, or as independent of all others, with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joined_sources",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(event is null) <> (estimate is null)", name=op.f("ck_joined_sources_one_owner")
        ),
        sa.CheckConstraint("how in ('joined', 'split')", name=op.f("ck_joined_sources_how")),
        sa.CheckConstraint(
            "(how = 'joined') = (other is not null)", name=op.f("ck_joined_sources_two_are_joined")
        ),
        sa.CheckConstraint("other <> member", name=op.f("ck_joined_sources_not_with_itself")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"desk.{table}.id"],
                name=op.f(f"fk_joined_sources_{column}"),
                ondelete="CASCADE" if column == table else None,
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in (
                ("member", "known"),
                ("other", "known"),
                ("event", "event"),
                ("estimate", "estimate"),
            )
        ),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_joined_sources")),
        schema="desk",
    )
    for column in ("event", "estimate"):
        op.create_index(
            op.f(f"ix_joined_sources_{column}"), "joined_sources", [column], schema="desk"
        )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.joined_sources TO sojourn_desk")
    op.execute("GRANT USAGE ON SEQUENCE desk.joined_sources_no_seq TO sojourn_desk")


def downgrade() -> None:
    op.drop_table("joined_sources", schema="desk")
