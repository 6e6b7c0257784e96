"""The numbers of terms: rows carry numbers, since millions of rows carry the same few words."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from app.record.models import Term, Version

TermPair = tuple[str, str]
"""A key and a code: `place dandong`, `paper none`."""

CHUNK = 1_000  # values that one statement is given


def term_numbers(pairs: Iterable[TermPair]) -> Any:
    """The numbers of these terms, as an array that is worked out once a statement."""
    return _numbers(tuple(sorted(set(pairs))))


@lru_cache(maxsize=2_000)
def _numbers(wanted: Sequence[TermPair]) -> Any:
    # Pages ask for the same few again and again, and building the question takes longer than answering it.
    numbers = select(Term.no).join(*_named(wanted))
    return func.array(numbers.scalar_subquery(), type_=Version.terms.type)


def _named(pairs: Sequence[TermPair]) -> tuple[Any, ColumnElement[bool]]:
    """These pairs as a table, and how it is joined to their terms."""
    table = _table(pairs)
    return table, (table.c.key == Term.key) & (table.c.code == Term.code)


def _table(pairs: Sequence[TermPair]) -> Any:
    keys = cast([key for key, _ in pairs], ARRAY(String))
    codes = cast([code for _, code in pairs], ARRAY(String))
    return func.unnest(keys, codes).table_valued("key", "code").render_derived()


def terms_asked(key: str, codes: str) -> Any:
    """The same for a statement that is built once: the codes are bound by that name when it is run."""
    numbers = select(Term.no).where(Term.key == key, Term.code == any_(array_asked(codes, String)))
    return func.array(numbers.scalar_subquery(), type_=Version.terms.type)


def array_asked(name: str, of: type[Any]) -> BindParameter[Any]:
    """A list that is bound by that name when a statement is run."""
    return bindparam(name, type_=ARRAY(of, dimensions=1))


class Numbers:
    """The numbers of terms; new terms get one when they are first used."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.known: dict[TermPair, int] = {}

    def of(self, pairs: Iterable[TermPair]) -> set[int | None]:
        wanted = set(pairs)
        self._read(self._unknown(wanted))
        return {self.known.get(pair) for pair in wanted}

    def column(self, pairs: Iterable[TermPair]) -> list[int]:
        """The terms of a row as it holds them."""
        return sorted(number for number in self.of(pairs) if number)

    def make(self, pairs: Iterable[TermPair]) -> None:
        wanted = set(pairs)
        self._read(self._unknown(wanted))
        new = sorted(self._unknown(wanted))
        for start in range(0, len(new), CHUNK):
            table = _table(new[start : start + CHUNK])
            made = insert(Term).from_select(["key", "code"], select(table.c.key, table.c.code))
            self.known |= {
                (key, code): no
                for no, key, code in self.db.execute(made.returning(Term.no, Term.key, Term.code))
            }

    def _unknown(self, wanted: Iterable[TermPair]) -> list[TermPair]:
        # Not as a difference of sets, which would look at all that is known: of a large record that is a million terms.
        return [pair for pair in wanted if pair not in self.known]

    def _read(self, pairs: Collection[TermPair]) -> None:
        missing = sorted(pairs)
        for start in range(0, len(missing), CHUNK):
            some = select(Term.no, Term.key, Term.code).join(
                *_named(missing[start : start + CHUNK])
            )
            self.known |= {(key, code): no for no, key, code in self.db.execute(some)}
