"""What stands behind a citation: the rows of a view, a fingerprint of them, their sources, and what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.record.editions import Reading
from app.record.filters import ListFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql import conditions as queries_conditions
from app.record.sql import rows as queries
from app.record.sql.rows import Found
from app.record.sql.streaming import Seqs, packed

Rows = ColumnElement[bool]
"""Which rows of an edition a view shows."""


def rows_found(filters: ListFilters, directory: Directory) -> Rows:
    """The rows that a list finds, on all its pages."""
    conditions = queries_conditions.conditions(filters, directory).values()
    return and_(Version.kind == filters.KIND, Version.state == "live", *conditions)


@dataclass(frozen=True)
class Fingerprint:
    rows: int
    sha256: str


def fingerprint(db: Session, edition: Reading, rows: Rows) -> Fingerprint:
    """SHA-256 of one line for each row, in the order of ids: the id, a space, SHA-256 of its content as stored.

    It is made of the record and not of a file: pages and files may gain a column, what was published never changes.
    """
    content = _sha256(cast(Version.payload, Text))
    # The order of bytes is the same in all databases, whatever their language.
    lines = func.aggregate_strings(Version.id + " " + content, "\n").aggregate_order_by(
        Version.id.collate("C")
    )
    count, sha256 = db.execute(
        select(func.count(), _sha256(func.coalesce(lines, "")))
        .select_from(Version)
        .where(edition.holds(), rows)
    ).one()
    return Fingerprint(count, sha256)


def _sha256(text: ColumnElement[str]) -> ColumnElement[str]:
    return func.encode(func.sha256(func.convert_to(text, "UTF8")), "hex")


@dataclass(frozen=True)
class Behind:
    """The sources that a view rests on: the first of them, and how many there are."""

    first: Sequence[Found]
    total: int


def sources_behind(db: Session, edition: Reading, rows: Rows, most: int) -> Behind:
    """In the order of their ids."""
    shown = select(*queries.SHOWN, func.count().over().label("total"))
    found = db.execute(
        shown.where(*_are_behind(edition, rows)).order_by(Version.number).limit(most)
    ).all()
    return Behind([queries.found(row) for row in found], found[0].total if found else 0)


def all_sources_behind(db: Session, edition: Reading, rows: Rows) -> Seqs:
    """Return the `seq` of every one of them, in the order of their ids."""
    return packed(
        db, select(Version.seq).where(*_are_behind(edition, rows)), Version.seq, [Version.number]
    )


def _are_behind(edition: Reading, rows: Rows) -> list[ColumnElement[bool]]:
    cited = select(func.jsonb_array_elements_text(Version.payload["sources"])).where(
        edition.holds(), rows
    )
    return [
        edition.holds(),
        Version.kind == "S",
        Version.state == "live",
        or_(rows, Version.id.in_(cited)),
    ]


@dataclass(frozen=True)
class Since:
    """How a view differs from what it was in an earlier edition, in rows."""

    added: int
    changed: int
    gone: int

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.gone)


def changed_since(
    db: Session, then: Reading, rows_then: Rows, now: Reading, rows_now: Rows
) -> Since:
    """Changed counts only where something is said otherwise, not where a row was derived again (rule 7)."""
    before = select(Version.id).where(then.holds(), rows_then).subquery()
    after = select(Version.id, Version.changed).where(now.holds(), rows_now).subquery()
    row = db.execute(
        select(
            func.count().filter(before.c.id.is_(None)).label("added"),
            func.count()
            .filter(before.c.id.is_not(None), after.c.changed > then.no)
            .label("changed"),
            func.count().filter(after.c.id.is_(None)).label("gone"),
        ).select_from(before.outerjoin(after, before.c.id == after.c.id, full=True))
    ).one()
    return Since(row.added, row.changed, row.gone)


@dataclass(frozen=True)
class Gone:
    """A row that was in the record then, and what became of it."""

    id: str
    code: str
    """Of an outlet, which is addressed by it."""
    state: str
    reason: str
    into: str
    edition: int


def gone_since(db: Session, then: Reading, rows_then: Rows, now: Reading, most: int) -> list[Gone]:
    """The rows of a view that are withdrawn or merged by now, in the order of their ids; of a purge nothing is left."""
    later = aliased(Version)
    rows = db.execute(
        select(
            later.id,
            later.payload["form"]["code"].astext.label("code"),
            later.state,
            later.reason,
            later.payload["into"].astext.label("into"),
            later.opened,
        )
        .select_from(Version)
        .join(
            later,
            (later.id == Version.id)
            & (later.opened <= now.no)
            & (func.coalesce(later.closed, now.no + 1) > now.no),
        )
        .where(
            then.holds(),
            rows_then,
            Version.state == "live",
            later.state.in_(("withdrawn", "merged")),
        )
        .order_by(Version.number)
        .limit(most)
    )
    return [
        Gone(row.id, row.code or "", row.state, row.reason, row.into or "", row.opened)
        for row in rows
    ]
