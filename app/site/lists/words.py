"""What each word of a search finds, with the words nearest to one that finds nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from app.i18n.formats import enumerate_words
from app.record.filters import ListFilters, SearchFilters
from app.record.index import IndexSearch, Matching
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads.lexicon import lexicon_of
from app.record.words.query import PartKind, Query, QueryPart, is_too_common
from app.site.components.urls import PageLink, address, with_filters
from app.web.urls import url

MAX_NEAREST = 3
MAX_WORDS = 8
"""Words of a list that are searched one by one: each costs a statement."""


@dataclass(frozen=True)
class WordResult:
    """What one part of a query finds."""

    words: str
    also: Sequence[str]
    found: Sequence[PageLink]
    """Numbers of records of each list that have it, linked to the list."""
    nearest: Sequence[PageLink]
    """Words of the record with nearly the same letters, if it finds nothing."""
    is_quoted: bool
    note: str
    """Why the record has no events of it, if so."""
    in_list: int = 0
    """Of the words of a list: how many of its records have it, under the other filters."""


def word_result(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    *,
    part: QueryPart,
    found: Sequence[PageLink],
    address_of: Callable[[str], str],
) -> WordResult:
    """Return the result of a part; `address_of` gives the search for a nearest word instead."""
    nearest: Sequence[str] = ()
    if not found and part.kind is PartKind.WORD:
        nearest = lexicon_of(db, edition, directory).nearest(part.words, MAX_NEAREST)
    return WordResult(
        part.words.strip('"'),
        part.equivalents,
        found,
        [PageLink(word, address_of(word)) for word in nearest],
        part.units[0].is_quoted,
        part.note,
    )


def with_equivalents(query: Query) -> list[QueryPart]:
    """Return the parts that are searched in other words, too."""
    return [part for part in query.wanted if part.equivalents and part.kind is not PartKind.DATE]


@dataclass(frozen=True)
class ListWords:
    """How a list has read the words of its search field."""

    words: str
    also: Sequence[QueryPart]
    """Parts that are searched in other words, too."""
    exact_address: str
    """Address of the list with exactly these words; empty if this is it."""
    everything_address: str
    """Address of the search of everything for the words."""
    by_word: Sequence[WordResult]
    """What each word finds under the other filters, if the list is empty."""

    @property
    def also_words(self) -> str:
        return enumerate_words(part.words for part in self.also)


def list_words(
    db: Session,
    edition: IndexedEdition,
    filters: ListFilters,
    directory: Directory,
    some: Callable[[int], str],
    *,
    is_empty: bool,
) -> ListWords | None:
    """Return how the words of a list were read; None if there are none, or all are too common.

    An empty list costs a statement for each word; others cost none.
    """
    words = filters.one("q")
    search = IndexSearch(db, directory)
    query = search.read(words) if words else Query()
    if not query.parts or is_too_common(query):
        return None
    literal = query.literal
    return ListWords(
        words,
        with_equivalents(query),
        address(filters.with_(q=literal)) if literal not in ("", words) else "",
        with_filters(url("search"), SearchFilters.made_of({"q": [words]}, {})),
        _by_word(db, edition, filters, directory, query=query, some=some) if is_empty else [],
    )


def _by_word(
    db: Session,
    edition: IndexedEdition,
    filters: ListFilters,
    directory: Directory,
    *,
    query: Query,
    some: Callable[[int], str],
) -> list[WordResult]:
    search, index = IndexSearch(db, directory), edition.indexes[filters.KIND]
    results = []
    for part in query.wanted[:MAX_WORDS]:
        alone = filters.with_(q=part.query)
        count = len(Matching.of(index, alone, search).answers)
        found = [PageLink(some(count), address(alone))] if count else []
        result = word_result(
            db,
            edition,
            directory,
            part=part,
            found=found,
            address_of=partial(_instead, filters, part),
        )
        results.append(replace(result, in_list=count))
    return results


def _instead(filters: ListFilters, part: QueryPart, word: str) -> str:
    """Return the address of the list with another word in place of this one."""
    return address(filters.with_(q=filters.one("q").replace(part.words, word)))
