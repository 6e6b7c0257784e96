"""Cached rows of common words, because PostgreSQL visits a page for nearly every row to find them.

They are read in batches after an index is built, and carried over to the next editions.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pyroaring import BitMap
from sqlalchemy import ColumnElement, String, any_, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.record.filters import LISTS
from app.record.index.searching import IndexSearch
from app.record.models import Version
from app.record.search import (
    BIGRAM_LENGTH,
    CJK_RUN,
    CYRILLIC,
    SearchGroups,
    SearchUnit,
    split_scripts,
)
from app.record.sql.rows import Seqs, execute_binary, pack_seqs, unpack_seqs

MIN_ROWS = 20_000
"""Rows of a common word, of all kinds and editions. PostgreSQL finds fewer rows in 25 ms."""
MAX_WORDS = 500
MAX_BYTES = 32_000_000
"""Memory limit for the bitmaps of all common words of all lists."""
MAX_LEXEMES = 10_000
WORD_ROWS_PER_STATEMENT = 25_000
"""Rows read in one statement, which takes 0.25 s."""
NOTHING = BitMap()


@dataclass(frozen=True)
class CommonWords:
    """The rows of one kind by lexeme or, in CJK scripts, by bigram."""

    rows: Mapping[str, BitMap]
    later: Mapping[str, BitMap] = field(default_factory=dict)
    """Rows of later editions, separate so that ten new rows do not copy bitmaps of a million."""
    lexemes: dict[str, str | None] = field(default_factory=dict, compare=False)
    """Cache of `Search.lexemes`."""

    def learn(self, groups: SearchGroups, search: IndexSearch) -> None:
        """Add the lexemes of these words to the cache; at most one statement."""
        each = [split_scripts(unit.words) for group in groups for unit in group]
        if new := {words for runs, words in each if not runs} - self.lexemes.keys():
            if len(self.lexemes) > MAX_LEXEMES:
                self.lexemes.clear()
            self.lexemes.update(search.lexemes(new))

    def of(self, unit: SearchUnit, every: BitMap) -> BitMap | None:
        """Return the rows with the unit; None if only PostgreSQL can find them."""
        if unit.is_literal:  # other endings have the same lexeme
            return None
        runs, words = split_scripts(unit.words)
        if runs:
            is_pair = len(runs) == 1 and len(runs[0]) == BIGRAM_LENGTH and not words
            return self._having(runs[0]) if is_pair else None
        if CYRILLIC.search(words):  # rows of earlier releases have it with its ending
            return None
        lexeme = self.lexemes.get(words)
        if lexeme == "":  # a stop word: "the" matches every row, "-the" excludes none
            return NOTHING if unit.is_excluded else every
        return None if lexeme is None else self._having(lexeme)

    def _having(self, word: str) -> BitMap | None:
        rows = self.rows.get(word)
        return rows | self.later[word] if rows is not None and word in self.later else rows

    def onward(self, more: Mapping[str, BitMap]) -> "CommonWords":
        """Return a copy with more rows."""
        later = {word: self.later.get(word, NOTHING) | rows for word, rows in more.items()}
        return replace(self, later={**self.later, **later})


def read_common_words(db: Session) -> list[str]:
    """Return the common words by PostgreSQL's statistics, most frequent first."""
    rows = db.execute(SELECT_COMMON_WORDS, {"least": MIN_ROWS})
    # CJK words are indexed as bigrams in the column `cjk`.
    words = [
        word
        for column, word in rows
        if (len(word) == BIGRAM_LENGTH if column == "cjk" else not CJK_RUN.search(word))
    ]
    return words[:MAX_WORDS]


SELECT_COMMON_WORDS = text("""
    SELECT attname, word FROM pg_stats, pg_class,
      unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
    WHERE pg_class.oid = 'record.version'::regclass AND schemaname = 'record' AND tablename = 'version'
      AND attname IN ('search', 'cjk') AND word IS NOT NULL AND share * reltuples >= :least
    ORDER BY share DESC, word
""")  # noqa: E501
"""`most_common_elem_freqs` ends with overall statistics, for which the word is null."""


def read_rows_with(
    db: Session, words: Collection[str], wanted: ColumnElement[bool]
) -> Iterator[tuple[str, str, Seqs]]:
    """Yield kind, word and `seq` of the wanted rows with each word; at most two statements."""
    for column in (Version.search, Version.cjk):
        words_in_column = [
            word for word in words if (CJK_RUN.search(word) is not None) == (column is Version.cjk)
        ]
        if words_in_column:
            each = select(
                Version.kind, Version.seq, func.unnest(func.tsvector_to_array(column)).label("word")
            )
            unnested = each.where(Version.kind.in_(LISTS), Version.is_live, wanted).subquery()
            is_wanted = unnested.c.word == any_(
                cast(literal(words_in_column, ARRAY(String)), ARRAY(String))
            )
            statement = (
                select(unnested.c.kind, unnested.c.word, pack_seqs(unnested.c.seq))
                .where(is_wanted)
                .group_by(unnested.c.kind, unnested.c.word)
            )
            for kind, word, seqs in execute_binary(db, statement):
                yield kind, word, unpack_seqs(seqs)


def drop_rarest_words(found: Mapping[str, dict[str, BitMap]]) -> None:
    """Remove the least frequent words from `found` until it fits into MAX_BYTES."""
    sizes = {
        word: (sum(map(len, sets)), sum(map(_size_in_bytes, sets)))
        for word in next(iter(found.values()))
        for sets in [[rows[word] for rows in found.values()]]
    }
    total = sum(size for _count, size in sizes.values())
    for word in sorted(sizes, key=lambda word: sizes[word]):
        if total <= MAX_BYTES:
            return
        total -= sizes[word][1]
        for rows in found.values():
            del rows[word]


def _size_in_bytes(rows: BitMap) -> int:
    statistics = rows.get_statistics()
    return (
        statistics["n_bytes_array_containers"]
        + statistics["n_bytes_run_containers"]
        + statistics["n_bytes_bitset_containers"]
    )
