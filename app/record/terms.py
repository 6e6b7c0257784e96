"""The numbers of terms: rows carry numbers, since millions of rows carry the same few words."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import String, cast, func, select, tuple_
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
    keys = cast([key for key, _ in wanted], ARRAY(String))
    codes = cast([code for _, code in wanted], ARRAY(String))
    named = func.unnest(keys, codes).table_valued("key", "code").render_derived()
    numbers = select(Term.no).join(named, (named.c.key == Term.key) & (named.c.code == Term.code))
    return func.array(numbers.scalar_subquery(), type_=Version.terms.type)


class Numbers:
    """The numbers of terms; new terms get one when they are first used."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.known: dict[TermPair, int] = {}

    def of(self, pairs: Iterable[TermPair]) -> set[int | None]:
        wanted = set(pairs)
        self._read(wanted - self.known.keys())
        return {self.known.get(pair) for pair in wanted}

    def make(self, pairs: Iterable[TermPair]) -> None:
        wanted = set(pairs)
        self._read(wanted - self.known.keys())
        new = sorted(wanted - self.known.keys())
        for start in range(0, len(new), CHUNK):
            values = [{"key": key, "code": code} for key, code in new[start : start + CHUNK]]
            made = self.db.execute(insert(Term).returning(Term.no, Term.key, Term.code), values)
            self.known |= {(key, code): no for no, key, code in made}

    def _read(self, pairs: Collection[TermPair]) -> None:
        missing = sorted(pairs)
        for start in range(0, len(missing), CHUNK):
            some = select(Term.no, Term.key, Term.code).where(
                tuple_(Term.key, Term.code).in_(missing[start : start + CHUNK])
            )
            self.known |= {(key, code): no for no, key, code in self.db.execute(some)}
