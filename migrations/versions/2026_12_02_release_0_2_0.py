"""From release 0.1.0 to 0.2.0.

The approved state becomes one table of documents. Statements that change tables come first:
PostgreSQL alters none whose rows wait for a check at the end of the transaction.
"""

import csv
import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from argon2 import PasswordHasher

revision = "0068"
down_revision = "0016"
branch_labels = None
depends_on = None

VOCABULARY = Path(__file__).parents[2] / "seeds" / "vocabulary.csv"

TABLES = """
CREATE TABLE desk.record (
    id text, no integer GENERATED ALWAYS AS IDENTITY, kind text NOT NULL, document jsonb NOT NULL,
    address text, first date, last date, series text, is_pending boolean NOT NULL DEFAULT true,
    why text, reason text, saved_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_record PRIMARY KEY (id), CONSTRAINT uq_record_address UNIQUE (address));
CREATE INDEX ix_record_kind ON desk.record (kind);
CREATE UNIQUE INDEX uq_record_slug ON desk.record (kind, (document ->> 'slug'));
CREATE UNIQUE INDEX uq_record_geonames ON desk.record ((document ->> 'geonames')) WHERE kind = 'P';
CREATE UNIQUE INDEX uq_record_preferred
    ON desk.record (series, (COALESCE(document ->> 'as_of', document ->> 'period', '')))
    WHERE document ->> 'role' = 'preferred';
ALTER TABLE desk.known ADD record text CONSTRAINT fk_known_record
    REFERENCES desk.record ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_known_record ON desk.known (record);
CREATE TABLE desk.reference (
    record text CONSTRAINT fk_reference_record
        REFERENCES desk.record ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    path text,
    target text CONSTRAINT fk_reference_target
        REFERENCES desk.known DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT pk_reference PRIMARY KEY (record, path, target));
CREATE INDEX ix_reference_target ON desk.reference (target);

ALTER TABLE desk.draft DROP CONSTRAINT ck_draft_kind,
    ADD CONSTRAINT ck_draft_kind CHECK (kind ~ '^[A-Z]$');
-- One open draft of an event or estimate for each report; of other records, and of new ones, one.
DROP INDEX desk.uq_draft_open;
CREATE UNIQUE INDEX uq_draft_open ON desk.draft (record, coalesce(article, ''))
    WHERE state IN ('draft', 'in-review', 'returned', 'approved');
CREATE UNIQUE INDEX uq_draft_open_once ON desk.draft (record)
    WHERE state IN ('draft', 'in-review', 'returned', 'approved')
    AND (base IS NULL OR kind NOT IN ('E', 'M'));
DROP TABLE desk.page_reading;
CREATE TABLE desk.sheet (
    source text, owner integer NOT NULL CONSTRAINT fk_sheet_owner
        REFERENCES desk.person DEFERRABLE INITIALLY DEFERRED,
    document jsonb NOT NULL, CONSTRAINT pk_sheet PRIMARY KEY (source));
CREATE INDEX ix_sheet_owner ON desk.sheet (owner);
CREATE TABLE desk.report_text (
    source text, language text NOT NULL, text text NOT NULL,
    translation text NOT NULL DEFAULT '', by integer NOT NULL CONSTRAINT fk_report_text_by
        REFERENCES desk.person DEFERRABLE INITIALLY DEFERRED,
    at timestamptz NOT NULL DEFAULT now(), delete_after date NOT NULL, marks jsonb,
    problem text NOT NULL DEFAULT '', CONSTRAINT pk_report_text PRIMARY KEY (source));
-- One index on the hashes: a table with a row for each hash would be several times as large.
CREATE TABLE desk.report_fingerprint (
    source text, published date, hashes bigint[] NOT NULL, facts jsonb NOT NULL DEFAULT '[]',
    CONSTRAINT pk_report_fingerprint PRIMARY KEY (source));
CREATE INDEX ix_report_fingerprint_hashes ON desk.report_fingerprint USING gin (hashes);
CREATE INDEX ix_report_fingerprint_published ON desk.report_fingerprint (published);

ALTER TABLE desk.person ADD failures integer NOT NULL DEFAULT 0, ADD failed_at timestamptz;
CREATE TABLE desk.device (
    id integer GENERATED ALWAYS AS IDENTITY, person integer NOT NULL CONSTRAINT fk_device_person
        REFERENCES desk.person ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    token_hash text NOT NULL, seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_device_person UNIQUE (person, token_hash),
    CONSTRAINT pk_device PRIMARY KEY (id));
CREATE TABLE desk.notice (
    id integer GENERATED ALWAYS AS IDENTITY, person integer NOT NULL CONSTRAINT fk_notice_person
        REFERENCES desk.person ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    kind text NOT NULL, about text NOT NULL, address text NOT NULL,
    words text NOT NULL DEFAULT '', caused_by integer,
    at timestamptz NOT NULL DEFAULT now(),
    at_desk boolean NOT NULL, by_mail boolean NOT NULL, read_at timestamptz,
    mailed_at timestamptz, tries integer NOT NULL DEFAULT 0,
    try_at timestamptz NOT NULL DEFAULT now(), CONSTRAINT pk_notice PRIMARY KEY (id));
CREATE INDEX ix_notice_person ON desk.notice (person, id);
CREATE INDEX ix_notice_unsent ON desk.notice (try_at) WHERE by_mail AND mailed_at IS NULL;
-- Access to private values: at most one line of the audit log a reader, record and day.
CREATE TABLE desk.opened_record (
    record text, person integer CONSTRAINT fk_opened_record_person
        REFERENCES desk.person DEFERRABLE INITIALLY DEFERRED,
    by integer NOT NULL CONSTRAINT fk_opened_record_by
        REFERENCES desk.person DEFERRABLE INITIALLY DEFERRED,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_opened_record PRIMARY KEY (record, person));
CREATE INDEX ix_audit_failed ON desk.audit (id, at) WHERE starts_with(action, 'failed-');
CREATE UNIQUE INDEX uq_audit_read_private
    ON desk.audit (by, about, ((at AT TIME ZONE 'UTC')::date)) WHERE action = 'read-private';
CREATE TABLE desk.confirmation (
    id integer GENERATED ALWAYS AS IDENTITY, act text NOT NULL, record text NOT NULL,
    arguments jsonb NOT NULL, reason text NOT NULL,
    asked_by integer NOT NULL CONSTRAINT fk_confirmation_asked_by
        REFERENCES desk.person DEFERRABLE INITIALLY DEFERRED,
    asked_at timestamptz NOT NULL DEFAULT now(), state text NOT NULL DEFAULT 'waiting',
    decided_by integer CONSTRAINT fk_confirmation_decided_by
        REFERENCES desk.person DEFERRABLE INITIALLY DEFERRED,
    decided_at timestamptz, words text NOT NULL DEFAULT '',
    CONSTRAINT pk_confirmation PRIMARY KEY (id),
    CONSTRAINT ck_confirmation_act
        CHECK (act IN ('withdraw', 'publish-again', 'merge', 'undo-merge', 'purge', 'hide')),
    CONSTRAINT ck_confirmation_state
        CHECK (state IN ('waiting', 'confirmed', 'declined', 'taken-back')));
CREATE UNIQUE INDEX uq_confirmation_waiting ON desk.confirmation (act, record)
    WHERE state = 'waiting';

ALTER TABLE desk.letter ADD rushed boolean NOT NULL DEFAULT false,
    ADD code_hash text CONSTRAINT uq_letter_code_hash UNIQUE;
-- An editor chooses among the reasons that readers are told.
UPDATE desk.draft SET why = CASE why WHEN 'typo' THEN 'clarified' ELSE 'updated' END
    WHERE why IN ('typo', 'sourced');
UPDATE desk.revision SET why = CASE why WHEN 'typo' THEN 'clarified' ELSE 'updated' END
    WHERE why IN ('typo', 'sourced');
-- Answers are comments like others, and as resolved as what they answered.
UPDATE desk.comment answer SET settled_by = answered.settled_by
    FROM desk.comment answered WHERE answered.id = answer.answers;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE desk.comment DROP COLUMN answers;
"""

