"""Leads: links that editors pasted, sent from a page, or found in feeds, until each is handled."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.captures.fetched import FEED_TYPES, HTML_TYPES, FetchError, parse_in_worker
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.articles import new_source_at
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.intake import IntakeState, Lead, LeadOrigin, WatchedFeed
from app.desk.round.items import change, notify_of_assignment, store_step
from app.i18n.translate import _
from app.record.reads.source_urls import normalised_url, urls_of_merged_sources
from app.settings import Settings
from app.vocabulary.kinds import RecordKind

LINK_PATTERN = re.compile(r"https?://[^\s<>\"“”„»«]+")
TRAILING_PUNCTUATION = ".,;:!?)]}'’"
MAX_LINKS_PER_FORM = 200
MAX_TITLE_LENGTH = 300
MAX_URL_LENGTH = 2_000


@dataclass(frozen=True)
class FoundLink:
    """A link and its title, taken from the text next to it."""

    url: str
    title: str = ""


def extract_links(text: str) -> list[FoundLink]:
    """Return each link of a pasted text once. The words before a link in its line are its title."""
    found: dict[str, FoundLink] = {}
    for line in text.splitlines():
        start = 0
        for match in LINK_PATTERN.finditer(line):
            link = match[0].rstrip(TRAILING_PUNCTUATION)
            # Keep a closing bracket whose opening bracket is part of the URL.
            if match[0][len(link) :].startswith(")") and link.count("(") > link.count(")"):
                link += ")"
            title = line[start : match.start()].strip(' \t-–—:,;·*•|[](<>“”"').strip()
            start = match.end()
            normalised = normalised_url(link)
            if normalised and len(link) <= MAX_URL_LENGTH:
                found.setdefault(normalised, FoundLink(link, title[:MAX_TITLE_LENGTH]))
    return list(found.values())


def add_leads(
    db: Session,
    links: Iterable[FoundLink],
    *,
    by: Person | None = None,
    feed: WatchedFeed | None = None,
    owner: int | None = None,
    note: str = "",
) -> list[Lead]:
    """Add links to the round and return the new leads. A link that is there already is ignored."""
    values: dict[str, Any] = {
        "state": IntakeState.TAKEN if owner else IntakeState.NEW,
        "owner": owner,
        "note": note,
        "way": LeadOrigin.FEED if feed else LeadOrigin.PASTED,
        "added_by": by.id if by else None,
        "feed": feed.id if feed else None,
    }
    added = []
    for link in links:
        values |= {
            "url": link.url,
            "url_normalised": normalised_url(link.url),
            "title": link.title,
        }
        adding = insert(Lead).values(values).on_conflict_do_nothing().returning(Lead)
        if lead := db.scalar(adding):
            store_step(db, lead, by)
            notify_of_assignment(db, lead, by)
            added.append(lead)
    return added


# Conversion to a source -------------------------------------------------------------------------


def make_source(db: Session, lead: Lead, by: Person) -> str:
    """Close a lead and return the id of its source: the existing one at its URL, or a new draft."""
    catalogue = Catalogue(db, by)
    id = catalogue.source_at(lead.url)
    draft = draft_commands.open_draft(db, id) if id else None
    if id is None:
        document = new_source_at(catalogue, lead.url) | (
            {"title": lead.title} if lead.title else {}
        )
        draft = draft_commands.begin(
            db, by, f"lead {lead.id} {lead.since.isoformat()}", RecordKind.SOURCE, document=document
        )
        id = draft.record
    if draft is not None:
        lead.draft = draft.id
    change(db, lead, by, state=IntakeState.DONE, owner=lead.owner or by.id, note=lead.note)
    log_action(db, "made-source", by, id, f"{lead.id}")
    return id


# Feeds --------------------------------------------------------------------------------------------


CHECK_INTERVAL = timedelta(minutes=30)
MAX_ENTRIES = 50
"""Entries read per check, so that a newly added feed does not bring its whole archive."""
ACCEPTED_TYPES = FEED_TYPES | HTML_TYPES | {"text/plain"}
"""Includes wrong media types, because many feeds are served with one."""


@dataclass(frozen=True)
class FeedContent:
    title: str = ""
    links: Sequence[FoundLink] = ()
    problem: str = ""
    """Why it could not be read, or empty."""


def read_feed(url: str, settings: Settings) -> FeedContent:
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
    return " ".join(re.sub(r"<[^>]*>", "", of.get("title", "")).split())[:MAX_TITLE_LENGTH]


def add_feed(db: Session, settings: Settings, url: str, by: Person, owner: int | None) -> None:
    """Add a feed and its links as leads. Raises FetchError."""
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
    log_action(db, "added-feed", by, words=url)
    store_check(db, feed, content)


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
