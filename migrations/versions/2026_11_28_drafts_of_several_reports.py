"""Several open drafts of an event or estimate, one for each report: only one was allowed.

A second report of the same event could not be entered while the first was in review.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

OPEN = "state in ('draft', 'in-review', 'returned', 'approved')"


def upgrade() -> None:
    op.drop_index("uq_draft_open", "draft", schema="desk")
    op.create_index(
        "uq_draft_open",
        "draft",
        ["record", sa.text("coalesce(article, '')")],
        unique=True,
        schema="desk",
        postgresql_where=sa.text(OPEN),
    )
    op.create_index(
        "uq_draft_open_once",
        "draft",
        ["record"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text(f"{OPEN} and (base is null or kind not in ('E', 'M'))"),
    )


def downgrade() -> None:
    """Fails while a record has several open drafts: publish or delete them first."""
    op.drop_index("uq_draft_open_once", "draft", schema="desk")
    op.drop_index("uq_draft_open", "draft", schema="desk")
    op.create_index(
        "uq_draft_open",
        "draft",
        ["record"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text(OPEN),
    )
