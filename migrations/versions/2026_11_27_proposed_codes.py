"""Codes that drafts propose for the growing lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "draft",
        sa.Column("proposals", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        schema="desk",
    )


def downgrade() -> None:
    op.drop_column("draft", "proposals", schema="desk")
