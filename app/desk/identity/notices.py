"""Notices to people: warnings about their account, and what happened to their work.

Warnings are on every page of the desk until they are marked as read. `sojourn tick` sends the
mails: sending during a sign-in would reveal by its duration which accounts exist.
"""

import smtplib
import ssl
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession
from app.desk.identity.models import DeskRole, Notice, Person, SignIn
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.settings import Settings
from app.vocabulary.code import Code
from app.web.urls import url

# Mail ---------------------------------------------------------------------------------------------


TIMEOUT_SECONDS = 10
"""Limit for each reply of the mail server."""
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


class MailError(Exception):
    """The mail server is unreachable, rejected the mail, or offers no encryption."""


def send(settings: Settings, to: str, subject: str, text: str) -> None:
    """Send a mail.

    Raises MailError with the class name of the error, whose message may contain the recipient's
    address.
    """
    assert settings.smtp_url
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message.set_content(text)
    parts = urlsplit(settings.smtp_url)
    at = (parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
    encryption = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(*at, timeout=TIMEOUT_SECONDS, context=encryption)
            if parts.scheme == "smtps"
            else smtplib.SMTP(*at, timeout=TIMEOUT_SECONDS)
        ) as server:
            # The mail says what happens to an account, so it crosses no network unencrypted.
            if parts.scheme == "smtp" and parts.hostname not in LOCAL_HOSTS:
                server.starttls(context=encryption)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(type(error).__name__) from None


# Notices ------------------------------------------------------------------------------------------


MAX_AGE = timedelta(days=180)
"""Older notices are deleted."""
MAX_SHOWN = 200
FAILURES_BEFORE_NOTICE = 5
MIN_TIME_BETWEEN_MAILS = timedelta(days=1)
MAX_TRIES = 8
FIRST_PAUSE = timedelta(minutes=5)
"""Pause after the first mail that failed; it doubles with each further one, up to ten hours."""
MAX_AGE_TO_MAIL = timedelta(days=3)
"""Older notices are no longer mailed, only shown."""


class NoticeKind(Code):
    """Kinds of notices. The definition of a warning is its text."""

    FAILURES = "failures"
    NEW_DEVICE = "new-device"
    ADDED_FACTOR = "added-factor"
    REMOVED_FACTOR = "removed-factor"
    SET_PASSWORD = "set-password"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    COMMENT = "comment"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    ALONE = "alone"
    SUMMARY = "summary"


NOT_MAILED = {NoticeKind.APPROVED, NoticeKind.PUBLISHED}
"""What nobody has to act on is shown at the desk only."""
WARNINGS = (
    *(NoticeKind.FAILURES, NoticeKind.NEW_DEVICE, NoticeKind.SET_PASSWORD),
    *(NoticeKind.ADDED_FACTOR, NoticeKind.REMOVED_FACTOR),
)
IS_WARNING = Notice.kind.in_(WARNINGS)


# Warnings ---------------------------------------------------------------------------------------


def warn(
    db: Session,
    person: Person,
    kind: NoticeKind,
    words: str = "",
    caused_by: SignIn | None = None,
) -> None:
    """Add a warning. The sign-in that caused it, which may be an attacker's, does not show it."""
    new = Notice(person=person.id, kind=kind.value, words=words, about="", address=url("account"))
    new.caused_by = caused_by.id if caused_by else None
    new.at_desk = new.by_mail = True
    db.add(new)


def count_failure(db: Session, person: Person | None) -> None:
    """Count a failure. The fifth since the last sign-in adds a warning; later ones update it.

    Runs the same statement without a person, so that timing does not reveal which accounts exist.
    """
    counted = update(Person).where(Person.id == (person.id if person else 0))
    values = counted.values(failures=Person.failures + 1, failed_at=func.now())
    failures = db.scalar(
        values.returning(Person.failures), execution_options={"synchronize_session": False}
    )
    if person is None or failures is None or failures < FAILURES_BEFORE_NOTICE:
        return
    of_failures = select(Notice).where(
        Notice.person == person.id, Notice.kind == NoticeKind.FAILURES, Notice.read_at.is_(None)
    )
    notice = db.scalar(of_failures.order_by(Notice.id.desc()).limit(1))
    if notice is None:
        warn(db, person, NoticeKind.FAILURES, str(failures))
        return
    notice.words, notice.at = str(failures), func.now()
    # At most one mail a day, however long the attempts continue.
    if notice.mailed_at and datetime.now(UTC) - notice.mailed_at > MIN_TIME_BETWEEN_MAILS:
        notice.mailed_at = None


def warnings_in(db: Session, sign_in: SignIn) -> Sequence[Notice]:
    """Return the unread warnings to show in this sign-in, oldest first."""
    found = select(Notice).where(
        IS_WARNING,
        Notice.person == sign_in.person,
        Notice.read_at.is_(None),
        Notice.caused_by.is_distinct_from(sign_in.id),
    )
    return db.scalars(found.order_by(Notice.id)).all()


def mark_warnings_read(db: Session, sign_in: SignIn, last: int) -> None:
    """Mark the warnings up to the id `last` as read."""
    for notice in warnings_in(db, sign_in):
        if notice.id <= last:
            notice.read_at = func.now()


def move_warnings(db: Session, old: int, new: SignIn) -> None:
    """Assign the warnings caused by the sign-in `old` to `new`, which replaces it."""
    moved = update(Notice).where(Notice.caused_by == old).values(caused_by=new.id)
    db.execute(moved, execution_options={"synchronize_session": False})


