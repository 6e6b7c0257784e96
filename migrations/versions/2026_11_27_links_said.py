"""A link between events names the citation whose source says so."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event_link", sa.Column("citation", sa.Text(), nullable=True), schema="desk")


def downgrade() -> None:
    op.drop_column("event_link", "citation", schema="desk")
