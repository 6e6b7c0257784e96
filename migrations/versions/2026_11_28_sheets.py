"""Sheets of reports with revisions, their private texts, and fingerprints of texts.

A trigger deletes the text of a report once no draft of it is open: all were approved, published or
deleted. It sees every way in which a draft changes its state. The approval of the source alone,
before anything was drafted from it, does not end the work on the report.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
EMPTY = sa.text("''")

DELETE_TEXT = """
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
    END $$
    """
TRIGGER = """
    CREATE TRIGGER delete_report_text AFTER UPDATE OF state ON desk.draft FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NEW.state IN ('approved', 'published', 'deleted'))
    EXECUTE FUNCTION desk.delete_report_text()
    """


def upgrade() -> None:
    op.create_table(
        "sheet",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("synced", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        _by_person("sheet", "owner"),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_sheet")),
        schema="desk",
    )
    op.create_index(op.f("ix_sheet_owner"), "sheet", ["owner"], schema="desk")
    op.create_table(
        "sheet_revision",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("saved", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source"],
            ["desk.sheet.source"],
            name=op.f("fk_sheet_revision_source"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        _by_person("sheet_revision", "by"),
        sa.PrimaryKeyConstraint("source", "number", name=op.f("pk_sheet_revision")),
        schema="desk",
    )
    op.create_table(
        "report_text",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("translation", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("delete_after", sa.Date(), nullable=False),
        sa.Column("marks", postgresql.JSONB(), nullable=True),
        sa.Column("problem", sa.Text(), server_default=EMPTY, nullable=False),
        _by_person("report_text", "by"),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_report_text")),
        schema="desk",
    )
    op.create_table(
        "report_fingerprint",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("hashes", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_report_fingerprint")),
        schema="desk",
    )
    # Revisions are only added, but a purge deletes them with their sheet.
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.sheet TO sojourn_desk")
    op.execute("GRANT SELECT, INSERT, DELETE ON desk.sheet_revision TO sojourn_desk")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.report_text TO sojourn_desk")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.report_fingerprint TO sojourn_desk")
    op.execute(DELETE_TEXT)
    op.execute(TRIGGER)


def _by_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["desk.person.id"],
        name=op.f(f"fk_{table}_{column}"),
        initially="DEFERRED",
        deferrable=True,
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER delete_report_text ON desk.draft")
    op.execute("DROP FUNCTION desk.delete_report_text")
    for table in ("report_fingerprint", "report_text", "sheet_revision", "sheet"):
        op.drop_table(table, schema="desk")
