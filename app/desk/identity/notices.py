"""Security notices to accounts, shown at the desk until marked as read, and sent by mail.

`sojourn tick` sends the mails. Sending during a sign-in would reveal by its duration which accounts
exist.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession
from app.desk.identity import mail
from app.desk.identity.models import AccountNotice, Person, SignIn
from app.i18n.translate import N_, _, ngettext
from app.settings import Settings
from app.vocabulary.code import Code
from app.web.urls import url

FAILURES_BEFORE_NOTICE = 5
MIN_TIME_BETWEEN_MAILS = timedelta(days=1)
MAX_AGE_TO_MAIL = timedelta(days=3)
"""Older notices are no longer mailed, only shown."""


class NoticeKind(Code):
    """Kinds of notices. The label is the subject of the mail, the definition the text."""

    FAILURES = "failures", N_("Failed sign-ins"), ""
    NEW_DEVICE = (
        "new-device",
        N_("Sign-in with a new browser"),
        N_("Someone signed in to your account with a new browser: {words}."),
    )
    ADDED_FACTOR = (
        "added-factor",
        N_("Second factor added"),
        N_("A second factor was added: {words}."),
    )
    REMOVED_FACTOR = (
        "removed-factor",
        N_("Second factor removed"),
        N_("Your second factor was removed by {words}. Add another when you sign in."),
    )
    SET_PASSWORD = "set-password", N_("Password set"), N_("Your password was set with a link.")


def notify(
    db: Session, person: Person, kind: NoticeKind, words: str = "", caused_by: SignIn | None = None
) -> None:
    """Add a notice. The sign-in that caused the notice does not show it.

    That sign-in may be an attacker's.
    """
    db.add(
        AccountNotice(
            person=person.id, kind=kind, words=words, caused_by=caused_by.id if caused_by else None
        )
    )


def count_failure(db: Session, person: Person | None) -> None:
    """Count a failed attempt. The fifth since the last sign-in adds a notice, later ones update it.

    Runs the same statement without a person, so that timing does not reveal which accounts exist.
    """
    counted = update(Person).where(Person.id == (person.id if person else 0))
    values = counted.values(failures=Person.failures + 1, failed_at=func.now())
    failures = db.scalar(
        values.returning(Person.failures), execution_options={"synchronize_session": False}
    )
    if person is None or failures is None or failures < FAILURES_BEFORE_NOTICE:
        return
    of_failures = select(AccountNotice).where(
        AccountNotice.person == person.id,
        AccountNotice.kind == NoticeKind.FAILURES,
        AccountNotice.read_at.is_(None),
    )
    notice = db.scalar(of_failures.order_by(AccountNotice.id.desc()).limit(1))
    if notice is None:
        notify(db, person, NoticeKind.FAILURES, str(failures))
        return
    notice.words, notice.at = str(failures), func.now()
    db.flush()
    # At most one mail a day, however long the attempts continue.
    again = update(AccountNotice).where(
        AccountNotice.id == notice.id, AccountNotice.mailed_at < func.now() - MIN_TIME_BETWEEN_MAILS
    )
    db.execute(again.values(mailed_at=None), execution_options={"synchronize_session": False})


def unread(db: Session, sign_in: SignIn) -> Sequence[AccountNotice]:
    """Return the unread notices to show in this sign-in, oldest first."""
    return db.scalars(
        select(AccountNotice)
        .where(
            AccountNotice.person == sign_in.person,
            AccountNotice.read_at.is_(None),
            AccountNotice.caused_by.is_distinct_from(sign_in.id),
        )
        .order_by(AccountNotice.id)
    ).all()


def mark_read(db: Session, sign_in: SignIn, last: int) -> None:
    """Mark the notices up to the id `last` as read."""
    for notice in unread(db, sign_in):
        if notice.id <= last:
            notice.read_at = func.now()


def move_notices(db: Session, old: int, new: SignIn) -> None:
    """Assign the notices caused by the sign-in `old` to `new`, which replaces it."""
    moved = update(AccountNotice).where(AccountNotice.caused_by == old).values(caused_by=new.id)
    db.execute(moved, execution_options={"synchronize_session": False})


def notice_text(notice: AccountNotice) -> str:
    if notice.kind != NoticeKind.FAILURES:
        return _(NoticeKind(notice.kind).definition).format(words=notice.words)
    count = int(notice.words)
    counted = ngettext(
        "%(num)s attempt to sign in to your account failed.",
        "%(num)s attempts to sign in to your account failed.",
        count,
    )
    return counted % {"num": count}


def advice() -> str:
    return _("If this was not you, change your password and tell an admin.")


def send_by_mail(engine: Engine, settings: Settings) -> int:
    """Send the unsent notices, each in its own transaction, and return how many.

    Raises MailError after all were tried, if one failed: an address that takes no mail must not
    keep the warnings of others back.
    """
    sent, failed, failures = 0, list[int](), list[mail.MailError]()
    while settings.smtp_url:
        with DeskSession(engine) as db, db.begin():
            waiting = select(AccountNotice, Person).join(Person, Person.id == AccountNotice.person)
            row = db.execute(
                waiting.where(
                    AccountNotice.mailed_at.is_(None),
                    AccountNotice.at > func.now() - MAX_AGE_TO_MAIL,
                    Person.disabled_at.is_(None),
                    AccountNotice.id.not_in(failed),
                )
                .order_by(AccountNotice.id)
                .limit(1)
                .with_for_update(of=AccountNotice, skip_locked=True)
            ).one_or_none()
            if row is None:
                break
            notice, person = row
            words = [f"{notice_text(notice)} ({notice.at:%Y-%m-%d %H:%M} UTC)", advice()]
            if settings.public_url:
                words.append(settings.public_url + url("account"))
            subject = _("Sojourn desk: {what}").format(what=_(NoticeKind(notice.kind).label))
            try:
                mail.send(settings, person.email, subject, "\n\n".join(words))
            except mail.MailError as error:
                failed.append(notice.id)
                failures.append(error)
                continue
            notice.mailed_at = func.now()
            sent += 1
    if failures:
        raise failures[0]
    return sent
