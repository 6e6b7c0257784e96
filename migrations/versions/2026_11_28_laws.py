"""Laws: resolutions, treaties, laws and notices, as records in place of the list `instrument`.

The codes of the list become laws with the same codes, which events and estimates go on naming.
They are pending: `sojourn publish --again` makes them part of its recalculation.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

LETTERS = "'V', 'A', 'P', 'O', 'S', 'E', 'M'"
DEFERRED: dict[str, Any] = {"initially": "DEFERRED", "deferrable": True}
RIGHTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON desk.law, desk.law_name, desk.law_article "
    "TO sojourn_desk",
    "GRANT SELECT, DELETE ON desk.law TO sojourn_purger",
)
NO_CYCLE = """
    CREATE CONSTRAINT TRIGGER no_cycle AFTER INSERT OR UPDATE ON desk.law
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
    EXECUTE FUNCTION desk.refuse_cycle('code', 'parent', '')
    """
FORGOTTEN = "DELETE FROM desk.actor WHERE id = record_id;"
ALSO_FORGOTTEN = f"DELETE FROM desk.law WHERE id = record_id;\n        {FORGOTTEN}"
CONVERSION = (
    """
    INSERT INTO desk.law (id, code, kind, parent, replaced_by, remark, why)
    SELECT 'N' || row_number() OVER (ORDER BY list, code), code,
        CASE WHEN code LIKE 'unscr-%' THEN 'un-resolution'
            WHEN EXISTS (SELECT FROM desk.code under
                WHERE under.list = 'instrument' AND under."group" = c.code) THEN 'regime'
            ELSE 'law' END,
        (SELECT above.code FROM desk.code above
            WHERE above.list = 'instrument' AND above.code = c."group"),
        (SELECT new.code FROM desk.code new
            WHERE new.list = 'instrument' AND new.code = c.successor),
        definition, 'reindexed'
    FROM desk.code c WHERE list = 'instrument'
    """,
    """
    INSERT INTO desk.law_name (law, position, text, language, preferred)
    SELECT law.id, 0, c.label, 'en', true FROM desk.law JOIN desk.code c
        ON c.list = 'instrument' AND c.code = law.code
    """,
    """
    INSERT INTO desk.number (letter, last) SELECT 'N', count(*) FROM desk.law
    HAVING count(*) > 0 ON CONFLICT DO NOTHING
    """,
)


def upgrade() -> None:
    _allow_letters(f"{LETTERS}, 'N'")
    op.create_table(
        "law",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in (
                *("symbol", "issuer", "parent", "adopted", "in_force", "expires"),
                *("replaced_by", "text_url", "remark"),
            )
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("parent <> code", name=op.f("ck_law_not_in_itself")),
        sa.CheckConstraint("replaced_by <> code", name=op.f("ck_law_not_replaced_by_itself")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"desk.{table}.code"], name=op.f(f"fk_law_{column}"), **DEFERRED
            )
            for column, table in (("issuer", "actor"), ("parent", "law"), ("replaced_by", "law"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law")),
        sa.UniqueConstraint("code", name=op.f("uq_law_code")),
        schema="desk",
    )
    for column in ("issuer", "parent"):
        op.create_index(op.f(f"ix_law_{column}"), "law", [column], schema="desk")
    _rows_of_laws("law_name", "text", "language", "preferred")
    _rows_of_laws("law_article", "number", "says")
    op.create_index(
        "uq_law_name_preferred",
        "law_name",
        ["law", "language"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("preferred"),
    )
    for statement in (NO_CYCLE, *RIGHTS, *CONVERSION):
        op.execute(statement)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("legal", "estimate_law"):
        op.drop_constraint(op.f(f"ck_{table}_instrument_id"), table, schema="desk")
        op.drop_column(table, "instrument_id", schema="desk")
        op.create_foreign_key(
            op.f(f"fk_{table}_instrument"),
            table,
            "law",
            ["instrument"],
            ["code"],
            source_schema="desk",
            referent_schema="desk",
            **DEFERRED,
        )
    op.execute("DELETE FROM desk.code WHERE list = 'instrument'")
    _rewrite(FORGOTTEN, ALSO_FORGOTTEN)


def _rows_of_laws(table: str, *columns: str) -> None:
    op.create_table(
        table,
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(
            sa.Column(
                name,
                sa.Boolean() if name == "preferred" else sa.Text(),
                nullable=name == "language",
            )
            for name in columns
        ),
        sa.ForeignKeyConstraint(
            ["law"],
            ["desk.law.id"],
            name=op.f(f"fk_{table}_law"),
            ondelete="CASCADE",
            **DEFERRED,
        ),
        sa.PrimaryKeyConstraint("law", "position", name=op.f(f"pk_{table}")),
        schema="desk",
    )


def _allow_letters(letters: str) -> None:
    op.drop_constraint(op.f("ck_version_kind"), "version", schema="record")
    op.create_check_constraint(
        op.f("ck_version_kind"), "version", f"kind in ({letters})", schema="record"
    )


def _rewrite(old: str, new: str) -> None:
    """Replace words in the definition of the function that forgets a purged record."""
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_functiondef('desk.forget(text, text[])'::regprocedure)")
    )
    assert definition is not None and old in definition
    op.execute(definition.replace(old, new))


def downgrade() -> None:
    """Delete laws, also from published editions, which older code cannot read with them.

    A backup is the only way to have them again.
    """
    _rewrite(ALSO_FORGOTTEN, FORGOTTEN)
    op.execute(
        """
        INSERT INTO desk.code (id, list, code, label, definition, "group", successor, is_law, why)
        SELECT 'instrument:' || law.code, 'instrument', law.code, name.text,
            coalesce(law.remark, name.text), law.parent, law.replaced_by, false, 'reindexed'
        FROM desk.law JOIN desk.law_name name ON name.law = law.id AND name.position = 0
        """
    )
    for table in ("legal", "estimate_law"):
        op.drop_constraint(op.f(f"fk_{table}_instrument"), table, schema="desk")
        op.add_column(table, sa.Column("instrument_id", sa.Text(), nullable=True), schema="desk")
        op.execute(f"UPDATE desk.{table} SET instrument_id = 'instrument:' || instrument")
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.create_check_constraint(
            op.f(f"ck_{table}_instrument_id"),
            table,
            "instrument_id is not distinct from 'instrument:' || instrument",
            schema="desk",
        )
        op.create_foreign_key(
            op.f(f"fk_{table}_instrument_id"),
            table,
            "code",
            ["instrument_id"],
            ["id"],
            source_schema="desk",
            referent_schema="desk",
            **DEFERRED,
        )
    for table in ("law_article", "law_name", "law"):
        op.drop_table(table, schema="desk")
    op.execute("DELETE FROM record.version WHERE kind = 'N'")
    _allow_letters(LETTERS)
