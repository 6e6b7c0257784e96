"""Comments on a draft or its fields, and notices to its owner and those who commented."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Identity, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.desk.approved.models import DeskBase, Draft, refers_to
from app.desk.draft_form.private_values import is_private_place
from app.desk.drafts import commands
from app.desk.drafts.queue import where_to_edit
from app.desk.identity.audit_log import log_action
from app.desk.identity.commands import names_of_people
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind, notify
from app.documents import path_of, title_of
from app.i18n.translate import _
from app.web.urls import url


class Comment(DeskBase):
    """Rows are added and never changed, except that a comment can be settled."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    draft: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    """The revision that was commented on."""
    place: Mapped[str]
    """The path of the field by names and row keys: `citations.3f0c.paraphrase`.

    Empty for the whole draft.
    """
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    words: Mapped[str]
    settled_by: Mapped[int | None] = mapped_column(refers_to("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["draft", "number"],
            ["desk.revision.draft", "desk.revision.number"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("words <> ''", name="says_something"),
    )


# Writing and reading comments -------------------------------------------------------------------


def comment(
    db: Session,
    draft: Draft,
    by: Person,
    words: str,
    *,
    place: str = "",
    notifies: bool = True,
) -> Comment | None:
    """Add a comment, unless it is blank.

    Comments with which a draft is returned need no notice of their own.
    """
    if not words.strip():
        return None
    new = Comment(
        draft=draft.id,
        number=draft.number,
        place=place,
        by=by.id,
        words=words.strip(),
    )
    db.add(new)
    db.flush()
    log_action(db, "commented", by, draft.record)
    if notifies:
        notify_of_comment(db, draft, by)
    return new


def settle(db: Session, draft: Draft, id: str, by: Person) -> bool:
    """Mark a comment of the draft as resolved; False if the draft has no such comment."""
    found = next((each for each in comments(db, draft) if str(each.id) == id), None)
    if found and found.settled_by is None:
        found.settled_by = by.id
        log_action(db, "settled", by, draft.record)
    return found is not None


def comments(db: Session, draft: Draft) -> Sequence[Comment]:
    return db.scalars(select(Comment).where(Comment.draft == draft.id).order_by(Comment.id)).all()


def talks(db: Session, draft: Draft, *, sees_private: bool = True) -> Iterator[dict[str, Any]]:
    """Yield all comments, oldest first; those on private fields are masked if asked."""
    written, form = comments(db, draft), commands.form_of(draft)
    called = names_of_people(db) if written else {}
    for each in written:
        path = path_of(draft.document, each.place.split(".") if each.place else [])
        is_hidden = not sees_private and is_private_place(form, each.place)
        yield {
            "id": each.id,
            "at": each.at,
            "by": called[each.by],
            "words": _("About a private field that is hidden from you.")
            if is_hidden
            else each.words,
            "settled_by": called[each.settled_by] if each.settled_by else "",
            "field": title_of(form, draft.document, path),
            "anchor": path,
        }


def notify_owners(db: Session, kind: NoticeKind, drafts: Sequence[Draft], by: Person) -> None:
    """Notify the owners of these drafts: once for a report, and once for many without a report."""
    groups: dict[tuple[int, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.owner, draft.article or ""].append(draft)
    for (owner, article), some in groups.items():
        if len(some) == 1:
            about, address = some[0].record, url("desk-record", record=some[0].record)
            if kind is NoticeKind.RETURNED:
                address = where_to_edit(some[0])
        else:
            about, address = article, url("article", id=article) if article else url("desk")
        notify(db, kind, [owner], address, about, by=by)


def notify_of_comment(db: Session, draft: Draft, by: Person) -> None:
    """Notify the owner of the draft, and all who have commented on it."""
    talking = set(db.scalars(select(Comment.by).where(Comment.draft == draft.id).distinct()))
    address = url("desk-record", record=draft.record)
    notify(db, NoticeKind.COMMENT, talking | {draft.owner}, address, draft.record, by=by)
