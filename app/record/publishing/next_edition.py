"""Numbers new editions; publishes those of a new day and of coverage checks.

The database function `purge` numbers those of purges. Checks are public, because a gap in the
record means calm only if somebody searched.
"""

from collections.abc import Sequence
from importlib.metadata import version as installed_version

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from app.kinds import CheckForm
from app.record.editions import notify_workers
from app.record.models import CoverageCheckRow, Edition, EditionCounter, Version
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import NAMED_KINDS, RecordKind


def lock_counter(db: Session) -> EditionCounter:
    """Return the counter of editions, locked until this transaction ends."""
    return db.scalars(select(EditionCounter).with_for_update()).one()


def next_edition(
    db: Session,
    counter: EditionCounter,
    message: str,
    by: str | None = None,
    rules: int | None = None,
    *,
    is_recalculation: bool = False,
) -> Edition:
    """Insert the next edition; None for `by` leaves the column to its default, empty text.

    `rules` is the version of the rules if the edition calculates every row.
    """
    counter.edition += 1
    edition = Edition(
        no=counter.edition,
        message=message,
        published_by=by,
        release=installed_version("sojourn"),
        rules=rules,
        is_recalculation=is_recalculation,
    )
    db.add(edition)
    db.flush()
    return edition


def publish_daily_edition(db: Session, message: str) -> Edition | None:
    """Publish an empty edition if the newest one is of an earlier UTC day; otherwise return None.

    Pages calculate ages from the day of their edition, not from the clock. Without daily editions,
    a week without changes would look like the day of the last change.
    """
    counter = lock_counter(db)
    in_utc = cast(func.timezone("UTC", Edition.at), Date)
    is_old = in_utc < cast(func.timezone("UTC", func.now()), Date)
    if not db.scalar(select(is_old).where(Edition.no == counter.edition)):
        return None
    edition = next_edition(db, counter, message)
    notify_workers(db, edition.no)
    return edition


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
