"""A purge reaches what other rows keep of an actor or law, and terms that no row has any more.

Past versions of other records kept its code, which tells its name. Terms of a purged record stayed
in their table: that of an actor and its part tells that something on record named both. Workers
read all terms again after a purge, so terms may go.
"""

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

REMOVED = (
    """CASE WHEN said ? 'printed' THEN '{}'::jsonb ELSE '{"printed": "[removed]"}'::jsonb END"""
)
PURGE = f"""
    CREATE OR REPLACE FUNCTION record.purge(purged_id text, why text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        number integer;
        resting integer := (SELECT t.no FROM record.term t WHERE t.key = 'rests-on' AND t.code = purged_id);
        what text := (SELECT v.kind FROM record.version v WHERE v.id = purged_id LIMIT 1);
        codes text[] := ARRAY(SELECT DISTINCT v.slug FROM record.version v
            WHERE v.id = purged_id AND v.kind IN ('A', 'N') AND v.slug IS NOT NULL);
        had integer[];
        naming integer[];
        inside integer[];
    BEGIN
        UPDATE record.counter SET edition = edition + 1 RETURNING edition INTO number;
        IF NOT EXISTS (SELECT FROM record.version v WHERE v.id = purged_id AND v.state <> 'purged') THEN
            RAISE EXCEPTION 'there is nothing to purge' USING ERRCODE = 'no_data_found';
        END IF;
        INSERT INTO record.edition (no, message, release) VALUES (number, why, '');
        had := ARRAY(SELECT DISTINCT said FROM record.version v, unnest(v.terms) said
            WHERE v.id = purged_id OR (v.kind = 'S' AND v.payload -> 'cited_by' ? purged_id));
        UPDATE record.version SET plain = '', search = '', cjk = ''
            WHERE resting = ANY (terms) AND id <> purged_id AND payload -> 'sources' ? purged_id;
        UPDATE record.version SET terms = ARRAY(SELECT said FROM unnest(terms) said WHERE said NOT IN (
                SELECT t.no FROM record.term t
                WHERE t.key IN ('place', 'attribution', 'actor', 'actor_role', 'law') OR (t.key = 'has' AND t.code = 'quote')))
            WHERE kind = 'S' AND payload -> 'cited_by' ? purged_id;
        IF codes <> '{{}}' THEN
            naming := ARRAY(SELECT t.no FROM record.term t WHERE
                (t.key = CASE what WHEN 'A' THEN 'actor' ELSE 'law' END AND t.code = ANY (codes))
                OR (t.key = 'actor_role' AND what = 'A' AND split_part(t.code, ':', 2) = ANY (codes))
                OR (t.key = 'refers' AND split_part(t.code, ':', 1) = what AND split_part(t.code, ':', 2) = ANY (codes)));
            inside := ARRAY(SELECT t.no FROM record.term t WHERE t.key = 'within' AND t.code = ANY (codes));
            UPDATE record.version SET payload = jsonb_set(payload, '{{form,terms}}', (
                    SELECT jsonb_agg(CASE WHEN said ->> 'key' = 'actor' AND said ->> 'code' = ANY (codes)
                        THEN said - 'code' || {REMOVED} ELSE said END ORDER BY place)
                    FROM jsonb_array_elements(payload #> '{{form,terms}}') WITH ORDINALITY each (said, place)))
                WHERE what = 'A' AND terms && naming AND id <> purged_id
                    AND jsonb_array_length(payload #> '{{form,terms}}') > 0;
            UPDATE record.version SET payload = jsonb_set(payload, '{{form,legal}}', (
                    SELECT jsonb_agg(CASE WHEN said ->> 'instrument' = ANY (codes)
                        THEN said - 'instrument' || {REMOVED} ELSE said END ORDER BY place)
                    FROM jsonb_array_elements(payload #> '{{form,legal}}') WITH ORDINALITY each (said, place)))
                WHERE what = 'N' AND terms && naming AND id <> purged_id
                    AND jsonb_array_length(payload #> '{{form,legal}}') > 0;
            UPDATE record.version SET payload = payload #- '{{form,issuer}}'
                WHERE what = 'A' AND kind = 'N' AND payload #>> '{{form,issuer}}' = ANY (codes);
            UPDATE record.version SET payload = payload #- '{{form,operator}}'
                WHERE what = 'A' AND kind = 'P' AND payload #>> '{{form,operator}}' = ANY (codes);
            UPDATE record.version SET payload = payload #- '{{form,parent}}'
                WHERE kind = what AND id <> purged_id AND payload #>> '{{form,parent}}' = ANY (codes);
            UPDATE record.version SET payload = payload #- '{{form,replaced_by}}'
                WHERE what = 'N' AND kind = what AND id <> purged_id AND payload #>> '{{form,replaced_by}}' = ANY (codes);
            UPDATE record.version SET terms = ARRAY(SELECT said FROM unnest(terms) said
                    WHERE said <> ALL (naming) AND NOT (kind = what AND said = ANY (inside)))
                WHERE id <> purged_id AND (terms && naming OR (kind = what AND terms && inside));
            had := had || naming || inside;
        END IF;
        UPDATE record.version SET state = 'purged', slug = NULL, reason = '', terms = '{{}}', span = '{{}}', lo = NULL,
            hi = NULL, sure = NULL, surroundings = NULL, published = '{{}}', sort_day = NULL, plain = '', search = '',
            cjk = '', payload = '{{}}' WHERE id = purged_id;
        DELETE FROM record.term t WHERE t.no = ANY (had)
            AND NOT EXISTS (SELECT FROM record.version v WHERE v.terms @> ARRAY[t.no]);
        INSERT INTO record.purged (id, edition) VALUES (purged_id, number) ON CONFLICT DO NOTHING;
        RETURN number;
    END $$
    """  # noqa: E501
