"""People involved and movements may be a state of a day, or all up to it."""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NAME = "ck_estimate_moments_are_of_stocks"
CONDITION = "as_of is null or counts in ({counts}) or form = 'share' or nature <> 'observed'"
BEFORE = "'present', 'sites', 'papers', 'applications', 'places'"
AFTER = f"{BEFORE}, 'arrivals', 'departures', 'crossings', 'taking-part'"


def upgrade() -> None:
    _replace(AFTER)


def downgrade() -> None:
    _replace(BEFORE)


def _replace(counts: str) -> None:
    op.drop_constraint(op.f(NAME), "estimate", schema="desk", type_="check")
    op.create_check_constraint(
        op.f(NAME), "estimate", CONDITION.format(counts=counts), schema="desk"
    )
