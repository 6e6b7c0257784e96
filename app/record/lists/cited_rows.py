"""The rows of a page that can be cited, found in the index of its edition."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap
from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, literal, or_
from sqlalchemy.orm import Session

from app.record.filters import ListFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory

RowsInEdition = Callable[[IndexedEdition, Directory], "CitedRows"]
"""Returns the rows of a page in any edition, by the names of that edition."""


@dataclass(frozen=True)
class CitedRows:
    edition: IndexedEdition
    listed: Mapping[str, BitMap]
    """Slots by kind, for kinds with an index."""
    others: ColumnElement[bool] | None = None
    """The versions of kinds without an index, in every edition; None without any."""

    @property
    def condition(self) -> ColumnElement[bool]:
        """The live rows as an SQL condition, for versions of the edition."""
        seqs = [
            seq
            for kind, rows in self.listed.items()
            for seq in self.edition.indexes[kind].seqs_of(rows)
        ]
        is_listed = Version.seq == any_(literal(seqs, ARRAY(BigInteger)))
        return Version.is_live & (is_listed if self.others is None else or_(is_listed, self.others))


def rows_of_list(db: Session, filters: ListFilters) -> RowsInEdition:
    """Return all matching rows of a list."""

    def rows(edition: IndexedEdition, directory: Directory) -> CitedRows:
        found = backend.match(db, edition, directory.led_on(filters), directory)
        return CitedRows(edition, {filters.KIND: found.answers})

    return rows


def rows_with_codes(key: str, codes: Collection[str], kinds: Collection[str]) -> RowsInEdition:
    """Return the rows of these kinds with any of the codes; without codes, all rows.

    Codes merged since are replaced by their successors in the edition that is read.
    """

    def rows(edition: IndexedEdition, directory: Directory) -> CitedRows:
        now = [directory.now(key, code) for code in codes]
        indexes = {kind: edition.indexes[kind] for kind in kinds}
        return CitedRows(
            edition,
            {
                kind: index.live & index.terms.any_of(key, now) if codes else index.live
                for kind, index in indexes.items()
            },
        )

    return rows


def rows_with_ids(edition: IndexedEdition, kind: str, ids: Collection[str]) -> CitedRows:
    """Return the rows of a kind with these ids."""
    if kind not in edition.indexes:
        return CitedRows(edition, {}, Version.id.in_(ids))
    index = edition.indexes[kind]
    is_one = np.isin(index.rows.columns.number, [int(id[1:]) for id in ids])
    return CitedRows(edition, {kind: index.live & BitMap(np.flatnonzero(is_one).tolist())})
