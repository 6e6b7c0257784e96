"""Lengths of time and amounts of money count nobody, not “one group”."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE desk.estimate SET population = 'nobody' "
        "WHERE counts IN ('time', 'money') AND population IN ('one-group', 'things') "
        "AND (population_text IS NOT NULL OR event IS NOT NULL)"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE desk.estimate SET population = 'one-group' "
        "WHERE population = 'nobody' AND population_text IS NOT NULL"
    )
    op.execute("UPDATE desk.estimate SET population = 'things' WHERE population = 'nobody'")
