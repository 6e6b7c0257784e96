"""Full-text search for an index, by PostgreSQL."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap
from sqlalchemy import (
    ColumnElement,
    Float,
    LargeBinary,
    Numeric,
    String,
    any_,
    cast,
    func,
    literal,
    not_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.record import search
from app.record.filters import LISTS
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.search import (
    BIGRAM_LENGTH,
    CJK_RUN,
    SearchGroups,
    SearchUnit,
    split_scripts,
)
from app.record.sql.rows import Seqs, execute_binary, fetch_seqs, is_one_of, pack_seqs, unpack_seqs
from app.record.words.query import Query, parse
from app.record.words.stems import STOP_WORDS, stem

MAX_SEQS_SENT = 10_000
"""Rows that are ranked by their numbers; of more, all with the words are ranked."""


@dataclass(frozen=True)
class IndexSearch:
    """Searches in one session, with the names of one edition."""

    db: Session
    directory: Directory
    results: dict[str, Seqs] = field(default_factory=dict, compare=False)
    """Searches of this session: the indexes of several kinds ask for the same words."""
    parsed: dict[str, Query] = field(default_factory=dict, compare=False)

    def read(self, query: str) -> Query:
        """Return the parts of a query, each with its other forms and equivalents."""
        if query not in self.parsed:
            self.parsed[query] = parse(query, self.directory)
        return self.parsed[query]

    def groups(self, query: str) -> SearchGroups:
        return self.read(query).groups

    def found(self, groups: SearchGroups) -> Seqs:
        """Return the `seq` of matching rows.

        Of one excluded word, the rows that have it: they are fewer. Rows of other kinds and
        editions are included: PostgreSQL would have to read more to exclude them, and the index
        ignores them.
        """
        key = repr(groups)
        if key not in self.results:
            condition = search.search_condition(groups)
            wanted = not_(condition) if groups[0][0].is_excluded else condition
            self.results[key] = fetch_seqs(self.db, select(Version.seq).where(wanted), Version.seq)
        return self.results[key]

    def ranks(self, query: str, seqs: Seqs) -> NDArray[np.float64]:
        """Return how well each of these rows matches a query."""
        if not query or not len(seqs):
            return np.zeros(len(seqs))
        # Rounded, so that the decimal text in a link equals the value in the sort order.
        groups = self.groups(query)
        rank = search.search_rank(groups)
        rank = cast(func.round(cast(rank, Numeric), 6), Float)
        # Of many rows, those with the words are found faster than each by its number.
        wanted = (
            is_one_of(Version.seq, seqs.tolist())
            if len(seqs) <= MAX_SEQS_SENT
            else search.search_condition(groups)
        )
        packed = func.string_agg(func.float8send(rank), literal(b"", LargeBinary))
        read = select(pack_seqs(Version.seq), type_coerce(packed, LargeBinary)).where(wanted)
        found, ranks = execute_binary(self.db, read).one()
        known = unpack_seqs(found)
        order = np.argsort(known)
        # A row that was purged in the meantime has no rank.
        places = np.minimum(np.searchsorted(known, seqs, sorter=order), len(known) - 1)
        each = np.frombuffer(ranks or b"", dtype=">f8").astype(np.float64)
        if not len(known):
            return np.zeros(len(seqs))
        return np.where(known[order][places] == seqs, each[order][places], 0.0)


MIN_ROWS = 20_000
"""Rows of a common word, of all kinds and editions. PostgreSQL finds fewer rows in 25 ms."""
MAX_COMMON_WORDS = 120
"""Of a million rows, their bitmaps take some 30 MB."""
WORD_ROWS_PER_STATEMENT = 25_000
"""Rows read in one statement, which takes 0.25 s."""
NOTHING = BitMap()


@dataclass(frozen=True)
class CommonWords:
    """The rows of one kind by lexeme or, in CJK scripts, by bigram."""

    rows: Mapping[str, BitMap]

    def of(self, unit: SearchUnit, every: BitMap) -> BitMap | None:
        """Return the rows with the unit; None if only PostgreSQL can find them."""
        if unit.is_literal:  # other endings have the same lexeme
            return None
        runs, words = split_scripts(unit.words)
        if runs:
            is_pair = len(runs) == 1 and len(runs[0]) == BIGRAM_LENGTH and not words
            return self.rows.get(runs[0]) if is_pair else None
        # Rows of earlier releases have Russian words with their endings, and hosts are one lexeme.
        if not (words.isascii() and words.isalpha()):
            return None
        if words in STOP_WORDS:  # "the" matches every row, "-the" excludes none
            return NOTHING if unit.is_excluded else every
        return self.rows.get(stem(words))

    def onward(self, more: Mapping[str, BitMap]) -> "CommonWords":
        """Return a copy with more rows."""
        return CommonWords(
            {word: rows | more.get(word, NOTHING) for word, rows in self.rows.items()}
        )


def read_common_words(db: Session) -> list[str]:
    """Return the common words by PostgreSQL's statistics, most frequent first."""
    rows = db.execute(SELECT_COMMON_WORDS, {"least": MIN_ROWS})
    # CJK words are indexed as bigrams in the column `cjk`.
    words = [
        word
        for column, word in rows
        if (len(word) == BIGRAM_LENGTH if column == "cjk" else not CJK_RUN.search(word))
    ]
    return words[:MAX_COMMON_WORDS]


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
