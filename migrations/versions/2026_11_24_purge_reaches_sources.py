"""A purge removes the terms that a source has because of the purged record.

Sources are found by the places and speakers of the records that cite them. After a purge of such a
record, older rows of the source would still reveal its place and speaker. The current rows are
recalculated anyway.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFUSE_CHANGE = """
    CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- The one overwrite: content may be emptied, by the role that can touch nothing else (`record.purge`).
        IF current_user = 'sojourn_purger' AND NEW.plain = '' AND NEW.search = '' AND NEW.cjk = ''
           AND (to_jsonb(NEW) - ARRAY['plain', 'search', 'cjk'] = to_jsonb(OLD) - ARRAY['plain', 'search', 'cjk']
                OR (NEW.state = 'purged' AND NEW.payload = '{{}}' AND NEW.terms = '{{}}' AND NEW.reason = '')) THEN
            RETURN NEW;
        END IF;{fewer_terms}
        IF OLD.closed IS NOT NULL OR NEW.closed IS DISTINCT FROM (SELECT edition FROM record.counter)
           OR to_jsonb(NEW) - 'closed' <> to_jsonb(OLD) - 'closed' THEN
            RAISE EXCEPTION 'a row of the record is closed once, by the edition that replaces it, and never changed';
        END IF;
        RETURN NEW;
    END $$
    """  # noqa: E501

FEWER_TERMS = """
        IF current_user = 'sojourn_purger' AND NEW.kind = 'S' AND NEW.terms <@ OLD.terms
           AND to_jsonb(NEW) - 'terms' = to_jsonb(OLD) - 'terms' THEN
            RETURN NEW;
        END IF;"""

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
            WHERE resting = ANY (terms) AND id <> purged_id AND payload -> 'sources' ? purged_id;{sources}
        UPDATE record.version SET state = 'purged', slug = NULL, reason = '', terms = '{{}}', span = '{{}}', lo = NULL,
            hi = NULL, sure = NULL, published = '{{}}', sort_day = NULL, plain = '', search = '', cjk = '',
            payload = '{{}}' WHERE id = purged_id;
        INSERT INTO record.purged (id, edition) VALUES (purged_id, number) ON CONFLICT DO NOTHING;
        RETURN number;
    END $$
    """  # noqa: E501

SOURCES = """
        UPDATE record.version SET terms = ARRAY(SELECT said FROM unnest(terms) said WHERE said NOT IN (
                SELECT t.no FROM record.term t
                WHERE t.key IN ('place', 'attribution') OR (t.key = 'has' AND t.code = 'quote')))
            WHERE kind = 'S' AND payload -> 'cited_by' ? purged_id;"""  # noqa: E501


def upgrade() -> None:
    op.execute(REFUSE_CHANGE.format(fewer_terms=FEWER_TERMS))
    op.execute(PURGE.format(sources=SOURCES))


def downgrade() -> None:
    op.execute(PURGE.format(sources=""))
    op.execute(REFUSE_CHANGE.format(fewer_terms=""))
