"""Find records that may be the one being written, so that duplicates are noticed early."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.dates import edtf as dates
from app.dates.edtf import DateError, Days
from app.desk.approved.draft_models import OPEN_STATES, Draft
from app.desk.approved.models import Record, ReferenceRow, any_array
from app.desk.approved.store import name_known
from app.desk.draft_form.catalogue import Catalogue
from app.documents import Document, fit_to_form
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import FORMS, EstimateForm, EventForm
from app.kinds.terms import names_place
from app.record.rules.conflicts import Bounds, allowed_values
from app.record.search import plain_text
from app.vocabulary.estimates import Quantifier
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.vocabulary.record import PlaceKind
from app.web.urls import url

MAX_DISTANCE = timedelta(days=31)
MAX_SIMILAR = 4
MIN_MATCHING_CRITERIA = 3
"""How many of five criteria must match."""
MAX_CANDIDATES = 200
MIN_WORD_LENGTH = 4
NUMBER_FIELDS = ("quantifier", "low", "point", "high")
SOURCE_ID = re.compile(r"S[1-9][0-9]{0,8}", re.ASCII)
TOO_LARGE = {PlaceKind.COUNTRY, PlaceKind.WORLD, PlaceKind.REGION}


@dataclass(frozen=True)
class SimilarRecord:
    id: str
    title: str
    address: str
    why: str
    can_be_part_of: bool


@dataclass(frozen=True)
class RecordTraits:
    """The properties by which records are compared."""

    id: str
    title: str
    what: str
    """An event's type; what an estimate measures."""
    days: Days | None
    places: frozenset[str]
    sources: frozenset[str]
    values: Bounds | None = None
    """The values that an estimate allows; None for events, and for estimates in words."""

    @property
    def words(self) -> set[str]:
        return {word for word in plain_text(self.title).split() if len(word) >= MIN_WORD_LENGTH}


def similar(
    db: Session, catalogue: Catalogue, record: str, document: Document
) -> Sequence[SimilarRecord]:
    """Return the likeliest duplicates first. Other kinds than events and estimates return none."""
    kind = record[0]
    if kind not in CITING_KINDS:
        return ()
    mine = _traits_of_document(catalogue, kind, record, document)
    others = [
        *_traits_of_drafts(catalogue, kind, record, _of_same_article(db, record)),
        *approved_candidates(db, catalogue, kind, mine),
    ]
    by_id = {
        other.id: (other, matching_criteria(catalogue, kind, mine, other))
        for other in reversed(others)
    }
    likely = [
        (other, reasons)
        for other, reasons in by_id.values()
        if len(reasons) >= MIN_MATCHING_CRITERIA
        and (kind == RecordKind.EVENT or are_alike(catalogue, mine, other))
    ]
    likely.sort(key=lambda each: (-len(each[1]), int(each[0].id[1:])))
    return [_view(catalogue, kind, other, reasons) for other, reasons in likely[:MAX_SIMILAR]]


def matching_criteria(
    catalogue: Catalogue, kind: str, mine: RecordTraits, other: RecordTraits
) -> list[str]:
    """Return the criteria that match.

    One alone proves little: many events share a city and a month, and one article reports several.
    """
    shared = mine.words & other.words
    criteria = [
        (N_("same source"), bool(mine.sources & other.sources)),
        (N_("same place"), bool(nearby_places(catalogue, mine.places) & other.places)),
        (
            N_("about the same time"),
            bool(mine.days and other.days and widen(mine.days).overlaps(other.days)),
        ),
        (
            N_("same type") if kind == RecordKind.EVENT else N_("measures the same"),
            bool(mine.what) and mine.what == other.what,
        ),
        (N_("same words"), len(shared) * 2 >= max(2, len(mine.words))),
    ]
    return [_(reason) for reason, is_met in criteria if is_met]


def are_alike(catalogue: Catalogue, mine: RecordTraits, other: RecordTraits) -> bool:
    """Return whether two estimates can be the same: equal measure, and the rest compatible.

    One article has many figures of one place and month, which are no duplicates.
    """
    return (
        mine.what == other.what
        and (not mine.places or bool(nearby_places(catalogue, mine.places) & other.places))
        and (mine.days is None or other.days is None or mine.days.overlaps(other.days))
        and (mine.values is None or other.values is None or not mine.values.excludes(other.values))
    )


def values_of(numbers: Mapping[str, Any]) -> Bounds | None:
    """Return the values that a typed or stored estimate allows; None if it has no valid number."""
    try:
        bounds: dict[str, Any] = {
            name: Decimal(str(numbers[name]).replace(",", "")) if numbers[name] else None
            for name in ("low", "point", "high")
        }
    except InvalidOperation:
        return None
    if not any(bounds.values()) or numbers["quantifier"] not in Quantifier.by_code():
        return None
    quantifier = Quantifier(numbers["quantifier"])
    return allowed_values(EstimateForm.model_construct(None, quantifier=quantifier, **bounds))


