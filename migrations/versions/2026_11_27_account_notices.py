"""Count failed sign-ins, recognise browsers of earlier sign-ins, and store account notices."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

RIGHTS = [
    "GRANT SELECT, INSERT, DELETE, UPDATE (seen_at) ON desk.device TO sojourn_desk",
    (
        "GRANT SELECT, INSERT, UPDATE (words, at, caused_by, read_at, mailed_at) "
        "ON desk.account_notice TO sojourn_desk"
    ),
]


def upgrade() -> None:
    op.add_column(
        "person",
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        schema="desk",
    )
    op.add_column(
        "person", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True), schema="desk"
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["desk.person.id"],
            name=op.f("fk_device_person"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("person", "token_hash", name=op.f("uq_device_person")),
        schema="desk",
    )
    op.create_table(
        "account_notice",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("caused_by", sa.Integer(), nullable=True),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person"],
            ["desk.person.id"],
            name=op.f("fk_account_notice_person"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_notice")),
        schema="desk",
    )
    op.create_index(
        "ix_account_notice_unread",
        "account_notice",
        ["person"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_audit_failed",
        "audit",
        ["id", "at"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("starts_with(action, 'failed-')"),
    )
    for statement in RIGHTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_audit_failed", table_name="audit", schema="desk")
    op.drop_table("account_notice", schema="desk")
    op.drop_table("device", schema="desk")
    op.drop_column("person", "failed_at", schema="desk")
    op.drop_column("person", "failures", schema="desk")
