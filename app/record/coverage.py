"""Coverage checks: when each place was last checked for news."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.models import CoverageCheckRow

CoverageCheck = Row[Any]
"""A row of the table of `CoverageCheckRow` without `closed`, which outlives its session."""


def checks_of_edition(db: Session, edition: SelectedEdition) -> Sequence[CoverageCheck]:
    """Return the checks of an edition, latest day first."""
    checks = CoverageCheckRow.__table__.c
    # Without `closed`: past editions say the same after a check was undone.
    columns = (column for column in checks if column is not checks.closed)
    is_visible = (CoverageCheckRow.opened <= edition.no) & (
        CoverageCheckRow.closed.is_(None) | (CoverageCheckRow.closed > edition.no)
    )
    order = CoverageCheckRow.last.desc(), CoverageCheckRow.no.desc()
    return db.execute(select(*columns).where(is_visible).order_by(*order)).all()


def last_check_by_place(found: Sequence[CoverageCheck]) -> Mapping[str, CoverageCheck]:
    """Map the code of each place to the first of its checks in `found` (latest day first)."""
    last: dict[str, CoverageCheck] = {}
    for check in found:
        for code in check.places:
            last.setdefault(code, check)
    return last
