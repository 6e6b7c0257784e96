"""Recovery codes are stored as argon2id hashes.

The codes themselves are unknown, so the stored SHA-256 is hashed, and every code still works. Its
first four hexadecimal digits are the prefix: a code is compared with one hash instead of ten.
"""

import sqlalchemy as sa
from alembic import op
from argon2 import PasswordHasher

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CONSTRAINT = "ck_person_recovery_codes_are_hashed"
ALL_HASHED = r"array_to_string(recovery_hashes, ' ') ~ '^([0-9a-f]{4}:\$argon2id\$\S+ ?)*$'"


def upgrade() -> None:
    connection, hasher = op.get_bind(), PasswordHasher()
    person = sa.table(
        "person", sa.column("id"), sa.column("recovery_hashes", sa.ARRAY(sa.Text())), schema="desk"
    )
    for id, hashes in connection.execute(
        sa.select(person).where(person.c.recovery_hashes != sa.text("'{}'"))
    ).all():
        wrapped = [f"{each[:4]}:{hasher.hash(each)}" for each in hashes]
        connection.execute(
            sa.update(person).where(person.c.id == id).values(recovery_hashes=wrapped)
        )
    op.create_check_constraint(op.f(CONSTRAINT), "person", ALL_HASHED, schema="desk")


def downgrade() -> None:
    """Remove all codes, since the older hashes can't be restored: people create new ones."""
    op.drop_constraint(op.f(CONSTRAINT), "person", schema="desk")
    op.execute("UPDATE desk.person SET recovery_hashes = '{}'")
