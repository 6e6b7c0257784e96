"""The tables of release 0.1.0, whose backups are restored into them and then migrated."""

from alembic import op

revision = "0016"
down_revision = None
branch_labels = None
depends_on = None

DESK = """
CREATE TABLE desk.code (
    list text NOT NULL, code text NOT NULL, label text NOT NULL, definition text NOT NULL,
    example text, "group" text, nature text, successor text, id text,
    is_pending boolean NOT NULL DEFAULT true, why text, reason text,
    saved_at timestamptz NOT NULL DEFAULT now(), note text,
    CONSTRAINT uq_code_list_code UNIQUE (list, code), CONSTRAINT pk_code PRIMARY KEY (id),
    CONSTRAINT ck_code_id_is_list_and_code CHECK (id = list || ':' || code),
    CONSTRAINT ck_code_no_successor_of_itself CHECK (successor IS DISTINCT FROM code),
    CONSTRAINT ck_code_types_have_a_nature CHECK ((list = 'type') = (nature IS NOT NULL)));
CREATE TABLE desk.outlet (
    code text NOT NULL, kind text NOT NULL, country text, languages text[] NOT NULL,
    belongs_to text, reliability text NOT NULL, reliability_reason text, reliability_on date,
    reliability_by text, id text, is_pending boolean NOT NULL DEFAULT true, why text,
    reason text, saved_at timestamptz NOT NULL DEFAULT now(), note text,
    CONSTRAINT uq_outlet_code UNIQUE (code), CONSTRAINT pk_outlet PRIMARY KEY (id),
    CONSTRAINT ck_outlet_grade_has_a_reason
        CHECK (reliability = 'f' OR reliability_reason IS NOT NULL),
    CONSTRAINT ck_outlet_not_of_itself CHECK (belongs_to <> code),
    CONSTRAINT ck_outlet_reliability CHECK (reliability BETWEEN 'a' AND 'f'));
CREATE TABLE desk.outlet_name (
    outlet text, position integer, text text NOT NULL, language text,
    preferred boolean NOT NULL, CONSTRAINT pk_outlet_name PRIMARY KEY (outlet, position));
CREATE UNIQUE INDEX uq_outlet_name_preferred ON desk.outlet_name (outlet, language) WHERE preferred;
CREATE TABLE desk.place (
    code text NOT NULL, kind text NOT NULL, parent text, country text, latitude float8,
    longitude float8, precision_km float8, geonames integer, remark text, id text,
    is_pending boolean NOT NULL DEFAULT true, why text, reason text,
    saved_at timestamptz NOT NULL DEFAULT now(), note text,
    CONSTRAINT uq_place_code UNIQUE (code), CONSTRAINT uq_place_geonames UNIQUE (geonames),
    CONSTRAINT pk_place PRIMARY KEY (id),
    CONSTRAINT ck_place_both_coordinates CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT ck_place_no_coordinates_of_sites CHECK (kind <> 'site' OR latitude IS NULL),
    CONSTRAINT ck_place_not_in_itself CHECK (parent <> code));
CREATE INDEX ix_place_parent ON desk.place (parent);
CREATE TABLE desk.place_name (
    place text, position integer, text text NOT NULL, language text, preferred boolean NOT NULL,
    CONSTRAINT pk_place_name PRIMARY KEY (place, position));
CREATE UNIQUE INDEX uq_place_name_preferred ON desk.place_name (place, language) WHERE preferred;
CREATE TABLE desk.place_region (
    place text, position integer, region text NOT NULL,
    CONSTRAINT pk_place_region PRIMARY KEY (place, position));
CREATE TABLE desk.source (
    slug text, outlet text NOT NULL, title text NOT NULL, title_basis text NOT NULL,
    title_en text, url text, url_normalised text, language text, author text,
    kind text NOT NULL, published text, published_first date, published_last date,
    published_basis text NOT NULL, published_text text, rights text, remark text, id text,
    is_pending boolean NOT NULL DEFAULT true, why text, reason text,
    saved_at timestamptz NOT NULL DEFAULT now(), note text,
    CONSTRAINT uq_source_slug UNIQUE (slug),
    CONSTRAINT uq_source_url_normalised UNIQUE (url_normalised),
    CONSTRAINT pk_source PRIMARY KEY (id),
    CONSTRAINT ck_source_date_or_unknown
        CHECK ((published IS NULL) = (published_basis = 'unknown')),
    CONSTRAINT ck_source_published_in_order CHECK (published_first <= published_last));
CREATE INDEX ix_source_outlet ON desk.source (outlet);
CREATE TABLE desk.source_copy (
    source text, position integer, host_kind text NOT NULL, host text, url text,
    extent text NOT NULL, read_on text, archive text, sha256 text,
    CONSTRAINT pk_source_copy PRIMARY KEY (source, position));
CREATE TABLE desk.source_parent (
    child text, position integer, source text, outlet text, how text NOT NULL,
    CONSTRAINT pk_source_parent PRIMARY KEY (child, position),
    CONSTRAINT ck_source_parent_not_on_itself CHECK (source <> child),
    CONSTRAINT ck_source_parent_source_or_outlet CHECK ((source IS NULL) <> (outlet IS NULL)));
CREATE INDEX ix_source_parent_source ON desk.source_parent (source);
CREATE TABLE desk.event (
    slug text, title text NOT NULL, summary text NOT NULL, type text NOT NULL,
    type_id text NOT NULL, happened text, happened_first date, happened_last date,
    happened_text text, within text, within_reason text, deadline text, deadline_text text,
    exact_happened text, exact_place text, id text, is_pending boolean NOT NULL DEFAULT true,
    why text, reason text, saved_at timestamptz NOT NULL DEFAULT now(), note text,
    CONSTRAINT uq_event_slug UNIQUE (slug), CONSTRAINT pk_event PRIMARY KEY (id),
    CONSTRAINT ck_event_bound_has_a_reason CHECK ((within IS NULL) = (within_reason IS NULL)),
    CONSTRAINT ck_event_happened_in_order CHECK (happened_first <= happened_last),
    CONSTRAINT ck_event_type_id CHECK (type_id = 'type:' || type));
CREATE INDEX ix_event_type_id ON desk.event (type_id);
CREATE TABLE desk.event_link (
    id text, event text NOT NULL, position integer NOT NULL, type text NOT NULL,
    "to" text NOT NULL, factor numeric, sense text, reason text,
    CONSTRAINT uq_event_link_event_type_to UNIQUE (event, type, "to"),
    CONSTRAINT pk_event_link PRIMARY KEY (id),
    CONSTRAINT ck_event_link_contradiction_has_a_reason
        CHECK (type <> 'contradicts' OR reason IS NOT NULL),
    CONSTRAINT ck_event_link_not_to_itself CHECK ("to" <> event));
CREATE INDEX ix_event_link_event ON desk.event_link (event);
CREATE INDEX ix_event_link_to ON desk.event_link ("to");
CREATE TABLE desk.legal (
    event text, position integer, instrument text, instrument_id text, relation text NOT NULL,
    reading text NOT NULL, printed text, CONSTRAINT pk_legal PRIMARY KEY (event, position),
    CONSTRAINT ck_legal_instrument_id
        CHECK (instrument_id IS NOT DISTINCT FROM 'instrument:' || instrument));
CREATE TABLE desk.stage (
    event text, position integer, step text NOT NULL, date text, date_text text,
    citation text NOT NULL, remark text, CONSTRAINT pk_stage PRIMARY KEY (event, position),
    CONSTRAINT ck_stage_end_has_a_date_or_unknown CHECK (step <> 'ended' OR date IS NOT NULL));
CREATE TABLE desk.estimate (
    slug text, event text, counts text NOT NULL, nature text NOT NULL, unit text NOT NULL,
    per text, form text NOT NULL, low numeric, point numeric, high numeric,
    quantifier text NOT NULL, printed_words text, printed boolean NOT NULL,
    population text NOT NULL, population_text text, as_of text, as_of_text text, period text,
    period_text text, time_first date, time_last date, role text NOT NULL, role_reason text,
    series text NOT NULL, remark text, exact_as_of text, id text,
    is_pending boolean NOT NULL DEFAULT true, why text, reason text,
    saved_at timestamptz NOT NULL DEFAULT now(), note text,
    CONSTRAINT uq_estimate_slug UNIQUE (slug), CONSTRAINT pk_estimate PRIMARY KEY (id),
    CONSTRAINT ck_estimate_figure_or_words
        CHECK ((quantifier = 'words') = (low IS NULL AND point IS NULL AND high IS NULL)),
    CONSTRAINT ck_estimate_low_high CHECK (low <= high),
    CONSTRAINT ck_estimate_low_point_high CHECK (low <= point AND point <= high),
    CONSTRAINT ck_estimate_moment_or_period CHECK (as_of IS NULL OR period IS NULL),
    CONSTRAINT ck_estimate_moments_are_of_stocks
        CHECK (as_of IS NULL OR (counts IN ('present', 'sites', 'papers')) OR form =
        'share'),
    CONSTRAINT ck_estimate_only_changes_below_zero
        CHECK (form = 'change' OR LEAST(low, point, high) >= 0),
    CONSTRAINT ck_estimate_periods_are_of_flows
        CHECK (period IS NULL OR (counts NOT IN ('present', 'sites')) OR nature <>
        'observed' OR (form IN ('mean', 'change'))),
    CONSTRAINT ck_estimate_role_has_a_reason
        CHECK ((role NOT IN ('preferred', 'rejected')) OR role_reason IS NOT NULL),
    CONSTRAINT ck_estimate_time_in_order CHECK (time_first <= time_last));
CREATE INDEX ix_estimate_event ON desk.estimate (event);
CREATE UNIQUE INDEX uq_estimate_preferred ON desk.estimate (series, COALESCE(as_of, period, ''))
    WHERE role = 'preferred';
CREATE TABLE desk.estimate_link (
    id text, estimate text NOT NULL, position integer NOT NULL, type text NOT NULL,
    "to" text NOT NULL, factor numeric, sense text, reason text,
    CONSTRAINT uq_estimate_link_estimate_type_to UNIQUE (estimate, type, "to"),
    CONSTRAINT pk_estimate_link PRIMARY KEY (id),
    CONSTRAINT ck_estimate_link_not_to_itself CHECK ("to" <> estimate));
CREATE INDEX ix_estimate_link_estimate ON desk.estimate_link (estimate);
CREATE INDEX ix_estimate_link_to ON desk.estimate_link ("to");
CREATE TABLE desk.citation (
    id text, about text, source text NOT NULL, locator text, locator_text text,
    breaks_off boolean NOT NULL, stance text NOT NULL, kind text NOT NULL,
    certainty text NOT NULL, certainty_text text, said text, said_text text,
    paraphrase text NOT NULL, quote text, quote_language text, quote_translation text,
    quote_translator text, field text, value text, differs text, credibility integer, note text,
    event text, estimate text, position integer NOT NULL,
    CONSTRAINT uq_citation_estimate_source_position UNIQUE (estimate, source, position),
    CONSTRAINT uq_citation_event_source_position UNIQUE (event, source, position),
    CONSTRAINT pk_citation PRIMARY KEY (id),
    CONSTRAINT ck_citation_credibility CHECK (credibility BETWEEN 1 AND 6),
    CONSTRAINT ck_citation_not_about_itself CHECK (about <> id),
    CONSTRAINT ck_citation_one_owner CHECK ((event IS NULL) <> (estimate IS NULL)),
    CONSTRAINT ck_citation_short_quote CHECK (quote IS NULL OR length(quote) <= 300));
CREATE INDEX ix_citation_estimate ON desk.citation (estimate);
CREATE INDEX ix_citation_event ON desk.citation (event);
CREATE INDEX ix_citation_source ON desk.citation (source);
CREATE TABLE desk.chain_step (
    citation text, position integer, attribution text NOT NULL, words text, outlet text,
    speakers integer, occasion text, said text, exact_words text,
    CONSTRAINT pk_chain_step PRIMARY KEY (citation, position),
    CONSTRAINT ck_chain_step_speakers CHECK (speakers > 0));
CREATE TABLE desk.term (
    no serial, key text NOT NULL, code text, place text, code_id text, role text NOT NULL,
    printed text, number numeric, side text, event text, estimate text,
    position integer NOT NULL, CONSTRAINT pk_term PRIMARY KEY (no),
    CONSTRAINT ck_term_code_id
        CHECK (code_id IS NOT DISTINCT FROM CASE WHEN key <> 'place' THEN key || ':' || code
        END),
    CONSTRAINT ck_term_code_or_words CHECK (code IS NOT NULL OR printed IS NOT NULL),
    CONSTRAINT ck_term_number CHECK (number >= 0),
    CONSTRAINT ck_term_one_owner CHECK ((event IS NULL) <> (estimate IS NULL)),
    CONSTRAINT ck_term_place
        CHECK (place IS NOT DISTINCT FROM CASE WHEN key = 'place' THEN code END),
    CONSTRAINT ck_term_side_of_who_orders CHECK (side IS NULL OR role = 'orders'));
CREATE INDEX ix_term_code_id ON desk.term (code_id);
CREATE INDEX ix_term_estimate ON desk.term (estimate);
CREATE INDEX ix_term_event ON desk.term (event);
CREATE INDEX ix_term_place ON desk.term (place);
CREATE TABLE desk.known (
    id text, CONSTRAINT pk_known PRIMARY KEY (id));
CREATE TABLE desk.person (
    id integer GENERATED ALWAYS AS IDENTITY, email text NOT NULL, name text NOT NULL DEFAULT '',
    role text NOT NULL, password_hash text, factor_secret text,
    factor_step bigint NOT NULL DEFAULT '0', recovery_hashes text[] NOT NULL DEFAULT '{}',
    invited_at timestamptz NOT NULL DEFAULT now(), disabled_at timestamptz,
    signs_as text NOT NULL DEFAULT '', CONSTRAINT uq_person_email UNIQUE (email),
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT ck_person_email_is_normalised
        CHECK (email = lower(email) AND position('@' IN email) > 1),
    CONSTRAINT ck_person_factor_is_sealed CHECK (starts_with(factor_secret, 'aes-gcm:')),
    CONSTRAINT ck_person_password_is_hashed CHECK (starts_with(password_hash, '$argon2id$')),
    CONSTRAINT ck_person_role CHECK (role IN ('contributor', 'editor', 'admin')));
CREATE TABLE desk.sign_in (
    id integer GENERATED ALWAYS AS IDENTITY, token_hash text NOT NULL, person integer NOT NULL,
    browser text NOT NULL, waits_for_code boolean NOT NULL DEFAULT false, notice text,
    began_at timestamptz NOT NULL DEFAULT now(), seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash), CONSTRAINT pk_sign_in PRIMARY KEY (id));
CREATE INDEX ix_sign_in_person ON desk.sign_in (person);
CREATE TABLE desk.link (
    token_hash text, person integer, made_by integer, expires_at timestamptz NOT NULL,
    CONSTRAINT pk_link PRIMARY KEY (token_hash));
CREATE UNIQUE INDEX uq_link_person ON desk.link (person) NULLS NOT DISTINCT;
CREATE TABLE desk.passkey (
    id integer GENERATED ALWAYS AS IDENTITY, person integer NOT NULL, name text NOT NULL,
    credential bytea NOT NULL, public_key bytea NOT NULL, uses bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(), used_at timestamptz,
    CONSTRAINT uq_passkey_credential UNIQUE (credential),
    CONSTRAINT pk_passkey PRIMARY KEY (id), CONSTRAINT ck_passkey_has_a_name CHECK (name <> ''));
CREATE INDEX ix_passkey_person ON desk.passkey (person);
CREATE TABLE desk.challenge (
    hash text, person integer, made_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_challenge PRIMARY KEY (hash));
CREATE TABLE desk.attempt (
    id bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), CONSTRAINT pk_attempt PRIMARY KEY (id));
CREATE INDEX ix_attempt_at ON desk.attempt (at);
CREATE INDEX ix_attempt_key_at ON desk.attempt (key, at);
CREATE TABLE desk.audit (
    id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT now(), by integer,
    action text NOT NULL, about text, words text, CONSTRAINT pk_audit PRIMARY KEY (id));
CREATE TABLE desk.number (
    letter text, last integer NOT NULL, CONSTRAINT pk_number PRIMARY KEY (letter));
CREATE TABLE desk.draft (
    id integer GENERATED ALWAYS AS IDENTITY, kind varchar(1) NOT NULL, record text NOT NULL,
    key text NOT NULL, state text NOT NULL, owner integer NOT NULL, article text,
    number integer NOT NULL, document jsonb NOT NULL, why text, reason text,
    created_at timestamptz NOT NULL DEFAULT now(), saved_at timestamptz NOT NULL DEFAULT now(),
    base jsonb, CONSTRAINT uq_draft_key UNIQUE (key), CONSTRAINT pk_draft PRIMARY KEY (id),
    CONSTRAINT ck_draft_kind CHECK (kind IN ('P', 'O', 'S', 'E', 'M')),
    CONSTRAINT ck_draft_state
        CHECK (state IN ('draft', 'in-review', 'returned', 'approved', 'published',
        'deleted')));
CREATE INDEX ix_draft_article ON desk.draft (article);
CREATE INDEX ix_draft_owner ON desk.draft (owner);
CREATE UNIQUE INDEX uq_draft_open ON desk.draft (record)
    WHERE (state IN ('draft', 'in-review', 'returned', 'approved'));
CREATE TABLE desk.revision (
    draft integer, number integer, by integer NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), saved text NOT NULL, sheet text NOT NULL,
    document jsonb NOT NULL, why text, reason text, words text,
    CONSTRAINT pk_revision PRIMARY KEY (draft, number));
CREATE INDEX ix_revision_together ON desk.revision (sheet) WHERE saved = 'together';
CREATE TABLE desk.comment (
    id integer GENERATED ALWAYS AS IDENTITY, draft integer NOT NULL, number integer NOT NULL,
    place text NOT NULL, answers integer, by integer NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), words text NOT NULL, settled_by integer,
    CONSTRAINT pk_comment PRIMARY KEY (id),
    CONSTRAINT fk_comment_draft_number FOREIGN KEY (draft, number)
        REFERENCES desk.revision(draft, number) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_comment_says_something CHECK (words <> ''));
CREATE INDEX ix_comment_draft ON desk.comment (draft);
CREATE TABLE desk.page_reading (
    draft integer, at timestamptz NOT NULL DEFAULT now(), by integer NOT NULL,
    outcome text NOT NULL, proposals jsonb NOT NULL,
    CONSTRAINT pk_page_reading PRIMARY KEY (draft));
CREATE TABLE desk.merging (
    id integer GENERATED ALWAYS AS IDENTITY, gone text NOT NULL, kept text NOT NULL,
    gone_name text NOT NULL, kept_name text NOT NULL, by integer NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), edition integer NOT NULL, reason text NOT NULL,
    undone_by integer, undone_in integer, CONSTRAINT pk_merging PRIMARY KEY (id),
    CONSTRAINT ck_merging_two_of_a_kind CHECK (gone <> kept AND left(gone, 1) = left(kept, 1)),
    CONSTRAINT ck_merging_undone_by_somebody CHECK ((undone_by IS NULL) = (undone_in IS NULL)));
CREATE INDEX ix_merging_kept ON desk.merging (kept);
CREATE UNIQUE INDEX uq_merging_gone ON desk.merging (gone) WHERE undone_in IS NULL;
CREATE TABLE desk.purge (
    id text, at timestamptz NOT NULL DEFAULT now(), CONSTRAINT pk_purge PRIMARY KEY (id));
CREATE TABLE desk.feed (
    id integer GENERATED ALWAYS AS IDENTITY, url text NOT NULL, url_normalised text NOT NULL,
    title text NOT NULL, owner integer, added_by integer NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(), stopped_at timestamptz, checked_at timestamptz,
    problem text NOT NULL DEFAULT '', CONSTRAINT uq_feed_url_normalised UNIQUE (url_normalised),
    CONSTRAINT pk_feed PRIMARY KEY (id));
CREATE TABLE desk.lead (
    url text NOT NULL, url_normalised text NOT NULL, title text NOT NULL DEFAULT '',
    way text NOT NULL, feed integer, added_by integer,
    added_at timestamptz NOT NULL DEFAULT now(), draft integer,
    id integer GENERATED ALWAYS AS IDENTITY, state text NOT NULL DEFAULT 'new',
    note text NOT NULL DEFAULT '', since timestamptz NOT NULL DEFAULT now(), owner integer,
    CONSTRAINT uq_lead_url_normalised UNIQUE (url_normalised),
    CONSTRAINT pk_lead PRIMARY KEY (id),
    CONSTRAINT ck_lead_somebody_or_a_feed CHECK ((feed IS NULL) = (added_by IS NOT NULL)),
    CONSTRAINT ck_lead_state CHECK (state IN ('new', 'taken', 'done', 'set-aside')),
    CONSTRAINT ck_lead_way CHECK (way IN ('pasted', 'bookmarklet', 'feed')));
CREATE INDEX ix_lead_draft ON desk.lead (draft);
CREATE INDEX ix_lead_owner ON desk.lead (owner);
CREATE INDEX ix_lead_state_since ON desk.lead (state, since);
CREATE TABLE desk.letter (
    key text NOT NULL, kind text NOT NULL, about text NOT NULL, words text NOT NULL,
    reach text NOT NULL, came_at timestamptz NOT NULL DEFAULT now(),
    id integer GENERATED ALWAYS AS IDENTITY, state text NOT NULL DEFAULT 'new',
    note text NOT NULL DEFAULT '', since timestamptz NOT NULL DEFAULT now(), owner integer,
    CONSTRAINT uq_letter_key UNIQUE (key), CONSTRAINT pk_letter PRIMARY KEY (id),
    CONSTRAINT ck_letter_is_short
        CHECK (length(key) <= 64 AND length(about) <= 500 AND length(words) <= 5000 AND
        length(reach) <= 300),
    CONSTRAINT ck_letter_kind CHECK (kind IN ('removal', 'mistake', 'missing', 'other')),
    CONSTRAINT ck_letter_says_something CHECK (words <> ''),
    CONSTRAINT ck_letter_state CHECK (state IN ('new', 'taken', 'done', 'set-aside')));
CREATE INDEX ix_letter_kind_came_at ON desk.letter (kind, came_at);
CREATE INDEX ix_letter_owner ON desk.letter (owner);
CREATE TABLE desk.letter_salt (
    salt uuid, since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_letter_salt PRIMARY KEY (salt));
CREATE TABLE desk.letter_count (
    id bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL,
    CONSTRAINT pk_letter_count PRIMARY KEY (id));
CREATE INDEX ix_letter_count_key ON desk.letter_count (key);
CREATE TABLE desk.step (
    id integer GENERATED ALWAYS AS IDENTITY, lead integer, letter integer, by integer,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), state text NOT NULL, owner integer,
    note text NOT NULL, CONSTRAINT pk_step PRIMARY KEY (id),
    CONSTRAINT ck_step_of_one CHECK (num_nonnulls(lead, letter) = 1),
    CONSTRAINT ck_step_state CHECK (state IN ('new', 'taken', 'done', 'set-aside')));
CREATE INDEX ix_step_lead ON desk.step (lead);
CREATE INDEX ix_step_letter ON desk.step (letter);
CREATE TABLE desk.capture (
    id integer GENERATED ALWAYS AS IDENTITY, source text NOT NULL, url text NOT NULL,
    address text NOT NULL, at timestamptz NOT NULL, by integer NOT NULL,
    media_type text NOT NULL, sha256 text NOT NULL, size_bytes integer NOT NULL,
    warc bytea NOT NULL, CONSTRAINT pk_capture PRIMARY KEY (id),
    CONSTRAINT ck_capture_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_capture_size_bytes CHECK (size_bytes = octet_length(warc)));
CREATE INDEX ix_capture_source ON desk.capture (source);
CREATE TABLE desk.import (
    id integer GENERATED ALWAYS AS IDENTITY, by integer NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), title text NOT NULL, aside text[] NOT NULL,
    stage text NOT NULL, done integer NOT NULL DEFAULT 0, total integer NOT NULL DEFAULT 0,
    beat timestamptz, problem text NOT NULL DEFAULT '',
    with_twins boolean NOT NULL DEFAULT false, hand_in boolean NOT NULL DEFAULT true, why text,
    reason text, since timestamptz NOT NULL DEFAULT now(), starts integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_import PRIMARY KEY (id),
    CONSTRAINT ck_import_stage
        CHECK (stage IN ('columns', 'checking', 'checked', 'making', 'made', 'undone',
        'given-up')),
    CONSTRAINT ck_import_starts CHECK (starts BETWEEN 0 AND 3));
CREATE TABLE desk.import_file (
    import integer, number integer, name text NOT NULL, "table" text NOT NULL,
    columns jsonb NOT NULL, rows integer NOT NULL,
    CONSTRAINT pk_import_file PRIMARY KEY (import, number));
CREATE TABLE desk.import_row (
    import integer, number integer, file integer NOT NULL, line integer NOT NULL, cells text[],
    name text NOT NULL DEFAULT '', key text NOT NULL DEFAULT '',
    parent text NOT NULL DEFAULT '', of integer, refs text[], fate text NOT NULL DEFAULT '',
    field text NOT NULL DEFAULT '', words text NOT NULL DEFAULT '',
    record text NOT NULL DEFAULT '', draft integer,
    CONSTRAINT pk_import_row PRIMARY KEY (import, number),
    CONSTRAINT ck_import_row_fate
        CHECK (fate IN ('', 'new', 'changed', 'same', 'twin', 'left-out', 'error')));
CREATE INDEX ix_import_row_draft ON desk.import_row (draft);
CREATE INDEX ix_import_row_key ON desk.import_row (import, key);
CREATE INDEX ix_import_row_name ON desk.import_row (import, name);
CREATE INDEX ix_import_row_of ON desk.import_row (import, of);
CREATE INDEX ix_import_row_parent ON desk.import_row (import, parent);
"""

