"""Stated end, plan, deadline and first report of a step; types that are laws; links we judge."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = (
    "first_reported",
    *("planned_for", "planned_for_text"),
    *("deadline", "deadline_text"),
    *("valid_until", "valid_until_text"),
)
LAWS = "('type:legal-instrument', 'type:sanctions-designation')"
OLD_CHECK, CHECK = (
    "ck_event_link_contradiction_has_a_reason",
    "ck_event_link_judgement_has_a_reason",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("stage", sa.Column(column, sa.Text(), nullable=True), schema="desk")
    op.add_column(
        "code",
        sa.Column("is_law", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="desk",
    )
    # Readers see the marker after `sojourn publish --again`, which publishes migrated forms.
    op.execute(f"UPDATE desk.code SET is_law = true WHERE id IN {LAWS} AND nature = 'measure'")
    op.drop_constraint(op.f(OLD_CHECK), "event_link", schema="desk", type_="check")
    op.create_check_constraint(
        op.f(CHECK),
        "event_link",
        "type NOT IN ('contradicts', 'shows-not-applied', 'do-not-agree') OR reason IS NOT NULL",
        schema="desk",
    )


def downgrade() -> None:
    op.drop_constraint(op.f(CHECK), "event_link", schema="desk", type_="check")
    op.create_check_constraint(
        op.f(OLD_CHECK),
        "event_link",
        "type <> 'contradicts' OR reason IS NOT NULL",
        schema="desk",
    )
    op.drop_column("code", "is_law", schema="desk")
    for column in reversed(COLUMNS):
        op.drop_column("stage", column, schema="desk")
