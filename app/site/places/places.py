"""The page `/places`: every place that the record names, with what is on record there."""

from collections.abc import Sequence

from app.filtering import DroppedParameter
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EstimateFilters, EventFilters, PlaceListFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.rules.containment import parents_of, place_and_ancestors
from app.site.components.place_links import short_names
from app.site.components.urls import place_page_address
from app.site.entries.entries import codes_named
from app.site.lists.named_list import (
    NamedList,
    NamedListRow,
    NamedListWording,
    codes_by_label,
    kinds_in_use,
    named_list,
    uses_by_code,
)
from app.vocabulary.record import PlaceKind

WORDING = NamedListWording(
    page="places",
    title=N_("Places"),
    lede=N_(
        "All places in the record, from towns to countries. Counts include places within a place."
    ),
    found=lambda count: ngettext("{count} place", "{count} places", count),
    search=N_("Search places"),
    columns=[N_("Events"), N_("Estimates"), N_("Sources")],
)


def places(
    edition: IndexedEdition,
    query: tuple[PlaceListFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> NamedList:
    """Return the list. Runs no SQL: the directory has the names, the index the counts."""
    uses = uses_by_code(edition, (EventFilters, EstimateFilters, SourceFilters), "place")
    rows = []
    for code, place in directory.places.items():
        above = parents_of(code, directory.places, PlaceKind.COUNTRY)
        rows.append(
            NamedListRow(
                code=code,
                label=directory.label("place", code),
                address=place_page_address(directory, code),
                names=short_names(directory, code),
                all_names=[name.text for name in place.names],
                kind=_(place.kind.label),
                detail=enumerate_words(directory.label("place", other) for other in above),
                terms={
                    "level": frozenset({str(place.kind)}),
                    "place": frozenset(place_and_ancestors(code, directory.places)),
                },
                uses=uses(code),
            )
        )
    areas = {
        other for place in directory.places.values() for other in (place.parent, *place.regions)
    } & directory.places.keys()
    offered = {
        "level": kinds_in_use(PlaceKind, (place.kind for place in directory.places.values())),
        "place": codes_by_label("place", areas, directory),
    }
    named = codes_named(query[0].one("q"), WORDING.page, directory)
    return named_list(query, rows, WORDING, offered, named, directory=directory, edition=edition.no)
