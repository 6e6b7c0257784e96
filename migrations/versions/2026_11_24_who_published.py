"""Add the publisher to editions: a role, or the public name that a person chose."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "edition",
        sa.Column("published_by", sa.String(), server_default="", nullable=False),
        schema="record",
    )
    op.add_column(
        "person", sa.Column("signs_as", sa.Text(), server_default="", nullable=False), schema="desk"
    )


def downgrade() -> None:
    op.drop_column("person", "signs_as", schema="desk")
    op.drop_column("edition", "published_by", schema="record")
