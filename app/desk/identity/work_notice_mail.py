"""Sends notices about work by mail: kinds, ids and links, never content or names.

`sojourn tick` sends them. Mails that fail are tried again, with longer and longer pauses.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession
from app.desk.identity import mail
from app.desk.identity.models import Person
from app.desk.identity.work_notice_models import WorkNotice
from app.desk.identity.work_notices import label
from app.i18n.translate import _, ngettext
from app.settings import Settings
from app.web.urls import url

MAX_TRIES = 8
FIRST_PAUSE = timedelta(minutes=5)
"""Pause after the first failure; it doubles with each further one, up to ten hours."""
MAX_AGE_TO_MAIL = timedelta(days=3)
"""Older notices are no longer mailed, only shown."""


def send_by_mail(engine: Engine, settings: Settings) -> int:
    """Send the due notices, one mail a person, and return how many mails.

    Raises MailError after all were tried, if one failed.
    """
    if not settings.smtp_url:
        return 0
    with DeskSession(engine) as db, db.begin():
        waiting = [WorkNotice.by_mail, WorkNotice.mailed_at.is_(None)]
        waiting += [WorkNotice.try_at <= func.now(), WorkNotice.tries < MAX_TRIES]
        waiting += [WorkNotice.at > func.now() - MAX_AGE_TO_MAIL]
        people = db.scalars(select(WorkNotice.person).where(*waiting).distinct()).all()
    sent, failures = 0, list[mail.MailError]()
    for id in sorted(people):
        with DeskSession(engine) as db, db.begin():
            person = db.get_one(Person, id)
            due = db.scalars(
                select(WorkNotice)
                .where(WorkNotice.person == id, *waiting)
                .order_by(WorkNotice.id)
                .with_for_update(skip_locked=True)
            ).all()
            if not due or person.disabled_at is not None:
                continue
            try:
                _send(settings, person, due)
            except mail.MailError as error:
                failures.append(error)
                _postpone(due)
                continue
            for notice in due:
                notice.mailed_at = func.now()
            sent += 1
    if failures:
        raise failures[0]
    return sent


def _send(settings: Settings, person: Person, due: Sequence[WorkNotice]) -> None:
    subject = ngettext("Sojourn desk: {count} notice", "Sojourn desk: {count} notices", len(due))
    site = settings.public_url or ""
    paragraphs = [
        "\n".join([label(notice), *([site + notice.address] if site else [])]) for notice in due
    ]
    off = _("You can turn off each kind of notice on your account page at the desk.")
    paragraphs.append("\n".join([off, *([site + url("account")] if site else [])]))
    mail.send(settings, person.email, subject.format(count=len(due)), "\n\n".join(paragraphs))


def _postpone(due: Sequence[WorkNotice]) -> None:
    for notice in due:
        notice.try_at = func.now() + FIRST_PAUSE * 2**notice.tries
        notice.tries += 1


def has_summary_of(db: Session, person: int, day: str, kind: str) -> bool:
    """Whether the person has got a notice of this kind about this day."""
    found = select(WorkNotice.id).where(
        WorkNotice.person == person, WorkNotice.kind == kind, WorkNotice.about == day
    )
    return db.scalars(found.limit(1)).first() is not None
