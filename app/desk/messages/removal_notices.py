"""Notices of letters that ask for removal, made by `sojourn tick`."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.identity.work_notice_models import WorkNotice
from app.desk.identity.work_notices import WorkNoticeKind, editors, notify
from app.desk.messages.messages import open_removals
from app.web.urls import url


def notify_of_removals(db: Session) -> int:
    """Notify editors once of each letter that asks for removal, and return how many are new.

    Letters come through a login that can't write notices.
    """
    count = 0
    for letter in open_removals(db):
        about = f"letter {letter}"
        known = select(WorkNotice.id).where(
            WorkNotice.kind == WorkNoticeKind.WAITING.value, WorkNotice.about == about
        )
        if db.scalars(known.limit(1)).first() is None:
            address = url("letter", id=letter)
            notify(db, WorkNoticeKind.WAITING, editors(db), address, about)
            count += 1
    return count
