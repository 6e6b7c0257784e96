"""What a share is a share of, and which part of an estimate's time is inferred.

Plans and rules may be dated by the day on which they were told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

NAME = "ck_estimate_moments_are_of_stocks"
BEFORE = "as_of is null or counts in ('present', 'sites', 'papers') or form = 'share'"
AFTER = (
    "as_of is null or counts in ('present', 'sites', 'papers', 'places') "
    "or form = 'share' or nature <> 'observed'"
)


def upgrade() -> None:
    for name in ("share_of", "inferred", "inferred_reason"):
        op.add_column("estimate", sa.Column(name, sa.Text()), schema="desk")
    op.drop_constraint(op.f(NAME), "estimate", schema="desk")
    op.create_check_constraint(op.f(NAME), "estimate", AFTER, schema="desk")


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "estimate", schema="desk")
    op.create_check_constraint(op.f(NAME), "estimate", BEFORE, schema="desk")
    for name in ("inferred_reason", "inferred", "share_of"):
        op.drop_column("estimate", name, schema="desk")