# A document, of fields as columns have them: without what is empty or the default, with decimal
# numbers as text, and with the rows of `desk.part`.
CONVERSION = """
CREATE TABLE desk.part (owner text, field text, rows jsonb, PRIMARY KEY (owner, field));
CREATE FUNCTION desk.document(fields jsonb, defaults jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE
            WHEN jsonb_typeof(value) = 'number'
                AND key IN ('low', 'point', 'high', 'factor', 'number')
            THEN to_jsonb(value #>> '{}') ELSE value
        END), '{}')
        || coalesce((SELECT jsonb_object_agg(field, rows) FROM desk.part
            WHERE owner = fields ->> 'id'), '{}')
    FROM jsonb_each(fields)
    WHERE value NOT IN ('null', '""', '[]', coalesce(defaults -> key, 'false'))
$$;
CREATE FUNCTION desk.usual_naming(attribution text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN attribution IN ('company', 'document', 'expert', 'government-statement', 'ngo',
            'intelligence', 'named-official', 'un-panel') THEN 'yes'
        WHEN attribution IN ('anonymous-official', 'anonymous-source', 'observers', 'resident',
            'unattributed') THEN 'no' END
$$;
-- The code of the one pattern that matches.
CREATE FUNCTION desk.only_match(words text, patterns jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT min(key) FROM jsonb_each_text(patterns) WHERE words ~* value HAVING count(*) = 1
$$;
"""

