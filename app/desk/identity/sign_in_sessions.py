"""Sign-ins. The browser's cookie contains a random token, and the database contains its hash."""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from app.desk.identity.models import Person, SignIn
from app.desk.identity.tokens import hash_of, new_token
from app.web.urls import url


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


def browser_name(request: Request) -> str:
    return describe_browser(request.headers.get("user-agent", ""))


MAX_IDLE_TIME = timedelta(days=3)
MAX_SIGN_IN_AGE = timedelta(days=30)
MAX_TIME_TO_GIVE_CODE = timedelta(minutes=10)
# Limits how often reading a page writes to the database.
MIN_TIME_BETWEEN_UPDATES = timedelta(minutes=1)


def begin(
    db: Session, person: Person, browser: str, waits_for_code: bool = False
) -> tuple[SignIn, str]:
    """Create a sign-in and return it with its token.

    The token is always new, so a token planted in the browser by somebody else is useless.
    """
    expire(db)
    token = new_token()
    sign_in = SignIn(
        token_hash=token.hash, person=person.id, browser=browser, waits_for_code=waits_for_code
    )
    db.add(sign_in)
    db.flush()
    return sign_in, token.text


def expire(db: Session) -> int:
    """Delete expired sign-ins and return how many."""
    return len(db.scalars(delete(SignIn).where(~_is_fresh()).returning(SignIn.id)).all())


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


def end_one(db: Session, person: Person, id: int) -> bool:
    """Delete this sign-in if it is the person's; return whether it was."""
    ended = db.execute(
        delete(SignIn).where(SignIn.id == id, SignIn.person == person.id).returning(SignIn.id)
    )
    return ended.one_or_none() is not None


def end_all(db: Session, person: Person, but: SignIn | None = None) -> None:
    others = delete(SignIn).where(SignIn.person == person.id)
    db.execute(others.where(SignIn.id != but.id) if but else others)


def _is_fresh() -> ColumnElement[bool]:
    now = func.now()
    return and_(
        SignIn.seen_at > now - MAX_IDLE_TIME,
        SignIn.began_at > now - MAX_SIGN_IN_AGE,
        ~SignIn.waits_for_code | (SignIn.began_at > now - MAX_TIME_TO_GIVE_CODE),
    )


BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


def describe_browser(user_agent: str) -> str:
    """Return browser and system, such as “Firefox on Linux”.

    Without version and model, so that the text does not identify a person.
    """
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
