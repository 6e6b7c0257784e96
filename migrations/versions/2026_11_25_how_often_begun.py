"""Count the failed attempts of an import, so that one that always fails is not retried for ever."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE desk.import ADD COLUMN starts integer NOT NULL DEFAULT 0")
    op.execute(
        "ALTER TABLE desk.import ADD CONSTRAINT ck_import_starts CHECK (starts BETWEEN 0 AND 3)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE desk.import DROP COLUMN starts")
