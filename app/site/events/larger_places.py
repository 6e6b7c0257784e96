"""Events that name only a larger place around the requested ones, such as a rule for a region."""

from dataclasses import dataclass

from pyroaring import BitMap
from sqlalchemy.orm import Session

from app.i18n.formats import enumerate_words
from app.i18n.translate import ngettext
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.rules.containment import places_and_ancestors
from app.site.components.urls import with_filters
from app.vocabulary.record import PlaceKind
from app.web.urls import url


@dataclass(frozen=True)
class LargerPlaces:
    words: str
    address: str
    """The rules on a date, which include those of larger places."""


def larger_places(
    db: Session, edition: IndexedEdition, filters: EventFilters, directory: Directory
) -> LargerPlaces | None:
    """Count the events that match but for their place, a larger one; None without any.

    The world is left out: what goes out to it from one country is no event of every other.
    """
    places = filters["place"]
    around = [
        code
        for code in places_and_ancestors(places, directory.places) - set(places)
        if directory.kind_of_place(code) is not PlaceKind.WORLD
    ]
    matching = backend.match(db, edition, filters, directory)
    others = matching.all_but("place") - matching.answers
    named = {code: others & matching.index.terms.of("names", code) for code in around}
    count = len(BitMap.union(BitMap(), *named.values()))
    if not count:
        return None
    labels = sorted(directory.label("place", code) for code, rows in named.items() if rows)
    words = ngettext(
        "{count} more event is only in a larger place: {{places}}.",
        "{count} more events are only in a larger place: {{places}}.",
        count,
    )
    kept = {key: filters[key] for key in ("place", "nationality", "edition")}
    return LargerPlaces(
        words.format(places=enumerate_words(labels)),
        with_filters(url("status"), StatusFilters.made_of(kept, {})),
    )
