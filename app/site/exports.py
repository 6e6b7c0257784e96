"""The timeline as files: the same address with `.json` or `.csv`, the same rows in the same order."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.filtering import Dropped
from app.record import queries
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.filters import EventFilters
from app.site import rows
from app.site.addresses import address
from app.site.sentence import in_words, unknown_codes


class NotUnderstood(ValueError):
    """An address asks for something that has no meaning; a machine must hear of it rather than get something else."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in reasons))


def refuse_what_has_no_meaning(filters: EventFilters, dropped: Sequence[Dropped], directory: Directory) -> None:
    reasons = [(item.key, item.reason) for item in dropped]
    reasons += [(key.key, f"there is no “{value}” in this edition") for key, value in unknown_codes(filters, directory)]
    if reasons:
        raise NotUnderstood(reasons)


def as_json(db: Session, edition: Reading, filters: EventFilters, directory: Directory) -> dict[str, Any]:
    """One page of the list, `limit` rows of it, with the facets beside it."""
    counted = queries.counts(db, edition, filters, directory)
    page = queries.page(db, edition, filters, directory, int(filters.one("limit") or DEFAULT_LIMIT))
    following = filters.with_(after=page.next, edition=str(edition.no)) if page.next else None
    return {
        "edition": edition.no,
        "query": _query(filters),
        "filter": in_words(filters, counted, directory),
        "total": counted.total,
        "undated": counted.undated,
        "next": address(following, ".json") if following else None,
        "facets": _facets(filters, counted, directory),
        "items": [rows.as_json(row) for row in page.rows],
    }


DEFAULT_LIMIT = 100


def as_csv(db: Session, edition: Reading, filters: EventFilters, directory: Directory) -> Iterator[str]:
    """All rows, a few hundred at a time. Begins with the byte order mark that spreadsheets ask for."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in rows.EVENT])
    for row in queries.stream(db, edition, filters, directory):
        writer.writerow(rows.as_cells(row))
        if buffer.tell() > CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


CHUNK = 64 * 1024


def csv_metadata(edition: Reading, filters: EventFilters, words: str, licence: str) -> dict[str, Any]:
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
            "columns": [{"name": column.name, "dc:description": column.description} for column in rows.EVENT],
        },
    }


def _query(filters: EventFilters) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in filters.pairs():
        found.setdefault(key, []).append(value)
    return found


def _facets(filters: EventFilters, counted: queries.Counts, directory: Directory) -> dict[str, list[dict[str, Any]]]:
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
        for key in EventFilters.terms()
    }


def _codes(closed: Sequence[str], counts: Any, chosen: Sequence[str]) -> list[str]:
    """The closed list in its own order, then the rest: most frequent first, equal ones by code."""
    rest = {*counts, *chosen} - set(closed)
    return [*closed, *sorted(rest, key=lambda code: (-counts.get(code, 0), code))]