# Rows of records: table, columns of the record, field of its form, and what old rows mean.
PARTS = (
    (
        "chain_step",
        "citation",
        "chain",
        "jsonb_build_object('named', desk.usual_naming(attribution))",
    ),
    (
        "citation",
        "event, estimate",
        "citations",
        # It names the law where the editors called the relation the source's reading.
        """jsonb_build_object('names_law', kind = 'legal' AND stance = 'supports' AND EXISTS (
            SELECT FROM desk.legal l WHERE l.event = t.event AND l.reading = 'source'))""",
    ),
    ("term", "event, estimate", "terms", "'{}'"),
    ("stage", "event", "stages", "'{}'"),
    ("event_link", "event", "links", "'{}'"),
    ("estimate_link", "estimate", "links", "'{}'"),
    ("legal", "event", "legal", "'{}'"),
    ("source_copy", "source", "copies", "jsonb_build_object('id', (position + 1)::text)"),
    ("source_parent", "child", "derived_from", "'{}'"),
    ("outlet_name", "outlet", "names", "'{}'"),
    ("place_name", "place", "names", "'{}'"),
)
PART = """
INSERT INTO desk.part SELECT coalesce({owner}), '{field}', jsonb_agg(desk.document(
    to_jsonb(t) - '{{{owner}, position, no, place, code_id, instrument_id}}'::text[] || {more},
    '{{"certainty": "firm"}}') ORDER BY position)
FROM desk.{table} t GROUP BY 1
"""

# Codes of the list `instrument` become laws with the same codes, which events go on naming.
RECORDS = """
INSERT INTO desk.part
    SELECT place, 'regions', jsonb_agg(region ORDER BY position) FROM desk.place_region GROUP BY 1;
CREATE FUNCTION desk.fields(anyelement, calculated text[] = '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT to_jsonb($1) - '{is_pending,why,reason,saved_at}'::text[] - calculated
$$;
INSERT INTO desk.record (id, kind, is_pending, why, reason, saved_at, document)
SELECT id, 'V', is_pending, why, reason, saved_at, desk.document(desk.fields(t, '{id,note}') || jsonb_build_object(
        'is_law', id IN ('type:legal-instrument', 'type:sanctions-designation') AND nature = 'measure',
        'nature', CASE WHEN nature = 'act' AND list = 'type' AND code IN ('statement',
            'report-to-public', 'report-to-un', 'diplomatic-letter') THEN 'statement' ELSE nature END))
FROM desk.code t WHERE list <> 'instrument'
UNION ALL SELECT id, 'P', is_pending, why, reason, saved_at, desk.document(desk.fields(t))
FROM desk.place t
UNION ALL SELECT id, 'O', is_pending, why, reason, saved_at,
    desk.document(desk.fields(t), '{"reliability": "f"}')
FROM desk.outlet t;
INSERT INTO desk.record
    (id, kind, is_pending, why, reason, saved_at, address, first, last, document)
SELECT id, 'S', is_pending, why, reason, saved_at, url_normalised, published_first, published_last,
    desk.document(desk.fields(t, '{url_normalised,published_first,published_last}'))
FROM desk.source t
UNION ALL SELECT id, 'E', is_pending, why, reason, saved_at, NULL, happened_first, happened_last,
    desk.document(desk.fields(t, '{type_id,happened_first,happened_last}'))
FROM desk.event t;
-- A bound that editors set is a date that they inferred; the wording of a deadline is in citations.
UPDATE desk.record SET document = document - '{within,within_reason,deadline_text}'::text[] || CASE
    WHEN document ? 'within' AND NOT document ? 'attested' THEN jsonb_build_object(
        'happened', regexp_replace(document ->> 'within', '(.*)/(.*)', '[\\1..\\2]'),
        'happened_basis', 'day-inferred', 'happened_basis_reason', document ->> 'within_reason')
    ELSE '{}' END
WHERE kind = 'E';
INSERT INTO desk.record (id, kind, is_pending, why, reason, saved_at, first, last, series, document)
SELECT id, 'M', is_pending, why, reason, saved_at, time_first, time_last, series,
    '{"terms": []}' || desk.document(
    desk.fields(t, '{time_first,time_last,series}') || jsonb_build_object(
        -- What was done with papers, and what money is, where the words name one and no other.
        'papers_were', CASE WHEN counts = 'papers' AND nature = 'observed' THEN
            desk.only_match(concat_ws(' ', population_text, printed_words), '{
                "issued": "\\\\m(issued|granted|given)\\\\M", "valid": "\\\\m(valid|in force)\\\\M",
                "refused": "\\\\m(refused|denied|rejected)\\\\M",
                "revoked": "\\\\m(revoked|withdrawn|cancell?ed)\\\\M"}') END,
        'money', CASE WHEN counts = 'money' THEN
            desk.only_match(concat_ws(' ', population_text, printed_words), '{
                "pay": "\\\\m(pay|paid|wages?|salar(y|ies)|earn\\\\w*)\\\\M",
                "fees": "\\\\m(fees?|charges?|commissions?)\\\\M",
                "sent-home": "\\\\m(remittances?|remit\\\\w*|sen[dt] (money )?home)\\\\M",
                "fines": "\\\\m(fines?|fined|bail|penalt(y|ies)|deposits?)\\\\M"}') END,
        'population', CASE WHEN counts IN ('time', 'money') AND population IN ('one-group', 'things')
            AND (population_text IS NOT NULL OR event IS NOT NULL) THEN 'nobody' ELSE population END),
    '{"nature": "observed", "unit": "people", "form": "number", "role": "ordinary", "printed": true}')
FROM desk.estimate t;
INSERT INTO desk.record (id, kind, why, document)
SELECT 'N' || row_number() OVER (ORDER BY code), 'N', 'reindexed', desk.document(jsonb_build_object(
        'id', 'N' || row_number() OVER (ORDER BY code), 'code', code,
        'kind', CASE WHEN code LIKE 'unscr-%' THEN 'un-resolution'
            WHEN EXISTS (SELECT FROM desk.code c WHERE c.list = t.list AND c."group" = t.code)
            THEN 'regime' ELSE 'law' END,
        'parent', (SELECT c.code FROM desk.code c WHERE c.list = t.list AND c.code = t."group"),
        'replaced_by', (SELECT c.code FROM desk.code c WHERE c.list = t.list AND c.code = t.successor),
        'remark', definition,
        'names', jsonb_build_array(jsonb_build_object('text', label, 'language', 'en', 'preferred', true))))
FROM desk.code t WHERE list = 'instrument';
INSERT INTO desk.number (letter, last)
    SELECT kind, count(*) FROM desk.record WHERE kind = 'N' GROUP BY kind ON CONFLICT DO NOTHING;
"""  # noqa: E501

