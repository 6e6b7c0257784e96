"""Who carries out a practice has a side, where nobody is reported to have ordered it."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NAME = "ck_term_side_of_who_orders"


def upgrade() -> None:
    _check("side is null or role in ('orders', 'carries-out')")


def downgrade() -> None:
    op.execute("UPDATE desk.term SET side = NULL WHERE role = 'carries-out'")
    _check("side is null or role = 'orders'")


def _check(condition: str) -> None:
    op.drop_constraint(op.f(NAME), "term", schema="desk")
    op.create_check_constraint(op.f(NAME), "term", condition, schema="desk")
