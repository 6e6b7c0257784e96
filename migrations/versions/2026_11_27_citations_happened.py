"""A citation holds when its source says that the event happened."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

COLUMNS = ("happened", "happened_text")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("citation", sa.Column(column, sa.Text(), nullable=True), schema="desk")


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("citation", column, schema="desk")
