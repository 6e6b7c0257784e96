"""Removal of what the desk keeps of a purged report. Called by `desk/purges`."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.desk.drafts.report_models import ReportPrint, ReportSheet, ReportText


def purge_sheet(db: Session, id: str, _names: Sequence[str]) -> None:
    """Delete the block of a report with all its revisions."""
    db.execute(delete(ReportSheet).where(ReportSheet.source == id))


def purge_text(db: Session, id: str, _names: Sequence[str]) -> None:
    db.execute(delete(ReportText).where(ReportText.source == id))


def purge_fingerprint(db: Session, id: str, _names: Sequence[str]) -> None:
    db.execute(delete(ReportPrint).where(ReportPrint.source == id))
