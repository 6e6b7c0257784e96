"""Actors: governments, offices, firms and others that act, as records with names.

Terms with the key `actor` may name one, and a site its operator. Purges reach both: an actor is
deleted at the desk, and sources lose the actors and laws of a purged event.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

LETTERS = "'V', 'P', 'O', 'S', 'E', 'M'"
CODE_ID = "code_id is not distinct from case when key {but} then key || ':' || code end"
DEFERRED: dict[str, Any] = {"initially": "DEFERRED", "deferrable": True}
RIGHTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON desk.actor, desk.actor_name TO sojourn_desk",
    "GRANT SELECT, DELETE ON desk.actor TO sojourn_purger",
)
NO_CYCLE = """
    CREATE CONSTRAINT TRIGGER no_cycle AFTER INSERT OR UPDATE ON desk.actor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
    EXECUTE FUNCTION desk.refuse_cycle('code', 'parent', '')
    """
FORGOTTEN = "DELETE FROM desk.outlet WHERE id = record_id;"
ALSO_FORGOTTEN = f"DELETE FROM desk.actor WHERE id = record_id;\n        {FORGOTTEN}"
REMOVED = "t.key IN ('place', 'attribution')"
ALSO_REMOVED = "t.key IN ('place', 'attribution', 'actor', 'actor_role', 'law')"


def upgrade() -> None:
    _allow_letters(f"{LETTERS}, 'A'")
    op.create_table(
        "actor",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in (
                *("parent", "country", "wikidata", "opensanctions", "lei", "isni"),
                *("reply", "reply_on", "reply_url"),
            )
        ),
        sa.Column("indexable", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("parent <> code", name=op.f("ck_actor_not_in_itself")),
        sa.CheckConstraint(
            "reply is not null or (reply_on is null and reply_url is null)",
            name=op.f("ck_actor_reply"),
        ),
        sa.ForeignKeyConstraint(
            ["parent"], ["desk.actor.code"], name=op.f("fk_actor_parent"), **DEFERRED
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
        sa.UniqueConstraint("code", name=op.f("uq_actor_code")),
        schema="desk",
    )
    op.create_index(op.f("ix_actor_parent"), "actor", ["parent"], schema="desk")
    op.create_table(
        "actor_name",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor"],
            ["desk.actor.id"],
            name=op.f("fk_actor_name_actor"),
            ondelete="CASCADE",
            **DEFERRED,
        ),
        sa.PrimaryKeyConstraint("actor", "position", name=op.f("pk_actor_name")),
        schema="desk",
    )
    op.create_index(
        "uq_actor_name_preferred",
        "actor_name",
        ["actor", "language"],
        unique=True,
        schema="desk",
        postgresql_where=sa.text("preferred"),
    )
    for table, column in (("place", "operator"), ("term", "actor")):
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True), schema="desk")
        op.create_foreign_key(
            op.f(f"fk_{table}_{column}"),
            table,
            "actor",
            [column],
            ["code"],
            source_schema="desk",
            referent_schema="desk",
            **DEFERRED,
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], schema="desk")
    _check("place", "operator_of_a_site", "operator is null or kind = 'site'")
    _check("term", "actor", "actor is not distinct from case when key = 'actor' then code end")
    op.drop_constraint(op.f("ck_term_code_id"), "term", schema="desk")
    _check("term", "code_id", CODE_ID.format(but="not in ('place', 'actor')"))
    for statement in (NO_CYCLE, *RIGHTS):
        op.execute(statement)
    _rewrite("desk.forget(text, text[])", FORGOTTEN, ALSO_FORGOTTEN)
    _rewrite("record.purge(text, text)", REMOVED, ALSO_REMOVED)


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition, schema="desk")


def _allow_letters(letters: str) -> None:
    op.drop_constraint(op.f("ck_version_kind"), "version", schema="record")
    op.create_check_constraint(
        op.f("ck_version_kind"), "version", f"kind in ({letters})", schema="record"
    )


def _rewrite(function: str, old: str, new: str) -> None:
    """Replace words in the definition of a function, which keeps its owner and rights."""
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_functiondef(CAST(:function AS regprocedure))"),
        {"function": function},
    )
    assert definition is not None and old in definition
    op.execute(definition.replace(old, new))


def downgrade() -> None:
    """Delete actors, also from published editions, which older code cannot read with them.

    A backup is the only way to have them again.
    """
    _rewrite("record.purge(text, text)", ALSO_REMOVED, REMOVED)
    _rewrite("desk.forget(text, text[])", ALSO_FORGOTTEN, FORGOTTEN)
    op.execute(
        "UPDATE desk.term SET code = NULL, printed = coalesce(printed, code), actor = NULL "
        "WHERE key = 'actor'"
    )
    op.drop_constraint(op.f("ck_term_code_id"), "term", schema="desk")
    _check("term", "code_id", CODE_ID.format(but="<> 'place'"))
    op.drop_constraint(op.f("ck_term_actor"), "term", schema="desk")
    op.drop_column("term", "actor", schema="desk")
    op.drop_constraint(op.f("ck_place_operator_of_a_site"), "place", schema="desk")
    op.drop_column("place", "operator", schema="desk")
    op.drop_table("actor_name", schema="desk")
    op.drop_table("actor", schema="desk")
    op.execute("DELETE FROM record.version WHERE kind = 'A'")
    _allow_letters(LETTERS)
