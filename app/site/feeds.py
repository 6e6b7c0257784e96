"""A list as a feed to follow: what was added, materially changed or taken out last, as Atom and as JSON Feed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Request
from sqlalchemy.orm import Session

from app.filtering import ARRANGEMENT, Filters
from app.i18n.translate import N_, _
from app.record.editions import Reading
from app.record.filters import ChangeFilters, CityFilters, EstimateFilters, EventFilters, ListFilters
from app.record.names.directory import Directory
from app.record.reads.changelog import Change
from app.record.reads.recent_changes import News, newest, news
from app.record.rules.containment import surroundings
from app.site.addresses import address, record_address, written
from app.site.changes import differences_of, title_of
from app.site.citing import AUTHOR, named, of_cities
from app.site.sentence import title
from app.vocabulary.estimates import Counts, Nature
from app.vocabulary.record import SETTLEMENTS, Why
from app.web.urls import absolute, url

F = TypeVar("F", bound=Filters)
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
    told = news(db, edition, followed, directory, MOST_ENTRIES)
    return _feed(request, edition, title(followed, directory), followed, _entries(request, told, directory))


def feed_of_cities(request: Request, db: Session, edition: Reading, filters: CityFilters, directory: Directory) -> Feed:
    """What is new about any of the cities and towns: their figures, and what happened there."""
    followed, codes = _followed(filters), _cities_in(filters["place"], directory)
    told = [
        each
        for lists in _lists_of(filters)
        for each in news(db, edition, lists.with_(place=codes), directory, MOST_ENTRIES)
        if codes
    ]
    name = of_cities(edition, followed, directory).title
    return _feed(request, edition, name, followed, _entries(request, newest(told, MOST_ENTRIES), directory))


def _cities_in(areas: Sequence[str], directory: Directory) -> list[str]:
    places = directory.places
    cities = [code for code in places if directory.kind_of_place(code) in SETTLEMENTS]
    return [code for code in cities if not areas or set(areas) & surroundings(code, places)]


def _lists_of(filters: CityFilters) -> list[ListFilters]:
    """What there is to follow of a city: all, or what the table was narrowed to."""
    wanted = set(filters["has"]) or {"figures", "events"}
    stocks: dict[str, list[str]] = {"counts": [Counts.PRESENT], "nature": [Nature.OBSERVED]}
    figures = {} if "figures" in wanted else stocks
    lists: list[ListFilters] = [EstimateFilters.made_of(figures, {})] if wanted & {"figures", "stock"} else []
    return [*lists, EventFilters()] if "events" in wanted else lists


def _feed(request: Request, edition: Reading, name: str, followed: Filters, entries: Sequence[Entry]) -> Feed:
    return Feed(
        title=_("{site}: {list}").format(site=AUTHOR, list=name),
        page=absolute(request, _address(followed)),
        addresses={ending: absolute(request, _address(followed, ending)) for ending in ENDINGS},
        licence=request.app.state.settings.licence,
        updated=max((entry.updated for entry in entries), default=edition.at),
        entries=entries,
    )


def _address(filters: Filters, ending: str = "") -> str:
    if isinstance(filters, ListFilters):
        return address(filters, ending)
    return written(url("cities") + ending, filters)


TITLES = {
    Why.ADDED: N_("{title}"),
    Why.CORRECTED: N_("Corrected: {title}"),
    Why.UPDATED: N_("Updated: {title}"),
    Why.WITHDRAWN: N_("Withdrawn: {title}"),
    Why.MERGED: N_("Merged into another: {title}"),
}
LEFT = N_("Not in this list any more: {title}")


def _entries(request: Request, told: Iterable[News], directory: Directory) -> list[Entry]:
    return [_entry(request, each, directory) for each in told]


def _entry(request: Request, told: News, directory: Directory) -> Entry:
    words, said, remark = named(told.row, directory)
    form = told.row.payload["form"]
    into = _("It is {id} now.").format(id=told.into) if told.into else ""
    left = _("It does not answer to this filter any more; before, it read:") if told.has_left else ""
    when = told.row.payload.get("happened_words") or ""
    parts = [told.reason, into, left, form.get("summary", "") or said, when, remark]
    return Entry(
        id=absolute(request, record_address(told.row.id, form.get("code", ""))),
        title=_(LEFT if told.has_left else TITLES[Why(told.why)]).format(title=words),
        summary="\n".join(part[:1].upper() + part[1:] for part in parts if part),
        why=_(Why(told.why).label),
        published=told.added_at,
        updated=told.at,
    )


def feed_of_changes(
    request: Request, edition: Reading, filters: ChangeFilters, told: Sequence[Change], directory: Directory
) -> Feed:
    """Changes as they come: each is an entry of its own, which never changes again."""
    entries = [_change(request, change, directory) for change in told]
    return _feed(request, edition, _("changes"), _followed(filters), entries)


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


def feed_links(filters: Filters, label: str) -> list[FeedLink]:
    """The feeds of a list, of what is new from now on."""
    followed = _followed(filters).with_(edition=None)
    return [FeedLink(label, _address(followed, ending), media_type) for ending, media_type in ENDINGS.items()]


def feeds_of_place(code: str, directory: Directory) -> list[FeedLink]:
    """What is new about a place and all that lies in it: its events, and its figures."""
    lists: list[ListFilters] = [each.made_of({"place": [code]}, {}) for each in (EventFilters, EstimateFilters)]
    return [link for filters in lists for link in feed_links(filters, title(filters, directory))]


def _followed(filters: F) -> F:
    """How a list is sorted and cut into pages makes no difference to who follows it."""
    kept = {key: values for key, values in filters.included.items() if key not in ARRANGEMENT or key == "edition"}
    return filters.made_of(kept, filters.excluded)
