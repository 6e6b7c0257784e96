"""What stands around one event: the sources it rests on, events linked with it, its figures, what followed there."""

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
    all_,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, JSONB, Range
from sqlalchemy.orm import Session

from app.dates import edtf
from app.forms import EventForm, SourceForm
from app.record.editions import HELD, Reading
from app.record.filters import EventFilters
from app.record.lists import backend
from app.record.models import Edition, Term, Version
from app.record.names.directory import Directory
from app.record.sql import rows as queries
from app.record.sql.rows import Found
from app.record.terms import array_asked, terms_asked
from app.vocabulary.events import EventLink, Role, TermKey
from app.vocabulary.record import SETTLEMENTS, PlaceKind

FOLLOWS_WITHIN = timedelta(days=90)
MOST_FOLLOWERS = 12
"""Events that followed are shown up to so many; the rest are counted."""


@dataclass(frozen=True)
class Around:
    """One event with what stands around it."""

    form: EventForm
    row: Found
    sources: Mapping[str, SourceForm]
    """Those cited and all that these rest on, by id; one that was removed is not among them."""
    events: Mapping[str, Found]
    """Linked with it either way, and the other parts of what it is part of."""
    figures: Sequence[Found]
    followers: Sequence[Found]
    followed: int
    """How many events followed, of which `followers` are the first."""


@dataclass(frozen=True)
class Revision:
    """One edition that wrote this row anew, and what it held then."""

    edition: int
    at: datetime
    why: str
    reason: str
    by: str
    corroboration: Sequence[str]
    disputed: Sequence[str]


def rows_around(
    db: Session, edition: Reading, row: Version, directory: Directory
) -> Sequence[Row[Any]]:
    """All of it in one statement, whatever the event has."""
    payload, form = row.payload, row.payload["form"]
    links = form.get("links", [])
    begins = queries.found(row).lo
    named = named_places(form, directory)
    cities = [code for code in named if directory.kind_of_place(code) in SETTLEMENTS]
    wider = [code for code in named if code not in cities]
    asked = {
        "edition": edition.no,
        "beside": [
            *(link["to"] for link in links),
            *(link["from"] for link in payload["links_from"]),
        ]
        + payload["estimates"],
        "own_terms": row.terms,
        "wholes": [link["to"] for link in links if link["type"] == EventLink.PART_OF],
        "cities": cities,
        "wider": wider,
        "wider_terms": queries.named_itself(wider),
        "not_later": [row.id, *_earlier_or_part(row)],
        "days": _days_after(begins),
    }
    places = [("place", code) for code in cities] + [("names", code) for code in wider]
    following = backend.beginning(
        db,
        edition,
        EventFilters(),
        directory,
        having=places,
        days=_days(asked["days"]),
        but=asked["not_later"],
    )
    if following is None:
        return db.execute(_statement(is_indexed=False), asked).all()
    asked["sure"] = following.sure[:MOST_FOLLOWERS]
    asked["unsure"], asked["more"] = following.unsure, len(following.sure) - len(asked["sure"])
    return db.execute(_statement(is_indexed=True), asked).all()


def around(row: Version, rows: Sequence[Row[Any]]) -> Around:
    """The rows around it, told apart."""
    beside, after = (
        [found for found in rows if bool(found.followed) is is_after] for is_after in (False, True)
    )
    return Around(
        form=EventForm.model_validate(row.payload["form"]),
        row=queries.found(row),
        sources={
            r.id: SourceForm.model_validate(r.payload["form"]) for r in beside if r.kind == "S"
        },
        events={r.id: queries.found(r) for r in beside if r.kind == "E"},
        figures=sorted(
            (queries.found(r) for r in beside if r.kind == "M"), key=lambda figure: figure.number
        ),
        followers=[queries.found(r) for r in after],
        followed=max((r.followed for r in after), default=0),
    )


def _days_after(begins: edtf.Days | None) -> Range[date]:
    """Any day on which what followed could have begun; none where nobody knows when the event itself did."""
    if begins is None or begins.first is None:
        return Range(empty=True)
    return Range(begins.first, begins.last and begins.last + FOLLOWS_WITHIN, bounds="[]")


def _days(range_: Range[date]) -> edtf.Days | None:
    """The same for the index."""
    return None if range_.empty else edtf.Days(range_.lower, range_.upper)


