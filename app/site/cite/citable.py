"""Views of the record that can be cited: parsing an address, and the rows of its view."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from sqlalchemy.orm import Session

from app.record.breakdown_filters import BreakdownFilters
from app.record.compare_filters import parse_compared
from app.record.editions import NoEditionError
from app.record.filters import ChangeFilters, CityFilters, ListFilters
from app.record.index.edition import IndexedEdition
from app.record.index.results import ListCounts
from app.record.lists import backend
from app.record.lists.cited_rows import (
    CitedRows,
    RowsInEdition,
    rows_of_list,
    rows_with_codes,
    rows_with_ids,
)
from app.record.lists.session import ListSession, select_edition
from app.record.models import RecordState, Version
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.sql.by_name import find_by_name
from app.site.cities.cities import view_of_cities
from app.site.compare.page import is_comparable, view_of_comparison
from app.site.components.urls import address, place_page_address
from app.site.estimates.estimates import Estimates
from app.site.events.breakdown.page import view_of_breakdown
from app.site.events.events import Events
from app.site.listing import Listing
from app.site.lists.request import edition_directory
from app.site.references.citable import (
    CitableView,
    place_view,
    record_view,
)
from app.site.references.csl_styles import STYLES
from app.site.sources.sources import Sources
from app.site.status.on_day import parse_filters as parse_status_filters
from app.site.status.page import view_of_day
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.vocabulary.record import NOUN_OF_KIND
from app.web.urls import PAGE_OF_KIND, url

MAX_FINGERPRINTED_ROWS = 100_000
"""A view with more rows gets no fingerprint: reading them would take too long."""
MAX_TEXT_CHARACTERS = 4_000


class NotCitableError(LookupError):
    """The address leads to no view of the record."""


# Parsing an address -----------------------------------------------------------------------------


@dataclass(frozen=True)
class CitedText:
    """Address and fingerprint from the reader's input, which may be a whole citation."""

    address: str
    fingerprint: str

    @classmethod
    def of(cls, text: str, fingerprint: str) -> "CitedText":
        text = text[:MAX_TEXT_CHARACTERS]
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


def parse_cited_text(request: Request) -> CitedText:
    return CitedText.of(
        request.query_params.get("of", ""), request.query_params.get("fingerprint", "")
    )


def style_of(request: Request) -> str:
    """Return the code of the requested citation style; empty (our own style) if unknown."""
    code = request.query_params.get("style", "")
    return code if code in STYLES else ""


@dataclass(frozen=True)
class Citable:
    """A view with a function that returns its rows in any edition."""

    view: CitableView
    directory: Directory
    rows: RowsInEdition
    total: int
    """Number of rows of a list; 0 for other views, which are small and not counted."""
    changed: Sequence[tuple[str, str]]
    """Filters of `/changes` that find the changes of these rows."""
    filters: ListFilters | None = None
    """Set for a list, with `counted`; a record has `row` instead, a place `place`."""
    counted: ListCounts | None = None
    row: Version | None = None
    place: str = ""


def citable(request: Request, db: ListSession, text: str) -> Citable:
    """Return the view at an address of the site. Raises NotCitable if there is none."""
    path, _mark, query = text.partition("#")[0].partition("?")
    page, _slash, name = path.strip("/").partition(".")[0].partition("/")
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    try:
        edition = select_edition(db, dict(pairs).get("edition", ""))
    except NoEditionError as error:
        raise NotCitableError(str(error)) from None
    directory = edition_directory(request, db, edition)
    if f"/{page}/{name}" == url("breakdown"):
        filters = directory.led_on(BreakdownFilters.from_pairs(pairs)[0])
        return _breakdown(db, edition, filters, directory)
    if name:
        return _record_or_place(db, edition, page, name, directory)
    for lists in (Events, Estimates, Sources):
        if f"/{page}" == url(lists.name):
            return _list(lists.requested(request, db, pairs))
    if f"/{page}" == url("cities"):
        return _cities(edition, directory.led_on(CityFilters.from_pairs(pairs)[0]), directory)
    if f"/{page}" == url("compare-places"):
        return _comparison(edition, pairs, directory)
    if f"/{page}" == url("status"):
        return _status(db, edition, pairs, directory)
    raise NotCitableError(text)


