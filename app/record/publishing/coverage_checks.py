"""Publishes and undoes coverage checks, each as an edition.

Checks are public, because a gap in the record means calm only if somebody searched.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kinds import CheckForm
from app.record.edition_signal import notify_workers
from app.record.models import CoverageCheckRow, Edition, Version
from app.record.publishing.next_edition import lock_counter, next_edition
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import NAMED_KINDS, RecordKind


def publish_checks(
    db: Session, forms: Sequence[CheckForm], message: str = "", edition: Edition | None = None
) -> Edition:
    """Publish checks with the edition that this transaction published, or as one of their own."""
    named = {(RecordKind.PLACE, code) for form in forms for code in form.places} | {
        (RecordKind.OUTLET, code) for form in forms for code in form.outlets
    }
    known = select(Version.kind, Version.slug).where(
        Version.kind.in_(NAMED_KINDS),
        Version.closed.is_(None),
        Version.is_live,
    )
    missing = named - {(row.kind, row.slug) for row in db.execute(known)}
    if missing:
        raise PublishError([f"{code} is not in the record" for _kind, code in sorted(missing)])
    if edition is None:
        edition = next_edition(db, lock_counter(db), message)
        notify_workers(db, edition.no)
    db.add_all(CoverageCheckRow(**form.model_dump(), opened=edition.no) for form in forms)
    db.flush()
    return edition


def undo_coverage_check(db: Session, no: int, message: str = "") -> Edition | None:
    """Undo a check in a new edition; return None if it was undone before."""
    counter = lock_counter(db)
    check = db.get(CoverageCheckRow, no, populate_existing=True)
    if check is None or check.closed is not None:
        return None
    edition = next_edition(db, counter, message)
    notify_workers(db, edition.no)
    check.closed = edition.no
    db.flush()
    return edition
