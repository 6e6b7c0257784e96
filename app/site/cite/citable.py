"""Views of the record that can be cited: parsing an address, and the rows of its view."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from app.record import editions
from app.record.editions import NoEdition, Reading
from app.record.filters import LISTS, ChangeFilters, CityFilters, ListFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.changelog import LETTERS
from app.record.reads.fingerprints import (
    rows_found,
)
from app.record.sql.by_name import find
from app.record.sql.counts import Counts
from app.record.terms import term_numbers
from app.site.cities.cities import view_of_cities
from app.site.components.urls import RECORDS, address, list_address, place_page_address
from app.site.lists.request import names
from app.site.lists.summary import sentence
from app.site.references.citable import (
    View,
    of_list,
    of_place,
    of_record,
)
from app.site.references.csl_styles import STYLES
from app.site.status.on_day import parse_filters as parse_status_filters
from app.site.status.page import view_of_day
from app.web.urls import url

MOST_FINGERPRINTED = 100_000
"""Rows whose content is read for a fingerprint; a reader who waits longer is not helped by one."""
KINDS = {letter: kind for kind, letter in LETTERS.items()}
LONGEST = 4_000


class NotCitable(LookupError):
    """What was given leads to no view of the record."""


# Parsing an address -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What a reader typed or pasted: an address, or a whole citation with address and fingerprint in it."""

    address: str
    fingerprint: str

    @classmethod
    def of(cls, text: str, fingerprint: str) -> "Given":
        text = text[:LONGEST]
        address = re.search(r"(?:https?://[^\s/]+)?(/[^\s<>“”]*)", text)
        sha256 = re.search(
            r"(?:sha-?256[:\s]*)?([0-9a-f][0-9a-f ]{6,}[0-9a-f])", fingerprint.lower()
        )
        if sha256 is None:
            sha256 = re.search(r"sha-?256[:\s]*([0-9a-f]{8,64})", text.lower())
        return cls(
            address[1].rstrip(".,;:)") if address else "",
            sha256[1].replace(" ", "")[:64] if sha256 else "",
        )


def given(request: Request) -> Given:
    return Given.of(request.query_params.get("of", ""), request.query_params.get("fingerprint", ""))


def style_of(request: Request) -> str:
    """The style asked for, by its code; empty is our own, and so is what nobody knows."""
    code = request.query_params.get("style", "")
    return code if code in STYLES else ""


@dataclass(frozen=True)
class Citable:
    """A view, with the rows that it shows in any edition."""

    view: View
    directory: Directory
    rows: Callable[[Reading, Directory], ColumnElement[bool]]
    total: int
    """How many there are, as far as that is known without counting: 0 for views that are small."""
    changed: Sequence[tuple[str, str]]
    """The keys by which the page of changes finds what became of it."""
    filters: ListFilters | None = None
    """Of a list, and what it counted; of a record its row; of a place its code."""
    counted: Counts | None = None
    row: Version | None = None
    place: str = ""


def citable(request: Request, db: Session, text: str) -> Citable:
    """The view at an address of ours; NotCitable where there is none."""
    path, _mark, query = text.partition("#")[0].partition("?")
    page, _slash, name = path.strip("/").partition(".")[0].partition("/")
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    try:
        edition = editions.reading(db, dict(pairs).get("edition", ""))
    except NoEdition as error:
        raise NotCitable(str(error)) from None
    directory = names(request, db, edition)
    if name:
        return _one(db, edition, page, name, directory)
    for lists in LISTS.values():
        if f"/{page}" == list_address(lists.KIND):
            return _list(db, edition, directory.led_on(lists.from_pairs(pairs)[0]), directory)
    if f"/{page}" == url("cities"):
        return _cities(edition, directory.led_on(CityFilters.from_pairs(pairs)[0]), directory)
    if f"/{page}" == url("status"):
        return _day(db, edition, pairs, directory)
    raise NotCitable(text)


def _list(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Citable:
    counted = backend.counts(db, edition, filters, directory)
    return Citable(
        view=of_list(edition, filters, sentence(filters.with_(edition=None), counted, directory)),
        directory=directory,
        rows=lambda _edition, directory: rows_found(directory.led_on(filters), directory),
        total=counted.total,
        changed=[("what", KINDS[filters.KIND]), *filters.narrowing.pairs()],
        filters=filters,
        counted=counted,
    )


def _one(db: Session, edition: Reading, page: str, name: str, directory: Directory) -> Citable:
    """One record, or a place with its figures and events."""
    at = f"/{page}/{name}"
    for kind, record_page in RECORDS.items():
        if kind != "P" and at == url(record_page, id=name, code=name):
            row = find(db, edition, kind, name)
            if row is None or row.state in {"purged", "merged"}:
                raise NotCitable(at)
            view = of_record(edition, row, directory)
            return Citable(view, directory, _record(row, name), 0, [("id", row.id)], row=row)
    if name in directory.places and at == place_page_address(directory, name):
        view = of_place(edition, name, directory)
        return Citable(
            view, directory, _of("place", [name], "ME"), 0, [("place", name)], place=name
        )
    raise NotCitable(at)


def _cities(edition: Reading, filters: CityFilters, directory: Directory) -> Citable:
    places = filters["place"]
    view = view_of_cities(edition, filters, directory)
    return Citable(
        view, directory, _of("place", places, "ME"), 0, [("place", code) for code in places]
    )


def _day(
    db: Session, edition: Reading, pairs: Sequence[tuple[str, str]], directory: Directory
) -> Citable:
    filters, _dropped = parse_status_filters(pairs, directory)

    def rows(edition: Reading, directory: Directory) -> ColumnElement[bool]:
        found = measures.measures(db, edition, directory.led_on(filters), directory)
        return Version.id.in_([measure.id for measure in found])

    return Citable(
        view_of_day(edition, filters, directory),
        directory,
        rows,
        0,
        [("place", code) for code in filters["place"]],
    )


def _of(
    key: str, codes: Sequence[str], kinds: str
) -> Callable[[Reading, Directory], ColumnElement[bool]]:
    """Rows of these kinds with any of these codes, as they are called in each edition; all rows where none is given."""

    def rows(_edition: Reading, directory: Directory) -> ColumnElement[bool]:
        live = and_(Version.kind.in_(list(kinds)), Version.state == "live")
        wanted = term_numbers((key, directory.now(key, code)) for code in codes)
        return and_(live, Version.terms.overlap(wanted)) if codes else live

    return rows


def _record(row: Version, code: str) -> Callable[[Reading, Directory], ColumnElement[bool]]:
    """One record; an outlet with its sources."""
    itself, its_sources = Version.id == row.id, _of("outlet", [code], "S")
    if row.kind != "O":
        return lambda _edition, _directory: itself
    return lambda edition, directory: or_(itself, its_sources(edition, directory))


def changes_address(found: Citable) -> str:
    """What became of it since, as far as changes can be asked by the same keys."""
    return address(
        ChangeFilters.from_pairs([*found.changed, ("since", str(found.view.edition.no + 1))])[0]
    )
