"""A list as a feed to follow: what was added, materially changed or taken out last, as Atom and as JSON Feed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Request
from sqlalchemy.orm import Session

from app.filtering import ARRANGEMENT
from app.language import N_, _
from app.record.changes import Change
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.filters import ChangeFilters, EstimateFilters, EventFilters, ListFilters
from app.record.news import News, news
from app.site.addresses import address, record_address
from app.site.changes import differences_of, title_of
from app.site.citing import AUTHOR, named
from app.site.sentence import title
from app.vocabulary import Why
from app.web import absolute

F = TypeVar("F", bound=ListFilters)
MOST_ENTRIES = 50
ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
ENDINGS = {".atom": ATOM, ".feed.json": JSON_FEED}


@dataclass(frozen=True)
class Entry:
    """One record and its newest change. The id stays when it changes again: it is the record's own address."""

    id: str
    title: str
    summary: str
    why: str
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Feed:
    title: str
    page: str
    """The address of the page that it follows, which is also its id."""
    addresses: Mapping[str, str]
    """Its own, by their endings."""
    licence: str
    updated: datetime
    entries: Sequence[Entry]


def feed(request: Request, db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Feed:
    followed = _followed(filters)
    entries = [_entry(request, each, directory) for each in news(db, edition, followed, directory, MOST_ENTRIES)]
    return Feed(
        title=_("{site}: {list}").format(site=AUTHOR, list=title(followed, directory)),
        page=absolute(request, address(followed)),
        addresses={ending: absolute(request, address(followed, ending)) for ending in ENDINGS},
        licence=request.app.state.settings.licence,
        updated=max((entry.updated for entry in entries), default=edition.at),
        entries=entries,
    )


TITLES = {
    Why.ADDED: N_("{title}"),
    Why.CORRECTED: N_("Corrected: {title}"),
    Why.UPDATED: N_("Updated: {title}"),
    Why.WITHDRAWN: N_("Withdrawn: {title}"),
    Why.MERGED: N_("Merged into another: {title}"),
}


def _entry(request: Request, told: News, directory: Directory) -> Entry:
    words, said, remark = named(told.row, directory)
    form = told.row.payload["form"]
    into = _("It is {id} now.").format(id=told.into) if told.into else ""
    when = told.row.payload.get("happened_words") or ""
    parts = [told.reason, into, form.get("summary", "") or said, when, remark]
    return Entry(
        id=absolute(request, record_address(told.row.id, form.get("code", ""))),
        title=_(TITLES[Why(told.why)]).format(title=words),
        summary="\n".join(part[:1].upper() + part[1:] for part in parts if part),
        why=_(Why(told.why).label),
        published=told.added_at,
        updated=told.at,
    )


def feed_of_changes(
    request: Request, edition: Reading, filters: ChangeFilters, told: Sequence[Change], directory: Directory
) -> Feed:
    """Changes as they come: each is an entry of its own, which never changes again."""
    followed = _followed(filters)
    entries = [_change(request, change, directory) for change in told]
    return Feed(
        title=_("{site}: changes").format(site=AUTHOR),
        page=absolute(request, address(followed)),
        addresses={ending: absolute(request, address(followed, ending)) for ending in ENDINGS},
        licence=request.app.state.settings.licence,
        updated=max((entry.updated for entry in entries), default=edition.at),
        entries=entries,
    )


def _change(request: Request, change: Change, directory: Directory) -> Entry:
    alone = ChangeFilters.made_of({"id": [change.row.id], "edition": [str(change.edition)]}, {})
    into = _("It is {id} now.").format(id=change.into) if change.into else ""
    fields = (
        _("{field}: {before} → {after}").format(field=each.title, before=each.before or "–", after=each.after or "–")
        for each in differences_of(change, directory)
    )
    return Entry(
        id=absolute(request, address(alone)),
        title=_(TITLES.get(change.why, N_("{title}"))).format(title=title_of(change, directory)),
        summary="\n".join(part for part in (change.reason, into, *fields, change.message) if part),
        why=_(change.why.label),
        published=change.at,
        updated=change.at,
    )


# The two formats --------------------------------------------------------------------------------------------------


def as_atom(feed: Feed) -> bytes:
    """Atom, as RFC 4287 has it."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _text(root, "id", feed.page)
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _text(SubElement(root, "author"), "name", AUTHOR)
    _text(root, "rights", feed.licence)
    SubElement(root, "link", {"rel": "self", "type": ATOM, "href": feed.addresses[".atom"]})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
    for entry in feed.entries:
        told = SubElement(root, "entry")
        _text(told, "id", entry.id)
        _text(told, "title", entry.title)
        _text(told, "published", _moment(entry.published))
        _text(told, "updated", _moment(entry.updated))
        SubElement(told, "link", {"rel": "alternate", "type": "text/html", "href": entry.id})
        SubElement(told, "category", {"term": entry.why})
        _text(told, "summary", entry.summary)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def as_json_feed(feed: Feed) -> Mapping[str, Any]:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.addresses[".feed.json"],
        "language": "en",
        "authors": [{"name": AUTHOR}],
        "_sojourn": {"licence": feed.licence, "updated": _moment(feed.updated)},
        "items": [
            {
                "id": entry.id,
                "url": entry.id,
                "title": entry.title,
                "content_text": entry.summary,
                "date_published": _moment(entry.published),
                "date_modified": _moment(entry.updated),
                "tags": [entry.why],
            }
            for entry in feed.entries
        ],
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# Where they are ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FeedLink:
    """A feed that a page offers."""

    label: str
    address: str
    type: str


def feed_links(filters: ListFilters, label: str) -> list[FeedLink]:
    """The feeds of a list, of what is new from now on."""
    followed = _followed(filters).with_(edition=None)
    return [FeedLink(label, address(followed, ending), media_type) for ending, media_type in ENDINGS.items()]


def feeds_of_place(code: str, directory: Directory) -> list[FeedLink]:
    """What is new about a place and all that lies in it: its events, and its figures."""
    lists: list[ListFilters] = [each.made_of({"place": [code]}, {}) for each in (EventFilters, EstimateFilters)]
    return [link for filters in lists for link in feed_links(filters, title(filters, directory))]


def _followed(filters: F) -> F:
    """How a list is sorted and cut into pages makes no difference to who follows it."""
    kept = {key: values for key, values in filters.included.items() if key not in ARRANGEMENT or key == "edition"}
    return filters.made_of(kept, filters.excluded)
