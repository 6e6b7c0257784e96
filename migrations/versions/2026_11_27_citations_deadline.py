"""A citation holds the deadline that its source gives."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

COLUMNS = ("deadline", "deadline_text")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("citation", sa.Column(column, sa.Text(), nullable=True), schema="desk")


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("citation", column, schema="desk")
