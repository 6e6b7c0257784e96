"""Parts of the JSON of a list: its rows, its facets, and what its words find."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.caches import Cache
from app.filtering import Terms
from app.record.filters import ListFilters
from app.record.index.edition import IndexedEdition
from app.record.index.results import ListCounts
from app.record.lists.backend import PagePositions
from app.record.names.directory import Directory
from app.record.words.query import is_too_common, parse
from app.site.export.columns import Column, ColumnType, as_fields, compact_json, row_as_json
from app.site.lists.summary import WordResult, list_words, too_common

JSON_CACHE: Cache[str] = Cache("cards")


def rows_as_json(db: Session, kind: str, page: PagePositions, directory: Directory) -> list[str]:
    """Return the rows of a page as JSON. Only rows missing in the cache are read from SQL."""

    def write(seqs: Collection[int]) -> dict[int, str]:
        return {
            seq: compact_json(row_as_json(kind, row)) for seq, row in page.rows(db, [*seqs]).items()
        }

    # Rows of past editions have been read already; never cached.
    if page.read:
        return [*write(page.read).values()]
    # JSON has no names in it. The directory is in the key because a purge replaces it, so that
    # purged rows are never served from the cache.
    found = JSON_CACHE.of_each({place.seq: (place.seq, directory) for place in page.places}, write)
    return [found[place.seq] for place in page.places if place.seq in found]


class RawJson(str):
    """Text that is JSON already: `json_response` inserts it unchanged."""


def facets_as_json(filters: ListFilters, counted: ListCounts, directory: Directory) -> RawJson:
    """Return, for each key, all codes with rows; for closed lists, all but rare codes."""
    return RawJson(
        f"{{{','.join(_facet_json(key, filters, counted, directory) for key in filters.terms())}}}"
    )


def _facet_json(key: Terms, filters: ListFilters, counted: ListCounts, directory: Directory) -> str:
    counts, chosen = counted.facets.get(key.key, {}), filters[key.key]
    ends = {True: ',"selected":true}', False: ',"selected":false}'}
    codes = (
        f"{_code_json(key.vocabulary, code, directory)}{counts.get(code, 0)}{ends[code in chosen]}"
        for code in _codes(key.offered, counts, chosen)
    )
    return f"{compact_json(key.key)}:[{','.join(codes)}]"


@lru_cache(20_000)
def _code_json(vocabulary: str, code: str, directory: Directory) -> str:
    """Return the beginning of a code's object, up to its count."""
    label = directory.label(vocabulary, code)
    return f'{{"code":{compact_json(code)},"label":{compact_json(label)},"count":'


def _codes(offered: Sequence[str], counts: Any, chosen: Sequence[str]) -> list[str]:
    """Return the offered codes in their order, then others: most frequent first, then by code."""
    rest = {*counts, *chosen} - set(offered)
    return [*offered, *sorted(rest, key=lambda code: (-counts.get(code, 0), code))]


WORD_COLUMNS: list[Column[WordResult]] = [
    Column("words", "A word or phrase of a search that finds nothing.", lambda word: word.words),
    Column(
        "total",
        "How many records of the list it finds alone, with the other filters.",
        lambda word: word.in_list,
        ColumnType.COUNT,
    ),
    Column(
        "nearest",
        "If it finds none, words of the record with nearly the same letters.",
        lambda word: [link.label for link in word.nearest],
        ColumnType.LIST,
    ),
    Column("reason", "Why the record has no events of it, if so.", lambda word: word.note),
]
"""The fields of a word. They are in no file, as only a list without rows has them."""


def words_as_json(
    db: Session,
    edition: IndexedEdition,
    filters: ListFilters,
    directory: Directory,
    *,
    is_empty: bool,
) -> Mapping[str, Any]:
    words = filters.one("q")
    read = list_words(db, edition, filters, directory, is_empty=is_empty)
    is_common = bool(words) and read is None and is_too_common(parse(words, directory))
    return {
        "hint": too_common(words) if is_common else "",
        "also": {part.words: part.equivalents for part in read.also} if read else {},
        "by_word": [as_fields(WORD_COLUMNS, word) for word in read.by_word] if read else [],
    }
