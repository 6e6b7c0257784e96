"""Index for the newest changes: avoids sorting all rows of their edition."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_version_told ON record.version (opened, kind, seq) INCLUDE (why, state)"
    )
    op.execute(
        "CREATE INDEX ix_version_said ON record.version (opened, kind, seq) "
        "WHERE why <> 'reindexed'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX record.ix_version_said")
    op.execute("DROP INDEX record.ix_version_told")
