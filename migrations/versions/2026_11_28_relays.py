"""Indexes by which a report is compared with all that were read before.

A GIN index on the hashes: a table with a row for each hash would be several times as large.
"""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_report_fingerprint_hashes",
        "report_fingerprint",
        ["hashes"],
        schema="desk",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_report_fingerprint_published", "report_fingerprint", ["published"], schema="desk"
    )


def downgrade() -> None:
    op.drop_index("ix_report_fingerprint_published", "report_fingerprint", schema="desk")
    op.drop_index("ix_report_fingerprint_hashes", "report_fingerprint", schema="desk")
