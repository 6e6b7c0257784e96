"""The filters of `/compare`: places side by side. Unlike in lists, two places are no "or"."""

from collections.abc import Sequence
from typing import ClassVar

from app.filter_values import OneDay
from app.filtering import DroppedParameter, Filter, Filters, Pairs
from app.i18n.translate import N_
from app.record.filters import EDITION_FILTER, EventFilters
from app.record.names.directory import Directory
from app.record.names.place_search import places_by_name
from app.vocabulary.record import PlaceKind

MAX_COMPARED = 4


class CompareFilters(Filters):
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        EventFilters.by_key()["place"],
        OneDay("date", "Date", "The day of the rules. The default is the day of the edition."),
        EDITION_FILTER,
    )


def parse_compared(
    pairs: Pairs, directory: Directory
) -> tuple[CompareFilters, Sequence[DroppedParameter]]:
    """Parse a query. Places may be given by name; only the first four that have a page remain.

    `not_place` has no meaning: nothing is excluded from a comparison.
    """
    read, unknown = places_by_name(pairs, directory)
    filters, dropped = CompareFilters.from_pairs(read)
    filters = directory.led_on(filters)
    excluded = [
        DroppedParameter("not_place", code, N_("can’t be used here: each place is a column"))
        for code in filters.excluded.get("place", ())
    ]
    sites = [code for code in filters["place"] if _is_site(code, directory)]
    places = [code for code in filters["place"] if code not in sites]
    no_page = [
        DroppedParameter("place", code, N_("is a workplace; compare its city instead"))
        for code in sites
    ]
    too_many = [
        DroppedParameter("place", code, N_("is a fifth place; at most four can be compared"))
        for code in places[MAX_COMPARED:]
    ]
    kept = filters.made_of({**filters.included, "place": places[:MAX_COMPARED]}, {})
    return kept, [*dropped, *unknown, *excluded, *no_page, *too_many]


def _is_site(code: str, directory: Directory) -> bool:
    return code in directory.places and directory.kind_of_place(code) is PlaceKind.SITE
