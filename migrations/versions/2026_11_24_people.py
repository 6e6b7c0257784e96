"""People of the desk, their credentials, and the audit log.

The log is append-only: our logins may not update a row, and a trigger refuses all others. The
records of sign-in attempts are deleted after minutes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("person", "sign_in", "link", "attempt", "audit")

ONLY_GROWS = [
    """
    CREATE FUNCTION desk.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log only grows';
    END $$
    """,
    """
    CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.audit
    FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_rewriting()
    """,
]

RIGHTS = [
    # Nobody is deleted: the log must still say who acted. Locking a row needs the right to update
    # it.
    "GRANT SELECT, INSERT, UPDATE ON desk.person TO sojourn_desk",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON desk.sign_in TO sojourn_desk",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON desk.link TO sojourn_desk",
    "GRANT SELECT, INSERT, DELETE ON desk.attempt TO sojourn_desk",
    # The application may set neither the number nor the time of a line.
    'GRANT SELECT, INSERT ("by", action, about, words) ON desk.audit TO sojourn_desk',
]


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("factor_secret", sa.Text(), nullable=True),
        sa.Column("factor_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("recovery_hashes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "invited_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "email = lower(email) and position('@' in email) > 1",
            name=op.f("ck_person_email_is_normalised"),
        ),
        sa.CheckConstraint(
            "role in ('contributor', 'editor', 'admin')", name=op.f("ck_person_role")
        ),
        sa.CheckConstraint(
            "starts_with(password_hash, '$argon2id$')", name=op.f("ck_person_password_is_hashed")
        ),
        sa.CheckConstraint(
            "factor_secret is not null or recovery_hashes = '{}'",
            name=op.f("ck_person_codes_stand_in_for_a_factor"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        schema="desk",
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("waits_for_code", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column(
            "began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["desk.person.id"],
            name=op.f("fk_sign_in_person"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
        schema="desk",
    )
    op.create_index(op.f("ix_sign_in_person"), "sign_in", ["person"], unique=False, schema="desk")
    op.create_table(
        "link",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["desk.person.id"],
            name=op.f("fk_link_person"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["desk.person.id"],
            name=op.f("fk_link_made_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link")),
        schema="desk",
    )
    op.create_index(
        "uq_link_person",
        "link",
        ["person"],
        unique=True,
        schema="desk",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        schema="desk",
    )
    op.create_index("ix_attempt_key_at", "attempt", ["key", "at"], unique=False, schema="desk")
    op.create_index("ix_attempt_at", "attempt", ["at"], unique=False, schema="desk")
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by"],
            ["desk.person.id"],
            name=op.f("fk_audit_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="desk",
    )
    for statement in [*ONLY_GROWS, *RIGHTS]:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema="desk")
    op.execute("DROP FUNCTION desk.refuse_rewriting")