# Foreign keys of the desk are checked at the end of the transaction: table, then its columns.
FOREIGN_KEYS = """
outlet(code): chain_step.outlet outlet.belongs_to source.outlet source_parent.outlet
outlet cascade: outlet_name.outlet
place(code): event.exact_place place.parent place_region.region term.place
place cascade: place_name.place place_region.place
source cascade: source_copy.source source_parent.child
known: citation.source estimate.event estimate_link.to event_link.to source_parent.source
    stage.citation
code: event.type_id legal.instrument_id term.code_id
event cascade: citation.event event_link.event legal.event stage.event term.event
estimate cascade: citation.estimate estimate_link.estimate term.estimate
citation cascade: chain_step.citation
person cascade: challenge.person link.person passkey.person sign_in.person
person: audit.by capture.by comment.by comment.settled_by draft.owner feed.added_by feed.owner
    import.by lead.added_by lead.owner letter.owner link.made_by merging.by merging.undone_by
    page_reading.by revision.by step.by step.owner
draft: import_row.draft lead.draft revision.draft
comment: comment.answers
draft cascade: page_reading.draft
feed: lead.feed
lead: step.lead
letter: step.letter
import cascade: import_file.import
"""

RECORD = """
CREATE SCHEMA record;
CREATE TABLE record.counter (
    is_only boolean DEFAULT true, edition integer NOT NULL,
    CONSTRAINT pk_counter PRIMARY KEY (is_only), CONSTRAINT ck_counter_one_row CHECK (is_only));
CREATE TABLE record.edition (
    no integer, at timestamptz NOT NULL DEFAULT now(), message varchar NOT NULL,
    release varchar NOT NULL, published_by varchar NOT NULL DEFAULT '',
    CONSTRAINT pk_edition PRIMARY KEY (no));
CREATE TABLE record.term (
    no integer GENERATED ALWAYS AS IDENTITY, key varchar NOT NULL, code varchar NOT NULL,
    CONSTRAINT uq_term_key_code UNIQUE (key, code), CONSTRAINT pk_term PRIMARY KEY (no));
CREATE TABLE record.version (
    seq bigint GENERATED ALWAYS AS IDENTITY, kind varchar(1) NOT NULL, id varchar NOT NULL,
    number integer NOT NULL, slug varchar, opened integer NOT NULL, closed integer,
    added integer NOT NULL, changed integer NOT NULL, state varchar NOT NULL,
    why varchar NOT NULL, reason varchar NOT NULL, terms integer[] NOT NULL,
    span datemultirange NOT NULL, lo daterange, hi daterange, sure daterange,
    published datemultirange NOT NULL, sort_day date, search tsvector NOT NULL,
    cjk tsvector NOT NULL, plain varchar NOT NULL, format integer NOT NULL,
    payload jsonb NOT NULL, CONSTRAINT pk_version PRIMARY KEY (seq),
    CONSTRAINT fk_version_closed FOREIGN KEY (closed) REFERENCES record.edition(no),
    CONSTRAINT fk_version_opened FOREIGN KEY (opened) REFERENCES record.edition(no),
    CONSTRAINT ck_version_added_changed_opened CHECK (added <= changed AND changed <= opened),
    CONSTRAINT ck_version_closed_after_opened CHECK (closed > opened),
    CONSTRAINT ck_version_kind CHECK (kind IN ('V', 'P', 'O', 'S', 'E', 'M')),
    CONSTRAINT ck_version_state CHECK (state IN ('live', 'withdrawn', 'merged', 'purged')));
CREATE INDEX ix_version_cjk ON record.version USING gin (cjk);
CREATE INDEX ix_version_closed ON record.version (closed);
CREATE INDEX ix_version_copies ON record.version USING gin ((payload -> 'form' -> 'copies'))
    WHERE kind = 'S';
CREATE INDEX ix_version_found_at ON record.version (lower(regexp_replace(regexp_replace(payload -> 'form' ->> 'url', '^https?://(www[.])?', ''), '/*([?#].*)?$', ''))) WHERE kind = 'S';
CREATE INDEX ix_version_opened_seq ON record.version (opened);
CREATE INDEX ix_version_order ON record.version (kind, sort_day, number);
CREATE INDEX ix_version_said ON record.version (opened, kind, seq) WHERE why <> 'reindexed';
CREATE INDEX ix_version_search ON record.version USING gin (search);
CREATE INDEX ix_version_slug ON record.version (slug);
CREATE INDEX ix_version_terms ON record.version USING gin (terms);
CREATE INDEX ix_version_told ON record.version (opened, kind, seq) INCLUDE (why, state);
CREATE UNIQUE INDEX uq_version_open ON record.version (id) WHERE closed IS NULL;
CREATE UNIQUE INDEX uq_version_opened ON record.version (id, opened);
CREATE TABLE record.purged (
    id varchar, edition integer NOT NULL, CONSTRAINT pk_purged PRIMARY KEY (id),
    CONSTRAINT fk_purged_edition FOREIGN KEY (edition) REFERENCES record.edition(no));
CREATE TABLE record.checked (
    no integer GENERATED ALWAYS AS IDENTITY, places varchar[] NOT NULL,
    outlets varchar[] NOT NULL, languages varchar[] NOT NULL, first date NOT NULL,
    last date NOT NULL, outcome varchar NOT NULL, opened integer NOT NULL, closed integer,
    CONSTRAINT pk_checked PRIMARY KEY (no),
    CONSTRAINT fk_checked_closed FOREIGN KEY (closed) REFERENCES record.edition(no),
    CONSTRAINT fk_checked_opened FOREIGN KEY (opened) REFERENCES record.edition(no),
    CONSTRAINT ck_checked_closed_after_opened CHECK (closed > opened),
    CONSTRAINT ck_checked_first_to_last CHECK (first <= last),
    CONSTRAINT ck_checked_outcome CHECK (outcome IN ('nothing-new', 'something-new')));
INSERT INTO record.counter (edition) VALUES (0);
"""  # noqa: E501

