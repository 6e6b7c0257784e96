"""Full-text search for an index, by PostgreSQL."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
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
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.record import search
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.search import SearchGroups
from app.record.sql.rows import Seqs, execute_binary, fetch_seqs, pack_seqs, unpack_seqs
from app.record.terms import term_numbers
from app.record.words.query import Query, parse

MAX_SEQS_SENT = 10_000
"""Rows that are ranked by their numbers; of more, all with the words are ranked."""


@dataclass(frozen=True)
class IndexSearch:
    """Searches in one session, with the names of one edition."""

    db: Session
    directory: Directory
    results: dict[tuple[str, int], Seqs] = field(default_factory=dict, compare=False)
    """Searches of this session: the indexes of several kinds ask for the same words."""
    parsed: dict[str, Query] = field(default_factory=dict, compare=False)

    def read(self, query: str) -> Query:
        """Return the parts of a query, each with its other forms and equivalents."""
        if query not in self.parsed:
            self.parsed[query] = parse(query, self.directory)
        return self.parsed[query]

    def groups(self, query: str) -> SearchGroups:
        return self.read(query).groups

    def found(self, groups: SearchGroups, since: int = 0) -> Seqs:
        """Return the `seq` of matching rows opened after the edition `since`.

        Of one excluded word, the rows that have it: they are fewer. Rows of other kinds and
        editions are included: PostgreSQL would have to read more to exclude them, and the index
        ignores them.
        """
        key = repr(groups), since
        if key not in self.results:
            condition = search.search_condition(groups, term_numbers)
            wanted = [not_(condition) if groups[0][0].is_excluded else condition]
            wanted += [Version.opened > since] if since else []
            self.results[key] = fetch_seqs(self.db, select(Version.seq).where(*wanted), Version.seq)
        return self.results[key]

    def ranks(self, query: str, seqs: Seqs) -> NDArray[np.float64]:
        """Return how well each of these rows matches a query."""
        if not query or not len(seqs):
            return np.zeros(len(seqs))
        # Rounded, so that the decimal text in a link equals the value in the sort order.
        groups = self.groups(query)
        rank = search.search_rank(groups, term_numbers)
        rank = cast(func.round(cast(rank, Numeric), 6), Float)
        # Of many rows, those with the words are found faster than each by its number.
        wanted = (
            Version.seq == any_(cast(literal(seqs.tolist(), ARRAY(BigInteger)), ARRAY(BigInteger)))
            if len(seqs) <= MAX_SEQS_SENT
            else search.search_condition(groups, term_numbers)
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

    def lexemes(self, texts_given: Collection[str]) -> Mapping[str, str | None]:
        """Map words to their lexeme: "" for stop words, None for a phrase of several lexemes."""
        texts = func.unnest(
            cast(literal([*texts_given], ARRAY(String)), ARRAY(String))
        ).column_valued("words")
        rows = self.db.execute(select(texts, cast(search.word_query(texts), String)))
        return {words: _lexeme(query) for words, query in rows}


def _lexeme(query: str) -> str | None:
    one = re.fullmatch(r"'([^'\\]+)'", query)
    return one[1] if one else None if query else ""
