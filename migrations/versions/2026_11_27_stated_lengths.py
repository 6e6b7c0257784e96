"""Stated length and bound of a step; what is ours in a date of an event, step or citation."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

COLUMNS = (
    ("event", "happened_basis"),
    ("event", "happened_basis_reason"),
    ("citation", "said_basis"),
    ("citation", "said_basis_reason"),
    ("stage", "date_basis"),
    ("stage", "date_basis_reason"),
    ("stage", "within"),
    ("stage", "within_reason"),
    ("stage", "duration"),
    ("stage", "duration_text"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True), schema="desk")


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column, schema="desk")
