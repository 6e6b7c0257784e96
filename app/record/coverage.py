"""Coverage checks: when each place was last checked for news."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition, visible_in
from app.record.models import CoverageCheckRow

CoverageCheck = Row[Any]
"""A row of `CoverageCheckRow`, which outlives its session."""


def checks_of_edition(db: Session, edition: SelectedEdition) -> Sequence[CoverageCheck]:
    """Return the checks of an edition, latest day first."""
    # Without `closed`: past editions say the same after a check was undone.
    columns = (each for each in CoverageCheckRow.__table__.c if each.key != "closed")
    found = select(*columns).where(visible_in(edition.no, CoverageCheckRow))
    order = CoverageCheckRow.last.desc(), CoverageCheckRow.no.desc()
    return db.execute(found.order_by(*order)).all()


def last_check_by_place(found: Sequence[CoverageCheck]) -> Mapping[str, CoverageCheck]:
    """Map the code of each place to the first of its checks in `found` (latest day first)."""
    last: dict[str, CoverageCheck] = {}
    for check in found:
        for code in check.places:
            last.setdefault(code, check)
    return last
