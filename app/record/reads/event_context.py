"""The context of an event: its sources, linked events, estimates, and events that followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Integer,
    Row,
    Select,
    String,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, Range
from sqlalchemy.orm import Session

from app.dates import edtf
from app.kinds import EventForm, SourceForm
from app.record.editions import LIVE_IN_EDITION, SelectedEdition
from app.record.filters import EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Edition, FilterTerm, RecordState, Version
from app.record.names.directory import Directory
from app.record.payloads import (
    EventPayload,
    PublishedEvent,
    event_payload,
    form_of,
    named_place_codes,
)
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.record.terms import bound_array, bound_term_numbers
from app.vocabulary.events import EventLink
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS, PlaceKind

MAX_FOLLOWING_TIME = timedelta(days=90)
MAX_FOLLOWERS = 12
"""Maximum number of events that followed; the rest are counted."""


@dataclass(frozen=True)
class EventContext:
    """An event with its context."""

    form: EventForm
    row: ListRow
    sources: Mapping[str, SourceForm]
    """The cited sources and all that those derive from, by id, without removed ones."""
    events: Mapping[str, ListRow]
    """Events linked from or to it, and the other parts of the same whole."""
    figures: Sequence[ListRow]
    followers: Sequence[ListRow]
    followed: int
    """Number of events that followed; `followers` are the first of them."""

    @property
    def payload(self) -> EventPayload:
        return event_payload(self.row)


@dataclass(frozen=True)
class EventVersion:
    """A version of the event, with its support and disputes."""

    edition: int
    at: datetime
    why: str
    reason: str
    by: str
    corroboration: Sequence[str]
    disputed: Sequence[str]


def read_context_rows(
    db: Session, edition: IndexedEdition, row: Version, directory: Directory
) -> Sequence[Row[Any]]:
    """Read the context of an event in one statement."""
    payload = event_payload(row)
    form = payload["form"]
    links = form.get("links", [])
    begins = record_rows.list_row(row).lo
    named = named_places(form, directory)
    # Of a province or country, only the place itself, because half of the record is in China.
    places = [
        ("place" if directory.kind_of_place(code) in SETTLEMENTS else "names", code)
        for code in named
    ]
    days, not_later = _days_after(begins), [row.id, *_earlier_or_part(row)]
    parameters = {
        "edition": edition.no,
        "beside": [
            *(link["to"] for link in links),
            *(link["from"] for link in payload["links_from"]),
        ]
        + payload["estimates"],
        "own_terms": row.terms,
        "wholes": [link["to"] for link in links if link["type"] == EventLink.PART_OF],
        "days": days,
    }
    following = backend.rows_starting(
        db,
        edition,
        EventFilters(),
        directory,
        having=places,
        days=_to_days(days),
        but=not_later,
    )
    sure = following.sure[:MAX_FOLLOWERS]
    more = len(following.sure) - len(sure)
    parameters |= {"sure": sure, "unsure": following.unsure, "more": more}
    return db.execute(_statement(), parameters).all()


def event_context(row: Version, rows: Sequence[Row[Any]]) -> EventContext:
    """Sort the rows of `read_context_rows` into the parts of the context."""
    related, following = (
        [found for found in rows if bool(found.followed) is is_after] for is_after in (False, True)
    )
    event = record_rows.list_row(row)
    events = {r.id: record_rows.list_row(r) for r in related if r.kind == RecordKind.EVENT}
    after = [record_rows.list_row(found) for found in following]
    no_followers = _earlier_at_two_removes(row, events)
    followers = [
        found
        for found in after
        if found.id not in no_followers
        and not _share_one_day_of_a_bound(event.lo or edtf.Days(), found.lo or edtf.Days())
    ]
    count = max((found.followed for found in following), default=0)
    return EventContext(
        form=EventForm.model_validate(form_of(row)),
        row=event,
        sources={
            r.id: SourceForm.model_validate(form_of(r))
            for r in related
            if r.kind == RecordKind.SOURCE
        },
        events=events,
        figures=sorted(
            (record_rows.list_row(r) for r in related if r.kind == RecordKind.ESTIMATE),
            key=lambda figure: figure.number,
        ),
        followers=followers,
        followed=count - (len(after) - len(followers)),
    )


def _days_after(begins: edtf.Days | None) -> Range[date]:
    """Return the days on which a following event may start; empty if the event is undated."""
    if begins is None or begins.first is None:
        return Range(empty=True)
    return Range(begins.first, begins.last and begins.last + MAX_FOLLOWING_TIME, bounds="[]")


def _to_days(range_: Range[date]) -> edtf.Days | None:
    """Convert a range to days; None if empty."""
    return None if range_.empty else edtf.Days(range_.lower, range_.upper)


@cache
def _statement() -> CompoundSelect[Any]:
    """Return the statement of `read_context_rows`; cached, since building it takes longest."""
    version = Version.__table__.c
    columns = [version[name] for name in COLUMNS]
    # The row's terms `rests-on` contain all of its sources, indirect ones included.
    sources = select(FilterTerm.code).where(
        FilterTerm.key == "rests-on", FilterTerm.no == any_(bound_array("own_terms", Integer))
    )
    source_ids = func.array(sources.scalar_subquery(), type_=ARRAY(String))
    related = select(literal_column("0").label("followed"), *columns).where(
        LIVE_IN_EDITION,
        or_(
            version.id == any_(bound_array("beside", String)),
            and_(version.kind == RecordKind.SOURCE, version.id == any_(source_ids)),
            and_(
                version.kind == RecordKind.EVENT,
                version.terms.overlap(bound_term_numbers("linked", "wholes")),
            ),
        ),
    )
    may_begin = version.lo.overlaps(bindparam("days", type_=DATERANGE))
    seq_of = {
        name: version.seq == any_(bound_array(name, BigInteger)) for name in ("sure", "unsure")
    }
    found = (
        version.state == RecordState.LIVE,
        or_(seq_of["sure"], and_(seq_of["unsure"], may_begin)),
    )
    following = select(
        (bindparam("more", type_=Integer) + func.count().over()).label("followed"), *columns
    ).where(*found)
    return union_all(
        related, following.order_by(version.sort_day, version.number).limit(MAX_FOLLOWERS)
    )


COLUMNS = (
    "seq",
    "kind",
    "id",
    "number",
    "payload",
    "span",
    "lo",
    "hi",
    "surroundings",
    "sort_day",
    "added",
    "changed",
)


LINKS_TO_EARLIER = {
    *(
        EventLink.FOLLOWS,
        EventLink.IMPLEMENTS,
        EventLink.EFFECT_OF,
        EventLink.EVADES,
        EventLink.REVERSES,
        EventLink.PARTLY_REVERSES,
        EventLink.NOT_APPLIED,
    ),
    *(EventLink.ANSWERS, EventLink.PART_OF, EventLink.EXPLAINS),
}
"""Links from this event to one that does not follow: an earlier one, its whole, or its subject."""
LINKS_FROM_EARLIER = {EventLink.PART_OF, EventLink.EXPLAINS}
"""Links to this event from a part or from an earlier event."""


def _earlier_at_two_removes(row: Version, events: Mapping[str, ListRow]) -> set[str]:
    """Return ids of events that do not follow those that themselves do not follow."""
    near = _earlier_or_part(row)
    return {id for other in near if other in events for id in _earlier_or_part(events[other])}


def _share_one_day_of_a_bound(first: edtf.Days, other: edtf.Days) -> bool:
    """Whether only the first possible day of one is the last of the other, and one is vague."""
    is_vague = first.first != first.last or other.first != other.last
    return is_vague and first.first is not None and other.last == first.first


def _earlier_or_part(row: Version | ListRow) -> list[str]:
    """Return ids of linked events that do not follow, even if their dates would allow it."""
    payload = event_payload(row)
    links = [
        link["to"] for link in payload["form"].get("links", []) if link["type"] in LINKS_TO_EARLIER
    ]
    return links + [
        link["from"] for link in payload["links_from"] if link["type"] in LINKS_FROM_EARLIER
    ]


def named_places(form: PublishedEvent, directory: Directory) -> list[str]:
    """Return the places of an event, sites as their city, without world and pictured places."""
    codes = named_place_codes(form.get("terms", []))
    settlements = dict.fromkeys(_settlement_of(code, directory) for code in codes)
    return [code for code in settlements if directory.kind_of_place(code) is not PlaceKind.WORLD]


def _settlement_of(code: str, directory: Directory) -> str:
    place = directory.places.get(code)
    if (
        place
        and place.kind is PlaceKind.SITE
        and directory.kind_of_place(place.parent) in SETTLEMENTS
    ):
        return place.parent
    return code


def certainly_follows(first: edtf.Days, other: edtf.Days) -> bool:
    """Whether the other event certainly started within FOLLOWS_WITHIN after the first."""
    if not (first.first and first.last and other.first and other.last):
        return False
    return other.first >= first.last and other.last <= first.first + MAX_FOLLOWING_TIME


def read_versions(db: Session, edition: SelectedEdition, id: str) -> list[EventVersion]:
    """Return the versions of a record up to an edition, newest first."""
    rows = db.execute(_history_statement(), {"edition": edition.no, "id": id})
    return [
        EventVersion(
            row.opened,
            row.at,
            row.why,
            row.reason,
            row.published_by,
            row.corroboration or (),
            list(row.disputed or ()),
        )
        for row in rows
    ]


@cache
def _history_statement() -> Select[Any]:
    return (
        select(
            Version.opened,
            Edition.at,
            Version.why,
            Version.reason,
            Edition.published_by,
            Version.payload["corroboration"].label("corroboration"),
            Version.payload["disputed"].label("disputed"),
        )
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == bindparam("id"), Version.opened <= bindparam("edition"))
        .order_by(Version.opened.desc())
    )
