"""Show readers' login the schema revision, so that an older release refuses a newer database."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE VIEW record.revision AS SELECT version_num FROM desk.alembic_version")
    op.execute("GRANT SELECT ON record.revision TO sojourn_reader")


def downgrade() -> None:
    op.execute("DROP VIEW record.revision")
