"""What a question's words find, as the database tells it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import String, cast, func, literal, not_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.record import search
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.search import Groups
from app.record.sql.streaming import Seqs, packed
from app.record.terms import TermPair, term_numbers


@dataclass(frozen=True)
class Search:
    """Asked in one session, with the names of one edition."""

    db: Session
    directory: Directory

    def groups(self, question: str) -> Groups:
        return search.asked(question, self.directory.named)

    def named(self, words: str) -> Sequence[TermPair]:
        return self.directory.named(words)

    def found(self, groups: Groups, since: int = 0) -> Seqs:
        """The rows opened after an edition that say this, packed: a common word is in a large part of the record.

        Of other lists and editions too, which the index leaves out: it knows its rows, and PostgreSQL would read as
        many of its own index to tell.
        """
        wanted = [search.condition(groups, self.directory.named, term_numbers)]
        if since:
            wanted.append(Version.opened > since)
        return packed(self.db, select(Version.seq).where(*wanted), Version.seq)

    def left_out(self, groups: Groups) -> Seqs:
        """The rows that these do not find."""
        wanted = not_(search.condition(groups, self.directory.named, term_numbers))
        return packed(self.db, select(Version.seq).where(wanted), Version.seq)

    def lexemes(self, each: Collection[str]) -> Mapping[str, str | None]:
        """The one lexeme that is looked for, empty for words that say nothing; None where several are, in order."""
        texts = func.unnest(cast(literal([*each], ARRAY(String)), ARRAY(String))).column_valued(
            "words"
        )
        asked = self.db.execute(select(texts, cast(search.as_query(texts), String)))
        return {words: _lexeme(query) for words, query in asked}


def _lexeme(query: str) -> str | None:
    one = re.fullmatch(r"'([^'\\]+)'", query)
    return one[1] if one else None if query else ""