TRIGGERS = r"""
CREATE FUNCTION desk.refuse_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    child text := TG_ARGV[0];
    parent text := TG_ARGV[1];
    alike text := TG_ARGV[2];
    row jsonb := to_jsonb(NEW);
    found boolean;
BEGIN
    EXECUTE format(
        'WITH RECURSIVE above(id) AS (
             SELECT $1 UNION
             SELECT t.%1$I FROM %3$s t JOIN above ON t.%2$I = above.id WHERE %4$s
         ) SELECT EXISTS (SELECT FROM above WHERE id = $2)',
        parent, child, TG_RELID::regclass, CASE WHEN alike = '' THEN 'true' ELSE format('t.%I = $3', alike) END
    ) INTO found USING row ->> parent, row ->> child, row ->> alike;
    IF found THEN
        RAISE EXCEPTION '% can''t lie in or rest on itself', row ->> child
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_cycle', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF OLD.closed IS NOT NULL OR NEW.closed IS DISTINCT FROM (SELECT edition FROM record.counter)
       OR to_jsonb(NEW) - 'closed' <> to_jsonb(OLD) - 'closed' THEN
        RAISE EXCEPTION 'a row of the record is closed once, by the edition that replaces it, and never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_change BEFORE UPDATE ON record.version
FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
CREATE FUNCTION record.refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.edition <> OLD.edition + 1 THEN
        RAISE EXCEPTION 'editions are numbered without gaps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_gap BEFORE UPDATE ON record.counter
FOR EACH ROW EXECUTE FUNCTION record.refuse_gap();
CREATE FUNCTION record.refuse_other_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'sojourn_purger' OR (
        OLD.closed IS NULL AND NEW.closed = (SELECT edition FROM record.counter)
        AND to_jsonb(NEW) - 'closed' = to_jsonb(OLD) - 'closed'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a check is taken back once, by an edition, and never changed';
END $$;
CREATE TRIGGER refuse_other_check BEFORE UPDATE ON record.checked
FOR EACH ROW EXECUTE FUNCTION record.refuse_other_check();
CREATE FUNCTION desk.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Its role may touch the words of an entry and nothing else (`desk.forget`).
    IF current_user = 'sojourn_purger' AND TG_OP = 'UPDATE' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit log only grows';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.audit
FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_rewriting();
CREATE FUNCTION desk.know() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO desk.known (id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM desk.known WHERE id = OLD.id;
    END IF;
    RETURN NULL;
END $$;
"""  # noqa: E501

