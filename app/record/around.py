"""What stands around one event: the sources it rests on, events linked with it, its figures, what followed there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app import dates
from app.forms import EventForm, SourceForm
from app.record import queries
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.models import Edition, Term, Version
from app.record.queries import Found
from app.record.terms import term_numbers
from app.vocabulary import EventLink, PlaceKind, Role, TermKey

FOLLOWS_WITHIN = timedelta(days=90)
MOST_FOLLOWERS = 12
"""Events that followed are shown up to so many; the rest are counted."""

SETTLEMENTS = {PlaceKind.CITY, PlaceKind.TOWN}


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
    corroboration: Sequence[str]
    disputed: Sequence[str]


COLUMNS = (
    *(Version.kind, Version.id, Version.number, Version.payload, Version.span, Version.lo, Version.hi),
    *(Version.sort_day, Version.added, Version.changed),
)


def around(db: Session, edition: Reading, row: Version, directory: Directory) -> Around:
    """All of it in one statement, whatever the event has."""
    payload, form = row.payload, row.payload["form"]
    linked = [link["to"] for link in form.get("links", [])] + [link["from"] for link in payload["links_from"]]
    wholes = [link["to"] for link in form.get("links", []) if link["type"] == EventLink.PART_OF]
    # The row's own terms name every source that it rests on, at any remove.
    sources = select(Term.code).where(Term.key == "rests-on", Term.no.in_(row.terms))
    beside = select(literal(0, Integer).label("followed"), *COLUMNS).where(
        edition.holds(),
        Version.state == "live",
        or_(
            Version.id.in_([*linked, *payload["estimates"]]),
            and_(Version.kind == "S", Version.id.in_(sources)),
            and_(Version.kind == "E", Version.terms.overlap(term_numbers(("linked", id) for id in wholes))),
        ),
    )
    followed = _followed(edition, row, directory)
    rows = db.execute(union_all(beside, followed) if followed is not None else beside).all()
    followers = [found for found in rows if found.followed]
    rows = [found for found in rows if not found.followed]
    return Around(
        form=EventForm.model_validate(form),
        row=queries.found(row),
        sources={r.id: SourceForm.model_validate(r.payload["form"]) for r in rows if r.kind == "S"},
        events={r.id: queries.found(r) for r in rows if r.kind == "E"},
        figures=sorted((queries.found(r) for r in rows if r.kind == "M"), key=lambda figure: figure.number),
        followers=[queries.found(r) for r in followers],
        followed=max((r.followed for r in followers), default=0),
    )


def _followed(edition: Reading, row: Version, directory: Directory) -> Any:
    """The first events in the same places that could have begun on its day or within the days after it.

    A city is named by whatever names a place in it. A province or country is not: half of the record lies in China,
    so that only what names China itself counts.
    """
    begins = queries.found(row).lo
    named = named_places(row.payload["form"], directory)
    if begins is None or begins.first is None or not named:
        return None
    last = begins.last and begins.last + FOLLOWS_WITHIN
    cities = [code for code in named if directory.kind_of_place(code) in SETTLEMENTS]
    wider = [code for code in named if code not in cities]
    same: list[ColumnElement[bool]] = [
        Version.payload["form"]["terms"].contains([{"key": TermKey.PLACE, "code": code}]) for code in wider
    ]
    return (
        select(func.count().over().label("followed"), *COLUMNS)
        .where(
            Version.kind == "E",
            Version.state == "live",
            Version.id != row.id,
            edition.holds(),
            Version.terms.overlap(term_numbers(("place", code) for code in named)),
            or_(Version.terms.overlap(term_numbers(("place", code) for code in cities)), *same),
            Version.lo.overlaps(Range(begins.first, last, bounds="[]")),
        )
        .order_by(Version.sort_day, Version.number)
        .limit(MOST_FOLLOWERS)
    )


def named_places(form: Mapping[str, Any], directory: Directory) -> list[str]:
    """The places that an event names, a site by its city, without the whole world and what a picture only shows."""
    named = [term for term in form.get("terms", []) if term["key"] == TermKey.PLACE and "code" in term]
    codes = dict.fromkeys(_city(term["code"], directory) for term in named if term["role"] != Role.SHOWN_ONLY)
    return [code for code in codes if directory.kind_of_place(code) is not PlaceKind.WORLD]


def _city(code: str, directory: Directory) -> str:
    place = directory.places.get(code)
    if place and place.kind is PlaceKind.SITE and directory.kind_of_place(place.parent) in SETTLEMENTS:
        return place.parent
    return code


def must_follow(first: dates.Days, other: dates.Days) -> bool:
    """Whether, for all that their dates leave open, the other began on that day or within the days after it."""
    if not (first.first and first.last and other.first and other.last):
        return False
    return other.first >= first.last and other.last <= first.first + FOLLOWS_WITHIN


def history(db: Session, edition: Reading, id: str) -> list[Revision]:
    """What each edition up to this one wrote of the row, the newest first."""
    rows = db.execute(
        select(
            Version.opened,
            Edition.at,
            Version.why,
            Version.reason,
            Version.payload["corroboration"].label("corroboration"),
            Version.payload["disputed"].label("disputed"),
        )
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == id, Version.opened <= edition.no)
        .order_by(Version.opened.desc())
    )
    return [
        Revision(row.opened, row.at, row.why, row.reason, row.corroboration or (), list(row.disputed or ()))
        for row in rows
    ]
