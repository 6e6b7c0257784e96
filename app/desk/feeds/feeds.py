"""Feeds that the desk watches: what is new in one comes into the inbox."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.captures.fetch import FEEDS, HTML, NotFetched, fetch
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.intake.models import Feed, Lead, Way
from app.desk.leads import leads
from app.desk.leads.leads import LINK, LONGEST_TITLE, LONGEST_URL, Found
from app.i18n.translate import _
from app.record.reads.source_urls import normalised_url, of_merged_sources
from app.settings import Settings
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

EVERY = timedelta(minutes=30)
MAX_FEED_BYTES = 5_000_000
MAX_PARSE_SECONDS = 10
MOST_ENTRIES = 50
"""Of one look: a feed that is new to us has its newest, and not its archive, brought in."""
TYPES = FEEDS | HTML | {"text/plain"}
"""Many feeds are sent as what they are not."""


@dataclass(frozen=True)
class Brought:
    """What a feed holds at the moment."""

    title: str
    links: Sequence[Found]


def read(url: str, settings: Settings) -> Brought:
    """What the feed at an address holds; NotFetched says why there is none."""
    page = fetch(url, TYPES, settings.fetch_also_from)
    if len(page.content) > MAX_FEED_BYTES:
        raise NotFetched(
            _("The feed is larger than {size} MB.").format(size=MAX_FEED_BYTES // 1_000_000)
        )
    try:
        brought = POOL.run(DESK, MAX_PARSE_SECONDS, parse_feed, page.content, page.address)
    except TaskLimitError:
        raise NotFetched(_("Reading the feed took too long or too much memory.")) from None
    except PoolFullError:
        raise NotFetched(
            _("Too many pages and files are being read at the moment. Try again in a minute.")
        ) from None
    if brought is None:
        raise NotFetched(_("There is no RSS or Atom feed at this address."))
    return Brought(brought.title or url, brought.links)


def parse_feed(content: bytes, address: str) -> Brought | None:
    """Return what the feed holds, or None where it is no feed. Runs in a worker process."""
    import feedparser

    # As a stream: a text would be taken for the name of a file, or for an address to fetch.
    parsed = feedparser.parse(io.BytesIO(content), response_headers={"content-location": address})
    if not parsed.get("version"):
        return None
    links = [
        Found(entry.link, " ".join(_without_tags(entry.get("title", "")).split())[:LONGEST_TITLE])
        for entry in parsed.entries[:MOST_ENTRIES]
        if LINK.fullmatch(entry.get("link", ""))
        and len(entry.link) <= LONGEST_URL
        and normalised_url(entry.link)
    ]
    return Brought(
        " ".join(_without_tags(parsed.feed.get("title", "")).split())[:LONGEST_TITLE], links
    )


def _without_tags(text: str) -> str:
    return re.sub(r"<[^>]*>", "", text)


class Watched(Exception):
    """That feed is watched already."""


def watch(db: Session, settings: Settings, url: str, by: Person, owner: int | None) -> int:
    """Begins to watch a feed; how many links it brought at once. Raises NotFetched, or Watched."""
    normalised = normalised_url(url)
    if db.scalars(select(Feed).where(Feed.url_normalised == normalised)).first():
        raise Watched
    brought = read(url, settings)
    feed = Feed(
        url=url, url_normalised=normalised, title=brought.title, added_by=by.id, owner=owner
    )
    db.add(feed)
    db.flush()
    note(db, Action.ADDED_FEED, by, words=url)
    return keep(db, feed, brought)


def keep(db: Session, feed: Feed, brought: Brought | NotFetched) -> int:
    """Puts what is new into the inbox, and notes that the feed was looked at; what is a source already stays out."""
    feed.checked_at = func.now()
    if isinstance(brought, NotFetched):
        feed.problem = str(brought)
        return 0
    feed.problem = ""
    known = db.scalars(
        select(models.Source.url_normalised).where(
            models.Source.url_normalised.in_([normalised_url(link.url) for link in brought.links])
        )
    )
    sources = {*known, *of_merged_sources(db)}
    new = [link for link in brought.links if normalised_url(link.url) not in sources]
    return len(leads.add(db, new, way=Way.FEED, feed=feed, owner=feed.owner))


def due(db: Session) -> Sequence[tuple[int, str]]:
    """Id and address of each feed that was not looked at lately."""
    is_due = or_(Feed.checked_at.is_(None), Feed.checked_at < func.now() - EVERY)
    rows = db.execute(
        select(Feed.id, Feed.url).where(Feed.stopped_at.is_(None), is_due).order_by(Feed.id)
    )
    return [(id, url) for id, url in rows]


def look(url: str, settings: Settings) -> Brought | NotFetched:
    """What a feed holds, or why that can't be known now."""
    try:
        return read(url, settings)
    except NotFetched as error:
        return error


def stop(db: Session, feed: Feed, by: Person) -> None:
    if feed.stopped_at is None:
        feed.stopped_at = func.now()
        note(db, Action.STOPPED_FEED, by, words=feed.url)


def start(db: Session, feed: Feed, by: Person) -> None:
    if feed.stopped_at is not None:
        feed.stopped_at = None
        note(db, Action.STARTED_FEED, by, words=feed.url)


def watched(db: Session) -> Sequence[tuple[Feed, int]]:
    """All feeds, those that are watched first, and how many links each has brought."""
    brought = select(func.count()).where(Lead.feed == Feed.id).scalar_subquery()
    rows = db.execute(
        select(Feed, brought).order_by(
            Feed.stopped_at.is_not(None), func.lower(Feed.title), Feed.id
        )
    )
    return [(feed, count) for feed, count in rows]
