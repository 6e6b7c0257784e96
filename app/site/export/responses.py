"""Files of lists: the address of a list with `.json`, `.csv`, `.xlsx` … has the same rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from fastapi import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.filtering import Filters
from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.sql.streaming import Seqs
from app.site.components.urls import with_filters
from app.site.export import geojson, xlsx
from app.site.export.column_types import CSVW_DATATYPES, Column, compact_json
from app.site.export.feeds import ATOM, Feed, as_atom
from app.site.export.file_writer import (
    MEDIA_TYPES,
    TableRows,
    Write,
    file_response,
    table_chunks,
    write_points,
    write_table,
)
from app.site.export.json_parts import RawJson
from app.site.lists.request import (
    InvalidQueryError,
)
from app.site.references.citable import in_ascii, licence_address, provenance_headers
from app.web.state import app_state
from app.web.urls import absolute_url

R = TypeVar("R")


DEFAULT_LIMIT = 100


def limit_of(filters: Filters) -> int:
    return int(filters.one("limit") or DEFAULT_LIMIT)


def next_address(
    request: Request, edition: IndexedEdition, filters: Filters, after: str | None
) -> str | None:
    """Return the address of the next page in the same format and edition."""
    return (
        with_filters(request.url.path, filters.with_(after=after, edition=str(edition.no)))
        if after
        else None
    )


# Metadata of a file -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ListFile:
    """Metadata that a file carries."""

    name: str
    """Stem of the file name, in ASCII: events-china-2019."""
    words: str
    """The filter in words."""
    page: str
    """Permanent link of the list page."""
    rows: int
    key: Sequence[str] = ("id",)
    """The columns that identify a row."""
    is_described: bool = True
    """Whether a file beside it describes its columns as CSV on the Web."""

    def beside(self, ending: str) -> str:
        """Return the permanent link of the same list in another format."""
        path, mark, query = self.page.partition("?")
        return f"{path}{ending}{mark}{query}"


def json_heading(
    request: Request, edition: IndexedEdition, filters: Filters, file: ListFile
) -> dict[str, Any]:
    """Return the first members of the JSON of every list."""
    return {
        "edition": edition.no,
        "query": filters.by_name(),
        "filter": file.words,
        "licence": app_state(request).settings.licence,
        "permalink": absolute_url(request, file.page),
    }


def csv_metadata(
    request: Request, edition: IndexedEdition, file: ListFile, columns: Sequence[Column[Any]]
) -> dict[str, Any]:
    """Describe the columns as CSV on the Web metadata (https://www.w3.org/TR/tabular-metadata/).

    Readers ignore metadata whose `url` is not the address of the file they have.
    """
    licence = app_state(request).settings.licence
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": _same_query(request, ".csv"),
        "dc:title": file.words,
        "dc:rights": licence,
        "dc:license": {"@id": licence_address(request)},
        "dc:date": edition.at.date().isoformat(),
        "dc:source": {"@id": absolute_url(request, file.page)},
        "schema:version": str(edition.no),
        "rdfs:comment": _(
            "Cells that a spreadsheet could read as a formula begin with an apostrophe."
        ),
        "dialect": {"delimiter": ",", "header": True, "encoding": "utf-8"},
        "tableSchema": {
            "primaryKey": list(file.key),
            "columns": [
                {"name": column.name, "titles": column.name, "dc:description": column.description}
                | dict(CSVW_DATATYPES[column.holds])
                for column in columns
            ],
        },
    }


def _same_query(request: Request, ending: str) -> str:
    """Return the requested address in another format, with its query exactly as it was sent."""
    folder, slash, name = request.url.path.rpartition("/")
    path = f"{folder}{slash}{name.partition('.')[0]}{ending}"
    return f"{path}?{request.url.query}" if request.url.query else path


def led_on(request: Request, now: str) -> Response:
    """Lead from a former file to one of today: a path, or another ending of this one."""
    path = now if now.startswith("/") else request.url.path.partition(".")[0] + now
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path, 301)


def _headers(
    request: Request, edition: IndexedEdition, file: ListFile, ending: str
) -> dict[str, str]:
    links = [f'<{absolute_url(request, file.page)}>; rel="cite-as"']
    if file.is_described:
        # The package csvw warns of each link before the one to the metadata.
        metadata = absolute_url(request, _same_query(request, ".csv-metadata.json"))
        links.insert(0, f'<{metadata}>; rel="describedby"; type="application/csvm+json"')
    return {
        **provenance_headers(request, edition, links),
        "X-Sojourn-Filter": in_ascii(file.words),
        "Content-Disposition": (
            f'attachment; filename="sojourn-{file.name}-edition-{edition.no}.{ending}"'
        ),
    }


# Responses --------------------------------------------------------------------------------------


def list_response(
    request: Request, edition: SelectedEdition, body: Mapping[str, Any], links: Sequence[str] = ()
) -> Response:
    """Return a page of a list as JSON. The Link header repeats its links."""
    following = [f'<{absolute_url(request, body["next"])}>; rel="next"'] if body.get("next") else []
    return json_response(
        request, body, edition, links=[*following, f'<{body["permalink"]}>; rel="cite-as"', *links]
    )


def table_response(
    request: Request,
    edition: IndexedEdition,
    file: ListFile,
    columns: Sequence[Column[R]],
    found: Iterable[R] | TableRows,
    *,
    names: Directory | None = None,
) -> Response:
    """Return a table as CSV, CSV metadata or XLSX, depending on the file extension.

    `found` are the rows of a short table. For tables of any length it is a function that reads
    them, and `names` is required.
    """
    ending = request.url.path.rpartition("/")[2].partition(".")[2]
    if ending == "csv-metadata.json":
        body = csv_metadata(request, edition, file, columns)
        return json_response(request, body, edition, "application/csvm+json")
    about = _about_table(request, edition, file, ending)
    headers, media_type = _headers(request, edition, file, ending), MEDIA_TYPES[ending]
    if names is None or not callable(found):
        assert not callable(found)
        chunks = table_chunks(columns, found, ending=ending, about=about, at=edition.at)
        return StreamingResponse(chunks, media_type=media_type, headers=headers)
    write: Write = partial(write_table, found, ending=ending, about=about, at=edition.at)
    return file_response(
        request, edition, names, rows=file.rows, write=write, media_type=media_type, headers=headers
    )


TABLES = {"csv": "text/csv; charset=utf-8; header=present", "xlsx": xlsx.MEDIA_TYPE}


def _about_table(
    request: Request, edition: SelectedEdition, file: ListFile, ending: str
) -> Sequence[tuple[str, str]]:
    """Return the lines of the sheet "About". Raises InvalidQueryError if a sheet is too short."""
    if ending == "xlsx" and file.rows > xlsx.MAX_ROWS:
        raise InvalidQueryError(
            [
                (
                    "xlsx",
                    f"a sheet has room for {xlsx.MAX_ROWS:,} rows; narrow the list, or take CSV",
                )
            ]
        )
    return [
        (_("Filter"), file.words),
        (_("Edition"), f"{edition.no}, {edition.at.date().isoformat()}"),
        (_("Licence"), app_state(request).settings.licence),
        (_("Address"), absolute_url(request, file.page)),
    ]


def points_response(
    request: Request, edition: IndexedEdition, file: ListFile, seqs: Seqs, names: Directory
) -> Response:
    """Return events as GeoJSON."""
    write: Write = partial(write_points, _about_points(request, edition, file), seqs)
    return file_response(
        request,
        edition,
        names,
        rows=file.rows,
        write=write,
        media_type=geojson.MEDIA_TYPE,
        headers=_headers(request, edition, file, "geojson"),
    )


def _about_points(request: Request, edition: SelectedEdition, file: ListFile) -> dict[str, Any]:
    return {
        "edition": edition.no,
        "filter": file.words,
        "licence": app_state(request).settings.licence,
        "page": absolute_url(request, file.page),
        "total": file.rows,
    }


def json_response(
    request: Request,
    body: object,
    edition: SelectedEdition,
    media_type: str = "application/json",
    links: Sequence[str] = (),
) -> Response:
    if isinstance(body, Mapping):
        parts = (
            f"{compact_json(key)}:{part if type(part) is RawJson else compact_json(part)}"
            for key, part in body.items()
        )
        text = f"{{{','.join(parts)}}}"
    else:
        text = compact_json(body)
    return Response(
        text, media_type=media_type, headers=provenance_headers(request, edition, links)
    )


def feed_response(request: Request, content: Feed, edition: SelectedEdition) -> Response:
    return Response(
        as_atom(content),
        media_type=f"{ATOM}; charset=utf-8",
        headers=provenance_headers(request, edition),
    )
