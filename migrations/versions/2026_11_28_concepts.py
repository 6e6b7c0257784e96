"""Concepts of searches: words that mean the same, as codes of the list `concept`.

Only for installations that have codes: a new one imports them with its first edition.
"""

import csv
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

VOCABULARY = Path(__file__).parents[2] / "seeds" / "vocabulary.csv"
INSERT = sa.text(
    """
    INSERT INTO desk.code (id, list, code, label, definition, example, why)
    SELECT :id, 'concept', :code, :label, :definition, nullif(:example, ''), 'reindexed'
    WHERE EXISTS (SELECT FROM desk.code WHERE list = 'type')
    ON CONFLICT DO NOTHING
    """
)


def upgrade() -> None:
    # They are pending: `sojourn publish --again` makes them part of its recalculation.
    with VOCABULARY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["list"] == "concept":
                texts = {name: row[name] for name in ("code", "label", "definition", "example")}
                op.execute(INSERT.bindparams(id=f"concept:{row['code']}", **texts))


def downgrade() -> None:
    """Keep the concepts: they may have been changed at the desk."""
