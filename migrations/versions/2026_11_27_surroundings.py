"""Approximate dates get surroundings, which a period must contain to contain the date for certain.

Old rows have none: their editions keep what they said. The next `publish --again` calculates it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PURGE = """
    CREATE OR REPLACE FUNCTION record.purge(purged_id text, why text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        number integer;
        resting integer := (SELECT t.no FROM record.term t WHERE t.key = 'rests-on' AND t.code = purged_id);
    BEGIN
        UPDATE record.counter SET edition = edition + 1 RETURNING edition INTO number;
        IF NOT EXISTS (SELECT FROM record.version v WHERE v.id = purged_id AND v.state <> 'purged') THEN
            RAISE EXCEPTION 'there is nothing to purge' USING ERRCODE = 'no_data_found';
        END IF;
        INSERT INTO record.edition (no, message, release) VALUES (number, why, '');
        UPDATE record.version SET plain = '', search = '', cjk = ''
            WHERE resting = ANY (terms) AND id <> purged_id AND payload -> 'sources' ? purged_id;
        UPDATE record.version SET terms = ARRAY(SELECT said FROM unnest(terms) said WHERE said NOT IN (
                SELECT t.no FROM record.term t
                WHERE t.key IN ('place', 'attribution') OR (t.key = 'has' AND t.code = 'quote')))
            WHERE kind = 'S' AND payload -> 'cited_by' ? purged_id;
        UPDATE record.version SET state = 'purged', slug = NULL, reason = '', terms = '{{}}', span = '{{}}', lo = NULL,
            hi = NULL, sure = NULL,{surroundings} published = '{{}}', sort_day = NULL, plain = '', search = '',
            cjk = '', payload = '{{}}' WHERE id = purged_id;
        INSERT INTO record.purged (id, edition) VALUES (purged_id, number) ON CONFLICT DO NOTHING;
        RETURN number;
    END $$
    """  # noqa: E501


def upgrade() -> None:
    op.add_column(
        "version", sa.Column("surroundings", postgresql.DATERANGE(), nullable=True), schema="record"
    )
    op.execute("GRANT UPDATE (surroundings) ON record.version TO sojourn_purger")
    op.execute(PURGE.format(surroundings=" surroundings = NULL,"))


def downgrade() -> None:
    op.execute(PURGE.format(surroundings=""))
    op.drop_column("version", "surroundings", schema="record")
