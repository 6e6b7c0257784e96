"""Comments on drafts, and the approved state on which each change is based.

Comments never change, except that they can be marked as settled. A change that was begun before
this migration is based on its first revision.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BASES = """
    UPDATE desk.draft SET base = first.document FROM desk.revision first
    WHERE first.draft = draft.id AND first.number = 0 AND draft.record IN (
        SELECT id FROM desk.place UNION ALL SELECT id FROM desk.outlet UNION ALL SELECT id FROM desk.source
        UNION ALL SELECT id FROM desk.event UNION ALL SELECT id FROM desk.estimate)
    """  # noqa: E501

RIGHTS = "GRANT SELECT, INSERT, UPDATE (settled_by) ON desk.comment TO sojourn_desk"


def upgrade() -> None:
    op.add_column("draft", sa.Column("base", postgresql.JSONB(), nullable=True), schema="desk")
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft", "number"],
            ["desk.revision.draft", "desk.revision.number"],
            name=op.f("fk_comment_draft_number"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["answers"],
            ["desk.comment.id"],
            name=op.f("fk_comment_answers"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_comment_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["desk.person.id"],
            name=op.f("fk_comment_settled_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_comment_says_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        schema="desk",
    )
    op.create_index(op.f("ix_comment_draft"), "comment", ["draft"], unique=False, schema="desk")
    for statement in [BASES, RIGHTS]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("comment", schema="desk")
    op.drop_column("draft", "base", schema="desk")
