"""Lists as files: the same address with `.json` or `.csv`, the same rows in the same order."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from app.database.sessions import StreamingReader
from app.filtering import Dropped, Filters
from app.record import answers, editions, queries
from app.record.changes import changes as record_changes
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.filters import ChangeFilters, ListFilters
from app.site import changes, feeds, rows
from app.site.addresses import address, list_address, list_name
from app.site.asking import asked, names
from app.site.feeds import ATOM, JSON_FEED, Feed, as_atom, as_json_feed, feed
from app.site.listing import Question
from app.site.sentence import in_words, unknown_codes


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
        "query": _query(filters),
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


def _query(filters: ListFilters) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in filters.pairs():
        found.setdefault(key, []).append(value)
    return found


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

    for suffix in (".json", ".csv", ".csv-metadata.json", *feeds.ENDINGS):
        router.add_api_route(list_address(lists.KIND) + suffix, file)
    return router


def _file(request: Request, db: Session, edition: Reading, question: Question) -> Response:
    """The list as the file that the end of its address names."""
    filters, dropped = question
    directory = names(request, db, edition)
    refuse_what_has_no_meaning(filters, dropped, directory)
    suffix = request.url.path.partition(".")[2]
    if suffix == "json":
        return json_answer(request, as_json(db, edition, filters, directory), edition)
    if f".{suffix}" in feeds.ENDINGS:
        return feed_answer(request, feed(request, db, edition, filters, directory), edition)
    words = in_words(filters, answers.counts(db, edition, filters, directory), directory)
    if suffix == "csv-metadata.json":
        licence = request.app.state.settings.licence
        return json_answer(request, csv_metadata(edition, filters, words, licence), edition)
    metadata = address(filters.with_(edition=str(edition.no)), ".csv-metadata.json")
    headers = {
        **provenance(request, edition),
        "X-Sojourn-Filter": words.encode("ascii", "replace").decode(),
        "Content-Disposition": f'attachment; filename="{_file_name(edition, filters)}.csv"',
        "Link": f'<{metadata}>; rel="describedby"; type="application/csvm+json"',
    }
    chunks = as_csv(db, edition, filters, directory)
    return StreamingResponse(chunks, media_type="text/csv; charset=utf-8; header=present", headers=headers)


def json_answer(request: Request, body: object, edition: Reading, media_type: str = "application/json") -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type=media_type, headers=provenance(request, edition))


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
    name = f"sojourn-{list_name(filters)}-edition-{edition.no}.csv"
    headers = {**provenance(request, edition), "Content-Disposition": f'attachment; filename="{name}"'}
    rows = changes.as_csv(db, edition, filters, directory)
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8; header=present", headers=headers)


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


def _file_name(edition: Reading, filters: ListFilters) -> str:
    """What the file holds: sojourn-events-china-2019-edition-142."""
    return f"sojourn-{list_name(filters)}-edition-{edition.no}"
