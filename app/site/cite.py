"""`/cite` and `/bibliography`: how to cite a view of the record, its sources and fingerprint."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.i18n.translate import ngettext
from app.record.editions import NoEditionError
from app.record.filters import ChangeFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.backend import ListSession, rows_by_seq, select_edition
from app.record.models import RecordState, Version
from app.record.names.directory import Directory
from app.record.reads.cited_rows import (
    CitedRows,
    Fingerprint,
    RowsInEdition,
    count_changes_since,
    fingerprint,
    rows_with_codes,
    rows_with_ids,
    sources_of_rows,
)
from app.record.sql.rows import OpenSession, Seqs, find_by_name, in_batches
from app.site.components.urls import address, place_page_address
from app.site.dataset import REGISTERED
from app.site.export.responses import file_response, in_chunks
from app.site.listing import Listing
from app.site.lists.request import InvalidQueryError, edition_directory, requested_address
from app.site.references.citable import (
    FORMATS,
    CitableView,
    cite_address,
    file_headers,
    place_view,
    preview_address,
    record_view,
    reference,
    reference_files,
    source_reference,
)
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import PAGE_OF_KIND, url

MAX_ROWS_READ = 100_000
"""A view with more rows gets no fingerprint, and its sources are not counted on the page."""
MAX_TEXT_CHARACTERS = 4_000


class NotCitableError(LookupError):
    """The address leads to no view of the record."""


# Parsing an address -----------------------------------------------------------------------------


def cited_text(request: Request) -> tuple[str, str]:
    """Return address and fingerprint from the reader's input, which may be a whole citation."""
    text = request.query_params.get("of", "")[:MAX_TEXT_CHARACTERS]
    claim = request.query_params.get("fingerprint", "").lower()
    address = re.search(r"(?:https?://[^\s/]+)?(/[^\s<>“”]*)", text)
    sha256 = re.search(r"(?:sha-?256[:\s]*)?([0-9a-f][0-9a-f ]{6,}[0-9a-f])", claim) or re.search(
        r"sha-?256[:\s]*([0-9a-f]{8,64})", text.lower()
    )
    return (
        address[1].rstrip(".,;:)") if address else "",
        sha256[1].replace(" ", "")[:64] if sha256 else "",
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
        found = dataset.requested(request, db, pairs)
        if found.view is None:
            raise NotCitableError(at)
        return Citable(
            view=found.view,
            directory=found.directory,
            rows=found.cited_rows,
            changed=found.changed,
            total=found.total_cited,
            listing=found if isinstance(found, Listing) else None,
        )
    return _record_or_place(db, edition, at, edition_directory(request, db, edition))


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


# The page -----------------------------------------------------------------------------------------


router = APIRouter(route_class=EditionRoute)


# The page ---------------------------------------------------------------------------------------


def _citation(request: Request, db: ListSession, found: Citable, claimed: str) -> dict[str, Any]:
    """Return what `site/cite/page.html` shows of a view. `claimed` is the cited fingerprint."""
    view, rows = found.view, found.rows(found.view.edition, found.directory)
    is_long = found.total > MAX_ROWS_READ
    print_ = _fingerprint(db, found, rows)
    since = None
    if not (view.edition.is_newest or is_long):
        now = select_edition(db)
        later = found.rows(now, edition_directory(request, db, now))
        since = count_changes_since(db, rows, later)
    return {
        "view": view,
        "reference": reference(request, view, print_),
        "rows": ngettext("{count} row", "{count} rows", print_.rows),
        # In groups of eight characters.
        "fingerprint": re.findall(".{1,8}", print_.sha256),
        # Label, address and media type.
        "files": reference_files("cite", view.address),
        # Not counted for a view with too many rows; the files have them.
        "sources": None if is_long else len(sources_of_rows(db, rows)),
        "bibliography": reference_files("bibliography", view.address),
        # None if no fingerprint is cited.
        "holds": print_.sha256.startswith(claimed) if claimed else None,
        "since": since,
        "changes_address": changes_address(found),
        "address_now": cite_address(view.page),
    }


def _fingerprint(db: Session, found: Citable, rows: CitedRows) -> Fingerprint:
    if found.total > MAX_ROWS_READ:
        return Fingerprint(found.total, "")
    return fingerprint(db, rows)


@router.get("/cite", name="cite")
def cite_page(request: Request, db: Reader) -> Response:
    """Return the page on citing the view in `of`; without a known view, a form for its address."""
    of, claimed = cited_text(request)
    try:
        found = citable(request, db, of) if of else None
    except NotCitableError:
        found = None
    if found is None:
        edition = select_edition(db)
        return page(
            request,
            "site/cite/page.html",
            edition=edition,
            cite=None,
            unknown=request.query_params.get("of", ""),
        )
    if requested_address(request) != (address := cite_address(found.view.address, claimed)):
        return RedirectResponse(address, 303)
    cite = _citation(request, db, found, claimed)
    return page(
        request,
        "site/cite/page.html",
        edition=found.view.edition,
        cite=cite,
        lasting=address,
        newest_url=cite["address_now"],
    )


# Files ------------------------------------------------------------------------------------------


@router.get("/cite.{ending}")
def reference_file(request: Request, db: Reader, ending: str) -> Response:
    """Return the reference of a view as a file."""
    found = _requested_view(request, db, ending)
    rows = found.rows(found.view.edition, found.directory)
    references = [reference(request, found.view, _fingerprint(db, found, rows))]
    return Response(
        "".join(FORMATS[ending].write(references)),
        media_type=FORMATS[ending].media_type,
        headers=file_headers(request, found.view, ending),
    )


@router.get("/bibliography.{ending}", name="bibliography")
def bibliography_file(request: Request, db: Reader, ending: str) -> Response:
    """Return all sources of a view, by id."""
    found = _requested_view(request, db, ending)
    edition, names = found.view.edition, found.directory
    seqs = sources_of_rows(db, found.rows(edition, names))
    return file_response(
        request,
        edition,
        names,
        rows=len(seqs),
        write=partial(write_references, ending, seqs),
        media_type=FORMATS[ending].media_type,
        headers=file_headers(request, found.view, ending, "-sources"),
    )


def write_references(
    ending: str, seqs: Seqs, sessions: OpenSession, directory: Directory
) -> Iterator[str]:
    """Yield the references of these sources, some at a time, in this process or in a worker."""
    found = in_batches(seqs, lambda db, some: rows_by_seq(db, some).values(), sessions)
    return in_chunks(FORMATS[ending].write(source_reference(row, directory) for row in found))


def _requested_view(request: Request, db: ListSession, ending: str) -> Citable:
    if ending not in FORMATS:
        raise HTTPException(404)
    try:
        return citable(request, db, cited_text(request)[0])
    except NotCitableError:
        raise InvalidQueryError([("of", "is no address of a view of this record")]) from None
