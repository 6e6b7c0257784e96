"""Notices about work at the desk: what was returned, approved, published, commented on or assigned.

Each person can turn off each kind, at the desk and by mail (`/desk/account`). `work_notice_mail`
sends the mails.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Literal

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.identity.work_notice_models import NoticeRefusal, WorkNotice
from app.i18n.translate import N_, _, ngettext
from app.vocabulary.code import Code

Channel = Literal["desk", "mail"]
CHANNELS: Sequence[Channel] = ("desk", "mail")
MAX_AGE = timedelta(days=180)
"""Older notices are deleted."""
MAX_SHOWN = 200


class WorkNoticeKind(Code):
    """Kinds of notices. The definition says when one is sent."""

    RETURNED = "returned", N_("Returned"), N_("Your draft or report was returned with a comment.")
    APPROVED = "approved", N_("Approved"), N_("Your draft or report was approved.")
    PUBLISHED = "published", N_("Published"), N_("Your draft or report was published.")
    COMMENT = (
        "comment",
        N_("Comment"),
        N_("Someone commented on a draft that you write or commented on."),
    )
    ASSIGNED = "assigned", N_("Assigned"), N_("A link or a message was assigned to you.")
    WAITING = (
        "waiting",
        N_("Waiting for a decision"),
        N_("A purge, withdrawal, merge or request for removal is waiting."),
    )
    ALONE = (
        "alone",
        N_("Done by one person"),
        N_("An editor withdrew or merged a record. Any editor can undo it."),
    )
    SUMMARY = (
        "summary",
        N_("Daily summary"),
        N_("Sent once a day, if something is waiting for you."),
    )


FOR_EDITORS = frozenset({WorkNoticeKind.WAITING, WorkNoticeKind.ALONE})
BY_MAIL_ONLY = frozenset({WorkNoticeKind.SUMMARY})


def notify(
    db: Session,
    kind: WorkNoticeKind,
    people: Iterable[int],
    address: str,
    about: str = "",
    *,
    by: Person | None = None,
    count: int = 1,
) -> None:
    """Add a notice for each of these people, except the actor and those disabled or refusing."""
    wanted = set(people) - ({by.id} if by else set())
    if not wanted:
        return
    active = db.scalars(
        select(Person.id)
        .where(Person.id.in_(wanted), Person.disabled_at.is_(None))
        .order_by(Person.id)
    ).all()
    refusing = select(NoticeRefusal.person, NoticeRefusal.channel).where(
        NoticeRefusal.person.in_(active), NoticeRefusal.kind == kind.value
    )
    refused = {(person, channel) for person, channel in db.execute(refusing)}
    for person in active:
        at_desk = kind not in BY_MAIL_ONLY and (person, "desk") not in refused
        by_mail = (person, "mail") not in refused
        if at_desk or by_mail:
            new = WorkNotice(person=person, kind=kind.value, about=about, address=address)
            new.count, new.at_desk, new.by_mail = count, at_desk, by_mail
            db.add(new)
    db.flush()


def editors(db: Session) -> Sequence[int]:
    """Return the ids of the people who decide on others' work."""
    roles = [role.value for role in DeskRole if role.includes(DeskRole.EDITOR)]
    active = select(Person.id).where(Person.role.in_(roles), Person.disabled_at.is_(None))
    return db.scalars(active.order_by(Person.id)).all()


def kinds_for(person: Person) -> list[WorkNoticeKind]:
    return [
        kind for kind in WorkNoticeKind if kind not in FOR_EDITORS or person.may(DeskRole.EDITOR)
    ]


def label(notice: WorkNotice) -> str:
    """Return what the notice says: its kind and the id, and no more."""
    kind = _(WorkNoticeKind(notice.kind).label)
    if notice.count > 1:
        counted = ngettext("{count} record", "{count} records", notice.count)
        about = f"{notice.about}, {counted}" if notice.about else counted
    else:
        about = notice.about
    return _("{kind}: {about}").format(kind=kind, about=about) if about else kind


# Reading ----------------------------------------------------------------------------------------


def count_unread(db: Session, person: Person) -> int:
    found = select(func.count()).where(
        WorkNotice.person == person.id, WorkNotice.at_desk, WorkNotice.read_at.is_(None)
    )
    return db.scalar(found) or 0


def notices_of(db: Session, person: Person) -> Sequence[WorkNotice]:
    """Return the notices at the desk, unread before read ones, newest first."""
    found = select(WorkNotice).where(WorkNotice.person == person.id, WorkNotice.at_desk)
    order = (WorkNotice.read_at.is_not(None), WorkNotice.id.desc())
    return db.scalars(found.order_by(*order).limit(MAX_SHOWN)).all()


def mark_read(db: Session, person: Person, ids: Collection[int]) -> None:
    """Mark these notices of the person as read."""
    db.execute(
        update(WorkNotice)
        .where(WorkNotice.person == person.id, WorkNotice.id.in_(ids), WorkNotice.read_at.is_(None))
        .values(read_at=func.now()),
        execution_options={"synchronize_session": False},
    )


# Choices ----------------------------------------------------------------------------------------


def refusals(db: Session, person: Person) -> set[tuple[str, str]]:
    """Return what the person has turned off, as kinds with channels."""
    found = select(NoticeRefusal.kind, NoticeRefusal.channel)
    rows = db.execute(found.where(NoticeRefusal.person == person.id))
    return {(kind, channel) for kind, channel in rows}


def choose(db: Session, person: Person, wanted: Collection[tuple[str, str]]) -> None:
    """Turn on the wanted kinds with channels, and all others off."""
    db.execute(delete(NoticeRefusal).where(NoticeRefusal.person == person.id))
    for kind in kinds_for(person):
        for channel in CHANNELS:
            if (kind.value, channel) not in wanted:
                db.add(NoticeRefusal(person=person.id, kind=kind.value, channel=channel))
    db.flush()


def delete_old(db: Session) -> int:
    result = db.execute(delete(WorkNotice).where(WorkNotice.at < func.now() - MAX_AGE))
    assert isinstance(result, CursorResult)
    return result.rowcount
