"""Pages: the texts of the site that editors write, with their titles, parts, marks and places.

They were part of templates, where nobody could see who answers for them or what they said before.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

DRAFTED = "'A', 'P', 'O', 'S', 'E', 'M', 'N'"
LETTERS = f"{DRAFTED}, 'V'"
DEFERRED: dict[str, Any] = {"initially": "DEFERRED", "deferrable": True}
TABLES = ("page_mark", "page_place", "page_section", "page_name", "page")
RIGHTS = (
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(f'desk.{name}' for name in TABLES)} "
    "TO sojourn_desk",
    "GRANT SELECT, DELETE ON desk.page TO sojourn_purger",
)
FORGOTTEN = "DELETE FROM desk.law WHERE id = record_id;"
ALSO_FORGOTTEN = f"DELETE FROM desk.page WHERE id = record_id;\n        {FORGOTTEN}"


def upgrade() -> None:
    _allow_letters(f"{LETTERS}, 'U'")
    _allow_drafts(f"{DRAFTED}, 'U'")
    op.create_table(
        "page",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("language", "responsible")),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("code", name=op.f("uq_page_code")),
        schema="desk",
    )
    _rows_of_pages(
        "page_name",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("preferred", sa.Boolean(), nullable=False),
    )
    op.create_index(
        "uq_page_name_preferred",
        "page_name",
        ["page", "language"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("preferred"),
    )
    _rows_of_pages(
        "page_section",
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
    )
    _rows_of_pages(
        "page_mark",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event"], ["desk.known.id"], name=op.f("fk_page_mark_event"), **DEFERRED
        ),
    )
    _rows_of_pages(
        "page_place",
        sa.Column("place", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place"], ["desk.place.code"], name=op.f("fk_page_place_place"), **DEFERRED
        ),
    )
    for statement in RIGHTS:
        op.execute(statement)
    _rewrite(FORGOTTEN, ALSO_FORGOTTEN)


def _rows_of_pages(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["page"],
            ["desk.page.id"],
            name=op.f(f"fk_{table}_page"),
            ondelete="CASCADE",
            **DEFERRED,
        ),
        sa.PrimaryKeyConstraint("page", "position", name=op.f(f"pk_{table}")),
        schema="desk",
    )


def _allow_letters(letters: str) -> None:
    op.drop_constraint(op.f("ck_version_kind"), "version", schema="record")
    op.create_check_constraint(
        op.f("ck_version_kind"), "version", f"kind in ({letters})", schema="record"
    )


def _allow_drafts(letters: str, *, are_checked: bool = True) -> None:
    name = op.f("ck_draft_kind")
    op.drop_constraint(name, "draft", schema="desk")
    op.create_check_constraint(
        name,
        "draft",
        f"kind in ({letters})",
        schema="desk",
        postgresql_not_valid=not are_checked,
    )


def _rewrite(old: str, new: str) -> None:
    """Replace words in the definition of the function that forgets a purged record."""
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_functiondef('desk.forget(text, text[])'::regprocedure)")
    )
    assert definition is not None and old in definition
    op.execute(definition.replace(old, new))


def downgrade() -> None:
    """Delete pages, also from published editions, which older code can't read with them."""
    _rewrite(ALSO_FORGOTTEN, FORGOTTEN)
    for table in TABLES:
        op.drop_table(table, schema="desk")
    op.execute("DELETE FROM record.version WHERE kind = 'U'")
    _allow_letters(LETTERS)
    # Drafts of pages that were begun stay, unchecked.
    _allow_drafts(DRAFTED, are_checked=False)
