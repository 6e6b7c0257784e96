"""The table of cities as files and feeds."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.filters import CityFilters, EstimateFilters, EventFilters, ListFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads.recent_changes import latest_changes, recent_changes
from app.record.rules.containment import place_and_ancestors
from app.site.cities import city_rows
from app.site.cities.cities import view_of_cities
from app.site.export import geojson
from app.site.export.column_types import as_fields
from app.site.export.feeds import MAX_ENTRIES, Feed, build_feed, feed_entries
from app.site.export.responses import (
    ListFile,
    feed_response,
    geojson_response,
    json_heading,
    list_response,
    table_response,
)
from app.site.references import feed_links
from app.site.references.feed_links import followed_filters
from app.vocabulary.estimates import Counts, Nature
from app.vocabulary.record import SETTLEMENTS


def cities_as_json(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: CityFilters,
    directory: Directory,
) -> dict[str, Any]:
    view = view_of_cities(edition, filters, directory)
    found = city_rows.matching_cities(db, edition, filters, directory)
    items = [as_fields(city_rows.COLUMNS, row) for row in found]
    file = ListFile(view.name, view.title, view.address, len(items))
    return json_heading(request, edition, filters, file) | {"total": len(items), "items": items}


def cities_file(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: CityFilters,
    directory: Directory,
) -> Response:
    """Return the table of cities as a file or feed, by the suffix of the URL."""
    suffix = request.url.path.partition(".")[2]
    if f".{suffix}" in feed_links.ENDINGS:
        return feed_response(
            request, feed_of_cities(request, db, edition, filters, directory), edition
        )
    if suffix == "json":
        return list_response(
            request, edition, cities_as_json(request, db, edition, filters, directory)
        )
    found = city_rows.matching_cities(db, edition, filters, directory)
    view = view_of_cities(edition, filters, directory)
    file = ListFile(view.name, view.title, view.address, len(found))
    if suffix == "geojson":
        features = (
            geojson.feature(
                city_rows.COLUMNS, row, geojson.places_geometry([row.place.code], directory)
            )
            for row in found
        )
        return geojson_response(request, edition, file, features)
    return table_response(request, edition, file, city_rows.COLUMNS, found)


def feed_of_cities(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: CityFilters,
    directory: Directory,
) -> Feed:
    """Return the feed of new or changed estimates and events of the selected cities and towns."""
    followed, codes = followed_filters(filters), _cities_in(filters["place"], directory)
    recent = [
        each
        for lists in _lists_to_follow(filters)
        for each in recent_changes(db, edition, lists.with_(place=codes), directory, MAX_ENTRIES)
        if codes
    ]
    name = view_of_cities(edition, followed, directory).title
    return build_feed(
        request,
        edition,
        name,
        followed,
        feed_entries(request, latest_changes(recent, MAX_ENTRIES), directory),
    )


def _cities_in(areas: Sequence[str], directory: Directory) -> list[str]:
    places = directory.places
    cities = [code for code in places if directory.kind_of_place(code) in SETTLEMENTS]
    return [code for code in cities if not areas or set(areas) & place_and_ancestors(code, places)]


def _lists_to_follow(filters: CityFilters) -> list[ListFilters]:
    """Return the lists that the feed follows: all, or those selected by the `has` filter."""
    wanted = set(filters["has"]) or {"figures", "events"}
    stocks: dict[str, list[str]] = {"counts": [Counts.PRESENT], "nature": [Nature.OBSERVED]}
    figures = {} if "figures" in wanted else stocks
    lists: list[ListFilters] = (
        [EstimateFilters.made_of(figures, {})] if wanted & {"figures", "stock"} else []
    )
    return [*lists, EventFilters()] if "events" in wanted else lists