# New codes, for an installation that has codes: a new one imports them with its first edition.
# They are pending, so that `sojourn publish --again` makes them part of its recalculation.
NEW_LISTS = {"right", "concept"}
NEW_CODES = {
    "type": "crackdown warning home-statement selection-suspended agency-licence place-list "
    "states-call state-agreement rules-review outside-channel applications-stop requests-stop "
    "demand",
    "group": "men-workers minors",
}
INSERT_CODES = """
INSERT INTO desk.record (id, kind, document, why)
SELECT concat(code ->> 'list', ':', code ->> 'code'), 'V', desk.document(code), 'reindexed'
FROM jsonb_array_elements(CAST(:codes AS jsonb)) code
WHERE EXISTS (SELECT FROM desk.record WHERE id LIKE 'type:%') ON CONFLICT DO NOTHING
"""

# Names of records, and what refers to them: kinds, path, and the prefix of the name. A name that no
# record has was never checked: it is left out, and refused when its record is saved.
REFERENCES = """
INSERT INTO desk.known (id, record)
SELECT id, id FROM desk.record
UNION ALL SELECT concat(kind, ':', document ->> 'code'), id FROM desk.record WHERE kind IN ('P', 'O', 'N')
UNION ALL SELECT of_row #>> '{}', id FROM desk.record, jsonb_path_query(document, '$.*[*].id') of_row
    WHERE kind IN ('E', 'M')
ON CONFLICT (id) DO UPDATE SET record = EXCLUDED.record;
INSERT INTO desk.reference (record, path, target)
SELECT DISTINCT found.id, path, target FROM (
    SELECT id, path, concat(prefix, name #>> '{}') AS target FROM desk.record
    JOIN (VALUES ('P', 'parent', 'P:'), ('P', 'regions', 'P:'), ('O', 'belongs_to', 'O:'),
        ('S', 'outlet', 'O:'), ('S', 'derived_from.source', ''), ('S', 'derived_from.outlet', 'O:'),
        ('E', 'type', 'type:'), ('E', 'exact_place', 'P:'), ('E', 'stages.citation', ''),
        ('E', 'legal.instrument', 'N:'), ('M', 'event', ''), ('EM', 'citations.source', ''),
        ('EM', 'citations.chain.outlet', 'O:'),
        ('N', 'parent', 'N:'), ('N', 'replaced_by', 'N:')
    ) fields (kinds, path, prefix) ON position(kind IN kinds) > 0,
    jsonb_path_query(document, ('$.' || path || '[*]')::jsonpath) name
    UNION ALL
    SELECT id, concat('links.', link ->> 'type', '.to'), link ->> 'to'
    FROM desk.record, jsonb_array_elements(document -> 'links') link
    UNION ALL
    SELECT id, 'terms.code', concat(CASE term ->> 'key' WHEN 'place' THEN 'P' ELSE term ->> 'key' END,
        ':', term ->> 'code')
    FROM desk.record, jsonb_array_elements(document -> 'terms') term
    UNION ALL
    SELECT id, 'successor', concat(document ->> 'list', ':', document ->> 'successor')
    FROM desk.record WHERE kind = 'V' AND document ? 'successor'
) found JOIN desk.known ON known.id = target;
"""  # noqa: E501

