"""Access to a record's private values; at most one audit log line a reader, record and day."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opened_record",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["desk.person.id"],
                name=op.f(f"fk_opened_record_{name}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for name in ("person", "by")
        ),
        sa.PrimaryKeyConstraint("record", "person", name=op.f("pk_opened_record")),
        schema="desk",
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON desk.opened_record TO sojourn_desk")
    op.execute(
        "CREATE UNIQUE INDEX uq_audit_read_private "
        "ON desk.audit (\"by\", about, ((at AT TIME ZONE 'UTC')::date)) "
        "WHERE action = 'read-private'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX desk.uq_audit_read_private")
    op.drop_table("opened_record", schema="desk")
