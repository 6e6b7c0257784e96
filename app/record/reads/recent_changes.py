"""What is new in a list: the rows that were added or materially changed last, and those that left it.

A row leaves a list when it is withdrawn or merged, and when a correction makes it another list's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.record.editions import Reading
from app.record.filters import ListFilters
from app.record.lists import backend
from app.record.models import Edition, Version
from app.record.names.directory import Directory
from app.record.sql import conditions
from app.record.sql import rows as queries
from app.record.sql.rows import Found
from app.vocabulary.record import SILENT

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
    has_left: bool
    """Whether it is still in the record, but not in this list."""
    edition: int
    at: datetime
    added_at: datetime


def news(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, most: int
) -> list[News]:
    """The newest changes first. Three statements, whatever is asked."""
    asked = filters.with_(sort="changed", after=None, limit=None)
    rows = backend.page(db, edition, asked, directory, most).rows
    gone = _gone(db, edition, asked, directory, most)
    told = _told(db, [(row.id, no) for row in rows for no in (row.added, row.changed)])
    found = [
        News(
            row,
            changed.why,
            changed.reason,
            "",
            False,
            row.changed,
            changed.at,
            told[row.id, row.added].at,
        )
        for row in rows
        if (changed := told.get((row.id, row.changed))) and (row.id, row.added) in told
    ]
    return newest([*found, *gone], most)


def newest(found: Iterable[News], most: int) -> list[News]:
    return sorted(found, key=lambda each: (each.edition, each.row.number), reverse=True)[:most]


BEFORE, AFTER = aliased(Version, name="row_before"), aliased(Version, name="row_after")


def _gone(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, most: int
) -> list[News]:
    """Rows that answered until an edition took them out of the record or of this list, each as it read before."""
    asked = list(conditions.conditions(directory.led_back(filters), directory).values())

    def answers_to_it(row: Any) -> ColumnElement[bool]:
        return exists().where(Version.seq == row.seq, *asked).correlate(row)

    is_back = (
        exists()
        .where(Version.id == AFTER.id, edition.holds(), Version.state == "live", *asked)
        .correlate(AFTER)
    )
    # What was only derived again, or spelled otherwise, is no news (rule 7).
    has_left = (
        and_(AFTER.state == "live", AFTER.why.not_in(SILENT), ~answers_to_it(AFTER))
        if asked
        else false()
    )
    first = aliased(Edition)
    rows = db.execute(
        select(
            *(getattr(BEFORE, column.key) for column in queries.SHOWN),
            AFTER.why,
            AFTER.reason,
            AFTER.state,
            AFTER.payload["into"].astext.label("into"),
            AFTER.opened,
            Edition.at,
            first.at.label("added_at"),
        )
        .join(BEFORE, (AFTER.id == BEFORE.id) & (AFTER.opened == BEFORE.closed))
        .join(Edition, Edition.no == AFTER.opened)
        .join(first, first.no == BEFORE.added)
        .where(
            AFTER.kind == filters.KIND,
            AFTER.opened <= edition.no,
            # Says no more than the join does, but by it the few rows that were replaced are found without the others.
            BEFORE.closed <= edition.no,
            BEFORE.state == "live",
            or_(AFTER.state.in_(TAKEN_OUT), has_left),
            *([answers_to_it(BEFORE)] if asked else []),
            ~is_back,
        )
        .order_by(AFTER.opened.desc(), BEFORE.number.desc())
        .limit(most)
    )
    last: dict[str, News] = {}
    for row in rows:
        left, into = row.state == "live", row.into or ""
        last.setdefault(
            row.id,
            News(
                queries.found(row),
                row.why,
                row.reason,
                into,
                left,
                row.opened,
                row.at,
                row.added_at,
            ),
        )
    return list(last.values())


def _told(db: Session, versions: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Any]:
    """Why, for what reason and when these versions were written."""
    rows = db.execute(
        select(Version.id, Version.opened, Version.why, Version.reason, Edition.at)
        .join(Edition, Edition.no == Version.opened)
        .where(tuple_(Version.id, Version.opened).in_(sorted(set(versions))))
    )
    return {(row.id, row.opened): row for row in rows}
