"""Whether a citation about one field also reports the event; types of event that are statements.

Existing citations stay undecided: the rule counts these only where nothing else supports the event,
and a quality list shows them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATEMENTS = "('statement', 'report-to-public', 'report-to-un', 'diplomatic-letter')"


def upgrade() -> None:
    op.add_column("citation", sa.Column("reports_event", sa.Text(), nullable=True), schema="desk")
    _set_nature("act", "statement")


def downgrade() -> None:
    _set_nature("statement", "act")
    op.drop_column("citation", "reports_event", schema="desk")


def _set_nature(before: str, after: str) -> None:
    op.execute(
        f"UPDATE desk.code SET nature = '{after}' WHERE list = 'type' AND nature = '{before}' "
        f"AND code IN {STATEMENTS}"
    )
