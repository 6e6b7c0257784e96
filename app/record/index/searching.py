"""Full-text search for an index, by PostgreSQL."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import String, cast, func, literal, not_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.record import search
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.search import SearchGroups
from app.record.sql.streaming import Seqs, fetch_seqs
from app.record.terms import TermPair, term_numbers


@dataclass(frozen=True)
class IndexSearch:
    """Searches in one session, with the names of one edition."""

    db: Session
    directory: Directory

    def groups(self, query: str) -> SearchGroups:
        return search.parse_query_with_names(query, self.directory.named)

    def named(self, words: str) -> Sequence[TermPair]:
        return self.directory.named(words)

    def found(self, groups: SearchGroups, since: int = 0) -> Seqs:
        """Return the `seq` of matching rows opened after the edition `since`.

        Rows of other kinds and editions are included: PostgreSQL would have to read more to exclude
        them, and the index ignores them.
        """
        conditions = [search.search_condition(groups, self.directory.named, term_numbers)]
        if since:
            conditions.append(Version.opened > since)
        return fetch_seqs(self.db, select(Version.seq).where(*conditions), Version.seq)

    def left_out(self, groups: SearchGroups) -> Seqs:
        """Return the `seq` of rows that do not match."""
        condition = not_(search.search_condition(groups, self.directory.named, term_numbers))
        return fetch_seqs(self.db, select(Version.seq).where(condition), Version.seq)

    def lexemes(self, texts_given: Collection[str]) -> Mapping[str, str | None]:
        """Map words to their lexeme: "" for stop words, None for a phrase of several lexemes."""
        texts = func.unnest(
            cast(literal([*texts_given], ARRAY(String)), ARRAY(String))
        ).column_valued("words")
        rows = self.db.execute(select(texts, cast(search.phrase_query(texts), String)))
        return {words: _lexeme(query) for words, query in rows}


def _lexeme(query: str) -> str | None:
    one = re.fullmatch(r"'([^'\\]+)'", query)
    return one[1] if one else None if query else ""
