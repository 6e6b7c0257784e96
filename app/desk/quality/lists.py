"""Reads the quality lists: their counts, and their lines with addresses."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from app.desk.quality.checks import CHECKS, QualityCheck
from app.i18n.translate import _
from app.web.csv_safety import escape_formula
from app.web.urls import url


@dataclass(frozen=True)
class QualityLine:
    """A line of a quality list."""

    record: str
    """Id of the record; "" for a draft."""
    words: str
    address: str


@dataclass(frozen=True)
class CountedList:
    """A list and its number of lines."""

    name: str
    title: str
    statement: str
    is_fault: bool
    count: int
    address: str


def count_lists(db: Session) -> list[CountedList]:
    """Return all lists with their counts, in one query."""
    counts = [
        select(literal(check.name), func.count()).select_from(check.find().subquery())
        for check in CHECKS
    ]
    by_name = {row[0]: row[1] for row in db.execute(union_all(*counts))}
    return [
        CountedList(
            check.name,
            _(check.title),
            _(check.statement),
            check.is_fault,
            by_name[check.name],
            url("quality-list", name=check.name),
        )
        for check in CHECKS
    ]


def lines(
    db: Session, check: QualityCheck, most: int | None = None, *, by_admin: bool = True
) -> list[QualityLine]:
    """Return the lines of a list.

    Only admins can change the vocabulary, so other editors get links to the codebook.
    """
    found = check.find().subquery()
    id, words = found.c
    rows = select(id, words).order_by(func.length(id), id, words).limit(most)
    return [_line(row[0], row[1] or "", by_admin) for row in db.execute(rows)]


def _line(id: str, words: str, by_admin: bool) -> QualityLine:
    if id.startswith("draft "):
        return QualityLine("", words, url("draft", id=id.removeprefix("draft ")))
    if ":" in id:
        codebook = f"{url('codebook')}#{id.replace(':', '-', 1)}"
        return QualityLine(id, words, url("code-of-list", id=id) if by_admin else codebook)
    return QualityLine(id, words, url("desk-record", record=id))


def find_check(name: str) -> QualityCheck | None:
    return next((check for check in CHECKS if check.name == name), None)


CSV_COLUMNS = ("list", "is_fault", "record", "words", "address")


def as_csv(
    db: Session, checks: Sequence[QualityCheck] = CHECKS, *, by_admin: bool = True
) -> Iterator[str]:
    """Yield the lines of these lists as CSV. For editors only: titles of drafts are included."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for check in checks:
        for line in lines(db, check, by_admin=by_admin):
            fault = "yes" if check.is_fault else "no"
            writer.writerow(
                [check.name, fault, line.record, escape_formula(line.words), line.address]
            )
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
