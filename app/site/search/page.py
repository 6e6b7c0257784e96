"""The page of the search over everything: a card, and groups of hits, best match first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n.translate import N_, _
from app.record.filters import LISTS, ListFilters, SearchFilters
from app.record.index import IndexSearch
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.words.query import Query
from app.site.cards.card import Card, card_of
from app.site.components.urls import address, with_filters
from app.site.search.entries import entries_of
from app.site.search.hits import Hit, entry_hit, record_hit
from app.vocabulary.kinds import RecordKind
from app.web.urls import url

HITS_PER_KIND = 5


@dataclass(frozen=True)
class Group:
    """The hits of one kind."""

    key: str
    title: str
    total: int
    list_address: str
    """Address of the filtered list; empty if the kind has none."""
    hits: Sequence[Hit]

    @property
    def best(self) -> float:
        return max((hit.score for hit in self.hits), default=0.0)


@dataclass(frozen=True)
class SearchPage:
    """The page model of `site/search/page.html`."""

    words: str
    groups: Sequence[Group]
    """Groups with hits, best first."""
    kinds: Sequence[Group]
    """All groups, in the order of the menu."""
    cards: Sequence[Card]
    address: str
    json_address: str
    lasting_address: str

    @property
    def total(self) -> int:
        return sum(group.total for group in self.kinds)


RECORD_GROUPS = {
    RecordKind.EVENT: ("events", N_("Events")),
    RecordKind.ESTIMATE: ("estimates", N_("Estimates")),
    RecordKind.SOURCE: ("sources", N_("Sources")),
}
ENTRY_GROUPS = {
    "places": N_("Places"),
    "outlets": N_("Outlets"),
    "codebook": N_("Codebook"),
    "help": N_("Help"),
}
MAX_CARDS = 2


def search_page(
    db: Session, edition: IndexedEdition, filters: SearchFilters, directory: Directory
) -> SearchPage:
    words = filters.one("q")
    query = IndexSearch(db, directory).read(words)
    kinds = [
        *_record_groups(db, edition, words, query, directory),
        *_entry_groups(query, directory),
    ]
    return SearchPage(
        words=words,
        groups=sorted((group for group in kinds if group.hits), key=lambda group: -group.best),
        kinds=kinds,
        cards=_cards(db, edition, query, directory),
        address=with_filters(url("search"), filters),
        json_address=with_filters(url("search") + ".json", filters),
        lasting_address=with_filters(url("search"), filters.with_(edition=str(edition.no))),
    )


def _record_groups(
    db: Session, edition: IndexedEdition, words: str, query: Query, directory: Directory
) -> Iterable[Group]:
    for kind, (key, title) in RECORD_GROUPS.items():
        lists: type[ListFilters] = LISTS[kind]
        filters = lists.made_of({"q": [words]} if query.parts else {}, {})
        if not query.parts:
            yield Group(key, _(title), 0, "", [])
            continue
        total = backend.match(db, edition, filters, directory).total
        page = backend.page_positions(
            db, edition, filters.with_(sort="relevance"), directory, HITS_PER_KIND
        )
        rows = page.rows(db, [place.seq for place in page.places])
        hits = [
            record_hit(rows[place.seq], place.rank, query, directory)
            for place in page.places
            if place.seq in rows
        ]
        yield Group(key, _(title), total, address(filters), hits)


def _entry_groups(query: Query, directory: Directory) -> Iterable[Group]:
    found = entries_of(directory).find(query) if query.parts else []
    for key, title in ENTRY_GROUPS.items():
        of_kind = [each for each in found if each.entry.kind == key]
        hits = [entry_hit(each, query) for each in of_kind[:HITS_PER_KIND]]
        yield Group(key, _(title), len(of_kind), "", hits)


def _cards(db: Session, edition: IndexedEdition, query: Query, directory: Directory) -> list[Card]:
    """Return the cards of what the words name, in the order of the words."""
    known: Mapping[str, Mapping[str, object]] = {
        "place": directory.places,
        "outlet": directory.outlets,
        "actor": directory.actors,
    }
    named = dict.fromkeys(
        (key, code)
        for part in query.parts
        if not part.is_excluded
        for key, code in part.terms
        if code in known.get(key, {})
    )
    return [card_of(db, edition, key, code, directory) for key, code in [*named][:MAX_CARDS]]