@cache
def _statement(*, is_indexed: bool) -> CompoundSelect[Any]:
    """Built once: that takes longer than to run it. What followed is looked for here where no index has found it.

    What followed names the same place. A city is named by whatever names a place in it. A province or country is not:
    half of the record lies in China, so that only what names China itself counts.
    """
    version = Version.__table__.c
    columns = [version[name] for name in COLUMNS]
    # The row's own terms name every source that it rests on, at any remove.
    sources = select(Term.code).where(
        Term.key == "rests-on", Term.no == any_(array_asked("own_terms", Integer))
    )
    source_ids = func.array(sources.scalar_subquery(), type_=ARRAY(String))
    beside = select(literal_column("0").label("followed"), *columns).where(
        HELD,
        or_(
            version.id == any_(array_asked("beside", String)),
            and_(version.kind == "S", version.id == any_(source_ids)),
            and_(version.kind == "E", version.terms.overlap(terms_asked("linked", "wholes"))),
        ),
    )
    may_begin = version.lo.overlaps(bindparam("days", type_=DATERANGE))
    if is_indexed:
        seq_of = {
            name: version.seq == any_(array_asked(name, BigInteger)) for name in ("sure", "unsure")
        }
        found = (version.state == "live", or_(seq_of["sure"], and_(seq_of["unsure"], may_begin)))
        after = select(
            (bindparam("more", type_=Integer) + func.count().over()).label("followed"), *columns
        ).where(*found)
        return union_all(
            beside, after.order_by(version.sort_day, version.number).limit(MOST_FOLLOWERS)
        )
    names_itself = version.payload["form"]["terms"].op("@>")(
        any_(array_asked("wider_terms", JSONB))
    )
    after = (
        select(func.count().over().label("followed"), *columns)
        .where(
            HELD,
            version.kind == "E",
            version.id != all_(array_asked("not_later", String)),
            may_begin,
            or_(
                version.terms.overlap(terms_asked("place", "cities")),
                and_(version.terms.overlap(terms_asked("place", "wider")), names_itself),
            ),
        )
        .order_by(version.sort_day, version.number)
        .limit(MOST_FOLLOWERS)
    )
    return union_all(beside, after)


COLUMNS = (
    "seq",
    "kind",
    "id",
    "number",
    "payload",
    "span",
    "lo",
    "hi",
    "sort_day",
    "added",
    "changed",
)


EARLIER = {
    *(
        EventLink.FOLLOWS,
        EventLink.IMPLEMENTS,
        EventLink.EFFECT_OF,
        EventLink.EVADES,
        EventLink.REVERSES,
    ),
    *(EventLink.ANSWERS, EventLink.PART_OF),
}
"""Links to what came before, as is said, or to the whole."""
LATER = {EventLink.PART_OF, EventLink.EXPLAINS}
"""Links from a part, or from what came before."""


def _earlier_or_part(row: Version) -> list[str]:
    """Events that could have begun later only because their dates are rough."""
    links = [link["to"] for link in row.payload["form"].get("links", []) if link["type"] in EARLIER]
    return links + [link["from"] for link in row.payload["links_from"] if link["type"] in LATER]


def named_places(form: Mapping[str, Any], directory: Directory) -> list[str]:
    """The places that an event names, a site by its city, without the whole world and what a picture only shows."""
    named = [
        term for term in form.get("terms", []) if term["key"] == TermKey.PLACE and "code" in term
    ]
    codes = dict.fromkeys(
        _city(term["code"], directory) for term in named if term["role"] != Role.SHOWN_ONLY
    )
    return [code for code in codes if directory.kind_of_place(code) is not PlaceKind.WORLD]


def _city(code: str, directory: Directory) -> str:
    place = directory.places.get(code)
    if (
        place
        and place.kind is PlaceKind.SITE
        and directory.kind_of_place(place.parent) in SETTLEMENTS
    ):
        return place.parent
    return code


def must_follow(first: edtf.Days, other: edtf.Days) -> bool:
    """Whether, for all that their dates leave open, the other began on that day or within the days after it."""
    if not (first.first and first.last and other.first and other.last):
        return False
    return other.first >= first.last and other.last <= first.first + FOLLOWS_WITHIN


def history(db: Session, edition: Reading, id: str) -> list[Revision]:
    """What each edition up to this one wrote of the row, the newest first."""
    rows = db.execute(_history(), {"edition": edition.no, "id": id})
    return [
        Revision(
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
def _history() -> Select[Any]:
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
