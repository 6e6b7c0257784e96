"""Whether an estimate is for a whole or a part, and whether a sector restricts its number."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

CONSTRAINTS = {
    "ck_estimate_only_changes_below_zero": (
        "{change} or least(low, point, high) >= 0",
        ("form = 'change'", "form in ('change', 'percent-change')"),
    ),
    "ck_estimate_periods_are_of_flows": (
        "period is null or counts not in ('present', 'sites') or nature <> 'observed' or {change}",
        ("form in ('mean', 'change')", "form in ('mean', 'change', 'percent-change')"),
    ),
}
"""Each constraint, with its forms of a change before and after this step."""


def upgrade() -> None:
    op.add_column("estimate", sa.Column("coverage", sa.Text()), schema="desk")
    op.add_column("term", sa.Column("scope", sa.Text()), schema="desk")
    _replace_constraints(1)


def downgrade() -> None:
    _replace_constraints(0)
    op.drop_column("term", "scope", schema="desk")
    op.drop_column("estimate", "coverage", schema="desk")


def _replace_constraints(which: int) -> None:
    for name, (condition, changes) in CONSTRAINTS.items():
        op.drop_constraint(op.f(name), "estimate", schema="desk", type_="check")
        op.create_check_constraint(
            op.f(name), "estimate", condition.format(change=changes[which]), schema="desk"
        )