# Functions that do what a login may not do itself.
FUNCTIONS = r"""
CREATE SCHEMA letterbox;
CREATE FUNCTION record.purge(purged_id text, why text) RETURNS integer
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
    UPDATE record.version SET state = 'purged', slug = NULL, reason = '', terms = '{}', span = '{}', lo = NULL,
        hi = NULL, sure = NULL, published = '{}', sort_day = NULL, plain = '', search = '', cjk = '',
        payload = '{}' WHERE id = purged_id;
    INSERT INTO record.purged (id, edition) VALUES (purged_id, number) ON CONFLICT DO NOTHING;
    RETURN number;
END $$;
CREATE FUNCTION record.forget_in_checks(code text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM record.version v
            WHERE v.slug = code AND v.kind IN ('P', 'O') AND v.state <> 'purged') THEN
        RAISE EXCEPTION 'readers still see it';
    END IF;
    UPDATE record.checked SET places = array_remove(places, code), outlets = array_remove(outlets, code)
        WHERE code = ANY (places || outlets);
END $$;
CREATE FUNCTION desk.forget(record_id text, names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
    typed text;
    its_id text := ': ' || to_jsonb(record_id)::text;
    spoken_of text := '(^|\W)' || record_id || '(\W|$)';
    cited text[] := ARRAY(SELECT c.id FROM desk.citation c WHERE record_id IN (c.event, c.estimate));
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
    -- Whoever asked for it can still be answered.
    UPDATE desk.step SET note = '' WHERE letter IN (SELECT l.id FROM desk.letter l WHERE l.about ~ spoken_of);
    UPDATE desk.letter SET words = '–', note = '' WHERE letter.about ~ spoken_of;
    DELETE FROM desk.revision WHERE draft IN (SELECT d.id FROM desk.draft d WHERE d.record = record_id);
    DELETE FROM desk.draft WHERE record = record_id;
    UPDATE desk.merging SET reason = '' WHERE record_id IN (gone, kept);
    UPDATE desk.audit SET words = NULL WHERE about = record_id;
    DELETE FROM desk.place WHERE id = record_id;
    DELETE FROM desk.outlet WHERE id = record_id;
    IF EXISTS (SELECT FROM desk.known k WHERE k.id = record_id) THEN
        DELETE FROM desk.source WHERE id = record_id;
        DELETE FROM desk.event WHERE id = record_id;
        DELETE FROM desk.estimate WHERE id = record_id;
        INSERT INTO desk.known (id) VALUES (record_id) ON CONFLICT DO NOTHING;
        -- A stage of another event may rest on one of its citations.
        INSERT INTO desk.known (id) SELECT s.citation FROM desk.stage s WHERE s.citation = ANY (cited)
            ON CONFLICT DO NOTHING;
    END IF;
    FOREACH name IN ARRAY names LOOP
        typed := ': ' || to_jsonb(name)::text;
        UPDATE desk.revision SET document = replace(document::text, typed, its_id)::jsonb
            WHERE position(typed IN document::text) > 0;
        UPDATE desk.draft SET document = replace(document::text, typed, its_id)::jsonb,
            base = replace(base::text, typed, its_id)::jsonb
            WHERE position(typed IN document::text || coalesce(base::text, '')) > 0;
    END LOOP;
END $$;
CREATE FUNCTION letterbox.send(
    letter_key text, kind text, about text, words text, reach text, network text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hashed text;
BEGIN
    -- One at a time, or letters that come together would not count each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('letterbox', 0));
    IF EXISTS (SELECT FROM desk.letter l WHERE l.key = letter_key) THEN
        RETURN 'kept';
    END IF;
    DELETE FROM desk.letter_salt WHERE since < now() - interval '1 hour';
    IF NOT EXISTS (SELECT FROM desk.letter_salt) THEN
        DELETE FROM desk.letter_count;
        INSERT INTO desk.letter_salt (salt) VALUES (gen_random_uuid());
    END IF;
    hashed := encode(sha256(convert_to((SELECT salt FROM desk.letter_salt) || network, 'UTF8')), 'hex');
    IF (SELECT count(*) FROM desk.letter_count c WHERE c.key = hashed) >= 5 THEN
        RETURN 'too many of yours';
    END IF;
    -- What asks for a removal has a share of its own: no flood of other letters keeps it out.
    IF (SELECT count(*) FROM desk.letter l WHERE l.came_at > now() - interval '1 hour'
        AND (l.kind = 'removal') = (send.kind = 'removal')) >= 40 THEN
        RETURN 'too many';
    END IF;
    INSERT INTO desk.letter_count (key) VALUES (hashed);
    INSERT INTO desk.letter (key, kind, about, words, reach) VALUES (letter_key, kind, about, words, reach);
    RETURN 'kept';
END $$;
"""  # noqa: E501

