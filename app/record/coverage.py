"""Coverage checks: when each place was last checked for news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import Reading
from app.record.models import Checked
from app.vocabulary.record import Outcome


@dataclass(frozen=True)
class Check:
    no: int
    places: Sequence[str]
    outlets: Sequence[str]
    languages: Sequence[str]
    first: date
    last: date
    outcome: Outcome
    edition: int
    """The edition that published the check."""


def checks(db: Session, edition: Reading) -> Sequence[Check]:
    """Return the checks of an edition, latest day first."""
    is_visible = (Checked.opened <= edition.no) & (
        Checked.closed.is_(None) | (Checked.closed > edition.no)
    )
    rows = db.scalars(
        select(Checked).where(is_visible).order_by(Checked.last.desc(), Checked.no.desc())
    )
    return [
        Check(each.no, tuple(each.places), tuple(each.outlets), tuple(each.languages), each.first, each.last,
              Outcome(each.outcome), each.opened)
        for each in rows
    ]  # fmt: skip


def last_of_each_place(found: Sequence[Check]) -> Mapping[str, Check]:
    """Map the code of each place to the first of its checks in `found` (latest day first)."""
    last: dict[str, Check] = {}
    for check in found:
        for code in check.places:
            last.setdefault(code, check)
    return last
