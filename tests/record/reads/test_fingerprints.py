"""The changes of a list since a past edition, compared with all versions of its records."""

import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.filters import LISTS
from app.record.models import Edition, RecordState, Version
from app.record.names.directory import Directories
from app.record.reads.cited_rows import (
    CitedRows,
    RowDifferences,
    count_changes_since,
    removed_since,
    rows_of_list,
)
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.support.index_queries import random_filters
from tests.support.indexed import select_indexed
from tests.support.publisher import Publisher

ACTS = 24
LISTS_OF_AN_EDITION = 8


def test_changes_since_equal_those_of_all_versions(database: Settings) -> None:
    """After corrections, merges, withdrawals and purges, for lists of every past edition."""
    chance, names = random.Random(5), Directories()
    seen: set[str] = set()
    with desk_session(database) as desk:
        publisher = Publisher(desk, 5)
        for _ in range(ACTS):
            publisher.act()
        publisher.withdraw()
        newest = select_indexed(desk)
        for no in range(1, newest.no):
            past = select_indexed(desk, str(no))
            kind = chance.choice("EEMS")
            all_filters = random_filters(desk, past, LISTS[kind], chance)[:LISTS_OF_AN_EDITION]
            for filters in (LISTS[kind](), *all_filters):
                rows = rows_of_list(desk, filters)
                then, now = (rows(each, names.of(desk, each)) for each in (past, newest))
                counted = count_changes_since(desk, then, now)
                assert counted == _differences(desk, kind, then, now), (no, filters)
                removed = [row.id for row in removed_since(desk, then, newest, 1_000)]
                assert removed == _removed(desk, kind, then), (no, filters)
                seen |= {name for name, count in vars(counted).items() if count}
                seen |= {"removed"} if removed else set()
    assert seen >= {"added", "changed", "gone", "removed"}


def _differences(db: Session, kind: str, then: CitedRows, now: CitedRows) -> RowDifferences:
    """Return what differs, from the versions of all records of a kind."""
    first, last = then.edition.no, now.edition.no
    versions = db.scalars(select(Version).where(Version.kind == kind)).all()
    seqs_then, seqs_now = (
        set(rows.edition.indexes[kind].seqs_of(rows.listed[kind])) for rows in (then, now)
    )
    before = {row.id for row in versions if row.seq in seqs_then}
    after = {row.id for row in versions if row.seq in seqs_now}
    changed = {row.id for row in versions if row.seq in seqs_now and row.changed > first}
    recalculating = set(
        db.scalars(select(Edition.no).where(Edition.rules.is_not(None), Edition.no > first))
    )
    by_rule = {
        row.id for row in versions if row.opened in recalculating and row.why == Why.REINDEXED
    }
    unchanged = {
        row.id
        for row in versions
        if row.opened <= last and (row.closed or last + 1) > last and row.changed <= first
    }
    recalculated = by_rule & unchanged
    return RowDifferences(
        len(after - before - recalculated),
        len(before & changed),
        len(before - after - recalculated),
        len((before | after) & recalculated),
    )


def _removed(db: Session, kind: str, then: CitedRows) -> list[str]:
    """Return the records of the list that are withdrawn or merged now, sorted by number."""
    seqs = set(then.edition.indexes[kind].seqs_of(then.listed[kind]))
    listed = set(db.scalars(select(Version.id).where(Version.seq.in_(seqs))))
    is_removed = Version.state.in_((RecordState.WITHDRAWN, RecordState.MERGED))
    ids = db.scalars(
        select(Version.id)
        .where(Version.closed.is_(None), is_removed, Version.id.in_(listed))
        .order_by(Version.number)
    )
    return list(ids)
