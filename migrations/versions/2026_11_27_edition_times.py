"""Make edition times ascend even if the clock is set back."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION record.keep_editions_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            -- A clock may be set back, and now() is when a transaction began: a purge or an edition that waited for
            -- another one to be published began before it.
            NEW.at := greatest(NEW.at, (SELECT at FROM record.edition WHERE no = NEW.no - 1));
            RETURN NEW;
        END $$
        """  # noqa: E501
    )
    op.execute(
        "CREATE TRIGGER keep_in_order BEFORE INSERT ON record.edition "
        "FOR EACH ROW EXECUTE FUNCTION record.keep_editions_in_order()"
    )
    op.execute("GRANT SELECT ON record.edition TO sojourn_purger")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON record.edition FROM sojourn_purger")
    op.execute("DROP TRIGGER keep_in_order ON record.edition")
    op.execute("DROP FUNCTION record.keep_editions_in_order")