RIGHTS = """
GRANT USAGE ON SCHEMA desk, record TO sojourn_desk;
GRANT USAGE ON SCHEMA letterbox, record TO sojourn_reader;
GRANT USAGE, CREATE ON SCHEMA desk, record TO sojourn_purger;
ALTER FUNCTION desk.forget OWNER TO sojourn_purger;
ALTER FUNCTION record.purge OWNER TO sojourn_purger;
ALTER FUNCTION record.forget_in_checks OWNER TO sojourn_purger;
REVOKE CREATE ON SCHEMA desk, record FROM sojourn_purger;
REVOKE EXECUTE ON FUNCTION desk.forget, record.purge, record.forget_in_checks, letterbox.send FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.forget, record.purge, record.forget_in_checks TO sojourn_desk;
GRANT EXECUTE ON FUNCTION letterbox.send TO sojourn_reader;
GRANT USAGE ON SEQUENCE desk.term_no_seq TO sojourn_desk;
GRANT SELECT ON desk.alembic_version, desk.audit, record.counter, record.purged TO sojourn_desk;
GRANT SELECT, DELETE ON desk.letter_count, desk.letter_salt TO sojourn_desk;
GRANT SELECT, INSERT ON desk.comment, desk.letter, desk.merging, desk.purge, desk.revision,
    desk.step, record.checked, record.edition, record.term, record.version TO sojourn_desk;
GRANT SELECT, INSERT, DELETE ON desk.attempt, desk.capture, desk.challenge, desk.known,
    desk.passkey TO sojourn_desk;
GRANT SELECT, INSERT, UPDATE ON desk.draft, desk.feed, desk.lead, desk.number, desk.page_reading,
    desk.person TO sojourn_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.chain_step, desk.citation, desk.code, desk.estimate,
    desk.estimate_link, desk.event, desk.event_link, desk.import, desk.import_file,
    desk.import_row, desk.legal, desk.link, desk.outlet, desk.outlet_name, desk.place,
    desk.place_name, desk.place_region, desk.sign_in, desk.source, desk.source_copy,
    desk.source_parent, desk.stage, desk.term TO sojourn_desk;
GRANT DELETE ON desk.step TO sojourn_purger;
GRANT INSERT ON record.edition TO sojourn_purger;
GRANT SELECT ON desk.citation, desk.stage, record.checked, record.counter, record.term,
    record.version TO sojourn_purger;
GRANT SELECT, DELETE ON desk.capture, desk.comment, desk.estimate, desk.event, desk.lead,
    desk.outlet, desk.place, desk.source TO sojourn_purger;
GRANT SELECT, INSERT ON record.purged TO sojourn_purger;
GRANT SELECT, INSERT, DELETE ON desk.known TO sojourn_purger;
GRANT SELECT, UPDATE, DELETE ON desk.draft, desk.revision TO sojourn_purger;
GRANT SELECT ON record.checked, record.counter, record.edition, record.purged, record.term,
    record.version TO sojourn_reader;
GRANT INSERT (by, action, about, words) ON desk.audit TO sojourn_desk;
GRANT SELECT (about, words), UPDATE (words) ON desk.audit TO sojourn_purger;
GRANT UPDATE (settled_by) ON desk.comment TO sojourn_desk;
GRANT UPDATE (reach, state, note, since, owner) ON desk.letter TO sojourn_desk;
GRANT SELECT (about, id), UPDATE (words, note) ON desk.letter TO sojourn_purger;
GRANT UPDATE (reason, undone_by, undone_in) ON desk.merging TO sojourn_desk;
GRANT SELECT (gone, kept), UPDATE (reason) ON desk.merging TO sojourn_purger;
GRANT UPDATE (uses, used_at) ON desk.passkey TO sojourn_desk;
GRANT SELECT (lead, letter), UPDATE (note) ON desk.step TO sojourn_purger;
GRANT UPDATE (closed) ON record.checked TO sojourn_desk;
GRANT UPDATE (places, outlets) ON record.checked TO sojourn_purger;
GRANT UPDATE (edition) ON record.counter TO sojourn_desk;
GRANT UPDATE (edition) ON record.counter TO sojourn_purger;
GRANT UPDATE (closed) ON record.version TO sojourn_desk;
GRANT UPDATE (slug, state, reason, terms, span, lo, hi, sure, published, sort_day, search, cjk,
    plain, payload) ON record.version TO sojourn_purger;
"""  # noqa: E501

