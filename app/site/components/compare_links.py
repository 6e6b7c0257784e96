"""Addresses of comparisons, and the places that a place may be compared with."""

from collections.abc import Iterable
from heapq import nlargest

from app.i18n.translate import _
from app.record.compare_filters import CompareFilters
from app.record.filters import EstimateFilters, EventFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.rules.containment import parents_of
from app.site.components.urls import PageLink, with_filters
from app.vocabulary.record import SETTLEMENTS
from app.web.urls import url

MAX_CANDIDATES = 500
"""Places with most entries, among which neighbours are looked for."""


def compare_address(filters: CompareFilters, suffix: str = "") -> str:
    return with_filters(url("compare-places") + suffix, filters)


def address_of_places(codes: Iterable[str]) -> str:
    return compare_address(CompareFilters.made_of({"place": tuple(codes)}, {}))


def neighbours(edition: IndexedEdition, directory: Directory, code: str, most: int) -> list[str]:
    """Return places of the same kind, those with most entries first.

    Places of the same country come before others. Runs no SQL.
    """
    counts = entries_of_places(edition)
    is_town = directory.kind_of_place(code) in SETTLEMENTS
    around = {*parents_of(code, directory.places)}

    def is_like(other: str) -> bool:
        kind = directory.kind_of_place(other)
        return kind in SETTLEMENTS if is_town else kind is directory.kind_of_place(code)

    country = _country(code, directory)

    def rank(other: str) -> tuple[bool, int, str]:
        is_same = bool(country) and _country(other, directory) == country
        return not is_same, -counts[other], other

    others = [
        other
        for other in nlargest(MAX_CANDIDATES, counts, key=lambda each: (counts[each], each))
        if other != code and other in directory.places and other not in around and is_like(other)
    ]
    return sorted(others, key=rank)[:most]


def entries_of_places(edition: IndexedEdition) -> dict[str, int]:
    """Return the number of events and estimates of each place, with places within it."""
    counts: dict[str, int] = {}
    for kind in (EventFilters.KIND, EstimateFilters.KIND):
        for code, count in edition.indexes[kind].term_counts.of("place").items():
            counts[code] = counts.get(code, 0) + count
    return counts


def _country(code: str, directory: Directory) -> str:
    places = directory.places
    return next(
        (
            places[each].country
            for each in [code, *parents_of(code, places)]
            if each in places and places[each].country
        ),
        "",
    )


MAX_NEIGHBOURS = 2


def compare_links(edition: IndexedEdition, directory: Directory, code: str) -> list[PageLink]:
    """Return links to comparisons of a place with its two likeliest neighbours."""
    return [
        PageLink(
            _("Compare with {place}").format(place=directory.label("place", other)),
            address_of_places([code, other]),
        )
        for other in neighbours(edition, directory, code, MAX_NEIGHBOURS)
    ]
