"""What a term rests on and how firmly, and which copy of a source a citation was read in.

Copies get the number of their place. Stored drafts and revisions of sources get the same numbers,
so that a copy keeps its number when a draft that was open before is published. Drafts know what
was carried over from another record.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("term", sa.Column("certainty", sa.Text(), nullable=True), schema="desk")
    op.add_column("term", sa.Column("citation", sa.Text(), nullable=True), schema="desk")
    for table in ("event", "estimate"):
        op.add_column(table, sa.Column("no_nationality", sa.Text(), nullable=True), schema="desk")
    op.add_column("citation", sa.Column("copy_read", sa.Text(), nullable=True), schema="desk")
    for name in ("also_in", "missing_in"):
        copies = postgresql.ARRAY(sa.Text())
        op.add_column(
            "citation",
            sa.Column(name, copies, server_default=sa.text("'{}'"), nullable=False),
            schema="desk",
        )
    op.add_column("source_copy", sa.Column("id", sa.Text(), nullable=True), schema="desk")
    op.execute("UPDATE desk.source_copy SET id = (position + 1)::text")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.alter_column("source_copy", "id", nullable=False, schema="desk")
    op.create_unique_constraint(
        op.f("uq_source_copy_source_id"), "source_copy", ["source", "id"], schema="desk"
    )
    _number_copies_of_drafts()
    op.add_column(
        "draft",
        sa.Column("carried", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        schema="desk",
    )
    op.add_column("draft", sa.Column("carry", postgresql.JSONB(), nullable=True), schema="desk")


def _number_copies_of_drafts() -> None:
    db = op.get_bind()
    drafts = db.execute(sa.text("SELECT id, document, base FROM desk.draft WHERE kind = 'S'"))
    for draft, document, base in drafts.all():
        known = _numbers(base, {}) if base else {}
        revisions = sa.text(
            "SELECT number, document FROM desk.revision WHERE draft = :draft ORDER BY number"
        )
        for number, stored in db.execute(revisions, {"draft": draft}).all():
            known = _numbers(stored, known)
            db.execute(
                sa.text(
                    "UPDATE desk.revision SET document = CAST(:document AS jsonb)"
                    " WHERE draft = :draft AND number = :number"
                ),
                {"document": _numbered(stored, known), "draft": draft, "number": number},
            )
        known = _numbers(document, known)
        db.execute(
            sa.text(
                "UPDATE desk.draft SET document = CAST(:document AS jsonb),"
                " base = CAST(:base AS jsonb) WHERE id = :draft"
            ),
            {
                "document": _numbered(document, known),
                "base": _numbered(base, known) if base else None,
                "draft": draft,
            },
        )


def _numbers(document: dict[str, Any], known: dict[str, str]) -> dict[str, str]:
    """Return numbers by row key: known ones, and the next free ones for other rows."""
    numbers = dict(known)
    for row in document.get("copies", []):
        numbers.setdefault(row["row"], str(len(numbers) + 1))
    return numbers


def _numbered(document: dict[str, Any], numbers: dict[str, str]) -> str:
    copies = [{**row, "id": numbers[row["row"]]} for row in document.get("copies", [])]
    return json.dumps({**document, "copies": copies})


def downgrade() -> None:
    op.drop_column("draft", "carry", schema="desk")
    op.drop_column("draft", "carried", schema="desk")
    op.drop_constraint(op.f("uq_source_copy_source_id"), "source_copy", schema="desk")
    op.drop_column("source_copy", "id", schema="desk")
    for name in ("missing_in", "also_in", "copy_read"):
        op.drop_column("citation", name, schema="desk")
    for table in ("estimate", "event"):
        op.drop_column(table, "no_nationality", schema="desk")
    for name in ("citation", "certainty"):
        op.drop_column("term", name, schema="desk")
