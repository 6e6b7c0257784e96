"""Index for finding a source by its address.

Addresses are looked up by host and path in lower case; the application compares the rest.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HOST_ON = "regexp_replace(payload -> 'form' ->> 'url', '^https?://(www[.])?', '')"
FOUND_AT = f"lower(regexp_replace({HOST_ON}, '/*([?#].*)?$', ''))"
COPIES = "payload -> 'form' -> 'copies'"


def upgrade() -> None:
    op.execute(f"CREATE INDEX ix_version_found_at ON record.version ({FOUND_AT}) WHERE kind = 'S'")
    op.execute(
        f"CREATE INDEX ix_version_copies ON record.version USING gin (({COPIES})) WHERE kind = 'S'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX record.ix_version_copies")
    op.execute("DROP INDEX record.ix_version_found_at")
