"""Tables of accounts and their credentials.

No table stores a password, a token or a network address in clear text.
"""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase, part_of, refers_to
from app.vocabulary.code import Code


def _timestamp_column() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), server_default=sql("now()"))


class DeskRole(Code):
    """Permission level at the desk. Each role includes the permissions of the roles before it."""

    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: "DeskRole") -> bool:
        ranks = list(DeskRole)
        return ranks.index(self) >= ranks.index(other)


class Person(DeskBase):
    """An account at the desk.

    Accounts are disabled instead of deleted, because the audit log refers to them.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    signs_as: Mapped[str] = mapped_column(server_default="")
    """Name printed beside the editions that this person publishes; "" prints the role."""
    role: Mapped[str]
    password_hash: Mapped[str | None]
    """None until an invited person has followed the link."""
    factor_secret: Mapped[str | None]
    """Secret of the authenticator app, encrypted (see `second_factor`)."""
    factor_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """TOTP time step of the last accepted code, so that no code works twice."""
    recovery_hashes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Hashes made by `second_factor.hash_recovery_code`."""
    failures: Mapped[int] = mapped_column(server_default=sql("0"))
    """Failed sign-ins, codes and passkeys since the last successful sign-in."""
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    invited_at: Mapped[datetime] = _timestamp_column()
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint(
            "email = lower(email) and position('@' in email) > 1", name="email_is_normalised"
        ),
        CheckConstraint("role in ('contributor', 'editor', 'admin')", name="role"),
        CheckConstraint("starts_with(password_hash, '$argon2id$')", name="password_is_hashed"),
        CheckConstraint("starts_with(factor_secret, 'aes-gcm:')", name="factor_is_sealed"),
        CheckConstraint(
            r"array_to_string(recovery_hashes, ' ') ~ '^([0-9a-f]{4}:\$argon2id\$\S+ ?)*$'",
            name="recovery_codes_are_hashed",
        ),
    )

    def may(self, role: DeskRole) -> bool:
        """Return whether this person's role is `role` or includes it."""
        return DeskRole(self.role).includes(role)

    @property
    def signature(self) -> str:
        """The signature of this person's editions: the chosen name, else the role."""
        return self.signs_as or self.role

    @property
    def called(self) -> str:
        """The name; the e-mail address if the person has not chosen a name."""
        return self.name or self.email


class SignIn(DeskBase):
    """A signed-in browser, or one that still has to give the second factor."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person: Mapped[int] = mapped_column(part_of("person.id"), index=True)
    browser: Mapped[str]
    """Browser and system, such as “Firefox on Linux”, to tell one's own sign-ins apart."""
    waits_for_code: Mapped[bool] = mapped_column(server_default=sql("false"))
    notice: Mapped[str | None]
    """Message shown once on the next page, such as “Your password is changed.”"""
    began_at: Mapped[datetime] = _timestamp_column()
    seen_at: Mapped[datetime] = _timestamp_column()


class Device(DeskBase):
    """A browser that has signed in before, identified by the hash of its cookie's token."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person: Mapped[int] = mapped_column(part_of("person.id"))
    token_hash: Mapped[str]
    seen_at: Mapped[datetime] = _timestamp_column()

    __table_args__ = (UniqueConstraint("person", "token_hash", name="uq_device_person"),)


class Notice(DeskBase):
    """A notice to one person, shown at the desk, sent by mail, or both. Also the queue of mails.

    Notices about work hold ids and addresses, never content.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person: Mapped[int] = mapped_column(part_of("person.id"))
    kind: Mapped[str]
    """A code of `notices.NoticeKind`."""
    about: Mapped[str]
    """Id of the record or report, or `lead 3`; empty if it is about several."""
    address: Mapped[str]
    """Path of the page at the desk."""
    words: Mapped[str] = mapped_column(server_default="")
    """What a warning names, such as a browser."""
    caused_by: Mapped[int | None]
    """Sign-in that does not show this warning. That sign-in may have ended."""
    at: Mapped[datetime] = _timestamp_column()
    at_desk: Mapped[bool]
    by_mail: Mapped[bool]
    """Whether it is shown at the desk, and whether it is mailed."""
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    mailed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(server_default=sql("0"))
    """Failed attempts to mail it."""
    try_at: Mapped[datetime] = _timestamp_column()
    """Earliest time of the next attempt."""

    __table_args__ = (
        Index("ix_notice_person", "person", "id"),
        Index("ix_notice_unsent", "try_at", postgresql_where=sql("by_mail and mailed_at is null")),
    )


class Passkey(DeskBase):
    """The public half of a passkey. The private half stays on the person's device."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person: Mapped[int] = mapped_column(part_of("person.id"), index=True)
    name: Mapped[str]
    """Name chosen by the holder, to tell passkeys apart."""
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """WebAuthn credential id."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(BigInteger)
    """WebAuthn signature counter, if the device counts. A lower value means a copied key."""
    made_at: Mapped[datetime] = _timestamp_column()
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)


class Challenge(DeskBase):
    """Hash of random bytes for a device to sign. Used once, within minutes."""

    __tablename__ = "challenge"

    hash: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int | None] = mapped_column(part_of("person.id"))
    """Person who adds a passkey; None for a sign-in."""
    made_at: Mapped[datetime] = _timestamp_column()


class PasswordLink(DeskBase):
    """A single-use link that sets a person's password.

    Without a person, the link creates the first account.
    """

    __tablename__ = "link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int | None] = mapped_column(part_of("person.id"))
    made_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("uq_link_person", "person", unique=True, postgresql_nulls_not_distinct=True),
    )


class FailedAttempt(DeskBase):
    """An attempt that failed or is under way, deleted after minutes.

    The key is a keyed hash of a name, an address or both.
    """

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime] = _timestamp_column()

    __table_args__ = (Index("ix_attempt_key_at", "key", "at"), Index("ix_attempt_at", "at"))