REFUSE_CHANGE = """
    CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        named text[] := ARRAY['terms', 'legal', 'parent', 'issuer', 'operator', 'replaced_by'];
    BEGIN
        -- The one overwrite: content may be emptied, by the role that can touch nothing else (`record.purge`).
        IF current_user = 'sojourn_purger' AND NEW.plain = '' AND NEW.search = '' AND NEW.cjk = ''
           AND (to_jsonb(NEW) - ARRAY['plain', 'search', 'cjk'] = to_jsonb(OLD) - ARRAY['plain', 'search', 'cjk']
                OR (NEW.state = 'purged' AND NEW.payload = '{{}}' AND NEW.terms = '{{}}' AND NEW.reason = '')) THEN
            RETURN NEW;
        END IF;
        IF current_user = 'sojourn_purger' AND NEW.kind = 'S' AND NEW.terms <@ OLD.terms
           AND to_jsonb(NEW) - 'terms' = to_jsonb(OLD) - 'terms' THEN
            RETURN NEW;
        END IF;{fewer_names}
        IF OLD.closed IS NOT NULL OR NEW.closed IS DISTINCT FROM (SELECT edition FROM record.counter)
           OR to_jsonb(NEW) - 'closed' <> to_jsonb(OLD) - 'closed' THEN
            RAISE EXCEPTION 'a row of the record is closed once, by the edition that replaces it, and never changed';
        END IF;
        RETURN NEW;
    END $$
    """  # noqa: E501
FEWER_NAMES = """
        IF current_user = 'sojourn_purger' AND NEW.terms <@ OLD.terms
           AND to_jsonb(NEW) - ARRAY['terms', 'payload'] = to_jsonb(OLD) - ARRAY['terms', 'payload']
           AND NEW.payload - 'form' = OLD.payload - 'form'
           AND (NEW.payload -> 'form') - named = (OLD.payload -> 'form') - named THEN
            RETURN NEW;
        END IF;"""
LEFT_BY_EARLIER_PURGES = """
    DELETE FROM record.term t WHERE EXISTS (SELECT FROM record.purged)
        AND t.no NOT IN (SELECT unnest(v.terms) FROM record.version v)
    """


def upgrade() -> None:
    op.execute(REFUSE_CHANGE.format(fewer_names=FEWER_NAMES))
    op.execute(PURGE)
    op.execute(LEFT_BY_EARLIER_PURGES)


def downgrade() -> None:
    before = op.get_context().script.get_revision("0054").module  # type: ignore[union-attr]
    op.execute(REFUSE_CHANGE.format(fewer_names=""))
    op.execute(before.PURGE.format(had=before.HAD, note=before.NOTE, remove=before.REMOVE))