# Drafts have the chains and copies of records. A copy keeps the number of its first appearance in
# the revisions, so that a draft that was open before matches what it was begun from.
DRAFTS = """
CREATE FUNCTION desk.with_naming(document jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN jsonb_typeof(document -> 'citations') = 'array' THEN jsonb_set(
        document, '{citations}', coalesce((
            SELECT jsonb_agg(
                CASE WHEN jsonb_typeof(cited -> 'chain') = 'array' THEN jsonb_set(
                    cited, '{chain}', coalesce((
                        SELECT jsonb_agg(jsonb_build_object('named', coalesce(
                            desk.usual_naming(step ->> 'attribution'), ''), 'speakers_text', ''
                        ) || step ORDER BY place)
                        FROM jsonb_array_elements(cited -> 'chain') WITH ORDINALITY s (step, place)
                    ), '[]')
                ) ELSE cited END ORDER BY nth
            ) FROM jsonb_array_elements(document -> 'citations') WITH ORDINALITY c (cited, nth)
        ), '[]')
    ) ELSE document END
$$;
CREATE TABLE desk.copy_number AS
    SELECT draft, copy ->> 'row' AS row,
        row_number() OVER (PARTITION BY draft ORDER BY min(ARRAY[turn, place])) AS number
    FROM (
        SELECT id AS draft, -1 AS turn, base AS document FROM desk.draft WHERE kind = 'S'
        UNION ALL SELECT draft, revision.number, revision.document
            FROM desk.revision JOIN desk.draft ON draft.id = draft WHERE kind = 'S'
        UNION ALL SELECT id, 2147483647, document FROM desk.draft WHERE kind = 'S'
    ) stored, jsonb_array_elements(document -> 'copies') WITH ORDINALITY c (copy, place)
    GROUP BY draft, copy ->> 'row';
CREATE FUNCTION desk.with_numbers(of integer, document jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(document, '{copies}', coalesce((
        SELECT jsonb_agg(copy || jsonb_build_object('id', number::text) ORDER BY place)
        FROM jsonb_array_elements(document -> 'copies') WITH ORDINALITY c (copy, place)
        JOIN desk.copy_number n ON n.draft = of AND n.row = copy ->> 'row'
    ), '[]'))
$$;
UPDATE desk.revision SET document = CASE kind WHEN 'S' THEN desk.with_numbers(draft, revision.document)
        ELSE desk.with_naming(revision.document) END
    FROM desk.draft WHERE draft.id = draft AND kind IN ('S', 'E', 'M');
UPDATE desk.draft SET document = CASE kind WHEN 'S' THEN desk.with_numbers(id, document)
        ELSE desk.with_naming(document) END,
    base = CASE kind WHEN 'S' THEN desk.with_numbers(id, base) ELSE desk.with_naming(base) END
    WHERE kind IN ('S', 'E', 'M');
"""  # noqa: E501

# The approved state of before, and what only the conversion needs.
REMOVED = """
DROP FUNCTION desk.document, desk.only_match, desk.usual_naming, desk.fields, desk.with_naming,
    desk.with_numbers;
DROP TABLE desk.part, desk.copy_number, desk.code, desk.outlet, desk.outlet_name, desk.place,
    desk.place_name, desk.place_region, desk.source, desk.source_copy, desk.source_parent,
    desk.event, desk.event_link, desk.legal, desk.stage, desk.estimate, desk.estimate_link,
    desk.citation, desk.chain_step, desk.term, desk.import, desk.import_file, desk.import_row;
DROP FUNCTION desk.know, desk.refuse_cycle, letterbox.send;
"""

# Late, since readers wait for the end of a transaction that has changed these tables.
PUBLISHED = """
-- One number of four bytes for each id of a citation, and the rows with it.
CREATE INDEX ix_version_citations ON record.version USING gin
    (jsonb_path_query_array(payload, '$."form"."citations"[*]."id"') jsonb_path_ops);
ALTER TABLE record.edition ADD rules integer, ADD is_recalculation boolean NOT NULL DEFAULT false;
ALTER TABLE record.version ADD surroundings daterange, DROP CONSTRAINT ck_version_kind,
    ADD CONSTRAINT ck_version_kind CHECK (kind ~ '^[A-Z]$');
-- An older release with the reader's login refuses a newer database by it.
CREATE VIEW record.revision AS SELECT version_num FROM desk.alembic_version;
-- Terms that no row has any more: that of an actor and its part tells that something named both.
DELETE FROM record.term t WHERE EXISTS (SELECT FROM record.purged)
    AND t.no NOT IN (SELECT unnest(v.terms) FROM record.version v);
"""

FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named text[] := ARRAY['terms', 'legal', 'parent', 'issuer', 'operator', 'replaced_by'];
BEGIN
    -- The one overwrite: content may be emptied, by the role that can touch nothing else (`record.purge`).
    IF current_user = 'sojourn_purger' AND NEW.plain = '' AND NEW.search = '' AND NEW.cjk = ''
       AND (to_jsonb(NEW) - ARRAY['plain', 'search', 'cjk'] = to_jsonb(OLD) - ARRAY['plain', 'search', 'cjk']
            OR (NEW.state = 'purged' AND NEW.payload = '{}' AND NEW.terms = '{}' AND NEW.reason = '')) THEN
        RETURN NEW;
    END IF;
    IF current_user = 'sojourn_purger' AND NEW.kind = 'S' AND NEW.terms <@ OLD.terms
       AND to_jsonb(NEW) - 'terms' = to_jsonb(OLD) - 'terms' THEN
        RETURN NEW;
    END IF;
    IF current_user = 'sojourn_purger' AND NEW.terms <@ OLD.terms
       AND to_jsonb(NEW) - ARRAY['terms', 'payload'] = to_jsonb(OLD) - ARRAY['terms', 'payload']
       AND NEW.payload - 'form' = OLD.payload - 'form'
       AND (NEW.payload -> 'form') - named = (OLD.payload -> 'form') - named THEN
        RETURN NEW;
    END IF;
    IF OLD.closed IS NOT NULL OR NEW.closed IS DISTINCT FROM (SELECT edition FROM record.counter)
       OR to_jsonb(NEW) - 'closed' <> to_jsonb(OLD) - 'closed' THEN
        RAISE EXCEPTION 'a row of the record is closed once, by the edition that replaces it, and never changed';
    END IF;
    RETURN NEW;
