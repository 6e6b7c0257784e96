"""Who agrees to something, or says it, has a side too."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NAME = "ck_term_side_of_who_orders"


def upgrade() -> None:
    _check("side is null or role in ('orders', 'agrees', 'says', 'carries-out')")


def downgrade() -> None:
    op.execute("UPDATE desk.term SET side = NULL WHERE role IN ('agrees', 'says')")
    _check("side is null or role in ('orders', 'carries-out')")


def _check(condition: str) -> None:
    op.drop_constraint(op.f(NAME), "term", schema="desk")
    op.create_check_constraint(op.f(NAME), "term", condition, schema="desk")
