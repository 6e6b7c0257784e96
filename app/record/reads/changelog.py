"""What each edition changed: every row that it wrote, beside what stood there before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from app.record.editions import Reading, count_purges, first_since
from app.record.filters import ChangeFilters, place_in_list
from app.record.index.incremental_cache import Carried
from app.record.lists.backend import can_be_kept
from app.record.models import Edition, Purged, Version
from app.record.names.directory import Directory
from app.record.sql import conditions
from app.record.sql import rows as queries
from app.record.sql.rows import Found
from app.record.sql.streaming import Sessions, in_batches, packed
from app.vocabulary.record import RecordKind, Why

LETTERS = {
    RecordKind.EVENT: "E",
    RecordKind.ESTIMATE: "M",
    RecordKind.OUTLET: "O",
    RecordKind.PLACE: "P",
    RecordKind.SOURCE: "S",
    RecordKind.CODE: "V",
}
"""The kinds of records by the letter of their ids, in the order in which an edition's changes are told: that of the
letters, in which an index keeps them.
"""


@dataclass(frozen=True)
class Change:
    """One row that an edition wrote."""

    seq: int
    kind: RecordKind
    row: Found
    """As it read from then on; or, if it was taken out, as it read before."""
    before: Mapping[str, Any] | None
    """What was printed of it before; None where it was added, or came back."""
    why: Why
    reason: str
    into: str
    """The record that it was merged into, if it was."""
    edition: int
    at: datetime
    message: str
    """Of the whole edition."""
    state: str
    """Of the record from then on: live, withdrawn, merged or purged."""
    by: str
    """Who published it: a role, or a name that was chosen."""


@dataclass(frozen=True)
class Changes:
    rows: Sequence[Change]
    next: str | None
    """Where the next page begins, if there is one."""


@dataclass(frozen=True)
class ChangeCounts:
    total: int
    derived_again: int
    """Those left out since nothing was said anew."""

    def and_also(self, later: "ChangeCounts") -> "ChangeCounts":
        return ChangeCounts(self.total + later.total, self.derived_again + later.derived_again)


CHANGED, BEFORE = aliased(Version, name="changed_row"), aliased(Version, name="row_before")
RANK = cast(
    case({letter: n for n, letter in enumerate(LETTERS.values())}, value=CHANGED.kind), Integer
)
# What was removed from every edition is told once, by the edition that removed it.
OPENED = cast(func.coalesce(Purged.edition, CHANGED.opened), Integer)
WHY = case((CHANGED.state == "purged", Why.WITHDRAWN), else_=CHANGED.why)


TOTALS: Carried[ChangeCounts] = Carried(20)


def count(
    db: Session, edition: Reading, filters: ChangeFilters, directory: Directory
) -> ChangeCounts:
    is_of_all = _is_of_all(filters, directory) and not filters.TELLS_REMOVALS
    if not is_of_all or filters["since"] or not can_be_kept(db, edition):
        return _count(db, edition, filters, directory, is_of_all=is_of_all)
    asked = filters.with_(after=None, limit=None, sort=None, edition=None).pairs()

    def counted(after: int) -> ChangeCounts:
        return _count(db, edition, filters, directory, is_of_all=True, after=after)

    # A purge takes from what was counted: as many as this transaction knows of. The directory is this database's.
    key = directory, count_purges(db), *asked
    return TOTALS.at(
        edition.no, key, lambda: counted(0), lambda before, of: before.and_also(counted(of))
    )


def _count(
    db: Session,
    edition: Reading,
    filters: ChangeFilters,
    directory: Directory,
    *,
    is_of_all: bool,
    after: int = 0,
) -> ChangeCounts:
    why: Any = CHANGED.why if is_of_all else WHY
    found = _among(why, filters)
    counted = select(
        func.count().filter(found).label("total"),
        func.count().filter(and_(why == Why.REINDEXED, ~found)).label("derived"),
    ).select_from(CHANGED)
    if is_of_all:  # the same, told by the index alone
        counted = counted.where(
            CHANGED.opened > after, CHANGED.opened <= edition.no, CHANGED.state != "purged"
        )
        counted = counted.where(*_of_kind(filters))
        counted = counted.where(
            *(first_since(asked) <= CHANGED.opened for asked in filters["since"])
        )
    else:
        counted = counted.outerjoin(Purged, Purged.id == CHANGED.id).where(
            *_conditions(edition, filters, directory)
        )
    row = db.execute(counted).one()
    return ChangeCounts(row.total, 0 if filters["why"] else row.derived)


def changes(
    db: Session, edition: Reading, filters: ChangeFilters, directory: Directory, limit: int
) -> Changes:
    """One page of them, by keyset; newest edition first unless asked otherwise."""
    shown = _shown(_found(edition, filters, directory), filters).limit(limit + 1)
    if _is_of_all(filters, directory):
        first = db.scalars(_first_of_each(edition, filters, limit + 1)).all()
        shown = shown.where(CHANGED.seq == any_(literal(first, ARRAY(BigInteger))))
    rows = db.execute(shown).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Changes(
        [_change(row, row.payload, row.before) for row in rows[:limit]],
        f"{last.opened}.{last.rank}_{last.seq}" if last is not None else None,
    )


def stream(
    db: Session, edition: Reading, filters: ChangeFilters, directory: Directory, sessions: Sessions
) -> Iterator[Change]:
    """All of them for a file: which they are is found now, and they are read as it is sent."""
    found = _found(edition, filters, directory)
    shown = _shown(found, filters, in_text=True).where(
        CHANGED.seq == any_(bindparam("seqs", type_=ARRAY(BigInteger)))
    )

    def read(db: Session, seqs: Sequence[int]) -> Iterable[Any]:
        return db.execute(shown, {"seqs": seqs})

    rows = in_batches(packed(db, found, CHANGED.seq, _keys(filters)), read, sessions)
    # Each document is read when its turn has come, as those of a list are.
    return (
        _change(row, queries.read(row.payload), row.before and queries.read(row.before))
        for row in rows
    )


def _keys(filters: ChangeFilters) -> tuple[SQLColumnExpression[Any], ...]:
    # Within an edition the order is the same either way: events come before what they rest on.
    return (OPENED if filters.one("sort") == "oldest" else -OPENED, RANK, CHANGED.seq)


def _found(edition: Reading, filters: ChangeFilters, directory: Directory) -> Select[Any]:
    """Which changes are asked for."""
    statement = (
        select(CHANGED.seq)
        .select_from(CHANGED)
        .outerjoin(Purged, Purged.id == CHANGED.id)
        .where(*_conditions(edition, filters, directory), _why(filters))
    )
    if after := filters.one("after"):
        opened, *rest = place_in_list(after, filters.one("sort"))
        assert isinstance(opened, int)
        there = [
            literal(value)
            for value in (opened if filters.one("sort") == "oldest" else -opened, *rest)
        ]
        statement = statement.where(tuple_(*_keys(filters)) > tuple_(*there))
    return statement


def _is_of_all(filters: ChangeFilters, directory: Directory) -> bool:
    """Whether nothing is asked of the records themselves but of what kind they are."""
    return not filters["id"] and not _of_rows(filters, directory)


def _first_of_each(edition: Reading, filters: ChangeFilters, limit: int) -> Select[tuple[int]]:
    """Where no record is asked for, the first changes are found edition by edition: one may have written millions."""
    is_oldest_first = filters.one("sort") == "oldest"
    editions = select(Edition.no).where(Edition.no <= edition.no)
    editions = editions.where(*(first_since(asked) <= Edition.no for asked in filters["since"]))
    follows: ColumnElement[bool] = true()
    if after := filters.one("after"):
        opened, rank, seq = place_in_list(after, filters.one("sort"))
        editions = editions.where(Edition.no >= opened if is_oldest_first else Edition.no <= opened)
    of = editions.subquery("of")
    if after:
        follows = or_(
            of.c.no != opened, tuple_(RANK, CHANGED.seq) > tuple_(literal(rank), literal(seq))
        )
    written = select(CHANGED.seq, CHANGED.kind).where(*_of_kind(filters), follows)
    there = written.where(
        CHANGED.opened == of.c.no, CHANGED.state != "purged", _among(CHANGED.why, filters)
    )
    if Why.REINDEXED not in _reasons(filters):
        there = there.where(CHANGED.why != literal_column("'reindexed'"))  # the words of an index
    parts = [there.order_by(CHANGED.kind, CHANGED.seq).limit(limit)]
    if filters.TELLS_REMOVALS and Why.WITHDRAWN in _reasons(filters):
        removed = (Purged.edition == of.c.no, CHANGED.state == "purged", CHANGED.closed.is_(None))
        parts.append(written.join(Purged, Purged.id == CHANGED.id).where(*removed))
    each = union_all(*parts).lateral("each") if len(parts) > 1 else parts[0].lateral("each")
    order = (of.c.no if is_oldest_first else of.c.no.desc(), each.c.kind, each.c.seq)
    return select(each.c.seq).select_from(of).join(each, true()).order_by(*order).limit(limit)


def _shown(found: Select[Any], filters: ChangeFilters, *, in_text: bool = False) -> Select[Any]:
    """What is told of them, in the order asked for; their documents as they are or, if so asked, in text."""
    payload, before = (
        cast(each, Text) if in_text else each for each in (CHANGED.payload, BEFORE.payload)
    )
    return (
        found.with_only_columns(
            *(getattr(CHANGED, column.key) for column in queries.SHOWN if column.key != "payload"),
            payload.label("payload"),
            CHANGED.kind,
            WHY.label("why"),
            CHANGED.reason,
            CHANGED.state,
            OPENED.label("opened"),
            before.label("before"),
            BEFORE.state.label("state_before"),
            RANK.label("rank"),
            Edition.at,
            Edition.message,
            Edition.published_by,
        )
        .join(Edition, Edition.no == OPENED)
        .outerjoin(BEFORE, (BEFORE.id == CHANGED.id) & (BEFORE.closed == CHANGED.opened))
        .order_by(*_keys(filters))
    )


def _change(row: Any, payload: Mapping[str, Any], before: Mapping[str, Any] | None) -> Change:
    before = before if row.state_before == "live" else None
    found = replace(
        queries.found(row), payload=payload if row.state == "live" else before or payload
    )
    kind = next(kind for kind, letter in LETTERS.items() if letter == row.kind)
    into = payload.get("into", "") if row.state == "merged" else ""
    return Change(
        seq=row.seq,
        kind=kind,
        row=found,
        before=before,
        why=Why(row.why),
        reason=row.reason,
        into=into,
        edition=row.opened,
        at=row.at,
        message=row.message,
        state=row.state,
        by=row.published_by,
    )


def _conditions(
    edition: Reading, filters: ChangeFilters, directory: Directory
) -> list[ColumnElement[bool]]:
    """Which changes answer: those of rows that answer as they read now, or as they read before."""
    found: list[ColumnElement[bool]] = [edition.no >= OPENED]
    is_there = CHANGED.state != "purged"
    found.append(or_(is_there, CHANGED.closed.is_(None)) if filters.TELLS_REMOVALS else is_there)
    found += _of_kind(filters)
    if filters["id"]:
        found.append(CHANGED.id == filters.one("id"))
    found += [first_since(asked) <= OPENED for asked in filters["since"]]
    if asked := _of_rows(filters, directory):
        either = or_(Version.seq == CHANGED.seq, Version.closed == CHANGED.opened)
        found.append(exists().where(Version.id == CHANGED.id, either, *asked).correlate(CHANGED))
    return found


def _of_kind(filters: ChangeFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters["what"]:
        found.append(CHANGED.kind.in_([LETTERS[RecordKind(code)] for code in filters["what"]]))
    if unwanted := filters.excluded.get("what"):
        found.append(CHANGED.kind.not_in([LETTERS[RecordKind(code)] for code in unwanted]))
    return found


def _of_rows(filters: ChangeFilters, directory: Directory) -> list[ColumnElement[bool]]:
    """What is asked of the records themselves."""
    asked = (
        filters.without("what")
        .without("what", excluded=True)
        .without("why")
        .without("why", excluded=True)
    )
    return list(conditions.conditions(directory.led_back(asked), directory).values())


def _reasons(filters: ChangeFilters) -> list[str]:
    return [
        why for why in filters["why"] or filters.WHY if why not in filters.excluded.get("why", ())
    ]


def _among(why: ColumnElement[Any] | Any, filters: ChangeFilters) -> ColumnElement[bool]:
    found: ColumnElement[bool] = why.in_(_reasons(filters))
    return found


def _why(filters: ChangeFilters) -> ColumnElement[bool]:
    return _among(WHY, filters)


@dataclass(frozen=True)
class Removal:
    """A record that was removed from every edition. Its id stays, and nothing says what it was."""

    id: str
    edition: int
    at: datetime
    message: str
    by: str


def removals(db: Session, edition: Reading, first: int, last: int) -> list[Removal]:
    """Those of these editions, the newest first."""
    rows = db.execute(
        select(Purged.id, Purged.edition, Edition.at, Edition.message, Edition.published_by)
        .join(Edition, Edition.no == Purged.edition)
        .where(Purged.edition.between(first, min(last, edition.no)))
        .order_by(Purged.edition.desc(), Purged.id)
    )
    return [Removal(row.id, row.edition, row.at, row.message, row.published_by) for row in rows]
