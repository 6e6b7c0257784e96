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
    """One check as an edition has it."""

    no: int
    places: Sequence[str]
    outlets: Sequence[str]
    languages: Sequence[str]
    first: date
    last: date
    outcome: Outcome
    edition: int
    """That noted it."""


def checks(db: Session, edition: Reading) -> Sequence[Check]:
    """Those of an edition, what was looked at last first."""
    stands = (Checked.opened <= edition.no) & (
        Checked.closed.is_(None) | (Checked.closed > edition.no)
    )
    found = db.scalars(
        select(Checked).where(stands).order_by(Checked.last.desc(), Checked.no.desc())
    )
    return [
        Check(each.no, tuple(each.places), tuple(each.outlets), tuple(each.languages), each.first, each.last,
              Outcome(each.outcome), each.opened)
        for each in found
    ]  # fmt: skip


def last_of_each_place(found: Sequence[Check]) -> Mapping[str, Check]:
    """By the code of a place, the check that reaches furthest; the newest of several."""
    last: dict[str, Check] = {}
    for check in found:
        for code in check.places:
            last.setdefault(code, check)
    return last
