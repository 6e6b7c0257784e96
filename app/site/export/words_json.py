"""What the JSON of a list says about the words of a search, as its page does."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.record.filters import ListFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.words.query import is_too_common, parse
from app.site.export.column_types import Column, ColumnType, as_fields
from app.site.lists.summary import WORDING, too_common
from app.site.lists.words import WordResult, list_words

COLUMNS: list[Column[WordResult]] = [
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
    some, words = WORDING[filters.KIND].some, filters.one("q")
    read = list_words(db, edition, filters, directory, some, is_empty=is_empty)
    is_common = bool(words) and read is None and is_too_common(parse(words, directory))
    return {
        "hint": too_common(words) if is_common else "",
        "also": {part.words: part.equivalents for part in read.also} if read else {},
        "by_word": [as_fields(COLUMNS, word) for word in read.by_word] if read else [],
    }
