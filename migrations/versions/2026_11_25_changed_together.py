"""What was changed together is found again without reading every revision there ever was."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_revision_together ON desk.revision (sheet) WHERE saved = 'together'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX desk.ix_revision_together")
