"""Intake: leads and feeds, pages that were read or captured, letters of readers.

Readers write through a function, under a login that may only call it and can read no letter. The
function counts letters for an hour by hashed network; the salt is deleted with the counts.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "step",
    "page_reading",
    "lead",
    "letter",
    "feed",
    "capture",
    "letter_salt",
    "letter_count",
)

LETTERBOX = [
    "CREATE SCHEMA letterbox",
    """
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
    END $$
    """,  # noqa: E501
    "REVOKE EXECUTE ON FUNCTION letterbox.send FROM PUBLIC",
    "GRANT USAGE ON SCHEMA letterbox TO sojourn_reader",
    "GRANT EXECUTE ON FUNCTION letterbox.send TO sojourn_reader",
]

RIGHTS = [
    "GRANT SELECT, INSERT, UPDATE ON desk.lead, desk.feed, desk.page_reading TO sojourn_desk",
    "GRANT SELECT, INSERT ON desk.step TO sojourn_desk",
    # A capture is never altered; a purge takes it away.
    "GRANT SELECT, INSERT, DELETE ON desk.capture TO sojourn_desk",
    # Nor is a letter's text. The sender's contact is deleted after a while. Editors may
    # also insert letters that came by mail.
    (
        "GRANT SELECT, INSERT, UPDATE (state, owner, note, since, reach) "
        "ON desk.letter TO sojourn_desk"
    ),
    "GRANT SELECT, DELETE ON desk.letter_count, desk.letter_salt TO sojourn_desk",
]


def upgrade() -> None:
    op.create_table(
        "letter_count",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_count")),
        schema="desk",
    )
    op.create_index(
        op.f("ix_letter_count_key"), "letter_count", ["key"], unique=False, schema="desk"
    )
    op.create_table(
        "letter_salt",
        sa.Column("salt", sa.Uuid(), nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("salt", name=op.f("pk_letter_salt")),
        schema="desk",
    )
    op.create_table(
        "capture",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("warc", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_capture_sha256")),
        sa.CheckConstraint("size_bytes = octet_length(warc)", name=op.f("ck_capture_size_bytes")),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_capture_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        schema="desk",
    )
    op.create_index(op.f("ix_capture_source"), "capture", ["source"], unique=False, schema="desk")
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_normalised", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["desk.person.id"],
            name=op.f("fk_feed_added_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["desk.person.id"],
            name=op.f("fk_feed_owner"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("url_normalised", name=op.f("uq_feed_url_normalised")),
        schema="desk",
    )
    op.create_table(
        "letter",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column(
            "came_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind in ('removal', 'mistake', 'missing', 'other')", name=op.f("ck_letter_kind")
        ),
        sa.CheckConstraint(
            "state in ('new', 'taken', 'done', 'set-aside')", name=op.f("ck_letter_state")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_letter_says_something")),
        sa.CheckConstraint(
            "length(key) <= 64 and length(about) <= 500 and length(words) <= 5000 and "
            "length(reach) <= 300",
            name=op.f("ck_letter_is_short"),
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["desk.person.id"],
            name=op.f("fk_letter_owner"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
        schema="desk",
    )
    op.create_index(
        "ix_letter_kind_came_at", "letter", ["kind", "came_at"], unique=False, schema="desk"
    )
    op.create_index(op.f("ix_letter_owner"), "letter", ["owner"], unique=False, schema="desk")
    op.create_table(
        "lead",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_normalised", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("feed", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('new', 'taken', 'done', 'set-aside')", name=op.f("ck_lead_state")
        ),
        sa.CheckConstraint("way in ('pasted', 'bookmarklet', 'feed')", name=op.f("ck_lead_way")),
        sa.CheckConstraint(
            "(feed is null) = (added_by is not null)", name=op.f("ck_lead_somebody_or_a_feed")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["desk.person.id"],
            name=op.f("fk_lead_added_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["draft"],
            ["desk.draft.id"],
            name=op.f("fk_lead_draft"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["feed"],
            ["desk.feed.id"],
            name=op.f("fk_lead_feed"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["desk.person.id"],
            name=op.f("fk_lead_owner"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("url_normalised", name=op.f("uq_lead_url_normalised")),
        schema="desk",
    )
    op.create_index(op.f("ix_lead_draft"), "lead", ["draft"], unique=False, schema="desk")
    op.create_index(op.f("ix_lead_owner"), "lead", ["owner"], unique=False, schema="desk")
    op.create_index("ix_lead_state_since", "lead", ["state", "since"], unique=False, schema="desk")
    op.create_table(
        "page_reading",
        sa.Column("draft", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("proposals", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_page_reading_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["draft"],
            ["desk.draft.id"],
            name=op.f("fk_page_reading_draft"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("draft", name=op.f("pk_page_reading")),
        schema="desk",
    )
    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=True),
        sa.Column("letter", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('new', 'taken', 'done', 'set-aside')", name=op.f("ck_step_state")
        ),
        sa.CheckConstraint("num_nonnulls(lead, letter) = 1", name=op.f("ck_step_of_one")),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_step_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["lead"],
            ["desk.lead.id"],
            name=op.f("fk_step_lead"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["letter"],
            ["desk.letter.id"],
            name=op.f("fk_step_letter"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["desk.person.id"],
            name=op.f("fk_step_owner"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        schema="desk",
    )
    op.create_index(op.f("ix_step_lead"), "step", ["lead"], unique=False, schema="desk")
    op.create_index(op.f("ix_step_letter"), "step", ["letter"], unique=False, schema="desk")
    for statement in [*LETTERBOX, *RIGHTS]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP SCHEMA letterbox CASCADE")
    for table in TABLES:
        op.drop_table(table, schema="desk")
