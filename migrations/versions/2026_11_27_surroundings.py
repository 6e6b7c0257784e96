"""Approximate dates get surroundings, which a period must contain to contain the date for certain.

Old rows have none: their editions keep what they said. The next `publish --again` calculates it.
"""

import importlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

earlier = importlib.import_module("migrations.versions.2026_11_24_purge_reaches_sources")
PURGE = earlier.PURGE.format(sources=earlier.SOURCES)


def upgrade() -> None:
    op.add_column(
        "version", sa.Column("surroundings", postgresql.DATERANGE(), nullable=True), schema="record"
    )
    op.execute("GRANT UPDATE (surroundings) ON record.version TO sojourn_purger")
    op.execute(PURGE.replace("sure = NULL,", "sure = NULL, surroundings = NULL,"))


def downgrade() -> None:
    op.execute(PURGE)
    op.drop_column("version", "surroundings", schema="record")
