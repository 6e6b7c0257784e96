"""What came in: links to work on, feeds that bring them, pages that were read or kept, what readers sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.desk.approved.draft_models import Draft
from app.desk.approved.models import Base, part_of, refers_to
from app.forms.reader_message import LONGEST, Kind
from app.i18n.translate import N_
from app.vocabulary.code import Code


class Standing(Code):
    """How far something is that came in."""

    NEW = "new", N_("New"), N_("Nobody has taken it yet.")
    TAKEN = "taken", N_("Taken"), N_("Somebody works on it.")
    DONE = "done", N_("Done"), N_("Dealt with.")
    SET_ASIDE = (
        "set-aside",
        N_("Set aside"),
        N_("Not worth working on; kept, so that nobody looks at it twice."),
    )


class Way(Code):
    """How a link came into the inbox."""

    PASTED = "pasted", N_("Pasted"), N_("Somebody pasted it.")
    BOOKMARKLET = (
        "bookmarklet",
        N_("Sent from the page"),
        N_("Somebody sent it from the page itself."),
    )
    FEED = "feed", N_("From a feed"), N_("A feed that the desk watches brought it.")


OPEN = frozenset({Standing.NEW, Standing.TAKEN})


def _moment() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), server_default=sql("now()"))


def _one_of(column: str, codes: type[Code]) -> CheckConstraint:
    return CheckConstraint(
        "{} in ({})".format(column, ", ".join(f"'{code}'" for code in codes)), name=column
    )


class CameIn:
    """What is worked on by somebody, step by step."""

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    state: Mapped[str] = mapped_column(server_default=Standing.NEW.value)
    note: Mapped[str] = mapped_column(server_default="")
    since: Mapped[datetime] = _moment()
    """When it came to this state."""

    @declared_attr
    def owner(self) -> Mapped[int | None]:
        return mapped_column(refers_to("person.id"), index=True)


class Lead(CameIn, Base):
    """A link that somebody may work on."""

    __tablename__ = "lead"

    url: Mapped[str]
    url_normalised: Mapped[str] = mapped_column(unique=True)
    """As sources have it: one page is in the inbox once."""
    title: Mapped[str] = mapped_column(server_default="")
    way: Mapped[str]
    feed: Mapped[int | None] = mapped_column(refers_to("feed.id"))
    added_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    added_at: Mapped[datetime] = _moment()
    draft: Mapped[int | None] = mapped_column(refers_to("draft.id"), index=True)
    """The draft of the source that it was made into."""

    __table_args__ = (
        _one_of("state", Standing),
        _one_of("way", Way),
        CheckConstraint("(feed is null) = (added_by is not null)", name="somebody_or_a_feed"),
        Index("ix_lead_state_since", "state", "since"),
    )


class Letter(CameIn, Base):
    """What a reader sent: through `letterbox.send`, which is all that the reader's login can do, or by another way."""

    __tablename__ = "letter"

    key: Mapped[str] = mapped_column(unique=True)
    """That of the form it was written in: sending twice is sending once."""
    kind: Mapped[str]
    about: Mapped[str]
    words: Mapped[str]
    reach: Mapped[str]
    """How the sender may be answered, if they want to be."""
    came_at: Mapped[datetime] = _moment()
    rushed: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether its network had sent as many within the hour as is usual: it waits behind those that came singly."""
    code_hash: Mapped[str | None] = mapped_column(unique=True)
    """A keyed hash of the code with which the sender sees its state. None: it came by another way than `/tell`."""

    __table_args__ = (
        _one_of("state", Standing),
        _one_of("kind", Kind),
        CheckConstraint(
            " and ".join(f"length({name}) <= {longest}" for name, longest in LONGEST.items()),
            name="is_short",
        ),
        CheckConstraint("words <> ''", name="says_something"),
        Index("ix_letter_kind_came_at", "kind", "came_at"),
    )


class LetterCount(Base):
    """One letter from a network, whose address nobody can tell from this: kept for an hour."""

    __tablename__ = "letter_count"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(index=True)


class LetterSalt(Base):
    """What networks are hashed with. After an hour it goes, and the counts with it."""

    __tablename__ = "letter_salt"

    salt: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime] = _moment()


class Step(Base):
    """One state of a lead or a letter. Rows are never changed; the one before is what undoing leads to."""

    __tablename__ = "step"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    lead: Mapped[int | None] = mapped_column(refers_to("lead.id"), index=True)
    letter: Mapped[int | None] = mapped_column(refers_to("letter.id"), index=True)
    by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    """None: a feed brought it."""
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("clock_timestamp()")
    )
    state: Mapped[str]
    owner: Mapped[int | None] = mapped_column(refers_to("person.id"))
    note: Mapped[str]

    __table_args__ = (
        CheckConstraint("num_nonnulls(lead, letter) = 1", name="of_one"),
        _one_of("state", Standing),
    )


class Feed(Base):
    """A feed that is looked at now and then; what is new in it comes into the inbox."""

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    url: Mapped[str]
    url_normalised: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    owner: Mapped[int | None] = mapped_column(refers_to("person.id"))
    """For whom what it brings is."""
    added_by: Mapped[int] = mapped_column(refers_to("person.id"))
    added_at: Mapped[datetime] = _moment()
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    problem: Mapped[str] = mapped_column(server_default="")
    """Why the last look failed."""


class Capture(Base):
    """A page as it was sent, for the desk's eyes.

    In the database and not in a folder: so every process has it, a backup holds it, and a purge reaches it.
    """

    __tablename__ = "capture"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    """The public id of the source, which may be a draft yet."""
    url: Mapped[str]
    address: Mapped[str]
    """Where it was found in the end."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    media_type: Mapped[str]
    sha256: Mapped[str]
    """Of the page unpacked, as whoever saves it has it."""
    size_bytes: Mapped[int]
    warc: Mapped[bytes] = mapped_column(deferred=True)

    __table_args__ = (
        CheckConstraint("size_bytes = octet_length(warc)", name="size_bytes"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    )


class PageReading(Base):
    """What a page proposes for the draft of its source, none of which is in the draft."""

    __tablename__ = "page_reading"

    draft: Mapped[int] = mapped_column(part_of("draft.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = _moment()
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    outcome: Mapped[str]
    """What came of what was asked last."""
    proposals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


def of_source(db: Session, id: str) -> Lead | None:
    """The lead that a source came from."""
    return db.scalars(
        select(Lead).join(Draft, Draft.id == Lead.draft).where(Draft.record == id)
    ).first()
