"""Drafts and their revisions, and the numbers under which new records are known.

Revisions are append-only: no login of the application may update one. The numbers begin after
those in use.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IN_USE = """
    INSERT INTO desk.number (letter, last)
    SELECT left(id, 1), max(substr(id, 2)::integer) FROM (
        SELECT id FROM desk.place UNION ALL SELECT id FROM desk.outlet UNION ALL SELECT id FROM desk.source
        UNION ALL SELECT id FROM desk.event UNION ALL SELECT id FROM desk.estimate
        UNION ALL SELECT id FROM desk.citation UNION ALL SELECT id FROM desk.event_link
        UNION ALL SELECT id FROM desk.estimate_link UNION ALL SELECT id FROM record.version WHERE kind <> 'V'
    ) known WHERE id ~ '^[A-Z][1-9][0-9]{0,8}$' GROUP BY left(id, 1)
    """  # noqa: E501

RIGHTS = [
    "GRANT SELECT, INSERT, UPDATE ON desk.draft, desk.number TO sojourn_desk",
    "GRANT SELECT, INSERT ON desk.revision TO sojourn_desk",
]


def upgrade() -> None:
    op.create_table(
        "number",
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_number")),
        schema="desk",
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("kind in ('P', 'O', 'S', 'E', 'M')", name=op.f("ck_draft_kind")),
        sa.CheckConstraint(
            "state in ('draft', 'in-review', 'returned', 'approved', 'published', 'deleted')",
            name=op.f("ck_draft_state"),
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["desk.person.id"],
            name=op.f("fk_draft_owner"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_draft_key")),
        schema="desk",
    )
    op.create_index(op.f("ix_draft_owner"), "draft", ["owner"], unique=False, schema="desk")
    op.create_index(op.f("ix_draft_article"), "draft", ["article"], unique=False, schema="desk")
    op.create_index(
        "uq_draft_open",
        "draft",
        ["record"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("state in ('draft', 'in-review', 'returned', 'approved')"),
    )
    op.create_table(
        "revision",
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("saved", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"],
            ["desk.draft.id"],
            name=op.f("fk_revision_draft"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_revision_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("draft", "number", name=op.f("pk_revision")),
        schema="desk",
    )
    for statement in [IN_USE, *RIGHTS]:
        op.execute(statement)


def downgrade() -> None:
    for table in ("revision", "draft", "number"):
        op.drop_table(table, schema="desk")