END $$;
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
    IF codes <> '{}' THEN
        naming := ARRAY(SELECT t.no FROM record.term t WHERE
            (t.key = CASE what WHEN 'A' THEN 'actor' ELSE 'law' END AND t.code = ANY (codes))
            OR (t.key = 'actor_role' AND what = 'A' AND split_part(t.code, ':', 2) = ANY (codes))
            OR (t.key = 'refers' AND split_part(t.code, ':', 1) = what AND split_part(t.code, ':', 2) = ANY (codes)));
        inside := ARRAY(SELECT t.no FROM record.term t WHERE t.key = 'within' AND t.code = ANY (codes));
        UPDATE record.version SET payload = jsonb_set(payload, '{form,terms}', (
                SELECT jsonb_agg(CASE WHEN said ->> 'key' = 'actor' AND said ->> 'code' = ANY (codes)
                    THEN said - 'code' || CASE WHEN said ? 'printed' THEN '{}'::jsonb ELSE '{"printed": "[removed]"}'::jsonb END ELSE said END ORDER BY place)
                FROM jsonb_array_elements(payload #> '{form,terms}') WITH ORDINALITY each (said, place)))
            WHERE what = 'A' AND terms && naming AND id <> purged_id
                AND jsonb_array_length(payload #> '{form,terms}') > 0;
        UPDATE record.version SET payload = jsonb_set(payload, '{form,legal}', (
                SELECT jsonb_agg(CASE WHEN said ->> 'instrument' = ANY (codes)
                    THEN said - 'instrument' || CASE WHEN said ? 'printed' THEN '{}'::jsonb ELSE '{"printed": "[removed]"}'::jsonb END ELSE said END ORDER BY place)
                FROM jsonb_array_elements(payload #> '{form,legal}') WITH ORDINALITY each (said, place)))
            WHERE what = 'N' AND terms && naming AND id <> purged_id
                AND jsonb_array_length(payload #> '{form,legal}') > 0;
        UPDATE record.version SET payload = payload #- '{form,issuer}'
            WHERE what = 'A' AND kind = 'N' AND payload #>> '{form,issuer}' = ANY (codes);
        UPDATE record.version SET payload = payload #- '{form,operator}'
            WHERE what = 'A' AND kind = 'P' AND payload #>> '{form,operator}' = ANY (codes);
        UPDATE record.version SET payload = payload #- '{form,parent}'
            WHERE kind = what AND id <> purged_id AND payload #>> '{form,parent}' = ANY (codes);
        UPDATE record.version SET payload = payload #- '{form,replaced_by}'
            WHERE what = 'N' AND kind = what AND id <> purged_id AND payload #>> '{form,replaced_by}' = ANY (codes);
        UPDATE record.version SET terms = ARRAY(SELECT said FROM unnest(terms) said
                WHERE said <> ALL (naming) AND NOT (kind = what AND said = ANY (inside)))
            WHERE id <> purged_id AND (terms && naming OR (kind = what AND terms && inside));
        had := had || naming || inside;
    END IF;
    UPDATE record.version SET state = 'purged', slug = NULL, reason = '', terms = '{}', span = '{}', lo = NULL,
        hi = NULL, sure = NULL, surroundings = NULL, published = '{}', sort_day = NULL, plain = '', search = '',
        cjk = '', payload = '{}' WHERE id = purged_id;
    DELETE FROM record.term t WHERE t.no = ANY (had)
        AND NOT EXISTS (SELECT FROM record.version v WHERE v.terms @> ARRAY[t.no]);
    INSERT INTO record.purged (id, edition) VALUES (purged_id, number) ON CONFLICT DO NOTHING;
    RETURN number;
END $$;
CREATE OR REPLACE FUNCTION desk.forget(record_id text, names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
    typed text;
    its_id text := ': ' || to_jsonb(record_id)::text;
    spoken_of text := '(^|\W)' || record_id || '(\W|$)';
BEGIN
    IF EXISTS (SELECT FROM record.version v WHERE v.id = record_id AND v.state <> 'purged') THEN
        RAISE EXCEPTION 'readers still see it';
    END IF;
    DELETE FROM desk.comment WHERE draft IN (SELECT d.id FROM desk.draft d WHERE d.record = record_id);
    DELETE FROM desk.step WHERE lead IN (SELECT l.id FROM desk.lead l WHERE l.url = ANY (names)
        OR l.draft IN (SELECT d.id FROM desk.draft d WHERE d.record = record_id));
    DELETE FROM desk.lead WHERE url = ANY (names)
        OR draft IN (SELECT d.id FROM desk.draft d WHERE d.record = record_id);
    DELETE FROM desk.capture WHERE source = record_id;
    -- The person who asked for it can still be answered.
    UPDATE desk.step SET note = '' WHERE letter IN (SELECT l.id FROM desk.letter l WHERE l.about ~ spoken_of);
    UPDATE desk.letter SET words = '–', note = '' WHERE letter.about ~ spoken_of;
    DELETE FROM desk.revision WHERE draft IN (SELECT d.id FROM desk.draft d WHERE d.record = record_id);
    DELETE FROM desk.draft WHERE record = record_id;
    UPDATE desk.merging SET reason = '' WHERE record_id IN (gone, kept);
    UPDATE desk.audit SET words = NULL WHERE about = record_id;
    -- Others may still cite it: ids stay known, its code does not.
    UPDATE desk.known SET record = NULL WHERE record = record_id AND id !~ ':';
    DELETE FROM desk.record WHERE id = record_id;
    FOREACH name IN ARRAY names LOOP
        typed := ': ' || to_jsonb(name)::text;
        UPDATE desk.revision SET document = replace(document::text, typed, its_id)::jsonb
            WHERE position(typed IN document::text) > 0;
        UPDATE desk.draft SET document = replace(document::text, typed, its_id)::jsonb,
            base = replace(base::text, typed, its_id)::jsonb
            WHERE position(typed IN document::text || coalesce(base::text, '')) > 0;
    END LOOP;
END $$;
CREATE FUNCTION letterbox.hash_networks(purpose text, networks text[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hour_salt uuid;
BEGIN
    IF cardinality(networks) NOT BETWEEN 1 AND 3 THEN
        RAISE 'between one and three networks are counted';
    END IF;
    -- One at a time, or what comes together would not count each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('letterbox', 0));
    DELETE FROM desk.letter_salt WHERE since < now() - interval '1 hour';
    IF NOT EXISTS (SELECT FROM desk.letter_salt) THEN
        DELETE FROM desk.letter_count;
        INSERT INTO desk.letter_salt (salt) VALUES (gen_random_uuid());
    END IF;
    hour_salt := (SELECT salt FROM desk.letter_salt);
    RETURN ARRAY(
        SELECT encode(sha256(convert_to(hour_salt || purpose || '|' || network, 'UTF8')), 'hex')
        FROM unnest(networks) WITH ORDINALITY AS each (network, place) ORDER BY place
    );
END $$;
CREATE FUNCTION letterbox.send(
    letter_key text, kind text, about text, words text, reach text, networks text[], code_hash text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_removal boolean := send.kind = 'removal';
    is_rushed boolean := false;
    hashed text[];
    sent bigint;
BEGIN
    hashed := letterbox.hash_networks(CASE WHEN is_removal THEN 'removal' ELSE 'letter' END, networks);
    IF EXISTS (SELECT FROM desk.letter l WHERE l.key = letter_key) THEN
        RETURN 'kept';
    END IF;
    -- From narrow to wide: each wider network may send twice as many. A removal beyond that is kept and waits
    -- behind the others; one network alone can't fill the disk.
    FOR wider IN 0 .. cardinality(hashed) - 1 LOOP
        sent := (SELECT count(*) FROM desk.letter_count c WHERE c.key = hashed[wider + 1]);
        IF sent >= (CASE WHEN is_removal THEN 100 ELSE 5 END << wider) THEN
            RETURN 'too many of yours';
        END IF;
        is_rushed := is_rushed OR sent >= (5 << wider);
    END LOOP;
    -- Over all senders only what asks for no removal is held up.
    IF NOT is_removal AND (SELECT count(*) FROM desk.letter l
        WHERE l.came_at > now() - interval '1 hour' AND l.kind <> 'removal') >= 40 THEN
        RETURN 'too many';
    END IF;
    INSERT INTO desk.letter_count (key) SELECT unnest(hashed);
    INSERT INTO desk.letter (key, kind, about, words, reach, rushed, code_hash)
        VALUES (letter_key, kind, about, words, reach, is_rushed, code_hash);
    RETURN 'kept';
END $$;
CREATE FUNCTION letterbox.state_of(code_hashes text[], networks text[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hashed text[];
    found text;
BEGIN
    -- A replica can't count. A code has 80 random bits, so that nothing depends on it.
    IF NOT pg_is_in_recovery() THEN
        hashed := letterbox.hash_networks('guess', networks);
        -- Counted first, so that after too many guesses even a right one tells nothing.
        FOR wider IN 0 .. cardinality(hashed) - 1 LOOP
            IF (SELECT count(*) FROM desk.letter_count c WHERE c.key = hashed[wider + 1]) >= (20 << wider) THEN
                RETURN 'too many of yours';
            END IF;
        END LOOP;
    END IF;
    SELECT CASE l.state
            WHEN 'new' THEN 'received' WHEN 'taken' THEN 'in-work' WHEN 'done' THEN 'done' ELSE 'declined'
        END
        INTO found FROM desk.letter l WHERE l.code_hash = ANY (code_hashes);
    IF found IS NULL AND hashed IS NOT NULL THEN
        INSERT INTO desk.letter_count (key) SELECT unnest(hashed);
    END IF;
    RETURN coalesce(found, 'unknown');
END $$;
CREATE FUNCTION record.keep_editions_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A clock may be set back, and now() is when a transaction began: a purge or an edition that waited for
    -- another one to be published began before it.
    NEW.at := greatest(NEW.at, (SELECT at FROM record.edition WHERE no = NEW.no - 1));
    RETURN NEW;
END $$;
CREATE TRIGGER keep_in_order BEFORE INSERT ON record.edition
FOR EACH ROW EXECUTE FUNCTION record.keep_editions_in_order();
-- The text of a report goes when no draft of it is open any more; the approval of the source alone, before
-- anything was drafted from it, does not end the work on the report.
CREATE FUNCTION desk.delete_report_text() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    report text := CASE NEW.kind WHEN 'S' THEN NEW.record ELSE NEW.article END;
BEGIN
    IF report IS NULL OR EXISTS (SELECT FROM desk.draft d WHERE report IN (d.article, d.record)
            AND d.state IN ('draft', 'in-review', 'returned')) THEN
        RETURN NULL;
    END IF;
    IF NEW.kind = 'S' AND NEW.state <> 'deleted'
            AND NOT EXISTS (SELECT FROM desk.draft d WHERE d.article = report) THEN
        RETURN NULL;
    END IF;
    DELETE FROM desk.report_text WHERE source = report;
    RETURN NULL;
END $$;
CREATE TRIGGER delete_report_text AFTER UPDATE OF state ON desk.draft FOR EACH ROW
WHEN (OLD.state <> NEW.state AND NEW.state IN ('approved', 'published', 'deleted'))
EXECUTE FUNCTION desk.delete_report_text();
"""  # noqa: E501

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.record, desk.known, desk.reference, desk.sheet,
    desk.report_text, desk.report_fingerprint TO sojourn_desk;
GRANT SELECT, INSERT, UPDATE ON desk.confirmation TO sojourn_desk;
GRANT SELECT, INSERT, DELETE ON desk.opened_record, desk.device, desk.notice
    TO sojourn_desk;
GRANT UPDATE (seen_at) ON desk.device TO sojourn_desk;
GRANT UPDATE (words, at, caused_by, read_at, mailed_at, tries, try_at) ON desk.notice
    TO sojourn_desk;
REVOKE INSERT, DELETE ON desk.known FROM sojourn_purger;
GRANT UPDATE (record) ON desk.known TO sojourn_purger;
GRANT SELECT (id), DELETE ON desk.record TO sojourn_purger;
GRANT SELECT ON record.edition TO sojourn_purger;
GRANT DELETE ON record.term TO sojourn_purger;
GRANT UPDATE (surroundings) ON record.version TO sojourn_purger;
REVOKE EXECUTE ON FUNCTION letterbox.hash_networks, letterbox.send, letterbox.state_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox.send, letterbox.state_of TO sojourn_reader;
GRANT SELECT ON record.revision TO sojourn_reader;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(CONVERSION)
    for table, owner, field, more in PARTS:
        op.execute(PART.format(table=table, owner=owner, field=field, more=more))
    op.execute(RECORDS)
    op.execute(sa.text(INSERT_CODES).bindparams(codes=json.dumps(new_codes())))
    op.execute(REFERENCES)
    op.execute(DRAFTS)
    op.execute(REMOVED)
    hash_recovery_codes()
    op.execute(PUBLISHED)
    op.execute(FUNCTIONS)
    op.execute(RIGHTS)


def new_codes() -> list[dict[str, str | bool]]:
    with VOCABULARY.open(encoding="utf-8", newline="") as file:
        return [
            {**row, "is_law": row["is_law"] == "yes"}
            for row in csv.DictReader(file)
            if row["list"] in NEW_LISTS or row["code"] in NEW_CODES.get(row["list"], "").split()
        ]


def hash_recovery_codes() -> None:
    """Hash the stored SHA-256 of each recovery code again, so that every code still works.

    Its first four digits are the prefix: a code is compared with one hash instead of ten.
    """
    hasher, people = (
        PasswordHasher(),
        sa.table(
            "person",
            sa.column("id"),
            sa.column("recovery_hashes", sa.ARRAY(sa.Text())),
            schema="desk",
        ),
    )
    for id, hashes in op.get_bind().execute(sa.select(people)).all():
        wrapped = [f"{each[:4]}:{hasher.hash(each)}" for each in hashes]
        op.execute(sa.update(people).where(people.c.id == id).values(recovery_hashes=wrapped))
    op.create_check_constraint(
        op.f("ck_person_recovery_codes_are_hashed"),
        "person",
        r"array_to_string(recovery_hashes, ' ') ~ '^([0-9a-f]{4}:\$argon2id\$\S+ ?)*$'",
        schema="desk",
    )
