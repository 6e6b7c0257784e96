"""The page of the search over everything: a card, and groups of hits, best match first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.record.filters import LISTS, SearchFilters
from app.record.index import IndexSearch
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import event_payload
from app.record.search import SearchUnit
from app.record.words.months import set_apart
from app.record.words.query import PartKind, Query, QueryPart, is_too_common, parse
from app.site.cards.card import CARD_OF_KEY, Card, card_of
from app.site.components.urls import address, with_filters
from app.site.entries.entries import GROUP_OF_NOUN, FoundEntry, entries_of, of_kind
from app.site.export.list_columns import NAMED_RECORDS
from app.site.lists.summary import WordResult, too_common, with_equivalents
from app.site.search.cards import cards_of
from app.site.search.direct import MAX_IDS, DateInQuery, Direct, find_direct, split_date
from app.site.search.hits import Hit, at_citations, entry_hit, record_hit
from app.site.search.ranking import RankedRow, Ranking
from app.site.search.word_by_word import (
    Correction,
    NextStep,
    correct,
    corrected,
    next_steps,
    word_results,
)
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import url

HITS_PER_KIND = 5
ENOUGH_HITS = 5
"""With fewer hits for all words, those for some of the words follow."""
MAX_PARTIAL_HITS = 8


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind."""

    key: str
    title: str
    total: int
    list_address: str
    """Address of the filtered list; empty if the kind has none."""
    hits: Sequence[Hit]
    note: str = ""
    with_all: int = 0
    """How many have all of the words."""

    @property
    def best(self) -> float:
        return max((hit.score for hit in self.hits), default=0.0)


class SearchPage:
    """The page model of `site/search/page.html`."""

    def __init__(
        self,
        filters: SearchFilters,
        edition: IndexedEdition,
        *,
        kinds: Sequence[HitGroup],
        cards: Sequence[Card],
        query: Query | None = None,
        partial: Sequence[Hit] = (),
        missing: Sequence[QueryPart] = (),
        read_as: Sequence[Correction] = (),
        date: str = "",
        by_word: Sequence[WordResult] = (),
        steps: Sequence[NextStep] = (),
        literal: str = "",
        is_too_common: bool = False,
    ) -> None:
        words, query = filters.one("q"), query or Query()
        self.words = words
        self.query = query
        # Groups with hits, best first.
        self.groups = sorted(
            (group for group in kinds if group.hits), key=lambda group: -group.best
        )
        # All groups, in the order of the menu.
        self.kinds = kinds
        # Hits with some of the words, if few have all.
        self.partial = partial
        self.cards = cards
        # Parts that nothing has.
        self.missing = missing
        # Words that were read as a word of the record.
        self.read_as = read_as
        # The date in the query, in words.
        self.date = date
        self.address = with_filters(url("search"), filters)
        self.json_address = with_filters(url("search") + ".json", filters)
        self.lasting_address = with_filters(url("search"), filters.with_(edition=str(edition.no)))
        # Address of the search for exactly these words; empty if this is it.
        self.literal_address = (
            with_filters(url("search"), filters.with_(q=literal))
            if literal not in ("", words)
            else ""
        )
        # What each word finds, if nothing has them all.
        self.by_word = by_word
        self.steps = steps
        # Whether the words are in nearly every text, so that nothing was searched.
        self.is_too_common = is_too_common

    @property
    def hint(self) -> str:
        """What to type instead of words that were not searched."""
        return too_common(self.words) if self.is_too_common else ""

    @property
    def total(self) -> int:
        """Number of records and entries that have all of the words."""
        return sum(group.with_all for group in self.kinds)

    @property
    def is_without_result(self) -> bool:
        return bool(self.words) and not self.total and not self.is_too_common

    @property
    def also(self) -> Sequence[QueryPart]:
        """Parts that are searched in other words, too."""
        return with_equivalents(self.query)

    @property
    def also_words(self) -> str:
        return enumerate_words(part.words for part in self.also)


