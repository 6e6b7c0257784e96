"""The rows of a page that can be cited, with their fingerprint, sources and changes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap
from sqlalchemy import (
    ColumnElement,
    Row,
    Text,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.record.filters import ListFilters
from app.record.index import Index
from app.record.index.edition import IndexedEdition
from app.record.index.rows import IndexColumns, slots_in
from app.record.lists import backend
from app.record.models import Edition, RecordState, Version
from app.record.names.directory import Directory
from app.record.sql.rows import Seqs, fetch_seqs, is_one_of
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Why

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
        is_listed = is_one_of(Version.seq, seqs)
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


# Fingerprint, sources and changes of these rows ---------------------------------------------------


@dataclass(frozen=True)
class Fingerprint:
    rows: int
    sha256: str


def fingerprint(db: Session, rows: CitedRows) -> Fingerprint:
    """Return the SHA-256 of one line a row, sorted by id: the id, a space, the payload's SHA-256.

    Made from payloads, which never change; files may gain columns.
    """
    content = _sha256(cast(Version.payload, Text))
    # Byte order is the same in all databases, whatever their collation.
    lines = func.aggregate_strings(Version.id + " " + content, "\n").aggregate_order_by(
        Version.id.collate("C")
    )
    count, sha256 = db.execute(
        select(func.count(), _sha256(func.coalesce(lines, "")))
        .select_from(Version)
        .where(rows.edition.holds(), rows.condition)
    ).one()
    return Fingerprint(count, sha256)


def _sha256(text: ColumnElement[str]) -> ColumnElement[str]:
    return func.encode(func.sha256(func.convert_to(text, "UTF8")), "hex")


def sources_of_rows(db: Session, rows: CitedRows) -> Seqs:
    """Return the `seq` of all sources of rows, sorted by id."""
    is_in_edition, condition = rows.edition.holds(), rows.condition
    cited = select(func.jsonb_array_elements_text(Version.payload["sources"])).where(
        is_in_edition, condition
    )
    sources = select(Version.seq).where(
        is_in_edition,
        Version.kind == RecordKind.SOURCE,
        Version.is_live,
        or_(condition, Version.id.in_(cited)),
    )
    return fetch_seqs(db, sources, Version.seq, [Version.number])


@dataclass(frozen=True)
class RowDifferences:
    """Numbers of rows that differ between two editions."""

    added: int
    changed: int
    gone: int
    recalculated: int
    """Rows that came, went or read differently by a new rule alone, without a change of sources."""


def count_changes_since(db: Session, then: CitedRows, now: CitedRows) -> RowDifferences:
    """Count rows that differ between two editions; those only recalculated apart (rule 7).

    `now` must have the same kinds of rows as `then`.
    """
    is_between = (Edition.no > then.edition.no) & (Edition.no <= now.edition.no)
    recalculating = db.scalars(
        select(Edition.no).where(Edition.rules.is_not(None), is_between)
    ).all()
    counted = [
        _differences(
            now.edition.indexes[kind].rows.columns,
            then.listed[kind],
            rows,
            since=then.edition.no,
            until=now.edition.no,
            recalculating=recalculating,
        )
        for kind, rows in now.listed.items()
    ]
    if then.others is not None:
        before, after = (
            {
                row.id: row.changed
                for row in db.execute(
                    select(Version.id, Version.changed).where(
                        edition.holds(), Version.is_live, then.others
                    )
                )
            }
            for edition in (then.edition, now.edition)
        )
        changed = [id for id in before if after.get(id, 0) > then.edition.no]
        gone = before.keys() - after.keys()
        counted.append((len(after.keys() - before.keys()), len(changed), len(gone), 0))
    return RowDifferences(*map(sum, zip(*counted, strict=True)))


RECALCULATED = [*Why].index(Why.REINDEXED)
"""The reason as an index stores it."""


def _differences(
    columns: IndexColumns,
    then: BitMap,
    now: BitMap,
    *,
    since: int,
    until: int,
    recalculating: Sequence[int],
) -> tuple[int, int, int, int]:
    """Count added, changed, gone and recalculated rows of one kind.

    A record whose version is in both lists is the same in both, so only the others are looked at:
    the banner of a past edition takes as long as there are changes, however many rows a list has.
    """

    def numbers(slots: NDArray[Any]) -> set[int]:
        return set(columns.number[slots].tolist())

    came = slots_in(now - then)
    before, after = numbers(slots_in(then - now)), numbers(came)
    changed = numbers(came[columns.changed[came] > since])
    # Slots are in the order in which the versions were opened.
    later = np.arange(np.searchsorted(columns.opened, since, side="right"), len(columns.opened))
    is_by_rule = (columns.why[later] == RECALCULATED) & np.isin(
        columns.opened[later], recalculating
    )
    is_unchanged = (
        (columns.changed[later] <= since)
        & (columns.opened[later] <= until)
        & (columns.closed[later] > until)
    )
    recalculated = numbers(later[is_by_rule]) & numbers(later[is_unchanged])
    return (
        len(after - before - recalculated),
        len(before & changed),
        len(before - after - recalculated),
        len((before | after) & recalculated),
    )


def removed_since(
    db: Session, then: CitedRows, now: IndexedEdition, most: int
) -> Sequence[Row[Any]]:
    """Return rows withdrawn or merged since an edition, sorted by id, without purged ones.

    `code` is null for a record without one, `into` for one that was not merged.
    """
    gone = [
        f"{kind}{number}"
        for kind, rows in then.listed.items()
        for number in _gone(now.indexes[kind], rows)
    ]
    if then.others is not None:
        is_other = (then.edition.holds(), Version.is_live, then.others)
        gone += db.scalars(select(Version.id).where(*is_other)).all()
    if not gone:
        return []
    return db.execute(
        select(
            Version.id,
            Version.payload["form"]["code"].astext.label("code"),
            Version.reason,
            Version.payload["into"].astext.label("into"),
            Version.opened.label("edition"),
        )
        .where(
            now.holds(),
            is_one_of(Version.id, gone),
            Version.state.in_((RecordState.WITHDRAWN, RecordState.MERGED)),
        )
        .order_by(Version.number)
        .limit(most)
    ).all()


def _gone(now: Index, rows: BitMap) -> list[int]:
    """Return the numbers of rows of an earlier edition whose records have no live row now."""
    number = now.rows.columns.number
    lost = set(number[slots_in(rows - now.live)].tolist())
    return sorted(lost.difference(number[slots_in(now.live)].tolist())) if lost else []
