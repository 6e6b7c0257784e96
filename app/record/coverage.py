"""Coverage checks: when each place was last checked for news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.models import CoverageCheckRow
from app.vocabulary.record import Outcome


@dataclass(frozen=True)
class CoverageCheck:
    no: int
    places: Sequence[str]
    outlets: Sequence[str]
    languages: Sequence[str]
    first: date
    last: date
    outcome: Outcome
    edition: int
    """The edition that published the check."""


def checks_of_edition(db: Session, edition: SelectedEdition) -> Sequence[CoverageCheck]:
    """Return the checks of an edition, latest day first."""
    is_visible = (CoverageCheckRow.opened <= edition.no) & (
        CoverageCheckRow.closed.is_(None) | (CoverageCheckRow.closed > edition.no)
    )
    rows = db.scalars(
        select(CoverageCheckRow)
        .where(is_visible)
        .order_by(CoverageCheckRow.last.desc(), CoverageCheckRow.no.desc())
    )
    return [
        CoverageCheck(each.no, tuple(each.places), tuple(each.outlets), tuple(each.languages),
                      each.first, each.last, Outcome(each.outcome), each.opened)
        for each in rows
    ]  # fmt: skip


def last_check_by_place(found: Sequence[CoverageCheck]) -> Mapping[str, CoverageCheck]:
    """Map the code of each place to the first of its checks in `found` (latest day first)."""
    last: dict[str, CoverageCheck] = {}
    for check in found:
        for code in check.places:
            last.setdefault(code, check)
    return last
