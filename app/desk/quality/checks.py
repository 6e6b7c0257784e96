"""Every quality list: its name, what to do, and whether it is a fault. `checks.sql` has its query.

Pages, counts, the CSV file and the command line use the same query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Text, TextualSelect, column, text
from sqlalchemy.orm import Session

from app.i18n.translate import N_


@dataclass(frozen=True)
class QualityCheck:
    """A quality list. A fault contradicts our own rules; other lists are pending work."""

    name: str
    title: str
    statement: str
    is_fault: bool = False

    def find(self) -> TextualSelect:
        """Return the query: the id of a record or draft, and a text that identifies it."""
        return _select(_queries()[self.name])


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


CHECKS = [
    QualityCheck(
        "without-citation",
        N_("Events with no citation"),
        N_("No source supports them. Add a citation, or withdraw the event."),
        is_fault=True,
    ),
    QualityCheck(
        "several-preferred",
        N_("More than one preferred estimate"),
        N_("Two estimates of one series and time are both marked as preferred. Choose one."),
        is_fault=True,
    ),
    QualityCheck(
        "names-purged",
        N_("References to removed records"),
        N_("Readers reach a page that reports the removal. Replace or remove the reference."),
        is_fault=True,
    ),
    QualityCheck(
        "stale-sentences",
        N_("Editors’ sentences that are not shown"),
        N_(
            "A record that they cite has changed since, or was removed. Rewrite the sentence, or "
            "withdraw the page."
        ),
    ),
    QualityCheck(
        "one-anonymous",
        N_("Events with a single anonymous source"),
        N_("Only one report, with an unnamed speaker. Find an independent report."),
    ),
    QualityCheck(
        "undecided-citations",
        N_("Citations without an answer on the event"),
        N_(
            "Answer whether they also report the event. Until then, they support it only "
            "if nothing else does."
        ),
    ),
    QualityCheck(
        "same-report",
        N_("Possibly the same report"),
        N_(
            "Two sources start on the same day and give an estimate in the same words. "
            "Count them as one or apart, with a reason."
        ),
    ),
    QualityCheck(
        "named-without-name",
        N_("Named speakers without a name"),
        N_(
            "These speakers count as named, but their wording has no name. Enter the "
            "name, or choose “Not named”."
        ),
    ),
    QualityCheck(
        "links-against-time",
        N_("Links that contradict dates"),
        N_(
            "By the dates, a result, response or later step ended before its cause "
            "began. Check both dates and the link."
        ),
    ),
    QualityCheck(
        "contradictory-speakers",
        N_("Speakers with contradictory fields"),
        N_(
            "An outlet’s own report has a name, an outlet or an occasion, or an unnamed "
            "speaker has an outlet. Clear these fields."
        ),
        is_fault=True,
    ),
    QualityCheck(
        "unsupported-numbers",
        N_("Numbers in a summary that nothing supports"),
        N_(
            "No citation, date, term or estimate of the event has these numbers. Cite them, "
            "or remove them from the summary."
        ),
    ),
    QualityCheck(
        "inferred-dates",
        N_("Events with inferred dates"),
        N_("We inferred a publication date, or a part of the date. Find a stated one."),
    ),
    QualityCheck(
        "no-nationality",
        N_("No answer on nationality"),
        N_("Name the nationality, or choose “Not stated”."),
    ),
    QualityCheck(
        "conflicts",
        N_("Conflicting estimates"),
        N_(
            "Two estimates can’t both be true. Prefer one, with a reason, or find out "
            "why they differ."
        ),
    ),
    QualityCheck(
        "none-preferred",
        N_("Series without a preferred estimate"),
        N_(
            "Several estimates of one series and time, none of them preferred. One line "
            "for each series."
        ),
    ),
    QualityCheck(
        "stale-cities",
        N_("Cities without recent estimates"),
        N_(
            "No estimate of people present is from the last three years. Search for "
            "news, and record the check."
        ),
    ),
    QualityCheck(
        "without-archive",
        N_("Sources without an archive"),
        N_("No copy has an archive link. If the page disappears, it can’t be checked."),
    ),
    QualityCheck(
        "to-reconfirm",
        N_("Citations to be reconfirmed"),
        N_(
            "A draft changes words that citations support. Each citation must be "
            "confirmed during review."
        ),
    ),
    QualityCheck(
        "unused-codes",
        N_("Codes never used"),
        N_("No record uses them. Use them, or retire them."),
    ),
    QualityCheck(
        "untouched-drafts",
        N_("Drafts untouched for 30 days"),
        N_("Finish these drafts, hand them over, or delete them."),
    ),
]
