"""Records that may be the one that is being written: shown while somebody types, before a twin is made."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.dates import edtf as dates
from app.dates.edtf import BadDate, Days
from app.desk.approved import models
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document, fitting
from app.forms import FORMS
from app.i18n.translate import N_, _
from app.record.search import plain_text
from app.vocabulary.events import Role, TermKey
from app.vocabulary.record import PlaceKind
from app.web.urls import url

NEAR = timedelta(days=31)
MOST = 4
ENOUGH = 3
"""Of five things in which two records can be alike."""
MOST_LOOKED_AT = 200
SHORTEST_WORD = 4
SOURCE_ID = re.compile(r"S[1-9][0-9]{0,8}", re.ASCII)
TOO_WIDE = {PlaceKind.COUNTRY, PlaceKind.WORLD, PlaceKind.REGION}


@dataclass(frozen=True)
class Similar:
    id: str
    title: str
    address: str
    why: str
    can_be_part_of: bool


@dataclass(frozen=True)
class Traits:
    """By what a record is known again."""

    id: str
    title: str
    what: str
    """An event's type; what a figure counts."""
    days: Days | None
    places: frozenset[str]
    sources: frozenset[str]

    @property
    def words(self) -> set[str]:
        return {word for word in plain_text(self.title).split() if len(word) >= SHORTEST_WORD}


def similar(
    db: Session, catalogue: Catalogue, record: str, document: Document
) -> Sequence[Similar]:
    """The likeliest first, a few at most; only events and figures have twins that nobody would notice."""
    kind = record[0]
    if kind not in "EM":
        return ()
    mine = _of_document(catalogue, kind, record, document)
    others = [*_drafted(catalogue, kind, record), *approved(db, catalogue, kind, mine)]
    found = {other.id: (other, alike(catalogue, kind, mine, other)) for other in reversed(others)}
    likely = [(other, reasons) for other, reasons in found.values() if len(reasons) >= ENOUGH]
    likely.sort(key=lambda each: (-len(each[1]), int(each[0].id[1:])))
    return [_shown(catalogue, kind, other, reasons) for other, reasons in likely[:MOST]]


def alike(catalogue: Catalogue, kind: str, mine: Traits, other: Traits) -> list[str]:
    """In what the two are alike. Much happened in one city in one month, and one article tells of many things."""
    shared = mine.words & other.words
    found = [
        (N_("same source"), bool(mine.sources & other.sources)),
        (N_("same place"), bool(around(catalogue, mine.places) & other.places)),
        (
            N_("about the same time"),
            bool(mine.days and other.days and wider(mine.days).overlaps(other.days)),
        ),
        (
            N_("same type") if kind == "E" else N_("counts the same"),
            bool(mine.what) and mine.what == other.what,
        ),
        (N_("same words"), len(shared) * 2 >= max(2, len(mine.words))),
    ]
    return [_(reason) for reason, is_so in found if is_so]


def _shown(catalogue: Catalogue, kind: str, other: Traits, reasons: Sequence[str]) -> Similar:
    draft = catalogue.draft_of(other.id)
    address = (
        url("draft", id=draft.id)
        if draft
        else url("event" if kind == "E" else "estimate", id=other.id)
    )
    why = _(", ").join([*reasons, *([_("a draft")] if draft else [])])
    # A figure has no title of its own: it is read whole, but only the few that are shown.
    title = other.title if kind == "E" and not draft else catalogue.label(other.id)
    return Similar(other.id, title, address, why, can_be_part_of=kind == "E")


# Traits -----------------------------------------------------------------------------------------------------------


def _of_document(catalogue: Catalogue, kind: str, record: str, document: Document) -> Traits:
    places = {
        catalogue.meant("place", row["code"].strip())
        for row in document["terms"]
        if row["key"] == TermKey.PLACE and row["role"] != Role.SHOWN_ONLY and row["code"].strip()
    }
    sources = {
        _source(catalogue, row["source"].strip())
        for row in document["citations"]
        if row["source"].strip()
    }
    time = document["happened"] if kind == "E" else document["as_of"] or document["period"]
    return Traits(
        id=record,
        title=document["title" if kind == "E" else "population_text"],
        what=document["type" if kind == "E" else "counts"],
        days=days_of(time),
        places=frozenset(places - {""}),
        sources=frozenset(sources - {""}),
    )


def _source(catalogue: Catalogue, text: str) -> str:
    """An id is what it is, without reading the source: others may have written thousands."""
    id = text.upper()
    return (
        catalogue.led_on.get(id, id) if SOURCE_ID.fullmatch(id) else catalogue.meant("source", text)
    )


def _drafted(catalogue: Catalogue, kind: str, record: str) -> Iterator[Traits]:
    for other, document in catalogue.drafts_of(kind):
        if other != record:
            yield _of_document(catalogue, kind, other, fitting(FORMS[kind], document))


def approved(db: Session, catalogue: Catalogue, kind: str, mine: Traits) -> Iterator[Traits]:
    """Approved records that share a source, or a place and the time: three statements, however many they are."""
    if kind == "E":
        id, what, title = models.Event.id, models.Event.type, func.coalesce(models.Event.title, "")
        first, last = models.Event.happened_first, models.Event.happened_last
        named, cites = models.Term.event, models.Citation.event
    else:
        id, what, title = (
            models.Estimate.id,
            models.Estimate.counts,
            func.coalesce(models.Estimate.population_text, ""),
        )
        first, last = models.Estimate.time_first, models.Estimate.time_last
        named, cites = models.Term.estimate, models.Citation.estimate
    cited = select(cites).where(models.Citation.source.in_(mine.sources))
    near: ColumnElement[bool] = id.in_(
        select(named).where(models.Term.place.in_(around(catalogue, mine.places)))
    )
    if mine.days:
        span = wider(mine.days)
        near &= or_(first.is_(None), first <= (span.last or date.max))
        near &= or_(last.is_(None), last >= (span.first or date.min))
    likely = select(id, what, title, first, last).where(id != mine.id, or_(id.in_(cited), near))
    rows = db.execute(likely.order_by(id).limit(MOST_LOOKED_AT)).all()
    ids = [row[0] for row in rows]
    is_there = models.Term.role != Role.SHOWN_ONLY
    places = _grouped(
        db,
        select(named, models.Term.place).where(
            named.in_(ids), models.Term.place.is_not(None), is_there
        ),
    )
    sources = _grouped(db, select(cites, models.Citation.source).where(cites.in_(ids)))
    for record, code, called, begins, ends in rows:
        days = Days(begins, ends) if begins or ends else None
        yield Traits(record, called, code, days, places[record], sources[record])


def _grouped(db: Session, pairs: Select[Any, Any]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for owner, code in db.execute(pairs):
        found[owner].add(code)
    return defaultdict(frozenset, {owner: frozenset(codes) for owner, codes in found.items()})


def around(catalogue: Catalogue, places: frozenset[str]) -> set[str]:
    """The places, what each lies in short of a country, and what lies in it."""
    directory = catalogue.directory
    found = set(places)
    for code in places:
        parent = directory.places[code].parent if code in directory.places else ""
        if parent and directory.kind_of_place(parent) not in TOO_WIDE:
            found.add(parent)
        if directory.kind_of_place(code) not in TOO_WIDE:
            found |= set(directory.children.get(code, ()))
    return found


def wider(days: Days) -> Days:
    return Days(days.first and days.first - NEAR, days.last and days.last + NEAR)


def days_of(edtf: str) -> Days | None:
    try:
        return dates.parse(dates.normalise(edtf)).whole if edtf.strip() else None
    except BadDate:
        return None
