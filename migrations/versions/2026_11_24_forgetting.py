"""Purges reach the desk too: approved records, drafts, revisions, comments and the log.

As in the record, other rows may still cite a purged row. References therefore point to a table of
known ids instead of the row. A trigger adds an id with its row and keeps it after a purge.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAMED = {
    "citation": ("source", "source"),
    "source_parent": ("source", "source"),
    "event_link": ("to", "event"),
    "estimate": ("event", "event"),
    "estimate_link": ("to", "estimate"),
    "stage": ("citation", "citation"),
}
"""The column of each table that refers to a purgeable row, and the table of that row."""

KNOWN = ("source", "event", "estimate", "citation")

KNOWING = [
    "INSERT INTO desk.known SELECT id FROM desk.source UNION ALL SELECT id FROM desk.event "
    "UNION ALL SELECT id FROM desk.estimate UNION ALL SELECT id FROM desk.citation",
    """
    CREATE FUNCTION desk.know() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO desk.known (id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
        ELSE
            DELETE FROM desk.known WHERE id = OLD.id;
        END IF;
        RETURN NULL;
    END $$
    """,
    *[
        (
            f"CREATE TRIGGER know AFTER INSERT OR DELETE ON desk.{table} FOR EACH ROW "
            "EXECUTE FUNCTION desk.know()"
        )
        for table in KNOWN
    ],
    "GRANT SELECT, INSERT, DELETE ON desk.known TO sojourn_desk, sojourn_purger",
]

# Only rows that no public list contains are purged. Text by which others named the row, such as its
# address, is replaced by its id. The log keeps the action and loses the text.
FORGET = [
    """
    CREATE FUNCTION desk.forget(record_id text, names text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        name text;
        typed text;
        its_id text := ': ' || to_jsonb(record_id)::text;
        spoken_of text := '(^|\\W)' || record_id || '(\\W|$)';
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
    END $$
    """,  # noqa: E501
    "GRANT USAGE, CREATE ON SCHEMA desk TO sojourn_purger",
    "ALTER FUNCTION desk.forget OWNER TO sojourn_purger",
    "REVOKE CREATE ON SCHEMA desk FROM sojourn_purger",
    "REVOKE EXECUTE ON FUNCTION desk.forget FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION desk.forget TO sojourn_desk",
    (
        "GRANT SELECT, DELETE ON desk.comment, desk.place, desk.outlet, desk.source, "
        "desk.event, desk.estimate "
        "TO sojourn_purger"
    ),
    "GRANT SELECT ON desk.citation, desk.stage TO sojourn_purger",
    "GRANT SELECT, DELETE ON desk.lead, desk.capture TO sojourn_purger",
    "GRANT SELECT (id, about), UPDATE (words, note) ON desk.letter TO sojourn_purger",
    "GRANT SELECT (lead, letter), DELETE, UPDATE (note) ON desk.step TO sojourn_purger",
    "GRANT SELECT, UPDATE, DELETE ON desk.draft, desk.revision TO sojourn_purger",
    "GRANT SELECT (about, words), UPDATE (words) ON desk.audit TO sojourn_purger",
    "GRANT SELECT (gone, kept), UPDATE (reason) ON desk.merging TO sojourn_purger",
]

REFUSE_REWRITING = """
    CREATE OR REPLACE FUNCTION desk.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN{but}
        RAISE EXCEPTION 'the audit log only grows';
    END $$
    """

BUT_FOR_A_PURGE = """
        -- Its role may touch the words of an entry and nothing else (`desk.forget`).
        IF current_user = 'sojourn_purger' AND TG_OP = 'UPDATE' THEN
            RETURN NULL;
        END IF;"""


def upgrade() -> None:
    op.create_table(
        "known",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known")),
        schema="desk",
    )
    for statement in KNOWING:
        op.execute(statement)
    _refer({table: (column, "known") for table, (column, _of) in NAMED.items()})
    op.create_table(
        "purge",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge")),
        schema="desk",
    )
    op.execute("GRANT SELECT, INSERT ON desk.purge TO sojourn_desk")
    for statement in [REFUSE_REWRITING.format(but=BUT_FOR_A_PURGE), *FORGET]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION desk.forget")
    op.execute(REFUSE_REWRITING.format(but=""))
    op.drop_table("purge", schema="desk")
    # The older foreign keys refer to rows, so references to purged rows are removed.
    for table, (column, of) in NAMED.items():
        gone = f'"{column}" IS NOT NULL AND "{column}" NOT IN (SELECT id FROM desk.{of})'
        if table == "estimate":
            op.execute(f"UPDATE desk.estimate SET event = NULL WHERE {gone}")
        else:
            op.execute(f"DELETE FROM desk.{table} WHERE {gone}")
    _refer(NAMED)
    for table in KNOWN:
        op.execute(f"DROP TRIGGER know ON desk.{table}")
    op.execute("DROP FUNCTION desk.know")
    op.drop_table("known", schema="desk")


def _refer(tables: dict[str, tuple[str, str]]) -> None:
    for table, (column, to) in tables.items():
        name = op.f(f"fk_{table}_{column}")
        op.drop_constraint(name, table, schema="desk", type_="foreignkey")
        op.create_foreign_key(
            name, table, to, [column], ["id"], source_schema="desk", referent_schema="desk",
            initially="DEFERRED", deferrable=True,
        )  # fmt: skip