def text_of(notice: Notice) -> str:
    """Return what a notice says: of work its kind and the id, and no more."""
    kind = NoticeKind(notice.kind)
    if kind not in WARNINGS:
        said = _(kind.label)
        return _("{kind}: {about}").format(kind=said, about=notice.about) if notice.about else said
    if kind is not NoticeKind.FAILURES:
        return _(kind.definition).format(words=notice.words)
    counted = ngettext(
        "%(num)s attempt to sign in to your account failed.",
        "%(num)s attempts to sign in to your account failed.",
        int(notice.words),
    )
    return counted % {"num": int(notice.words)}


def advice() -> str:
    return _("If this was not you, change your password and tell an admin.")


# Notices about work -----------------------------------------------------------------------------


def notify(
    db: Session,
    kind: NoticeKind,
    people: Iterable[int],
    address: str,
    about: str = "",
    *,
    by: Person | None = None,
) -> None:
    """Add a notice for each of these people, except the actor and those disabled."""
    wanted = set(people) - ({by.id} if by else set())
    if not wanted:
        return
    active = db.scalars(
        select(Person.id)
        .where(Person.id.in_(wanted), Person.disabled_at.is_(None))
        .order_by(Person.id)
    ).all()
    for person in active:
        new = Notice(person=person, kind=kind.value, about=about, address=address)
        new.at_desk, new.by_mail = kind != NoticeKind.SUMMARY, kind not in NOT_MAILED
        db.add(new)
    db.flush()


def has_notice(db: Session, kind: NoticeKind, about: str, person: int | None = None) -> bool:
    """Whether anybody, or this person, has got a notice of this kind about this."""
    found = select(Notice.id).where(Notice.kind == kind.value, Notice.about == about)
    if person is not None:
        found = found.where(Notice.person == person)
    return db.scalars(found.limit(1)).first() is not None


def editors(db: Session) -> Sequence[int]:
    """Return the ids of the people who decide on others' work."""
    roles = [role.value for role in DeskRole if role.includes(DeskRole.EDITOR)]
    active = select(Person.id).where(Person.role.in_(roles), Person.disabled_at.is_(None))
    return db.scalars(active.order_by(Person.id)).all()


def count_unread(db: Session, person: Person) -> int:
    found = select(func.count()).where(
        ~IS_WARNING, Notice.person == person.id, Notice.at_desk, Notice.read_at.is_(None)
    )
    return db.scalar(found) or 0


def notices_of(db: Session, person: Person) -> Sequence[Notice]:
    """Return the notices about work at the desk, unread before read ones, newest first."""
    found = select(Notice).where(~IS_WARNING, Notice.person == person.id, Notice.at_desk)
    order = (Notice.read_at.is_not(None), Notice.id.desc())
    return db.scalars(found.order_by(*order).limit(MAX_SHOWN)).all()


# Mails ------------------------------------------------------------------------------------------


def send_by_mail(engine: Engine, settings: Settings) -> int:
    """Send the due notices, and return how many mails: one a person.

    Raises MailError after all were tried, if one failed: an address that takes no mail must not
    keep the warnings of others back.
    """
    if not settings.smtp_url:
        return 0
    waiting = [Notice.by_mail, Notice.mailed_at.is_(None), Notice.try_at <= func.now()]
    waiting += [Notice.tries < MAX_TRIES, Notice.at > func.now() - MAX_AGE_TO_MAIL]
    with DeskSession(engine) as db, db.begin():
        active = select(Notice.person).join(Person, Person.id == Notice.person)
        active = active.where(*waiting, Person.disabled_at.is_(None))
        people = db.scalars(active.distinct().order_by(Notice.person)).all()
    sent, failures = 0, list[MailError]()
    for id in people:
        with DeskSession(engine) as db, db.begin():
            due = select(Notice).where(Notice.person == id, *waiting).order_by(Notice.id)
            notices = db.scalars(due.with_for_update(skip_locked=True)).all()
            if not notices:
                continue
            try:
                send(settings, db.get_one(Person, id).email, *_mail_of(settings, notices))
            except MailError as error:
                failures.append(error)
                for notice in notices:
                    notice.try_at = func.now() + FIRST_PAUSE * 2**notice.tries
                    notice.tries += 1
                continue
            for notice in notices:
                notice.mailed_at = func.now()
            sent += 1
    if failures:
        raise failures[0]
    return sent


def _mail_of(settings: Settings, notices: Sequence[Notice]) -> tuple[str, str]:
    """Return subject and text. Of work they are kinds, ids and links, never content or names."""
    kinds = dict.fromkeys(_(NoticeKind(notice.kind).label) for notice in notices)
    subject = _("Sojourn desk: {what}").format(what=enumerate_words(kinds))
    paragraphs = list[str]()
    for notice in notices:
        lines = [text_of(notice)]
        if notice.kind in WARNINGS:
            lines = [f"{lines[0]} ({notice.at:%Y-%m-%d %H:%M} UTC)", advice()]
        if settings.public_url:
            lines.append(settings.public_url + notice.address)
        paragraphs.append("\n".join(lines))
    return subject, "\n\n".join(paragraphs)


def delete_old(db: Session) -> int:
    old = delete(Notice).where(Notice.at < func.now() - MAX_AGE).returning(Notice.id)
    return len(db.scalars(old).all())
