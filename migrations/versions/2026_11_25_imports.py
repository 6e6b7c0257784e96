"""Imports by browser: the uploaded rows until they become drafts, and a permanent report."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STAGES = "'columns', 'checking', 'checked', 'making', 'made', 'undone', 'given-up'"
FATES = "'new', 'changed', 'same', 'twin', 'left-out', 'error'"


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("aside", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("beat", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("with_twins", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hand_in", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(f"stage in ({STAGES})", name=op.f("ck_import_stage")),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_import_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        schema="desk",
    )
    op.create_table(
        "import_file",
        sa.Column("import", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import"],
            ["desk.import.id"],
            name=op.f("fk_import_file_import"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("import", "number", name=op.f("pk_import_file")),
        schema="desk",
    )
    # No foreign key to the file: one process writes all rows, so checking 50,000 one by one is
    # unnecessary.
    op.create_table(
        "import_row",
        sa.Column("import", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", sa.ARRAY(sa.Text()), nullable=True),
        *(
            sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
            for name in ("name", "key", "parent")
        ),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("refs", sa.ARRAY(sa.Text()), nullable=True),
        *(
            sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
            for name in ("fate", "field", "words", "record")
        ),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"fate in ('', {FATES})", name=op.f("ck_import_row_fate")),
        sa.ForeignKeyConstraint(
            ["draft"],
            ["desk.draft.id"],
            name=op.f("fk_import_row_draft"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("import", "number", name=op.f("pk_import_row")),
        schema="desk",
    )
    op.create_index(
        op.f("ix_import_row_draft"), "import_row", ["draft"], unique=False, schema="desk"
    )
    for column in ("name", "key", "parent", "of"):
        op.create_index(
            f"ix_import_row_{column}", "import_row", ["import", column], unique=False, schema="desk"
        )
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE "
        "ON desk.import, desk.import_file, desk.import_row TO sojourn_desk"
    )


def downgrade() -> None:
    for table in ("import_row", "import_file", "import"):
        op.drop_table(table, schema="desk")
