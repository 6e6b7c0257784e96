"""The record's four tables. Rows are never changed, only closed; names, terms and content all live in `version`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATEMULTIRANGE, DATERANGE, JSONB, TSVECTOR, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(schema="record", naming_convention=NAMING)


class Edition(Base):
    """One act of publishing. Numbers follow the order of commits and leave no gap."""

    __tablename__ = "edition"

    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    message: Mapped[str]
    published_by: Mapped[str] = mapped_column(server_default="")
    """The role of who published it, or the name that they chose to be known by; empty where no person did."""
    release: Mapped[str]


class Counter(Base):
    """One row, locked by whoever publishes: that is what puts editions in the order of their commits."""

    __tablename__ = "counter"

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    edition: Mapped[int]

    __table_args__ = (CheckConstraint("is_only", name="one_row"),)


class Term(Base):
    """A word that rows answer to, such as `place dandong` or `key none`. Codes in terms never change."""

    __tablename__ = "term"

    no: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    key: Mapped[str]
    code: Mapped[str]

    __table_args__ = (UniqueConstraint("key", "code"),)


SCHEME, ASKED = "^https?://(www[.])?", "/*([?#].*)?$"
"""What an address has before its host, and after its path."""


class Version(Base):
    """What readers saw of one record from edition `opened` until before edition `closed`."""

    __tablename__ = "version"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(String(1))
    id: Mapped[str]
    number: Mapped[int]
    slug: Mapped[str | None]
    opened: Mapped[int] = mapped_column(ForeignKey("record.edition.no"))
    closed: Mapped[int | None] = mapped_column(ForeignKey("record.edition.no"))
    added: Mapped[int]
    changed: Mapped[int]
    state: Mapped[str]
    why: Mapped[str]
    reason: Mapped[str]
    terms: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    span: Mapped[Any] = mapped_column(DATEMULTIRANGE)
    lo: Mapped[Range[date] | None] = mapped_column(DATERANGE)
    hi: Mapped[Range[date] | None] = mapped_column(DATERANGE)
    sure: Mapped[Range[date] | None] = mapped_column(DATERANGE)
    published: Mapped[Any] = mapped_column(DATEMULTIRANGE)
    sort_day: Mapped[date | None]
    search: Mapped[Any] = mapped_column(TSVECTOR)
    cjk: Mapped[Any] = mapped_column(TSVECTOR)
    plain: Mapped[str]
    format: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint("kind in ('V', 'P', 'O', 'S', 'E', 'M')", name="kind"),
        CheckConstraint("state in ('live', 'withdrawn', 'merged', 'purged')", name="state"),
        CheckConstraint("closed > opened", name="closed_after_opened"),
        CheckConstraint("added <= changed and changed <= opened", name="added_changed_opened"),
        Index("uq_version_open", "id", unique=True, postgresql_where=text("closed is null")),
        Index("uq_version_opened", "id", "opened", unique=True),
        Index("ix_version_slug", "slug"),
        Index("ix_version_order", "kind", "sort_day", "number"),
        Index("ix_version_opened_seq", "opened"),
        Index("ix_version_closed", "closed"),
        # What an edition wrote, in the order in which it is told; why and what became of it are told without the row.
        Index("ix_version_told", "opened", "kind", "seq", postgresql_include=["why", "state"]),
        # The same without what was only derived again, which may be all that an edition wrote.
        Index(
            "ix_version_said", "opened", "kind", "seq", postgresql_where=text("why <> 'reindexed'")
        ),
        Index("ix_version_terms", "terms", postgresql_using="gin"),
        Index("ix_version_search", "search", postgresql_using="gin"),
        Index("ix_version_cjk", "cjk", postgresql_using="gin"),
        # In the database's own words: so are they compared with what the migrations have made.
        Index(
            "ix_version_found_at",
            text(
                "lower(regexp_replace(regexp_replace((payload -> 'form'::text) ->> 'url'::text, "
                f"'{SCHEME}'::text, ''::text), '{ASKED}'::text, ''::text))"
            ),
            postgresql_where=text("kind = 'S'"),
        ),
        Index(
            "ix_version_copies",
            text("((payload -> 'form'::text) -> 'copies'::text)"),
            postgresql_using="gin",
            postgresql_where=text("kind = 'S'"),
        ),
    )


FOUND_AT = func.lower(
    func.regexp_replace(
        func.regexp_replace(
            Version.payload["form"]["url"].astext,
            literal_column(f"'{SCHEME}'"),
            literal_column("''"),
        ),
        literal_column(f"'{ASKED}'"),
        literal_column("''"),
    )
)
"""Where a source was found: its host and path, in small letters."""
COPIES = Version.payload["form"]["copies"]


class Checked(Base):
    """That somebody looked for news of some places, in which outlets and languages, from which day to which."""

    __tablename__ = "checked"

    no: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    places: Mapped[list[str]] = mapped_column(ARRAY(String))
    outlets: Mapped[list[str]] = mapped_column(ARRAY(String))
    languages: Mapped[list[str]] = mapped_column(ARRAY(String))
    first: Mapped[date]
    last: Mapped[date]
    outcome: Mapped[str]
    opened: Mapped[int] = mapped_column(ForeignKey("record.edition.no"))
    closed: Mapped[int | None] = mapped_column(ForeignKey("record.edition.no"))
    """The edition that took it back."""

    __table_args__ = (
        CheckConstraint("first <= last", name="first_to_last"),
        CheckConstraint("outcome in ('nothing-new', 'something-new')", name="outcome"),
        CheckConstraint("closed > opened", name="closed_after_opened"),
    )


class Purged(Base):
    """An id whose content was removed from every edition, and the edition in which that was done.

    After an older backup is restored, the list of these is what has to be removed again (`purge.replay`).
    """

    __tablename__ = "purged"

    id: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(ForeignKey("record.edition.no"))


FORMAT = 1
"""The shape of payloads written by this code. Fields are only ever added; a new rule makes a new edition instead."""
