"""The first tables: the desk's approved state, and the append-only record.

Generated, then completed by hand with what models can't express: checks for cycles, the record's
append-only rows, and privileges.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TABLES = (
    "code",
    "outlet",
    "place",
    "event",
    "outlet_name",
    "place_name",
    "place_region",
    "source",
    "estimate",
    "event_link",
    "legal",
    "source_copy",
    "source_parent",
    "citation",
    "estimate_link",
    "term",
    "chain_step",
    "stage",
)

# No place may contain itself, directly or through others; no source may derive from itself; no
# part may be part of its own part.
# Each row: table, column of the child, column of the parent and, for links, the column of the type
# within which cycles are sought.
CYCLES = [
    """
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
    END $$
    """,  # noqa: E501
    *(
        f"""
        CREATE CONSTRAINT TRIGGER no_cycle AFTER INSERT OR UPDATE ON desk.{table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.{parent} IS NOT NULL)
        EXECUTE FUNCTION desk.refuse_cycle({child!r}, {parent.strip(chr(34))!r}, {alike!r})
        """
        for table, child, parent, alike in (
            ("place", "code", "parent", ""),
            ("outlet", "code", "belongs_to", ""),
            ("source_parent", "child", "source", ""),
            ("event_link", "event", '"to"', "type"),
            ("estimate_link", "estimate", '"to"', "type"),
        )
    ),
]

# Privileges keep our logins from updating a row. The trigger ensures that the one column they may
# set is set only once.
ONE_WAY = [
    """
    CREATE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- The one overwrite: content may be emptied, by the role that can touch nothing else (`record.purge`).
        IF current_user = 'sojourn_purger' AND NEW.plain = '' AND NEW.search = '' AND NEW.cjk = ''
           AND (to_jsonb(NEW) - ARRAY['plain', 'search', 'cjk'] = to_jsonb(OLD) - ARRAY['plain', 'search', 'cjk']
                OR (NEW.state = 'purged' AND NEW.payload = '{}' AND NEW.terms = '{}' AND NEW.reason = '')) THEN
            RETURN NEW;
        END IF;
        IF OLD.closed IS NOT NULL OR NEW.closed IS DISTINCT FROM (SELECT edition FROM record.counter)
           OR to_jsonb(NEW) - 'closed' <> to_jsonb(OLD) - 'closed' THEN
            RAISE EXCEPTION 'a row of the record is closed once, by the edition that replaces it, and never changed';
        END IF;
        RETURN NEW;
    END $$
    """,  # noqa: E501
    """
    CREATE TRIGGER refuse_change BEFORE UPDATE ON record.version
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change()
    """,
    """
    CREATE FUNCTION record.refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.edition <> OLD.edition + 1 THEN
            RAISE EXCEPTION 'editions are numbered without gaps';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER refuse_gap BEFORE UPDATE ON record.counter
    FOR EACH ROW EXECUTE FUNCTION record.refuse_gap()
    """,
]

# Removal of content that could harm a person. Ids, editions and the order of rows stay: the record
# shows only that something was removed. The search text of citing records contains words of the
# source's title: they are removed too, and the next edition rewrites those of
# these rows that are current.
PURGE = [
    """
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
        UPDATE record.version SET state = 'purged', slug = NULL, reason = '', terms = '{}', span = '{}', lo = NULL,
            hi = NULL, sure = NULL, published = '{}', sort_day = NULL, plain = '', search = '', cjk = '',
            payload = '{}' WHERE id = purged_id;
        INSERT INTO record.purged (id, edition) VALUES (purged_id, number) ON CONFLICT DO NOTHING;
        RETURN number;
    END $$
    """,  # noqa: E501
    "GRANT USAGE, CREATE ON SCHEMA record TO sojourn_purger",
    "ALTER FUNCTION record.purge OWNER TO sojourn_purger",
    "REVOKE CREATE ON SCHEMA record FROM sojourn_purger",
    "REVOKE EXECUTE ON FUNCTION record.purge FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION record.purge TO sojourn_desk",
    "GRANT SELECT ON record.version, record.term, record.counter, record.purged TO sojourn_purger",
    "GRANT UPDATE (edition) ON record.counter TO sojourn_purger",
    "GRANT INSERT ON record.edition, record.purged TO sojourn_purger",
    (
        "GRANT UPDATE (state, slug, reason, terms, span, lo, hi, sure, published, sort_day, "
        "plain, search, cjk, payload) "
        "ON record.version TO sojourn_purger"
    ),
]

RIGHTS = [
    "GRANT USAGE ON SCHEMA desk, record TO sojourn_desk",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA desk TO sojourn_desk",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA desk TO sojourn_desk",
    "REVOKE INSERT, UPDATE, DELETE ON desk.alembic_version FROM sojourn_desk",
    "GRANT SELECT ON ALL TABLES IN SCHEMA record TO sojourn_desk, sojourn_reader",
    "GRANT INSERT ON record.edition, record.term, record.version TO sojourn_desk",
    "GRANT UPDATE (closed) ON record.version TO sojourn_desk",
    "GRANT UPDATE (edition) ON record.counter TO sojourn_desk",
    "GRANT USAGE ON SCHEMA record TO sojourn_reader",
]


def upgrade() -> None:
    op.execute("CREATE SCHEMA record")
    op.create_table(
        "code",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=True),
        sa.Column("successor", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(list = 'type') = (nature is not null)", name=op.f("ck_code_types_have_a_nature")
        ),
        sa.CheckConstraint("id = list || ':' || code", name=op.f("ck_code_id_is_list_and_code")),
        sa.CheckConstraint(
            "successor is distinct from code", name=op.f("ck_code_no_successor_of_itself")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("list", "code", name=op.f("uq_code_list_code")),
        schema="desk",
    )
    op.create_table(
        "outlet",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("belongs_to", sa.Text(), nullable=True),
        sa.Column("reliability", sa.Text(), nullable=False),
        sa.Column("reliability_reason", sa.Text(), nullable=True),
        sa.Column("reliability_on", sa.Date(), nullable=True),
        sa.Column("reliability_by", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reliability = 'f' or reliability_reason is not null",
            name=op.f("ck_outlet_grade_has_a_reason"),
        ),
        sa.CheckConstraint("reliability between 'a' and 'f'", name=op.f("ck_outlet_reliability")),
        sa.CheckConstraint("belongs_to <> code", name=op.f("ck_outlet_not_of_itself")),
        sa.ForeignKeyConstraint(
            ["belongs_to"],
            ["desk.outlet.code"],
            name=op.f("fk_outlet_belongs_to"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("code", name=op.f("uq_outlet_code")),
        schema="desk",
    )
    op.create_table(
        "place",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("precision_km", sa.Double(), nullable=True),
        sa.Column("geonames", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'site' or latitude is null", name=op.f("ck_place_no_coordinates_of_sites")
        ),
        sa.CheckConstraint(
            "(latitude is null) = (longitude is null)", name=op.f("ck_place_both_coordinates")
        ),
        sa.CheckConstraint("parent <> code", name=op.f("ck_place_not_in_itself")),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["desk.place.code"],
            name=op.f("fk_place_parent"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
        sa.UniqueConstraint("geonames", name=op.f("uq_place_geonames")),
        schema="desk",
    )
    op.create_index(op.f("ix_place_parent"), "place", ["parent"], unique=False, schema="desk")
    op.create_table(
        "event",
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("type_id", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=True),
        sa.Column("happened_first", sa.Date(), nullable=True),
        sa.Column("happened_last", sa.Date(), nullable=True),
        sa.Column("happened_text", sa.Text(), nullable=True),
        sa.Column("within", sa.Text(), nullable=True),
        sa.Column("within_reason", sa.Text(), nullable=True),
        sa.Column("deadline", sa.Text(), nullable=True),
        sa.Column("deadline_text", sa.Text(), nullable=True),
        sa.Column("exact_happened", sa.Text(), nullable=True),
        sa.Column("exact_place", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("type_id = 'type:' || type", name=op.f("ck_event_type_id")),
        sa.CheckConstraint(
            "(within is null) = (within_reason is null)", name=op.f("ck_event_bound_has_a_reason")
        ),
        sa.CheckConstraint(
            "happened_first <= happened_last", name=op.f("ck_event_happened_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["exact_place"],
            ["desk.place.code"],
            name=op.f("fk_event_exact_place"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["type_id"],
            ["desk.code.id"],
            name=op.f("fk_event_type_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
        schema="desk",
    )
    op.create_index(op.f("ix_event_type_id"), "event", ["type_id"], unique=False, schema="desk")
    op.create_table(
        "outlet_name",
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet"],
            ["desk.outlet.id"],
            name=op.f("fk_outlet_name_outlet"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("outlet", "position", name=op.f("pk_outlet_name")),
        schema="desk",
    )
    op.create_index(
        "uq_outlet_name_preferred",
        "outlet_name",
        ["outlet", "language"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("preferred"),
    )
    op.create_table(
        "place_name",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place"],
            ["desk.place.id"],
            name=op.f("fk_place_name_place"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("place", "position", name=op.f("pk_place_name")),
        schema="desk",
    )
    op.create_index(
        "uq_place_name_preferred",
        "place_name",
        ["place", "language"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("preferred"),
    )
    op.create_table(
        "place_region",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place"],
            ["desk.place.id"],
            name=op.f("fk_place_region_place"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["region"],
            ["desk.place.code"],
            name=op.f("fk_place_region_region"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("place", "position", name=op.f("pk_place_region")),
        schema="desk",
    )
    op.create_table(
        "source",
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_basis", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("url_normalised", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("published_first", sa.Date(), nullable=True),
        sa.Column("published_last", sa.Date(), nullable=True),
        sa.Column("published_basis", sa.Text(), nullable=False),
        sa.Column("published_text", sa.Text(), nullable=True),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(published is null) = (published_basis = 'unknown')",
            name=op.f("ck_source_date_or_unknown"),
        ),
        sa.CheckConstraint(
            "published_first <= published_last", name=op.f("ck_source_published_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["outlet"],
            ["desk.outlet.code"],
            name=op.f("fk_source_outlet"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("slug", name=op.f("uq_source_slug")),
        sa.UniqueConstraint("url_normalised", name=op.f("uq_source_url_normalised")),
        schema="desk",
    )
    op.create_index(op.f("ix_source_outlet"), "source", ["outlet"], unique=False, schema="desk")
    op.create_table(
        "estimate",
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("low", sa.Numeric(), nullable=True),
        sa.Column("point", sa.Numeric(), nullable=True),
        sa.Column("high", sa.Numeric(), nullable=True),
        sa.Column("quantifier", sa.Text(), nullable=False),
        sa.Column("printed_words", sa.Text(), nullable=True),
        sa.Column("printed", sa.Boolean(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("population_text", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Text(), nullable=True),
        sa.Column("as_of_text", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("period_text", sa.Text(), nullable=True),
        sa.Column("time_first", sa.Date(), nullable=True),
        sa.Column("time_last", sa.Date(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_reason", sa.Text(), nullable=True),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("exact_as_of", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(quantifier = 'words') = (low is null and point is null and high is null)",
            name=op.f("ck_estimate_figure_or_words"),
        ),
        sa.CheckConstraint(
            "as_of is null or counts in ('present', 'sites', 'papers') or form = 'share'",
            name=op.f("ck_estimate_moments_are_of_stocks"),
        ),
        sa.CheckConstraint(
            "form = 'change' or least(low, point, high) >= 0",
            name=op.f("ck_estimate_only_changes_below_zero"),
        ),
        sa.CheckConstraint(
            "period is null or counts not in ('present', 'sites') or nature <> 'observed' "
            "or form in ('mean', 'change')",
            name=op.f("ck_estimate_periods_are_of_flows"),
        ),
        sa.CheckConstraint(
            "role not in ('preferred', 'rejected') or role_reason is not null",
            name=op.f("ck_estimate_role_has_a_reason"),
        ),
        sa.CheckConstraint(
            "as_of is null or period is null", name=op.f("ck_estimate_moment_or_period")
        ),
        sa.CheckConstraint("low <= high", name=op.f("ck_estimate_low_high")),
        sa.CheckConstraint(
            "low <= point and point <= high", name=op.f("ck_estimate_low_point_high")
        ),
        sa.CheckConstraint("time_first <= time_last", name=op.f("ck_estimate_time_in_order")),
        sa.ForeignKeyConstraint(
            ["event"],
            ["desk.event.id"],
            name=op.f("fk_estimate_event"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
        sa.UniqueConstraint("slug", name=op.f("uq_estimate_slug")),
        schema="desk",
    )
    op.create_index(op.f("ix_estimate_event"), "estimate", ["event"], unique=False, schema="desk")
    op.create_index(
        "uq_estimate_preferred",
        "estimate",
        ["series", sa.literal_column("coalesce(as_of, period, '')")],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("role = 'preferred'"),
    )
    op.create_table(
        "event_link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("factor", sa.Numeric(), nullable=True),
        sa.Column("sense", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "type <> 'contradicts' or reason is not null",
            name=op.f("ck_event_link_contradiction_has_a_reason"),
        ),
        sa.CheckConstraint('"to" <> event', name=op.f("ck_event_link_not_to_itself")),
        sa.ForeignKeyConstraint(
            ["event"],
            ["desk.event.id"],
            name=op.f("fk_event_link_event"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["to"],
            ["desk.event.id"],
            name=op.f("fk_event_link_to"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_link")),
        sa.UniqueConstraint("event", "type", "to", name=op.f("uq_event_link_event_type_to")),
        schema="desk",
    )
    op.create_index(
        op.f("ix_event_link_event"), "event_link", ["event"], unique=False, schema="desk"
    )
    op.create_index(op.f("ix_event_link_to"), "event_link", ["to"], unique=False, schema="desk")
    op.create_table(
        "legal",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("instrument_id", sa.Text(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "instrument_id is not distinct from 'instrument:' || instrument",
            name=op.f("ck_legal_instrument_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event"],
            ["desk.event.id"],
            name=op.f("fk_legal_event"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["desk.code.id"],
            name=op.f("fk_legal_instrument_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("event", "position", name=op.f("pk_legal")),
        schema="desk",
    )
    op.create_table(
        "source_copy",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("host_kind", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("extent", sa.Text(), nullable=False),
        sa.Column("read_on", sa.Text(), nullable=True),
        sa.Column("archive", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source"],
            ["desk.source.id"],
            name=op.f("fk_source_copy_source"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("source", "position", name=op.f("pk_source_copy")),
        schema="desk",
    )
    op.create_table(
        "source_parent",
        sa.Column("child", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(source is null) <> (outlet is null)", name=op.f("ck_source_parent_source_or_outlet")
        ),
        sa.CheckConstraint("source <> child", name=op.f("ck_source_parent_not_on_itself")),
        sa.ForeignKeyConstraint(
            ["child"],
            ["desk.source.id"],
            name=op.f("fk_source_parent_child"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["outlet"],
            ["desk.outlet.code"],
            name=op.f("fk_source_parent_outlet"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["desk.source.id"],
            name=op.f("fk_source_parent_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("child", "position", name=op.f("pk_source_parent")),
        schema="desk",
    )
    op.create_index(
        op.f("ix_source_parent_source"), "source_parent", ["source"], unique=False, schema="desk"
    )
    op.create_table(
        "citation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=True),
        sa.Column("locator_text", sa.Text(), nullable=True),
        sa.Column("breaks_off", sa.Boolean(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("certainty_text", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("said_text", sa.Text(), nullable=True),
        sa.Column("paraphrase", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("quote_language", sa.Text(), nullable=True),
        sa.Column("quote_translation", sa.Text(), nullable=True),
        sa.Column("quote_translator", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("differs", sa.Text(), nullable=True),
        sa.Column("credibility", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(event is null) <> (estimate is null)", name=op.f("ck_citation_one_owner")
        ),
        sa.CheckConstraint("about <> id", name=op.f("ck_citation_not_about_itself")),
        sa.CheckConstraint("credibility between 1 and 6", name=op.f("ck_citation_credibility")),
        sa.CheckConstraint(
            "quote is null or length(quote) <= 300", name=op.f("ck_citation_short_quote")
        ),
        sa.ForeignKeyConstraint(
            ["estimate"],
            ["desk.estimate.id"],
            name=op.f("fk_citation_estimate"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["event"],
            ["desk.event.id"],
            name=op.f("fk_citation_event"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["desk.source.id"],
            name=op.f("fk_citation_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
        sa.UniqueConstraint(
            "estimate", "source", "position", name=op.f("uq_citation_estimate_source_position")
        ),
        sa.UniqueConstraint(
            "event", "source", "position", name=op.f("uq_citation_event_source_position")
        ),
        schema="desk",
    )
    op.create_index(
        op.f("ix_citation_estimate"), "citation", ["estimate"], unique=False, schema="desk"
    )
    op.create_index(op.f("ix_citation_event"), "citation", ["event"], unique=False, schema="desk")
    op.create_index(op.f("ix_citation_source"), "citation", ["source"], unique=False, schema="desk")
    op.create_table(
        "estimate_link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("estimate", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("factor", sa.Numeric(), nullable=True),
        sa.Column("sense", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint('"to" <> estimate', name=op.f("ck_estimate_link_not_to_itself")),
        sa.ForeignKeyConstraint(
            ["estimate"],
            ["desk.estimate.id"],
            name=op.f("fk_estimate_link_estimate"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["to"],
            ["desk.estimate.id"],
            name=op.f("fk_estimate_link_to"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_link")),
        sa.UniqueConstraint(
            "estimate", "type", "to", name=op.f("uq_estimate_link_estimate_type_to")
        ),
        schema="desk",
    )
    op.create_index(
        op.f("ix_estimate_link_estimate"),
        "estimate_link",
        ["estimate"],
        unique=False,
        schema="desk",
    )
    op.create_index(
        op.f("ix_estimate_link_to"), "estimate_link", ["to"], unique=False, schema="desk"
    )
    op.create_table(
        "term",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("code_id", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.Column("number", sa.Numeric(), nullable=True),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code_id is not distinct from case when key <> 'place' then key || ':' || code end",
            name=op.f("ck_term_code_id"),
        ),
        sa.CheckConstraint(
            "place is not distinct from case when key = 'place' then code end",
            name=op.f("ck_term_place"),
        ),
        sa.CheckConstraint(
            "side is null or role = 'orders'", name=op.f("ck_term_side_of_who_orders")
        ),
        sa.CheckConstraint("(event is null) <> (estimate is null)", name=op.f("ck_term_one_owner")),
        sa.CheckConstraint(
            "code is not null or printed is not null", name=op.f("ck_term_code_or_words")
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_term_number")),
        sa.ForeignKeyConstraint(
            ["code_id"],
            ["desk.code.id"],
            name=op.f("fk_term_code_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["estimate"],
            ["desk.estimate.id"],
            name=op.f("fk_term_estimate"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["event"],
            ["desk.event.id"],
            name=op.f("fk_term_event"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["place"],
            ["desk.place.code"],
            name=op.f("fk_term_place"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_term")),
        schema="desk",
    )
    op.create_index(op.f("ix_term_code_id"), "term", ["code_id"], unique=False, schema="desk")
    op.create_index(op.f("ix_term_estimate"), "term", ["estimate"], unique=False, schema="desk")
    op.create_index(op.f("ix_term_event"), "term", ["event"], unique=False, schema="desk")
    op.create_index(op.f("ix_term_place"), "term", ["place"], unique=False, schema="desk")
    op.create_table(
        "chain_step",
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("speakers", sa.Integer(), nullable=True),
        sa.Column("occasion", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("exact_words", sa.Text(), nullable=True),
        sa.CheckConstraint("speakers > 0", name=op.f("ck_chain_step_speakers")),
        sa.ForeignKeyConstraint(
            ["citation"],
            ["desk.citation.id"],
            name=op.f("fk_chain_step_citation"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["outlet"],
            ["desk.outlet.code"],
            name=op.f("fk_chain_step_outlet"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("citation", "position", name=op.f("pk_chain_step")),
        schema="desk",
    )
    op.create_table(
        "stage",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("date_text", sa.Text(), nullable=True),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "step <> 'ended' or date is not null", name=op.f("ck_stage_end_has_a_date_or_unknown")
        ),
        sa.ForeignKeyConstraint(
            ["citation"],
            ["desk.citation.id"],
            name=op.f("fk_stage_citation"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["event"],
            ["desk.event.id"],
            name=op.f("fk_stage_event"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("event", "position", name=op.f("pk_stage")),
        schema="desk",
    )
    op.create_table(
        "counter",
        sa.Column("is_only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.CheckConstraint("is_only", name=op.f("ck_counter_one_row")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_counter")),
        schema="record",
    )
    op.create_table(
        "edition",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_edition")),
        schema="record",
    )
    op.create_table(
        "term",
        sa.Column("no", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_term")),
        sa.UniqueConstraint("key", "code", name=op.f("uq_term_key_code")),
        schema="record",
    )
    op.create_table(
        "version",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("terms", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("span", postgresql.DATEMULTIRANGE(), nullable=False),
        sa.Column("lo", postgresql.DATERANGE(), nullable=True),
        sa.Column("hi", postgresql.DATERANGE(), nullable=True),
        sa.Column("sure", postgresql.DATERANGE(), nullable=True),
        sa.Column("published", postgresql.DATEMULTIRANGE(), nullable=False),
        sa.Column("sort_day", sa.Date(), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False),
        sa.Column("cjk", postgresql.TSVECTOR(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("kind in ('V', 'P', 'O', 'S', 'E', 'M')", name=op.f("ck_version_kind")),
        sa.CheckConstraint(
            "state in ('live', 'withdrawn', 'merged', 'purged')", name=op.f("ck_version_state")
        ),
        sa.CheckConstraint(
            "added <= changed and changed <= opened", name=op.f("ck_version_added_changed_opened")
        ),
        sa.CheckConstraint("closed > opened", name=op.f("ck_version_closed_after_opened")),
        sa.ForeignKeyConstraint(["closed"], ["record.edition.no"], name=op.f("fk_version_closed")),
        sa.ForeignKeyConstraint(["opened"], ["record.edition.no"], name=op.f("fk_version_opened")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_version")),
        schema="record",
    )
    op.create_index(
        "ix_version_cjk", "version", ["cjk"], unique=False, schema="record", postgresql_using="gin"
    )
    op.create_index("ix_version_closed", "version", ["closed"], unique=False, schema="record")
    op.create_index("ix_version_opened_seq", "version", ["opened"], unique=False, schema="record")
    op.create_index(
        "ix_version_order", "version", ["kind", "sort_day", "number"], unique=False, schema="record"
    )
    op.create_index(
        "ix_version_search",
        "version",
        ["search"],
        unique=False,
        schema="record",
        postgresql_using="gin",
    )
    op.create_index("ix_version_slug", "version", ["slug"], unique=False, schema="record")
    op.create_index(
        "ix_version_terms",
        "version",
        ["terms"],
        unique=False,
        schema="record",
        postgresql_using="gin",
    )
    op.create_index(
        "uq_version_open",
        "version",
        ["id"],
        unique=True,
        schema="record",
        postgresql_where=sa.text("closed is null"),
    )
    op.create_index("uq_version_opened", "version", ["id", "opened"], unique=True, schema="record")
    op.create_table(
        "purged",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["record.edition.no"], name=op.f("fk_purged_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purged")),
        schema="record",
    )
    op.execute("INSERT INTO record.counter (edition) VALUES (0)")
    for statement in CYCLES + ONE_WAY + PURGE + RIGHTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP SCHEMA record CASCADE")
    for table in TABLES:
        op.execute(f"DROP TABLE desk.{table} CASCADE")
    op.execute("DROP FUNCTION desk.refuse_cycle CASCADE")
