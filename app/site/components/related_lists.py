"""Links from a place to its lists and rules: the same on its page, its card and its rules."""

from app.i18n.translate import _, ngettext
from app.record.filters import EstimateFilters, EventFilters, SourceFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.site.components.urls import PageLink, address, with_filters
from app.web.urls import url


def related_lists(edition: IndexedEdition, place: str) -> list[PageLink]:
    """Return links with counts, which include places within the place. Runs no SQL."""

    def count(kind: str) -> int:
        return edition.indexes[kind].term_counts.of("place").get(place, 0)

    events, estimates, sources = (
        filters.made_of({"place": (place,)}, {})
        for filters in (EventFilters, EstimateFilters, SourceFilters)
    )
    status = StatusFilters.made_of({"place": (place,)}, {})
    return [
        PageLink(ngettext("{count} event", "{count} events", count(events.KIND)), address(events)),
        PageLink(
            ngettext("{count} estimate", "{count} estimates", count(estimates.KIND)),
            address(estimates),
        ),
        PageLink(
            ngettext("{count} source", "{count} sources", count(sources.KIND)), address(sources)
        ),
        PageLink(_("Rules on a date"), with_filters(url("status"), status)),
    ]
