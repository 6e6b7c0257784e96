"""Events as GeoJSON (RFC 7946), located at the cities and towns that they name."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from app.record.names.directory import Directory
from app.record.payloads import form_of
from app.record.reads.event_context import named_places
from app.site.export.column_types import CHUNK, Column, as_fields
from app.site.export.list_columns import ColumnRow
from app.vocabulary.record import SETTLEMENTS

R = TypeVar("R")

MEDIA_TYPE = "application/geo+json"


def as_geojson(about: dict[str, Any], features: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a feature collection in chunks. `about` are additional members before the features."""
    head = json.dumps(
        {"type": "FeatureCollection", **about}, ensure_ascii=False, separators=(",", ":")
    )
    buffer = io.StringIO()
    buffer.write(head[:-1] + ',"features":[')
    separator = ""
    for feature in features:
        buffer.write(separator + json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        separator = ",\n"
        if buffer.tell() > CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue() + "]}"


def feature(
    columns: Sequence[Column[R]], row: R, geometry: dict[str, Any] | None
) -> dict[str, Any]:
    properties = as_fields(columns, row)
    return {
        "type": "Feature",
        "id": properties["id"],
        "geometry": geometry,
        "properties": properties,
    }


def event_geometry(row: ColumnRow, directory: Directory) -> dict[str, Any] | None:
    """Return the cities of an event, or None if no position is known.

    A workplace is at its city; larger places have no point.
    """
    places = [
        directory.places[code]
        for code in named_places(form_of(row), directory)
        if directory.kind_of_place(code) in SETTLEMENTS
    ]
    points = [[place.longitude, place.latitude] for place in places if place.longitude is not None]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points} if points else None
