"""Index for finding the records of one bulk change without reading all revisions."""

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
