"""Lists as files: the same address with `.json` or `.csv`, the same rows in the same order."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from app.database.sessions import StreamingReader
from app.filtering import Dropped, Filters
from app.language import _, ngettext
from app.record import answers, editions, queries
from app.record.changes import changes as record_changes
from app.record.changes import count as count_changes
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.filters import ChangeFilters, CityFilters, EventFilters, ListFilters
from app.site import changes, cities, feeds, geojson, rows, sheets
from app.site.addresses import address, list_address, list_name
from app.site.asking import asked, names
from app.site.citing import of_cities
from app.site.feeds import ATOM, JSON_FEED, Feed, as_atom, as_json_feed, feed
from app.site.listing import Question
from app.site.rows import Column
from app.site.sentence import chips, in_words, unknown_codes
from app.web import absolute

R = TypeVar("R")


class NotUnderstood(ValueError):
    """An address asks for something that has no meaning; a machine must hear of it rather than get something else."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in reasons))


def refuse_what_has_no_meaning(filters: Filters, dropped: Sequence[Dropped], directory: Directory) -> None:
    reasons = [(item.key, item.reason) for item in dropped]
    reasons += [(key.key, f"there is no “{value}” in this edition") for key, value in unknown_codes(filters, directory)]
    if reasons:
        raise NotUnderstood(reasons)


