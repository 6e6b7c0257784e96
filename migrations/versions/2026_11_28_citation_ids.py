"""A search for the id of a citation finds the record that holds it.

The index has one number of four bytes for each id and the rows with it. A term for each citation
would be a row of `term` and an entry in every worker's index, and a table of ids one more thing for
publishing and purges to keep right.
"""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

IDS = """jsonb_path_query_array(payload, '$."form"."citations"[*]."id"'::jsonpath)"""


def upgrade() -> None:
    op.execute(
        f"CREATE INDEX ix_version_citations ON record.version USING gin ({IDS} jsonb_path_ops)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX record.ix_version_citations")
