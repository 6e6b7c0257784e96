"""Read watched feeds and add their new entries to the round. Called by routes and scheduler."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.captures.fetched import FEED_TYPES, HTML_TYPES, FetchError, parse_in_worker
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.intake import Lead, WatchedFeed
from app.desk.round.links import (
    LINK_PATTERN,
    MAX_TITLE_LENGTH,
    MAX_URL_LENGTH,
    FoundLink,
    add_leads,
)
from app.i18n.translate import _
from app.record.reads.source_urls import normalised_url, urls_of_merged_sources
from app.settings import Settings

CHECK_INTERVAL = timedelta(minutes=30)
MAX_ENTRIES = 50
"""Entries read per check, so that a newly added feed does not bring its whole archive."""
ACCEPTED_TYPES = FEED_TYPES | HTML_TYPES | {"text/plain"}
"""Includes wrong media types, because many feeds are served with one."""


@dataclass(frozen=True)
class FeedContent:
    """Title and links of a feed."""

    title: str = ""
    links: Sequence[FoundLink] = ()
    problem: str = ""
    """Why it could not be read, or empty."""


def read_feed(url: str, settings: Settings) -> FeedContent:
    """Fetch and parse a feed."""
    # Imported here: the HTTP client slows down the start of the site.
    from app.desk.captures.fetch import fetch_page

    try:
        page = fetch_page(url, ACCEPTED_TYPES, settings.fetch_also_from)
        content = parse_in_worker(parse_feed, page, page.address)
    except FetchError as error:
        return FeedContent(problem=str(error))
    no_feed = _("There is no RSS or Atom feed at this address. Check the address.")
    return content or FeedContent(problem=no_feed)


def parse_feed(content: bytes, address: str) -> FeedContent | None:
    """Return the content of a feed, or None if it is not a feed. Runs in a worker process."""
    # Imported here: feedparser slows down the start of the site.
    import feedparser

    try:
        # A stream, because feedparser takes a string for a file name or a URL to fetch.
        parsed = feedparser.parse(
            io.BytesIO(content), response_headers={"content-location": address}
        )
    except UnicodeError:  # A reference to half a character, such as `&#xD800;`, in damaged XML.
        return None
    if not parsed.get("version"):
        return None
    links = [
        FoundLink(entry.link, _title(entry))
        for entry in parsed.entries[:MAX_ENTRIES]
        if LINK_PATTERN.fullmatch(entry.get("link", ""))
        and len(entry.link) <= MAX_URL_LENGTH
        and normalised_url(entry.link)
    ]
    return FeedContent(_title(parsed.feed), links)


def _title(of: Mapping[str, str]) -> str:
    """Return the title of a feed or an entry, without tags."""
    return " ".join(re.sub(r"<[^>]*>", "", of.get("title", "")).split())[:MAX_TITLE_LENGTH]


def add_feed(db: Session, settings: Settings, url: str, by: Person, owner: int | None) -> int:
    """Add a feed and return its number of new leads. Raises FetchError."""
    normalised = normalised_url(url)
    if db.scalars(select(WatchedFeed).where(WatchedFeed.url_normalised == normalised)).first():
        raise FetchError(_("This feed is already watched."))
    content = read_feed(url, settings)
    if content.problem:
        raise FetchError(content.problem)
    feed = WatchedFeed(url=url, url_normalised=normalised, added_by=by.id, owner=owner)
    feed.title = content.title or url
    db.add(feed)
    db.flush()
    log_action(db, Action.ADDED_FEED, by, words=url)
    return store_check(db, feed, content)


def store_check(db: Session, feed: WatchedFeed, content: FeedContent) -> int:
    """Add new links to the round and store the time or error of the check. Skips known sources."""
    feed.checked_at, feed.problem = func.now(), content.problem
    known = db.scalars(
        select(Record.address).where(
            Record.address.in_([normalised_url(link.url) for link in content.links])
        )
    )
    sources = {*known, *urls_of_merged_sources(db)}
    new = [link for link in content.links if normalised_url(link.url) not in sources]
    return len(add_leads(db, new, feed=feed, owner=feed.owner))


def feeds_to_check(db: Session) -> Sequence[tuple[int, str]]:
    """Return id and URL of each feed that is due for a check."""
    is_due = or_(
        WatchedFeed.checked_at.is_(None), WatchedFeed.checked_at < func.now() - CHECK_INTERVAL
    )
    rows = db.execute(
        select(WatchedFeed.id, WatchedFeed.url)
        .where(WatchedFeed.stopped_at.is_(None), is_due)
        .order_by(WatchedFeed.id)
    )
    return [(id, url) for id, url in rows]


def list_feeds(db: Session) -> Sequence[tuple[WatchedFeed, int]]:
    """Return all feeds with their number of leads; stopped feeds come last."""
    lead_count = select(func.count()).where(Lead.feed == WatchedFeed.id).scalar_subquery()
    rows = db.execute(
        select(WatchedFeed, lead_count).order_by(
            WatchedFeed.stopped_at.is_not(None), func.lower(WatchedFeed.title), WatchedFeed.id
        )
    )
    return [(feed, count) for feed, count in rows]
