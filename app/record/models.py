"""The record's six tables. Rows are never updated except to set `closed`, and by a purge."""

from datetime import date, datetime
from enum import StrEnum
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
    false,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATEMULTIRANGE, DATERANGE, JSONB, TSVECTOR, Range
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class RecordBase(DeclarativeBase):
    metadata = MetaData(schema="record", naming_convention=NAMING)


class RecordState(StrEnum):
    """The state of a version: only live versions are in lists, counts and names."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    PURGED = "purged"


class Edition(RecordBase):
    """One act of publishing. Numbers follow the order of commits, without gaps."""

    __tablename__ = "edition"

    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    message: Mapped[str]
    published_by: Mapped[str] = mapped_column(server_default="")
    """Role or chosen public name of the person who published; empty for a scheduled job."""
    release: Mapped[str]
    rules: Mapped[int | None]
    """Version of the rules (`RULES`) if the edition calculated every row; None if it did not."""
    is_recalculation: Mapped[bool] = mapped_column(server_default=false())
    """Whether the edition only calculated rows by newer rules; no source or form changed."""


class EditionCounter(RecordBase):
    """The number of the newest edition, in a single row.

    publish() locks the row, so that editions are numbered in the order of their commits.
    """

    __tablename__ = "counter"

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    edition: Mapped[int]

    __table_args__ = (CheckConstraint("is_only", name="one_row"),)


class FilterTerm(RecordBase):
    """A filter value of versions, such as `place dandong` or `stage none`. Codes never change."""

    __tablename__ = "term"

    no: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    key: Mapped[str]
    code: Mapped[str]

    __table_args__ = (UniqueConstraint("key", "code"),)


URL_PREFIX_PATTERN, URL_SUFFIX_PATTERN = "^https?://(www[.])?", "/*([?#].*)?$"
"""Patterns for the part of a URL before its host, and for the part after its path."""


class Version(RecordBase):
    """One state of one record, visible from edition `opened` until before edition `closed`."""

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
    surroundings: Mapped[Range[date] | None] = mapped_column(DATERANGE)
    published: Mapped[Any] = mapped_column(DATEMULTIRANGE)
    sort_day: Mapped[date | None]
    search: Mapped[Any] = mapped_column(TSVECTOR)
    cjk: Mapped[Any] = mapped_column(TSVECTOR)
    plain: Mapped[str]
    format: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)

    @hybrid_property
    def is_live(self) -> bool:
        return self.state == RecordState.LIVE

    __table_args__ = (
        CheckConstraint("kind ~ '^[A-Z]$'", name="kind"),
        CheckConstraint("state in ('live', 'withdrawn', 'merged', 'purged')", name="state"),
        CheckConstraint("closed > opened", name="closed_after_opened"),
        CheckConstraint("added <= changed and changed <= opened", name="added_changed_opened"),
        Index("uq_version_open", "id", unique=True, postgresql_where=text("closed is null")),
        Index("uq_version_opened", "id", "opened", unique=True),
        Index("ix_version_slug", "slug"),
        Index("ix_version_order", "kind", "sort_day", "number"),
        Index("ix_version_opened_seq", "opened"),
        Index("ix_version_closed", "closed"),
        # The changelog reads an edition in this order; `why` and `state` come from the index alone.
        Index("ix_version_told", "opened", "kind", "seq", postgresql_include=["why", "state"]),
        # The same without recalculated rows: an edition may contain nothing else.
        Index(
            "ix_version_said", "opened", "kind", "seq", postgresql_where=text("why <> 'reindexed'")
        ),
        Index("ix_version_terms", "terms", postgresql_using="gin"),
        Index("ix_version_search", "search", postgresql_using="gin"),
        Index("ix_version_cjk", "cjk", postgresql_using="gin"),
        # Spelled as PostgreSQL prints them, so that Alembic's comparison finds no difference.
        Index(
            "ix_version_found_at",
            text(
                "lower(regexp_replace(regexp_replace((payload -> 'form'::text) ->> 'url'::text, "
                f"'{URL_PREFIX_PATTERN}'::text, ''::text), '{URL_SUFFIX_PATTERN}'::text, ''::text))"
            ),
            postgresql_where=text("kind = 'S'"),
        ),
        Index(
            "ix_version_copies",
            text("((payload -> 'form'::text) -> 'copies'::text)"),
            postgresql_using="gin",
            postgresql_where=text("kind = 'S'"),
        ),
        Index(
            "ix_version_citations",
            literal_column(
                """jsonb_path_query_array(payload, '$."form"."citations"[*]."id"'::jsonpath)"""
            ).label("ids"),
            postgresql_using="gin",
            postgresql_ops={"ids": "jsonb_path_ops"},
        ),
    )


NORMALIZED_URL = func.lower(
    func.regexp_replace(
        func.regexp_replace(
            Version.payload["form"]["url"].astext,
            literal_column(f"'{URL_PREFIX_PATTERN}'"),
            literal_column("''"),
        ),
        literal_column(f"'{URL_SUFFIX_PATTERN}'"),
        literal_column("''"),
    )
)
"""SQL: host and path of a source's URL, in lower case."""
COPIES = Version.payload["form"]["copies"]


class CoverageCheckRow(RecordBase):
    """A coverage check: an editor searched outlets and languages for news of some places."""

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
    """The edition that undid the check."""

    __table_args__ = (
        CheckConstraint("first <= last", name="first_to_last"),
        CheckConstraint("outcome in ('nothing-new', 'something-new')", name="outcome"),
        CheckConstraint("closed > opened", name="closed_after_opened"),
    )


class PurgedRecord(RecordBase):
    """An id whose content was removed from every edition, and the edition that removed it.

    `sojourn restore` purges these ids again if the backup is older than their purge.
    """

    __tablename__ = "purged"

    id: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(ForeignKey("record.edition.no"))


RULES = 5
"""Version of the rules that calculate rows. Raise it with every change of a rule, and add an entry
to `app/site/codebook.py`."""
PAYLOAD_FORMAT = 1
"""Version of the payloads' structure. Adding a field keeps the number."""
CITATION_IDS = func.jsonb_path_query_array(
    Version.payload, literal_column("""'$."form"."citations"[*]."id"'::jsonpath"""), type_=JSONB
)
"""SQL: the ids of a row's citations, as the index has them."""
