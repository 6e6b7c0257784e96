"""Sign-ins, browsers that are known, and links that set a password.

A cookie or link contains a random token, and the database contains its hash.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.desk.identity.models import Device, PasswordLink, Person, SignIn
from app.web.urls import url

MAX_IDLE_TIME = timedelta(days=3)
MAX_SIGN_IN_AGE = timedelta(days=30)
MAX_TIME_TO_GIVE_CODE = timedelta(minutes=10)
# Limits how often reading a page writes to the database.
MIN_TIME_BETWEEN_UPDATES = timedelta(minutes=1)
DEVICE_LIFETIME = timedelta(days=180)
LINK_LIFETIME = timedelta(days=3)
FIRST_LINK_LIFETIME = timedelta(hours=12)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str | bytes) -> str:
    # 256 random bits cannot be guessed, so the hash needs neither salt nor slowness.
    return hashlib.sha256(token.encode() if isinstance(token, str) else token).hexdigest()


def expire(db: Session) -> int:
    """Delete expired sign-ins, links and browsers, and return how many."""
    expired = (
        delete(SignIn).where(~_is_fresh()).returning(SignIn.id),
        delete(PasswordLink)
        .where(PasswordLink.expires_at <= func.now())
        .returning(PasswordLink.token_hash),
        delete(Device).where(Device.seen_at <= func.now() - DEVICE_LIFETIME).returning(Device.id),
    )
    return sum(len(db.execute(each).all()) for each in expired)


# Sign-ins ---------------------------------------------------------------------------------------


def begin(
    db: Session, person: Person, browser: str, waits_for_code: bool = False
) -> tuple[SignIn, str]:
    """Create a sign-in and return it with its token.

    The token is always new, so a token planted in the browser by somebody else is useless.
    """
    token = new_token()
    sign_in = SignIn(
        token_hash=hash_of(token), person=person.id, browser=browser, waits_for_code=waits_for_code
    )
    db.add(sign_in)
    db.flush()
    return sign_in, token


def find(db: Session, token: str, waits_for_code: bool = False) -> tuple[SignIn, Person] | None:
    """Return the unexpired sign-in with this token, and its person."""
    row = db.execute(
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person)
        .where(
            SignIn.token_hash == hash_of(token),
            SignIn.waits_for_code == waits_for_code,
            Person.disabled_at.is_(None),
            _is_fresh(),
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def update_seen_at(db: Session, sign_in: SignIn) -> None:
    db.execute(
        update(SignIn)
        .where(SignIn.id == sign_in.id, SignIn.seen_at < func.now() - MIN_TIME_BETWEEN_UPDATES)
        .values(seen_at=func.now()),
        execution_options={"synchronize_session": False},
    )


def sign_ins_of(db: Session, person: Person) -> Sequence[SignIn]:
    """Return the person's unexpired sign-ins, the most recently used first."""
    return db.scalars(
        select(SignIn)
        .where(SignIn.person == person.id, ~SignIn.waits_for_code, _is_fresh())
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    ).all()


def end(db: Session, token: str) -> None:
    """Delete the sign-in with this token, if there is one."""
    db.execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def end_all(db: Session, person: Person) -> None:
    db.execute(delete(SignIn).where(SignIn.person == person.id))


def _is_fresh() -> ColumnElement[bool]:
    now = func.now()
    return and_(
        SignIn.seen_at > now - MAX_IDLE_TIME,
        SignIn.began_at > now - MAX_SIGN_IN_AGE,
        ~SignIn.waits_for_code | (SignIn.began_at > now - MAX_TIME_TO_GIVE_CODE),
    )


# Browsers ---------------------------------------------------------------------------------------


def is_known_device(db: Session, person: Person, token: str) -> bool:
    """Return whether this browser has signed in as this person, and update the last use."""
    seen = update(Device).where(Device.person == person.id, Device.token_hash == hash_of(token))
    fresh = seen.where(Device.seen_at > func.now() - DEVICE_LIFETIME).values(seen_at=func.now())
    options = {"synchronize_session": False}
    return db.scalar(fresh.returning(Device.id), execution_options=options) is not None


def add_device(db: Session, person: Person, token: str) -> str:
    """Add the browser and return its token.

    Keeps the browser's existing token only if this site issued that token to another person,
    because anybody can plant a cookie.
    """
    is_ours = token and db.scalar(
        select(exists().where(Device.token_hash == hash_of(token), Device.person != person.id))
    )
    kept = token if is_ours else new_token()
    db.execute(delete(Device).where(Device.person == person.id, Device.token_hash == hash_of(kept)))
    db.add(Device(person=person.id, token_hash=hash_of(kept)))
    return kept


# The first name that the browser sends.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser_name(request: Request) -> str:
    """Return browser and system, such as “Firefox on Linux”.

    Without version and model, so that the text does not identify a person.
    """
    sent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in BROWSERS.items() if mark in sent), "A browser")
    system = next((name for mark, name in SYSTEMS.items() if mark in sent), "")
    return f"{browser} on {system}" if system else browser


# Links ------------------------------------------------------------------------------------------


def make_link(db: Session, person: Person | None, by: Person | None) -> str:
    """Create a link for this person in place of earlier links.

    Without a person, the link creates the first account.
    """
    remove_link(db, person)
    token = new_token()
    link = PasswordLink(token_hash=hash_of(token), person=person.id if person else None)
    link.made_by = by.id if by else None
    link.expires_at = func.now() + (LINK_LIFETIME if person else FIRST_LINK_LIFETIME)
    db.add(link)
    return token


def remove_link(db: Session, person: Person | None) -> None:
    db.execute(delete(PasswordLink).where(PasswordLink.person == (person.id if person else None)))


def find_link(
    db: Session, token: str, to_use: bool = False
) -> tuple[PasswordLink, Person | None] | None:
    """Return the valid link with this token, and its person.

    `to_use` locks the row, so that two requests can't use the link at the same time.
    """
    query = select(PasswordLink).where(
        PasswordLink.token_hash == hash_of(token), PasswordLink.expires_at > func.now()
    )
    link = db.scalar(query.with_for_update() if to_use else query)
    if link is None:
        return None
    if link.person is None:
        return None if db.scalar(select(Person.id).limit(1)) else (link, None)
    person = db.get(Person, link.person)
    return (link, person) if person and person.disabled_at is None else None


# The page to go on with -------------------------------------------------------------------------


def with_next(request: Request, address: str) -> str:
    """Return the address with the requested page as its `next` parameter.

    Omits `next` for POST requests, the sign-in pages and the home page of the desk.
    """
    path, query = request.url.path, request.url.query
    if request.method != "GET" or path.startswith(url("sign-in")) or path == url("desk"):
        return address
    return f"{address}?{urlencode({'next': f'{path}?{query}' if query else path})}"


def safe_next(address: str) -> str:
    """Return the address if it is a page of the desk, else the desk's home page.

    Prevents open redirects after signing in.
    """
    # Not `urlsplit`, which drops spaces and slashes before a path: browsers take the name after
    # two slashes for a site. They also read a backslash as a slash, and drop unprintable
    # characters.
    path = re.split("[?#]", address)[0]
    is_ours = path == "/desk" or path.startswith("/desk/")
    is_plain = address.isprintable() and "\\" not in address and "//" not in path
    return address if is_ours and is_plain else url("desk")
