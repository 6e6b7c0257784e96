"""Security notices to an account: shown at the desk until they are marked as read, and sent by mail where it is set up.

Mails are sent by `sojourn tick`, never while somebody signs in: how long that takes would tell which accounts exist.
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
TIME_BETWEEN_MAILS = timedelta(days=1)
TIME_TO_MAIL = timedelta(days=3)
"""A notice that could not be sent for so long is only shown."""


class NoticeKind(Code):
    """What an account is told of. The label is the subject of the mail; the definition has a place for the words."""

    FAILURES = "failures", N_("Failed sign-ins"), ""
    NEW_DEVICE = (
        "new-device",
        N_("Sign-in with a new browser"),
        N_("Somebody signed in with a new browser: {words}."),
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
    SET_PASSWORD = "set-password", N_("Password set"), N_("The password was set with a link.")


def notify(
    db: Session, person: Person, kind: NoticeKind, words: str = "", caused_by: SignIn | None = None
) -> None:
    """Add a notice. It is not shown in the sign-in that caused it, since that may be somebody else's."""
    db.add(
        AccountNotice(
            person=person.id, kind=kind, words=words, caused_by=caused_by.id if caused_by else None
        )
    )


def count_failure(db: Session, person: Person | None) -> None:
    """Count an attempt that failed; the fifth since the last sign-in makes a notice, and later ones renew it.

    Runs the same statement for nobody, so that the time it takes does not tell who exists.
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
    # One mail a day, however long somebody goes on.
    again = update(AccountNotice).where(
        AccountNotice.id == notice.id, AccountNotice.mailed_at < func.now() - TIME_BETWEEN_MAILS
    )
    db.execute(again.values(mailed_at=None), execution_options={"synchronize_session": False})


def unread(db: Session, sign_in: SignIn) -> Sequence[AccountNotice]:
    """Return what the holder of this sign-in has not marked as read, oldest first."""
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
    """Mark what was shown, up to the last, as read."""
    for notice in unread(db, sign_in):
        if notice.id <= last:
            notice.read_at = func.now()


def move(db: Session, old: int, new: SignIn) -> None:
    """The same browser goes on under a new token."""
    moved = update(AccountNotice).where(AccountNotice.caused_by == old).values(caused_by=new.id)
    db.execute(moved, execution_options={"synchronize_session": False})


def text_of(notice: AccountNotice) -> str:
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
    """Send what has not been sent, each in a transaction of its own; how many were sent."""
    sent = 0
    while settings.smtp_url:
        with DeskSession(engine) as db, db.begin():
            waiting = select(AccountNotice, Person).join(Person, Person.id == AccountNotice.person)
            row = db.execute(
                waiting.where(
                    AccountNotice.mailed_at.is_(None),
                    AccountNotice.at > func.now() - TIME_TO_MAIL,
                    Person.disabled_at.is_(None),
                )
                .order_by(AccountNotice.id)
                .limit(1)
                .with_for_update(of=AccountNotice, skip_locked=True)
            ).one_or_none()
            if row is None:
                break
            notice, person = row
            words = [f"{text_of(notice)} ({notice.at:%Y-%m-%d %H:%M} UTC)", advice()]
            if settings.public_url:
                words.append(settings.public_url + url("account"))
            mail.send(
                settings,
                person.email,
                _("Sojourn desk: {what}").format(what=_(NoticeKind(notice.kind).label)),
                "\n\n".join(words),
            )
            notice.mailed_at = func.now()
            sent += 1
    return sent