# No place may contain itself, directly or through others; no source may derive from itself; no
# part may be part of its own part. Table, columns of the child and the parent and, for links, of
# the type within which cycles are sought.
CYCLES = (
    ("place", "code", "parent", ""),
    ("outlet", "code", "belongs_to", ""),
    ("source_parent", "child", "source", ""),
    ("event_link", "event", "to", "type"),
    ("estimate_link", "estimate", "to", "type"),
)


def upgrade() -> None:
    for statements in (DESK, RECORD, TRIGGERS, FUNCTIONS, RIGHTS):
        op.execute(statements)
    for line in FOREIGN_KEYS.replace("\n    ", " ").strip().splitlines():
        target, columns = line.split(": ")
        table, _, on_delete = target.partition(" ")
        for child, column in (name.split(".") for name in columns.split()):
            op.execute(
                f"ALTER TABLE desk.{child} ADD CONSTRAINT fk_{child}_{column} "
                f'FOREIGN KEY ("{column}") REFERENCES desk.{table} '
                f"{'ON DELETE CASCADE' if on_delete else ''} DEFERRABLE INITIALLY DEFERRED"
            )
    for table, child, parent, alike in CYCLES:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER no_cycle AFTER INSERT OR UPDATE ON desk.{table} "
            f'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."{parent}" IS NOT NULL) '
            f"EXECUTE FUNCTION desk.refuse_cycle({child!r}, {parent!r}, {alike!r})"
        )
    for table in ("source", "event", "estimate", "citation"):
        op.execute(
            f"CREATE TRIGGER know AFTER INSERT OR DELETE ON desk.{table} "
            "FOR EACH ROW EXECUTE FUNCTION desk.know()"
        )