def as_json(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> dict[str, Any]:
    """One page of the list, `limit` rows of it, with the facets beside it."""
    counted = answers.counts(db, edition, filters, directory)
    page = answers.page(db, edition, filters, directory, int(filters.one("limit") or DEFAULT_LIMIT))
    following = filters.with_(after=page.next, edition=str(edition.no)) if page.next else None
    return {
        "edition": edition.no,
        "query": filters.by_name(),
        "filter": in_words(filters, counted, directory),
        "total": counted.total,
        "undated": counted.undated,
        "next": address(following, ".json") if following else None,
        "facets": _facets(filters, counted, directory),
        "items": [rows.as_json(filters.KIND, row) for row in page.rows],
    }


DEFAULT_LIMIT = 100


def as_csv(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Iterator[str]:
    """All rows, a few hundred at a time. Begins with the byte order mark that spreadsheets ask for."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in rows.COLUMNS[filters.KIND]])
    for row in queries.stream(db, edition, filters, directory):
        writer.writerow(rows.as_cells(filters.KIND, row))
        if buffer.tell() > CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


CHUNK = 64 * 1024


def csv_metadata(edition: Reading, filters: ListFilters, words: str, licence: str) -> dict[str, Any]:
    """What the table holds, as CSV on the Web metadata (https://www.w3.org/TR/tabular-metadata/)."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": address(filters.with_(edition=str(edition.no)), ".csv"),
        "dc:title": words,
        "dc:rights": licence,
        "dc:date": edition.at.date().isoformat(),
        "sojourn:edition": edition.no,
        "dialect": {"delimiter": ",", "header": True, "encoding": "utf-8"},
        "tableSchema": {
            "primaryKey": "id",
            "columns": [
                {"name": column.name, "dc:description": column.description} for column in rows.COLUMNS[filters.KIND]
            ],
        },
    }


def _facets(filters: ListFilters, counted: queries.Counts, directory: Directory) -> dict[str, list[dict[str, Any]]]:
    return {
        key.key: [
            {
                "code": code,
                "label": directory.label(key.vocabulary, code),
                "count": counted.facets.get(key.key, {}).get(code, 0),
                "selected": code in filters[key.key],
            }
            for code in _codes(key.closed, counted.facets.get(key.key, {}), filters[key.key])
        ]
        for key in filters.terms()
    }


def _codes(closed: Sequence[str], counts: Any, chosen: Sequence[str]) -> list[str]:
    """The closed list in its own order, then the rest: most frequent first, equal ones by code."""
    rest = {*counts, *chosen} - set(closed)
    return [*closed, *sorted(rest, key=lambda code: (-counts.get(code, 0), code))]


# Answers ----------------------------------------------------------------------------------------------------------


def routes(lists: type[ListFilters]) -> APIRouter:
    """The addresses of a list's files."""
    router = APIRouter()
    read = asked(lists)

    def file(request: Request, db: StreamingReader, question: Annotated[Question, Depends(read)]) -> Response:
        edition = editions.reading(db, question[0].one("edition"))
        return _file(request, db, edition, question)

    for suffix in (".json", ".csv", ".csv-metadata.json", ".xlsx", *feeds.ENDINGS):
        router.add_api_route(list_address(lists.KIND) + suffix, file)
    if lists is EventFilters:
        # Figures and sources are not at a place: what is said of a province would have to be drawn on its capital.
        router.add_api_route(list_address(lists.KIND) + ".geojson", file)
    return router


def _file(request: Request, db: Session, edition: Reading, question: Question) -> Response:
    """The list as the file that the end of its address names."""
    filters, dropped = question
    directory = names(request, db, edition)
    refuse_what_has_no_meaning(filters, dropped, directory)
    suffix = request.url.path.partition(".")[2]
    if suffix == "json":
        body = as_json(db, edition, filters, directory)
        links = [f'<{absolute(request, body["next"])}>; rel="next"'] if body["next"] else []
        return json_answer(request, body, edition, links=links)
    if f".{suffix}" in feeds.ENDINGS:
        return feed_answer(request, feed(request, db, edition, filters, directory), edition)
    counted = answers.counts(db, edition, filters, directory)
    words = in_words(filters, counted, directory)
    licence = request.app.state.settings.licence
    if suffix == "csv-metadata.json":
        return json_answer(request, csv_metadata(edition, filters, words, licence), edition)
    lasting = filters.with_(after=None, limit=None, edition=str(edition.no))
    file = File(list_name(filters), words, address(lasting), address(lasting, ".csv-metadata.json"))
    if suffix == "csv":
        return csv_answer(request, edition, file, as_csv(db, edition, filters, directory))
    found = queries.stream(db, edition, filters, directory)
    columns = rows.COLUMNS[filters.KIND]
    if suffix == "geojson":
        features = (geojson.feature(columns, row, geojson.of_event(row, directory)) for row in found)
        return geojson_answer(request, edition, file, counted.total, features)
    if counted.total > sheets.MOST_ROWS:
        raise NotUnderstood([("xlsx", f"a sheet has room for {sheets.MOST_ROWS:,} rows; narrow the list, or take CSV")])
    return xlsx_answer(request, edition, file, columns, found)


@dataclass(frozen=True)
class File:
    """What a file is to say of itself."""

    name: str
    """In letters that every system takes: events-china-2019."""
    words: str
    """What it was asked for, in words."""
    page: str
    """The lasting address of the same view as a page."""
    metadata: str = ""
    """Where its columns are described."""


def csv_answer(request: Request, edition: Reading, file: File, chunks: Iterable[str]) -> Response:
    headers = _headers(request, edition, file, "csv")
    return StreamingResponse(chunks, media_type="text/csv; charset=utf-8; header=present", headers=headers)


def xlsx_answer(
    request: Request, edition: Reading, file: File, columns: Sequence[Column[R]], found: Iterable[R]
) -> Response:
    about = [
        (_("Filter"), file.words),
        (_("Edition"), f"{edition.no}, {edition.at.date().isoformat()}"),
        (_("Licence"), request.app.state.settings.licence),
        (_("Address"), absolute(request, file.page)),
    ]
    chunks = sheets.as_xlsx(columns, found, about, edition.at)
    return StreamingResponse(chunks, media_type=sheets.MEDIA_TYPE, headers=_headers(request, edition, file, "xlsx"))


def geojson_answer(
    request: Request, edition: Reading, file: File, total: int, features: Iterable[dict[str, Any]]
) -> Response:
    about = {
        "edition": edition.no,
        "filter": file.words,
        "licence": request.app.state.settings.licence,
        "page": absolute(request, file.page),
        "total": total,
    }
    return StreamingResponse(
        geojson.as_geojson(about, features),
        media_type=geojson.MEDIA_TYPE,
        headers=_headers(request, edition, file, "geojson"),
    )


def _headers(request: Request, edition: Reading, file: File, ending: str) -> dict[str, str]:
    links = [f'<{absolute(request, file.page)}>; rel="cite-as"']
    if file.metadata:
        links.append(f'<{absolute(request, file.metadata)}>; rel="describedby"; type="application/csvm+json"')
    return {
        **provenance(request, edition),
        "X-Sojourn-Filter": file.words.encode("ascii", "replace").decode(),
        "Content-Disposition": f'attachment; filename="sojourn-{file.name}-edition-{edition.no}.{ending}"',
        "Link": ", ".join(links),
    }


def json_answer(
    request: Request,
    body: object,
    edition: Reading,
    media_type: str = "application/json",
    links: Sequence[str] = (),
) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    headers = {**provenance(request, edition), **({"Link": ", ".join(links)} if links else {})}
    return Response(text, media_type=media_type, headers=headers)


def changes_file(
    request: Request, db: Session, edition: Reading, filters: ChangeFilters, directory: Directory
) -> Response:
    """The list of changes as the file that the end of its address names."""
    suffix = request.url.path.partition(".")[2]
    if suffix == "json":
        return json_answer(request, changes.as_json(db, edition, filters, directory), edition)
    if f".{suffix}" in feeds.ENDINGS:
        newest = filters.with_(sort=None, after=None, limit=None)
        told = record_changes(db, edition, newest, directory, feeds.MOST_ENTRIES).rows
        return feed_answer(request, feeds.feed_of_changes(request, edition, filters, told, directory), edition)
    lasting = filters.with_(after=None, limit=None, edition=str(edition.no))
    counted = count_changes(db, edition, filters, directory)
    words = ngettext("{count} change", "{count} changes", counted.total)
    asked_for = "; ".join([words, *(chip.label for chip in chips(filters.with_(edition=None), directory))])
    file = File(list_name(filters), asked_for, address(lasting))
    found = changes.every(db, edition, filters, directory)
    if suffix == "csv":
        return csv_answer(request, edition, file, changes.as_csv(found))
    return xlsx_answer(request, edition, file, changes.COLUMNS, found)


def cities_file(
    request: Request, edition: Reading, filters: CityFilters, found: Sequence[cities.Row], directory: Directory
) -> Response:
    """The table of cities as the file that the end of the address names."""
    suffix = request.url.path.partition(".")[2]
    if suffix == "json":
        return json_answer(request, cities.as_json(found, edition, filters), edition)
    view = of_cities(edition, filters, directory)
    file = File(view.name, view.title, view.address)
    if suffix == "csv":
        return csv_answer(request, edition, file, cities.as_csv(found))
    if suffix == "geojson":
        features = (geojson.feature(cities.COLUMNS, row, geojson.at([row.place.code], directory)) for row in found)
        return geojson_answer(request, edition, file, len(found), features)
    return xlsx_answer(request, edition, file, cities.COLUMNS, found)


def feed_answer(request: Request, told: Feed, edition: Reading) -> Response:
    """The feed in the format that the end of the address names."""
    if request.url.path.endswith(".atom"):
        return Response(as_atom(told), media_type=f"{ATOM}; charset=utf-8", headers=provenance(request, edition))
    return json_answer(request, as_json_feed(told), edition, JSON_FEED)


def provenance(request: Request, edition: Reading) -> dict[str, str]:
    """What a file must carry so that it can be cited: of which edition it is, and under which licence."""
    licence = request.app.state.settings.licence
    return {"X-Sojourn-Edition": str(edition.no), "X-Sojourn-Licence": licence, **FOR_ALL}


FOR_ALL = {
    # What is public may be read by the pages of others too.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition, X-Sojourn-Edition, X-Sojourn-Licence, "
    "X-Sojourn-Filter",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
