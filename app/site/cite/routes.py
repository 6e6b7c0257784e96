"""`/cite` and `/bibliography`: reference, sources, fingerprint check, and the files of both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.i18n.translate import ngettext
from app.record.lists.cited_rows import CitedRows
from app.record.lists.session import ListSession, select_edition
from app.record.names.directory import Directory
from app.record.reads.fingerprints import (
    Fingerprint,
    RowDifferences,
    RowSources,
    all_sources_of_rows,
    count_changes_since,
    fingerprint,
    sources_of_rows,
)
from app.record.sql.rows import rows_by_seq
from app.record.sql.streaming import OpenSession, Seqs, in_batches
from app.site.cite.citable import (
    MAX_FINGERPRINTED_ROWS,
    Citable,
    NotCitableError,
    changes_address,
    citable,
    parse_cited_text,
)
from app.site.export.responses import file_response, in_chunks
from app.site.lists.request import InvalidQueryError, edition_directory, requested_address
from app.site.references.citable import (
    FORMATS,
    cite_address,
    provenance_headers,
    reference,
    reference_files,
    source_reference,
)
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import absolute_url

router = APIRouter(route_class=EditionRoute)
MAX_LISTED_SOURCES = 12
"""Sources listed on the page. The bibliography files have all."""
MAX_ROWS_FOR_SOURCES = 100_000


# The page ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WrittenReference:
    """A reference in one format, with the address of its file."""

    label: str
    id: str
    text: str
    address: str
    media_type: str


class CitePage:
    """The page model of `site/cite/page.html`."""

    def __init__(self, request: Request, db: ListSession, found: Citable, claimed: str) -> None:
        view, rows = found.view, found.rows(found.view.edition, found.directory)
        print_ = _fingerprint(db, found, rows)
        behind = _sources_of(db, found, rows)
        own = reference(request, view, print_)
        sources = [source_reference(row, found.directory) for row in behind.first]
        self.view = view
        self.reference = own
        self.rows = ngettext("{count} row", "{count} rows", print_.rows)
        self.sha256 = print_.sha256
        # The fingerprint in groups of eight characters.
        self.groups = re.findall(".{1,8}", print_.sha256)
        self.formats = [
            WrittenReference(label, ending, "".join(write([own])), address, media_type)
            for (ending, (write, media_type)), (label, address, _type) in zip(
                FORMATS.items(), reference_files("cite", view.address), strict=True
            )
        ]
        self.sources = sources
        self.sources_total = behind.total
        # Whether the view has too many rows to list sources here. The files list them.
        self.sources_uncounted = found.total > MAX_ROWS_FOR_SOURCES
        self.bibliography = reference_files("bibliography", view.address)
        # Whether the cited fingerprint matches the view; None if the input had none.
        self.holds = print_.sha256.startswith(claimed) if claimed else None
        # Changes up to the newest edition; None if the cited edition is the newest.
        self.since = _since(request, db, found, rows)
        self.changes_address = changes_address(found)
        # This page for the same view of the newest edition.
        self.address_now = cite_address(view.page)


def _fingerprint(db: Session, found: Citable, rows: CitedRows) -> Fingerprint:
    if found.total > MAX_FINGERPRINTED_ROWS:
        return Fingerprint(found.total, "")
    return fingerprint(db, rows)


def _sources_of(db: Session, found: Citable, rows: CitedRows) -> RowSources:
    if found.total > MAX_ROWS_FOR_SOURCES:
        return RowSources([], 0)
    return sources_of_rows(db, rows, MAX_LISTED_SOURCES)


def _since(
    request: Request, db: ListSession, found: Citable, rows: CitedRows
) -> RowDifferences | None:
    if found.view.edition.is_newest or found.total > MAX_FINGERPRINTED_ROWS:
        return None
    now = select_edition(db)
    return count_changes_since(db, rows, found.rows(now, edition_directory(request, db, now)))


@router.get("/cite", name="cite")
def cite_page(request: Request, db: Reader) -> Response:
    """Return the page on citing the view in `of`; without a known view, a form for its address."""
    claim = parse_cited_text(request)
    try:
        found = citable(request, db, claim.address) if claim.address else None
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
    if requested_address(request) != (
        address := cite_address(found.view.address, claim.fingerprint)
    ):
        return RedirectResponse(address, 303)
    view = CitePage(request, db, found, claim.fingerprint)
    edition = found.view.edition
    return page(
        request,
        "site/cite/page.html",
        edition=edition,
        cite=view,
        lasting=address,
        newest_url=view.address_now,
    )


# Files ------------------------------------------------------------------------------------------


@router.get("/cite.{ending}")
def reference_file(request: Request, db: Reader, ending: str) -> Response:
    """Return the reference of a view as a file."""
    found = _requested_view(request, db, ending)
    rows = found.rows(found.view.edition, found.directory)
    references = [reference(request, found.view, _fingerprint(db, found, rows))]
    write, media_type = FORMATS[ending]
    return Response(
        "".join(write(references)),
        media_type=media_type,
        headers=_headers(request, found, "", ending),
    )


@router.get("/bibliography.{ending}", name="bibliography")
def bibliography_file(request: Request, db: Reader, ending: str) -> Response:
    """Return all sources of a view, by id."""
    found = _requested_view(request, db, ending)
    edition, names = found.view.edition, found.directory
    seqs = all_sources_of_rows(db, found.rows(edition, names))
    return file_response(
        request,
        edition,
        names,
        rows=len(seqs),
        write=partial(write_references, ending, seqs),
        media_type=FORMATS[ending][1],
        headers=_headers(request, found, "-sources", ending),
    )


def write_references(
    ending: str, seqs: Seqs, sessions: OpenSession, directory: Directory
) -> Iterator[str]:
    """Yield the references of these sources, some at a time, in this process or in a worker."""
    found = in_batches(seqs, rows_by_seq, sessions)
    return in_chunks(FORMATS[ending][0](source_reference(row, directory) for row in found))


def _requested_view(request: Request, db: ListSession, ending: str) -> Citable:
    if ending not in FORMATS:
        raise HTTPException(404)
    try:
        return citable(request, db, parse_cited_text(request).address)
    except NotCitableError:
        raise InvalidQueryError([("of", "is no address of a view of this record")]) from None


def _headers(request: Request, found: Citable, what: str, ending: str) -> dict[str, str]:
    view = found.view
    name = f"sojourn-{view.name}{what}-edition-{view.edition.no}.{ending}"
    return {
        **provenance_headers(
            request, view.edition, [f'<{absolute_url(request, view.address)}>; rel="cite-as"']
        ),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
