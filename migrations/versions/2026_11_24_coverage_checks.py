"""Coverage checks: which places were checked, when and in which outlets, as part of the record.

An edition adds and closes rows, which otherwise never change. They contain codes and days, but no
text. A purge of a place or an outlet removes its code from them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ONE_WAY = [
    """
    CREATE FUNCTION record.refuse_other_check() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_user = 'sojourn_purger' OR (
            OLD.closed IS NULL AND NEW.closed = (SELECT edition FROM record.counter)
            AND to_jsonb(NEW) - 'closed' = to_jsonb(OLD) - 'closed'
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a check is taken back once, by an edition, and never changed';
    END $$
    """,
    """
    CREATE TRIGGER refuse_other_check BEFORE UPDATE ON record.checked
    FOR EACH ROW EXECUTE FUNCTION record.refuse_other_check()
    """,
    # Called by the application when it purges, as `desk.forget` is, with the purged code.
    """
    CREATE FUNCTION record.forget_in_checks(code text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF EXISTS (SELECT FROM record.version v
                WHERE v.slug = code AND v.kind IN ('P', 'O') AND v.state <> 'purged') THEN
            RAISE EXCEPTION 'readers still see it';
        END IF;
        UPDATE record.checked SET places = array_remove(places, code), outlets = array_remove(outlets, code)
            WHERE code = ANY (places || outlets);
    END $$
    """,  # noqa: E501
    "GRANT CREATE ON SCHEMA record TO sojourn_purger",
    "ALTER FUNCTION record.forget_in_checks OWNER TO sojourn_purger",
    "REVOKE CREATE ON SCHEMA record FROM sojourn_purger",
    "REVOKE EXECUTE ON FUNCTION record.forget_in_checks FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION record.forget_in_checks TO sojourn_desk",
    "GRANT SELECT, UPDATE (places, outlets) ON record.checked TO sojourn_purger",
    "GRANT SELECT ON record.checked TO sojourn_desk, sojourn_reader",
    "GRANT INSERT, UPDATE (closed) ON record.checked TO sojourn_desk",
]


def upgrade() -> None:
    op.create_table(
        "checked",
        sa.Column("no", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("places", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("outlets", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=True),
        sa.CheckConstraint("closed > opened", name=op.f("ck_checked_closed_after_opened")),
        sa.CheckConstraint("first <= last", name=op.f("ck_checked_first_to_last")),
        sa.CheckConstraint(
            "outcome in ('nothing-new', 'something-new')", name=op.f("ck_checked_outcome")
        ),
        sa.ForeignKeyConstraint(["closed"], ["record.edition.no"], name=op.f("fk_checked_closed")),
        sa.ForeignKeyConstraint(["opened"], ["record.edition.no"], name=op.f("fk_checked_opened")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_checked")),
        schema="record",
    )
    for statement in ONE_WAY:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION record.forget_in_checks")
    op.drop_table("checked", schema="record")
    op.execute("DROP FUNCTION record.refuse_other_check")
