"""A state that was going on when it was reported: the day on which a source attests it."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("attested", sa.Text(), nullable=True), schema="desk")


def downgrade() -> None:
    op.drop_column("event", "attested", schema="desk")