RECORD_GROUPS = {
    RecordKind.EVENT: ("events", N_("Events")),
    RecordKind.ESTIMATE: ("estimates", N_("Estimates")),
    RecordKind.SOURCE: ("sources", N_("Sources")),
}
ENTRY_GROUPS = {
    **{named.path: named.title for named in NAMED_RECORDS},
    "codebook": N_("Codebook"),
    "help": N_("Help"),
}


def search_page(
    db: Session, edition: IndexedEdition, filters: SearchFilters, directory: Directory
) -> SearchPage:
    words = filters.one("q")
    if direct := find_direct(db, edition, words, directory):
        return _page_of_direct(db, edition, filters, directory, direct)
    if is_too_common(parse(words, directory)):
        return SearchPage(filters, edition, kinds=[], cards=[], is_too_common=True)
    rest, date = split_date(set_apart(words))
    found = FoundByQuery(db, edition, rest, date, directory)
    literal = found.query.literal
    read_as = correct(db, edition, directory, found.missing)
    if read_as:
        found = FoundByQuery(db, edition, corrected(rest, read_as), date, directory)
    return SearchPage(
        filters,
        edition,
        query=found.query,
        kinds=found.kinds,
        partial=found.partial,
        cards=cards_of(db, edition, found.query, directory),
        missing=found.missing,
        read_as=read_as,
        date=date.in_words if date else "",
        by_word=found.by_word,
        steps=found.steps,
        literal=literal,
    )


class FoundByQuery:
    def __init__(
        self,
        db: Session,
        edition: IndexedEdition,
        words: str,
        date: DateInQuery | None,
        directory: Directory,
    ) -> None:
        query = IndexSearch(db, directory).read(words)
        if date:
            printed = [SearchUnit(date.text, is_quoted=True)] if date.text else []
            in_days = QueryPart(date.words, [SearchUnit(date.words), *printed], PartKind.DATE)
            query = Query([*query.parts, in_days])
        ranking = Ranking(db, edition, directory, query, words, date.days if date else None)
        named = Query([part for part in query.parts if part.kind is not PartKind.DATE])
        entries = entries_of(directory).find(named) if named.parts else []
        if date:
            entries = [
                replace(each, score=each.score * WITHOUT_DATE, has_all=False) for each in entries
            ]
        kinds = [*_record_groups(ranking), *_entry_groups(entries, query, "" if date else words)]
        full = sum(1 for group in kinds for hit in group.hits if hit.is_record)
        partial = _partial_hits(ranking) if query.parts and full < ENOUGH_HITS else []
        missing = _missing(ranking, entries) if query.parts else []
        is_without = query.parts and (missing or not any(group.with_all for group in kinds))
        self.query = query
        self.kinds = kinds
        self.partial = partial
        self.missing = missing
        self.by_word = word_results(ranking) if is_without else []
        self.steps = next_steps(ranking) if is_without else []


WITHOUT_DATE = 0.2
"""Share of the score of a place or outlet if the query has a date, too: it asks for records.

No place or outlet has a date, so none has all of the query.
"""


def _page_of_direct(
    db: Session,
    edition: IndexedEdition,
    filters: SearchFilters,
    directory: Directory,
    direct: Direct,
) -> SearchPage:
    """Return the page of a query that is an id, or the address of a source."""
    hits = [
        at_citations(
            record_hit(row, 1 - at / MAX_IDS / 2, Query(), directory),
            direct.citations.get(row.id, ()),
        )
        for at, row in enumerate(direct.rows)
    ]
    kinds = []
    for kind, (key, title) in RECORD_GROUPS.items():
        of_kind = [hit for hit in hits if hit.id[0] == kind]
        count = len(of_kind)
        kinds.append(HitGroup(key, _(title), count, "", of_kind, with_all=count))
    entries = [
        FoundEntry(entry, 1.0, [0], has_all=True)
        for entry in entries_of(directory).all
        if (entry.kind, entry.code) in direct.entries
    ]
    cards = [
        card_of(db, edition, noun, entry.entry.code, directory)
        for entry in entries
        for noun, key in GROUP_OF_NOUN.items()
        if key == entry.entry.kind and noun in CARD_OF_KEY
    ]
    return SearchPage(
        filters, edition, kinds=[*kinds, *_entry_groups(entries, Query())], cards=cards
    )


