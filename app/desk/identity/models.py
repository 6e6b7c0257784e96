"""The people of the desk and the keys that they hold. No table holds a password, a token or a network address."""

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

from app.desk.approved.models import Base, part_of, refers_to
from app.i18n.translate import N_
from app.vocabulary.code import Code


class Role(Code):
    """What somebody may do at the desk. Each may also do what those before it may."""

    CONTRIBUTOR = (
        "contributor",
        N_("Contributor"),
        N_("Writes drafts and hands them in for review."),
    )
    EDITOR = "editor", N_("Editor"), N_("Reviews what others wrote, and publishes it.")
    ADMIN = (
        "admin",
        N_("Admin"),
        N_("Looks after people and vocabulary, and removes what could harm somebody."),
    )

    def includes(self, other: "Role") -> bool:
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


def _moment() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), server_default=sql("now()"))


class Person(Base):
    """Somebody who works at the desk. Never deleted, since the audit log names them; only disabled."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    signs_as: Mapped[str] = mapped_column(server_default="")
    """The name by which readers know who published an edition, where the person chose to be named."""
    role: Mapped[str]
    password_hash: Mapped[str | None]
    """None while the person is invited and has not followed the link."""
    factor_secret: Mapped[str | None]
    """That of the authenticator app, sealed: see `sealing`."""
    factor_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The step of time of the last code that was accepted: none works twice."""
    recovery_hashes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """See `second_factor.hash_recovery_code`."""
    failures: Mapped[int] = mapped_column(server_default=sql("0"))
    """Failed sign-ins, codes and passkeys since the last that succeeded."""
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    invited_at: Mapped[datetime] = _moment()
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

    def may(self, role: Role) -> bool:
        """Whether this person's role is that one, or includes it."""
        return Role(self.role).includes(role)

    @property
    def signature(self) -> str:
        """What readers see beside an edition that this person publishes: the role, unless a name was chosen."""
        return self.signs_as or self.role

    @property
    def called(self) -> str:
        """The name or, until the person has chosen one, the address."""
        return self.name or self.email


class SignIn(Base):
    """A browser in which somebody is signed in or, as long as it waits for the code, is half-way."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person: Mapped[int] = mapped_column(part_of("person.id"), index=True)
    browser: Mapped[str]
    """In a few coarse words, such as “Firefox on Linux”, to tell one's own sign-ins apart."""
    waits_for_code: Mapped[bool] = mapped_column(server_default=sql("false"))
    notice: Mapped[str | None]
    """What the next page says once, such as “Your password is changed.”"""
    began_at: Mapped[datetime] = _moment()
    seen_at: Mapped[datetime] = _moment()


class Device(Base):
    """A browser that somebody has signed in with, known by the hash of a token in a cookie."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person: Mapped[int] = mapped_column(part_of("person.id"))
    token_hash: Mapped[str]
    seen_at: Mapped[datetime] = _moment()

    __table_args__ = (UniqueConstraint("person", "token_hash", name="uq_device_person"),)


class AccountNotice(Base):
    """Something that an account's holder should know of, such as a sign-in with a new browser."""

    __tablename__ = "account_notice"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person: Mapped[int] = mapped_column(part_of("person.id"))
    kind: Mapped[str]
    """A code of `notices.NoticeKind`."""
    words: Mapped[str]
    caused_by: Mapped[int | None]
    """The sign-in that does not show it. It may have ended."""
    at: Mapped[datetime] = _moment()
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    mailed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("ix_account_notice_unread", "person", postgresql_where=sql("read_at IS NULL")),
    )


class Passkey(Base):
    """A key that a device of somebody keeps. This is its public half, with which nobody can sign in."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person: Mapped[int] = mapped_column(part_of("person.id"), index=True)
    name: Mapped[str]
    """What its holder calls it, to tell it from the others."""
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """What the device calls it."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(BigInteger)
    """As the device counts them, if it does: a count that falls tells of a copy."""
    made_at: Mapped[datetime] = _moment()
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)


class Challenge(Base):
    """The hash of some random bytes that a device is to sign; kept for minutes, and used once."""

    __tablename__ = "challenge"

    hash: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int | None] = mapped_column(part_of("person.id"))
    """Who is adding a passkey; nobody, where somebody signs in."""
    made_at: Mapped[datetime] = _moment()


class Link(Base):
    """A link that works once: whoever has it sets that person's password. Without a person it makes the first one."""

    __tablename__ = "link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int | None] = mapped_column(part_of("person.id"))
    made_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("uq_link_person", "person", unique=True, postgresql_nulls_not_distinct=True),
    )


class Attempt(Base):
    """A try that failed, or is being made; kept for minutes. The key is a keyed hash of a name, an address or both."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime] = _moment()

    __table_args__ = (Index("ix_attempt_key_at", "key", "at"), Index("ix_attempt_at", "at"))
