"""Every quality list. `checks.sql` has its query, `codes.csv` its title and what to do.

Pages, counts, the CSV file and the command line use the same query.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Text, TextualSelect, column, text
from sqlalchemy.orm import Session

from app.vocabulary.code import Code


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
        return _select(_queries()[self])


FAULTS = frozenset(
    {
        QualityCheck.WITHOUT_CITATION,
        QualityCheck.SEVERAL_PREFERRED,
        QualityCheck.NAMES_PURGED,
        QualityCheck.CONTRADICTORY_SPEAKERS,
    }
)


@cache
def _queries() -> Mapping[str, str]:
    """Return the queries by name; "tables" is in front of each other."""
    sql = Path(__file__).with_name("checks.sql").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in sql.split("-- name: ")[1:]]
    return {name: query for name, _newline, query in parts}


def _select(query: str) -> TextualSelect:
    sql = f"{_queries()['tables']}, found (id, words) AS ({query}) SELECT id, words FROM found"
    return text(sql).columns(column("id", Text), column("words", Text))


def same_reports_of(db: Session, record: str) -> list[tuple[str, str]]:
    """Return the pairs of sources of one record that may be the same report."""
    found = _select("SELECT one, other FROM same_reports WHERE record = :record")
    return [(one, other) for one, other in db.execute(found, {"record": record})]
