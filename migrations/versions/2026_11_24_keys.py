"""Encrypt the secrets of authenticator apps, and add passkeys.

Encrypts secrets that were stored in the clear, with the installation's key. Without a key it
changes nothing and reports how to set one. The encryption is written out here, since a later
release may change its own.
"""

import base64
import secrets

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import CommandError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RIGHTS = [
    "GRANT SELECT, INSERT, DELETE, UPDATE (uses, used_at) ON desk.passkey TO sojourn_desk",
    "GRANT SELECT, INSERT, DELETE ON desk.challenge TO sojourn_desk",
]


def upgrade() -> None:
    seal_what_is_open()
    op.create_check_constraint(
        op.f("ck_person_factor_is_sealed"),
        "person",
        "starts_with(factor_secret, 'aes-gcm:')",
        schema="desk",
    )
    # People with only a passkey have recovery codes too; passkeys have their own table.
    op.drop_constraint(op.f("ck_person_codes_stand_in_for_a_factor"), "person", schema="desk")
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_passkey_has_a_name")),
        sa.ForeignKeyConstraint(
            ["person"],
            ["desk.person.id"],
            name=op.f("fk_passkey_person"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
        schema="desk",
    )
    op.create_index(op.f("ix_passkey_person"), "passkey", ["person"], unique=False, schema="desk")
    op.create_table(
        "challenge",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["desk.person.id"],
            name=op.f("fk_challenge_person"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_challenge")),
        schema="desk",
    )
    for statement in RIGHTS:
        op.execute(statement)


def seal_what_is_open() -> None:
    connection = op.get_bind()
    person = sa.table("person", sa.column("id"), sa.column("factor_secret"), schema="desk")
    open_secrets = connection.execute(
        sa.select(person).where(person.c.factor_secret.is_not(None)).order_by(person.c.id)
    ).all()
    if not open_secrets:
        return
    key = context.config.attributes["settings"].secret_key
    if key is None:
        raise CommandError(
            f"{len(open_secrets)} at the desk use an authenticator app, whose secrets this "
            "release seals: set SOJOURN_SECRET_KEY to what `openssl rand -base64 32` prints, for "
            "`sojourn serve` too, and keep it."
        )
    for id, secret in open_secrets:
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(base64.b64decode(key)).encrypt(
            nonce, secret.encode(), f"person:{id}".encode()
        )
        text = "aes-gcm:" + base64.b64encode(nonce + sealed).decode()
        connection.execute(sa.update(person).where(person.c.id == id).values(factor_secret=text))


def downgrade() -> None:
    """Remove the secrets, which can't be decrypted here: people have to add their apps again."""
    op.drop_table("challenge", schema="desk")
    op.drop_table("passkey", schema="desk")
    op.drop_constraint(op.f("ck_person_factor_is_sealed"), "person", schema="desk")
    op.execute("UPDATE desk.person SET factor_secret = NULL, recovery_hashes = '{}'")
    op.create_check_constraint(
        op.f("ck_person_codes_stand_in_for_a_factor"),
        "person",
        "factor_secret is not null or recovery_hashes = '{}'",
        schema="desk",
    )
