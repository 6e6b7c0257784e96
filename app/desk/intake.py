"""Tables of leads, feeds, captures, page readings and readers' messages.

Used by `round` and `captures`.
"""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.desk.approved.models import DeskBase, Draft, refers_to
from app.kinds.locale_names import guess_language
from app.vocabulary.code import Code
from app.vocabulary.reader_message import LONGEST, Kind


class IntakeState(Code):
    """State of a lead or a message."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"
    SET_ASIDE = "set-aside"


class LeadOrigin(Code):
    """How a lead came into the round."""

    PASTED = "pasted"
    BOOKMARKLET = "bookmarklet"
    FEED = "feed"


OPEN_STATES = {IntakeState.NEW, IntakeState.TAKEN}


def _timestamp() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), server_default=sql("now()"))


def _one_of(column: str, codes: type[Code]) -> CheckConstraint:
    return CheckConstraint(
        "{} in ({})".format(column, ", ".join(f"'{code}'" for code in codes)), name=column
    )


class IntakeItem:
    """Columns that leads and messages share."""

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    state: Mapped[str] = mapped_column(server_default=IntakeState.NEW.value)
    note: Mapped[str] = mapped_column(server_default="")
    since: Mapped[datetime] = _timestamp()
    """Start of the current state."""

    @property
    def label(self) -> str:
        return IntakeState(self.state).label

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @declared_attr
    def owner(self) -> Mapped[int | None]:
        return mapped_column(refers_to("person.id"), index=True)


class Lead(IntakeItem, DeskBase):
    """A link to follow."""

    __tablename__ = "lead"

    url: Mapped[str]
    url_normalised: Mapped[str] = mapped_column(unique=True)
    """Normalised as for sources. Unique, so that a page is in the round once."""
    title: Mapped[str] = mapped_column(server_default="")
    way: Mapped[str]
    feed: Mapped[int | None] = mapped_column(refers_to("feed.id"))
    added_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    added_at: Mapped[datetime] = _timestamp()
    draft: Mapped[int | None] = mapped_column(refers_to("draft.id"), index=True)
    """Draft of the source made of the lead."""

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def language(self) -> str:
        """Language of the title, guessed from its script."""
        return guess_language(self.title)

    __table_args__ = (
        _one_of("state", IntakeState),
        _one_of("way", LeadOrigin),
        CheckConstraint("(feed is null) = (added_by is not null)", name="somebody_or_a_feed"),
        Index("ix_lead_state_since", "state", "since"),
    )


class ReaderMessage(IntakeItem, DeskBase):
    """A reader's message, sent through `letterbox.send` or entered by an editor.

    `letterbox.send` is the only write access of the database role that serves readers.
    """

    __tablename__ = "letter"

    key: Mapped[str] = mapped_column(unique=True)
    """Key of the form, so that a form sent twice makes one message."""
    kind: Mapped[str]
    about: Mapped[str]
    words: Mapped[str]
    reach: Mapped[str]
    """Contact details of the sender, if given."""
    came_at: Mapped[datetime] = _timestamp()
    rushed: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether the sender's network exceeded the usual number an hour. Listed after others."""
    code_hash: Mapped[str | None] = mapped_column(unique=True)
    """Keyed hash of the code that shows the sender the state. None if not sent through `/tell`."""

    __table_args__ = (
        _one_of("state", IntakeState),
        _one_of("kind", Kind),
        CheckConstraint(
            " and ".join(f"length({name}) <= {length}" for name, length in LONGEST.items()),
            name="is_short",
        ),
        CheckConstraint("words <> ''", name="says_something"),
        Index("ix_letter_kind_came_at", "kind", "came_at"),
    )


class MessageCount(DeskBase):
    """One message from a hashed network, stored for an hour to limit the rate."""

    __tablename__ = "letter_count"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(index=True)


class MessageSalt(DeskBase):
    """Salt of the network hashes. Deleted after an hour together with the counts."""

    __tablename__ = "letter_salt"

    salt: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime] = _timestamp()


class IntakeStep(DeskBase):
    """A change of a lead or message. Rows are never updated; undo restores the step before."""

    __tablename__ = "step"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    lead: Mapped[int | None] = mapped_column(refers_to("lead.id"), index=True)
    letter: Mapped[int | None] = mapped_column(refers_to("letter.id"), index=True)
    by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    """None if a feed added the lead."""
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("clock_timestamp()")
    )
    state: Mapped[str]
    owner: Mapped[int | None] = mapped_column(refers_to("person.id"))
    note: Mapped[str]

    @property
    def label(self) -> str:
        return IntakeState(self.state).label

    __table_args__ = (
        CheckConstraint("num_nonnulls(lead, letter) = 1", name="of_one"),
        _one_of("state", IntakeState),
    )


class WatchedFeed(DeskBase):
    """A watched feed. Its new entries become leads."""

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    url: Mapped[str]
    url_normalised: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    owner: Mapped[int | None] = mapped_column(refers_to("person.id"))
    """Owner of the leads that the feed adds."""
    added_by: Mapped[int] = mapped_column(refers_to("person.id"))
    added_at: Mapped[datetime] = _timestamp()
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    problem: Mapped[str] = mapped_column(server_default="")
    """Error of the last check, or empty."""


class Capture(DeskBase):
    """A private copy of a web page, visible to editors only.

    Stored in the database, so that every process, backups and purges reach it.
    """

    __tablename__ = "capture"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    """Id of the source, which may still be a draft."""
    url: Mapped[str]
    address: Mapped[str]
    """URL after all redirects."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    media_type: Mapped[str]
    sha256: Mapped[str]
    """Hash of the decompressed page, equal to that of a file saved from a browser."""
    size_bytes: Mapped[int]
    warc: Mapped[bytes] = mapped_column(deferred=True)

    __table_args__ = (
        CheckConstraint("size_bytes = octet_length(warc)", name="size_bytes"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    )


def lead_of_source(db: Session, id: str) -> Lead | None:
    """Return the lead from which a source was made."""
    return db.scalars(
        select(Lead).join(Draft, Draft.id == Lead.draft).where(Draft.record == id)
    ).first()
