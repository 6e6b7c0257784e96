"""Editions say whether they only recalculated the record, and by which rules they did.

Old editions have no rules: the next `publish --again` calculates every row by those of today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("rules", sa.Integer(), nullable=True), schema="record")
    op.add_column(
        "edition",
        sa.Column("is_recalculation", sa.Boolean(), nullable=False, server_default=sa.false()),
        schema="record",
    )


def downgrade() -> None:
    op.drop_column("edition", "is_recalculation", schema="record")
    op.drop_column("edition", "rules", schema="record")