def _missing(ranking: Ranking, entries: Sequence[FoundEntry]) -> list[QueryPart]:
    parts = range(len(ranking.query.parts))
    named = {number for each in entries for number in (parts if each.has_all else each.parts)}
    return [
        part
        for number, part in enumerate(ranking.query.parts)
        if not (part.is_excluded or ranking.counts[number] or number in named)
    ]


def _record_groups(ranking: Ranking) -> Iterable[HitGroup]:
    cited: dict[str, float] = {}
    for kind, (key, title) in RECORD_GROUPS.items():
        if not ranking.query.parts:
            yield HitGroup(key, _(title), 0, "", [])
            continue
        filters = ranking.filters(kind)
        total = len(ranking.with_all(kind))
        hits = _hits(ranking, ranking.rank(kind, HITS_PER_KIND, is_partial=False), cited)
        if kind in CITING_KINDS or hits or not cited:
            is_list = total and not ranking.has_printed_dates(kind)
            yield HitGroup(
                key, _(title), total, address(filters) if is_list else "", hits, with_all=total
            )
            continue
        sources = [hit for hit in _cited_hits(ranking, cited) if hit]
        note = _("Reports cited by the records found")
        yield HitGroup(key, _(title), len(sources), "", sources, note)


def _hits(
    ranking: Ranking, ranked: Sequence[RankedRow], cited: dict[str, float] | None = None
) -> list[Hit]:
    """Return hits for ranked rows. Adds the sources that they cite to `cited`, with a score."""
    rows = backend.rows_by_seq(ranking.db, [each.seq for each in ranked])
    hits = []
    for each in ranked:
        if (row := rows.get(each.seq)) is None:
            continue
        query = Query([ranking.query.parts[number] for number in each.parts])
        hits.append(record_hit(row, each.score, query, ranking.directory))
        if cited is not None and row.id[0] in CITING_KINDS:
            for id in event_payload(row)["sources"]:
                cited.setdefault(id, each.score)
    return hits


CITED_SHARE = 0.8
"""Of the score of a record that cites a source, for a source without the words itself."""


def _cited_hits(ranking: Ranking, cited: Mapping[str, float]) -> Iterable[Hit]:
    rows = backend.rows_by_id(ranking.db, ranking.edition, [*cited][:HITS_PER_KIND])
    for id in [*cited][:HITS_PER_KIND]:
        if row := rows.get(id):
            hit = record_hit(row, CITED_SHARE * cited[id], Query(), ranking.directory)
            yield replace(hit, why=_("Cited by a record found"))


def _partial_hits(ranking: Ranking) -> list[Hit]:
    ranked = [row for kind in LISTS for row in ranking.rank(kind, HITS_PER_KIND, is_partial=True)]
    ranked = sorted(ranked, key=lambda row: -row.score)[:MAX_PARTIAL_HITS]
    return _hits(ranking, ranked)


def _entry_groups(found: Sequence[FoundEntry], query: Query, words: str = "") -> Iterable[HitGroup]:
    """Yield the groups of entries. `words`: the query by which their lists find the same."""
    for key, title in ENTRY_GROUPS.items():
        those = of_kind(found, key)
        hits = [entry_hit(each, query) for each in those[:HITS_PER_KIND]]
        with_all = sum(each.has_all for each in those)
        listed = ""
        if those and words and key in GROUP_OF_NOUN.values():
            listed = with_filters(url(key), SearchFilters.made_of({"q": [words]}, {}))
        yield HitGroup(key, _(title), len(those), listed, hits, with_all=with_all)