def _view(
    catalogue: Catalogue, kind: str, other: RecordTraits, reasons: Sequence[str]
) -> SimilarRecord:
    draft = catalogue.draft_of(other.id)
    address = (
        url("draft", id=draft.id)
        if draft
        else url("event" if kind == RecordKind.EVENT else "estimate", id=other.id)
    )
    why = enumerate_words([*reasons, *([_("a draft")] if draft else [])])
    # An estimate has no stored title: its record is read, but only for those shown.
    title = other.title if kind == RecordKind.EVENT and not draft else catalogue.label(other.id)
    return SimilarRecord(other.id, title, address, why, can_be_part_of=kind == RecordKind.EVENT)


# Traits -----------------------------------------------------------------------------------------


def _traits_of_document(
    catalogue: Catalogue, kind: str, record: str, document: Document
) -> RecordTraits:
    places = {
        catalogue.meant("place", row["code"].strip())
        for row in document["terms"]
        if names_place(row) and row["code"].strip()
    }
    sources = {
        _source_id(catalogue, row["source"].strip())
        for row in document["citations"]
        if row["source"].strip()
    }
    time = (
        document["happened"] or document.get("attested", "")
        if kind == RecordKind.EVENT
        else document["as_of"] or document["period"]
    )
    return RecordTraits(
        id=record,
        title=document["title" if kind == RecordKind.EVENT else "population_text"],
        what=document["type" if kind == RecordKind.EVENT else "counts"],
        days=days_of(time),
        places=frozenset(places - {""}),
        sources=frozenset(sources - {""}),
        values=None if kind == RecordKind.EVENT else values_of(document),
    )


def _of_same_article(db: Session, record: str) -> set[str]:
    """Return the records with open drafts written from the same article as this one's."""
    is_open = Draft.state.in_(OPEN_STATES)
    articles = select(Draft.article).where(Draft.record == record, is_open)
    return set(db.scalars(select(Draft.record).where(Draft.article.in_(articles), is_open)))


def _source_id(catalogue: Catalogue, text: str) -> str:
    """Return a source's id without reading the source: other drafts may cite thousands."""
    id = text.upper()
    return (
        catalogue.led_on.get(id, id) if SOURCE_ID.fullmatch(id) else catalogue.meant("source", text)
    )


def _traits_of_drafts(
    catalogue: Catalogue, kind: str, record: str, of_article: Collection[str]
) -> Iterator[RecordTraits]:
    """Yield the traits of other drafts, except of those written from the same article.

    One article reports several events of one place and month, and its editor knows them.
    """
    for other, document in catalogue.drafts_of(kind):
        if other != record and other not in of_article:
            yield _traits_of_document(catalogue, kind, other, fit_to_form(FORMS[kind], document))


def approved_candidates(
    db: Session, catalogue: Catalogue, kind: str, mine: RecordTraits
) -> Iterator[RecordTraits]:
    """Yield approved records that share a source, or a place and the time.

    One statement, however many records match.
    """
    cited = select(ReferenceRow.record).where(
        ReferenceRow.path == "citations.source", ReferenceRow.target == any_array(mine.sources)
    )
    places = [name_known(RecordKind.PLACE, code) for code in nearby_places(catalogue, mine.places)]
    near: ColumnElement[bool] = Record.id.in_(
        select(ReferenceRow.record).where(
            ReferenceRow.path == "terms.code", ReferenceRow.target == any_array(places)
        )
    )
    if mine.days:
        span = widen(mine.days)
        near &= or_(Record.first.is_(None), Record.first <= (span.last or date.max))
        near &= or_(Record.last.is_(None), Record.last >= (span.first or date.min))
    likely = select(Record).where(
        Record.kind == kind, Record.id != mine.id, or_(Record.id.in_(cited), near)
    )
    for row in db.scalars(likely.order_by(Record.id).limit(MAX_CANDIDATES)):
        yield _traits_of_approved(row)


def _traits_of_approved(row: Record) -> RecordTraits:
    form = row.form
    assert isinstance(form, EventForm | EstimateForm)
    days = Days(row.first, row.last) if row.first or row.last else None
    places = frozenset(term.code for term in form.terms if term.names_place and term.code)
    sources = frozenset(citation.source for citation in form.citations)
    if isinstance(form, EventForm):
        return RecordTraits(row.id, form.title, form.type, days, places, sources)
    values = values_of({name: getattr(form, name) for name in NUMBER_FIELDS})
    return RecordTraits(row.id, form.population_text, form.counts, days, places, sources, values)


def nearby_places(catalogue: Catalogue, places: frozenset[str]) -> set[str]:
    """Return the places, their parents below country level, and their children."""
    directory = catalogue.directory
    found = set(places)
    for code in places:
        parent = directory.places[code].parent if code in directory.places else ""
        if parent and directory.kind_of_place(parent) not in TOO_LARGE:
            found.add(parent)
        if directory.kind_of_place(code) not in TOO_LARGE:
            found |= set(directory.children.get(code, ()))
    return found


def widen(days: Days) -> Days:
    return Days(days.first and days.first - MAX_DISTANCE, days.last and days.last + MAX_DISTANCE)


def days_of(edtf: str) -> Days | None:
    try:
        return dates.parse(dates.normalise(edtf)).whole if edtf.strip() else None
    except DateError:
        return None