def _list(listing: Listing[Any]) -> Citable:
    return Citable(
        view=listing.view,
        directory=listing.directory,
        rows=listing.cited_rows,
        total=listing.total,
        changed=listing.changed,
        filters=listing.filters,
        counted=listing.counts,
    )


def _breakdown(
    db: Session, edition: IndexedEdition, filters: BreakdownFilters, directory: Directory
) -> Citable:
    """Return the view of a table of counts; its rows are the events that are counted."""
    events = filters.events
    return Citable(
        view_of_breakdown(edition, filters, directory),
        directory,
        rows_of_list(db, events),
        backend.match(db, edition, events, directory).total,
        [("what", NOUN_OF_KIND[events.KIND]), *events.narrowing.pairs()],
    )


def _record_or_place(
    db: Session, edition: IndexedEdition, page: str, name: str, directory: Directory
) -> Citable:
    """Return the view of a record, or of a place with its estimates and events."""
    at = f"/{page}/{name}"
    for kind, record_page in PAGE_OF_KIND.items():
        if kind != RecordKind.PLACE and at == url(record_page, id=name, code=name):
            row = find_by_name(db, edition, kind, name)
            if row is None or row.state in {RecordState.PURGED, RecordState.MERGED}:
                raise NotCitableError(at)
            view = record_view(edition, row, directory)
            return Citable(
                view, directory, _rows_of_record(row, name), 0, [("id", row.id)], row=row
            )
    if name in directory.places and at == place_page_address(directory, name):
        view = place_view(edition, name, directory)
        return Citable(
            view,
            directory,
            rows_with_codes("place", [name], CITING_KINDS),
            0,
            [("place", name)],
            place=name,
        )
    raise NotCitableError(at)


def _cities(edition: IndexedEdition, filters: CityFilters, directory: Directory) -> Citable:
    places = filters["place"]
    view = view_of_cities(edition, filters, directory)
    return Citable(
        view,
        directory,
        rows_with_codes("place", places, CITING_KINDS),
        0,
        [("place", code) for code in places],
    )


def _comparison(
    edition: IndexedEdition, pairs: Sequence[tuple[str, str]], directory: Directory
) -> Citable:
    filters, _dropped = parse_compared(pairs, directory)
    places = filters["place"]
    if not is_comparable(filters):
        raise NotCitableError("one place can't be compared")
    return Citable(
        view_of_comparison(edition, filters, directory),
        directory,
        rows_with_codes("place", places, CITING_KINDS),
        0,
        [("place", code) for code in places],
    )


def _status(
    db: Session, edition: IndexedEdition, pairs: Sequence[tuple[str, str]], directory: Directory
) -> Citable:
    filters, _dropped = parse_status_filters(pairs, directory)

    def rows(edition: IndexedEdition, directory: Directory) -> CitedRows:
        found = measures.read_measures(db, edition, directory.led_on(filters), directory)
        return rows_with_ids(edition, RecordKind.EVENT, [measure.id for measure in found])

    return Citable(
        view_of_day(edition, filters, directory),
        directory,
        rows,
        0,
        [("place", code) for code in filters["place"]],
    )


def _rows_of_record(row: Version, code: str) -> RowsInEdition:
    """Return the record's row; for an outlet, also the rows of its sources."""
    if row.kind != RecordKind.OUTLET:
        return lambda edition, _directory: rows_with_ids(edition, row.kind, [row.id])
    its_sources = rows_with_codes("outlet", [code], [RecordKind.SOURCE])
    return lambda edition, directory: replace(
        its_sources(edition, directory), others=Version.id == row.id
    )


def changes_address(found: Citable) -> str:
    """Return the address of the changes of these rows since the edition."""
    return address(
        ChangeFilters.from_pairs([*found.changed, ("since", str(found.view.edition.no + 1))])[0]
    )
