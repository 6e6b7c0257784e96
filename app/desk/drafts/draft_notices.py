"""Notices to those who wrote a draft or commented on it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.drafts.comment_models import Comment
from app.desk.drafts.queue import where_to_edit
from app.desk.identity.models import Person
from app.desk.identity.work_notices import WorkNoticeKind, notify
from app.web.urls import url


def notify_owners(db: Session, kind: WorkNoticeKind, drafts: Sequence[Draft], by: Person) -> None:
    """Notify the owners of these drafts: once for a report, and once for many without a report."""
    groups: dict[tuple[int, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.owner, draft.article or ""].append(draft)
    for (owner, article), some in groups.items():
        if len(some) == 1:
            about, address = some[0].record, url("desk-record", record=some[0].record)
            if kind is WorkNoticeKind.RETURNED:
                address = where_to_edit(some[0])
        else:
            about, address = article, url("article", id=article) if article else url("desk")
        notify(db, kind, [owner], address, about, by=by, count=len(some))


def notify_of_comment(db: Session, draft: Draft, by: Person) -> None:
    """Notify the owner of the draft, and all who have commented on it."""
    talking = set(db.scalars(select(Comment.by).where(Comment.draft == draft.id).distinct()))
    address = url("desk-record", record=draft.record)
    notify(db, WorkNoticeKind.COMMENT, talking | {draft.owner}, address, draft.record, by=by)
