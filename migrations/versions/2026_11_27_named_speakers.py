"""Whether each speaker is named, as the kind of speaker said until now; speakers in words.

Drafts and their revisions hold chains, too: a draft must still match what it was started from.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NAMED = (
    "'company', 'document', 'expert', 'government-statement', 'intelligence', 'named-official', "
    "'ngo', 'un-panel'"
)
UNNAMED = "'anonymous-official', 'anonymous-source', 'observers', 'resident', 'unattributed'"

NAMING = f"""
    CREATE FUNCTION desk.usual_naming(attribution text) RETURNS text LANGUAGE sql AS $$
        SELECT CASE WHEN attribution IN ({NAMED}) THEN 'yes' WHEN attribution IN ({UNNAMED}) THEN 'no' END
    $$
"""  # noqa: E501

DOCUMENT = """
    CREATE FUNCTION desk.with_naming(document jsonb) RETURNS jsonb LANGUAGE sql AS $$
        SELECT CASE WHEN jsonb_typeof(document -> 'citations') = 'array' THEN jsonb_set(
            document, '{citations}', coalesce((
                SELECT jsonb_agg(
                    CASE WHEN jsonb_typeof(cited -> 'chain') = 'array' THEN jsonb_set(
                        cited, '{chain}', coalesce((
                            SELECT jsonb_agg(
                                jsonb_build_object(
                                    'named', coalesce(desk.usual_naming(step ->> 'attribution'), ''),
                                    'speakers_text', ''
                                ) || step ORDER BY place
                            ) FROM jsonb_array_elements(cited -> 'chain') WITH ORDINALITY s (step, place)
                        ), '[]')
                    ) ELSE cited END ORDER BY nth
                ) FROM jsonb_array_elements(document -> 'citations') WITH ORDINALITY c (cited, nth)
            ), '[]')
        ) ELSE document END
    $$
"""  # noqa: E501


def upgrade() -> None:
    op.add_column("chain_step", sa.Column("named", sa.Text(), nullable=True), schema="desk")
    op.add_column("chain_step", sa.Column("speakers_text", sa.Text(), nullable=True), schema="desk")
    op.create_check_constraint(
        op.f("ck_chain_step_named"), "chain_step", "named in ('yes', 'no')", schema="desk"
    )
    op.execute(NAMING)
    op.execute(DOCUMENT)
    op.execute("UPDATE desk.chain_step SET named = desk.usual_naming(attribution)")
    op.execute(
        "UPDATE desk.draft SET document = desk.with_naming(document), "
        "base = desk.with_naming(base) WHERE kind IN ('E', 'M')"
    )
    op.execute(
        "UPDATE desk.revision SET document = desk.with_naming(document) "
        "WHERE draft IN (SELECT id FROM desk.draft WHERE kind IN ('E', 'M'))"
    )
    op.execute("DROP FUNCTION desk.with_naming")
    op.execute("DROP FUNCTION desk.usual_naming")


def downgrade() -> None:
    op.drop_column("chain_step", "speakers_text", schema="desk")
    op.drop_column("chain_step", "named", schema="desk")
