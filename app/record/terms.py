"""Terms and their numbers. Versions store numbers, because millions of rows share few codes."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from app.record.models import FilterTerm, Version

TermPair = tuple[str, str]
"""A key and a code: `place dandong`, `paper none`."""


def term_numbers(pairs: Iterable[TermPair]) -> Any:
    """Return SQL for the numbers of terms: an array that PostgreSQL calculates once a statement."""
    return _numbers_of(tuple(sorted(set(pairs))))


@lru_cache(2_000)
def _numbers_of(wanted: Sequence[TermPair]) -> Any:
    # Cached, because pages use few terms, and building the SQL takes longer than running it.
    numbers = select(FilterTerm.no).join(*_join_to_terms(wanted))
    return func.array(numbers.scalar_subquery(), type_=Version.terms.type)


def _join_to_terms(pairs: Sequence[TermPair]) -> tuple[Any, ColumnElement[bool]]:
    """Return the pairs as a table, and its join condition with `term`."""
    table = _table(pairs)
    return table, (table.c.key == FilterTerm.key) & (table.c.code == FilterTerm.code)


def _table(pairs: Sequence[TermPair]) -> Any:
    keys = cast([key for key, _ in pairs], ARRAY(String))
    codes = cast([code for _, code in pairs], ARRAY(String))
    return func.unnest(keys, codes).table_valued("key", "code").render_derived()


def bound_array(name: str, of: type[Any]) -> BindParameter[Any]:
    """Return a parameter for a list that is bound by name at execution."""
    return bindparam(name, type_=ARRAY(of, dimensions=1))


class TermNumbers:
    """Cache of the numbers of terms; `make` inserts new terms."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.known: dict[TermPair, int] = {}

    def of(self, pairs: Iterable[TermPair]) -> set[int | None]:
        wanted = set(pairs)
        self._read(self._unknown(wanted))
        return {self.known.get(pair) for pair in wanted}

    def column(self, pairs: Iterable[TermPair]) -> list[int]:
        """Return the value of a version's `terms` column."""
        return sorted(number for number in self.of(pairs) if number)

    def make(self, pairs: Iterable[TermPair]) -> None:
        wanted = set(pairs)
        self._read(self._unknown(wanted))
        if not (new := sorted(self._unknown(wanted))):
            return
        table = _table(new)
        statement = insert(FilterTerm).from_select(
            ["key", "code"], select(table.c.key, table.c.code)
        )
        returned = statement.returning(FilterTerm.no, FilterTerm.key, FilterTerm.code)
        self.known |= {(key, code): no for no, key, code in self.db.execute(returned)}

    def _unknown(self, wanted: Iterable[TermPair]) -> list[TermPair]:
        # A difference of sets would iterate over `known`, which may have a million terms.
        return [pair for pair in wanted if pair not in self.known]

    def _read(self, pairs: Collection[TermPair]) -> None:
        if pairs:
            statement = select(FilterTerm.no, FilterTerm.key, FilterTerm.code).join(
                *_join_to_terms(sorted(pairs))
            )
            self.known |= {(key, code): no for no, key, code in self.db.execute(statement)}
