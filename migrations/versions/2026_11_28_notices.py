"""Notices about work, which are also the queue of their mails, and which notices people refuse."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("at_desk", sa.Boolean(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        _of_person("notice"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        schema="desk",
    )
    op.create_index("ix_notice_person", "notice", ["person", "id"], schema="desk")
    op.create_index(
        "ix_notice_unsent",
        "notice",
        ["try_at"],
        schema="desk",
        postgresql_where=sa.text("by_mail and mailed_at is null"),
    )
    op.create_table(
        "notice_refusal",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        _of_person("notice_refusal"),
        sa.PrimaryKeyConstraint("person", "kind", "channel", name=op.f("pk_notice_refusal")),
        schema="desk",
    )
    op.execute(
        "GRANT SELECT, INSERT, DELETE, UPDATE (read_at, mailed_at, tries, try_at) "
        "ON desk.notice TO sojourn_desk"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON desk.notice_refusal TO sojourn_desk")


def downgrade() -> None:
    op.drop_table("notice_refusal", schema="desk")
    op.drop_table("notice", schema="desk")


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person"],
        ["desk.person.id"],
        name=op.f(f"fk_{table}_person"),
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )
