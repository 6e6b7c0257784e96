"""What an estimate may count instead of what its source says."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("estimate", sa.Column("may_count", sa.Text()), schema="desk")


def downgrade() -> None:
    op.drop_column("estimate", "may_count", schema="desk")
