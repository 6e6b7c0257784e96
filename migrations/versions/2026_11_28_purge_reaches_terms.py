"""A purge removes the terms that only the purged record had and that tell its content.

The numbers of an estimate, and the names of its series, are terms. Rows refer to terms by number,
so the text of a term stayed in its table when the last row that had it was emptied.
"""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

PURGE = """
    CREATE OR REPLACE FUNCTION record.purge(purged_id text, why text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        number integer;
        resting integer := (SELECT t.no FROM record.term t WHERE t.key = 'rests-on' AND t.code = purged_id);{had}
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
                WHERE t.key IN ('place', 'attribution', 'actor', 'actor_role', 'law') OR (t.key = 'has' AND t.code = 'quote')))
            WHERE kind = 'S' AND payload -> 'cited_by' ? purged_id;{note}
        UPDATE record.version SET state = 'purged', slug = NULL, reason = '', terms = '{{}}', span = '{{}}', lo = NULL,
            hi = NULL, sure = NULL, surroundings = NULL, published = '{{}}', sort_day = NULL, plain = '', search = '',
            cjk = '', payload = '{{}}' WHERE id = purged_id;{remove}
        INSERT INTO record.purged (id, edition) VALUES (purged_id, number) ON CONFLICT DO NOTHING;
        RETURN number;
    END $$
    """  # noqa: E501

HAD = """
        had integer[];"""
NOTE = """
        had := ARRAY(SELECT DISTINCT said FROM record.version v, unnest(v.terms) said WHERE v.id = purged_id);"""  # noqa: E501
# Terms of other keys are codes and ids. Workers have those of lists in memory: they must stay.
REMOVE = """
        DELETE FROM record.term t WHERE t.no = ANY (had) AND t.key IN ('value', 'series', 'sectors')
            AND NOT EXISTS (SELECT FROM record.version v WHERE v.terms @> ARRAY[t.no]);"""

LEFT_BY_EARLIER_PURGES = """
    DELETE FROM record.term t WHERE t.key IN ('value', 'series', 'sectors')
        AND EXISTS (SELECT FROM record.purged)
        AND t.no NOT IN (SELECT unnest(v.terms) FROM record.version v)
    """


def upgrade() -> None:
    op.execute("GRANT DELETE ON record.term TO sojourn_purger")
    op.execute(PURGE.format(had=HAD, note=NOTE, remove=REMOVE))
    op.execute(LEFT_BY_EARLIER_PURGES)


def downgrade() -> None:
    op.execute(PURGE.format(had="", note="", remove=""))
    op.execute("REVOKE DELETE ON record.term FROM sojourn_purger")
