"""What is new in a list: the rows that were added or materially changed last, and those that were taken out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.record import answers, queries
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.filters import ListFilters
from app.record.models import Edition, Version
from app.record.queries import Found

TAKEN_OUT = ("withdrawn", "merged")


@dataclass(frozen=True)
class News:
    """One row with its newest change; silent rewrites are no news (rule 7)."""

    row: Found
    """As it reads, or read before it was taken out."""
    why: str
    reason: str
    into: str
    """The record that it was merged into, if it was."""
    edition: int
    at: datetime
    added_at: datetime


def news(db: Session, edition: Reading, filters: ListFilters, directory: Directory, most: int) -> list[News]:
    """The newest changes first. Three statements, whatever is asked."""
    asked = filters.with_(sort="changed", after=None, limit=None)
    rows = answers.page(db, edition, asked, directory, most).rows
    gone = _taken_out(db, edition, asked, directory, most)
    told = _told(db, [(row.id, no) for row in rows for no in (row.added, row.changed)])
    found = [
        News(row, changed.why, changed.reason, "", row.changed, changed.at, told[row.id, row.added].at)
        for row in rows
        if (changed := told.get((row.id, row.changed))) and (row.id, row.added) in told
    ]
    return sorted([*found, *gone], key=lambda each: (each.edition, each.row.number), reverse=True)[:most]


def _taken_out(db: Session, edition: Reading, filters: ListFilters, directory: Directory, most: int) -> list[News]:
    """Rows that answered until they were withdrawn or merged."""
    after, first = aliased(Version), aliased(Edition)
    rows = db.execute(
        select(
            *queries.SHOWN,
            after.why,
            after.reason,
            after.payload["into"].astext.label("into"),
            after.opened,
            Edition.at,
            first.at.label("added_at"),
        )
        .join(after, (after.id == Version.id) & (after.opened == Version.closed))
        .join(Edition, Edition.no == after.opened)
        .join(first, first.no == Version.added)
        .where(
            Version.kind == filters.KIND,
            Version.state == "live",
            after.state.in_(TAKEN_OUT),
            after.opened <= edition.no,
            or_(after.closed.is_(None), after.closed > edition.no),
            *queries.conditions(filters, directory).values(),
        )
        .order_by(after.opened.desc(), Version.number.desc())
        .limit(most)
    )
    return [
        News(queries.found(row), row.why, row.reason, row.into or "", row.opened, row.at, row.added_at) for row in rows
    ]


def _told(db: Session, versions: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Any]:
    """Why, for what reason and when these versions were written."""
    rows = db.execute(
        select(Version.id, Version.opened, Version.why, Version.reason, Edition.at)
        .join(Edition, Edition.no == Version.opened)
        .where(tuple_(Version.id, Version.opened).in_(sorted(set(versions))))
    )
    return {(row.id, row.opened): row for row in rows}
