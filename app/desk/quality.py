"""`/desk/quality`: lists of records to correct, each line with a link to the record.

`quality.sql` has the query of each, `codes.csv` its title and what to do. Pages, counts
and `sojourn check` use the same query.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request
from sqlalchemy import Text, TextualSelect, column, func, literal, select, text, union_all
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.identity.permissions import Editor
from app.desk.ui import desk_page
from app.vocabulary.code import Code
from app.web.sessions import Desk
from app.web.urls import url


class QualityCheck(Code):
    """A quality list. A fault contradicts our own rules; other lists are pending work."""

    WITHOUT_CITATION = "without-citation"
    SEVERAL_PREFERRED = "several-preferred"
    NAMES_PURGED = "names-purged"
    STALE_SENTENCES = "stale-sentences"
    ONE_ANONYMOUS = "one-anonymous"
    UNDECIDED_CITATIONS = "undecided-citations"
    SAME_REPORT = "same-report"
    NAMED_WITHOUT_NAME = "named-without-name"
    LINKS_AGAINST_TIME = "links-against-time"
    CONTRADICTORY_SPEAKERS = "contradictory-speakers"
    UNSUPPORTED_NUMBERS = "unsupported-numbers"
    INFERRED_DATES = "inferred-dates"
    NO_NATIONALITY = "no-nationality"
    CONFLICTS = "conflicts"
    NONE_PREFERRED = "none-preferred"
    STALE_CITIES = "stale-cities"
    WITHOUT_ARCHIVE = "without-archive"
    TO_RECONFIRM = "to-reconfirm"
    UNUSED_CODES = "unused-codes"
    UNTOUCHED_DRAFTS = "untouched-drafts"

    @property
    def is_fault(self) -> bool:
        return self in FAULTS

    def query(self) -> TextualSelect:
        """Return the query: the id of a record or draft, and a text that identifies it."""
        tables, query = _queries()["tables"], _queries()[self]
        sql = f"{tables}, found (id, words) AS ({query}) SELECT id, words FROM found"
        return text(sql).columns(column("id", Text), column("words", Text))


FAULTS = {
    QualityCheck.WITHOUT_CITATION,
    QualityCheck.SEVERAL_PREFERRED,
    QualityCheck.NAMES_PURGED,
    QualityCheck.CONTRADICTORY_SPEAKERS,
}


@cache
def _queries() -> Mapping[str, str]:
    """Return the queries by name; "tables" is in front of each other."""
    sql = Path(__file__).with_name("quality.sql").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in sql.split("-- name: ")[1:]]
    return {name: query for name, _newline, query in parts}


# The pages and the file ---------------------------------------------------------------------------


router = APIRouter()
MAX_LINES = 500


class QualityLine(NamedTuple):
    """A line of a quality list: the id of a record, "" for a draft, with words and address."""

    record: str
    words: str
    address: str


def count_lists(db: Session) -> list[tuple[QualityCheck, int]]:
    counts = [
        select(literal(check.value), func.count()).select_from(check.query().subquery())
        for check in QualityCheck
    ]
    by_name = {row[0]: row[1] for row in db.execute(union_all(*counts))}
    return [(check, by_name[check]) for check in QualityCheck]


def lines(db: Session, check: QualityCheck, most: int | None = None) -> list[QualityLine]:
    found = check.query().subquery()
    id, words = found.c
    rows = select(id, words).order_by(func.length(id), id, words).limit(most)
    return [_line(row[0], row[1] or "") for row in db.execute(rows)]


def _line(id: str, words: str) -> QualityLine:
    if id.startswith("draft "):
        return QualityLine("", words, url("draft", id=id.removeprefix("draft ")))
    if ":" in id:
        return QualityLine(id, words, f"{url('codebook')}#{id.replace(':', '-', 1)}")
    return QualityLine(id, words, url("desk-record", record=id))


@router.get("/desk/quality", name="quality")
def quality(request: Request, db: Desk, _editor: Editor) -> Response:
    return desk_page(request, "desk/quality/list.html", lists=count_lists(db))


@router.get("/desk/quality/{name}", name="quality-list")
def quality_list(request: Request, db: Desk, _editor: Editor, name: str) -> Response:
    if (check := QualityCheck.by_code().get(name)) is None:
        raise HTTPException(404)
    found = lines(db, check, MAX_LINES + 1)
    return desk_page(
        request,
        "desk/quality/page.html",
        check=check,
        lines=found[:MAX_LINES],
        has_more=len(found) > MAX_LINES,
    )
