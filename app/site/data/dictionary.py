"""The data dictionary: one row for each column of each list, as CSV and JSON."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.i18n.translate import _
from app.record.index.edition import IndexedEdition
from app.site.api.lists import RESOURCES
from app.site.export import responses
from app.site.export.column_types import Column, as_fields
from app.site.export.json_parts import WORD_COLUMNS
from app.site.status.status import Status
from app.web.urls import absolute_url, url

COLUMNS: list[Column[tuple[str, Column[Any]]]] = [
    Column("list", "The list, as addresses name it.", lambda entry: entry[0]),
    Column(
        "column",
        "Name of the column in its files and of the field in JSON.",
        lambda entry: entry[1].name,
    ),
    Column(
        "holds", "Text, list, count, number, flag, day or moment.", lambda entry: entry[1].holds
    ),
    Column("description", "What it means.", lambda entry: _(entry[1].description)),
]


def entries() -> Iterator[tuple[str, Column[Any]]]:
    """Yield each column with the name of its list."""
    lists = [(each.path_name(), each.columns) for each in RESOURCES]
    for name, columns in (*lists, ("by_word", WORD_COLUMNS), ("status", Status.columns)):
        for column in columns:
            yield name, column


def dictionary_file(request: Request, edition: IndexedEdition) -> Response:
    """Return the dictionary in the format of the file extension."""
    rows = list(entries())
    page = f"{url('dictionary')}?edition={edition.no}"
    file = responses.ListFile(
        "dictionary", _("Data dictionary"), page, len(rows), ("list", "column"), is_described=False
    )
    if request.url.path.endswith("/dictionary.json"):
        items = [as_fields(COLUMNS, entry) for entry in rows]
        body = {
            "edition": edition.no,
            "permalink": absolute_url(request, file.beside(".json")),
            "items": items,
        }
        return responses.list_response(request, edition, body)
    return responses.table_response(request, edition, file, COLUMNS, rows)
