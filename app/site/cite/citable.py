"""Views of the record that can be cited: parsing an address, and the rows of its view."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.record.editions import NoEditionError
from app.record.filters import ChangeFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.cited_rows import (
    RowsInEdition,
    rows_with_codes,
    rows_with_ids,
)
from app.record.lists.session import ListSession, select_edition
from app.record.models import RecordState, Version
from app.record.names.directory import Directory
from app.record.sql.by_name import find_by_name
from app.site.components.urls import address, place_page_address
from app.site.datasets.dataset import REGISTERED, Dataset
from app.site.listing import Listing
from app.site.lists.request import edition_directory
from app.site.references.citable import (
    CitableView,
    place_view,
    preview_address,
    record_view,
)
from app.vocabulary.kinds import CITING_KINDS, RecordKind
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


@dataclass(frozen=True)
class Citable:
    """A view with a function that returns its rows in any edition."""

    view: CitableView
    directory: Directory
    rows: RowsInEdition
    changed: Sequence[tuple[str, str]]
    """Filters of `/changes` that find the changes of these rows."""
    total: int = 0
    """Number of rows of a list; 0 for other views, which are small and not counted."""
    listing: Listing[Any] | None = None
    """Set for a list; a record has `row` instead, a place `place`."""
    row: Version | None = None
    place: str = ""


def citable(request: Request, db: ListSession, text: str) -> Citable:
    """Return the view at an address of the site. Raises NotCitable if there is none."""
    path, _mark, query = text.partition("#")[0].partition("?")
    at = f"/{path.strip('/').partition('.')[0]}"
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    try:
        edition = select_edition(db, dict(pairs).get("edition", ""))
    except NoEditionError as error:
        raise NotCitableError(str(error)) from None
    if dataset := REGISTERED.get(at):
        return _list(dataset.requested(request, db, pairs))
    return _record_or_place(db, edition, at, edition_directory(request, db, edition))


def _list(found: Dataset[Any]) -> Citable:
    if found.view is None:
        raise NotCitableError(found.name)
    return Citable(
        view=found.view,
        directory=found.directory,
        rows=found.cited_rows,
        changed=found.changed,
        total=found.total_cited,
        listing=found if isinstance(found, Listing) else None,
    )


def _record_or_place(
    db: Session, edition: IndexedEdition, at: str, directory: Directory
) -> Citable:
    """Return the view of a record, or of a place with its estimates and events."""
    name = at.rpartition("/")[2]
    for kind, record_page in PAGE_OF_KIND.items():
        if kind != RecordKind.PLACE and at == url(record_page, id=name, code=name):
            row = find_by_name(db, edition, kind, name)
            if row is None or row.state in {RecordState.PURGED, RecordState.MERGED}:
                raise NotCitableError(at)
            return Citable(
                record_view(edition, row, directory),
                directory,
                _rows_of_record(row, name),
                [("id", row.id)],
                row=row,
            )
    if name in directory.places and at == place_page_address(directory, name):
        return Citable(
            place_view(edition, name, directory),
            directory,
            rows_with_codes("place", [name], CITING_KINDS),
            [("place", name)],
            place=name,
        )
    raise NotCitableError(at)


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


def find_view(request: Request, db: ListSession, of: str) -> tuple[Citable, Response | None]:
    """Return the view at the path, and a redirect if its canonical address differs.

    One canonical address per view means that no image is rendered and cached twice.
    """
    if "." in of:
        raise HTTPException(404)  # files have no image
    query = request.scope["query_string"].decode("latin-1")
    try:
        found = citable(request, db, f"/{of}?{query}")
    except NotCitableError:
        raise HTTPException(404) from None
    here, lasting = f"{request.url.path}?{query}", preview_address(found.view.address)
    return found, RedirectResponse(lasting, 303) if here != lasting else None
